"""Human Protein Atlas: wide or long, in its own unit; a zero is measured, a gap is unknown."""

import pytest
from tables import read

from vesicle.errors import InputError

WIDE = "GeneID | symbol | basophil | NK_cell"
ONE = {"gene": "WAPL", "identifier": "ENSG00000062650", "sample": "NK_cell", "value": 12.5, "unit": "NX", "as_written": "WAPAL"}


def test_wide_table_is_one_row_for_each_gene_and_sample(tmp_path):
    rows = read(tmp_path, "hpa", WIDE, "ENSG00000062650 | WAPAL | 0.0 | 12.5", file="hpa_blood_cell_nx.tsv.gz")
    assert rows == [{**ONE, "sample": "basophil", "value": 0.0}, ONE]


def test_gap_of_a_wide_table_is_no_row(tmp_path):
    assert [row["sample"] for row in read(tmp_path, "hpa", WIDE, "ENSG00000062650 | WAPL |  | 1.0")] == ["NK_cell"]


@pytest.mark.parametrize(
    ("header", "cells", "unit", "value"),
    [
        ("Gene | Gene name | Tissue | nTPM", "12.5", "nTPM", 12.5),
        ("Gene | Gene name | Cell line | TPM | pTPM | nTPM", "1 | 2 | 12.5", "nTPM", 12.5),
        ("Gene | Gene name | Cell type | nTPM", "0.0", "nTPM", 0.0),
        ("Gene | Gene name | Immune cell | TPM | pTPM | nTPM", "1 | 2 | 12.5", "nTPM", 12.5),
        ("Gene | Gene name | Blood cell | TPM | pTPM | NX", "1 | 2 | 12.5", "NX", 12.5),
        ("Gene | Gene name | Brain region | TPM", "12.5", "TPM", 12.5),
    ],
)
def test_long_table_keeps_its_most_normalised_value_with_its_unit(tmp_path, header, cells, unit, value):
    rows = read(tmp_path, "hpa", header, f"ENSG00000062650 | WAPAL | NK_cell | {cells}", file="rna.tsv")
    assert rows == [{**ONE, "unit": unit, "value": value}]


@pytest.mark.parametrize(("header", "cells"), [(WIDE, "1.0 | 1.0"), ("Gene | Gene name | Tissue | nTPM", "liver | 1.0")], ids=["wide", "long"])
def test_gene_without_a_symbol_goes_by_its_ensembl_number(tmp_path, header, cells):
    rows = read(tmp_path, "hpa", header, f"ENSG00000062650 |  | {cells}")
    assert {(row["gene"], row["as_written"]) for row in rows} == {("ENSG00000062650", "")}


@pytest.mark.parametrize("header", ["GeneID | basophil | NK_cell | T_reg", "symbol | basophil | NK_cell | T_reg"])
def test_table_without_both_names_of_a_gene_is_refused(tmp_path, header):
    with pytest.raises(InputError, match=r"table\.tsv:1: column '.*' is missing"):
        read(tmp_path, "hpa", header, "WAPL | 1 | 2 | 3")


def test_value_that_is_no_number_is_refused_with_its_place(tmp_path):
    with pytest.raises(InputError, match=r"table\.tsv:2: column 'NK_cell': 'high'"):
        read(tmp_path, "hpa", WIDE, "ENSG00000062650 | WAPL | 1 | high")
