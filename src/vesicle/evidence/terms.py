"""Identifiers of the normalised names: one table from a name to its CURIE, each confirmed where the table says."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from vesicle import reading
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import RECORDS

COLUMNS = ("name", "kind", "curie", "label", "checked_how", "note")
FIELDS = ("donor", "cargo", "recipient", "disease", "targets", "pathways", "drug")
_BRACKET = re.compile(r"\s*\[[^\]]*\]\s*$")


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


def plain(name: str) -> str:
    """A name without the identifier in brackets after it."""
    return _BRACKET.sub("", name).strip()


def named(claim: Claim, field: str) -> list[str]:
    """The names that stand in a field of a claim, without brackets and signs."""
    if field in ("targets", "pathways", "phenotypes"):
        return list(claim.signed(field))
    return [plain(part) for part in getattr(claim, field).split(";") if part.strip()]


def identifiers(claim: Claim) -> dict[str, str]:
    """Name -> CURIE of everything that a claim names and that has one."""
    known = terms()
    found = {name: known[name].curie for field in FIELDS for name in named(claim, field) if name in known}
    return {name: curie for name, curie in found.items() if curie != "none"}
