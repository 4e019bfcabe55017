"""What cells show one by one when vesicles are few: the mean over a compound-Poisson law against the cell of the mean.

A cell is reached by Poisson(L) releasing vesicles, each with X copies (law of :mod:`vesicle.products.copies`), of which each is still live in AGO with the chance r,
all independent. With G(s) = sum_x P(X' = x) s^x over the live copies X' of a vesicle, the live copies K of a cell have

    E s^K = exp(L (G(s) - 1)),     P(K = k) = (1/N) sum_j exp(L (G(w^j) - 1)) w^{-jk},     w = exp(2 pi i / N)

so one Fourier transform of length N gives the law. What lies at N or beyond is folded back; its mass is bounded by Chernoff,

    P(K >= N) <= min over t of exp(L (G(e^t) - 1) - t N)

and that bound is the truncation error, because the response lies between 0 and 1. The response to k guides is the quasi-steady loss of mRNA,

    f(k) = 1 - m(k) / m_0,    m(k) from the tight-binding law (:func:`vesicle.mechanisms.acting.silencing.steady_target`)

Where a vesicle brings so many copies that the transform would be longer than 2^14, each is taken to bring its mean (``exact`` is false); what varies then is
the number of vesicles.

f is concave, so the mean response E f(K) is below f(E K), the response of the mean cell (Jensen); they agree when every cell holds many copies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vesicle.engines.program import parameter_values
from vesicle.mechanisms.acting.silencing import Guide, mrna_at_rest_loss
from vesicle.products.copies import POISSON, probabilities
from vesicle.readouts.custody import acting_constants
from vesicle.readouts.ensemble import Array, Ensemble, rounded, with_nominal

FEWEST, MOST = 64, 2**14
"""Shortest and longest transform."""
ALIKE = 1e5
"""Releases per cell from which cells are alike: their spread is below a third of a per cent."""
FEW = 1e-4
"""Loaded vesicles per cell below which the law is summed over none, one and two of them."""
ROUNDING = 1e-15
"""What double precision adds to a truncation error."""
WIDE = 14.0
"""Standard deviations that a transform must hold beyond the mean."""
SLOPES = np.geomspace(1e-4, 5.0, 60)
"""Values of t tried for the Chernoff bound."""
LARGEST_EXPONENT = 600.0


@dataclass(frozen=True)
class Source:
    """One kind of vesicle: releases per cell, and the law of live copies per vesicle."""

    releases: float
    law: Array


@dataclass(frozen=True)
class Cells:
    """Response of single cells, averaged.

    Attributes
    ----------
    mean, mean_field : response averaged over cells, and response of the cell with the mean number of copies.
    reached : share of cells with at least one live copy.
    spread : standard deviation of the response over cells.
    error : bound on what the truncation can change in ``mean``, or its rounding where that is more.
    exact : whether copies within a vesicle vary too, not only vesicles per cell.
    copies : mean live copies per cell.
    """

    mean: float
    mean_field: float
    reached: float
    spread: float
    error: float
    copies: float
    exact: bool = True


def law_of_cells(sources: Sequence[Source]) -> tuple[Array, float]:
    """P(K = 0, 1, ...) of live copies per cell, and the bound on what is left out; an empty law where it would be too long."""
    mean = sum(s.releases * _moment(s.law, 1) for s in sources)
    variance = sum(s.releases * _moment(s.law, 2) for s in sources)
    most = max((len(s.law) for s in sources), default=1)
    needed = mean + WIDE * math.sqrt(variance) + 4 * most + FEWEST
    if needed > MOST:
        return np.empty(0), 0.0
    loaded = sum(s.releases * float(s.law[1:].sum()) for s in sources)
    if loaded < FEW:
        return _few(sources, loaded)
    n = 2 ** math.ceil(math.log2(needed))
    exponent = np.zeros(n // 2 + 1, dtype=complex)
    for source in sources:
        exponent += source.releases * (np.fft.rfft(source.law, n) - source.law.sum())
    with np.errstate(under="ignore"):
        law = np.fft.irfft(np.exp(exponent), n)
    return np.asarray(np.clip(law, 0.0, None), dtype=np.float64), min(1.0, _beyond(sources, n))


def _few(sources: Sequence[Source], loaded: float) -> tuple[Array, float]:
    """At most two vesicles with live copies per cell, so that the smallest chances keep their digits; three are rarer than loaded^3 / 6."""
    one = np.zeros(max((len(s.law) for s in sources), default=1))
    for source in sources:
        one[1 : len(source.law)] += source.releases * source.law[1:]
    law = np.zeros(2 * len(one) - 1)
    law[: len(one)] = one
    law += np.convolve(one, one) / 2
    law[0] = 1.0
    return law * math.exp(-loaded), loaded**3 / 6


def _moment(law: Array, order: int) -> float:
    return float(np.sum(np.arange(len(law)) ** order * law))


def _beyond(sources: Sequence[Source], n: int) -> float:
    """Chernoff's bound on P(K >= n)."""
    longest = max((len(s.law) for s in sources), default=1)
    slopes = SLOPES[SLOPES * longest < LARGEST_EXPONENT]
    bounds = -slopes * n
    for source in sources:
        with np.errstate(under="ignore"):
            bounds = bounds + source.releases * (np.exp(np.outer(slopes, np.arange(len(source.law)))) @ source.law - source.law.sum())
    return math.exp(max(min(0.0, float(np.min(bounds, initial=0.0))), -LARGEST_EXPONENT))


def over_cells(sources: Sequence[Source], response: Callable[[Array], Array]) -> Cells:
    """The response averaged over cells, and that of the mean cell.

    Parameters
    ----------
    response : (n,) copies per cell -> (n,) response between 0 and 1, 0 at no copy.
    """
    mean = sum(s.releases * _moment(s.law, 1) for s in sources)
    at_mean = float(response(np.array([mean]))[0])
    law, error = law_of_cells(sources)
    if not len(law):
        return _vesicle_by_vesicle(sources, response, mean, at_mean)
    seen = response(np.arange(len(law), dtype=float))
    averaged = float(law @ seen)
    variance = float(law @ (seen - averaged) ** 2)
    return Cells(averaged, at_mean, -math.expm1(-sum(s.releases * float(s.law[1:].sum()) for s in sources)), math.sqrt(variance), max(error, ROUNDING * averaged), mean)


def _vesicle_by_vesicle(sources: Sequence[Source], response: Callable[[Array], Array], mean: float, at_mean: float) -> Cells:
    """Cells that differ by their number of vesicles, each of which brings the mean number of copies."""
    releases = sum(s.releases for s in sources)
    if releases > ALIKE:
        return Cells(at_mean, at_mean, 1.0, 0.0, ROUNDING, mean, False)
    law = probabilities(POISSON, releases)
    seen = response(np.asarray(np.arange(len(law)) * mean / releases, dtype=np.float64))
    averaged = float(law @ seen)
    return Cells(averaged, at_mean, -math.expm1(-releases), math.sqrt(float(law @ (seen - averaged) ** 2)), ROUNDING, mean, False)


def of_arm(ensemble: Ensemble, guide: Guide, until: float, rows: Sequence[int] | None = None) -> list[Cells]:
    """Per draw (nominal first, or the rows asked for): the response of single cells to one guide at a time.

    A copy that was released up to then is live with the chance r = guides in AGO now / copies released so far, never above one.
    """
    end = ensemble.at(until)
    cells = ensemble.observable("cells")[:, end]
    held = ensemble.observable(f"engaged:{guide.id}")[:, end]
    carriers = []
    for particle in ensemble.model.network.particles:
        for passenger in particle.passengers:
            if passenger.entity == guide.id and passenger.role == "guide":
                parameters, matrix = ensemble.model.network.parameters, ensemble.matrix
                mean = parameter_values(passenger.copies, parameters, matrix)
                size = parameter_values(passenger.copies_if_loaded, parameters, matrix) if passenger.copies_if_loaded is not None else np.zeros_like(mean)
                carriers.append((ensemble.extent("released", particle.id)[:, end] / cells, mean, size, passenger.distribution))
    response = _responses(ensemble, guide, until)
    out = []
    for i in range(ensemble.matrix.shape[0]) if rows is None else rows:
        released = sum(float(releases[i] * mean[i]) for releases, mean, _, _ in carriers)
        alive = min(1.0, max(0.0, float(held[i])) / released) if released > 0 else 0.0
        sources = [Source(max(0.0, float(releases[i])), probabilities(law, float(mean[i]), float(size[i]), alive)) for releases, mean, size, law in carriers]
        out.append(over_cells(sources, lambda k, i=i: response(i, k)))  # type: ignore[misc]
    return out


def _responses(ensemble: Ensemble, guide: Guide, until: float) -> Callable[[int, Array], Array]:
    """(draw, copies per cell) -> loss of mRNA in such a cell."""
    rest, turnover, constant, loss = acting_constants(ensemble, guide, until)

    def response(i: int, guides: Array) -> Array:
        return mrna_at_rest_loss(guides, float(rest[i]), float(constant[i]), float(turnover[i]), float(loss[i]))

    return response


def summary(found: Sequence[Cells]) -> dict[str, Any]:
    """Plain values: nominal and quantiles over draws."""
    names = ("mean", "mean_field", "reached", "spread", "copies")
    out: dict[str, Any] = {}
    for name in names:
        values = np.array([getattr(cells, name) for cells in found])
        out[name] = with_nominal(values) if len(values) > 1 else {"nominal": rounded(values[0])}
    out["exact"] = all(cells.exact for cells in found)
    out["largest_truncation_error"] = rounded(max(cells.error for cells in found), 2)
    return out
