"""Whether two drugs together do more than they should: Bliss and Loewe.

Effects are shares of cells killed, e in [0, 1). Two drugs that act independently (Bliss) leave the product of what each leaves:

    e_12 = e_1 + e_2 - e_1 e_2,      excess = e - e_12

A drug and a diluted copy of it (Loewe) act as one dose: with D_i(e) = K_i (e / (E_i - e))^(1/n_i) the concentration at which drug i alone has the effect e,

    CI = c_1 / D_1(e) + c_2 / D_2(e)

is 1 for additivity, below 1 for synergy. The effect that Loewe expects of (c_1, c_2) solves CI = 1. The two disagree: a drug combined with itself is additive by
Loewe, while Bliss finds it synergistic where its curve is steep and antagonistic where it is flat. In kill rates, which add, Bliss independence is h = h_1 + h_2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
_HALVINGS = 200
"""Bisections of an interval within [0, 1): more than the digits of a double."""


@dataclass(frozen=True)
class HillCurve:
    """Effect of one drug: e(c) = E c^n / (K^n + c^n).

    Attributes
    ----------
    most : E, the effect at saturation, above 0 and at most 1.
    half : K, the concentration at half of E, in the unit of the concentrations.
    steepness : n, positive.
    """

    most: float
    half: float
    steepness: float

    def effect(self, concentration: ArrayLike) -> Array:
        """e(c); the same shape as the concentration."""
        y = (np.asarray(concentration, dtype=float) / self.half) ** self.steepness
        return np.asarray(self.most * y / (1 + y))

    def dose_for(self, effect: ArrayLike) -> Array:
        """D(e): the concentration at which this drug alone has an effect; infinite from E on."""
        e = np.asarray(effect, dtype=float)
        with np.errstate(divide="ignore"):
            reached = self.half * (e / np.where(e < self.most, self.most - e, 0.0)) ** (1 / self.steepness)
        return np.where(e < self.most, reached, np.inf)


@dataclass(frozen=True)
class Interval:
    """Median with 5 and 95 per cent points over draws."""

    low: float
    median: float
    high: float


def interval(values: ArrayLike) -> Interval:
    """The interval of a number over draws.

    Raises
    ------
    ValueError
        If there are no draws.
    """
    low, median, high = np.quantile(np.asarray(values, dtype=float), (0.05, 0.5, 0.95))
    return Interval(float(low), float(median), float(high))


def bliss(first: ArrayLike, second: ArrayLike) -> Array:
    """Effect of two drugs that act independently, from the effects of each; shapes broadcast."""
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    return np.asarray(a + b - a * b)


def bliss_excess(both: ArrayLike, first: ArrayLike, second: ArrayLike) -> Array:
    """Effect of the combination beyond independence: above 0 synergy, below 0 antagonism."""
    return np.asarray(np.asarray(both, dtype=float) - bliss(first, second))


def combination_index(both: ArrayLike, doses: tuple[ArrayLike, ArrayLike], curves: tuple[HillCurve, HillCurve]) -> Array:
    """CI of a combination with an effect: 1 additive by Loewe, below 1 synergistic; 0 where neither drug alone can have that effect."""
    with np.errstate(divide="ignore"):
        return np.asarray(sum(np.asarray(c, dtype=float) / curve.dose_for(both) for c, curve in zip(doses, curves, strict=True)))


def loewe(doses: tuple[float, float], curves: tuple[HillCurve, HillCurve]) -> float:
    """Effect that Loewe additivity expects of two doses.

    Beyond the maximum of the weaker drug only the stronger one counts, since no dose of the weaker has the effect.
    """

    def index(effect: float) -> float:
        return float(combination_index(effect, doses, curves))

    return _root(index, max(curve.most for curve in curves)) if any(doses) else 0.0


def _root(index: Callable[[float], float], top: float) -> float:
    """Where a falling index passes 1, between no effect and the top."""
    low, high = 0.0, top
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if middle > 0 and index(middle) > 1 else (low, middle)
    return (low + high) / 2
