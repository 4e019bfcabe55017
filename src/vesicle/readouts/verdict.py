"""The verdict of one arm against its control, draw by draw.

P is the share of draws in which the readout reaches the asked change against the control with
the same draw: plausible from 0.8, implausible up to 0.05, else undetermined. The gap is
log10(needed / held) in orders. A report is *carried* when its effect is reached in 80 % of the draws,
*not carried* when the gap's q05 is above one order, else undetermined; a report that is not
carried is unexplained, which is a result. Agreement compares directions; a difference below
5 % counts as none. An effect is reached in a draw when the readout of the report differs in its direction by at
least that much.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from vesicle.evidence.library import Library
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.model.scenario import Question, Report
from vesicle.readouts import custody
from vesicle.readouts.ensemble import Array, Ensemble, interval, rank_shares, rounded, wilson, with_nominal

PLAUSIBLE, IMPLAUSIBLE = 0.8, 0.05
BEHIND_TARGETS = (
    "level:", "migration", "invasion", "membrane_breakdown", "endothelial_", "tube_formation", "maturation", "sprouts", "permeability", "vessel_density",
    "hif_rise:", "vegf_secreted", "tumour_volume", "cells", "cycling_cells", "dormant_",
)  # fmt: skip
"""How readouts begin that only a change of a target can move."""
NO_DIFFERENCE = 0.05
CARRIED_GAP = 1.0
_BEST_FROM = ("exosome", "liposome", "lnp", "", "nanoparticle")


def relative_change(arm: Ensemble, control: Ensemble, readout: str, time: float) -> Array:
    """(1 + n,) change of a readout against the control with the same draw, as a share."""
    if not (arm.has(readout) and control.has(readout)):
        return np.full(arm.matrix.shape[0], np.nan)
    a = arm.observable(readout)[:, arm.at(time)]
    c = control.observable(readout)[:, control.at(time)]
    with np.errstate(divide="ignore", invalid="ignore"):
        change = a / c - 1
    return np.where(arm.good & control.good, change, np.nan)


def gene_of(readout: str) -> str:
    """The gene that a readout is the mRNA or protein of; empty for any other."""
    kind, _, gene = readout.partition(":")
    return gene if kind in ("mRNA", "protein") else ""


def call(probability: float) -> str:
    """plausible, implausible or undetermined."""
    if probability >= PLAUSIBLE:
        return "plausible"
    return "implausible" if probability <= IMPLAUSIBLE else "undetermined"


def reached(arm: Ensemble, control: Ensemble, question: Question) -> dict[str, Any]:
    """How often the asked change is reached: call, probability with its interval, the change."""
    threshold = question.change / 100
    change = relative_change(arm, control, question.readout, question.at)
    draws = change[1:][~np.isnan(change[1:])]
    hits = int(np.sum(draws <= threshold)) if threshold < 0 else int(np.sum(draws >= threshold))
    probability = hits / len(draws) if len(draws) else 0.0
    low, high = wilson(hits, len(draws))
    return {
        "call": call(probability) if len(draws) else "undetermined",
        "probability": rounded(probability),
        "wilson": [rounded(low), rounded(high)],
        "threshold": {"readout": question.readout, "change": rounded(threshold), "at_h": question.at},
        "change": with_nominal(change),
        "draws": len(draws),
    }


def judge(arm: Ensemble, control: Ensemble, question: Question, library: Library) -> tuple[dict[str, Any], list[custody.Row]]:
    """The verdict of one arm and its custody rows.

    Returns
    -------
    The verdict as plain data (see ``summary.json``) and the rows of the custody table.
    """
    verdict = reached(arm, control, question)
    gene = gene_of(question.readout)
    guide = custody.main_guide(arm, gene)
    if not arm.model.network.particles:
        return verdict | {"limiting_step": None, "gap_orders": None, "reason": "nothing is given in this arm"}, []
    if guide is None:
        rows = custody.table(arm, None, question.at)
        return verdict | _limits(rows, library, arm) | {"gap_orders": None, "gap_reason": "the product carries no guide RNA"}, rows
    rows = custody.table(arm, guide, question.at)
    verdict |= _limits(rows, library, arm)
    verdict |= _deciding(arm, guide, question.at)
    rows += _gap_rows(arm, control, guide, question, gene)
    verdict |= _gap(rows)
    verdict |= _rivals(arm, rows)
    verdict["hit"] = _hit(arm, guide, question)
    return verdict, rows


def _chain(rows: Sequence[custody.Row], arm: Ensemble) -> list[custody.Row]:
    """The rows of the arm's first particle, from given to engaged."""
    first = arm.model.network.particles[0].id
    return [row for row in rows if row.product in (first, "all") and row.step in custody.CHAIN[3:]]


def _limits(rows: Sequence[custody.Row], library: Library, arm: Ensemble) -> dict[str, Any]:
    """The step that loses most (and how often it is that one), and the one with most room."""
    chain = _chain(rows, arm)
    kept = np.array([row.kept for row in chain])
    filled = np.where(np.isnan(kept), np.inf, kept)
    worst = Counter(chain[i].step for i in np.argmin(filled[:, 1:], axis=0))
    step, times = worst.most_common(1)[0]
    room: list[dict[str, Any]] = []
    for row in chain:
        best = _best(library, row.step)
        now = float(np.nanmedian(row.kept[1:])) if np.isfinite(row.kept[1:]).any() else float("nan")
        if best is not None and np.isfinite(now) and now > 0:
            room.append({"step": row.step, "kept_q50": rounded(now), "best_published": best[1], "record": best[0], "orders": rounded(float(np.log10(best[1] / now)))})
    room.sort(key=lambda item: (-(item["orders"] or 0.0), str(item["step"])))
    return {"limiting_step": step, "limiting_share_of_draws": rounded(times / kept[:, 1:].shape[1]), "room": room}


def _best(library: Library, step: str) -> tuple[str, float] | None:
    """The best published share of a step: the nearest product's record."""
    records = [m for m in library.of("best_published_share") if m.label == step]
    if not records:
        return None
    records.sort(key=lambda m: (_BEST_FROM.index(m.product) if m.product in _BEST_FROM else len(_BEST_FROM), -m.value))
    return records[0].id, records[0].value


def _deciding(arm: Ensemble, guide: Guide, until: float) -> dict[str, Any]:
    """Which parameters decide log10 of the guides in AGO, and how much of that is unmeasured."""
    with np.errstate(divide="ignore"):
        return deciding(arm, np.log10(custody.held(arm, guide, until)[1:]))


def deciding(arm: Ensemble, target: Array) -> dict[str, Any]:
    """The parameters that decide (n,) draws of something, and what they rest on."""
    shares = rank_shares(custody.columns(arm), np.where(arm.good[1:], target, np.nan))
    by_id = {p.id: p for p in arm.model.network.parameters}
    tornado = [
        {
            "parameter": name,
            "share": rounded(share, 4),
            "correlation": rounded(r, 4),
            "status": by_id[name].status,
            "spread_status": by_id[name].spread_status,
            "records": list(by_id[name].records),
        }
        for name, (share, r) in shares.items()
    ]
    unmeasured = sum(share for name, (share, _) in shares.items() if "assumed" in (by_id[name].status, by_id[name].spread_status))
    recalled = sum(share for name, (share, _) in shares.items() if by_id[name].status == "recalled" and by_id[name].spread_status != "assumed")
    first = tornado[0] if tornado else None
    return {
        "deciding_parameter": first,
        "tornado": tornado[:15],
        "unmeasured_share": rounded(unmeasured, 4),
        "unverified_share": rounded(recalled, 4),
    }


def _gap_rows(arm: Ensemble, control: Ensemble, guide: Guide, question: Question, gene: str) -> list[custody.Row]:
    """The rows held, needed, gap, target and phenotype."""
    blank = np.full(arm.matrix.shape[0], np.nan)
    held = custody.held(arm, guide, question.at)
    rows = [custody.Row("held", guide.id, blank, held, blank)]
    needed = _needed(arm, control, guide, question)
    if needed is not None:
        with np.errstate(divide="ignore"):
            gap = np.log10(needed / held)
        rows += [custody.Row("needed", guide.id, blank, needed, blank), custody.Row("gap", guide.id, blank, gap, blank)]
    target = relative_change(arm, control, question.readout, question.at)
    rows.append(custody.Row("target", question.readout, blank, target, blank))
    phenotype = "tumour_volume" if arm.has("tumour_volume") else "cells"
    rows.append(custody.Row("phenotype", phenotype, blank, relative_change(arm, control, phenotype, question.at), blank))
    return rows


def _needed(arm: Ensemble, control: Ensemble, guide: Guide, question: Question) -> Array | None:
    """(1 + n,) guides in AGO per cell for the asked change of an mRNA; for what lies behind the targets, the least that moves any target at all.

    Nothing that a guide does downstream can be seen while every one of its targets keeps more than 95 % of its mRNA, so the fewest guides that take 5 % off
    any target are a lower bound of what is needed.
    """
    if not guide.matches:
        return None
    cells = control.observable("cells")
    growth = np.log(cells[:, control.at(question.at)] / cells[:, 0]) / question.at
    if question.readout.startswith("mRNA:"):
        acts = gene_of(question.readout) in guide.targets and question.change < 0
        return custody.needed(arm, guide, question.change / 100, growth, gene_of(question.readout)) if acts else None
    if not question.readout.startswith(BEHIND_TARGETS):
        return None
    return np.asarray(np.min([custody.needed(arm, guide, -NO_DIFFERENCE, growth, gene) for gene in guide.targets], axis=0))


def _gap(rows: Sequence[custody.Row]) -> dict[str, Any]:
    found = {row.step: row.copies for row in rows}
    if "gap" not in found:
        return {"gap_orders": None, "gap_reason": "no guide in this arm has a site in the asked target, or the readout is neither an mRNA nor what lies behind its targets"}
    gap = found["gap"]
    return {
        "gap_orders": with_nominal(gap),
        "held_copies_per_cell": with_nominal(found["held"]),
        "needed_copies_per_cell": with_nominal(found["needed"]),
    }


def _rivals(arm: Ensemble, rows: Sequence[custody.Row]) -> dict[str, Any]:
    """What each rival structure gives for particles at the tumour, and for copies held."""
    out = []
    by_step = {(row.step, row.product): row for row in rows}
    first = arm.model.network.particles[0].id
    entry = by_step.get(("at_tumour", first))
    heldrow = next((row for row in rows if row.step == "held"), None)
    for i, parameter in enumerate(arm.model.network.parameters):
        if parameter.quantity != "rival" or parameter.spread is None:
            continue
        for value, component in enumerate(parameter.spread.components):
            chosen = (arm.matrix[1:, i] == value) & arm.good[1:]
            item: dict[str, Any] = {"rival": parameter.id, "structure": component.record, "draws": int(chosen.sum())}
            item["records"] = [r for p in arm.model.network.parameters if p.quantity == component.record for r in p.records]
            if entry is not None and chosen.any():
                item["at_tumour_per_cell"] = interval(entry.particles[1:][chosen])
            if heldrow is not None and chosen.any():
                item["held_copies_per_cell"] = interval(heldrow.copies[1:][chosen])
            out.append(item)
    return {"rivals": out}


def _hit(arm: Ensemble, guide: Guide, question: Question) -> dict[str, Any]:
    """Mean over cells, share of cells reached, the effect in a reached cell, and the share of free AGO that all guides take."""
    end = arm.at(question.at)
    out: dict[str, Any] = {"reached_share": interval(arm.observable(f"reached_cells:{guide.id}")[1:, end])}
    inside = f"in_reached:{guide.target}:{guide.id}"
    if arm.has(inside):
        out["loss_in_reached_cell"] = interval(arm.observable(inside)[1:, end])
    taken = sum((arm.observable(f"ago_taken:{g.id}")[1:, end] for g in arm.model.guides), np.zeros(arm.matrix.shape[0] - 1))
    out["ago_taken_share"] = interval(taken)
    if question.readout.startswith(("mRNA:", "protein:")) and question.readout in arm.program.observables:
        out["mean_over_cells"] = interval(1 - arm.observable(question.readout)[1:, end])
    return out


def _share_reaching(change: Array, direction: str) -> float:
    """Share of draws in which a readout differs in a direction by what counts (or, for ``0``, does not differ)."""
    if len(change) == 0:
        return 0.0
    if direction == "0":
        return float(np.mean(np.abs(change) < NO_DIFFERENCE))
    return float(np.mean(change * (1.0 if direction == "+" else -1.0) >= NO_DIFFERENCE))


def marks(report: Report, arm: Ensemble, control: Ensemble, verdict: dict[str, Any], time: float) -> dict[str, Any]:
    """Agreement and carry of one published statement."""
    change = relative_change(arm, control, report.readout, time)[1:]
    middle = float(np.nanmedian(change))
    direction = "0" if abs(middle) < NO_DIFFERENCE else ("+" if middle > 0 else "-")
    gap = verdict.get("gap_orders")
    low = gap["q05"] if gap else None
    if _share_reaching(change[~np.isnan(change)], report.direction) >= PLAUSIBLE:
        carry = "carried"
    elif low is not None and low > CARRIED_GAP:
        carry = "not carried"
    else:
        carry = "undetermined"
    return {
        "reference": report.reference,
        "experiment": report.experiment,
        "readout": report.readout,
        "reported_direction": report.direction,
        "simulated_direction": direction,
        "simulated_change": interval(change),
        "agreement": "pass" if direction == report.direction else "fail",
        "carry": carry,
        "unexplained": carry == "not carried" and report.direction != "0",
        "statement": report.statement,
    }
