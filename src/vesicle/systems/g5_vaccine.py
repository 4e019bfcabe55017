"""G5: vesicles of dendritic cells with an antigen as a vaccine: the curve of T cells over dose, with its controls and what it rests on."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.trials import trials
from vesicle.model.vaccine import Design
from vesicle.readouts.drawn import told
from vesicle.readouts.ensemble import Array, rank_shares
from vesicle.readouts.vaccine import Response, respond
from vesicle.systems.base import Check, Experiment, above, below, between

DRAWS, MOST = 200, 0.9
DOSES = (1e9, 1e11, 1e13, 1e15, 1e17)
"""MHC class II molecules given: from far below the trials to far above."""
EXACT = 1e-12


class Vaccine(Experiment):
    """A curve over dose, without antigen, without dendritic cells, and the dose of a trial."""

    system = "G5"
    asks = "Does an antigen on vesicles of dendritic cells give a curve of T-cell response over dose, none without it, less without dendritic cells; where are the trials?"
    takes_away = "the antigen"
    used = ("C-0609",)
    told = ("C-0287",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Curve, controls, trial dose, what decides."""
        antigen = not knocked_out
        curve = [respond(library, Design(dose, has_antigen=antigen), DRAWS) for dose in DOSES]
        return [*_curve(curve), *_controls(library, antigen), *_trial(library, antigen)]


def _curve(curve: list[Response]) -> list[Check]:
    middle = [float(np.median(r.cells[1:])) for r in curve]
    words = "; ".join(f"{d:g}: {told(r.cells)}" for d, r in zip(DOSES, curve, strict=True))
    rises = [b / a if a > 0 else 0.0 for a, b in pairwise(middle)]
    return [
        above("activated T cells at a dose over a hundredth of it, least of the steps, median", min(rises), 1),
        below("the same, last step over largest: it saturates", rises[-1] / max(rises) if max(rises) > 0 else 1.0, 0.5),
        Check("activated T cells by MHC class II given, q50 (q05 to q95)", words, "told, not judged", True),
        Check("draws in which the mean over dendritic cells is above that of the mean cell, at 1e13: many get little, some enough",
              float(np.mean(curve[2].contact[1:] > curve[2].mean_field[1:])), "told, not judged", True),
        between("activated T cells over what full activation gives, largest of all", max(float(np.max(r.cells[1:] / _ceiling(r))) for r in curve), 0, 1 + 1e-9),
    ]  # fmt: skip


def _ceiling(response: Response) -> Array:
    """T cells if every contact activated: N(0) exp(g T) bounds it."""
    p = response.parameters
    growth = p[next(k for k in p if k.startswith("cd8_proliferation"))] - p[next(k for k in p if k.startswith("cd8_death"))]
    return np.asarray(response.naive[1:] * np.exp(growth * p["t_cell_expansion_time"]))


def _controls(library: Library, antigen: bool) -> list[Check]:
    """No antigen, no dendritic cells, on the same draws."""
    full = respond(library, Design(has_antigen=antigen), DRAWS)
    none = respond(library, Design(has_antigen=False), DRAWS)
    alone = respond(library, Design(has_antigen=antigen, meets_dendritic_cells=False), DRAWS)
    fewer = float(np.mean(alone.cells[1:] < full.cells[1:]))
    return [
        between("activated T cells without antigen, largest of draws", float(np.max(none.cells)), 0, EXACT),
        above("draws in which vesicles activate less without dendritic cells, by the count alone (Thery2002, VincentSchneider2002)", fewer, MOST),
        Check("activated T cells without dendritic cells, q50 (q05 to q95)", told(alone.cells), "told, not judged", True),
    ]


def _trial(library: Library, antigen: bool) -> list[Check]:
    """The recorded dose of a trial of maintenance, and what the trials saw."""
    found = respond(library, Design(has_antigen=antigen), DRAWS)
    fold = found.cells[1:] / found.naive[1:]
    shares = rank_shares(found.parameters, np.log10(np.maximum(found.cells[1:], 1e-300)))
    decider, (weight, _) = next(iter(shares.items()), ("nothing", (0.0, 0.0)))
    outcomes = "; ".join(f"{t.id}: {t.outcome}" for t in trials() if t.payload == "antigenic peptide")
    return [
        above("activated T cells over naive ones that recognise the antigen, at the dose of M-2065, 95 % point of draws", float(np.quantile(fold, 0.95)), 1),
        Check("the same, q50 (q05 to q95)", told(np.concatenate([[0.0], fold])), "told: from nothing to a full response", True),
        Check("draws in which the dose activates more cells than there were", float(np.mean(fold > 1)), "told: open at these records", True),
        Check("what decides it", f"{decider} ({weight:.0%})", "told, not judged", True),
        Check("vesicles on a dendritic cell and complexes that it shows", f"{told(found.vesicles)}; {told(found.shown)}", "told, not judged", True),
        Check("what was seen in patients", outcomes, "told, not judged: C-0287 (it works) is not confirmed", True),
    ]
