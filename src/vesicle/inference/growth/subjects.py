"""What a fit says about each subject: its own parameters and its curve, and the band of a population."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vesicle.inference.courses import Course
from vesicle.inference.fit_document import DIGITS, Plain
from vesicle.inference.fitting import Array
from vesicle.inference.growth.one_law import Fit
from vesicle.inference.growth.question import Asked
from vesicle.inference.mixed import START, Mixed
from vesicle.readouts.ensemble import rounded

CURVE_POINTS, BAND_DRAWS = 60, 400


def subjects_of(fit: Fit, courses: Sequence[Course]) -> list[Plain]:
    """Each subject's own parameters: the most probable ones given the population, or its own fit."""
    phi = parameters_of(fit, len(courses))
    names = (START, *(p.name for p in fit.law.parameters))
    return [{"subject": c.subject, **{name: rounded(math.exp(v), DIGITS) for name, v in zip(names, row, strict=True)}} for c, row in zip(courses, phi, strict=True)]


def parameters_of(fit: Fit, count: int) -> Array:
    """(n_subject, p) logarithms of each subject's first volume and parameters of the law."""
    problem = fit.problem.inner
    if isinstance(problem, Mixed):
        return problem.most_probable(fit.solution.x)
    return np.asarray(fit.solution.x[: count * (1 + len(fit.law.parameters))].reshape(count, -1))


def curves(fit: Fit, courses: Sequence[Course], asked: Asked) -> Plain:
    """Curves for a figure: each subject's own, and for a population the median with the 5 to 95 % band of subjects, on a clock that begins at the first value."""
    phi = parameters_of(fit, len(courses))
    zero = [asked.inoculum[0] if asked.inoculum else float(c.times[0]) for c in courses]
    out: Plain = {"subjects": []}
    for c, begin, row in zip(courses, zero, phi, strict=True):
        time = np.linspace(0.0, float(c.times[-1]) - begin, CURVE_POINTS)
        volume = fit.law.volume(time, np.exp(row[0]), np.exp(row[1:]))
        out["subjects"].append({"subject": c.subject, "time": [rounded(float(t + begin), 5) for t in time], "volume": [rounded(float(v), 5) for v in volume]})
    problem = fit.problem.inner
    if isinstance(problem, Mixed):
        mu, omega, _ = problem.split(fit.solution.x)
        random = np.random.default_rng(asked.seed)
        drawn = mu + omega * random.standard_normal((BAND_DRAWS, len(mu)))
        time = np.linspace(0.0, float(np.median([c.times[-1] - z for c, z in zip(courses, zero, strict=True)])), CURVE_POINTS)
        with np.errstate(all="ignore"):
            bands = np.quantile(fit.law.volume(np.tile(time, (BAND_DRAWS, 1)), np.exp(drawn[:, 0]), np.exp(drawn[:, 1:])), [0.05, 0.5, 0.95], axis=0)
        out["population"] = {
            "time": [rounded(float(t), 5) for t in time],
            **{q: [rounded(float(v), 5) for v in band] for q, band in zip(("q05", "q50", "q95"), bands, strict=True)},
        }
    return out
