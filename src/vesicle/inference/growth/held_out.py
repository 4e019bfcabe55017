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
from vesicle.inference.growth.one_law import Fit, fit_law, measured
from vesicle.inference.growth.question import Asked
from vesicle.inference.growth.subjects import parameters_of
from vesicle.inference.mixed import Mixed
from vesicle.network.spread import Z95
from vesicle.readouts.ensemble import rounded
from vesicle.runs.pool import Progress

LINE_POINTS = 3
"""Values of the line that goes on, in the prediction that knows no law."""
LAST, LINE = "last value stays", f"line through the last {LINE_POINTS} logarithms"
"""Predictions that know no law."""
WIDEST = 600.0
"""ln of the largest volume that a line predicts, and of the widest interval to each side of a prediction: beyond is overflow, and says nothing more."""


def held_out(courses: Sequence[Course], asked: Asked, fits: Mapping[str, Fit], library: Library, checksum: str, progress: Progress, label: str) -> Plain:
    """What was taken away from the end of each subject, predicted from the rest; ``fits`` in the order of the ranking."""
    count = asked.held_out
    kept_least = 3 if asked.inoculum is None else 2
    if not count:
        return {"values": 0, "words": "not asked for"}
    long = [len(c.times) >= count + kept_least for c in courses]
    taken = [is_long and bool(np.any(c.before(count).values > 0)) for c, is_long in zip(courses, long, strict=True)]
    kept = [c.subject for c, is_long, gone in zip(courses, long, taken, strict=True) if is_long and not gone]
    note = f"; nothing was taken from {', '.join(kept) or 'the subject'}, which would have had no tumour left to fit" if kept else ""
    if not any(long):
        return {"values": 0, "words": f"no subject has the {count + kept_least} values that it takes to predict {count}"}
    shorter = [c.before(count) if t else c for c, t in zip(courses, taken, strict=True)]
    truth = [
        (i, float(t), float(v))
        for i, (c, gone) in enumerate(zip(courses, taken, strict=True))
        if gone
        for t, v, k in zip(c.times[-count:], c.values[-count:], c.kinds[-count:], strict=True)
        if k == EXACT and v > 0
    ]
    enough = [name for name, fit in fits.items() if fit.parameters < measured(shorter)]
    if not truth or not enough:
        return {"values": 0, "words": ("no positive measured value could be left out" if not truth else "too few values to leave any out") + note}
    out: dict[str, Plain] = {}
    for done, name in enumerate(enough, start=1):
        fit = fit_law(name, shorter, asked, library, checksum, near=fits[name].solution.x)
        out[name] = _scored(truth, *_predictions(fit, shorter, truth, asked))
        progress(done, len(enough), label)
    out[LAST] = _scored(truth, [float(shorter[i].values[-1]) for i, _, _ in truth], None)
    out[LINE] = _scored(truth, [_line(shorter[i], t) for i, t, _ in truth], None)
    first = enough[0]
    inside = f" ({out[first]['inside_90']} of {out[first]['of']} inside the 90 % interval)" if out[first]["inside_90"] is not None else ""
    return {
        "values": len(truth), "subjects": sum(taken), "left_out_per_subject": count, "nothing_taken_from": kept, "predictions": out,
        "words": f"{in_words(first)} is off by {fold(out[first])} in the median{inside}, a {LINE} by {fold(out[LINE])}, the last value by {fold(out[LAST])}{note}; "
        "an internal check on the data of the fit, not a validation",
    }  # fmt: skip


def fold(scored: Mapping[str, Plain | float | None]) -> str:
    """The median error of a prediction in words; a prediction of nothing where something was measured is off without limit."""
    error = scored["median_fold_error"]
    return f"{error:.3g}-fold" if error is not None else "any number of folds (it says zero)"


def _line(course: Course, time: float) -> float:
    good = course.values > 0
    t, y = course.times[good][-LINE_POINTS:], np.log(course.values[good][-LINE_POINTS:])
    slope, at = np.polyfit(t, y, 1) if len(t) > 1 else (0.0, y[-1])
    return float(math.exp(min(slope * time + at, WIDEST)))


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
            width = min(Z95 * math.sqrt(float(slope @ spread[i] @ slope + problem.noise.variance(np.array([f]), problem.split(fit.solution.x)[2])[0])) / f, WIDEST)
            ends.append((f * math.exp(-width), f * math.exp(width)))
    return middle, ends or None


def _scored(truth: Sequence[tuple[int, float, float]], predicted: Sequence[float], ends: Sequence[tuple[float, float]] | None) -> Plain:
    with np.errstate(divide="ignore"):  # a prediction of zero is off without limit
        apart = np.log(predicted) - np.log([v for _, _, v in truth])
    inside = [low <= v <= high for (_, _, v), (low, high) in zip(truth, ends, strict=True)] if ends else None
    return {
        "median_fold_error": rounded(float(np.exp(np.median(np.abs(apart)))), 4), "bias": rounded(float(np.exp(np.median(apart))), 4),
        "inside_90": sum(inside) if inside else None, "of": len(truth),
    }  # fmt: skip
