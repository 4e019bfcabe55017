"""All draws of one arm, nominal first, and the small statistics that every readout uses.

Quantiles are over parameter draws that ended well. The Wilson interval for k of n at z:

    (p + z^2/2n +- z sqrt(p (1-p)/n + z^2/4n^2)) / (1 + z^2/n)

Shares of variance are squared Spearman rank correlations beyond what chance gives, 1 / (n - 1), normalised to
sum to one; with few draws most of a share is still noise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.engines.base import OK, Program
from vesicle.model.assembled import Model
from vesicle.network.spread import Z95

Array = npt.NDArray[np.float64]


@dataclass
class Ensemble:
    """The draws of one arm.

    Attributes
    ----------
    model, program : what was run.
    matrix : (1 + n, n_parameter) parameter values; row 0 is nominal.
    outputs : (1 + n, n_time, n_observable).
    crossings : (1 + n, n_time, n_counter).
    statuses : one per row.
    balance : largest relative error of mass balance in the nominal run, by particle.
    """

    model: Model
    program: Program
    matrix: Array
    outputs: Array
    crossings: Array
    statuses: list[str]
    balance: dict[str, float]

    @property
    def good(self) -> npt.NDArray[np.bool_]:
        """(1 + n,) which rows ended well."""
        return np.array([status == OK for status in self.statuses])

    def observable(self, name: str) -> Array:
        """(1 + n, n_time) values of an observable."""
        return self.outputs[:, :, self.program.observables.index(name)]

    def has(self, name: str) -> bool:
        """Whether the arm has an observable."""
        return name in self.program.observables

    def extent(self, step: str, particle: str) -> Array:
        """(1 + n, n_time) cumulative crossings; zero where this arm has no such step."""
        name = f"n_{step}__{particle}"
        if name not in self.program.counters:
            return np.zeros(self.outputs.shape[:2])
        return self.crossings[:, :, self.program.counters.index(name)]

    def at(self, time: float) -> int:
        """Position of the last output time that is not after ``time``."""
        return int(np.searchsorted(np.array(self.program.times), time + 1e-9) - 1)

    def parameter(self, name: str) -> Array:
        """(1 + n,) values of one parameter."""
        ids = [p.id for p in self.model.network.parameters]
        return self.matrix[:, ids.index(name)]

    def mean_over(self, values: Array, until: float) -> Array:
        """(1 + n,) time average of (1 + n, n_time) values from 0 to ``until``, by trapezoids."""
        end = self.at(until) + 1
        times = np.array(self.program.times[:end])
        return np.asarray(np.trapezoid(values[:, :end], times, axis=1) / (times[-1] - times[0]))


def interval(values: Array, digits: int = 6) -> dict[str, Any]:
    """``{q05, q50, q95}`` of the draws; an infinite quantile is null with a reason."""
    finite = values[~np.isnan(values)]
    if finite.size == 0:
        return {"q05": None, "q50": None, "q95": None, "reason": "no draw has a value"}
    out: dict[str, Any] = {}
    for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
        value = float(np.quantile(finite, q, method="inverted_cdf"))
        out[name] = rounded(value, digits)
    if any(v is None for v in out.values()):
        out["reason"] = "not reachable in these draws"
    return out


def with_nominal(values: Array) -> dict[str, Any]:
    """The nominal value (row 0) and the interval of the draws behind it."""
    return {"nominal": rounded(values[0]), **interval(values[1:])}


def rounded(value: float, digits: int = 6) -> float | None:
    """A number to so many significant digits; null where it is not finite."""
    if not math.isfinite(value):
        return None
    return float(f"{value:.{digits}g}")


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 90 % Wilson interval of a share."""
    if n == 0:
        return 0.0, 1.0
    p, z = hits / n, Z95
    middle = p + z * z / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def rank_shares(columns: Mapping[str, Array], target: Array) -> dict[str, tuple[float, float]]:
    """Share of variance and rank correlation of every varying column with a target, largest first.

    Parameters
    ----------
    columns : name -> (n,) draws.
    target : (n,) values; rows that are not finite are left out.
    """
    from scipy.stats import rankdata

    keep = np.isfinite(target)
    if keep.sum() < 3 or np.ptp(target[keep]) == 0:
        return {}
    y = rankdata(target[keep])
    y = y - y.mean()
    out = {}
    for name, column in columns.items():
        x = rankdata(column[keep])
        x = x - x.mean()
        norm = math.sqrt(float(x @ x) * float(y @ y))
        if norm > 0 and np.ptp(column[keep]) > 0:
            out[name] = float(x @ y) / norm
    chance = 1 / (int(keep.sum()) - 1)
    beyond = {name: max(0.0, r * r - chance) for name, r in out.items()}
    total = sum(beyond.values())
    shares = {name: (beyond[name] / total, r) for name, r in out.items()} if total else {}
    return dict(sorted(shares.items(), key=lambda item: (-item[1][0], item[0])))
