"""Many runs of a small network of counts, for tests of the stochastic engine's laws.

A false alarm of one whole test is as rare as ALARM; seeds are fixed, so a test that passes goes on passing.
"""

from dataclasses import replace

import numpy as np
from scipy import stats

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.engines.ssa import SsaEngine
from vesicle.model.assembly import Model
from vesicle.network.expressions import read
from vesicle.network.flat import flatten
from vesicle.network.types import Arm, Network, Observable, Parameter, Reaction, Species

ALARM = 1e-4
SEED = 20


def counts(start, reactions, parameters=(), **parts) -> Model:
    """A network from texts: species -> start, (changes, rate) per reaction, parameter -> value; every species is an output."""
    defaults = {
        "arm": Arm("counts"),
        "species": tuple(Species(name, name, "", "copy", read(f"start_{name}")) for name in start),
        "parameters": (*(Parameter(f"start_{n}", "copy", x) for n, x in start.items()), *(Parameter(n, "1/h", x) for n, x in dict(parameters).items())),
        "reactions": tuple(Reaction(f"r{i}", changes, read(rate)) for i, (changes, rate) in enumerate(reactions)),
        "observables": tuple(Observable(name, "copy", read(name)) for name in start),
    }
    network = Network("counts", **(defaults | parts))
    return Model(network.arm.name, network, flatten(network), ())


def compiled(one: Model, times):
    program, lean = compile_model(one, tuple(times), counts=True)
    return program, values_of(lean, one.network.parameters, draw_matrix(one.network.parameters, 1, [-1]))[0]


def paths(one: Model, times, n: int, seed: int = SEED) -> np.ndarray:
    """(n, n_time, n_output) outputs of n runs."""
    program, values = compiled(one, times)
    engine = SsaEngine()
    runs = [engine.run(program, replace(values, key=(seed, i))) for i in range(n)]
    assert {run.status for run in runs} == {OK}
    return np.array([run.outputs for run in runs])


def mean_course(one: Model, times) -> np.ndarray:
    """(n_time, n_output) outputs of the deterministic engine for the same program."""
    program, values = compiled(one, times)
    return OdeEngine(STRICT_RTOL).run(program, values).outputs


def fits(sample, chances) -> bool:
    """Chi-square of whole numbers against the chances of 0, 1, 2, ...; neighbours are joined until five are expected."""
    n, chances = len(sample), np.append(chances, max(1 - np.sum(chances), 0.0))
    seen = np.bincount(np.minimum(np.asarray(sample, dtype=int), len(chances) - 1), minlength=len(chances))
    expected, observed = [0.0], [0]
    for chance, count in zip(chances, seen, strict=True):
        if expected[-1] >= 5:
            expected.append(0.0)
            observed.append(0)
        expected[-1] += n * chance
        observed[-1] += count
    if expected[-1] < 5 and len(expected) > 1:
        expected[-2:], observed[-2:] = [sum(expected[-2:])], [sum(observed[-2:])]
    statistic = sum((o - e) ** 2 / e for o, e in zip(observed, expected, strict=True))
    return bool(stats.chi2.sf(statistic, len(expected) - 1) > ALARM)


def worst_mean(sample, expected) -> float:
    """Largest distance of the means over axis 0 from the expected ones, in standard errors; where nothing varies it must be exact."""
    error = np.std(sample, axis=0, ddof=1) / np.sqrt(len(sample))
    gap = np.abs(np.mean(sample, axis=0) - expected)
    assert np.all(gap[error == 0] <= 1e-6 * (1 + np.abs(np.broadcast_to(expected, gap.shape)[error == 0])))
    return float(np.max(gap[error > 0] / error[error > 0]))


def worst_variance(sample, expected) -> float:
    """The same for variances; the standard error from the fourth moment."""
    centred = sample - np.mean(sample, axis=0)
    variance = np.mean(centred**2, axis=0)
    error = np.sqrt((np.mean(centred**4, axis=0) - variance**2) / len(sample))
    return float(np.max(np.abs(variance - expected) / error))


def bound(comparisons: int) -> float:
    """Standard errors that one of so many comparisons exceeds with chance ALARM (Bonferroni)."""
    return float(stats.norm.isf(ALARM / 2 / comparisons))
