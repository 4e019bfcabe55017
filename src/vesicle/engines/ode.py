"""Deterministic engine: libRoadRunner (CVODE, BDF) on the lean network.

Doses split the time axis: the engine stops, adds, restarts. Tolerances are relative 1e-6 for
ensembles and 1e-9 for nominal runs; absolute tolerances follow the dose of the particle: a
body amount counts from 1e-5 of a dose on, a tumour amount from 1e-7, copies in cells from 1e-8
(1e-4 of each at the strict setting); crossing counters only integrate and need no error control
of their own.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from vesicle.engines.base import FAILED, OK, Engine, Program, Trajectory, Values
from vesicle.engines.size import refuse_too_large
from vesicle.errors import SolverError

ENSEMBLE_RTOL = 1e-6
STRICT_RTOL = 1e-9
STRICT_ABSOLUTE = 1e-4
MAX_STEPS = 200_000
OWN_SHARE = 1e-9
"""Absolute tolerance of an amount that is there from the start, as a share of it."""


def _import() -> Any:
    """libRoadRunner with its warnings kept off the standard streams."""
    os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)
    os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
    import roadrunner

    roadrunner.Logger.disableLogging()
    # else an id such as "reset" in a model would replace the method of every runner
    roadrunner.Config.setValue(roadrunner.Config.ROADRUNNER_DISABLE_PYTHON_DYNAMIC_PROPERTIES, True)
    return roadrunner


def _compile(text: str) -> Any:
    """A compiled model; what would end the process is refused before."""
    refuse_too_large(text)
    return _machine_code(text)


def _machine_code(text: str) -> Any:
    """A compiled model of a text whose size is known to be small enough.

    The machine code is written by LLVM's ORC compiler without optimisation: the same numbers bit for bit and the same time per run as with the default
    compiler, in a third of the time. What libRoadRunner cannot compile is an error of ours.
    """
    roadrunner = _import()
    settings = roadrunner.Config
    before = {key: settings.getValue(key) for key in (settings.LLVM_BACKEND, settings.LLJIT_OPTIMIZATION_LEVEL)}
    settings.setValue(settings.LLVM_BACKEND, settings.LLJIT)
    settings.setValue(settings.LLJIT_OPTIMIZATION_LEVEL, settings.NONE)
    try:
        return roadrunner.RoadRunner(text)
    except RuntimeError as problem:
        raise SolverError(f"the network cannot be compiled: {str(problem).splitlines()[0][:200]}; report it with its model.") from None
    finally:
        for key, value in before.items():
            settings.setValue(key, value)


@dataclass(weakref_slot=True, slots=True, eq=False)
class _State:
    program: Program
    values: Values
    runner: Any
    time: float = 0.0
    next_dose: int = 0
    rows: list[np.ndarray] = field(default_factory=list)
    recorded: int = 0
    status: str = OK


class OdeEngine(Engine):
    """See the module."""

    name: ClassVar[str] = "ode"

    def __init__(self, rtol: float = ENSEMBLE_RTOL):
        self.rtol = rtol
        self._compiled: dict[str, Any] = {}
        self._owner = weakref.WeakValueDictionary[int, _State]()

    @classmethod
    def at(cls, strict: bool) -> OdeEngine:
        return cls(STRICT_RTOL if strict else ENSEMBLE_RTOL)

    def init(self, program: Program, values: Values, amounts: Mapping[str, float] | None = None) -> _State:
        if program.has_triggers:
            runner = self._loaded(program, values)
            for name, value in (amounts or {}).items():
                runner[name] = value
        else:
            runner = self._runner(program)
            self._begin(runner, program, values, amounts)
        self._tolerances(program, values, runner)
        state = _State(program, values, runner)
        self._owner[id(runner)] = state
        self._dose(state)
        self._record(state, self._outputs(state))
        return state

    def _begin(self, runner: Any, program: Program, values: Values, amounts: Mapping[str, float] | None) -> None:
        """Constants and starting amounts of one draw."""
        model = runner.model
        runner.reset()
        model.setGlobalParameterValues(self._index(program, "constants"), values.constants)
        begin = np.zeros(len(model.getFloatingSpeciesIds()))
        position = {name: i for i, name in enumerate(model.getFloatingSpeciesIds())}
        for name in {name for _, name in program.doses} - position.keys():
            runner[name] = 0.0  # what only doses change (a beam, an infusion) is no amount to libRoadRunner, and a reset leaves it as the last draw did
        for name, value in (*zip(program.initials, values.initials, strict=True), *(amounts or {}).items()):
            if name in position:
                begin[position[name]] = value
            else:
                runner[name] = value
        model.setFloatingSpeciesAmounts(begin)

    def _runner(self, program: Program) -> Any:
        """A compiled model; equal networks share it."""
        if program.sbml not in self._compiled:
            runner = _compile(program.sbml)
            runner.integrator.setValue("maximum_num_steps", MAX_STEPS)
            self._compiled[program.sbml] = runner
        return self._compiled[program.sbml]

    def _loaded(self, program: Program, values: Values) -> Any:
        """A model compiled with the numbers of this draw in it.

        Triggers of time 0 act when libRoadRunner loads a model, and act twice when it is reset; so
        the numbers must stand before, and each draw is loaded anew. Its size is that of the program, whatever the numbers.
        """
        import libsbml

        refuse_too_large(program.sbml)
        document = libsbml.readSBMLFromString(program.sbml)
        model = document.getModel()
        for name, value in (*zip(program.constants, values.constants, strict=True), *zip(program.initials, values.initials, strict=True)):
            species = model.getSpecies(name)
            (model.getParameter(name).setValue if species is None else species.setInitialAmount)(float(value))
        runner = _machine_code(libsbml.writeSBMLToString(document))
        runner.integrator.setValue("maximum_num_steps", MAX_STEPS)
        return runner

    def _index(self, program: Program, kind: str) -> list[int]:
        ids = list(self._runner(program).model.getGlobalParameterIds())
        return [ids.index(name) for name in getattr(program, kind)]

    def _tolerances(self, program: Program, values: Values, runner: Any) -> None:
        strictness = 1.0 if self.rtol >= ENSEMBLE_RTOL else STRICT_ABSOLUTE
        runner.integrator.relative_tolerance = self.rtol
        if program.absolute:
            runner.integrator.absolute_tolerance = min(program.absolute.values())
            for name in runner.model.getFloatingSpeciesIds():
                runner.integrator.setIndividualTolerance(name, program.absolute[name])
            return
        scale = max(float(np.max(values.doses, initial=0.0)), 1.0)
        own = dict(zip(program.initials, values.initials, strict=True))
        for name in runner.model.getFloatingSpeciesIds():
            size = OWN_SHARE * own[name] if own.get(name, 0.0) > 0 else scale * program.scales[name]
            runner.integrator.setIndividualTolerance(name, size * strictness)

    def _outputs(self, state: _State) -> np.ndarray:
        runner, program = state.runner, state.program
        return np.array([runner[name] for name in (*program.observable_ids, *program.counters)])

    def _record(self, state: _State, row: np.ndarray) -> None:
        if state.recorded < len(state.program.times) and state.program.times[state.recorded] <= state.time + 1e-9:
            state.rows.append(row)
            state.recorded += 1

    def _dose(self, state: _State) -> None:
        """Add every dose that is due now."""
        doses = state.program.doses
        while state.next_dose < len(doses) and doses[state.next_dose][0] <= state.time + 1e-9:
            name = doses[state.next_dose][1]
            state.runner[name] = state.runner[name] + float(state.values.doses[state.next_dose])
            state.next_dose += 1

    def advance(self, state: _State, until: float) -> _State:
        self._must_own(state)
        program = state.program
        while state.time < until - 1e-9 and state.status == OK:
            due = program.doses[state.next_dose][0] if state.next_dose < len(program.doses) else until
            self._segment(state, min(due, until))
            self._dose(state)
        return state

    def _segment(self, state: _State, end: float) -> None:
        """Integrate to the next dose or the end, recording output times on the way."""
        stops = [t for t in state.program.times[state.recorded :] if state.time < t < end - 1e-9]
        stops.append(end)
        runner = state.runner
        runner.timeCourseSelections = ["time", *state.program.observable_ids, *state.program.counters]
        try:
            table = np.array(runner.simulate(times=[state.time, *stops]))
        except RuntimeError as problem:
            state.status = f"{FAILED}: at t = {state.time:g} h, {str(problem).splitlines()[0][:160]}"
            self._compiled.pop(state.program.sbml, None)
            return
        for time, row in zip(stops, table[1:], strict=True):
            state.time = time
            self._record(state, row[1:].copy())

    def _must_own(self, state: _State) -> None:
        """A compiled model holds one state at a time: the one that was begun last."""
        if self._owner.get(id(state.runner)) is not state:
            raise SolverError(f"arm '{state.program.arm}': this state was left when another was begun on the same engine; finish one before the next, or use a second engine.")

    def result(self, state: _State) -> Trajectory:
        self._must_own(state)
        program = state.program
        width = len(program.observables) + len(program.counters)
        table = np.full((len(program.times), width), np.nan)
        if state.rows:
            table[: len(state.rows)] = np.vstack(state.rows)
        if not np.all(np.isfinite(table[: len(state.rows)])) and state.status == OK:
            state.status = f"{FAILED}: a result is not finite"
        final = {name: float(state.runner[name]) for name in program.amounts} if state.status == OK else {}
        split = len(program.observables)
        return Trajectory(program, np.array(program.times), table[:, :split], table[:, split:], final, state.status)
