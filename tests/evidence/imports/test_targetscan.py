"""TargetScan: a predicted site is a prediction, of human genes, with its number of sites."""

import pytest
from tables import read

from vesicle.errors import InputError

PUBLISHED = "Transcript ID | Gene Symbol | miRNA family | Species ID | Total num conserved sites | Representative miRNA | Total context++ score"
SHARED = "mirna | mimat | target_symbol | n_sites"


@pytest.mark.parametrize(
    ("header", "line", "file"),
    [
        (PUBLISHED, "ENST1.1 | WAPAL | AGCUUAU | 9606 | 2 | hsa-miR-21 | NULL", "Summary_Counts.default_predictions.txt"),
        (SHARED, "hsa-miR-21 | MIMAT0000076 | WAPAL | 2", "targetscan_conserved_sites.csv.gz"),
    ],
    ids=["as published", "as shared"],
)
def test_row_of_targetscan_is_a_prediction_with_current_names(tmp_path, header, line, file):
    assert read(tmp_path, "targetscan", header, line, file=file) == [
        {
            "mirna": "hsa-miR-21-5p", "accession": "MIMAT0000076", "target": "WAPL", "evidence": "predicted", "functional": "unknown",
            "experiments": "", "sites": 2, "pmids": "", "as_written": "hsa-miR-21 WAPAL",
        }
    ]  # fmt: skip


def test_site_in_another_species_is_left_out(tmp_path):
    assert read(tmp_path, "targetscan", PUBLISHED, "ENSMUST1.1 | Pten | AGCUUAU | 10090 | 2 | mmu-miR-21a-5p | -0.1") == []


def test_pair_without_a_conserved_site_is_no_target(tmp_path):
    assert read(tmp_path, "targetscan", SHARED, "hsa-miR-21-5p | MIMAT0000076 | PTEN | 0") == []


@pytest.mark.parametrize("sites", ["-1", "1.5", "1e12", "many", ""])
def test_number_of_sites_that_is_none_is_refused_with_its_place(tmp_path, sites):
    with pytest.raises(InputError, match=r"table\.tsv:2: column 'n_sites'"):
        read(tmp_path, "targetscan", SHARED, f"hsa-miR-21-5p | MIMAT0000076 | PTEN | {sites}")
