"""One run: a scenario, all its arms, all its draws, their readouts.

Draws are cut into chunks with fixed borders, so that the numbers do not depend on the number
of workers. The nominal run (row 0) uses strict tolerances and is checked for mass balance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vesicle import units
from vesicle._version import VERSION
from vesicle.engines.base import OK, Engine, Program, Values
from vesicle.engines.lean import Lean
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.engines.registry import engine_named
from vesicle.errors import InputError, SolverError
from vesicle.evidence import Library
from vesicle.evidence.own import current
from vesicle.model import scenario_file as scenarios
from vesicle.model.assembled import Model
from vesicle.model.assembly import assemble
from vesicle.model.scenario import Scenario
from vesicle.readouts import verdict as verdicts
from vesicle.readouts.custody import Row
from vesicle.readouts.donor_culture import judge_culture
from vesicle.readouts.ensemble import Ensemble, interval, rounded
from vesicle.runs import folder as folders
from vesicle.runs.pool import Progress, default_workers, map_tasks, silent
from vesicle.runs.work import Done, DoseSearch, Task
from vesicle.streams import check_seed

CHUNK = 25
DOSE_DRAWS = 20
"""Draws for which the needed dose is searched on the whole model."""
MAX_SAMPLES = 100_000
JUDGES = {"culture": judge_culture}
"""Kind of environment -> its verdict, where it is another than that of vesicles that are given."""


@dataclass
class Outcome:
    """Everything a run found, before it is written.

    Attributes
    ----------
    ensembles : arm -> its draws.
    verdicts, rows : arm -> verdict and custody rows.
    marks : one entry per published report.
    dose : the dose search of the question's arm.
    """

    scenario: Scenario
    library: Library
    seed: int
    samples: int
    changes: dict[str, str]
    source: str
    models: dict[str, Model]
    ensembles: dict[str, Ensemble]
    verdicts: dict[str, dict[str, Any]]
    rows: dict[str, list[Row]]
    marks: list[dict[str, Any]]
    dose: dict[str, Any]
    identity: str
    engine: str = "ode"


def prepare(name: str, changes: Mapping[str, str], until: str | None) -> Scenario:
    """The scenario with its changes; see :func:`all_changes`."""
    return scenarios.load(name, all_changes(name, changes, until))


def all_changes(name: str, changes: Mapping[str, str], until: str | None) -> dict[str, str]:
    """The changes with what ``until`` means: another duration, and an earlier end moves the question to it."""
    out = dict(changes)
    if until is not None:
        end = units.quantity(until, "h", "--until: ").to("h")
        out["duration"] = until
        if "question.at" not in out and scenarios.load(name, changes).question.at > end:
            out["question.at"] = until
    return out


def identity(scenario: Scenario, library: Library, seed: int, samples: int, engine: str = "ode") -> str:
    """A hash that names a run: same hash, same numbers (the version counts, so that no run is resumed by other code)."""
    text = f"{VERSION}|{scenario.content}|{library.content}|{seed}|{samples}|{engine}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def execute(
    name: str,
    *,
    engine: str = "ode",
    samples: int = 200,
    seed: int = 1,
    workers: int | None = None,
    changes: Mapping[str, str] | None = None,
    until: str | None = None,
    place: Path | None = None,
    progress: Progress = silent,
    library: Library | None = None,
) -> Outcome:
    """Run a scenario.

    Parameters
    ----------
    name : a shipped scenario or a YAML file.
    engine : ``ode`` or ``ssa``, or one plugged in.
    samples : number of parameter draws beside the nominal run.
    seed : seed of the draws.
    workers : worker processes; all processors by default.
    changes : dotted path -> value, as with ``--set``.
    until : another duration, like ``48 h``.
    place : the run folder to be; finished tasks are kept beside it.

    Raises
    ------
    InputError, ModelError, SolverError, UnsupportedFeature, Interrupted
    """
    if not 1 <= samples <= MAX_SAMPLES:
        raise InputError(f"--samples {samples}: expected 1 to {MAX_SAMPLES:,}.")
    if workers is not None and workers < 1:
        raise InputError(f"--workers {workers}: expected at least 1.")
    check_seed(seed)
    chosen = engine_named(engine)
    library = library or current()
    scenario = prepare(name, changes or {}, until)
    models = assemble(scenario, library)
    named = identity(scenario, library, seed, samples, engine)
    folder = None
    if place is not None:
        folders.refuse_other(place, named)
        arguments = {"scenario": name, "engine": engine, "samples": samples, "seed": seed, "changes": dict(changes or {}), "until": until}
        folder = folders.begin(place, arguments) / named
    ensembles, leans = _simulate(models, scenario, chosen, seed, samples, workers or default_workers(), folder, progress)
    judged = {arm: _judge(arm, scenario, ensembles, library) for arm in models}
    outcome = Outcome(
        scenario, library, seed, samples, all_changes(name, changes or {}, until), name, models, ensembles,
        {arm: v for arm, (v, _) in judged.items()}, {arm: r for arm, (_, r) in judged.items()}, [], {}, named, engine,
    )  # fmt: skip
    outcome.marks = [_mark(i, outcome) for i in range(len(scenario.reports))]
    outcome.dose = _needed_dose(outcome, leans, workers or default_workers(), folder, progress)
    return outcome


def control_of(arm: str, scenario: Scenario) -> str:
    """The control of an arm: its own, else the question's."""
    return scenario.arms[arm].control or scenario.question.control


def _judge(arm: str, scenario: Scenario, ensembles: Mapping[str, Ensemble], library: Library) -> tuple[dict[str, Any], list[Row]]:
    judge = JUDGES.get(scenario.environment.kind, verdicts.judge)
    return judge(ensembles[arm], ensembles[control_of(arm, scenario)], scenario.question, library)


def _mark(index: int, outcome: Outcome) -> dict[str, Any]:
    report = outcome.scenario.reports[index]
    return verdicts.marks(report, outcome.ensembles[report.arm], outcome.ensembles[report.control], outcome.verdicts[report.arm], outcome.scenario.question.at)


def _simulate(
    models: Mapping[str, Model], scenario: Scenario, engine: type[Engine], seed: int, samples: int, workers: int, checkpoint: Path | None, progress: Progress
) -> tuple[dict[str, Ensemble], dict[str, tuple[Any, Lean, np.ndarray]]]:
    times = output_times(scenario.duration, scenario.observe_every, (scenario.question.at,))
    tasks, prepared, nominal = [], {}, {}
    for arm, model in models.items():
        program, lean = compile_model(model, times, counts=engine.counts)
        matrix = draw_matrix(model.network.parameters, seed, [-1, *range(samples)], model.network.arm.set)
        values = values_of(lean, model.network.parameters, matrix, [(seed, i) for i in (-1, *range(samples))])
        engine.at(strict=True).foresee(program, values[0])
        prepared[arm] = (program, lean, matrix)
        nominal[arm] = values[0]
        tasks.append(Task(f"{arm}-nominal", program, (values[0],), strict=True, engine=engine.name))
        tasks += [Task(f"{arm}-{i // CHUNK}", program, tuple(values[1 + i : 1 + i + CHUNK]), engine=engine.name) for i in range(0, samples, CHUNK)]
    results: list[Done] = map_tasks(tasks, workers, checkpoint, progress, "simulating")
    by_arm: dict[str, list[Done]] = {arm: [] for arm in models}
    for task, done in zip(tasks, results, strict=True):
        by_arm[task.program.arm].append(done)
    ensembles = {arm: _ensemble(models[arm], prepared[arm], by_arm[arm], engine.at(strict=True), nominal[arm]) for arm in models}
    return ensembles, prepared


def _ensemble(model: Model, prepared: tuple[Any, Lean, np.ndarray], done: list[Done], engine: Engine, values: Values) -> Ensemble:
    program, _, matrix = prepared
    nominal = done[0]
    if nominal.statuses[0] != OK:
        raise SolverError(f"arm '{model.arm}': the nominal run {nominal.statuses[0]}; check the values set for it, or report the scenario.")
    return Ensemble(
        model=model,
        program=program,
        matrix=matrix,
        outputs=np.concatenate([d.outputs for d in done]),
        crossings=np.concatenate([d.crossings for d in done]),
        statuses=[s for d in done for s in d.statuses],
        balance=mass_balance(model, program, engine.given(program, values), nominal.finals[0]),
    )


def mass_balance(model: Model, program: Program, values: Values, final: Mapping[str, float]) -> dict[str, float]:
    """|amounts + sinks - dosed| / dosed per particle kind (and per tracked passenger), doses up to the end as the engine gave them.

    What donor cells hold at the start and what they make count as dosed.
    """
    out = {}
    for particle in model.network.particles:
        kinds = [particle.id, *(f"{p.entity}_on_{particle.id}" for p in particle.passengers if p.tracked)]
        for kind in kinds:
            given = [(name, float(amount)) for (time, name), amount in zip(program.doses, values.doses, strict=True) if time <= program.times[-1]]
            given += [(name, float(amount)) for name, amount in zip(program.initials, values.initials, strict=True)]
            dosed = sum(amount for name, amount in given if name.partition("__")[0] == kind) + final.get(f"n_made__{kind}", 0.0)
            entity = kind.partition("_on_")[0]
            here = sum(v for name, v in final.items() if name.partition("__")[0] in (kind, f"{entity}_free") and not name.startswith(("n_", "out_")))
            gone = sum(v for name, v in final.items() if name.startswith("out_") and name.endswith(f"__{entity}"))
            if dosed > 0:
                out[kind] = abs(here + gone - dosed) / dosed
    return out


def _needed_dose(outcome: Outcome, leans: Mapping[str, Any], workers: int, checkpoint: Path | None, progress: Progress) -> dict[str, Any]:
    """The dose of the question's arm at which its readout reaches the asked change, by Brent's method."""
    question = outcome.scenario.question
    arm, control = outcome.ensembles[question.arm], outcome.ensembles[control_of(question.arm, outcome.scenario)]
    if not arm.model.network.arm.doses:
        return {"reason": "nothing is given to a donor culture" if outcome.scenario.environment.kind == "culture" else "nothing is given in this arm"}
    if engine_named(outcome.engine).counts:
        return {"reason": "the needed dose is a root of the mean course; it is searched with --engine ode"}
    imposed = outcome.scenario.arms[question.arm].assume or outcome.scenario.assume
    if imposed.cytosolic_copies is not None:
        return {"reason": "the copies in the cytosol are imposed, so the dose plays no part"}
    program, lean, matrix = leans[question.arm]
    n = min(DOSE_DRAWS, outcome.samples)
    values = values_of(lean, arm.model.network.parameters, matrix[: n + 1])
    end = arm.at(question.at)
    targets = control.observable(question.readout)[: n + 1, end] * (1 + question.change / 100)
    if not np.all(targets):
        return {"reason": "the readout is zero in the control, and a change by a share of zero is none to search for"}
    gap = next((row.copies for row in outcome.rows[question.arm] if row.step == "gap"), np.zeros(n + 1))
    first = program.doses[0][0]
    ours = [k for k, (t, name) in enumerate(program.doses) if t == first and name.startswith(arm.model.network.particles[0].id + "__")]
    given = np.array([float(np.sum(v.doses[ours])) for v in values])
    room = arm.observable(f"dose_capacity:{arm.model.network.particles[0].id}")[: n + 1, 0]
    short = replace(program, times=(0.0, program.times[end]))
    position = program.observables.index(question.readout)
    searches = []
    for i in range(n + 1):
        if arm.good[i] and control.good[i]:
            guess = 10.0 ** float(gap[i]) if np.isfinite(gap[i]) else 1.0
            searches.append(DoseSearch(f"dose-{i}", short, values[i], position, 1, float(targets[i]), question.change < 0, guess, max(float(room[i] / given[i]), 1.0)))
    found = map_tasks(searches, workers, checkpoint, progress, "searching the needed dose")
    factors = {f.id: f.factor for f in found}
    draws = np.array([factor for name, factor in factors.items() if name != "dose-0"])
    return {
        "factor": {"nominal": rounded(factors.get("dose-0", float("nan"))), **interval(draws)},
        "per_dose_now": {"value": rounded(given[0]), "unit": "EV given after handling (nominal)"},
        "largest_factor": {"nominal": rounded(room[0] / given[0]), "meaning": "more vesicles than fill the injected volume are not a dose"},
        "draws": len(draws),
        "not_reachable_share": rounded(float(np.mean(np.isinf(draws)))) if len(draws) else None,
        "failed_searches": int(np.isnan(draws).sum()),
        "method": "root of the whole model in the dose, saturation included, to about 2 % of the factor",
    }
