"""Retracted and corrected works: what the references say, what an imported table says, and which records rest on them.

A notice meets a reference by DOI or PubMed number. A retraction takes the work out of every prediction: no measurement of it enters a model
(:mod:`vesicle.evidence.matching`), no edge rests on it alone (:mod:`vesicle.evidence.priors`), its claims are marked in audit, conflicts and exports. A
correction or an expression of concern is shown and takes nothing out. A later reinstatement takes a retraction back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vesicle.evidence.claim import Reference
from vesicle.evidence.imports.retraction_watch import plain_doi
from vesicle.evidence.imports.store import Imported, imported, tables
from vesicle.evidence.library import Library

STATES = {"retraction": "retracted", "correction": "corrected", "expression of concern": "concern", "reinstatement": "reinstated"}
_NOTICES = "SELECT doi, pmid, nature, date, notice_doi, reason FROM read_parquet(?) WHERE doi <> '' OR pmid <> ''"
UNKNOWN = ("not_checked", "", "none")


@dataclass(frozen=True)
class Notice:
    """One notice: the work it is about (DOI, PubMed number), its nature, date, own DOI and reason, and the table that has it."""

    doi: str
    pmid: str
    nature: str
    date: str
    notice_doi: str
    reason: str
    table: str

    @property
    def state(self) -> str:
        """What the reference's ``retraction`` column says then."""
        word = STATES.get(self.nature.casefold(), self.nature.casefold())
        details = ", ".join(filter(None, (self.date.split(" ")[0] or "no date", self.notice_doi and f"notice doi:{self.notice_doi}", self.reason.strip("; "))))
        return f"{word}: {details} ({self.table})"


def notices() -> list[Notice]:
    """Every notice of the imported tables, in the order of date."""
    out: list[Notice] = []
    for table in imported("retraction"):
        rows = tables().execute(_NOTICES, [str(table.parquet)]).fetchall()
        name = _named(table)
        out += [Notice(doi, pmid, nature, date, notice, reason, name) for doi, pmid, nature, date, notice, reason in rows]
    return sorted(out, key=lambda n: _day(n.date))


def marked(library: Library, found: Iterable[Notice]) -> Library:
    """The library with the notices written into its references; content changes when anything did."""
    last = _last(found, library.references)
    references = tuple(_marked(reference, last) for reference in library.references)
    return library if references == library.references else replace(library, references=references)


def retracted_pmids(found: Iterable[Notice], references: Iterable[Reference] = ()) -> frozenset[str]:
    """PubMed numbers of the works that are retracted and not reinstated; the references know the number where a notice has only the DOI."""
    known = tuple(references)
    by_notice = {name for name, notice in _last(found, known).items() if name.isdigit() and notice.nature.casefold() == "retraction"}
    return frozenset(by_notice | {reference.pmid for reference in known if reference.is_retracted and reference.pmid.isdigit()})


def report(library: Library) -> list[dict[str, Any]]:
    """Every reference with a notice of any kind, and the records that rest on it; works first on which most rests."""
    out = []
    for reference in library.references:
        if reference.retraction.strip().casefold() in UNKNOWN or reference.retraction.startswith("not_"):
            continue
        claims = [c.id for c in library.claims if reference.key in c.references]
        measurements = [m.id for m in library.measurements if m.reference == reference.key]
        out.append(
            {
                "reference": reference.key, "state": reference.retraction, "retracted": reference.is_retracted, "citation": reference.citation,
                "claims": claims, "measurements": measurements, "enters_predictions": not reference.is_retracted,
            }
        )  # fmt: skip
    return sorted(out, key=lambda row: (not row["retracted"], -len(row["claims"]) - len(row["measurements"]), row["reference"]))


def _named(table: Imported) -> str:
    return f"{table.importer} {table.release or table.sha256[:8]}"


def _day(date: str) -> tuple[int, ...]:
    """A date as year, month, day, from ``10/31/2020 0:00`` or ``2020-10-31``; unknown ones come first."""
    words = date.split(" ")[0].replace("-", "/").split("/")
    if len(words) != 3 or not all(word.isdigit() for word in words):
        return (0,)
    numbers = tuple(map(int, words))
    return numbers if numbers[0] > 31 else (numbers[2], numbers[0], numbers[1])


def _last(found: Iterable[Notice], references: Iterable[Reference]) -> dict[str, Notice]:
    """The notice that holds for each DOI and each PubMed number: the last one, but a correction does not undo a retraction.

    A notice with only one of the two also holds for the other, where another notice or a reference gives both.
    """
    notices = tuple(found)
    other: dict[str, set[str]] = defaultdict(set)
    for doi, pmid in (*((n.doi, n.pmid) for n in notices), *((plain_doi(r.doi), r.pmid) for r in references)):
        if doi and pmid.isdigit():
            other[doi].add(pmid)
            other[pmid].add(doi)
    last: dict[str, Notice] = {}
    for notice in notices:
        for name in {notice.doi, notice.pmid, *other.get(notice.doi, ()), *other.get(notice.pmid, ())} - {""}:
            before = last.get(name)
            if not (before and before.nature.casefold() == "retraction" and notice.nature.casefold() not in ("retraction", "reinstatement")):
                last[name] = notice
    return last


def _marked(reference: Reference, last: Mapping[str, Notice]) -> Reference:
    notice = last.get(plain_doi(reference.doi)) or last.get(reference.pmid)
    return replace(reference, retraction=notice.state) if notice else reference
