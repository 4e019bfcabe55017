"""ExoCarta and Vesiclepedia: what was found in vesicles, by experiment.

Both say that something was seen, not how much: a row is presence, and the number of rows is no number of copies.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import HUMAN, Cells, Importer, Watch, gene, mirna, pmids
from vesicle.reading import Table

WANTED = {
    "type": ("CONTENT TYPE",),
    "cargo": ("GENE SYMBOL", "MIRNA ID", "LIPID ID"),
    "number": ("ENTREZ GENE ID", "Entrez GENE ID"),
    "species": ("SPECIES",),
    "experiment": ("EXPERIMENT ID",),
    "methods": ("METHODS",),
}


class Vesiclepedia(Importer):
    """Proteins, RNA and lipids seen in extracellular vesicles."""

    name = "vesiclepedia"
    title = "Vesiclepedia"
    homepage = "http://microvesicles.org"
    terms = "free for academic and commercial use by its paper; none stated in the files"
    licence_class = "restricted"
    makes = "vesicle_cargo"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a line; names of other species stay as they are written."""
        for _, (kind, name, number, species, experiment, methods) in table.chosen(WANTED, ("number",), watch):
            yield _current(kind, name, species), kind.casefold(), f"ncbigene:{number}" if number.isdigit() else "", species, experiment, methods, name


class Exocarta(Vesiclepedia):
    """Proteins and RNA seen in exosomes."""

    name = "exocarta"
    title = "ExoCarta"
    homepage = "http://www.exocarta.org"
    terms = "none stated; free download"


class VesiclepediaStudies(Importer):
    """The experiments that the cargo tables name."""

    name = "vesiclepedia-studies"
    title = "Vesiclepedia, experiments"
    homepage = "http://microvesicles.org"
    terms = Vesiclepedia.terms
    licence_class = "restricted"
    makes = "vesicle_study"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row an experiment."""
        wanted = {
            "study": ("EXPERIMENT ID",),
            "sample": ("SAMPLE NAME",),
            "species": ("SPECIES",),
            "source": ("SAMPLE",),
            "type": ("VESICLE TYPE",),
            "isolation": ("ISOLATION METHOD",),
            "pmid": ("PUBMED ID",),
            "title": ("EXPERIMENT DESCRIPTION",),
        }
        for _, (study, sample, species, source, kind, isolation, number, title) in table.chosen(wanted, watch=watch):
            yield study, sample, species, source, "", "", kind, isolation, pmids(number), title


def _current(kind: str, name: str, species: str) -> str:
    if species.casefold() not in HUMAN:
        return name
    if kind.casefold() in ("mirna", "mirnas"):
        return mirna(name)[0]
    return gene(name) if kind.casefold() in ("protein", "mrna") else name
