"""Which parameters decide a readout of a scenario.

Local: elasticities at the nominal values, integrated at the strict tolerance. Morris and Sobol: every
parameter moves through its own spread, u being the probability in it; a mixture takes its components in
order of their medians, each over its share of u, so that rival structures and rival sources are drawn as
often as in a run. Arms share parameters. Sobol follows a Morris screening (same seed): parameters whose
mu* is below 5 % of the largest, for every output, stay at their nominal value, and the share of the sum of
mu*^2 that they hold is stated. Extreme points are cut at the 5 and 95 % points for Morris, whose steps
go to the ends of the cube, and at 1e-6 for Sobol.

Outputs:

    change    the question's readout against the control with the same parameters, as a share
    held      guides in AGO per cell, time average up to the question; log10 of it, except for elasticities
    READOUT   any readout of the question's arm, at the question's time

An output that moves by less than the integrator resolves has no indices, and says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vesicle._version import VERSION
from vesicle.engines.base import Program
from vesicle.engines.program import compile_model, output_times, recipe
from vesicle.engines.recipe import Recipe
from vesicle.errors import InputError, unknown_name
from vesicle.evidence.library import Library
from vesicle.inference import indices
from vesicle.inference.indices import Array, Found
from vesicle.model.assembly import Model, assemble
from vesicle.model.scenario import Scenario
from vesicle.network.spread import Component, Spread
from vesicle.network.types import Parameter
from vesicle.readouts import custody
from vesicle.readouts.ensemble import Ensemble, rounded
from vesicle.readouts.verdict import relative_change
from vesicle.runs.execute import CHUNK, control_of
from vesicle.runs.pool import Progress, default_workers, map_tasks, silent
from vesicle.runs.work import Done, Task
from vesicle.streams import check_seed

SCHEMA = "vesicle-sensitivity/1"
CHANGE, HELD = "change", "held"
EDGE = 1e-6
LOW, HIGH = 0.05, 0.95
MATTERS = 0.05
MOST_POINTS = 500_000
RESOLVED = 1e-4
"""Least spread of a relative change that is told from the error of a run at relative tolerance 1e-6, a hundred times that."""
RESOLVED_STRICT = 1e-6
"""The same for strict runs at 1e-9, a thousand times that."""
DEFAULTS = {"local": 0, "morris": 10, "sobol": 256}


@dataclass(frozen=True)
class Sensitivity:
    """What was found; ``document`` is the content of ``sensitivity.json``."""

    document: dict[str, Any]

    def rows(self, output: str) -> list[dict[str, Any]]:
        """The parameters of one output, most telling first."""
        return list(self.document["outputs"][output]["parameters"])


@dataclass
class _Side:
    """One arm, ready to be evaluated."""

    model: Model
    program: Program
    recipe: Recipe
    nominal: Array

    def matrix(self, names: Sequence[str], values: Array) -> Array:
        """(n, n_parameters) values with some columns replaced."""
        out = np.repeat(self.nominal[None, :], len(values), axis=0)
        position = {name: i for i, name in enumerate(self.recipe.tape.parameters)}
        for column, name in enumerate(names):
            if name in position:
                out[:, position[name]] = values[:, column]
        return out


class _Study:
    """The outputs of a scenario as functions of its parameters."""

    def __init__(self, scenario: Scenario, library: Library, readout: str | None, workers: int, checkpoint: Path | None, progress: Progress):
        self.scenario, self.workers, self.checkpoint, self.progress = scenario, workers, checkpoint, progress
        question = scenario.question
        self.arm, self.control = question.arm, control_of(question.arm, scenario)
        models = assemble(scenario, library)
        times = output_times(question.at, min(scenario.observe_every, question.at), (question.at,))
        self.sides = {name: _side(models[name], times) for name in dict.fromkeys((self.arm, self.control))}
        self.guide = custody.main_guide(self._empty(self.arm), question.readout.partition(":")[2])
        self.outputs = self._outputs(readout)
        self.parameters = self._varying()
        if CHANGE not in self.outputs:
            self.sides = {self.arm: self.sides[self.arm]}

    def _empty(self, arm: str) -> Ensemble:
        side = self.sides[arm]
        shape = (1, len(side.program.times))
        return Ensemble(
            side.model, side.program, side.nominal[None, :], np.zeros((*shape, len(side.program.observables))), np.zeros((*shape, len(side.program.counters))), ["ok"], {}
        )

    def _outputs(self, readout: str | None) -> tuple[str, ...]:
        offered = [CHANGE, *([HELD] if self.guide else [])]
        if readout is None:
            return tuple(offered)
        known = [*offered, *self.sides[self.arm].program.observables]
        if readout not in known:
            raise unknown_name("readout", readout, known, "--readout")
        return (readout,)

    def _varying(self) -> dict[str, Parameter]:
        """Every parameter that has a spread of its own and is not held by an arm, by id."""
        names = [self.arm, self.control] if CHANGE in self.outputs else [self.arm]
        held = {name for arm in names for name in self.sides[arm].model.network.arm.set}
        found = {p.id: p for arm in names for p in self.sides[arm].model.network.parameters}
        return {name: p for name, p in sorted(found.items()) if name not in held and p.spread is not None and p.level == "uncertainty" and varies(p.spread)}

    def run(self, names: Sequence[str], values: Array, what: str, strict: bool = False) -> Array:
        """(n, n_outputs) outputs at (n, k) values of some parameters, the others nominal."""
        tasks, matrices = [], {}
        for arm, side in self.sides.items():
            matrices[arm] = side.matrix(names, values)
            numbers = side.recipe.values(matrices[arm])
            tasks += [Task(f"{what}-{arm}-{i // CHUNK}", side.program, tuple(numbers[i : i + CHUNK]), strict) for i in range(0, len(values), CHUNK)]
        done: list[Done] = map_tasks(tasks, self.workers, self.checkpoint, self.progress, what)
        ensembles = {}
        for arm, side in self.sides.items():
            mine = [d for d, task in zip(done, tasks, strict=True) if task.program.arm == arm]
            statuses = [s for d in mine for s in d.statuses]
            ensembles[arm] = Ensemble(side.model, side.program, matrices[arm], np.concatenate([d.outputs for d in mine]), np.concatenate([d.crossings for d in mine]), statuses, {})
        return np.column_stack([self._output(name, ensembles) for name in self.outputs])

    def _output(self, name: str, ensembles: Mapping[str, Ensemble]) -> Array:
        question, arm = self.scenario.question, ensembles[self.arm]
        if name == CHANGE:
            return relative_change(arm, ensembles[self.control], question.readout, question.at)
        if name == HELD and self.guide is not None:
            return np.where(arm.good, custody.held(arm, self.guide, question.at), np.nan)
        return np.where(arm.good, arm.observable(name)[:, arm.at(question.at)], np.nan)


def _side(model: Model, times: tuple[float, ...]) -> _Side:
    program, lean = compile_model(model, times)
    parameters = model.network.parameters
    nominal = np.array([model.network.arm.set.get(p.id, p.value) for p in parameters], dtype=float)
    return _Side(model, program, recipe(lean, parameters), nominal)


def varies(spread: Spread) -> bool:
    """Whether a spread is more than one number."""
    return len({c.at(p) for c in spread.components for p in (LOW, 0.5, HIGH)}) > 1


def quantile(spread: Spread, probability: float) -> float:
    """The value at a probability; components of a mixture in order of their medians, each over its weight."""
    if len(spread.components) == 1:
        return spread.components[0].at(probability)
    ordered: list[Component] = sorted(spread.components, key=lambda c: (c.median, c.record))
    total, below = sum(c.weight for c in ordered), 0.0
    for component in ordered:
        share = component.weight / total
        if probability < below + share or component is ordered[-1]:
            return component.at(min(max((probability - below) / share, EDGE), 1 - EDGE))
        below += share
    raise AssertionError("a mixture has components")


def analyse(
    scenario: Scenario,
    library: Library,
    method: str,
    *,
    readout: str | None = None,
    samples: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    checkpoint: Path | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """The sensitivity of a scenario's question.

    Parameters
    ----------
    method : local, morris or sobol.
    readout : ``change``, ``held`` or a readout of the question's arm; by default change, and held where a guide is carried.
    samples : paths of Morris, or base points of Sobol, a power of two.
    checkpoint : folder for finished tasks, so that an interrupted study goes on.

    Raises
    ------
    InputError, SolverError, Interrupted
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS, "--method")
    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: expected at least 1.")
    check_seed(seed)
    count = DEFAULTS[method] if samples is None else samples
    named = hashlib.sha256(f"{VERSION}|{scenario.content}|{library.content}|{method}|{readout}|{count}|{seed}".encode()).hexdigest()[:16]
    study = _Study(scenario, library, readout, workers or default_workers(), checkpoint / named if checkpoint else None, progress)
    found = METHODS[method](study, count, seed)
    question = scenario.question
    document = {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "scenario_hash": scenario.content,
        "identity": named,
        "evidence_version": f"{library.version}+{library.content}",
        "method": method,
        "samples": count,
        "seed": seed,
        "question": {"arm": study.arm, "control": study.control, "readout": question.readout, "at_h": question.at},
        "parameters_varied": len(study.parameters),
        **found,
    }
    return Sensitivity(document)


def _local(study: _Study, _samples: int, _seed: int) -> dict[str, Any]:
    names = [name for name, p in study.parameters.items() if p.quantity != "rival"]
    switches = [name for name, p in study.parameters.items() if p.quantity == "rival"]
    nominal = np.array([study.parameters[name].value for name in names])
    base = study.run(names, nominal[None, :], "nominal", strict=True)[0]
    slopes = indices.elasticities(lambda x: study.run(names, x, "elasticities", strict=True), nominal)
    flipped = _flipped(study, switches)
    outputs = {}
    for column, output in enumerate(study.outputs):
        value = float(base[column])
        if not np.isfinite(value) or abs(value) < (RESOLVED_STRICT if output == CHANGE else 0.0) or value == 0:
            outputs[output] = _silent(f"the nominal value is {value:.2g}, which the integrator does not tell from zero")
            continue
        rows = [_row(study, name, {"elasticity": slopes[i, column]}) for i, name in enumerate(names)]
        with np.errstate(divide="ignore", invalid="ignore"):
            rows += [_row(study, name, {"other_structure_ratio": flipped[i, column] / value}) for i, name in enumerate(switches)]
        outputs[output] = {"nominal": rounded(value), "parameters": _ordered(rows, "elasticity")}
    return {"step": indices.STEP, "outputs": outputs}


def _flipped(study: _Study, switches: Sequence[str]) -> Array:
    """(n_switch, n_outputs) outputs with one switch at a time at its other structure."""
    if not switches:
        return np.zeros((0, len(study.outputs)))
    base = np.array([study.parameters[name].value for name in switches])
    return study.run(switches, np.abs(np.eye(len(switches)) - base), "other structures", strict=True)


def _through_spreads(study: _Study, names: Sequence[str], what: str) -> indices.Function:
    """Outputs as a function of probabilities; the guides held as orders of magnitude."""

    def function(points: Array) -> Array:
        if len(points) > MOST_POINTS:
            raise InputError(f"{len(points):,} points, expected at most {MOST_POINTS:,}; ask for fewer with --samples.")
        inner = np.clip(points, EDGE, 1 - EDGE)
        values = np.array([[quantile(_spread(study, name), u) for name, u in zip(names, row, strict=True)] for row in inner])
        y = study.run(names, values, what)
        if HELD in study.outputs:
            with np.errstate(divide="ignore", invalid="ignore"):
                y[:, study.outputs.index(HELD)] = np.log10(y[:, study.outputs.index(HELD)])
        return y

    return function


def _spread(study: _Study, name: str) -> Spread:
    spread = study.parameters[name].spread
    assert spread is not None  # only parameters with a spread vary
    return spread


class _Watched:
    """A function that remembers the spread of its outputs."""

    def __init__(self, function: indices.Function):
        self.function, self.deviation = function, np.zeros(0)

    def __call__(self, points: Array) -> Array:
        y = self.function(points)
        good = np.where(np.isfinite(y), y, np.nan)
        self.deviation = np.array([np.nanstd(column) if np.isfinite(column).any() else np.nan for column in good.T])
        self.points = len(points)
        return y


def _morris(study: _Study, paths: int, seed: int) -> dict[str, Any]:
    names = list(study.parameters)
    watched = _Watched(_through_spreads(study, names, "screening"))
    found = indices.morris(watched, len(names), paths, seed, LOW, HIGH)
    return {"points": watched.points, "outputs": _global(study, names, found, watched.deviation, "mu_star")}


def _sobol(study: _Study, samples: int, seed: int) -> dict[str, Any]:
    names = list(study.parameters)
    screened = _Watched(_through_spreads(study, names, "screening"))
    first = indices.morris(screened, len(names), DEFAULTS["morris"], seed, LOW, HIGH)
    kept, left_share = _matter(study, names, first, screened.deviation)
    if not kept:
        return {"points": screened.points, "screening": {"kept": []}, "outputs": {o: _silent(_unmoved(screened.deviation[i])) for i, o in enumerate(study.outputs)}}
    watched = _Watched(_through_spreads(study, kept, "sobol"))
    found = indices.sobol(watched, len(kept), samples, seed)
    screening = {
        "method": "morris",
        "paths": DEFAULTS["morris"],
        "rule": f"mu* at least {MATTERS:.0%} of the largest, for any output",
        "kept": kept,
        "left_at_nominal": len(names) - len(kept),
        "share_of_mu_star_squared_left": left_share,
    }
    return {"points": screened.points + watched.points, "screening": screening, "outputs": _global(study, kept, found, watched.deviation, "ST")}


def _matter(study: _Study, names: Sequence[str], found: Sequence[Found], deviation: Array) -> tuple[list[str], dict[str, float | None]]:
    """Which parameters matter for any output, and the share of the sum of mu*^2 that the others hold."""
    stars = {o: f.indices[0].values for i, (o, f) in enumerate(zip(study.outputs, found, strict=True)) if _moves(o, deviation[i])}
    keep = np.zeros(len(names), bool)
    for star in stars.values():
        keep |= star >= MATTERS * star.max()
    left = {output: rounded(float((star[~keep] ** 2).sum() / (star**2).sum()), 3) for output, star in stars.items()}
    return [name for name, kept in zip(names, keep, strict=True) if kept], left


def _moves(output: str, deviation: float) -> bool:
    return bool(deviation > (RESOLVED if output == CHANGE else 0.0))


def _unmoved(deviation: float) -> str:
    return f"over all points it moves by {deviation:.2g} (standard deviation), which runs at this tolerance do not resolve"


def _global(study: _Study, names: Sequence[str], found: Sequence[Found], deviation: Array, order: str) -> dict[str, Any]:
    outputs = {}
    for i, (output, one) in enumerate(zip(study.outputs, found, strict=True)):
        if not _moves(output, deviation[i]):
            outputs[output] = _silent(_unmoved(deviation[i]))
            continue
        rows = [
            _row(study, name, {index.name: index.values[k] for index in one.indices} | {f"{index.name}_half": index.halves[k] for index in one.indices if index.halves.any()})
            for k, name in enumerate(names)
        ]
        outputs[output] = {"standard_deviation": rounded(float(deviation[i])), "lost_points": one.lost, "parameters": _ordered(rows, order)}
    return outputs


def _silent(reason: str) -> dict[str, Any]:
    return {"parameters": [], "reason": reason}


def _row(study: _Study, name: str, numbers: Mapping[str, float]) -> dict[str, Any]:
    parameter = study.parameters[name]
    plain = {key: rounded(float(value), 4) for key, value in numbers.items()}
    return {"parameter": name, **plain, "status": parameter.status, "spread_status": parameter.spread_status, "records": list(parameter.records)}


def _ordered(rows: list[dict[str, Any]], key: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-abs(row.get(key) or 0.0), row["parameter"]))


METHODS: dict[str, Callable[[_Study, int, int], dict[str, Any]]] = {"local": _local, "morris": _morris, "sobol": _sobol}
