"""The document of a fit of growth: every arm with its laws in order, compared, profiled and judged by what was held out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from vesicle.errors import InputError
from vesicle.evidence.library import Library
from vesicle.inference import fitting
from vesicle.inference.courses import Course, Courses, must_have_times
from vesicle.inference.fit_document import SCHEMA, Plain
from vesicle.inference.fitting import Profile
from vesicle.inference.growth.comparison import compared, difference, in_words
from vesicle.inference.growth.held_out import held_out
from vesicle.inference.growth.one_law import Fit, fit_law, is_population, measured, parameters_of, reference_volume
from vesicle.inference.growth.profiles import correlations_of, parameter_row, profiles
from vesicle.inference.growth.question import TIME, VOLUME, Asked, must_have_grown
from vesicle.inference.growth.subjects import curves, subjects_of
from vesicle.inference.growth.two_stages import two_stages
from vesicle.inference.mixed import Mixed
from vesicle.readouts.ensemble import rounded
from vesicle.runs.pool import Progress


def fit_growth(courses: Courses, asked: Asked, library: Library, progress: Progress) -> Plain:
    """Fit laws of growth to every arm that is asked for; the document of the fit as plain values.

    Raises
    ------
    InputError
        For an arm or a law that does not exist, or data that cannot say anything about growth.
    SolverError
        If no start leads anywhere.
    """
    arms = asked.arms or courses.arms
    for arm in arms:
        must_have_times(courses.of(arm))
        must_have_grown(courses.of(arm), asked)
    groups = [_group(arm, courses, asked, library, progress) for arm in arms]
    return {
        "schema": SCHEMA, "what": "growth", "data": {"file": courses.name, "sha256": courses.checksum, "time_unit": TIME, "value_unit": VOLUME},
        "settings": {"laws": list(asked.laws), "error": asked.error, "priors": asked.priors, "species": asked.species, "cell": asked.cell, "starts": asked.starts,
                     "seed": asked.seed, "held_out": asked.held_out, "inoculum": list(asked.inoculum) if asked.inoculum else None},
        "evidence_version": f"{library.version}+{library.content}", "groups": groups,
    }  # fmt: skip


def _group(arm: str, courses: Courses, asked: Asked, library: Library, progress: Progress) -> Plain:
    mine = courses.of(arm)
    label = f"{arm or 'all'}: laws"
    fits: dict[str, Fit] = {}
    count = sum(len(c.times) for c in mine)
    can, left_out = _fittable(arm, mine, asked)
    total, done = len(can) * asked.starts, 0

    def watch() -> None:
        nonlocal done
        done += 1
        progress(done, total, label)

    for name in can:
        fits[name] = fit_law(name, mine, asked, library, courses.checksum, watch=watch)
    _, _, close = _ranked(fits, count)
    profiled = profiles({name: fits[name] for name in close}, f"{arm or 'all'}: profiles", progress)
    scores, ranking, close = _ranked(fits, count)  # a profile may have met a better minimum
    tables = [_law_table(name, fits[name], profiled.get(name, {}), mine, asked, library, difference(scores, ranking[0], name), scores[name]) for name in ranking]
    return {
        "arm": arm, "subjects": len(mine), "values": count, "reference_volume": reference_volume(mine, asked),
        "method": "population" if is_population(mine) else "each subject alone", "comparison": compared(ranking, scores, fits, left_out, asked.priors),
        "too_few_values_for": left_out, "cannot_be_told_apart": close,
        "laws": tables, "held_out": held_out(mine, asked, {name: fits[name] for name in ranking}, library, courses.checksum, progress, f"{arm or 'all'}: held out"),
        "data": [{"subject": c.subject, "time": c.times.tolist(), "value": c.values.tolist(), "censored": c.kinds.tolist()} for c in mine],
    }  # fmt: skip


def _ranked(fits: Mapping[str, Fit], count: int) -> tuple[dict[str, float | None], list[str], list[str]]:
    """AICc of each law, the laws in its order (by their number of parameters where there is none), and those that cannot be told apart from the first."""
    scores = {name: fitting.aicc(fit.minus_2_ln_likelihood, fit.parameters, count) for name, fit in fits.items()}
    ranking = sorted(fits, key=lambda name: (scores[name] is None, scores[name] if scores[name] is not None else fits[name].parameters))
    return scores, ranking, [name for name in ranking if difference(scores, ranking[0], name) < fitting.CANNOT_BE_TOLD]


def _fittable(arm: str, courses: Sequence[Course], asked: Asked) -> tuple[list[str], list[str]]:
    """Laws with fewer parameters than measured values, and the others.

    Raises
    ------
    InputError
        If there is no such law.
    """
    values = measured(courses)
    needed = {name: parameters_of(name, courses, asked) for name in asked.laws}
    can = [name for name in asked.laws if needed[name] < values]
    if not can:
        least = min(needed, key=needed.__getitem__)
        say = "" if asked.error != "both" else ", or fewer parameters with --error proportional"
        who = f"arm '{arm or 'all'}' has {values} measured values for the {needed[least]} parameters of {in_words(least)}"
        raise InputError(f"{who}, expected more values than parameters; add values{say}.")
    return can, [name for name in asked.laws if name not in can]


def _law_table(name: str, fit: Fit, profiled: Mapping[int, Profile], courses: Sequence[Course], asked: Asked, library: Library, above: float, score: float | None) -> Plain:
    correlations = correlations_of(fit) if profiled else None
    parameters = [parameter_row(i, fit, profiled.get(i), correlations, asked, library) for i in range(len(fit.problem.names))]
    table = {
        "law": name, "minus_2_ln_likelihood": rounded(fit.minus_2_ln_likelihood, 6),
        "minus_2_ln_posterior": rounded(fit.solution.value, 6) if asked.priors else None, "parameters_estimated": fit.parameters,
        "aicc": rounded(score, 6) if score is not None else None,
        "aicc_difference": rounded(above, 4) if math.isfinite(above) else None, "starts": fit.solution.starts, "starts_agreeing": fit.solution.agreeing,
        "notes": fit.notes, "parameters": parameters, "subjects": subjects_of(fit, courses), "curves": curves(fit, courses, asked),
    }  # fmt: skip
    if correlations is not None:
        names = [fit.problem.names[i] for i in fit.free]
        table["correlation"] = {one: {other: round(float(correlations[a, b]), 3) for b, other in enumerate(names)} for a, one in enumerate(names)}
    if isinstance(fit.problem.inner, Mixed) and profiled:
        table["two_stages"] = two_stages(fit, courses, asked)
    return table
