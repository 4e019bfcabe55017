"""Retraction Watch: retractions, corrections and expressions of concern, as the database is published (CSV).

A work is found by its DOI or PubMed number; ``0`` and ``unavailable`` mean that the table has none. A row with neither is kept
for reading and matches nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch
from vesicle.reading import Layout, Table

NONE = ("", "0", "unavailable", "na", "n/a", "unknown")


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
        wanted = {
            "title": ("Title",),
            "doi": ("OriginalPaperDOI",),
            "pmid": ("OriginalPaperPubMedID",),
            "nature": ("RetractionNature",),
            "date": ("RetractionDate",),
            "notice_doi": ("RetractionDOI",),
            "notice_pmid": ("RetractionPubMedID",),
            "reason": ("Reason",),
        }
        for _, (title, doi, pmid, nature, date, notice_doi, notice_pmid, reason) in table.chosen(wanted, ("title", "notice_doi", "notice_pmid", "reason"), watch):
            yield title, plain_doi(doi), _known(pmid), nature, date, plain_doi(notice_doi), _known(notice_pmid), reason


def plain_doi(text: str) -> str:
    """A DOI in small letters without its web address; empty where there is none."""
    word = text.strip().casefold()
    for start in ("https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"):
        word = word.removeprefix(start)
    return word if word.startswith("10.") else ""


def _known(text: str) -> str:
    return "" if text.strip().casefold() in NONE else text.strip()
