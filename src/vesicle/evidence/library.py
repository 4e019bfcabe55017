"""The evidence base as one object: load it, look things up, leave a source out."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from vesicle import reading
from vesicle.errors import SchemaError, unknown_name
from vesicle.evidence import claim as claims_format
from vesicle.evidence import measurement as measurements_format
from vesicle.evidence.claim import Claim, Reference
from vesicle.evidence.measurement import Measurement

RECORDS = Path(__file__).parent / "records"
Record = TypeVar("Record", Claim, Reference, Measurement)


@dataclass(frozen=True)
class Library:
    """Claims, measurements and references.

    Attributes
    ----------
    version : version of the shipped records.
    content : hash over all records.
    """

    claims: tuple[Claim, ...]
    measurements: tuple[Measurement, ...]
    references: tuple[Reference, ...]
    version: str
    content: str

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
        if name not in self.by_id:
            raise unknown_name("record", name, self.by_id, advice="`vesicle evidence search` finds records by words.")
        return self.by_id[name]

    def of(self, quantity: str) -> tuple[Measurement, ...]:
        """All measurements of a quantity."""
        return tuple(m for m in self.measurements if m.quantity == quantity)

    def without(self, *, experiment: str = "", reference: str = "") -> Library:
        """The library without the measurements of one experiment or reference, for judging it."""
        kept = tuple(m for m in self.measurements if not (experiment and m.source_experiment == experiment) and not (reference and m.reference == reference))
        if len(kept) == len(self.measurements):
            return self
        left = hashlib.sha256(f"{self.content}|{experiment}|{reference}".encode()).hexdigest()[:16]
        return replace(self, measurements=kept, content=left)


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
    """Read a folder of records (``claims.tsv``, ``measurements.tsv``, ``references.tsv``, ``VERSION``).

    Raises
    ------
    SchemaError, UnitError, UnknownName
        At the first record that does not hold, with its place.
    """
    names = ("claims.tsv", "measurements.tsv", "references.tsv")
    digest = hashlib.sha256()
    for name in names:
        digest.update(reading.read_bytes(folder / name))
    return Library(
        claims=_table(folder / "claims.tsv", claims_format.COLUMNS, claims_format.claim),
        measurements=_table(folder / "measurements.tsv", measurements_format.COLUMNS, measurements_format.measurement),
        references=_table(folder / "references.tsv", claims_format.REFERENCE_COLUMNS, claims_format.reference),
        version=reading.read_text(folder / "VERSION").strip(),
        content=digest.hexdigest()[:16],
    )


@functools.cache
def shipped() -> Library:
    """The records that come with Vesicle."""
    return load(RECORDS)


def check_file(path: Path) -> tuple[str, int]:
    """Validate a user's table of claims, measurements or references.

    Returns
    -------
    The kind of the table and its number of records.

    Raises
    ------
    InputError
        At the first record that does not hold, with file, line and column.
    """
    header = reading.read_text(path).split("\n", 1)[0].split("\t")
    kinds = {
        "measurements": (measurements_format.COLUMNS, measurements_format.measurement),
        "claims": (claims_format.COLUMNS, claims_format.claim),
        "references": (claims_format.REFERENCE_COLUMNS, claims_format.reference),
    }
    best = max(kinds, key=lambda kind: _overlap(header, kinds[kind][0]))
    columns, build = kinds[best]
    return best, len(_table(path, columns, build))  # type: ignore[type-var]


def _overlap(header: Iterable[str], columns: tuple[str, ...]) -> int:
    return len(set(header) & set(columns))
