"""HMDD: diseases of miRNAs, which it names by precursor."""

import pytest
from tables import read

PUBLISHED = "category | mir | disease | pmid | description"
SHARED = "category | mir | disease | mesh_name | pmid | causality"


def test_row_of_hmdd_says_whether_it_was_judged_causal(tmp_path):
    assert read(tmp_path, "hmdd", SHARED, "target gene | hsa-mir-1246 | Leukemia, B-Cell | Leukemia, B-Cell | 15737576 | yes", file="hmdd_v3.csv.gz") == [
        {
            "mirna": "hsa-miR-1246", "accession": "MIMAT0005898", "disease": "Leukemia, B-Cell", "category": "target gene", "causal": "yes",
            "pmids": "15737576", "as_written": "hsa-mir-1246",
        }
    ]  # fmt: skip


def test_published_table_of_hmdd_judges_no_cause(tmp_path):
    (row,) = read(tmp_path, "hmdd", PUBLISHED, "genetics_GWAS | hsa-mir-1246 | Glioma | 15737576 | a sentence", file="alldata.txt")
    assert (row["mirna"], row["disease"], row["pmids"], row["causal"]) == ("hsa-miR-1246", "Glioma", "15737576", "")


@pytest.mark.parametrize("written", ["hsa-mir-21", "hsa-mir-146a", "hsa-mir-16", "hsa-mir-16-1", "hsa-let-7d", "hsa-mir-146", "hsa-mir-99999"])
def test_precursor_of_two_matures_or_none_stays_as_written_without_accession(tmp_path, written):
    (row,) = read(tmp_path, "hmdd", SHARED, f"x | {written} | Glioma | Glioma | 1 | no")
    assert (row["mirna"], row["accession"], row["as_written"]) == (written, "", written)
