"""Laws of tumour growth fitted to courses of volume: per arm one population of subjects, or each subject alone where there are few.

What is done with each arm:

1. every law is fitted (:mod:`vesicle.inference.mixed`; with fewer than ``LEAST_SUBJECTS`` subjects each alone, with one error for all) and compared by AICc;
2. the parameters of the best law, and of those that cannot be told apart from it, get a profile likelihood and a sentence;
3. the last values of each subject are taken away, the law is fitted again to the rest, and what was taken away is predicted with its interval, beside two
   predictions that know no law: the last value stays, and the line through the logarithms of the last ones goes on;
4. each subject is fitted alone with the error of the population, and the medians of these are stated beside it (two stages).

Time is in days, volume in mm3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vesicle import units
from vesicle.errors import InputError, ModelError
from vesicle.evidence import matching
from vesicle.evidence.library import Library
from vesicle.inference import fitting
from vesicle.inference.courses import EXACT, Course, Courses, Padded, must_have_times, padded
from vesicle.inference.fitting import LN_2_PI, Array, Held, LeastSquares, Noise, Problem, Profile, Solution
from vesicle.inference.mixed import LEAST_OMEGA, START, Mixed
from vesicle.inference.priors import LogPrior
from vesicle.mechanisms.phenotype.growth_curves import GrowthLaw, LawParameter, law_named
from vesicle.network.spread import Z95
from vesicle.readouts.ensemble import rounded

SCHEMA = "vesicle-fit/1"
TIME, VOLUME = "d", "mm3"
UNITS = {"1/time": f"1/{TIME}", "volume/time": f"{VOLUME}/{TIME}", "volume": VOLUME, "1/(time*area)": f"1/({TIME}*mm2)"}
LAWS = ("exponential", "exponential_linear", "gompertz", "logistic")
"""What is compared when no law is asked for."""
LEAST_SUBJECTS = 5
REACH = 1e4
"""Bounds of a parameter: so much below and above where the search begins."""
SPREAD = 0.3
"""Where the search for the spread between subjects begins, as a standard deviation of the logarithm."""
CURVE_POINTS, BAND_DRAWS = 60, 400
LINE_POINTS = 3
"""Values of the line that goes on, in the prediction that knows no law."""
DIGITS = 4
Progress = Callable[[int, int, str], None]
Plain = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is to be fitted.

    Attributes
    ----------
    laws : names, in order.
    error : ``both``, ``proportional`` or ``additive``.
    arms : of the table; all when empty.
    species, cell : context of the records that are asked for priors, and of the rows.
    priors : whether what the records say about the population median goes into the fit.
    inoculum : time [d] and volume [mm3] from which every tumour began; None where each begins at its first value.
    starts, seed : random starts and their seed.
    held_out : how many last values of each subject are predicted.
    """

    laws: tuple[str, ...] = LAWS
    error: str = "both"
    arms: tuple[str, ...] = ()
    species: str = ""
    cell: str = ""
    priors: bool = False
    inoculum: tuple[float, float] | None = None
    starts: int = 3
    seed: int = 1
    held_out: int = 1


@dataclass(frozen=True)
class Recorded:
    """How a parameter of a law is written as a record: its quantity, its unit, and x = factor * (the record's number)^power."""

    quantity: str
    unit: str
    factor: float
    power: int = 1

    def number(self, x: float) -> float:
        """The record's number of a parameter."""
        return float((x / self.factor) ** self.power)


@dataclass
class _Fit:
    """One law on one arm."""

    law: GrowthLaw
    problem: Problem
    held: Held
    solution: Solution
    notes: list[str] = field(default_factory=list)
    priors: dict[int, LogPrior] = field(default_factory=dict)

    @property
    def parameters(self) -> int:
        return len(self.problem.names) - len(self.held)


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
        _positive_start(courses.of(arm), asked)
    groups = [_group(arm, courses, asked, library, progress) for arm in arms]
    return {
        "schema": SCHEMA, "what": "growth", "data": {"file": courses.name, "sha256": courses.checksum, "time_unit": TIME, "value_unit": VOLUME},
        "settings": {"laws": list(asked.laws), "error": asked.error, "priors": asked.priors, "species": asked.species, "cell": asked.cell, "starts": asked.starts,
                     "seed": asked.seed, "held_out": asked.held_out, "inoculum": list(asked.inoculum) if asked.inoculum else None},
        "evidence_version": f"{library.version}+{library.content}", "groups": groups,
    }  # fmt: skip


def _positive_start(courses: Sequence[Course], asked: Asked) -> None:
    for course in courses:
        if asked.inoculum is not None and course.times[0] <= asked.inoculum[0]:
            raise InputError(
                f"{course.where}subject '{course.subject}' has a value at {course.times[0]:g} {TIME}, expected times after the inoculum at {asked.inoculum[0]:g} {TIME}."
            )
        if not np.any(course.values > 0):
            raise InputError(f"{course.where}all values of subject '{course.subject}' are zero, expected a tumour; leave this subject out.")


def _group(arm: str, courses: Courses, asked: Asked, library: Library, progress: Progress) -> Plain:
    mine = courses.of(arm)
    label = f"{arm or 'all'}: laws"
    fits: dict[str, _Fit] = {}
    total, done = len(asked.laws) * asked.starts, 0

    def watch() -> None:
        nonlocal done
        done += 1
        progress(done, total, label)

    for name in asked.laws:
        fits[name] = fit_law(name, mine, asked, library, courses.checksum, watch=watch)
    count = sum(len(c.times) for c in mine)
    scores = {name: fitting.aicc(fit.solution.value, fit.parameters, count) for name, fit in fits.items()}
    ranking = sorted(fits, key=lambda name: (scores[name] is None, scores[name] if scores[name] is not None else fits[name].solution.value))
    close = [name for name in ranking if _difference(scores, ranking[0], name) < fitting.CANNOT_BE_TOLD]
    profiled = _profiles({name: fits[name] for name in close}, f"{arm or 'all'}: profiles", progress)
    tables = [_law_table(name, fits[name], profiled.get(name, {}), mine, asked, library, _difference(scores, ranking[0], name), scores[name]) for name in ranking]
    return {
        "arm": arm, "subjects": len(mine), "values": count, "reference_volume": _reference(mine, asked),
        "method": "population" if _is_population(mine) else "each subject alone", "comparison": _compared(ranking, scores, fits), "cannot_be_told_apart": close,
        "laws": tables, "held_out": _held_out(mine, asked, fits, library, courses.checksum, progress, f"{arm or 'all'}: held out"),
        "data": [{"subject": c.subject, "time": c.times.tolist(), "value": c.values.tolist(), "censored": c.kinds.tolist()} for c in mine],
    }  # fmt: skip


def _is_population(courses: Sequence[Course]) -> bool:
    return len(courses) >= LEAST_SUBJECTS


def _difference(scores: Mapping[str, float | None], first: str, name: str) -> float:
    a, b = scores[first], scores[name]
    return b - a if a is not None and b is not None else (0.0 if name == first else math.inf)


def _compared(ranking: Sequence[str], scores: Mapping[str, float | None], fits: Mapping[str, _Fit]) -> str:
    """The comparison of laws as a sentence."""
    first = ranking[0]
    if len(ranking) == 1:
        return f"Only {_words(first)} was fitted; nothing is said about other laws."
    same = [_words(n) for n in ranking[1:] if _difference(scores, first, n) < fitting.CANNOT_BE_TOLD]
    worse = [f"{_words(n)} by {_difference(scores, first, n):.1f}" for n in ranking[1:] if fitting.CANNOT_BE_TOLD <= _difference(scores, first, n) < math.inf]
    none = [_words(n) for n in ranking if scores[n] is None]
    text = f"{_words(first)} has the lowest AICc"
    text += f"; {' and '.join(same)} cannot be told apart from it (less than {fitting.CANNOT_BE_TOLD:g} higher)" if same else ""
    text += f"; worse are {', '.join(worse)}" if worse else ""
    text += f"; too few values for {', '.join(none)}" if none else ""
    if spare := [_words(n) for n in _same_fit(ranking, fits) if _words(n) not in same]:
        text += f". Of these {', '.join(spare)} fit{'s' if len(spare) == 1 else ''} as well and only ha{'s' if len(spare) == 1 else 've'} more parameters than these data need"
    return text + "."


def _words(name: str) -> str:
    return name.replace("_", "-")


def _same_fit(ranking: Sequence[str], fits: Mapping[str, _Fit]) -> list[str]:
    """Laws that fit no worse than the first and are only punished for parameters that the data do not need."""
    first = fits[ranking[0]]
    return [n for n in ranking[1:] if fits[n].parameters > first.parameters and abs(fits[n].solution.value - first.solution.value) < fitting.CHI2[0.95]]


# ---- one law on one arm ----


def fit_law(name: str, courses: Sequence[Course], asked: Asked, library: Library, checksum: str = "", near: Array | None = None, watch: Callable[[], None] = lambda: None) -> _Fit:
    """One law fitted to the courses of one arm, from several starts or from a point nearby."""
    psi = matching.match(library, "growth_switch_exponent", {}).records[0].value
    law = law_named(name, psi, _reference(courses, asked))
    begin = asked.inoculum[0] if asked.inoculum else None
    data = padded(courses, begin)
    noise = fitting.noise(asked.error, data.values[data.here])
    rate, volume = _rough(courses)
    mu = np.log([_first_volume(courses, asked), *law.guess(rate, volume)])
    priors, notes = _priors(law, asked, library, checksum) if asked.priors else ({}, [])
    problem, held, start = (_population if _is_population(courses) else _alone)(law, data, noise, mu, priors, courses, asked)
    shell = _Within(problem, held)
    solution = fitting.best(shell, start if near is None else near, asked.starts if near is None else 1, asked.seed, SPREAD * 2, watch)
    return _Fit(law, shell, held, solution, notes, priors)


@dataclass
class _Within(Problem):
    """A problem in which some parameters always stay."""

    inner: Problem
    always: Held

    def __post_init__(self) -> None:
        self.names, self.low, self.high = self.inner.names, self.inner.low, self.inner.high

    def value(self, x: Array) -> float:
        return self.inner.value(x)

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        return self.inner.minimum(start, {**self.always, **held})


def _reference(courses: Sequence[Course], asked: Asked) -> float:
    """The volume at which Gompertz's first rate is stated: that of the inoculum, else the median first volume, to two digits."""
    if asked.inoculum is not None:
        return asked.inoculum[1]
    return float(f"{_first_volume(courses, asked):.2g}")


def _first_volume(courses: Sequence[Course], asked: Asked) -> float:
    if asked.inoculum is not None:
        return asked.inoculum[1]
    return float(np.median([c.values[c.values > 0][0] for c in courses]))


def _rough(courses: Sequence[Course]) -> tuple[float, float]:
    """Median slope of ln V and a middle volume: where the search begins."""
    slopes, middles = [], []
    for c in courses:
        good = c.values > 0
        middles.append(float(np.log(c.values[good]).mean()))
        if good.sum() > 1:
            slopes.append(float(np.polyfit(c.times[good], np.log(c.values[good]), 1)[0]))
    span = float(np.median([c.times[-1] - c.times[0] for c in courses]))
    return max(float(np.median(slopes)) if slopes else 0.0, 0.1 / span), math.exp(float(np.median(middles)))


def _population(
    law: GrowthLaw, data: Padded, noise: Noise, mu: Array, priors: dict[int, LogPrior], courses: Sequence[Course], asked: Asked
) -> tuple[Problem, dict[int, float], Array]:
    wide = math.log(REACH)
    problem = Mixed(law, data, noise, mu - wide, mu + wide, priors)
    held = {0: float(mu[0]), problem.size: math.log(LEAST_OMEGA)} if asked.inoculum else {}
    start = np.concatenate([mu, np.full(problem.size, math.log(SPREAD)), noise.start])
    for index, at in held.items():
        start[index] = at
    return problem, held, start


def _alone(law: GrowthLaw, data: Padded, noise: Noise, mu: Array, priors: dict[int, LogPrior], courses: Sequence[Course], asked: Asked) -> tuple[Problem, dict[int, float], Array]:
    """Every subject with parameters of its own, one error for all, as least squares."""
    own = (START, *(p.name for p in law.parameters))
    n, p = len(courses), len(own)
    names = tuple(f"{name}[{c.subject or i + 1}]" if n > 1 else name for i, c in enumerate(courses) for name in own) + noise.names
    low, high = noise.bounds
    wide = math.log(REACH)
    least = math.sqrt(float(noise.variance(np.zeros(1), low)[0]))

    def function(x: Array) -> Array:
        phi = x[: n * p].reshape(n, p)
        f = law.volume(data.times, np.exp(phi[:, 0]), np.exp(phi[:, 1:]))
        f = np.clip(np.nan_to_num(f, nan=1.0), 0.0, 1e6 * noise.scale)
        here = data.here
        found = fitting.residuals(data.values[here], data.kinds[here], f[here], noise.variance(f, x[n * p :])[here], least)
        return np.concatenate([found, [math.sqrt(prior.penalty(float(row[k]))) for row in phi for k, prior in priors.items()]])

    exact = int((data.here & (data.kinds == EXACT)).sum())
    problem = LeastSquares(names, np.concatenate([np.tile(mu - wide, n), low]), np.concatenate([np.tile(mu + wide, n), high]), function, exact * (LN_2_PI + 2 * math.log(least)))
    firsts = [math.log(c.values[c.values > 0][0]) for c in courses]
    each = [np.concatenate([[mu[0] if asked.inoculum else first], mu[1:]]) for first in firsts]
    held = {i * p: float(mu[0]) for i in range(n)} if asked.inoculum else {}
    return problem, held, np.concatenate([*each, noise.start])


# ---- records ----


def recorded(parameter: LawParameter, library: Library, has_inoculum: bool) -> Recorded:
    """How a parameter of a law is written as a record."""
    unit = UNITS[parameter.dimension]
    if parameter.quantity == "doubling_time":
        return Recorded("doubling_time", TIME, math.log(2), -1)
    if parameter.quantity == "linear_growth_rate":
        density = matching.match(library, "tissue_density", {}).records[0]
        return Recorded("linear_growth_rate", f"g/{TIME}", 1 / units.convert(density.value, density.unit, f"g/{VOLUME}"))
    if parameter.quantity == "gompertz_initial_growth_rate" and not has_inoculum:
        return Recorded("growth_rate_at_first_volume", unit, 1.0)
    if parameter.dimension == "volume":
        return Recorded(parameter.quantity, "uL", units.convert(1.0, "uL", unit))
    return Recorded(parameter.quantity, unit, 1.0)


def _priors(law: GrowthLaw, asked: Asked, library: Library, checksum: str) -> tuple[dict[int, LogPrior], list[str]]:
    """What the records say about the median of each parameter, without those that were fitted to the same data, and notes."""
    mine = library.without_fitted_to(checksum)
    out, notes = {}, []
    if mine is not library:
        notes.append("records that were fitted to these data are left out of the priors")
    context = {name: value for name, value in (("species", asked.species), ("cell", asked.cell)) if value}
    for k, parameter in enumerate(law.parameters, start=1):
        as_record = recorded(parameter, library, asked.inoculum is not None)
        method = {"method": "in vivo"} if as_record.quantity == "doubling_time" else {}
        try:
            found = matching.parameter(mine, parameter.name, as_record.quantity, as_record.unit, {**context, **method})
        except ModelError:
            notes.append(f"no record answers '{as_record.quantity}' for {asked.cell or 'any cell'}; {parameter.name} has no prior")
            continue
        assert found.spread is not None  # a matched parameter has one
        out[k] = LogPrior(found.spread, found.records, as_record.factor, as_record.power)
        notes.append(f"prior of {parameter.name}: {', '.join(found.records)} ({found.status}{', borrowed: ' + found.borrowed if found.borrowed else ''})")
    return out, notes


# ---- profiles and tables ----


def _profiles(fits: Mapping[str, _Fit], label: str, progress: Progress) -> dict[str, dict[int, Profile]]:
    """Profiles of the parameters of laws: medians and spreads between subjects in a population, all but first volumes and error where each stands alone."""
    wanted = {name: [i for i, word in enumerate(fit.problem.names) if i not in fit.held and START not in word and word not in fitting_names()] for name, fit in fits.items()}
    total, done = sum(map(len, wanted.values())), 0
    out: dict[str, dict[int, Profile]] = {}
    for name, fit in fits.items():
        found: dict[int, Profile] = {}
        for index in wanted[name]:
            found[index], better = fitting.profile(fit.problem, fit.solution, index)
            if better is not fit.solution and better.value < fit.solution.value - fitting.BETTER:
                fit.solution = better
                found = {i: fitting.profile(fit.problem, better, i)[0] for i in found}
            done += 1
            progress(done, total, label)
        out[name] = found
    return out


def fitting_names() -> tuple[str, ...]:
    """Names of the parameters of the error."""
    return fitting.ADDITIVE, fitting.PROPORTIONAL


def _law_table(name: str, fit: _Fit, profiles: Mapping[int, Profile], courses: Sequence[Course], asked: Asked, library: Library, difference: float, score: float | None) -> Plain:
    correlations = _correlations(fit) if profiles else None
    parameters = [_parameter_row(i, fit, profiles.get(i), correlations, asked, library) for i in range(len(fit.problem.names))]
    table = {
        "law": name, "minus_2_ln_likelihood": rounded(fit.solution.value, 6), "parameters_estimated": fit.parameters, "aicc": rounded(score, 6) if score is not None else None,
        "aicc_difference": rounded(difference, 4) if math.isfinite(difference) else None, "starts": fit.solution.starts, "starts_agreeing": fit.solution.agreeing,
        "notes": fit.notes, "parameters": parameters, "subjects": subjects_of(fit, courses), "curves": _curves(fit, courses, asked),
    }  # fmt: skip
    if correlations is not None:
        free = [i for i in range(len(fit.problem.names)) if i not in fit.held]
        table["correlation"] = {fit.problem.names[i]: {fit.problem.names[j]: round(float(correlations[a, b]), 3) for b, j in enumerate(free)} for a, i in enumerate(free)}
    if isinstance(_inner(fit), Mixed) and profiles:
        table["two_stages"] = _two_stages(fit, courses, asked)
    return table


def _inner(fit: _Fit) -> Problem:
    return fit.problem.inner if isinstance(fit.problem, _Within) else fit.problem


@dataclass
class _Free(Problem):
    """A problem seen through its free parameters."""

    whole: Problem
    at: Array
    free: list[int]

    def __post_init__(self) -> None:
        self.names = tuple(self.whole.names[i] for i in self.free)
        self.low, self.high = self.whole.low[self.free], self.whole.high[self.free]

    def value(self, x: Array) -> float:
        point = self.at.copy()
        point[self.free] = x
        return self.whole.value(point)

    def minimum(self, start: Array, held: Held) -> tuple[Array, float]:
        raise NotImplementedError("only its value is asked for")


def _correlations(fit: _Fit) -> Array:
    """Correlation of the free parameters."""
    free = [i for i in range(len(fit.problem.names)) if i not in fit.held]
    seen = _Free(fit.problem, fit.solution.x, free)
    return fitting.correlation(seen, Solution(fit.solution.x[free], fit.solution.value, 1, 1), 1e-2)


def _parameter_row(index: int, fit: _Fit, profile: Profile | None, correlations: Array | None, asked: Asked, library: Library) -> Plain:
    name = fit.problem.names[index]
    word, _, subject = name.partition("[")
    base = word.removeprefix("spread_of_")
    by_name = {p.name: p for p in fit.law.parameters}
    is_spread = word.startswith("spread_of_")
    unit = "1" if is_spread or base == fitting.PROPORTIONAL else VOLUME if base in (START, fitting.ADDITIVE) else UNITS[by_name[base].dimension]
    row: Plain = {"name": name, "unit": unit, "value": rounded(math.exp(fit.solution.x[index]), DIGITS), "means": _means(base, by_name, is_spread), "subject": subject.rstrip("]")}
    if index in fit.held:
        return {**row, "held": True, "words": "given, not fitted" if base == START and not is_spread else "held"}
    if base in by_name:
        as_record = recorded(by_name[base], library, asked.inoculum is not None)
        row["record"] = {"quantity": as_record.quantity, "unit": as_record.unit, "factor": as_record.factor, "power": as_record.power, "is_spread": is_spread}
    if profile is None:
        return row
    free = [i for i in range(len(fit.problem.names)) if i not in fit.held]
    partner = fitting.partner_of(free.index(index), [fit.problem.names[i] for i in free], correlations) if correlations is not None else None
    for level, key in ((0.95, "95"), (0.90, "90")):
        low, high = profile.intervals[level]
        row[f"low_{key}"], row[f"high_{key}"] = (rounded(math.exp(v), DIGITS) if v is not None else None for v in (low, high))
    row["identifiable"] = profile.is_identifiable
    row["words"] = fitting.in_words(profile, lambda v: f"{math.exp(v):.3g}{'' if unit == '1' else ' ' + unit}", partner)
    row["profile"] = {"value": [rounded(math.exp(v), 5) for v in profile.points], "rise": [rounded(float(v), 4) for v in profile.rises]}
    return row


def _means(base: str, by_name: Mapping[str, LawParameter], is_spread: bool) -> str:
    known = {START: "volume at the first time", fitting.ADDITIVE: "error that does not grow with the volume (SD)", fitting.PROPORTIONAL: "error as a share of the volume (SD)"}
    text = known.get(base) or by_name[base].means
    return f"spread between subjects (SD of the logarithm) of: {text}" if is_spread else text


# ---- subjects ----


def subjects_of(fit: _Fit, courses: Sequence[Course]) -> list[Plain]:
    """Each subject's own parameters: the most probable ones given the population, or its own fit."""
    phi = _phi(fit, len(courses))
    names = (START, *(p.name for p in fit.law.parameters))
    return [{"subject": c.subject, **{name: rounded(math.exp(v), DIGITS) for name, v in zip(names, row, strict=True)}} for c, row in zip(courses, phi, strict=True)]


def _phi(fit: _Fit, count: int) -> Array:
    problem = _inner(fit)
    if isinstance(problem, Mixed):
        mu, omega, errors = problem.split(fit.solution.x)
        problem._eta = None
        return np.asarray(mu + problem.subjects(mu, omega, errors)[0])
    return np.asarray(fit.solution.x[: count * (1 + len(fit.law.parameters))].reshape(count, -1))


def _curves(fit: _Fit, courses: Sequence[Course], asked: Asked) -> Plain:
    """Curves for a figure: each subject's own, and for a population the median with the 5 to 95 % band of subjects, on a clock that begins at the first value."""
    phi = _phi(fit, len(courses))
    zero = [asked.inoculum[0] if asked.inoculum else float(c.times[0]) for c in courses]
    out: Plain = {"subjects": []}
    for c, begin, row in zip(courses, zero, phi, strict=True):
        time = np.linspace(0.0, float(c.times[-1]) - begin, CURVE_POINTS)
        volume = fit.law.volume(time, np.exp(row[0]), np.exp(row[1:]))
        out["subjects"].append({"subject": c.subject, "time": [rounded(float(t + begin), 5) for t in time], "volume": [rounded(float(v), 5) for v in volume]})
    problem = _inner(fit)
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


def _two_stages(fit: _Fit, courses: Sequence[Course], asked: Asked) -> Plain:
    """Each subject alone by least squares with the error of the population; medians and spreads of what came out."""
    problem = _inner(fit)
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
        f = np.clip(np.nan_to_num(problem.law.volume(times, np.exp(x[0]), np.exp(x[1:])), nan=1.0), 0.0, 1e6 * noise.scale)
        return fitting.residuals(values, kinds, f, noise.variance(f, errors), least)

    alone = LeastSquares(tuple(str(k) for k in range(problem.size)), problem.low_mu, problem.high_mu, function)
    return alone.minimum(mu, {0: float(mu[0])} if asked.inoculum else {})[0]


# ---- held out ----


def _held_out(courses: Sequence[Course], asked: Asked, fits: Mapping[str, _Fit], library: Library, checksum: str, progress: Progress, label: str) -> Plain:
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
        "words": f"{_words(first)} is off by {out[first]['median_fold_error']:.3g}-fold in the median{inside}, a {line} by {out[line]['median_fold_error']:.3g}-fold, "
        f"the last value by {out['last value stays']['median_fold_error']:.3g}-fold; an internal check on the data of the fit, not a validation",
    }  # fmt: skip


def _line(course: Course, time: float) -> float:
    good = course.values > 0
    t, y = course.times[good][-LINE_POINTS:], np.log(course.values[good][-LINE_POINTS:])
    slope, at = np.polyfit(t, y, 1) if len(t) > 1 else (0.0, y[-1])
    return float(math.exp(slope * time + at))


def _predictions(fit: _Fit, courses: Sequence[Course], truth: Sequence[tuple[int, float, float]], asked: Asked) -> tuple[list[float], list[tuple[float, float]] | None]:
    """The prediction of each value, and its 90 % interval where there is a population (subject's own uncertainty and error of the value)."""
    phi = _phi(fit, len(courses))
    problem = _inner(fit)
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
