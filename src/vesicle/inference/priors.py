"""Priors of a fit: what the records say about a parameter, as a density of its logarithm.

    -2 ln g(u) + 2 ln g_max,     g(u) = sum_i weight_i p_i(e^u) e^u,     p_i as vesicle.network.spread draws it

so that the penalty is zero where the prior is highest, and nowhere below. A uniform piece has no density outside of its ends, and each other piece jumps
at its median, where its two widths meet; between these places g is smooth, so that its highest point is sought between each two of them.
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
GRID = 41
"""Points between two places where the density jumps, the highest of which a bounded minimiser improves."""
SIDE = 1e-9
"""How far to either side of a jump the density is looked at, in the logarithm."""


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
        """-2 ln of the density relative to its highest; never negative."""
        if math.isnan(self._best):
            object.__setattr__(self, "_best", self._highest())
        own = self._density(logarithm)
        return max(-2 * math.log(own / self._best), 0.0) if own > 0 else NOWHERE

    @property
    def has_width(self) -> bool:
        """Whether the records leave any room; a number without a range has no density."""
        return any(c.kind != "fixed" and c.low < c.high for c in self.spread.components)

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
        return self._of_records((logarithm - math.log(self.factor)) * self.power)

    def _of_records(self, logarithm: float) -> float:
        """The density of the logarithm of the records' number, in the parameter's unit."""
        return sum(c.weight * log_density(c, logarithm) for c in self.spread.components)

    def _highest(self) -> float:
        from scipy.optimize import minimize_scalar

        edges = sorted({math.log(v * c.scale) for c in self.spread.components for v in (c.low, c.value, c.high, c.at(REACH[0]) / c.scale, c.at(REACH[1]) / c.scale) if v > 0})
        best = 0.0
        for low, high in zip(edges[:-1], edges[1:], strict=True):
            grid = np.linspace(low + SIDE, high - SIDE, GRID) if high - low > 2 * SIDE else np.array([(low + high) / 2])
            heights = [self._of_records(float(u)) for u in grid]
            top = int(np.argmax(heights))
            best = max(best, heights[top])
            if 0 < top < len(grid) - 1:
                found = minimize_scalar(lambda u: -self._of_records(float(u)), bounds=(float(grid[top - 1]), float(grid[top + 1])), method="bounded", options={"xatol": 1e-9})
                best = max(best, -float(found.fun))
        return best


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
