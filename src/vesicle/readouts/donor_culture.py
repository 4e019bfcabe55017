"""Custody and verdict of a donor culture.

A culture has no recipient: nothing is needed anywhere, so there is no gap. Its chain is

    made -> loaded -> released by the donor -> counted

since the change of medium, per cell at the time of the question, by kind of particle. What is released can exceed what was made in the same time,
because bodies were full at the start. *Loaded* stands there only where a cargo is followed: at least one copy of the first, 1 - exp(-n) at n copies
per vesicle. The parameter that decides is the one whose draws tell most about the change of the readout against the control; for the control
itself, about the readout.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.scenario import Question
from vesicle.network.types import Particle
from vesicle.readouts.custody import DONOR_CHAIN, Row, setters
from vesicle.readouts.ensemble import Array, Ensemble, rounded
from vesicle.readouts.verdict import deciding, reached, relative_change

NO_GAP = "a donor culture has no recipient, so nothing is needed and there is no gap"


def judge_culture(arm: Ensemble, control: Ensemble, question: Question, library: Library) -> tuple[dict[str, Any], list[Row]]:
    """The verdict of one arm of a donor culture and its custody rows."""
    rows = [row for particle in arm.model.network.particles for row in _rows(arm, particle, question.at)]
    change = relative_change(arm, control, question.readout, question.at)
    verdict = reached(arm, control, question) | {"gap_orders": None, "gap_reason": NO_GAP, "room": []} | _limits(arm, question.at)
    verdict |= deciding(arm, np.where(arm.good[1:], _decided(arm, question, change), np.nan))
    blank = np.full(arm.matrix.shape[0], np.nan)
    return verdict, [*rows, Row("target", question.readout, blank, change, blank)]


def _decided(arm: Ensemble, question: Question, change: Array) -> Array:
    """(n,) what the deciding parameter decides: the change where there is one, else the readout itself."""
    draws = change[1:]
    found = draws[np.isfinite(draws)]
    if found.size and np.ptp(found) > 0:
        return draws
    return arm.observable(question.readout)[1:, arm.at(question.at)] if arm.has(question.readout) else draws


def counts(arm: Ensemble, particle: str, until: float) -> dict[str, Array]:
    """Step -> (1 + n,) particles per cell at a time."""
    end = arm.at(until)
    cells = arm.observable("cells")[:, end]
    steps = {step: arm.extent(step, particle)[:, end] / cells for step in ("made", "released_by_donor")}
    return steps | {"isolated": arm.observable(f"counted:{particle}")[:, end]}


def _rows(arm: Ensemble, particle: Particle, until: float) -> list[Row]:
    found = counts(arm, particle.id, until)
    n = arm.observable(f"copies_per_vesicle:{particle.passengers[0].entity}")[:, arm.at(until)] if particle.passengers else None
    if n is not None:
        found["loaded"] = found["made"] * -np.expm1(-n)
    rows: list[Row] = []
    before = found["made"]
    for step in (s for s in DONOR_CHAIN if s in found):
        kept = _share(found[step], before)
        row = Row(step, particle.id, found[step], found["made" if step == "loaded" else step] * n if n is not None else np.full_like(kept, np.nan), kept)
        row.parameters = setters(arm, row) if step != "made" else ()
        rows.append(row)
        before = found[step] if step != "loaded" else before
    return rows


def _share(after: Array, before: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before > 0, after / before, np.nan)


def _limits(arm: Ensemble, until: float) -> dict[str, Any]:
    """The step that loses most, all particles together, and in what share of the draws it is that one."""
    by_kind = [counts(arm, p.id, until) for p in arm.model.network.particles]
    total = {step: sum((found[step] for found in by_kind), np.zeros(arm.matrix.shape[0])) for step in by_kind[0]}
    kept = {"released_by_donor": _share(total["released_by_donor"], total["made"]), "isolated": _share(total["isolated"], total["released_by_donor"])}
    steps = list(kept)
    lost = np.where(np.isnan(np.array(list(kept.values()))), np.inf, np.array(list(kept.values())))[:, 1:]
    worst = Counter(steps[i] for i, column in zip(np.argmin(lost, axis=0), lost.T, strict=True) if np.isfinite(column).any())
    if not worst:
        return {"limiting_step": None, "limiting_share_of_draws": None}
    step, times = worst.most_common(1)[0]
    return {"limiting_step": step, "limiting_share_of_draws": rounded(times / lost.shape[1])}
