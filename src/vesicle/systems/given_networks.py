"""A small network followed at the nominal values or over draws: what the experiments on states and on resistance share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import sympy

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, recipe
from vesicle.errors import SolverError
from vesicle.model.assembled import Model
from vesicle.network.expressions import symbol

SEED, NOMINAL = 1, -1
STEPS = 120
"""Outputs over the time that a network is followed."""


class Followed:
    """One network, compiled once, followed with some of its numbers set otherwise."""

    def __init__(self, model: Model, hours: float):
        self._model = model
        self._program, lean = compile_model(model, output_times(hours, hours / STEPS))
        self._recipe = recipe(lean, model.network.parameters)

    def run(self, **numbers: float) -> Trajectory:
        """Over time at the nominal values but for some.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        return self._runs([NOMINAL], numbers)[0]

    def over_draws(self, draws: int, read: Callable[[Trajectory], float], **numbers: float) -> np.ndarray:
        """(draws,) a number read from every draw of the measured ranges; the same draws whatever is set.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        return np.array([read(run) for run in self._runs(range(draws), numbers)])

    def _runs(self, samples: Iterable[int], numbers: Mapping[str, float]) -> list[Trajectory]:
        parameters = self._model.network.parameters
        values = self._recipe.values(draw_matrix(parameters, SEED, list(samples), numbers))
        found = [OdeEngine(STRICT_RTOL).run(self._program, row) for row in values]
        if failed := [run.status for run in found if run.status != OK]:
            raise SolverError(f"network '{self._model.arm}': {failed[0]}")
        return found


def at_rest(model: Model) -> dict[str, float]:
    """The observables of a network in which nothing moves, at the nominal values."""
    known = {symbol(p.id): sympy.Float(p.value) for p in model.network.parameters}
    pending = {symbol(rule.id): rule.expression for rule in model.network.rules}
    while pending:
        ready = {name: e.xreplace(known) for name, e in pending.items() if e.free_symbols <= known.keys()}
        known |= ready
        pending = {name: e for name, e in pending.items() if name not in ready}
    return {o.id: float(o.value.xreplace(known)) for o in model.network.observables}
