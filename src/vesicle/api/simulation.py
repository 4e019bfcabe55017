"""One arm, once, with nominal values: the first thing to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import ENSEMBLE_RTOL, OdeEngine
from vesicle.errors import SolverError, unknown_name
from vesicle.runs.prepared import Prepared, prepare_arm

_ENGINES: dict[float, OdeEngine] = {}


@dataclass(frozen=True)
class Simulation:
    """The nominal trajectory of one arm.

    Attributes
    ----------
    prepared : the arm.
    trajectory : what happened.
    """

    prepared: Prepared
    trajectory: Trajectory

    @property
    def times(self) -> np.ndarray:
        """(n_time,) [h]."""
        return self.trajectory.times

    @property
    def readouts(self) -> tuple[str, ...]:
        """The names of what can be read."""
        return self.trajectory.program.observables

    def readout(self, name: str) -> np.ndarray:
        """(n_time,) values of a readout, in its :meth:`unit`.

        Raises
        ------
        UnknownName
            With the nearest readout.
        """
        self.unit(name)
        return self.trajectory.amount(name)

    def unit(self, name: str) -> str:
        """The unit of a readout."""
        if name not in self.prepared.units:
            raise unknown_name("readout", name, self.readouts, f"arm '{self.prepared.arm}'")
        return self.prepared.units[name]

    def rows(self, *names: str) -> list[dict[str, Any]]:
        """One row per readout and time: readout, unit, time_h, value; all readouts by default."""
        return [
            {"readout": name, "unit": self.unit(name), "time_h": float(time), "value": float(value)}
            for name in names or self.readouts
            for time, value in zip(self.times, self.readout(name), strict=True)
        ]


def simulate(scenario: str, arm: str = "", *, changes: Mapping[str, str] | None = None, until: str | None = None, rtol: float = ENSEMBLE_RTOL, keep: bool = True) -> Simulation:
    """The nominal trajectory of one arm (the question's by default).

    Parameters
    ----------
    scenario : a shipped scenario or a YAML file.
    changes : dotted path -> value, as with ``--set``.
    until : another duration, like ``48 h``.
    rtol : relative tolerance of the integrator.
    keep : whether the assembled arm is kept in the user's data folder for the next time.

    Raises
    ------
    InputError, ModelError
        If the scenario or the arm does not hold.
    SolverError
        If the run fails.
    """
    prepared = prepare_arm(scenario, arm, changes, until, keep)
    trajectory = _ENGINES.setdefault(rtol, OdeEngine(rtol)).run(prepared.program, prepared.values())
    if trajectory.status != OK:
        raise SolverError(f"arm '{prepared.arm}': the nominal run {trajectory.status}; check the values set for it.")
    return Simulation(prepared, trajectory)
