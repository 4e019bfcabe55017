"""Parameters of a scenario fitted to measured courses of its observables, through the engine.

    ln p_k free between the 0.1 and 99.9 % points of its records, all other parameters at their nominal value
    y_ij = f_i(t_j; p) + s e,     f the observable of the arm as the ODE engine gives it

Each observable has an error of its own (:class:`vesicle.inference.fitting.Noise`), or the standard deviations of the table. With priors, what the
records say is added (maximum a posteriori); without, they only bound. Search, profile, correlation and words are those of all fits.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from vesicle.engines.base import OK, Program
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, recipe
from vesicle.engines.recipe import Recipe
from vesicle.errors import InputError, SolverError, unknown_name
from vesicle.evidence.library import Library
from vesicle.inference import fitting
from vesicle.inference.courses import EXACT, Course, Courses
from vesicle.inference.fit_document import DIGITS, SCHEMA, Plain, profile_cells
from vesicle.inference.fitting import LN_2_PI, Array, LeastSquares, Noise, Profile, Solution
from vesicle.inference.priors import LogPrior
from vesicle.model.assembled import Model
from vesicle.model.assembly import assemble
from vesicle.model.scenario import Scenario
from vesicle.network.types import Parameter
from vesicle.readouts.ensemble import rounded
from vesicle.runs.pool import Progress

TIME = "h"
STEP = 1e-3
"""Step of the derivatives in ln p: wide against the integrator's 1e-9, so that their error is a millionth."""
CURVE_POINTS = 60
MOST_KNOWN = 200
"""Points whose predictions are kept."""
SPREAD = 1.0
"""Width of the random starts in ln p."""


@dataclass(frozen=True)
class Asked:
    """What is to be fitted: ids of the ``free`` parameters; the rest as in :class:`vesicle.inference.growth.Asked`."""

    free: tuple[str, ...]
    error: str = "proportional"
    priors: bool = False
    starts: int = 3
    seed: int = 1
    held_out: int = 1


@dataclass
class _Arm:
    """One arm, ready to be computed at the times of its data."""

    program: Program
    recipe: Recipe
    nominal: Array
    parameters: tuple[Parameter, ...]

    def run(self, names: Sequence[str], values: Array, engine: OdeEngine) -> dict[str, Array] | None:
        """Every observable at the times of the program; None if the run fails."""
        row = self.nominal.copy()
        places = {p.id: i for i, p in enumerate(self.parameters)}
        for name, value in zip(names, values, strict=True):
            if name in places:
                row[places[name]] = value
        try:
            found = engine.run(self.program, self.recipe.values(row[None, :])[0])
        except SolverError:
            return None
        return {name: found.amount(name) for name in self.program.observables} if found.status == OK else None


@dataclass
class _Task:
    """Data, arms and free parameters together."""

    courses: tuple[Course, ...]
    arms: dict[str, _Arm]
    free: tuple[Parameter, ...]
    priors: dict[str, LogPrior]
    noises: dict[str, Noise]
    engine: OdeEngine = field(default_factory=lambda: OdeEngine(STRICT_RTOL))
    _known: dict[bytes, list[Array] | None] = field(default_factory=dict, repr=False)

    def predicted(self, x: Array) -> list[Array] | None:
        """The observable of each course at its times; kept for the points met last, because the parameters of the error change nothing here."""
        point = x[: len(self.free)].tobytes()
        if point not in self._known:
            if len(self._known) >= MOST_KNOWN:
                del self._known[next(iter(self._known))]
            self._known[point] = self._computed(x)
        return self._known[point]

    def _computed(self, x: Array) -> list[Array] | None:
        names = [p.id for p in self.free]
        runs = {arm: ready.run(names, np.exp(x[: len(names)]), self.engine) for arm, ready in self.arms.items()}
        if any(run is None for run in runs.values()):
            return None
        out = []
        for c in self.courses:
            run, times = runs[c.arm], np.array(self.arms[c.arm].program.times)
            assert run is not None  # looked at above
            out.append(run[c.observable][np.searchsorted(times, c.times - 1e-9)])
        return out

    def problem(self, with_priors: bool) -> tuple[LeastSquares, Array]:
        """Least squares and where to begin."""
        k = len(self.free)
        estimated = {name: noise for name, noise in self.noises.items() if any(c.observable == name and not len(c.sds) for c in self.courses)}
        places: dict[str, slice] = {}
        for name, noise in estimated.items():
            begin = k + sum(s.stop - s.start for s in places.values())
            places[name] = slice(begin, begin + len(noise.names))
        names = (*(p.id for p in self.free), *(f"{word}[{name}]" for name, noise in estimated.items() for word in noise.names))
        bounds = [self.priors[p.id].bounds() for p in self.free]
        low = np.concatenate([[b[0] for b in bounds], *(n.bounds[0] for n in estimated.values())])
        high = np.concatenate([[b[1] for b in bounds], *(n.bounds[1] for n in estimated.values())])
        start = np.concatenate([[self.priors[p.id].median() for p in self.free], *(n.start for n in estimated.values())])
        leasts = [self._least(c, estimated, low, places) for c in self.courses]
        size = 2 * sum(len(c.times) for c in self.courses) + (k if with_priors else 0)

        def function(x: Array) -> Array:
            predicted = self.predicted(x)
            if predicted is None:
                return np.full(size, np.nan)
            parts = []
            for c, f, least in zip(self.courses, predicted, leasts, strict=True):
                variance = c.sds**2 if len(c.sds) else self.noises[c.observable].variance(f, x[places[c.observable]])
                parts.append(fitting.residuals(c.values, c.kinds, f, variance, least))
            if with_priors:
                parts.append(np.sqrt(self._penalties(x)))
            return np.concatenate(parts)

        constant = sum(int((c.kinds == EXACT).sum()) * (LN_2_PI + 2 * math.log(least)) for c, least in zip(self.courses, leasts, strict=True))
        return LeastSquares(names, low, high, function, constant, STEP), np.clip(start, low, high)

    def _penalties(self, x: Array) -> Array:
        return np.array([self.priors[p.id].penalty(float(v)) for p, v in zip(self.free, x, strict=False)])

    def penalty(self, x: Array, with_priors: bool) -> float:
        """What the priors add to -2 ln L."""
        return float(self._penalties(x).sum()) if with_priors else 0.0

    def _least(self, course: Course, estimated: Mapping[str, Noise], low: Array, places: Mapping[str, slice]) -> float:
        """The least standard deviation that a value of a course can have."""
        if len(course.sds):
            return float(course.sds.min())
        return math.sqrt(float(self.noises[course.observable].variance(np.zeros(1), low[places[course.observable]])[0]))


def readout_units(scenario: Scenario, library: Library) -> dict[str, str]:
    """Every observable of any arm with its unit."""
    return {o.id: o.unit for model in assemble(scenario, library).values() for o in model.network.observables}


def fit_scenario(scenario: Scenario, courses: Courses, asked: Asked, library: Library, progress: Progress) -> Plain:
    """Fit free parameters of a scenario; the document of the fit as plain values.

    Raises
    ------
    UnknownName
        For an arm, an observable or a parameter that the scenario does not have.
    InputError
        For a parameter that has no positive spread, or more parameters than values.
    SolverError
        If no start leads anywhere.
    """
    task = _task(scenario, courses, asked, library)
    problem, start = task.problem(asked.priors)
    count = sum(len(c.times) for c in courses.courses)
    if len(problem.names) >= count:
        raise InputError(
            f"{courses.name}: {count} values for {len(problem.names)} parameters ({', '.join(problem.names)}), expected more values than parameters; free fewer with --free."
        )
    done = 0

    def watch(label: str = "starts", total: int = asked.starts) -> None:
        nonlocal done
        done += 1
        progress(done, total, label)

    at_nominal = problem.minimum(start, {i: float(start[i]) for i in range(len(task.free))})[1]
    solution = fitting.best(problem, start, asked.starts, asked.seed, SPREAD, watch)
    done = 0
    profiles, solution = fitting.profiles(problem, solution, range(len(task.free)), lambda: watch("profiles", len(task.free)))
    correlations = fitting.correlation(problem, solution, 1e-2)
    return {
        "schema": SCHEMA, "what": "scenario", "scenario": scenario.name, "scenario_hash": scenario.content,
        "data": {"file": courses.name, "sha256": courses.checksum, "time_unit": TIME, "value_unit": "of each observable"},
        "settings": {"free": list(asked.free), "error": asked.error, "priors": asked.priors, "starts": asked.starts, "seed": asked.seed, "held_out": asked.held_out},
        "evidence_version": f"{library.version}+{library.content}", "values": count,
        "method": "maximum a posteriori" if asked.priors else "least squares within the bounds of the records",
        "minus_2_ln": rounded(solution.value - task.penalty(solution.x, asked.priors), 6), "minus_2_ln_at_nominal": rounded(at_nominal - task.penalty(start, asked.priors), 6),
        "minus_2_ln_posterior": rounded(solution.value, 6) if asked.priors else None, "starts_agreeing": solution.agreeing,
        "parameters": [_row(i, task, problem, solution, profiles.get(i), correlations) for i in range(len(problem.names))],
        "correlation": {a: {b: round(float(correlations[i, j]), 3) for j, b in enumerate(problem.names)} for i, a in enumerate(problem.names)},
        "courses": _shown(scenario, task, solution, library), "held_out": _held_out(task, asked, solution, progress),
    }  # fmt: skip


def _task(scenario: Scenario, courses: Courses, asked: Asked, library: Library) -> _Task:
    for arm in courses.arms:
        if arm not in scenario.arms:
            raise unknown_name("arm", arm, scenario.arms, courses.name)
    models = {name: model for name, model in assemble(scenario, library, courses.arms).items() if name in courses.arms}
    for c in courses.courses:
        known = [o.id for o in models[c.arm].network.observables]
        if c.observable not in known:
            raise unknown_name("readout", c.observable, known, f"{c.where}arm '{c.arm}'")
        if c.times[0] < 0 or c.times[-1] > scenario.duration:
            raise InputError(
                f"{c.where}times {c.times[0]:g} to {c.times[-1]:g} h, expected within the 0 to {scenario.duration:g} h of the scenario; change its duration with --set duration=..."
            )
    arms = {name: _ready(models[name], np.concatenate([c.times for c in courses.of(name)])) for name in courses.arms}
    free = tuple(_free(name, models) for name in asked.free)
    priors = {p.id: LogPrior(p.spread, p.records) for p in free if p.spread is not None}
    noises = {name: fitting.noise(asked.error, np.concatenate([c.values for c in courses.courses if c.observable == name])) for name in {c.observable for c in courses.courses}}
    return _Task(courses.courses, arms, free, priors, noises)


def _ready(model: Model, times: Array) -> _Arm:
    program, lean = compile_model(model, tuple(sorted({0.0, *(float(t) for t in times)})))
    parameters = model.network.parameters
    nominal = np.array([model.network.arm.set.get(p.id, p.value) for p in parameters], dtype=float)
    return _Arm(program, recipe(lean, parameters), nominal, tuple(parameters))


def _free(name: str, models: Mapping[str, Model]) -> Parameter:
    """A parameter that may be fitted."""
    known = {p.id: p for model in models.values() for p in model.network.parameters}
    if name not in known:
        fits = [p.id for p in known.values() if p.spread is not None and p.quantity != "rival" and p.records]
        raise unknown_name("parameter", name, fits, "--free")
    found = known[name]
    held = [arm for arm, model in models.items() if name in model.network.arm.set]
    if held:
        raise InputError(f"--free {name}: the arm '{held[0]}' sets it; fit another parameter, or leave that arm out of the data.")
    if found.quantity == "rival" or not found.records:
        what = "a switch between structures" if found.quantity == "rival" else "given by the scenario"
        raise InputError(f"--free {name}: it is {what} and no measured number; name one that has records.")
    assert found.spread is not None  # what has records has a spread
    low, high = (p for p in LogPrior(found.spread, found.records).bounds())
    if not low < high:
        raise InputError(f"--free {name}: its records ({', '.join(found.records)}) fix it; name a parameter with a range.")
    return found


def _row(index: int, task: _Task, problem: LeastSquares, solution: Solution, profile: Profile | None, correlations: Array) -> Plain:
    name, value = problem.names[index], math.exp(solution.x[index])
    if index >= len(task.free):
        word, _, observable = name.partition("[")
        return {"name": name, "unit": "1" if word == fitting.PROPORTIONAL else "of " + observable.rstrip("]"), "value": rounded(value, DIGITS), "means": "error"}
    p = task.free[index]
    prior = task.priors[p.id]
    row: Plain = {
        "name": name, "unit": p.unit, "value": rounded(value, DIGITS), "nominal": rounded(p.value, DIGITS), "records": list(p.records), "status": p.status,
        "bounds": [rounded(math.exp(b), DIGITS) for b in prior.bounds()], "quantity": p.quantity,
    }  # fmt: skip
    if profile is None:
        return row
    return {**row, **profile_cells(profile, p.unit, fitting.partner_of(index, problem.names, correlations))}


def _shown(scenario: Scenario, task: _Task, solution: Solution, library: Library) -> list[Plain]:
    """Each course with the fitted and the nominal curve."""
    models = assemble(scenario, library, tuple(task.arms))
    fine = {name: _ready(models[name], np.linspace(0, max(float(c.times[-1]) for c in task.courses if c.arm == name), CURVE_POINTS)) for name in task.arms}
    names, k = [p.id for p in task.free], len(task.free)
    runs = {arm: (ready.run(names, np.exp(solution.x[:k]), task.engine), ready.run((), np.zeros(0), task.engine)) for arm, ready in fine.items()}
    predicted = task.predicted(solution.x)
    out = []
    for i, c in enumerate(task.courses):
        fitted, nominal = runs[c.arm]
        unit = next(o.unit for o in models[c.arm].network.observables if o.id == c.observable)
        out.append({
            "arm": c.arm, "observable": c.observable, "unit": unit, "subject": c.subject, "time": c.times.tolist(), "value": c.values.tolist(), "censored": c.kinds.tolist(),
            "predicted": [rounded(float(v), DIGITS) for v in predicted[i]] if predicted else None, "curve_time": [rounded(t, 5) for t in fine[c.arm].program.times],
            "curve": [rounded(float(v), 5) for v in fitted[c.observable]] if fitted else None,
            "nominal_curve": [rounded(float(v), 5) for v in nominal[c.observable]] if nominal else None,
        })  # fmt: skip
    return out


def _held_out(task: _Task, asked: Asked, solution: Solution, progress: Progress) -> Plain:
    """The last values of each course predicted from a fit to the earlier ones."""
    count = asked.held_out
    taken = [len(c.times) > count + 1 for c in task.courses]
    left = sum(len(c.times) - (count if t else 0) for c, t in zip(task.courses, taken, strict=True))
    whole, _ = task.problem(asked.priors)
    if not count or not any(taken) or left <= len(whole.names):
        return {"values": 0, "words": "not asked for" if not count else "too few values to leave any out"}
    shorter = _Task(tuple(c.before(count) if t else c for c, t in zip(task.courses, taken, strict=True)), task.arms, task.free, task.priors, task.noises, task.engine)
    problem, _ = shorter.problem(asked.priors)
    x, _ = problem.minimum(solution.x, {})
    predicted = task.predicted(x)
    progress(1, 1, "held out")
    if predicted is None:
        return {"values": 0, "words": "the fit to the earlier values cannot be computed"}
    ends = [(c.values[-count:], f[-count:], c.kinds[-count:]) for c, f, t in zip(task.courses, predicted, taken, strict=True) if t]
    pairs = [(v, f) for end in ends for v, f, k in zip(*end, strict=True) if k == EXACT and v > 0 and f > 0]
    if not pairs:
        return {"values": 0, "words": "no positive value was left out"}
    apart = np.array([math.log(f / v) for v, f in pairs])
    fold = float(np.exp(np.median(np.abs(apart))))
    return {
        "values": len(pairs), "median_fold_error": rounded(fold, 4), "bias": rounded(float(np.exp(np.median(apart))), 4),
        "words": f"median error {fold:.3g}-fold; an internal check on the data of the fit, not a validation",
    }  # fmt: skip
