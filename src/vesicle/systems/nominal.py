"""One network followed in time at its nominal values, and what is read at its end: what the experiments share."""

from __future__ import annotations

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.model.assembled import Model


def followed(model: Model, duration: float, every: float, what: str = "") -> Trajectory:
    """A network over time [h] at the nominal values and strict tolerance; ``what`` names it where the engine fails, instead of the arm.

    Raises
    ------
    SolverError
        If the engine fails.
    """
    program, lean = compile_model(model, output_times(duration, every))
    parameters = model.network.parameters
    run = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1], model.network.arm.set))[0])
    if run.status != OK:
        named = what or f"arm '{model.arm}'"
        raise SolverError(f"{named}: {run.status}")
    return run


def at_end(run: Trajectory, observable: str) -> float:
    """An observable at the end; 0 where there is none of that name."""
    return float(run.amount(observable)[-1]) if observable in run.program.observables else 0.0


def crossed(run: Trajectory, step: str) -> float:
    """Crossings of a step of custody up to the end, all particles."""
    return float(sum(run.crossings[-1, i] for i, name in enumerate(run.program.counters) if name.startswith(f"n_{step}__")))
