"""Laws of tumour growth as plain functions, for whoever needs the volume over time: a fit, a test, a mechanism.

V is the volume, V_0 the volume at t = 0, g the growth rate per volume, dV/dt = g V:

    exponential          g = lambda0                                        V = V_0 e^(lambda0 t)
    exponential_linear   g = lambda0 / (1 + (lambda0 V / lambda1)^psi)^(1/psi)                                           (Simeoni)
    gompertz             g = alpha - beta ln(V / V_r)                       ln V/V_r = a + (ln V_0/V_r - a) e^(-beta t),  a = alpha / beta
    logistic             g = r (1 - V / K)                                  V = K / (1 + (K / V_0 - 1) e^(-r t))
    hahnfeldt            g = lambda ln(K / V),   dK/dt = b V - d V^(2/3) K  K the volume that the vessels can feed, K(0) given

alpha is the growth rate at the reference volume V_r, which the caller chooses. With w = ln(lambda0 V / lambda1) and s = lambda0 t the second law is one curve
for all tumours, dw/ds = (1 + e^(psi w))^(-1/psi); its inverse s(w) is an integral, tabulated once per psi. The last law has no closed form
and is integrated with fixed steps of the classical method of order four, in ln V and ln K.

Units are the caller's: rates per one unit of time, volumes in one unit of volume.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from vesicle.errors import unknown_name

Array = npt.NDArray[np.float64]
TAIL, GRID = 40.0, 4001
"""The tabulated stretch of the exponential-linear law is |psi w| < TAIL, outside of which e^(-TAIL) is lost; points on it."""
STEPS = 200
"""Steps of the method of order four."""
LARGEST_LOG = 600.0
"""ln V is cut here, so that a trial far off gives a large number and no overflow."""


@dataclass(frozen=True)
class LawParameter:
    """One parameter of a law.

    Attributes
    ----------
    name : as in the equations.
    quantity : the quantity of the records that holds it; ``doubling_time`` holds ln 2 / lambda0.
    dimension : ``1/time``, ``volume/time``, ``volume`` or ``1/(time*area)``.
    means : in words.
    """

    name: str
    quantity: str
    dimension: str
    means: str


class GrowthLaw(ABC):
    """A law of growth: named parameters, the growth rate per volume, the volume over time."""

    name: ClassVar[str]
    parameters: ClassVar[tuple[LawParameter, ...]]

    def rate(self, volume: Any, theta: tuple[Any, ...], log: Any = np.log) -> Any:
        """g at a volume: numbers with NumPy's ``log``, an expression with SymPy's."""
        raise NotImplementedError(f"the law '{self.name}' has no rate that depends on the volume alone")

    @abstractmethod
    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        """Parameters that give about this growth rate at this volume: where a search may begin."""

    @abstractmethod
    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        """Volume over time.

        Parameters
        ----------
        time : (..., n_time), from the start on.
        start : (...) volume at time 0, positive.
        theta : (..., n_parameters), positive, in the order of ``parameters``.

        Returns
        -------
        (..., n_time)
        """


class Exponential(GrowthLaw):
    """Every cell divides at the same rate."""

    name: ClassVar[str] = "exponential"
    parameters: ClassVar[tuple[LawParameter, ...]] = (LawParameter("lambda0", "exponential_growth_rate", "1/time", "growth rate"),)

    def rate(self, volume: Any, theta: tuple[Any, ...], log: Any = np.log) -> Any:
        return theta[0]

    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        return (rate,)

    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        return _exp(np.log(start)[..., None] + theta[..., :1] * time)


class ExponentialLinear(GrowthLaw):
    """Exponential while small, then by a constant volume per time; psi says how sharply the one becomes the other."""

    name: ClassVar[str] = "exponential_linear"
    parameters: ClassVar[tuple[LawParameter, ...]] = (
        LawParameter("lambda0", "doubling_time", "1/time", "growth rate while small"),
        LawParameter("lambda1", "linear_growth_rate", "volume/time", "volume gained per time once large"),
    )

    def __init__(self, psi: Any):
        self.psi = psi

    def rate(self, volume: Any, theta: tuple[Any, ...], log: Any = np.log) -> Any:
        return theta[0] / (1 + (theta[0] * volume / theta[1]) ** self.psi) ** (1 / self.psi)

    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        return 1.5 * rate, 1.5 * rate * volume

    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        lambda0, lambda1 = theta[..., :1], theta[..., 1:2]
        w = np.log(lambda0 * start[..., None] / lambda1)
        return lambda1 / lambda0 * _exp(_w_of_s(_s_of_w(w, self.psi) + lambda0 * time, self.psi))


class Gompertz(GrowthLaw):
    """The rate falls with the logarithm of the volume."""

    name: ClassVar[str] = "gompertz"
    parameters: ClassVar[tuple[LawParameter, ...]] = (
        LawParameter("alpha", "gompertz_initial_growth_rate", "1/time", "growth rate at the reference volume"),
        LawParameter("beta", "gompertz_decay_rate", "1/time", "fall of the rate per e-fold of the volume"),
    )

    def __init__(self, reference: Any = 1.0):
        self.reference = reference

    def rate(self, volume: Any, theta: tuple[Any, ...], log: Any = np.log) -> Any:
        return theta[0] - theta[1] * log(volume / self.reference)

    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        return float(rate + rate / 4 * np.log(max(volume / self.reference, 1.0))), rate / 4

    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        alpha, beta = theta[..., :1], theta[..., 1:2]
        passed = -np.expm1(-beta * time)  # 1 - e^(-beta t), exact for small beta
        return np.asarray(self.reference * _exp(np.log(start / self.reference)[..., None] * (1 - passed) + alpha / beta * passed))


class Logistic(GrowthLaw):
    """The rate falls in proportion to the volume, to nothing at K."""

    name: ClassVar[str] = "logistic"
    parameters: ClassVar[tuple[LawParameter, ...]] = (
        LawParameter("r", "logistic_growth_rate", "1/time", "growth rate while small"),
        LawParameter("K", "maximal_tumour_volume", "volume", "volume at which growth ends"),
    )

    def rate(self, volume: Any, theta: tuple[Any, ...], log: Any = np.log) -> Any:
        return theta[0] * (1 - volume / theta[1])

    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        return 1.5 * rate, 4.0 * volume

    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        rate, most = theta[..., :1], theta[..., 1:2]
        return most / (1 + (most / start[..., None] - 1) * _exp(-rate * time))


class Hahnfeldt(GrowthLaw):
    """Growth towards what the vessels can feed, which the tumour itself raises and lowers."""

    name: ClassVar[str] = "hahnfeldt"
    parameters: ClassVar[tuple[LawParameter, ...]] = (
        LawParameter("lambda", "vascular_model_growth_rate", "1/time", "growth rate per e-fold below the volume that can be fed"),
        LawParameter("b", "vascular_stimulation_rate", "1/time", "stimulation of vessels by the tumour"),
        LawParameter("d", "vascular_inhibition_rate", "1/(time*area)", "inhibition of vessels by the tumour"),
        LawParameter("K_0", "initial_carrying_capacity", "volume", "volume that the vessels can feed at the start"),
    )

    def guess(self, rate: float, volume: float) -> tuple[float, ...]:
        return rate, 2 * rate, float(rate / volume ** (2 / 3)), 3.0 * volume

    def volume(self, time: Array, start: Array, theta: Array) -> Array:
        rate, stimulation, inhibition = (theta[..., i] for i in range(3))

        def slope(u: Array, k: Array) -> tuple[Array, Array]:
            return rate * (k - u), stimulation * _exp(u - k) - inhibition * _exp(2 / 3 * u)

        end = np.max(time, axis=-1)
        grid = np.linspace(0.0, 1.0, STEPS + 1)
        h = end / STEPS
        u, k = np.broadcast_arrays(np.log(start), np.log(theta[..., 3]))
        course = [u]
        for _ in range(STEPS):
            u, k = _step(slope, u, k, h)
            course.append(u)
        return _exp(_interpolated(time / np.where(end > 0, end, 1.0)[..., None], grid, np.stack(course, axis=-1)))


def laws(psi: float, reference: Any = 1.0) -> dict[str, GrowthLaw]:
    """Every law by name; ``psi`` is the measured sharpness of the exponential-linear one, ``reference`` the volume V_r of Gompertz's."""
    return {law.name: law for law in (Exponential(), ExponentialLinear(psi), Gompertz(reference), Logistic(), Hahnfeldt())}


def law_named(name: str, psi: float, reference: Any = 1.0) -> GrowthLaw:
    """A law by its name.

    Raises
    ------
    UnknownName
        With the nearest one.
    """
    known = laws(psi, reference)
    if name not in known:
        raise unknown_name("growth law", name, known, "--law")
    return known[name]


def _exp(x: Array) -> Array:
    return np.asarray(np.exp(np.clip(x, -LARGEST_LOG, LARGEST_LOG)))


def _step(slope: Any, u: Array, k: Array, h: Array) -> tuple[Array, Array]:
    """One step of the classical method of order four; values are cut so that a trial far off stays finite."""
    du1, dk1 = slope(u, k)
    du2, dk2 = slope(u + h / 2 * du1, k + h / 2 * dk1)
    du3, dk3 = slope(u + h / 2 * du2, k + h / 2 * dk2)
    du4, dk4 = slope(u + h * du3, k + h * dk3)
    cut = LARGEST_LOG / 4
    return (
        np.clip(u + h / 6 * (du1 + 2 * du2 + 2 * du3 + du4), -cut, cut),
        np.clip(k + h / 6 * (dk1 + 2 * dk2 + 2 * dk3 + dk4), -cut, cut),
    )


def _interpolated(where: Array, grid: Array, values: Array) -> Array:
    """Linear in ln V between the steps, along the last axis."""
    place = np.clip(where, 0.0, 1.0) * (len(grid) - 1)
    left = np.minimum(place.astype(int), len(grid) - 2)
    share = place - left
    values = np.broadcast_to(values, (*where.shape[:-1], values.shape[-1]))
    a, b = np.take_along_axis(values, left, axis=-1), np.take_along_axis(values, left + 1, axis=-1)
    return np.asarray(a * (1 - share) + b * share)


@functools.lru_cache(maxsize=8)
def _table(psi: Any) -> tuple[Any, Any, float, float, float]:
    """s(w) and w(s) of the exponential-linear law as cubic Hermite splines, and the ends of the table: w, s at the left, s at the right."""
    from scipy.interpolate import CubicHermiteSpline

    w = np.linspace(-TAIL / psi, TAIL / psi, GRID)
    nodes, weights = np.polynomial.legendre.leggauss(5)
    half = (w[1] - w[0]) / 2
    inside = w[:-1, None] + half * (nodes + 1)
    s = w[0] + np.concatenate([[0.0], np.cumsum(half * (weights * _slowness(inside, psi)).sum(axis=1))])
    return CubicHermiteSpline(w, s, _slowness(w, psi)), CubicHermiteSpline(s, w, 1 / _slowness(w, psi)), float(w[-1]), float(s[0]), float(s[-1])


def _slowness(w: Array, psi: Any) -> Array:
    """ds/dw = (1 + e^(psi w))^(1/psi)."""
    return np.asarray(np.exp(np.logaddexp(0.0, psi * w) / psi))


def _s_of_w(w: Array, psi: Any) -> Array:
    """Left of the table s = w; right of it ds/dw = e^w."""
    spline, _, end, _, last = _table(psi)
    inside = spline(np.clip(w, -end, end))
    right = last + _exp(w) - np.exp(end)
    return np.asarray(np.where(w < -end, w, np.where(w > end, right, inside)))


def _w_of_s(s: Array, psi: Any) -> Array:
    _, spline, end, first, last = _table(psi)
    inside = spline(np.clip(s, first, last))
    right = np.log(np.maximum(s - last, 0.0) + np.exp(end))
    return np.asarray(np.where(s < first, s, np.where(s > last, right, inside)))
