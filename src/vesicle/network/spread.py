"""How much we do not know about one number: a mixture of sourced distributions.

A component is one measurement. Its value is the median; ``low`` and ``high`` are the 5 and
95 % points. With z = 1.645 the standard normal 95 % point:

    lognormal     x = value * exp(s w),           s = ln(high / low) / (2 z)
    logitnormal   logit x = logit value + s w,    s = (logit high - logit low) / (2 z)
    loguniform    ln x uniform between the ends; low and high are the ends themselves
    uniform       x uniform between low and high
    normal        x = value + (high - low) / (2 z) w
    fixed         x = value

w is standard normal. Each side of the median keeps its own s, so that a range that is not
symmetric stays as printed. Components are equally weighted per independent laboratory.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from vesicle import streams
from vesicle.errors import ModelError

Z95 = NormalDist().inv_cdf(0.95)
LARGEST_EXPONENT = 700.0
KINDS = ("lognormal", "logitnormal", "loguniform", "uniform", "normal", "fixed")
POSITIVE = ("lognormal", "loguniform")
"""Distributions of what is above zero."""


@dataclass(frozen=True)
class Component:
    """One measurement inside a mixture.

    Attributes
    ----------
    record : measurement id.
    weight : share of the draws that come from here.
    kind : one of :data:`KINDS`.
    value, low, high : median and the 5/95 % points (ends, for the uniform kinds), in the record's unit.
    scale : how many of the parameter's unit one of the record's unit is.
    shared : loadings on named standard normal streams; quantities that were calibrated together share them, so that their draws are
        correlated as the calibration found. The squares of the loadings sum to one. Empty: a stream of its own.
    """

    record: str
    weight: float
    kind: str
    value: float
    low: float
    high: float
    scale: float = 1.0
    shared: tuple[tuple[str, float], ...] = ()

    @property
    def median(self) -> float:
        """The value in the parameter's unit."""
        return self.value * self.scale

    def at(self, probability: float) -> float:
        """The quantile function, in the parameter's unit."""
        return self._at(probability) * self.scale

    def point(self, seed: int, name: str, sample: int) -> float:
        """The probability at which a sample is drawn: from a stream of its own, or from the shared ones."""
        if not self.shared:
            return streams.uniform(seed, name, sample)
        return NormalDist().cdf(sum(loading * streams.normal(seed, stream, sample) for stream, loading in self.shared))

    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value that the quantity can have, in the parameter's unit; a number that is certain and not negative has no negative ones."""
        if self.kind == "logitnormal":
            return 0.0, self.scale
        positive = self.kind in POSITIVE or (self.kind == "fixed" and self.value >= 0)
        return (0.0 if positive else -math.inf), math.inf

    def _at(self, probability: float) -> float:
        if self.kind == "fixed" or self.low == self.high:
            return self.value
        if self.kind == "uniform":
            return self.low + (self.high - self.low) * probability
        if self.kind == "loguniform":
            return math.exp(math.log(self.low) + math.log(self.high / self.low) * probability)
        w = NormalDist().inv_cdf(probability)
        end = self.low if w < 0 else self.high
        stretch = abs(w) / Z95
        if self.kind == "lognormal":
            return self.value * math.exp(math.log(end / self.value) * stretch)
        if self.kind == "normal":
            return self.value + (end - self.value) * stretch
        if self.kind == "logitnormal":
            x = _logit(self.value) + (_logit(end) - _logit(self.value)) * stretch
            return _logistic(x)
        raise ModelError(f"{self.record}: unknown distribution '{self.kind}'; expected one of {', '.join(KINDS)}.")


def _logistic(x: float) -> float:
    """The inverse of the logit, without overflow far in the tail."""
    return 1 / (1 + math.exp(-x)) if x > -LARGEST_EXPONENT else 0.0


def _logit(x: float) -> float:
    return math.log(x / (1 - x))


@dataclass(frozen=True)
class Spread:
    """A mixture of :class:`Component`."""

    components: tuple[Component, ...]

    def nominal(self) -> float:
        """The single value used in a nominal run: the weighted geometric mean of the medians.

        The arithmetic mean where a median is not positive.
        """
        if len(self.components) == 1:
            return self.components[0].median
        if all(c.median > 0 for c in self.components):
            return math.exp(sum(c.weight * math.log(c.median) for c in self.components))
        return sum(c.weight * c.median for c in self.components)

    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value that any of its measurements allows."""
        ends = [component.ends() for component in self.components]
        return min(low for low, _ in ends), max(high for _, high in ends)

    def draw(self, seed: int, name: str, sample: int) -> float:
        """The value in one sample, keyed by ``(seed, name, sample)``."""
        component = self.component(seed, name, sample)
        return component.at(component.point(seed, name, sample))

    def component(self, seed: int, name: str, sample: int) -> Component:
        """Which measurement a sample takes its value from."""
        if len(self.components) == 1:
            return self.components[0]
        point, total = streams.uniform(seed, name + "|source", sample), 0.0
        for component in self.components:
            total += component.weight
            if point < total:
                return component
        return self.components[-1]


def fixed(value: float, record: str = "") -> Spread:
    """A number without uncertainty."""
    return Spread((Component(record, 1.0, "fixed", value, value, value),))
