"""Two stages: each subject alone by least squares with the error of the population, then medians and spreads of what came out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from vesicle.inference import fitting
from vesicle.inference.courses import Course
from vesicle.inference.fit_document import DIGITS, Plain
from vesicle.inference.fitting import Array, LeastSquares
from vesicle.inference.growth.one_law import Fit
from vesicle.inference.growth.question import Asked
from vesicle.inference.mixed import START, Mixed
from vesicle.readouts.ensemble import rounded


def two_stages(fit: Fit, courses: Sequence[Course], asked: Asked) -> Plain:
    """Each subject alone by least squares with the error of the population; medians and spreads of what came out."""
    problem = fit.problem.inner
    assert isinstance(problem, Mixed)
    _, _, errors = problem.split(fit.solution.x)
    mu = fit.solution.x[: problem.size]
    rows, left_out = [], 0
    for i, course in enumerate(courses):
        free = problem.size - (1 if asked.inoculum else 0)
        if len(course.times) < free:
            left_out += 1
            continue
        rows.append(_one_subject(problem, i, mu, errors, asked))
    names = (START, *(p.name for p in fit.law.parameters))
    x = np.array(rows)
    found = (
        {n: {"median": rounded(float(np.exp(np.median(x[:, k]))), DIGITS), "sd_of_logarithm": rounded(float(np.std(x[:, k], ddof=1)), 3)} for k, n in enumerate(names)}
        if len(rows) > 1
        else {}
    )
    return {
        "subjects": len(rows),
        "left_out": left_out,
        "parameters": found,
        "words": "each subject alone, then the median: the error of each fit is counted as difference between subjects",
    }


def _one_subject(problem: Mixed, i: int, mu: Array, errors: Array, asked: Asked) -> Array:
    here = problem.data.here[i]
    times, values, kinds = problem.data.times[i][here], problem.data.values[i][here], problem.data.kinds[i][here]
    noise = problem.noise
    least = math.sqrt(float(noise.variance(np.zeros(1), errors)[0]))

    def function(x: Array) -> Array:
        f = np.clip(problem.law.volume(times, np.exp(x[0]), np.exp(x[1:])), 0.0, 1e6 * noise.scale)
        return fitting.residuals(values, kinds, f, noise.variance(f, errors), least)

    alone = LeastSquares(tuple(str(k) for k in range(problem.size)), problem.low_mu, problem.high_mu, function)
    return alone.minimum(mu, {0: float(mu[0])} if asked.inoculum else {})[0]
