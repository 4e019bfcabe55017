"""A shipped well scenario followed in time: what the experiments on recipients share."""

from __future__ import annotations

from collections.abc import Mapping

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.model.assembly import Model, assemble
from vesicle.model.scenario import Scenario
from vesicle.model.scenario_file import load
from vesicle.systems.nominal import at_end, crossed, followed


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
            self._runs[arm] = followed(self.model(arm), self.scenario.duration, self.scenario.observe_every, f"{self.scenario.name}, arm '{arm}'")
        return self._runs[arm]

    def end(self, arm: str, observable: str) -> float:
        """An observable at the end; 0 where the arm has none of that name."""
        return at_end(self.run(arm), observable)

    def count(self, arm: str, step: str) -> float:
        """Crossings of a step up to the end, all particles."""
        return crossed(self.run(arm), step)
