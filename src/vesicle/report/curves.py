"""What the figures draw: bands over time, arms that coincide, steps of the chain. Numbers only, no ink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vesicle.readouts.custody import CHAIN, DONOR_CHAIN, STEPS, WORDS, Row
from vesicle.readouts.ensemble import Array, Ensemble
from vesicle.runs.execute import Outcome, control_of

QUANTILES = (0.05, 0.5, 0.95)
SAME_WITHIN = 0.01
"""Arms whose bands differ by less than this share at every time are drawn as one."""
ORGAN_WORDS = {"rest": "rest of the body"}
STATES = ("on_vesicles", "freed", "in_cells")


@dataclass(frozen=True)
class Band:
    """Median and 5-95 % band of one observable over time.

    Attributes
    ----------
    times : (n_time,) [h].
    low, middle, high : (n_time,) in ``unit``.
    """

    label: str
    unit: str
    times: Array
    low: Array
    middle: Array
    high: Array

    def divided(self, by: float) -> Band:
        """The same band in larger units."""
        return replace(self, low=self.low / by, middle=self.middle / by, high=self.high / by)

    def at(self, position: int) -> dict[str, float]:
        """The interval at one output time."""
        return {"q05": float(self.low[position]), "q50": float(self.middle[position]), "q95": float(self.high[position])}


@dataclass(frozen=True)
class Group:
    """Arms that coincide, drawn as one band."""

    labels: tuple[str, ...]
    band: Band

    @property
    def legend(self) -> str:
        """The first arm and how many stand behind it."""
        others = len(self.labels) - 1
        return self.labels[0] if others == 0 else f"{self.labels[0]} + {others} more"


@dataclass(frozen=True)
class Panel:
    """One small panel: a title and its curves."""

    title: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Chain:
    """The steps of one arm's chain for every kind of particle.

    Attributes
    ----------
    quantity : ``copies_per_cell`` or ``particles_per_cell``.
    series : particle -> step -> {q05, q50, q95}.
    """

    arm: str
    label: str
    quantity: str
    steps: tuple[str, ...]
    series: Mapping[str, Mapping[str, dict[str, Any]]]
    kept: Mapping[str, Mapping[str, dict[str, Any]]] = field(default_factory=dict)
    held: dict[str, Any] | None = None
    needed: dict[str, Any] | None = None

    @property
    def drawable(self) -> bool:
        """Whether any step has a positive median."""
        return any((found["q50"] or 0) > 0 for steps in self.series.values() for found in steps.values())


def band(ensemble: Ensemble, values: Array, label: str, unit: str) -> Band:
    """The band of (1 + n, n_time) values over the draws that ended well."""
    draws = values[1:][ensemble.good[1:]]
    if not len(draws):
        draws = values[:1]
    low, middle, high = np.quantile(draws, QUANTILES, axis=0, method="inverted_cdf")
    return Band(label, unit, np.array(ensemble.program.times), low, middle, high)


def observed(ensemble: Ensemble, name: str, label: str) -> Band:
    """The band of an observable."""
    unit = next(o.unit for o in ensemble.model.network.observables if o.id == name)
    return band(ensemble, ensemble.observable(name), label, unit)


def label_of(outcome: Outcome, arm: str) -> str:
    """The arm's label, else its name."""
    return outcome.scenario.arms[arm].label or arm


def observable_words(outcome: Outcome, name: str) -> str:
    """What an observable is called in the network, without its footnote; else its id."""
    for ensemble in outcome.ensembles.values():
        for observable in ensemble.model.network.observables:
            if observable.id == name and observable.label:
                return observable.label.partition(",")[0]
    return name.replace("_", " ").replace(":", " ")


def size_readout(outcome: Outcome) -> str:
    """The release of donor cells, ``tumour_volume`` where there is a tumour, else ``cells``."""
    if any(e.has("release_rate") for e in outcome.ensembles.values()):
        return "release_rate"
    return "tumour_volume" if any(e.has("tumour_volume") for e in outcome.ensembles.values()) else "cells"


def size_groups(outcome: Outcome) -> list[Group]:
    """Arms by size of the tumour or number of cells, arms that coincide together."""
    name = size_readout(outcome)
    groups: list[Group] = []
    for arm, ensemble in outcome.ensembles.items():
        if not ensemble.has(name):
            continue
        mine = observed(ensemble, name, label_of(outcome, arm))
        place = next((i for i, g in enumerate(groups) if same(g.band, mine)), None)
        if place is None:
            groups.append(Group((mine.label,), mine))
        else:
            groups[place] = Group((*groups[place].labels, mine.label), groups[place].band)
    return groups


def same(a: Band, b: Band) -> bool:
    """Whether two bands differ by less than ``SAME_WITHIN`` at every time."""
    pairs = ((a.low, b.low), (a.middle, b.middle), (a.high, b.high))
    return all(x.shape == y.shape and bool(np.all(np.abs(x - y) <= SAME_WITHIN * np.maximum(np.abs(x), np.abs(y)))) for x, y in pairs)


def largest_difference(outcome: Outcome) -> tuple[float, str]:
    """The largest relative difference of any arm from its control, same draw, any time, and that arm's label."""
    name, worst = size_readout(outcome), (0.0, "")
    for arm, ensemble in outcome.ensembles.items():
        control = outcome.ensembles[control_of(arm, outcome.scenario)]
        if control is ensemble or not (ensemble.has(name) and control.has(name)):
            continue
        good = ensemble.good & control.good
        a, c = ensemble.observable(name)[good], control.observable(name)[good]
        with np.errstate(all="ignore"):
            difference = np.abs(a / c - 1)
        found = float(np.max(difference[np.isfinite(difference)], initial=0.0))
        worst = max(worst, (found, label_of(outcome, arm)))
    return worst


def readout_bands(outcome: Outcome) -> list[Band]:
    """The question's readout in the question's arm and in its control."""
    question = outcome.scenario.question
    arms = dict.fromkeys((question.arm, control_of(question.arm, outcome.scenario)))
    return [observed(outcome.ensembles[a], question.readout, label_of(outcome, a)) for a in arms if outcome.ensembles[a].has(question.readout)]


def chain(arm: str, told: Mapping[str, Any], quantity: str) -> Chain:
    """The chain of one arm from its part of ``summary.json``."""
    series: dict[str, dict[str, Any]] = {}
    kept: dict[str, dict[str, Any]] = {}
    for row in told.get("custody", []):
        if row["step"] in STEPS and quantity in row:
            series.setdefault(row["product"], {})[row["step"]] = row[quantity]
            if "fraction_kept" in row:
                kept.setdefault(row["product"], {})[row["step"]] = row["fraction_kept"]
    order = DONOR_CHAIN if any("released_by_donor" in found for found in series.values()) else CHAIN
    steps = tuple(step for step in order if any(step in found for found in series.values()))
    verdict = told.get("verdict", {})
    levels = (verdict.get("held_copies_per_cell"), verdict.get("needed_copies_per_cell")) if quantity == "copies_per_cell" else (None, None)
    return Chain(arm, told.get("label", arm), quantity, steps, series, kept, *levels)


def quantity_of(told: Mapping[str, Any]) -> str:
    """Copies where the arm carries cargo that acts, else particles."""
    return "copies_per_cell" if any("copies_per_cell" in row and row["step"] in STEPS for row in told.get("custody", [])) else "particles_per_cell"


def total_medians(rows: Sequence[Row], quantity: str) -> dict[str, float]:
    """Step -> median over draws of the sum over all kinds of particles."""
    sums: dict[str, Array] = {}
    for row in rows:
        values = row.copies if quantity == "copies_per_cell" else row.particles
        if row.step in STEPS and not np.all(np.isnan(values)):
            sums[row.step] = sums.get(row.step, 0.0) + values[1:]
    return {step: float(np.nanquantile(values, 0.5, method="inverted_cdf")) for step, values in sums.items() if not np.all(np.isnan(values))}


def step_words(step: str) -> str:
    """A step's words without the remark in brackets."""
    return WORDS.get(step, step).partition(" (")[0]


def organ_panels(outcome: Outcome) -> list[Panel]:
    """Particles of the question's arm by organ, one band per kind of particle."""
    ensemble = outcome.ensembles[outcome.scenario.question.arm]
    organs: dict[str, list[Band]] = {}
    for name in ensemble.program.observables:
        if name.startswith("in:"):
            _, organ, particle = name.split(":", 2)
            organs.setdefault(organ, []).append(observed(ensemble, name, particle.replace("_", " ")))
    return [Panel(ORGAN_WORDS.get(organ, organ), tuple(bands)) for organ, bands in organs.items()]


def signal_panels(outcome: Outcome) -> list[Panel]:
    """The label signal of the question's arm by organ: total, then its states."""
    ensemble = outcome.ensembles[outcome.scenario.question.arm]
    organs = [name.split(":")[1] for name in ensemble.program.observables if name.startswith("signal:") and name.count(":") == 1]
    panels = []
    for organ in organs:
        names = [("", "total signal"), *((f":{state}", state.replace("_", " ")) for state in STATES)]
        panels.append(
            Panel(ORGAN_WORDS.get(organ, organ), tuple(observed(ensemble, f"signal:{organ}{tail}", words) for tail, words in names if ensemble.has(f"signal:{organ}{tail}")))
        )
    return panels


def well_panels(outcome: Outcome) -> list[Panel]:
    """Particles left in the medium, and what arrived at and in the cells, per cell at the start."""
    ensemble = outcome.ensembles[outcome.scenario.question.arm]
    if not ensemble.has("in_medium"):
        return []
    cells = ensemble.observable("cells")[:, :1]
    medium = band(ensemble, ensemble.observable("in_medium") / cells, "in the medium", "EV/cell")
    particle = ensemble.model.network.particles[0].id
    arrived = [
        band(ensemble, extents / cells, step_words(step), "EV/cell")
        for step in ("in_reach", "bound", "internalised", "released")
        if (extents := ensemble.extent(step, particle)).any()
    ]
    return [Panel("left in the medium", (medium,)), Panel("arrived, cumulative", tuple(arrived))]
