"""A shipped well scenario followed in time: what the experiments on recipients share."""

from __future__ import annotations

from collections.abc import Mapping

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.evidence.library import Library
from vesicle.model.assembly import Model, assemble
from vesicle.model.scenario import Scenario
from vesicle.model.scenario_file import load


class Wells:
    """The arms of a scenario with changes, each assembled and run when first asked for, at the nominal values."""

    def __init__(self, name: str, library: Library, changes: Mapping[str, str] | None = None):
        self.scenario: Scenario = load(name, dict(changes or {}))
        self._library = library
        self._runs: dict[str, Trajectory] = {}

    def model(self, arm: str) -> Model:
        """One arm, assembled alone: what is asked of the others plays no part in it."""
        question = self.scenario.question.model_copy(update={"arm": arm, "control": arm, "readout": "cells"})
        alone = self.scenario.arms[arm].model_copy(update={"control": ""})
        return assemble(self.scenario.model_copy(update={"arms": {arm: alone}, "question": question, "reports": ()}), self._library)[arm]

    def run(self, arm: str) -> Trajectory:
        """The trajectory of an arm."""
        if arm not in self._runs:
            model = self.model(arm)
            program, lean = compile_model(model, output_times(self.scenario.duration, self.scenario.observe_every))
            parameters = model.network.parameters
            found = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
            if found.status != OK:
                raise SolverError(f"{self.scenario.name}, arm '{arm}': {found.status}")
            self._runs[arm] = found
        return self._runs[arm]

    def end(self, arm: str, observable: str) -> float:
        """An observable at the end; 0 where the arm has none of that name."""
        run = self.run(arm)
        return float(run.amount(observable)[-1]) if observable in run.program.observables else 0.0

    def count(self, arm: str, step: str) -> float:
        """Crossings of a step up to the end, all particles."""
        run = self.run(arm)
        return float(sum(run.crossings[-1, i] for i, name in enumerate(run.program.counters) if name.startswith(f"n_{step}__")))
