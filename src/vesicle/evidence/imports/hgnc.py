"""HGNC gene names: ``hgnc_complete_set.txt`` or the custom download with its own column titles."""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch
from vesicle.reading import Table


class Hgnc(Importer):
    """Approved symbols of human genes with aliases, previous symbols and cross-references."""

    name = "hgnc"
    title = "HGNC"
    homepage = "https://www.genenames.org"
    terms = "CC0"
    licence_class = "permissive"
    makes = "gene_name"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """Approved genes only; withdrawn entries are left out."""
        wanted = {
            "symbol": ("symbol", "Approved symbol"),
            "hgnc": ("hgnc_id", "HGNC ID"),
            "name": ("name", "Approved name"),
            "aliases": ("alias_symbol", "Alias symbols"),
            "previous": ("prev_symbol", "Previous symbols"),
            "entrez": ("entrez_id", "NCBI Gene ID(supplied by NCBI)"),
            "uniprot": ("uniprot_ids", "UniProt ID(supplied by UniProt)"),
            "ensembl": ("ensembl_gene_id", "Ensembl gene ID"),
            "locus": ("locus_type", "Locus type"),
            "status": ("status", "Status"),
        }
        for _, (symbol, hgnc, name, aliases, previous, entrez, uniprot, ensembl, locus, status) in table.chosen(wanted, watch=watch):
            if status == "Approved":
                yield symbol, hgnc, name, _joined(aliases), _joined(previous), entrez, _joined(uniprot), ensembl, locus


def _joined(text: str) -> str:
    return ";".join(word.strip() for word in text.replace("|", ",").split(",") if word.strip())
