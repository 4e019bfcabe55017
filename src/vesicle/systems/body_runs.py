"""Carriers in one mouse: what the experiments on the body share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from vesicle.evidence.library import Library
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.mechanisms.travelling.clearance import PHAGOCYTIC_ORGANS
from vesicle.model.assembly import Model, assemble
from vesicle.model.scenario_file import load
from vesicle.readouts.ensemble import Array
from vesicle.readouts.exposure import Stay, stay

DRAWS = 200


@dataclass(frozen=True)
class Stays:
    """Residence of every arm's particle, draw by draw (row 0 nominal); arms share draws."""

    arms: Mapping[str, Stay]

    def exposure(self, arm: str) -> Array:
        """(1 + n,) hours that a given particle spends in blood: AUC_0_inf over dose, times plasma volume."""
        return self.arms[arm].time_in(VASCULAR)

    def phagocytosed(self, arm: str) -> Array:
        """(1 + n,) share of the dose that phagocytes of liver, spleen and lung take up."""
        return np.asarray(sum(self.arms[arm].entering(f"{organ}_phagocytes") for organ in PHAGOCYTIC_ORGANS))


def bodies(library: Library, scenario: str, changes: Mapping[str, str] | None = None, arms: Collection[str] = ()) -> dict[str, Model]:
    """The arms of a shipped scenario that give something, or some of them; the arms of its question must be among these."""
    read = load(scenario, dict(changes or {}))
    if arms:
        read = read.model_copy(update={"arms": {name: arm for name, arm in read.arms.items() if name in arms}})
    models = assemble(read, library)
    return {arm: model for arm, model in models.items() if model.network.arm.doses}


def stays(models: Mapping[str, Model], draws: int = DRAWS) -> Stays:
    """Residence in every arm."""
    return Stays({arm: stay(model, draws) for arm, model in models.items()})


def depleted(scenario: str) -> dict[str, str]:
    """Changes that deplete the macrophages in every arm of a scenario."""
    return {f"arms.{arm}.macrophages": "depleted" for arm in load(scenario).arms}
