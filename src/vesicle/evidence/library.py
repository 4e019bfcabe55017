"""The evidence base as one object: load it, look things up, leave a source out."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from vesicle import reading
from vesicle.errors import SchemaError, UnknownName, unknown_name
from vesicle.evidence import calibration as calibrations_format
from vesicle.evidence import claim as claims_format
from vesicle.evidence import measurement as measurements_format
from vesicle.evidence.calibration import Calibration
from vesicle.evidence.claim import NO_SOURCE, Claim, Reference
from vesicle.evidence.measurement import Measurement

RECORDS = Path(__file__).parent / "records"
Record = TypeVar("Record", Claim, Reference, Measurement)


UNKNOWN = ("", "not_checked")
RETIRED_COLUMNS = ("id", "superseded_by", "version", "reason")


@dataclass(frozen=True)
class Retired:
    """An id that is not used again: its successor (may be empty), since which version, and why."""

    id: str
    superseded_by: str
    version: str
    reason: str


def _marks(reference: Reference) -> set[str]:
    """What tells a work from others: its DOI, its PubMed number, its title."""
    known_as = {"doi": reference.doi.lower(), "pmid": reference.pmid, "title": "".join(filter(str.isalnum, reference.title.lower()))}
    return {f"{kind}:{mark}" for kind, mark in known_as.items() if mark not in (*UNKNOWN, "notchecked")}


@dataclass(frozen=True)
class Library:
    """Claims, measurements and references.

    Attributes
    ----------
    version : version of the shipped records.
    content : hash over all records.
    retired : ids that were withdrawn; they never stand for another record.
    calibrations : sets of quantities that were fitted together, with the data used.
    left_out : keys of works that were left out to judge something by them; signed edges that rest on them alone are left out too.
    """

    claims: tuple[Claim, ...]
    measurements: tuple[Measurement, ...]
    references: tuple[Reference, ...]
    version: str
    content: str
    retired: tuple[Retired, ...] = ()
    calibrations: tuple[Calibration, ...] = ()
    left_out: tuple[str, ...] = ()

    @functools.cached_property
    def pmids_left_out(self) -> frozenset[str]:
        """PubMed numbers of the works that were left out."""
        return frozenset(r.pmid for r in self.references if r.key in self.left_out and r.pmid)

    @functools.cached_property
    def retracted(self) -> frozenset[str]:
        """Keys of the retracted works; no measurement of theirs enters a model."""
        return frozenset(r.key for r in self.references if r.is_retracted)

    @functools.cached_property
    def by_id(self) -> dict[str, Claim | Measurement | Reference]:
        """Every record by its id or key."""
        out: dict[str, Claim | Measurement | Reference] = {r.key: r for r in self.references}
        out.update({c.id: c for c in self.claims})
        out.update({m.id: m for m in self.measurements})
        return out

    def show(self, name: str) -> Claim | Measurement | Reference:
        """One record.

        Raises
        ------
        UnknownName
            With the nearest id.
        """
        for old in self.retired:
            if old.id == name:
                successor = f"; see {old.superseded_by}" if old.superseded_by else ""
                raise UnknownName(f"record '{name}' was withdrawn in {old.version} ({old.reason}){successor}. Its id is not used again.")
        if name not in self.by_id:
            raise unknown_name("record", name, self.by_id, advice="`vesicle evidence search` finds records by words.")
        return self.by_id[name]

    def of(self, quantity: str) -> tuple[Measurement, ...]:
        """All measurements of a quantity."""
        return tuple(m for m in self.measurements if m.quantity == quantity)

    def same_work(self, key: str) -> frozenset[str]:
        """All keys under which a work stands: those with its DOI, PubMed number or title. A key that stands for no work (``assumed``) is alone."""
        found = self.by_id.get(key)
        if not isinstance(found, Reference) or found.checked_how == NO_SOURCE:
            return frozenset({key})
        return frozenset({key}.union(*(self._keys_by_mark[mark] for mark in _marks(found))))

    @functools.cached_property
    def _keys_by_mark(self) -> dict[str, set[str]]:
        """Keys of works by each of their marks."""
        out: dict[str, set[str]] = {}
        for reference in self.references:
            for mark in _marks(reference) if reference.checked_how != NO_SOURCE else ():
                out.setdefault(mark, set()).add(reference.key)
        return out

    def without(self, *, experiment: str = "", reference: str = "") -> Library:
        """The library without the measurements of one experiment or work, and without what a work alone says, for judging it; a work goes under all its keys."""
        keys = self.same_work(reference)
        if new := sorted(keys & {r.key for r in self.references} - set(self.left_out)):
            left = hashlib.sha256(f"{self.content}|without {reference}".encode()).hexdigest()[:16]
            return replace(self, left_out=(*self.left_out, *new), content=left).without(experiment=experiment, reference=reference)
        kept = tuple(m for m in self.measurements if not (experiment and m.source_experiment == experiment) and not (reference and m.reference in keys))
        if len(kept) == len(self.measurements):
            return self
        return self._left_with(kept, f"{experiment}|{reference}")

    def without_fitted_to(self, checksum: str) -> Library:
        """The library without what was calibrated on a file of data, for whoever fits or judges by the same file; itself, if nothing was."""
        mark = data_mark(checksum)
        kept = tuple(m for m in self.measurements if m.status != "calibrated" or mark not in m.locator)
        return self if len(kept) == len(self.measurements) or not checksum else self._left_with(kept, mark)

    def _left_with(self, kept: tuple[Measurement, ...], why: str) -> Library:
        """The library with these measurements; a calibration that rests on one that is gone goes too."""
        present = {m.id for m in kept}
        standing = tuple(c for c in self.calibrations if c.rests_on() <= present)
        fallen = {factor.record for c in self.calibrations if c not in standing for factor in c.factors}
        left = hashlib.sha256(f"{self.content}|{why}".encode()).hexdigest()[:16]
        return replace(self, measurements=tuple(m for m in kept if m.id not in fallen), content=left, calibrations=standing)

    def without_calibration(self, name: str) -> Library:
        """The library as it was before a calibration: its factors have their priors again."""
        mine = next(c for c in self.calibrations if c.name == name)
        gone = {factor.record for factor in mine.factors}
        kept = tuple(m for m in self.measurements if m.id not in gone)
        left = hashlib.sha256(f"{self.content}|before {name}".encode()).hexdigest()[:16]
        return replace(self, measurements=kept, content=left, calibrations=tuple(c for c in self.calibrations if c is not mine))

    @functools.cached_property
    def replaced(self) -> frozenset[str]:
        """Ids that answer no question: priors that a calibration replaced, and what was calibrated on retracted work."""
        standing = [c for c in self.calibrations if self._stands(c)]
        out = {factor.prior for c in standing for factor in c.factors}
        return frozenset(out | {factor.record for c in self.calibrations if c not in standing for factor in c.factors})

    def _stands(self, calibration: Calibration) -> bool:
        """Whether nothing that a calibration rests on was retracted."""
        works = {m.reference for name in calibration.rests_on() if isinstance(m := self.by_id[name], Measurement)}
        return not works & self.retracted

    @functools.cached_property
    def calibration_data(self) -> frozenset[str]:
        """Ids of measurements that a calibration was fitted to; nothing is scored against them."""
        return frozenset(record for c in self.calibrations for record in c.data)

    @functools.cached_property
    def shared(self) -> dict[str, tuple[tuple[str, float], ...]]:
        """Id of a calibrated measurement -> its loadings on the calibration's streams."""
        return {factor.record: c.streams(factor) for c in self.calibrations for factor in c.factors}


def data_mark(checksum: str) -> str:
    """How the locator of a calibrated record names the file that it was fitted to, by the file's SHA-256."""
    return f"sha256:{checksum[:16]}"


def _table(path: Path, columns: tuple[str, ...], build: Callable[[reading.Row], Record]) -> tuple[Record, ...]:
    """All records of a table; an id that stands twice is an error."""
    records, seen = [], set()
    for row in reading.rows(path, columns):
        record = build(row)
        key = record.key if isinstance(record, Reference) else record.id
        if key in seen:
            raise SchemaError(f"{row.where}the id '{key}' stands twice; ids are never reused, give the new record a new one.")
        seen.add(key)
        records.append(record)
    return tuple(records)


def load(folder: Path) -> Library:
    """Read a folder of records (``claims.tsv``, ``measurements.tsv``, ``references.tsv``, ``retired.tsv``, ``calibrations.tsv``, ``VERSION``).

    Raises
    ------
    SchemaError, UnitError, UnknownName
        At the first record that does not hold, with its place.
    """
    names = ("claims.tsv", "measurements.tsv", "references.tsv", "retired.tsv", "calibrations.tsv")
    digest = hashlib.sha256()
    for name in names:
        digest.update(reading.read_bytes(folder / name))
    retired = tuple(Retired(**row.cells) for row in reading.rows(folder / "retired.tsv", RETIRED_COLUMNS))
    found = Library(
        claims=_table(folder / "claims.tsv", claims_format.COLUMNS, claims_format.claim),
        measurements=_table(folder / "measurements.tsv", measurements_format.COLUMNS, measurements_format.measurement),
        references=_table(folder / "references.tsv", claims_format.REFERENCE_COLUMNS, claims_format.reference),
        version=reading.read_text(folder / "VERSION").strip(),
        content=digest.hexdigest()[:16],
        retired=retired,
        calibrations=calibrations_format.calibrations(reading.rows(folder / "calibrations.tsv", calibrations_format.COLUMNS)),
    )
    _check_retired(found)
    calibrations_format.check(found.calibrations, {m.id: m for m in found.measurements})
    return found


def _check_retired(library: Library) -> None:
    """A withdrawn id must not stand for a record, and its successors must exist."""
    for old in library.retired:
        if old.id in library.by_id:
            raise SchemaError(f"retired.tsv: '{old.id}' was withdrawn in {old.version} and stands for a record again; ids are never reused, give the record a new one.")
        for name in filter(None, old.superseded_by.split(";")):
            if name not in library.by_id:
                raise SchemaError(f"retired.tsv: '{old.id}' names its successor '{name}', which is no record. Write an id that exists.")


@functools.cache
def shipped() -> Library:
    """The records that come with Vesicle."""
    return load(RECORDS)


_FORMATS: dict[str, tuple[tuple[str, ...], Callable[[reading.Row], Any]]] = {
    "measurements": (measurements_format.COLUMNS, measurements_format.measurement),
    "claims": (claims_format.COLUMNS, claims_format.claim),
    "references": (claims_format.REFERENCE_COLUMNS, claims_format.reference),
}


def kind_of(path: Path) -> str:
    """Which of the tables a file is, by its header: claims, measurements or references."""
    header = reading.table_text(reading.read_bytes(path), path.name).split("\n", 1)[0].split("\t")
    return max(_FORMATS, key=lambda kind: len(set(header) & set(_FORMATS[kind][0])))


def read_table(path: Path, kind: str) -> tuple[Any, ...]:
    """All records of a table of claims, measurements or references.

    Raises
    ------
    InputError
        At the first record that does not hold, with file, line and column.
    """
    columns, build = _FORMATS[kind]
    return _table(path, columns, build)


def check_file(path: Path) -> tuple[str, int]:
    """Validate a user's table of claims, measurements or references: its kind and its number of records.

    Raises
    ------
    InputError
        At the first record that does not hold, with file, line and column.
    """
    kind = kind_of(path)
    return kind, len(read_table(path, kind))
