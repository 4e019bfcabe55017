"""Several subjects of one kind: each has parameters of its own, drawn from a population.

Subject i has phi_i = mu + eta_i (logarithms of the volume at its first time and of the parameters of the law), eta_i normal with mean 0 and standard
deviations omega; its values are y_ij = f(t_ij; phi_i) + s_ij e_ij with e standard normal and s of :class:`vesicle.inference.fitting.Noise`.
The likelihood of mu, omega and the error integrates each subject's eta out; the integral is Laplace's, with the expected curvature
(conditional estimation with interaction, FOCEI in the words of pharmacometrics):

    D_i = sum_j ((y_ij - f_ij)/s_ij)^2 + ln s_ij^2 + ln 2 pi  +  eta_i^T Omega^-1 eta_i  +  ln det Omega  +  ln det H_i        at the best eta_i
    H_i = J_i^T S_i^-1 J_i + (d ln s^2)^T (d ln s^2) / 2 + Omega^-1,     J_i = df/deta

For a law that is linear in phi with an error of known size this is exact. All subjects are computed side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.inference.courses import EXACT, Padded
from vesicle.inference.fitting import LN_2_PI, Array, Held, Noise, Problem
from vesicle.inference.priors import LogPrior
from vesicle.mechanisms.phenotype.growth_curves import GrowthLaw

START = "volume_at_first_time"
LEAST_OMEGA, MOST_OMEGA = 0.01, 3.0
"""Bounds of the spread between subjects, as a standard deviation of the logarithm: 1 % and twentyfold."""
INNER_STEPS, INNER_TOLERANCE, INNER_STEP, STEP = 60, 1e-9, 1e-5, 1e-4
FISHER_STEPS = 5
"""Steps with the expected curvature before the true one is computed."""
LONGEST = 2.0
"""Longest step of a subject's own parameters, in the logarithm."""
GRADIENT_STEP = 1e-4
EM_STEPS, EM_LEAST = 20, 0.05
"""Steps before the search, and the gain below which they end."""
RESTARTS, RESTART_GAIN = 4, 1e-3
"""The search begins again where it ended, with no memory of curvature, until that gains nothing."""
NEAR = 30.0
"""The subjects' parameters are kept as the next beginning from points at most so far above the lowest D."""
AWAY = 1e12
"""D where nothing can be computed."""
FAR = 1e6
"""Predictions are cut at so many times the typical volume, and at so much less of it: what lies there is wrong by any measure."""


@dataclass
class Mixed(Problem):
    """The likelihood of a population.

    Parameters in order: mu of the first volume and of the law, omega of the same, the error.

    Attributes
    ----------
    law, data, noise : what is fitted to what.
    low_mu, high_mu : (p,) bounds of mu.
    priors : index of mu -> prior of the population median.
    """

    law: GrowthLaw
    data: Padded
    noise: Noise
    low_mu: Array
    high_mu: Array
    priors: dict[int, LogPrior] = field(default_factory=dict)
    _eta: Array | None = field(default=None, repr=False)
    _lowest: float = field(default=AWAY, repr=False)

    def __post_init__(self) -> None:
        own = (START, *(p.name for p in self.law.parameters))
        self.size = len(own)
        self.names = (*own, *(f"spread_of_{name}" for name in own), *self.noise.names)
        low_noise, high_noise = self.noise.bounds
        spread_low, spread_high = np.full(self.size, np.log(LEAST_OMEGA)), np.full(self.size, np.log(MOST_OMEGA))
        self.low = np.concatenate([self.low_mu, spread_low, low_noise])
        self.high = np.concatenate([self.high_mu, spread_high, high_noise])

    def split(self, x: Array) -> tuple[Array, Array, Array]:
        """mu, omega and the logarithms of the error."""
        return x[: self.size], np.exp(x[self.size : 2 * self.size]), x[2 * self.size :]

    def predicted(self, phi: Array, times: Array | None = None) -> Array:
        """(..., n_subject, n_time) volumes; ``phi`` is (..., n_subject, p)."""
        at = self.data.times if times is None else times
        volume = self.law.volume(np.broadcast_to(at, (*phi.shape[:-1], at.shape[-1])), np.exp(phi[..., 0]), np.exp(phi[..., 1:]))
        return np.asarray(np.clip(np.nan_to_num(volume, nan=1.0), self.noise.scale / FAR, self.noise.scale * FAR))

    def value(self, x: Array) -> float:
        eta, curvature, own = self.subjects(*self.split(x))
        total = self._total(x, own, curvature)
        if total < self._lowest + NEAR:
            self._eta, self._lowest = eta, min(self._lowest, total)
        return total

    def penalty(self, x: Array) -> float:
        """What the priors add to D."""
        return sum(prior.penalty(float(x[k])) for k, prior in self.priors.items())

    def most_probable(self, x: Array) -> Array:
        """(n_subject, p) each subject's phi, sought from the population's median and not from where an earlier search ended."""
        mu, omega, errors = self.split(x)
        self._eta = None
        return np.asarray(mu + self.subjects(mu, omega, errors)[0])

    def _total(self, x: Array, own: Array, curvature: Array) -> float:
        """D from each subject's own part and curvature."""
        mu, omega, _ = self.split(x)
        sign, logdet = np.linalg.slogdet(curvature)
        if not np.all(sign > 0):
            return AWAY
        total = float(np.sum(own + logdet + 2 * np.log(omega).sum())) + self.penalty(x)
        return total if np.isfinite(total) else AWAY

    def slope(self, x: Array, free: npt.NDArray[np.int_]) -> Array:
        """dD/dx of the free parameters: central differences, each subject's eta brought along by one Newton step, which is exact to second order."""
        mu, omega, errors = self.split(x)
        eta, curvature, _ = self.subjects(mu, omega, errors)
        steep = self._steepness(mu, eta, np.diag(omega**-2), errors, curvature)

        def near(moved: Array) -> float:
            mu, omega, errors = self.split(moved)
            inverse = np.diag(omega**-2)
            _, push, _ = self._point(mu, eta, inverse, errors)
            step = np.clip(-np.linalg.solve(steep, push[..., None])[..., 0], -0.1, 0.1)
            own, _, found = self._point(mu, eta + step, inverse, errors)
            return self._total(moved, own, found)

        out = []
        for index in free:
            up, down = x.copy(), x.copy()
            up[index], down[index] = min(x[index] + GRADIENT_STEP, self.high[index]), max(x[index] - GRADIENT_STEP, self.low[index])
            out.append((near(up) - near(down)) / (up[index] - down[index]))
        return np.array(out)

    def subjects(self, mu: Array, omega: Array, errors: Array) -> tuple[Array, Array, Array]:
        """Each subject's best eta (n, p), its curvature H (n, p, p) and its own part of D without the determinants (n,)."""
        n = len(self.data.times)
        inverse = np.diag(omega**-2)
        damping = np.full(n, 1e-3)
        eta = np.zeros((n, self.size))
        cost, slope, curvature = self._point(mu, eta, inverse, errors)
        if self._eta is not None:
            known = self._point(mu, self._eta, inverse, errors)
            nearer = known[0] < cost
            eta = np.where(nearer[:, None], self._eta, eta)
            cost, slope, curvature = np.where(nearer, known[0], cost), np.where(nearer[:, None], known[1], slope), np.where(nearer[:, None, None], known[2], curvature)
        for round_ in range(INNER_STEPS):
            steep = curvature if round_ < FISHER_STEPS else self._steepness(mu, eta, inverse, errors, curvature)
            damped = steep + damping[:, None, None] * np.einsum("nii,ij->nij", steep, np.eye(self.size))
            step = -np.linalg.solve(damped, slope[..., None])[..., 0]
            step *= np.minimum(1.0, LONGEST / np.maximum(np.abs(step).max(axis=1), 1e-12))[:, None]
            trial = self._point(mu, eta + step, inverse, errors)
            better = trial[0] <= cost
            gain = np.where(better, cost - trial[0], 0.0)
            eta = np.where(better[:, None], eta + step, eta)
            cost, slope = np.where(better, trial[0], cost), np.where(better[:, None], trial[1], slope)
            curvature = np.where(better[:, None, None], trial[2], curvature)
            damping = np.clip(np.where(better, damping / 5, damping * 8), 1e-12, 1e9)
            if np.all((gain < INNER_TOLERANCE) & (better | (np.abs(step).max(axis=1) < INNER_STEP))):
                break
        return eta, curvature, cost

    def _steepness(self, mu: Array, eta: Array, inverse: Array, errors: Array, otherwise: Array) -> Array:
        """The true second derivatives where they are those of a minimum, else the expected ones: near the end they find it in two or three steps."""
        sides = [[self._point(mu, eta + sign * STEP * e, inverse, errors)[1] for sign in (1, -1)] for e in np.eye(self.size)]
        own = np.stack([(up - down) / (2 * STEP) for up, down in sides], axis=-1)
        own = (own + np.swapaxes(own, 1, 2)) / 2
        good = np.linalg.eigvalsh(own).min(axis=1) > 0
        return np.where(good[:, None, None], own, otherwise)

    def _point(self, mu: Array, eta: Array, inverse: Array, errors: Array) -> tuple[Array, Array, Array]:
        """D of each subject with its eta, half its gradient, and its expected curvature H."""
        p = self.size
        shifts = np.concatenate([np.zeros((1, p)), STEP * np.eye(p), -STEP * np.eye(p)])
        f = self.predicted(mu + eta + shifts[:, None, :])
        jacobian = np.moveaxis((f[1 : p + 1] - f[p + 1 :]) / (2 * STEP), 0, -1)
        variance = self.noise.variance(f, errors)
        relative = np.moveaxis((np.log(variance[1 : p + 1]) - np.log(variance[p + 1 :])) / (2 * STEP), 0, -1)
        cost, from_value, from_width, weight = _told(self.data, f[0], variance[0])
        slope = np.einsum("nt,ntp->np", from_value, jacobian) + np.einsum("nt,ntp->np", from_width, relative) + eta @ inverse
        here = self.data.here
        curvature = np.einsum("nt,ntp,ntq->npq", weight, jacobian, jacobian) + np.einsum("nt,ntp,ntq->npq", 0.5 * (here & (self.data.kinds == EXACT)), relative, relative) + inverse
        return cost + np.einsum("np,pq,nq->n", eta, inverse, eta), slope, curvature

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        from scipy.optimize import minimize

        x = np.clip(np.array(start, dtype=float), self.low, self.high)
        for index, at in held.items():
            x[index] = at
        free = np.array([i for i in range(len(x)) if i not in held], dtype=int)

        def of_free(part: Array) -> float:
            whole = x.copy()
            whole[free] = part
            return self.value(whole)

        def slope(part: Array) -> Array:
            whole = x.copy()
            whole[free] = part
            return self.slope(whole, free)

        self._eta, self._lowest = None, AWAY
        x[free] = self._drawn_near(x, free)
        bounds = list(zip(self.low[free], self.high[free], strict=True))
        part, lowest = x[free], np.inf
        for _ in range(RESTARTS):
            found: Any = minimize(of_free, part, jac=slope, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-9, "gtol": 1e-4, "maxiter": 200})
            gained, lowest, part = lowest - found.fun, min(lowest, float(found.fun)), found.x if found.fun <= lowest else part
            if gained < RESTART_GAIN:
                break
        x[free] = part
        return x, lowest if lowest < AWAY else np.inf

    def _drawn_near(self, x: Array, free: npt.NDArray[np.int_]) -> Array:
        """The free parameters after some steps of expectation and maximisation, while they lower D: mu and omega from the subjects' own parameters."""
        best, lowest, moving = x, self.value(x), x
        for _ in range(EM_STEPS):
            mu, omega, errors = self.split(moving)
            eta, curvature, _ = self.subjects(mu, omega, errors)
            spread = np.sqrt((eta**2 + np.einsum("nii->ni", np.linalg.inv(curvature))).mean(axis=0))
            trial = np.clip(np.concatenate([mu + eta.mean(axis=0), np.log(spread), errors]), self.low, self.high)
            moving = moving.copy()
            moving[free] = trial[free]
            value = self.value(moving)
            if value > lowest - EM_LEAST:
                break
            best, lowest = moving, value
        return np.asarray(best[free])


def _told(data: Padded, f: Array, variance: Array) -> tuple[Array, Array, Array, Array]:
    """What the values say: their part of D per subject (n,); half of its derivative by f and by ln s^2, and the expected weight of f, each (n, n_time)."""
    exact = data.here & (data.kinds == EXACT)
    apart = data.values - f
    cost = np.where(exact, apart**2 / variance + np.log(variance) + LN_2_PI, 0.0)
    from_value = np.where(exact, -apart / variance, 0.0)
    from_width = np.where(exact, 0.5 * (1 - apart**2 / variance), 0.0)
    weight = np.where(exact, 1 / variance, 0.0)
    limits = data.here & ~exact
    if limits.any():
        _add_limits(data, limits, apart, variance, cost, from_value, from_width, weight)
    return cost.sum(axis=1), from_value, from_width, weight


def _add_limits(data: Padded, limits: npt.NDArray[np.bool_], apart: Array, variance: Array, cost: Array, from_value: Array, from_width: Array, weight: Array) -> None:
    """Values that were only seen below or above a limit: -2 ln Phi(z), z = (limit - f)/s, of the other sign above."""
    from scipy.special import log_ndtr

    sign = -data.kinds[limits]
    deviation = np.sqrt(variance[limits])
    z = sign * apart[limits] / deviation
    ratio = np.exp(-(z**2) / 2 - LN_2_PI / 2 - log_ndtr(z))  # phi / Phi
    cost[limits] = -2 * log_ndtr(z)
    from_value[limits] = ratio * sign / deviation
    from_width[limits] = ratio * z / 2
    weight[limits] = ratio * np.maximum(ratio + z, 0.0) / variance[limits]
