"""What the data say about each parameter of a law: its profile, its partner in correlation, and the sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from vesicle.evidence.library import Library
from vesicle.inference import fitting
from vesicle.inference.fit_document import DIGITS, Plain, profile_cells
from vesicle.inference.fitting import Array, Held, Problem, Profile, Solution
from vesicle.inference.growth.one_law import Fit
from vesicle.inference.growth.question import VOLUME, Asked
from vesicle.inference.growth.recorded import UNITS, recorded
from vesicle.inference.mixed import START
from vesicle.mechanisms.phenotype.growth_curves import LawParameter
from vesicle.readouts.ensemble import rounded
from vesicle.runs.pool import Progress

ERRORS = (fitting.ADDITIVE, fitting.PROPORTIONAL)
"""Names of the parameters of the error."""


def profiles(fits: Mapping[str, Fit], label: str, progress: Progress) -> dict[str, dict[int, Profile]]:
    """Profiles of the parameters of laws: medians and spreads between subjects in a population, all but first volumes and error where each stands alone."""
    wanted = {name: [i for i in fit.free if START not in fit.problem.names[i] and fit.problem.names[i] not in ERRORS] for name, fit in fits.items()}
    total, done = sum(map(len, wanted.values())), 0
    out: dict[str, dict[int, Profile]] = {}

    def watch() -> None:
        nonlocal done
        done += 1
        progress(done, total, label)

    for name, fit in fits.items():
        out[name], fit.solution = fitting.profiles(fit.problem, fit.solution, wanted[name], watch)
    return out


@dataclass
class _Free(Problem):
    """A problem seen through its free parameters."""

    whole: Problem
    at: Array
    free: list[int]

    def __post_init__(self) -> None:
        self.names = tuple(self.whole.names[i] for i in self.free)
        self.low, self.high = self.whole.low[self.free], self.whole.high[self.free]

    def value(self, x: Array) -> float:
        point = self.at.copy()
        point[self.free] = x
        return self.whole.value(point)

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        raise NotImplementedError("only its value is asked for")


def correlations_of(fit: Fit) -> Array:
    """Correlation of the free parameters."""
    seen = _Free(fit.problem, fit.solution.x, fit.free)
    return fitting.correlation(seen, Solution(fit.solution.x[fit.free], fit.solution.value, 1, 1), 1e-2)


def parameter_row(index: int, fit: Fit, profile: Profile | None, correlations: Array | None, asked: Asked, library: Library) -> Plain:
    """A parameter with its unit, its meaning, how it becomes a record, and its profile."""
    name = fit.problem.names[index]
    word, _, subject = name.partition("[")
    base = word.removeprefix("spread_of_")
    by_name = {p.name: p for p in fit.law.parameters}
    is_spread = word.startswith("spread_of_")
    unit = "1" if is_spread or base == fitting.PROPORTIONAL else VOLUME if base in (START, fitting.ADDITIVE) else UNITS[by_name[base].dimension]
    row: Plain = {"name": name, "unit": unit, "value": rounded(math.exp(fit.solution.x[index]), DIGITS), "means": _means(base, by_name, is_spread), "subject": subject.rstrip("]")}
    if index in fit.held:
        return {**row, "held": True, "words": "given, not fitted" if base == START and not is_spread else "held"}
    if base in by_name:
        as_record = recorded(by_name[base], library, asked.inoculum is not None)
        row["record"] = {"quantity": as_record.quantity, "unit": as_record.unit, "factor": as_record.factor, "power": as_record.power, "is_spread": is_spread}
    if profile is None:
        return row
    partner = fitting.partner_of(fit.free.index(index), [fit.problem.names[i] for i in fit.free], correlations) if correlations is not None else None
    return {**row, **profile_cells(profile, unit, partner)}


def _means(base: str, by_name: Mapping[str, LawParameter], is_spread: bool) -> str:
    known = {START: "volume at the first time", fitting.ADDITIVE: "error that does not grow with the volume (SD)", fitting.PROPORTIONAL: "error as a share of the volume (SD)"}
    text = known.get(base) or by_name[base].means
    return f"spread between subjects (SD of the logarithm) of: {text}" if is_spread else text
