"""One law of growth fitted to the courses of one arm: as a population of subjects, or each subject alone where there are few."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from vesicle.evidence import matching
from vesicle.evidence.library import Library
from vesicle.inference import fitting
from vesicle.inference.courses import EXACT, Course, Padded, padded
from vesicle.inference.fitting import LN_2_PI, Array, Held, LeastSquares, Noise, Problem, Solution
from vesicle.inference.growth.question import Asked
from vesicle.inference.growth.recorded import priors_of
from vesicle.inference.mixed import LEAST_OMEGA, START, Mixed
from vesicle.inference.priors import LogPrior
from vesicle.mechanisms.phenotype.growth_curves import GrowthLaw, law_named

LEAST_SUBJECTS = 5
REACH = 1e4
"""Bounds of a parameter: so much below and above where the search begins."""
SPREAD = 0.3
"""Where the search for the spread between subjects begins, as a standard deviation of the logarithm."""


@dataclass
class Within(Problem):
    """A problem in which some parameters always stay."""

    inner: Problem
    always: Held

    def __post_init__(self) -> None:
        self.names, self.low, self.high = self.inner.names, self.inner.low, self.inner.high

    def value(self, x: Array) -> float:
        return self.inner.value(x)

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        return self.inner.minimum(start, {**self.always, **held})


@dataclass
class Fit:
    """One law on one arm."""

    law: GrowthLaw
    problem: Within
    held: Held
    solution: Solution
    subjects: int
    notes: list[str] = field(default_factory=list)
    priors: dict[int, LogPrior] = field(default_factory=dict)

    @property
    def penalty(self) -> float:
        """What the priors add to -2 ln L: once per population, once per subject where each stands alone."""
        each = 1 + len(self.law.parameters)
        x = self.solution.x
        rows = [x] if isinstance(self.problem.inner, Mixed) else [x[i * each : (i + 1) * each] for i in range(self.subjects)]
        return sum(prior.penalty(float(row[k])) for row in rows for k, prior in self.priors.items())

    @property
    def minus_2_ln_likelihood(self) -> float:
        """-2 ln L at the solution, without the priors."""
        return self.solution.value - self.penalty

    @property
    def parameters(self) -> int:
        """How many parameters were estimated."""
        return len(self.problem.names) - len(self.held)

    @property
    def free(self) -> list[int]:
        """Places of the estimated parameters."""
        return [i for i in range(len(self.problem.names)) if i not in self.held]


def fit_law(name: str, courses: Sequence[Course], asked: Asked, library: Library, checksum: str = "", near: Array | None = None, watch: Callable[[], None] = lambda: None) -> Fit:
    """One law fitted to the courses of one arm, from several starts or from a point nearby."""
    psi = matching.match(library, "growth_switch_exponent", {}).records[0].value
    law = law_named(name, psi, reference_volume(courses, asked))
    begin = asked.inoculum[0] if asked.inoculum else None
    data = padded(courses, begin)
    noise = fitting.noise(asked.error, data.values[data.here])
    rate, volume = _rough(courses)
    mu = np.log([_first_volume(courses, asked), *law.guess(rate, volume)])
    priors, notes = priors_of(law, asked, library, checksum) if asked.priors else ({}, [])
    problem, held, start = (_population if is_population(courses) else _alone)(law, data, noise, mu, priors, courses, asked)
    shell = Within(problem, held)
    solution = fitting.best(shell, start if near is None else near, asked.starts if near is None else 1, asked.seed, SPREAD * 2, watch)
    return Fit(law, shell, held, solution, len(courses), notes, priors)


def parameters_of(name: str, courses: Sequence[Course], asked: Asked) -> int:
    """How many parameters a law has on these courses; see :attr:`Fit.parameters`."""
    own = 1 + len(law_named(name, 1.0).parameters)
    errors = len(fitting.Noise(asked.error, 1.0, 1.0).names)
    if is_population(courses):
        return 2 * own + errors - (2 if asked.inoculum else 0)
    return len(courses) * (own - (1 if asked.inoculum else 0)) + errors


def measured(courses: Sequence[Course]) -> int:
    """How many values were measured; limits are none."""
    return sum(int((c.kinds == EXACT).sum()) for c in courses)


def is_population(courses: Sequence[Course]) -> bool:
    """Whether there are subjects enough for a population."""
    return len(courses) >= LEAST_SUBJECTS


def reference_volume(courses: Sequence[Course], asked: Asked) -> float:
    """The volume at which Gompertz's first rate is stated: that of the inoculum, else the median first volume, to two digits."""
    if asked.inoculum is not None:
        return asked.inoculum[1]
    return float(f"{_first_volume(courses, asked):.2g}")


def _first_volume(courses: Sequence[Course], asked: Asked) -> float:
    if asked.inoculum is not None:
        return asked.inoculum[1]
    return float(np.median([c.values[c.values > 0][0] for c in courses]))


def _rough(courses: Sequence[Course]) -> tuple[float, float]:
    """Median slope of ln V and a middle volume: where the search begins."""
    slopes, middles = [], []
    for c in courses:
        good = c.values > 0
        middles.append(float(np.log(c.values[good]).mean()))
        if good.sum() > 1:
            slopes.append(float(np.polyfit(c.times[good], np.log(c.values[good]), 1)[0]))
    span = float(np.median([c.times[-1] - c.times[0] for c in courses]))
    return max(float(np.median(slopes)) if slopes else 0.0, 0.1 / span), math.exp(float(np.median(middles)))


def _population(
    law: GrowthLaw, data: Padded, noise: Noise, mu: Array, priors: dict[int, LogPrior], courses: Sequence[Course], asked: Asked
) -> tuple[Problem, dict[int, float], Array]:
    wide = math.log(REACH)
    problem = Mixed(law, data, noise, mu - wide, mu + wide, priors)
    held = {0: float(mu[0]), problem.size: math.log(LEAST_OMEGA)} if asked.inoculum else {}
    start = np.concatenate([mu, np.full(problem.size, math.log(SPREAD)), noise.start])
    for index, at in held.items():
        start[index] = at
    return problem, held, start


def _alone(law: GrowthLaw, data: Padded, noise: Noise, mu: Array, priors: dict[int, LogPrior], courses: Sequence[Course], asked: Asked) -> tuple[Problem, dict[int, float], Array]:
    """Every subject with parameters of its own, one error for all, as least squares."""
    own = (START, *(p.name for p in law.parameters))
    n, p = len(courses), len(own)
    names = tuple(f"{name}[{c.subject or i + 1}]" if n > 1 else name for i, c in enumerate(courses) for name in own) + noise.names
    low, high = noise.bounds
    wide = math.log(REACH)
    least = math.sqrt(float(noise.variance(np.zeros(1), low)[0]))

    def function(x: Array) -> Array:
        phi = x[: n * p].reshape(n, p)
        f = law.volume(data.times, np.exp(phi[:, 0]), np.exp(phi[:, 1:]))
        f = np.clip(f, 0.0, 1e6 * noise.scale)
        here = data.here
        found = fitting.residuals(data.values[here], data.kinds[here], f[here], noise.variance(f, x[n * p :])[here], least)
        return np.concatenate([found, [math.sqrt(prior.penalty(float(row[k]))) for row in phi for k, prior in priors.items()]])

    exact = int((data.here & (data.kinds == EXACT)).sum())
    problem = LeastSquares(names, np.concatenate([np.tile(mu - wide, n), low]), np.concatenate([np.tile(mu + wide, n), high]), function, exact * (LN_2_PI + 2 * math.log(least)))
    firsts = [math.log(c.values[c.values > 0][0]) for c in courses]
    each = [np.concatenate([[mu[0] if asked.inoculum else first], mu[1:]]) for first in firsts]
    held = {i * p: float(mu[0]) for i in range(n)} if asked.inoculum else {}
    return problem, held, np.concatenate([*each, noise.start])
