"""HMDD: miRNAs and diseases, with the kind of evidence and whether it was judged causal. Its miRNAs are named by precursor."""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch, pmids, stem
from vesicle.reading import Table


class Hmdd(Importer):
    """miRNA - disease by publication."""

    name = "hmdd"
    title = "HMDD"
    homepage = "http://www.cuilab.cn/hmdd"
    terms = "free for academic use"
    licence_class = "restricted"
    makes = "mirna_disease"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a line; a precursor with two matures stays as it is written."""
        wanted = {"category": ("category",), "mirna": ("mir",), "disease": ("disease",), "pmid": ("pmid",), "causal": ("causality",)}
        for _, (category, name, disease, number, causal) in table.chosen(wanted, ("causal",), watch):
            current, accession = stem(name)
            yield current, accession, disease, category, causal, pmids(number), name
