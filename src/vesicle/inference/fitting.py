"""The part that all fits share: several starts, profile likelihood, correlation, and what is identifiable, in words.

A problem gives D(x) = -2 ln L(x), or -2 ln of the posterior where priors are in it, of parameters x (logarithms), and finds its minimum with some of them held.

    profile of x_k        P(v) = min D(x) over all x with x_k = v
    interval              the v with P(v) - min D <= q, q the quantile of chi2 with one degree of freedom: 3.84 for 95 %, 2.71 for 90 %
    not identifiable      below (above), if P(v) stays within q down (up) to the bound of x_k, or to where the model can no longer be computed, which is no limit
    correlation           of the inverse of the matrix of second derivatives of D/2 at the minimum; directions without curvature get the width of their bounds,
                          as do parameters next to where nothing can be computed
    AICc                  D + 2 k + 2 k (k + 1) / (n - k - 1), k parameters, n values

Least squares with an error that is estimated: with s_i the standard deviation of value i, D = sum_i ((y_i - f_i)/s_i)^2 + 2 ln s_i. Each 2 ln s_i + C,
with C large enough to be positive, enters as the square of a residual of its own, so that one solver of least squares serves.
What was only seen to lie below (above) a limit enters as -2 ln Phi((limit - f)/s), Phi of the other sign above.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.errors import SolverError
from vesicle.inference.courses import EXACT

Array = npt.NDArray[np.float64]
Held = Mapping[int, float]
LN_2_PI = math.log(2 * math.pi)
CHI2 = {0.90: 2.705543454095404, 0.95: 3.841458820694124}
"""Quantiles of chi2 with one degree of freedom."""
BEYOND = 1.5
"""A profile is followed until it is so far above the 95 % threshold (as a factor), so that the crossing is inside."""
STEP, LEAST_STEP, MOST_STEP, MOST_POINTS = 0.05, 1e-4, 0.8, 60
"""Of a profile, in the logarithm: first step, bounds of it, and how many points to a side."""
WANTED_RISE = 0.7
"""How much a step of a profile should raise D."""
BETTER = 1e-2
"""A minimum lower than the best by so much is a better one."""
CANNOT_BE_TOLD = 2.0
"""Laws whose AICc differ by less cannot be told apart."""
TOLERANCE = 1e-10
LARGE = 1e6
"""A residual where the model has no value, for the search alone: D is infinite there."""
EDGE = 0.02
"""How closely a profile finds the place beyond which the model cannot be computed, in the logarithm."""
ROUNDS = 10
"""How often profiles are made again because a later one found a better minimum."""
DIFFERENCE = 1e-5
"""Step of numerical derivatives, in the logarithm."""


class Problem(ABC):
    """D of the parameters, and its minimum with some of them held.

    Attributes
    ----------
    names : of the parameters.
    low, high : (n,) bounds of their logarithms.
    """

    names: tuple[str, ...]
    low: Array
    high: Array

    @abstractmethod
    def value(self, x: Array) -> float:
        """D at a point; infinite where the model cannot be computed."""

    @abstractmethod
    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        """The minimum that is found from a start, and D there, infinite where only points were met at which nothing can be computed; ``held`` parameters stay."""


@dataclass(frozen=True)
class Solution:
    """The best point: ``x``, ``value`` = D there, and how many of the starts led to it."""

    x: Array
    value: float
    starts: int
    agreeing: int


@dataclass(frozen=True)
class Profile:
    """The profile of one parameter.

    Attributes
    ----------
    points : (n,) values of the logarithm.
    rises : (n,) P - min D.
    intervals : level -> (low, high) of the logarithm; None where the profile ended before the threshold.
    ends : below (above) which place the model cannot be computed; None where the profile met no such place.
    """

    name: str
    best: float
    points: Array
    rises: Array
    intervals: dict[float, tuple[float | None, float | None]]
    ends: tuple[float | None, float | None] = (None, None)

    @property
    def low(self) -> float:
        """The lowest point that was looked at."""
        return float(self.points[0])

    @property
    def high(self) -> float:
        """The highest point that was looked at."""
        return float(self.points[-1])

    @property
    def is_identifiable(self) -> bool:
        """Whether the 95 % interval is closed on both sides."""
        return None not in self.intervals[0.95]


def best(problem: Problem, start: Array, starts: int, seed: int, spread: float = 1.0, watch: Callable[[], None] = lambda: None) -> Solution:
    """The lowest minimum from a start and ``starts - 1`` random ones around it (normal of width ``spread`` in the logarithm, within the bounds).

    Raises
    ------
    SolverError
        If no start leads to a finite value.
    """
    random = np.random.default_rng(seed)
    found = []
    for i in range(max(starts, 1)):
        begin = start if i == 0 else start + spread * random.standard_normal(len(start))
        x, value = problem.minimum(np.clip(begin, problem.low, problem.high), {})
        if np.isfinite(value):
            found.append((value, i, x))
        watch()
    if not found:
        raise SolverError("no start of the fit gave a finite value; the data and the model differ too much, look at units and at the parameters that are held.")
    value, _, x = min(found, key=lambda one: one[:2])
    return Solution(x, value, max(starts, 1), sum(v - value < BETTER for v, _, _ in found))


def profile(problem: Problem, solution: Solution, index: int, watch: Callable[[], None] = lambda: None) -> tuple[Profile, Solution]:
    """The profile of one parameter, and the solution: a better one if the profile came across it."""
    for _ in range(3):
        sides = [_side(problem, solution, index, sign) for sign in (-1, 1)]
        better = min((point for side in sides for point in side.points), key=lambda p: p[1], default=None)
        if better is None or better[1] >= solution.value - BETTER:
            break
        x, value = problem.minimum(better[2], {})
        solution = Solution(x, min(value, better[1]), solution.starts, 1)
    watch()
    points = sorted([(v, d) for side in sides for v, d, _ in side.points] + [(float(solution.x[index]), solution.value)])
    at, rises = np.array([p for p, _ in points]), np.maximum(np.array([d for _, d in points]) - solution.value, 0.0)
    centre = float(solution.x[index])
    intervals = {level: (_crossing(at[at <= centre][::-1], rises[at <= centre][::-1], q), _crossing(at[at >= centre], rises[at >= centre], q)) for level, q in CHI2.items()}
    return Profile(problem.names[index], centre, at, rises, intervals, (sides[0].end, sides[1].end)), solution


def profiles(problem: Problem, solution: Solution, indices: Sequence[int], watch: Callable[[], None] = lambda: None) -> tuple[dict[int, Profile], Solution]:
    """Profiles of several parameters, all relative to the same best point: where one comes across a better one, those made before are made again."""
    made: dict[int, tuple[Profile, float]] = {}
    for _ in range(ROUNDS):
        old = [i for i in indices if i not in made or made[i][1] > solution.value + BETTER]
        if not old:
            break
        for i in old:
            is_new = i not in made
            found, solution = profile(problem, solution, i)
            made[i] = found, solution.value
            if is_new:
                watch()
    return {i: found for i, (found, _) in made.items()}, solution


@dataclass
class _Side:
    """One side of a profile: points with value, D and the point of the minimum, and the place from which on the model cannot be computed."""

    points: list[tuple[float, float, Array]] = field(default_factory=list)
    end: float | None = None


def _side(problem: Problem, solution: Solution, index: int, sign: int) -> _Side:
    """One side of a profile."""
    bound = float(problem.low[index] if sign < 0 else problem.high[index])
    out: list[tuple[float, float, Array]] = []
    at, x, step, before, edge = float(solution.x[index]), solution.x, STEP, solution.value, None
    while len(out) < MOST_POINTS and at != bound:
        trial = at + sign * (step if edge is None else min(step, abs(edge - at) / 2))
        trial = max(trial, bound) if sign < 0 else min(trial, bound)
        guess = x.copy()
        guess[index] = trial
        found, value = problem.minimum(guess, {index: trial})
        if not value - solution.value <= BEYOND * CHI2[0.95]:  # before the walk ends: is this only a bad start?
            found, value = min(((found, value), problem.minimum(_at(solution.x, index, trial), {index: trial})), key=lambda one: one[1])
        if not np.isfinite(value):
            edge = trial
            if abs(edge - at) <= EDGE:
                break
            continue
        rise = value - before
        if rise > 3 * WANTED_RISE and step > LEAST_STEP and value - solution.value > CHI2[0.90] / 4:
            step = max(step / 3, LEAST_STEP)
            continue
        out.append((trial, value, found))
        if value - solution.value > BEYOND * CHI2[0.95]:
            break
        at, x, before = trial, found, value
        step = min(max(step * (2.0 if rise < WANTED_RISE / 2 else 1.0 if rise < 1.5 * WANTED_RISE else 0.6), LEAST_STEP), MOST_STEP)
    is_at_edge = edge is not None and abs(edge - at) <= EDGE
    return _Side(_smoothed(problem, index, out), at if is_at_edge else None)


def _smoothed(problem: Problem, index: int, points: list[tuple[float, float, Array]]) -> list[tuple[float, float, Array]]:
    """Where a side of a profile falls on its way out, what is further in was no minimum: search there again from the point further out."""
    out = list(points)
    for i in range(len(out) - 2, -1, -1):
        at, value, _ = out[i]
        if value > out[i + 1][1] + BETTER:
            found, lower = problem.minimum(_at(out[i + 1][2], index, at), {index: at})
            if lower < value:
                out[i] = (at, lower, found)
    return out


def _at(x: Array, index: int, value: float) -> Array:
    """A point with one coordinate replaced."""
    out = x.copy()
    out[index] = value
    return out


def _crossing(points: Array, rises: Array, threshold: float) -> float | None:
    """Where the rise passes a threshold, walking outwards; interpolated in its square root, which is linear for a parabola."""
    for i in range(1, len(points)):
        if rises[i] > threshold:
            a, b = math.sqrt(max(rises[i - 1], 0.0)), math.sqrt(rises[i])
            share = (math.sqrt(threshold) - a) / (b - a) if b > a else 1.0
            return float(points[i - 1] + min(max(share, 0.0), 1.0) * (points[i] - points[i - 1]))
    return None


def correlation(problem: Problem, solution: Solution, step: float = 1e-3) -> Array:
    """(n, n) correlation of the parameters at the minimum; see the module."""
    with np.errstate(invalid="ignore"):  # inf - inf
        curvature = hessian(problem.value, solution.x, step) / 2
    blind = ~np.isfinite(np.diag(curvature))
    curvature[blind, :], curvature[:, blind] = 0.0, 0.0
    curvature = np.where(np.isfinite(curvature), curvature, 0.0)
    values, vectors = np.linalg.eigh(curvature)
    widest = (problem.high - problem.low).max()
    covariance = (vectors / np.maximum(values, 1 / widest**2)) @ vectors.T
    deviation = np.sqrt(np.diag(covariance))
    return np.asarray(np.clip(covariance / np.outer(deviation, deviation), -1.0, 1.0))


def hessian(function: Callable[[Array], float], x: Array, step: float) -> Array:
    """(n, n) second derivatives by central differences."""
    n = len(x)
    out = np.zeros((n, n))
    unit = np.eye(n) * step
    centre = function(x)
    plus, minus = np.array([function(x + e) for e in unit]), np.array([function(x - e) for e in unit])
    for i in range(n):
        out[i, i] = (plus[i] - 2 * centre + minus[i]) / step**2
        for j in range(i):
            both = function(x + unit[i] + unit[j]) + function(x - unit[i] - unit[j])
            out[i, j] = out[j, i] = (both - plus[i] - minus[i] - plus[j] - minus[j] + 2 * centre) / (2 * step**2)
    return out


def aicc(value: float, parameters: int, values: int) -> float | None:
    """Akaike's criterion with the correction for few values; None where there are too few for it."""
    left = values - parameters - 1
    return value + 2 * parameters + 2 * parameters * (parameters + 1) / left if left > 0 else None


def in_words(found: Profile, shown: Callable[[float], str], partner: tuple[str, float] | None = None) -> str:
    """What the data say about a parameter.

    Parameters
    ----------
    shown : how a value (of the logarithm) is printed.
    partner : the parameter with which it is most correlated, and the correlation.
    """
    low, high = found.intervals[0.95]
    if low is not None and high is not None:
        text = f"identifiable: {shown(found.best)} (95 % {shown(low)} to {shown(high)})"
    elif low is None and high is None:
        text = f"not identifiable, neither below nor above: all of {shown(found.low)} to {shown(found.high)} is within 95 %"
    elif high is None:
        assert low is not None
        text = f"not identifiable above: at least {shown(low)} (95 %), nothing up to {shown(found.high)} is excluded"
    else:
        text = f"not identifiable below: at most {shown(high)} (95 %), nothing down to {shown(found.low)} is excluded"
    stops = [f"{word} {shown(end)}" for word, end, limit in (("below", found.ends[0], low), ("beyond", found.ends[1], high)) if end is not None and limit is None]
    text += f"; the model cannot be computed {' and '.join(stops)}, which is no limit from the data" if stops else ""
    if partner is not None and not found.is_identifiable and abs(partner[1]) > TOGETHER:
        text += f"; it moves together with {partner[0]} (correlation {partner[1]:+.2f}), so that only a combination of both is known"
    return text


TOGETHER = 0.95
"""A correlation from here on is named as the reason why a parameter is not identifiable."""


def partner_of(index: int, names: Sequence[str], correlations: Array) -> tuple[str, float] | None:
    """The other parameter with the strongest correlation."""
    others = [(abs(correlations[index, j]), j) for j in range(len(names)) if j != index]
    return (names[max(others)[1]], float(correlations[index, max(others)[1]])) if others else None


@dataclass(frozen=True)
class Noise:
    """The error of a value: s^2 = a^2 + (b f)^2, with which of a and b are estimated.

    Attributes
    ----------
    kind : ``both``, ``proportional`` or ``additive``.
    floor : least s, so that a perfect fit stays finite.
    scale : a typical value, about which the bounds of ``a`` lie.
    """

    kind: str
    floor: float
    scale: float

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters that are estimated."""
        return {"both": (ADDITIVE, PROPORTIONAL), "proportional": (PROPORTIONAL,), "additive": (ADDITIVE,)}[self.kind]

    @property
    def start(self) -> Array:
        """(n,) logarithms to begin with: a tenth of the scale, a tenth of the value."""
        return np.log([{ADDITIVE: 0.1 * self.scale, PROPORTIONAL: 0.1}[name] for name in self.names])

    @property
    def bounds(self) -> tuple[Array, Array]:
        """(n,) lowest and highest logarithms."""
        low, high = {ADDITIVE: 1e-4 * self.scale, PROPORTIONAL: 1e-4}, {ADDITIVE: 10 * self.scale, PROPORTIONAL: 10.0}
        return np.log([low[name] for name in self.names]), np.log([high[name] for name in self.names])

    def variance(self, predicted: Array, x: Array) -> Array:
        """s^2 at predictions, from the logarithms of the estimated parameters."""
        own = dict(zip(self.names, np.exp(2 * x), strict=True))
        return np.asarray(self.floor**2 + own.get(ADDITIVE, 0.0) + own.get(PROPORTIONAL, 0.0) * predicted**2)


ADDITIVE, PROPORTIONAL = "additive_error", "proportional_error"
ERRORS = ("both", "proportional", "additive")
FLOOR = 1e-6
"""Least standard deviation as a share of the largest value."""


def noise(kind: str, values: Array) -> Noise:
    """The error model of some values."""
    largest = float(np.max(np.abs(values)))
    middle = float(np.median(np.abs(values))) or largest or 1.0
    return Noise(kind, FLOOR * (largest or 1.0), middle)


def residuals(values: Array, kinds: npt.NDArray[np.int_], predicted: Array, variance: Array, least: float) -> Array:
    """Residuals whose squares sum to D - n ln 2 pi + n C over exact values, C = -2 ln ``least``; see the module. Two per value."""
    from scipy.special import log_ndtr

    deviation = np.sqrt(variance)
    scaled = (values - predicted) / deviation
    exact = kinds == EXACT
    first = np.where(exact, scaled, np.sqrt(np.maximum(-2 * log_ndtr(np.where(exact, 0.0, -kinds * scaled)), 0.0)))
    second = np.where(exact, np.sqrt(np.maximum(2 * np.log(deviation / least), 0.0)), 0.0)
    return np.concatenate([first.ravel(), second.ravel()])


@dataclass
class LeastSquares(Problem):
    """A problem of least squares: D = |r(x)|^2 + ``constant``.

    Attributes
    ----------
    function : residuals at a point; not finite where the model cannot be computed, which makes D infinite there.
    step : of the derivatives, in the logarithm; wide enough for the error of the model.
    """

    names: tuple[str, ...]
    low: Array
    high: Array
    function: Callable[[Array], Array]
    constant: float = 0.0
    step: float = DIFFERENCE

    def value(self, x: Array) -> float:
        r = self.function(x)
        return float(r @ r) + self.constant if np.isfinite(r).all() else math.inf

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        from scipy.optimize import least_squares

        x = np.array(start, dtype=float)
        for index, at in held.items():
            x[index] = at
        free = np.array([i for i in range(len(x)) if i not in held], dtype=int)
        if not len(free):
            return x, self.value(x)

        def of_free(part: Array) -> Array:
            whole = x.copy()
            whole[free] = part
            return self.function(whole)

        def searched(part: Array) -> Array:
            r = of_free(part)
            return r if np.isfinite(r).all() else np.full(len(r), LARGE)

        def slope(part: Array, e: Array) -> Array:
            """Central, or to the one side that can be computed."""
            sides = [(r, sign) for sign in (1, -1) if np.isfinite(r := of_free(part + sign * e)).all()]
            if len(sides) == 1:
                sides.append((searched(part), 0))
            return (sides[0][0] - sides[1][0]) / ((sides[0][1] - sides[1][1]) * self.step) if sides else np.zeros(len(searched(part)))

        def slopes(part: Array) -> Array:
            return np.column_stack([slope(part, e) for e in self.step * np.eye(len(part))])

        low, high = self.low[free], self.high[free]
        margin = 1e-9 * (high - low)
        begin = np.clip(x[free], low + margin, high - margin)
        if not np.isfinite(of_free(begin)).all():
            return x, math.inf
        found: Any = least_squares(searched, begin, jac=slopes, bounds=(low, high), ftol=TOLERANCE, xtol=TOLERANCE, gtol=TOLERANCE, max_nfev=200)
        x[free] = found.x
        return x, self.value(x)
