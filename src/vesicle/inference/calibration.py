"""The act of calibration: factors of which only a product is measured, fitted together once.

Let x_i be the factors with their priors (the records), and y their product, which is what is counted:

    y = prod_i f_i(x_i),     f_i(x) = x or 1 - x

The data are measurements of y that disagree; as everywhere, each independent laboratory weighs the same, so that the likelihood of ln y is the mixture
g(ln y) of their distributions. Draws of the prior get the weight g(ln y); what is kept are each factor's weighted median and 5 and 95 % points and the
correlation of the weighted normal scores, as a Cholesky factor. With normal ln x_i and a normal datum this is the exact posterior as the number
of draws grows:

    cov(x | y) = S - S 1 1^T S/(1^T S 1 + s_y^2),     S the diagonal prior covariance of ln x

The effective number of draws, (sum w)^2/sum w^2, is printed, so that a fit that rests on a handful of draws shows.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.errors import unknown_name
from vesicle.evidence.calibration import Calibration
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import Measurement
from vesicle.network.spread import Z95, Component, Spread

Array = npt.NDArray[np.float64]
DRAWS = 200_000
SEED = 1
POINTS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Act:
    """What is to be calibrated.

    Attributes
    ----------
    name : of the calibration.
    means : what the product is, in words.
    priors : ids of the priors of the factors, in order.
    complements : which of them enter as 1 - x.
    data : ids of the measurements of the product.
    """

    name: str
    means: str
    priors: tuple[str, ...]
    complements: tuple[str, ...]
    data: tuple[str, ...]


ACTS = {
    act.name: act
    for act in (
        Act(
            "secretion",
            "vesicles counted per cell and hour = fusions x vesicles per body x share that detaches x (1 - share taken up again) x recovery of the isolation",
            ("M-0043", "M-0040", "M-1044", "M-1062", "M-1061"),
            ("M-1062",),
            ("M-0049", "M-0052", "M-0053"),
        ),
    )
}


@dataclass(frozen=True)
class Posterior:
    """What a calibration found.

    Attributes
    ----------
    quantiles : prior id -> 5, 50 and 95 % points.
    loadings : (n_factor, n_factor) Cholesky factor of the correlation of the normal scores.
    before, after : 5, 50 and 95 % points of the product under the priors and after.
    effective : effective number of draws.
    """

    quantiles: dict[str, tuple[float, ...]]
    loadings: Array
    before: tuple[float, ...]
    after: tuple[float, ...]
    effective: float


def act(name: str) -> Act:
    """A calibration by its name.

    Raises
    ------
    UnknownName
        With the nearest one.
    """
    if name not in ACTS:
        raise unknown_name("calibration", name, ACTS)
    return ACTS[name]


def calibrate(what: Act, library: Library, draws: int = DRAWS, seed: int = SEED) -> Posterior:
    """Perform a calibration on the priors and data of a library; the same seed gives the same numbers."""
    priors = [_measurement(library, name) for name in what.priors]
    factors = [_draws(prior, draws, seed) for prior in priors]
    product: Array = np.prod([1 - x if name in what.complements else x for name, x in zip(what.priors, factors, strict=True)], axis=0)
    weights = likelihood(np.log(product), [_measurement(library, name) for name in what.data])
    weights = np.asarray(weights / weights.sum())
    scores = np.array([_scores(x, weights) for x in factors])
    return Posterior(
        {name: _quantiles(x, weights) for name, x in zip(what.priors, factors, strict=True)},
        _cholesky(scores, weights),
        _quantiles(product, np.full(draws, 1 / draws)),
        _quantiles(product, weights),
        float(1 / np.sum(weights**2)),
    )


def _measurement(library: Library, name: str) -> Measurement:
    found = library.show(name)
    assert isinstance(found, Measurement)
    return found


def _draws(prior: Measurement, draws: int, seed: int) -> Array:
    spread = Spread((prior.component(prior.unit, 1.0),))
    return np.array([spread.draw(seed, f"calibrate|{prior.id}", i) for i in range(draws)])


def likelihood(logarithm: Array, data: list[Measurement]) -> Array:
    """g of the module at each ln y; laboratories weigh the same."""
    laboratories = Counter(m.laboratory or m.reference for m in data)
    total = np.zeros_like(logarithm)
    for m in data:
        total += _density(logarithm, m.component(m.unit, 1.0)) / (len(laboratories) * laboratories[m.laboratory or m.reference])
    return total


def _density(x: Array, datum: Component) -> Array:
    """Density of ln y under one datum, log-normal with a width to each side, or log-uniform."""
    if datum.kind == "loguniform":
        inside = (x >= np.log(datum.low)) & (x <= np.log(datum.high))
        return np.where(inside, 1 / np.log(datum.high / datum.low), 0.0)
    middle = np.log(datum.value)
    width: Array = np.asarray(np.where(x < middle, np.log(datum.value / datum.low), np.log(datum.high / datum.value)), dtype=float) / Z95
    return np.asarray(np.exp(-(((x - middle) / width) ** 2) / 2) / (width * np.sqrt(2 * np.pi)))


def _quantiles(x: Array, weights: Array) -> tuple[float, ...]:
    order = np.argsort(x)
    share = np.cumsum(weights[order]) - weights[order] / 2
    return tuple(float(np.interp(p, share, x[order])) for p in POINTS)


def _scores(x: Array, weights: Array) -> Array:
    """Weighted normal scores: Phi^-1 of the weighted distribution function."""
    from scipy.special import ndtri

    order = np.argsort(x)
    share = np.empty_like(x)
    share[order] = np.cumsum(weights[order]) - weights[order] / 2
    return np.asarray(ndtri(np.clip(share, np.finfo(float).tiny, 1 - np.finfo(float).eps)))


def _cholesky(scores: Array, weights: Array) -> Array:
    centred = scores - (scores @ weights)[:, None]
    covariance = (centred * weights) @ centred.T
    deviation = np.sqrt(np.diag(covariance))
    return np.asarray(np.linalg.cholesky(covariance / np.outer(deviation, deviation)))


def recorded(library: Library, name: str) -> Calibration | None:
    """The calibration of that name that stands in a library."""
    return next((c for c in library.calibrations if c.name == name), None)


def as_table(what: Act, library: Library, found: Posterior) -> dict[str, Any]:
    """A calibration as plain values: factors before and after, the correlation, the product before and after, the data."""
    priors = [_measurement(library, name) for name in what.priors]
    correlation = found.loadings @ found.loadings.T
    return {
        "calibration": what.name, "means": what.means,
        "data": [{"id": m.id, "value": m.value, "low": m.range()[0], "high": m.range()[1], "unit": m.unit} for m in (_measurement(library, name) for name in what.data)],
        "product": {"unit": _measurement(library, what.data[0]).unit, "before": _interval(found.before), "after": _interval(found.after)},
        "factors": [
            {"quantity": m.quantity, "prior": m.id, "unit": m.unit, "before": _interval((m.range()[0], m.value, m.range()[1])), "after": _interval(found.quantiles[m.id])}
            for m in priors
        ],
        "correlation": {a.quantity: {b.quantity: round(float(correlation[i, j]), 3) for j, b in enumerate(priors)} for i, a in enumerate(priors)},
        "effective_draws": round(found.effective), "draws": DRAWS, "seed": SEED,
    }  # fmt: skip


def _interval(points: tuple[float, ...]) -> dict[str, float]:
    return dict(zip(("q05", "q50", "q95"), points, strict=True))
