"""Priors of a fit: what the records say about a parameter, as a density of its logarithm.

    -2 ln g(u) + 2 ln g_max,     g(u) = sum_i weight_i p_i(e^u) e^u,     p_i as vesicle.network.spread draws it

so that the penalty is zero where the prior is highest. A uniform piece has no density outside of its ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from vesicle.network.spread import Z95, Component, Spread

REACH = (1e-3, 1 - 1e-3)
"""The bounds of a free parameter are these points of its prior."""
NOWHERE = 1e6
"""The penalty where the prior has no density."""
GRID = 201


@dataclass(frozen=True)
class LogPrior:
    """The prior of the logarithm of a parameter.

    Attributes
    ----------
    spread : of the records.
    records : their ids.
    factor, power : the parameter x is factor * (the records' number)^power; power is 1 or -1.
    """

    spread: Spread
    records: tuple[str, ...] = ()
    factor: float = 1.0
    power: int = 1
    _best: float = field(default=math.nan, init=False, repr=False)

    def penalty(self, logarithm: float) -> float:
        """-2 ln of the density relative to its highest."""
        if math.isnan(self._best):
            object.__setattr__(self, "_best", self._highest())
        own = self._density(logarithm)
        return -2 * math.log(own / self._best) if own > 0 else NOWHERE

    def bounds(self) -> tuple[float, float]:
        """The bounds of the logarithm of the parameter."""
        ends = sorted(math.log(self.factor) + self.power * math.log(max(self._point(p), 1e-300)) for p in REACH)
        return ends[0], ends[1]

    def median(self) -> float:
        """The logarithm of the parameter at the nominal value of the records."""
        return math.log(self.factor) + self.power * math.log(self.spread.nominal())

    def _point(self, probability: float) -> float:
        found = [c.at(probability) for c in self.spread.components]
        return min(found) if probability < 0.5 else max(found)

    def _density(self, logarithm: float) -> float:
        u = (logarithm - math.log(self.factor)) * self.power
        return sum(c.weight * log_density(c, u) for c in self.spread.components)

    def _highest(self) -> float:
        low, high = self.bounds()
        return max(self._density(u) for u in (*np.linspace(low, high, GRID), self.median()))


def log_density(component: Component, logarithm: float) -> float:
    """Density of the logarithm of a parameter under one component."""
    x = math.exp(min(logarithm, 600.0)) / component.scale
    low, value, high = component.low, component.value, component.high
    if component.kind in ("uniform", "loguniform"):
        if not low <= x <= high:
            return 0.0
        return x / (high - low) if component.kind == "uniform" else 1 / math.log(high / low)
    if component.kind == "normal":
        return _normal(x, low, value, high) * x
    if component.kind == "logitnormal":
        return _normal(_logit(x), _logit(low), _logit(value), _logit(high)) / (1 - x) if 0 < x < 1 else 0.0
    return _normal(math.log(x), math.log(low), math.log(value), math.log(high))


def _logit(x: float) -> float:
    return math.log(x / (1 - x))


def _normal(x: float, low: float, middle: float, high: float) -> float:
    """A normal density with a width of its own to each side of the median; no width, no density."""
    width = ((middle - low) if x < middle else (high - middle)) / Z95
    return math.exp(-(((x - middle) / width) ** 2) / 2) / (width * math.sqrt(2 * math.pi)) if width > 0 else 0.0
