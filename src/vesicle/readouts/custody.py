"""The chain of custody: how many particles and copies crossed each step, and what was kept.

Counts are the engine's cumulative crossings up to the time of the question, divided by the
recipient cells at the start of treatment. *Loaded* counts the particles with at least one copy.
"Held" is the time average of guides in AGO per cell (current cells), "needed" the level that
the acting mechanism requires, and

    gap = log10(needed / held)        per draw

so that the gap can be recomputed from the table.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy

from vesicle.engines.program import parameter_values
from vesicle.mechanisms.acting.silencing import Guide, guides_needed, word
from vesicle.network.expressions import symbol
from vesicle.network.types import OTHER, Particle
from vesicle.readouts.ensemble import Array, Ensemble, rank_shares

CHAIN = ("made", "loaded", "given", "circulating", "at_tumour", "in_reach", "bound", "internalised", "released", "engaged")
DONOR_CHAIN = ("made", "loaded", "released_by_donor", "isolated")
"""Steps of a donor culture; the first two are shared."""
BESIDE = "taken_by_others"
"""No step of the chain: what further recipients took in, kept as a share of what was given."""
STEPS = (*CHAIN, *DONOR_CHAIN[2:])
SMALL_SHARE = 0.05
WORDS = {
    "released_by_donor": "released by the donor",
    "isolated": "counted (after re-uptake and isolation)",
    "made": "made",
    "loaded": "loaded (at least one copy)",
    "given": "given (after handling)",
    "circulating": "circulating",
    "at_tumour": "at the tumour",
    "in_reach": "in reach of the cell",
    "bound": "bound",
    "internalised": "internalised",
    "released": "out of the endosome",
    "engaged": "engaged (in AGO)",
    "taken_by_others": "taken in by other cells (share of given)",
    "held": "held in AGO, time average per cell",
    "needed": "needed in AGO per cell",
    "gap": "gap",
    "target": "target changed",
    "phenotype": "phenotype changed",
}


@dataclass
class Row:
    """One line of the custody table.

    Attributes
    ----------
    particles, copies : (1 + n,) per recipient cell (nan where the step has none); row 0 nominal.
    kept : (1 + n,) copies kept from the step before.
    parameters : the parameters that set what is kept, most telling first.
    """

    step: str
    product: str
    particles: Array
    copies: Array
    kept: Array
    parameters: tuple[str, ...] = ()


def main_guide(ensemble: Ensemble, gene: str = "") -> Guide | None:
    """The guide that the question is about: one with a site in the gene, else the first."""
    guides = ensemble.model.guides
    acting = [g for g in guides if g.matches and (not gene or gene in g.targets)]
    chosen = [g for g in acting if g.kind == "siRNA"] or acting or list(guides)
    return chosen[0] if chosen else None


def copies_of(ensemble: Ensemble, particle: Particle, guide: str) -> Array:
    """(1 + n,) mean copies of a guide per particle."""
    for passenger in particle.passengers:
        if passenger.entity == guide and passenger.role == "guide":
            return parameter_values(passenger.copies, ensemble.model.network.parameters, ensemble.matrix)
    return np.zeros(ensemble.matrix.shape[0])


def table(ensemble: Ensemble, guide: Guide | None, until: float) -> list[Row]:
    """The custody rows of one arm, all its particles; without a guide only particles are counted."""
    cells = ensemble.observable("cells")[:, 0]
    rows = []
    for particle in ensemble.model.network.particles:
        rows += _particle_rows(ensemble, particle, guide, cells, until)
    if guide is not None:
        rows.append(_engaged(ensemble, guide, cells, until, rows))
    return rows


def _particle_rows(ensemble: Ensemble, particle: Particle, guide: Guide | None, cells: Array, until: float) -> list[Row]:
    end = ensemble.at(until)
    n = copies_of(ensemble, particle, guide.id) if guide else np.ones_like(cells)
    given = ensemble.extent("given", particle.id)[:, end] / cells
    handling = ensemble.parameter("handling_recovery__exosome")
    counts = {"made": given / handling, "given": given}
    counts["loaded"] = counts["made"] * (-np.expm1(-n) if guide else 1.0)
    for step in CHAIN[3:9]:
        counts[step] = ensemble.extent(step, particle.id)[:, end] / cells
    others = _taken_by_others(ensemble, particle.id)
    rows, before = [], counts["made"] * n
    for step in CHAIN[:9]:
        if step == "circulating" and not counts[step].any() or step == "at_tumour" and not counts[step].any():
            continue
        copies = counts["made" if step == "loaded" else step] * n
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(before > 0, copies / before, np.nan)
        rows.append(Row(step, particle.id, counts[step], copies if guide else np.full_like(copies, np.nan), kept))
        before = copies
    if others is not None:
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(given > 0, others[:, end] / cells / given, np.nan)
        copies = others[:, end] / cells * n
        rows.append(Row(BESIDE, particle.id, others[:, end] / cells, copies if guide else np.full_like(copies, np.nan), share))
    for row in rows:
        row.parameters = setters(ensemble, row)
    return rows


def _taken_by_others(ensemble: Ensemble, particle: str) -> Array | None:
    """(1 + n, n_time) vesicles that cells beside the recipient took in; None where it is alone."""
    steps = [
        name.removeprefix("n_").removesuffix(f"__{particle}") for name in ensemble.program.counters if name.startswith(f"n_internalised{OTHER}") and name.endswith(f"__{particle}")
    ]
    return np.asarray(sum(ensemble.extent(step, particle) for step in steps)) if steps else None


def _engaged(ensemble: Ensemble, guide: Guide, cells: Array, until: float, rows: list[Row]) -> Row:
    copies = ensemble.extent("engaged", guide.id)[:, ensemble.at(until)] / cells
    released = sum((row.copies for row in rows if row.step == "released"), np.zeros_like(copies))
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(released > 0, copies / released, np.nan)
    row = Row("engaged", "all", np.full_like(copies, np.nan), copies, kept)
    row.parameters = setters(ensemble, row)
    return row


def setters(ensemble: Ensemble, row: Row, most: int = 3) -> tuple[str, ...]:
    """The sourced parameters whose draws tell most about what this step keeps.

    A parameter counts when its share is above 5 % and its correlation beyond three standard
    errors of chance, 3 / sqrt(n).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.log10(row.kept[1:])
    shares = rank_shares(columns(ensemble), target)
    chance = 3 / np.sqrt(max(len(target), 1))
    return tuple(name for name, (share, r) in list(shares.items())[:most] if share > SMALL_SHARE and abs(r) > chance)


def columns(ensemble: Ensemble) -> dict[str, Array]:
    """Parameter draws by id, for parameters that have records or are rivals."""
    keep = [(i, p) for i, p in enumerate(ensemble.model.network.parameters) if p.records or p.quantity == "rival"]
    return {p.id: ensemble.matrix[1:, i] for i, p in keep}


def held(ensemble: Ensemble, guide: Guide, until: float) -> Array:
    """(1 + n,) time average of guides in AGO per cell up to a time [copy/cell]."""
    return ensemble.mean_over(ensemble.observable(f"engaged:{guide.id}"), until)


def acting_constants(ensemble: Ensemble, guide: Guide, until: float) -> tuple[Array, Array, Array, Array]:
    """(1 + n,) each: m0 [copy/cell], turnover a, K' [copy/cell] and k_cat of a guide at its target, with the arm's own mean growth."""
    cells = ensemble.observable("cells")
    return _constants(ensemble, guide, np.log(cells[:, ensemble.at(until)] / cells[:, 0]) / until, guide.target)


def needed(ensemble: Ensemble, guide: Guide, change: float, growth: Array, gene: str = "") -> Array:
    """(1 + n,) guides in AGO per cell that hold the mRNA of a target (the first one where none is named) at the asked change.

    Parameters
    ----------
    change : relative change, negative (-0.5 for half).
    growth : (1 + n,) mean growth rate of the untreated cells [1/h].
    """
    rest, turnover, constant, loss = _constants(ensemble, guide, growth, gene or guide.target)
    return guides_needed(rest, constant, turnover, loss, change)


def _constants(ensemble: Ensemble, guide: Guide, growth: Array, gene: str) -> tuple[Array, Array, Array, Array]:
    parameters, matrix = ensemble.model.network.parameters, ensemble.matrix
    rules = {rule.id: rule.expression for rule in ensemble.model.network.rules}
    rest = ensemble.parameter(f"mrna_copies_per_cell__{word(gene)}")
    decay = np.log(2) / ensemble.parameter(f"mrna_half_life__{word(gene)}")
    constant = parameter_values(_resolve(rules[f"K_site__{guide.kind}"], rules), parameters, matrix)
    loss_rule = rules[f"k_cat__{guide.at(gene)}"]
    mu = symbol("growth_rate")
    slope = parameter_values(sympy.diff(loss_rule, mu), parameters, matrix) if loss_rule.has(mu) else np.zeros_like(growth)
    loss = parameter_values(loss_rule.subs(mu, 0), parameters, matrix) + slope * growth
    return rest, decay + growth, constant, loss


def _resolve(expression: sympy.Expr, rules: dict[str, sympy.Expr]) -> sympy.Expr:
    for _ in range(len(rules)):
        inside = {s: rules[str(s)] for s in expression.free_symbols if str(s) in rules}
        if not inside:
            break
        expression = expression.xreplace(inside)
    return expression
