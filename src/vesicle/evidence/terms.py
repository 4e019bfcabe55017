"""Identifiers of the normalised names: one table from a name to its CURIE, each confirmed where the table says."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from vesicle import reading
from vesicle.evidence.claim import Claim, identified, names
from vesicle.evidence.library import RECORDS

COLUMNS = ("name", "kind", "curie", "label", "checked_how", "note")
FIELDS = ("donor", "cargo", "recipient", "disease", "targets", "pathways", "drug")


@dataclass(frozen=True)
class Term:
    """A name with its identifier: ``curie`` is ``none`` where no exact term exists; ``note`` then says the broader one."""

    name: str
    kind: str
    curie: str
    label: str
    checked_how: str
    note: str


@functools.cache
def terms() -> dict[str, Term]:
    """Every term by its name."""
    return {row["name"]: Term(**row.cells) for row in reading.rows(RECORDS / "terms.tsv", COLUMNS)}


def curie(name: str) -> str:
    """The identifier of a name, or an empty text where it has none."""
    found = terms().get(name)
    return found.curie if found and found.curie != "none" else ""


def named(claim: Claim, field: str) -> list[str]:
    """The names that stand in a field of a claim, without brackets and signs."""
    if field in ("targets", "pathways", "phenotypes"):
        return list(claim.signed(field))
    return [identified(part)[0] for part in names(getattr(claim, field))]


def identifiers(claim: Claim) -> dict[str, str]:
    """Name -> CURIE of everything that a claim names and that has one."""
    return {name: curie(name) for field in FIELDS for name in named(claim, field) if curie(name)}
