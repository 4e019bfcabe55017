"""Retraction Watch: retractions, corrections and expressions of concern, as the database is published (CSV).

A work is found by its DOI or PubMed number; ``0`` and ``unavailable`` mean that the table has none. A row with neither is kept
for reading and matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch
from vesicle.reading import Layout, Table

NONE = ("", "0", "unavailable", "na", "n/a", "unknown")
NEEDED = ("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "RetractionDate")
FREE = ("Title", "RetractionDOI", "RetractionPubMedID", "Reason")  # titles begin with quotation marks and reasons with '+': text, no formulas


class RetractionWatch(Importer):
    """Notices about published works."""

    name = "retraction-watch"
    title = "Retraction Watch"
    homepage = "https://gitlab.com/crossref/retraction-watch-data"
    terms = "none stated in the file; published through Crossref"
    licence_class = "restricted"
    makes = "retraction"
    layout = Layout(spanning=True)

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a notice."""
        next(table.chosen({name: (name,) for name in NEEDED}), None)  # the check of the columns
        places = [table.column((name,)) for name in (*NEEDED, *FREE)]
        for _, cells in table.lines(watch):
            doi, pmid, nature, date, title, notice_doi, notice_pmid, reason = (cells[place].strip() if place >= 0 else "" for place in places)
            yield title, plain_doi(doi), _known(pmid), nature, date, plain_doi(notice_doi), _known(notice_pmid), reason


def plain_doi(text: str) -> str:
    """A DOI in small letters without its web address; empty where there is none."""
    word = text.strip().casefold()
    for start in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        word = word.removeprefix(start)
    return word if word.startswith("10.") else ""


def _known(text: str) -> str:
    return "" if text.strip().casefold() in NONE else text.strip()
