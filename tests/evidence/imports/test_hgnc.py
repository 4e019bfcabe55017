"""HGNC: approved genes with all their names, from either download."""

import pytest
from tables import read

COMPLETE = "hgnc_id | symbol | name | locus_group | locus_type | status | alias_symbol | prev_symbol | entrez_id | ensembl_gene_id | uniprot_ids"
CUSTOM = (
    "HGNC ID | Approved symbol | Approved name | Status | Alias symbols | NCBI Gene ID(supplied by NCBI) | UniProt ID(supplied by UniProt) | Previous symbols"
    " | Ensembl gene ID | Locus type | Enzyme IDs"
)


@pytest.mark.parametrize(
    ("header", "line", "file"),
    [
        (COMPLETE, 'HGNC:5 | A1BG | alpha-1-B glycoprotein | coding | protein | Approved | "ABG|GAB" | OLD1 | 1 | ENSG00000121410 | "P04217|Q1"', "hgnc_complete_set.txt"),
        (CUSTOM, "HGNC:5 | A1BG | alpha-1-B glycoprotein | Approved | ABG, GAB | 1 | P04217, Q1 | OLD1 | ENSG00000121410 | protein | ", "hgnc_entries.tsv.gz"),
    ],
    ids=["as published", "as shared"],
)
def test_gene_of_hgnc_has_all_its_names(tmp_path, header, line, file):
    assert read(tmp_path, "hgnc", header, line, file=file) == [
        {
            "symbol": "A1BG", "hgnc": "HGNC:5", "name": "alpha-1-B glycoprotein", "aliases": "ABG;GAB", "previous": "OLD1", "entrez": "1", "uniprot": "P04217;Q1",
            "ensembl": "ENSG00000121410", "locus": "protein",
        }
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["Entry Withdrawn", "Symbol Withdrawn", ""])
def test_gene_that_is_not_approved_is_left_out(tmp_path, status):
    assert read(tmp_path, "hgnc", CUSTOM, f"HGNC:7 | A1S9T~withdrawn | gone | {status} |  |  |  |  |  |  | ") == []
