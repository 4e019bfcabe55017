"""Sensitivity of functions: elasticities, Morris screening, Sobol indices.

    elasticity      d ln y / d ln p  =  (ln y(p e^h) - ln y(p e^-h)) / (2 h),   error h^2/6 of the third derivative
    Morris          mu* = mean |dy/du| over paths through the unit cube, sigma its spread (interaction, curvature)
    Sobol           S1 = Var(E(y|u_i)) / Var(y),   ST = 1 - Var(E(y|u_~i)) / Var(y)

u is the probability of each parameter in its own spread. A Sobol point is one of Saltelli's; intervals are
90 % of bootstrap resamples. A function takes (n, k) points and gives (n, m) outputs; outputs that are not
finite are replaced by the mean of the others and counted.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.errors import InputError, SolverError, UnsupportedFeature

Array = npt.NDArray[np.float64]
Function = Callable[[Array], Array]
STEP = 0.01
LEVELS = 4
RESAMPLES = 200
CONFIDENCE = 0.9
MOST_LOST = 0.05
"""More lost points than this share make no index."""


@dataclass(frozen=True)
class Index:
    """One number per parameter with the half width of its 90 % interval, for one output."""

    name: str
    values: Array
    halves: Array


@dataclass(frozen=True)
class Found:
    """The indices of one output, and how many points gave no number."""

    indices: tuple[Index, ...]
    lost: int


def elasticities(function: Function, nominal: Array, step: float = STEP) -> Array:
    """(k, m) elasticities of outputs by central differences in ln p; nan where an output changes sign or a parameter is zero.

    Parameters
    ----------
    function : (n, k) parameter values -> (n, m) outputs; called once.
    nominal : (k,) values.
    """
    k = len(nominal)
    points = np.repeat(nominal[None, :], 2 * k, axis=0)
    for i in range(k):
        points[2 * i, i] *= np.exp(step)
        points[2 * i + 1, i] *= np.exp(-step)
    y = function(points)
    with np.errstate(divide="ignore", invalid="ignore"):
        out = np.log(y[0::2] / y[1::2]) / (2 * step)
    out[~np.isfinite(out)] = np.nan
    out[nominal == 0] = np.nan
    return np.asarray(out)


def morris(function: Function, k: int, paths: int, seed: int, low: float = 0.0, high: float = 1.0) -> list[Found]:
    """mu*, mu and sigma of every output over ``paths`` paths of ``k`` + 1 points in [low, high]^k.

    Raises
    ------
    InputError, SolverError, UnsupportedFeature
    """
    if paths < 2:
        raise InputError(f"--samples {paths}: Morris screening needs at least 2 paths.")
    problem = _problem(k, low, high)
    points = _salib("sample.morris").sample(problem, paths, num_levels=LEVELS, seed=seed)
    found = []
    for y, lost in _columns(function(points)):
        analysed = _salib("analyze.morris").analyze(problem, points, y, num_resamples=RESAMPLES, conf_level=CONFIDENCE, num_levels=LEVELS, seed=seed)
        zero = np.zeros(k)
        star = Index("mu_star", np.asarray(analysed["mu_star"], float), np.asarray(analysed["mu_star_conf"], float))
        found.append(Found((star, Index("mu", np.asarray(analysed["mu"], float), zero), Index("sigma", np.asarray(analysed["sigma"], float), zero)), lost))
    return found


def sobol(function: Function, k: int, samples: int, seed: int, low: float = 0.0, high: float = 1.0) -> list[Found]:
    """First and total order of every output from ``samples`` (k + 2) points in [low, high]^k.

    Raises
    ------
    InputError
        If ``samples`` is no power of two (the balance of the sequence needs one).
    SolverError, UnsupportedFeature
    """
    if samples < 2 or samples & (samples - 1):
        raise InputError(f"--samples {samples}: Sobol points come in powers of two; take {1 << max(samples, 2).bit_length() - 1} or {1 << max(samples, 2).bit_length()}.")
    problem = _problem(k, low, high)
    points = _salib("sample.sobol").sample(problem, samples, calc_second_order=False, scramble=True, seed=seed)
    found = []
    for y, lost in _columns(function(points)):
        if np.ptp(y) == 0:
            zero = np.zeros(k)
            found.append(Found((Index("S1", zero, zero), Index("ST", zero, zero)), lost))
            continue
        analysed = _salib("analyze.sobol").analyze(problem, y, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed)
        found.append(Found(tuple(Index(n, np.asarray(analysed[n], float), np.asarray(analysed[f"{n}_conf"], float)) for n in ("S1", "ST")), lost))
    return found


def _problem(k: int, low: float, high: float) -> dict[str, Any]:
    return {"num_vars": k, "names": [f"x{i}" for i in range(k)], "bounds": [[low, high]] * k}


def _columns(outputs: Array) -> Sequence[tuple[Array, int]]:
    """Each output with its lost points replaced by the mean, and how many they were."""
    out = []
    for column in outputs.T:
        good = np.isfinite(column)
        lost = int((~good).sum())
        if lost > MOST_LOST * len(column):
            raise SolverError(f"{lost} of {len(column)} points gave no number of the readout; ask for another readout, or narrow the parameters with --set.")
        out.append((np.where(good, column, column[good].mean()), lost))
    return out


def _salib(module: str) -> Any:
    try:
        return importlib.import_module(f"SALib.{module}")
    except ImportError:
        raise UnsupportedFeature("Morris and Sobol need the package SALib; install it with `pip install SALib`, or use --method local.") from None
