"""miRTarBase: reported targets of miRNAs, from single experiments to whole CLIP libraries.

Four shapes are read: the published table with experiments, support type and PubMed number; the pairs of a gene-set library;
PubMed numbers by miRNA stem; and the non-functional rows. *Non-functional* means tested and not confirmed: such a row is kept
as a negative, never as a target. A library that mixes support types cannot tell, so its rows say ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import HUMAN, Cells, Importer, Watch, gene, mirna, pmids, stem
from vesicle.reading import Table

STRONG = ("reporter", "western", "westren", "qrt-pcr", "qpcr", "luciferase")
WANTED = {
    "mirna": ("miRNA", "mirna_stem"),
    "target": ("Target Gene", "target_symbol", "target_upper"),
    "species": ("Species (miRNA)", "species_mirna"),
    "target_species": ("Species (Target Gene)", "species_target"),
    "experiments": ("Experiments",),
    "support": ("Support Type", "support_type"),
    "pmids": ("References (PMID)", "pmid", "pmids"),
}
OPTIONAL = ("species", "target_species", "experiments", "support", "pmids")


class Mirtarbase(Importer):
    """miRNA -> target by experiment; rows of other species are left out."""

    name = "mirtarbase"
    title = "miRTarBase"
    homepage = "https://mirtarbase.cuhk.edu.cn"
    terms = "free for academic use"
    licence_class = "restricted"
    makes = "mirna_target"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a line."""
        normalised = mirna if table.column(("miRNA",)) >= 0 else stem
        for _, (name, target, species, target_species, experiments, support, numbers) in table.chosen(WANTED, OPTIONAL, watch):
            if species.casefold() not in HUMAN or target_species.casefold() not in HUMAN:
                continue
            current, accession = normalised(name)
            yield current, accession, gene(target), _strength(experiments, support), _functional(support), experiments, None, pmids(numbers), f"{name} {target}"


def _functional(support: str) -> str:
    """Whether the experiment found an effect: yes, no or unknown."""
    if not support:
        return "unknown"
    return "no" if support.casefold().startswith("non-functional") else "yes"


def _strength(experiments: str, support: str) -> str:
    """``strong`` for reporter assay, western blot or PCR, ``weak`` for the rest, ``unspecified`` without a word on it."""
    if not experiments and not support:
        return "unspecified"
    if "weak" in support.casefold():
        return "weak"
    return "strong" if any(word in experiments.casefold() for word in STRONG) else "weak"
