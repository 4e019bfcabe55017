"""Which measurements answer a mechanism's question in a context.

A mechanism asks for a quantity in a context (species, tissue, cell, product, label, method).
Only records with the role ``input`` answer, and none whose work was retracted. A record that names another product or label, or
names one when none was asked for, is out: it is another thing. A record from another species,
cell, tissue or method is borrowed, only when nothing better exists, and marked so; so is one
of another product, when no record of the product or of particles in general exists. Among the
rest the most specific win; those still tied form a mixture in which every independent
laboratory weighs the same, so that both sides of a disagreement are sampled. A record that a
calibration replaced is out; its successor draws together with the others of that calibration.
A cell may be written in any style (:mod:`vesicle.evidence.cells`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vesicle.errors import ModelError, nearest
from vesicle.evidence import cells
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import CONTEXT, Measurement
from vesicle.network.spread import Spread
from vesicle.network.types import Parameter

DEFINING = ("product", "label")
_WORST_FIRST = ("assumed", "recalled", "computed", "calibrated", "found")


@dataclass(frozen=True)
class Match:
    """The measurements that answer, their weights, and what they do not share with the question."""

    records: tuple[Measurement, ...]
    weights: tuple[float, ...]
    borrowed: str


def _score(record: Measurement, context: Mapping[str, str], defining: tuple[str, ...]) -> tuple[int, int] | None:
    """(borrowed columns, shared columns), or None when the record is another thing."""
    shared = borrowed = 0
    for column in CONTEXT:
        mine, asked = getattr(record, column), context.get(column, "")
        if column in defining and mine and mine != asked:
            return None
        if not mine:
            continue
        if _agrees(column, mine, asked):
            shared += 1
        elif asked or column in ("cell", "tissue", "product"):
            borrowed += 1
    return borrowed, shared


def _agrees(column: str, mine: str, asked: str) -> bool:
    return mine == asked or (column == "cell" and cells.same(mine, asked))


def match(library: Library, quantity: str, context: Mapping[str, str]) -> Match:
    """The records that answer a question.

    Raises
    ------
    ModelError
        If no input record answers; a record with the role outcome or check never does.
    """
    candidates = [m for m in library.of(quantity) if m.role == "input" and m.distribution != "none" and m.reference not in library.retracted and m.id not in library.replaced]
    scored = [(s, m) for m in candidates if (s := _score(m, context, DEFINING)) is not None]
    if not scored and context.get("product"):
        scored = [(s, m) for m in candidates if (s := _score(m, context, ("label",))) is not None]
    if not scored:
        raise ModelError(_nothing(library, quantity, context))
    best = min((borrowed, -shared) for (borrowed, shared), _ in scored)
    records = tuple(m for (borrowed, shared), m in scored if (borrowed, -shared) == best)
    laboratories = Counter(m.laboratory or m.reference for m in records)
    weights = tuple(1 / (len(laboratories) * laboratories[m.laboratory or m.reference]) for m in records)
    other = sorted({f"{c} {getattr(m, c)}" for m in records for c in CONTEXT if getattr(m, c) and not _agrees(c, getattr(m, c), context.get(c, ""))}) if best[0] else []
    return Match(records, weights, "; ".join(other))


def _nothing(library: Library, quantity: str, context: Mapping[str, str]) -> str:
    asked = ", ".join(f"{k} {v}" for k, v in context.items() if v) or "any context"
    present = library.of(quantity)
    if present and all(m.role != "input" for m in present):
        roles = sorted({m.role for m in present})
        return f"'{quantity}' ({asked}) has only records with the role {' and '.join(roles)} ({present[0].id}); a result never enters a model. Find an input measurement."
    if withdrawn := [m for m in present if m.role == "input" and m.reference in library.retracted]:
        return f"'{quantity}' ({asked}) rests only on retracted work ({withdrawn[0].id}, {withdrawn[0].reference}). Find an input measurement of another work."
    known = {m.quantity for m in library.measurements}
    hint = nearest(quantity, known) if not present else ""
    return f"no measurement of '{quantity}' for {asked}: the mechanism is unparametrised.{hint} Add a record to the evidence base, with its source."


def parameter(library: Library, identity: str, quantity: str, unit: str, context: Mapping[str, str]) -> Parameter:
    """A network parameter from the records that answer a question.

    Raises
    ------
    ModelError
        If nothing answers.
    UnitError
        If a record has another dimension than ``unit``.
    """
    found = match(library, quantity, context)
    spread = Spread(tuple(replace(m.component(unit, w), shared=library.shared.get(m.id, ())) for m, w in zip(found.records, found.weights, strict=True)))
    worst = min((m.status for m in found.records), key=_WORST_FIRST.index)
    spread_status = "assumed" if any(m.has_assumed_spread for m in found.records) else min((m.spread_status or "found" for m in found.records), key=_WORST_FIRST.index)
    return Parameter(
        id=identity,
        unit=unit,
        value=spread.nominal(),
        spread=spread,
        records=tuple(m.id for m in found.records),
        level="uncertainty" if any(m.level == "uncertainty" for m in found.records) else found.records[0].level,
        status=worst,
        spread_status=spread_status,
        quantity=quantity,
        borrowed=found.borrowed,
    )
