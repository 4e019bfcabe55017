"""The last values of each subject taken away and predicted from the rest, beside two predictions that know no law."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from vesicle.evidence.library import Library
from vesicle.inference.courses import EXACT, Course
from vesicle.inference.fit_document import Plain
from vesicle.inference.fitting import Array
from vesicle.inference.growth.comparison import in_words
from vesicle.inference.growth.one_law import Fit, fit_law
from vesicle.inference.growth.question import Asked
from vesicle.inference.growth.subjects import parameters_of
from vesicle.inference.mixed import Mixed
from vesicle.network.spread import Z95
from vesicle.readouts.ensemble import rounded
from vesicle.runs.pool import Progress

LINE_POINTS = 3
"""Values of the line that goes on, in the prediction that knows no law."""


def held_out(courses: Sequence[Course], asked: Asked, fits: Mapping[str, Fit], library: Library, checksum: str, progress: Progress, label: str) -> Plain:
    """What was taken away from the end of each subject, predicted from the rest."""
    count = asked.held_out
    kept_least = 3 if asked.inoculum is None else 2
    taken = [len(c.times) >= count + kept_least for c in courses]
    if not count or not any(taken):
        return {"values": 0, "words": f"no subject has the {count + kept_least} values that it takes to predict {count}" if count else "not asked for"}
    shorter = [c.before(count) if t else c for c, t in zip(courses, taken, strict=True)]
    truth = [
        (i, float(t), float(v))
        for i, (c, gone) in enumerate(zip(courses, taken, strict=True))
        if gone
        for t, v, k in zip(c.times[-count:], c.values[-count:], c.kinds[-count:], strict=True)
        if k == EXACT and v > 0
    ]
    out: dict[str, Plain] = {}
    for done, (name, whole) in enumerate(fits.items(), start=1):
        fit = fit_law(name, shorter, asked, library, checksum, near=whole.solution.x)
        out[name] = _scored(truth, *_predictions(fit, shorter, truth, asked))
        progress(done, len(fits), label)
    out["last value stays"] = _scored(truth, [float(shorter[i].values[-1]) for i, _, _ in truth], None)
    line = f"line through the last {LINE_POINTS} logarithms"
    out[line] = _scored(truth, [_line(shorter[i], t) for i, t, _ in truth], None)
    first = min(fits, key=lambda n: fits[n].solution.value + 2 * fits[n].parameters)
    inside = f" ({out[first]['inside_90']} of {out[first]['of']} inside the 90 % interval)" if out[first]["inside_90"] is not None else ""
    return {
        "values": len(truth), "subjects": sum(taken), "left_out_per_subject": count, "predictions": out,
        "words": f"{in_words(first)} is off by {out[first]['median_fold_error']:.3g}-fold in the median{inside}, a {line} by {out[line]['median_fold_error']:.3g}-fold, "
        f"the last value by {out['last value stays']['median_fold_error']:.3g}-fold; an internal check on the data of the fit, not a validation",
    }  # fmt: skip


def _line(course: Course, time: float) -> float:
    good = course.values > 0
    t, y = course.times[good][-LINE_POINTS:], np.log(course.values[good][-LINE_POINTS:])
    slope, at = np.polyfit(t, y, 1) if len(t) > 1 else (0.0, y[-1])
    return float(math.exp(slope * time + at))


def _predictions(fit: Fit, courses: Sequence[Course], truth: Sequence[tuple[int, float, float]], asked: Asked) -> tuple[list[float], list[tuple[float, float]] | None]:
    """The prediction of each value, and its 90 % interval where there is a population (subject's own uncertainty and error of the value)."""
    phi = parameters_of(fit, len(courses))
    problem = fit.problem.inner
    spread = np.linalg.inv(problem.subjects(*problem.split(fit.solution.x))[1]) if isinstance(problem, Mixed) else None
    middle, ends = [], []
    for i, time, _ in truth:
        at = np.array([time - (asked.inoculum[0] if asked.inoculum else float(courses[i].times[0]))])

        def volume(row: Array, at: Array = at) -> float:
            return float(fit.law.volume(at, np.exp(row[0]), np.exp(row[1:]))[0])

        f = volume(phi[i])
        middle.append(f)
        if spread is not None and isinstance(problem, Mixed):
            slope = np.array([(volume(phi[i] + e) - volume(phi[i] - e)) / 2e-4 for e in 1e-4 * np.eye(phi.shape[1])])
            width = Z95 * math.sqrt(float(slope @ spread[i] @ slope + problem.noise.variance(np.array([f]), problem.split(fit.solution.x)[2])[0])) / f
            ends.append((f * math.exp(-width), f * math.exp(width)))
    return middle, ends or None


def _scored(truth: Sequence[tuple[int, float, float]], predicted: Sequence[float], ends: Sequence[tuple[float, float]] | None) -> Plain:
    apart = np.log(np.maximum(predicted, 1e-300)) - np.log([v for _, _, v in truth])
    inside = [low <= v <= high for (_, _, v), (low, high) in zip(truth, ends, strict=True)] if ends else None
    return {
        "median_fold_error": rounded(float(np.exp(np.median(np.abs(apart)))), 4), "bias": rounded(float(np.exp(np.median(apart))), 4),
        "inside_90": sum(inside) if inside else None, "of": len(truth),
    }  # fmt: skip
