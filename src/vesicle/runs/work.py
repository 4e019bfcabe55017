"""What a worker process does: a slice of draws of one arm, or the dose that one draw needs.

A worker knows programs and numbers only; it imports no evidence and no sympy. Everything it
returns is plain arrays. The result of a task depends on nothing but the task.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vesicle.engines.base import OK, Program, Trajectory, Values
from vesicle.engines.ode import ENSEMBLE_RTOL, STRICT_RTOL, OdeEngine

MAX_FACTOR = 1e12
BISECTIONS = 30
TOLERANCE = 0.004
"""Bisection ends when log10 of the factor is known to 0.004, 1 % of the factor."""


@dataclass(frozen=True)
class Task:
    """A slice of draws of one arm; ``strict`` for the nominal run."""

    id: str
    program: Program
    values: tuple[Values, ...]
    strict: bool = False


@dataclass(frozen=True)
class Done:
    """What came out: arrays over the draws of a task."""

    id: str
    outputs: np.ndarray
    crossings: np.ndarray
    statuses: tuple[str, ...]
    finals: tuple[dict[str, float], ...]


@dataclass(frozen=True)
class DoseSearch:
    """Find the factor on all doses at which an output reaches a target.

    Attributes
    ----------
    observable : position of the output.
    time : position of the output time.
    target : value to be reached; from above when ``falling``.
    guess : first factor to try.
    """

    id: str
    program: Program
    values: Values
    observable: int
    time: int
    target: float
    falling: bool
    guess: float


@dataclass(frozen=True)
class DoseFound:
    """The factor (infinite when nothing up to the largest factor is enough)."""

    id: str
    factor: float
    status: str = OK


_ENGINES: dict[float, OdeEngine] = {}


def _engine(rtol: float) -> OdeEngine:
    if rtol not in _ENGINES:
        _ENGINES[rtol] = OdeEngine(rtol)
    return _ENGINES[rtol]


def perform(task: Task | DoseSearch) -> Done | DoseFound:
    """Do one task."""
    if isinstance(task, DoseSearch):
        return _search(task)
    engine = _engine(STRICT_RTOL if task.strict else ENSEMBLE_RTOL)
    runs = [engine.run(task.program, values) for values in task.values]
    return Done(
        task.id,
        np.array([r.outputs for r in runs]),
        np.array([r.crossings for r in runs]),
        tuple(r.status for r in runs),
        tuple(dict(r.final) for r in runs) if task.strict else (),
    )


def _scaled(values: Values, factor: float) -> Values:
    return replace(values, doses=values.doses * factor)


def _search(task: DoseSearch) -> DoseFound:
    """Bracket by factors of ten from the guess, then bisect in the logarithm."""
    engine = _engine(ENSEMBLE_RTOL)

    def reached(log_factor: float) -> bool:
        run: Trajectory = engine.run(task.program, _scaled(task.values, 10.0**log_factor))
        if run.status != OK:
            raise _Failed(run.status)
        value = run.outputs[task.time, task.observable]
        return bool(value <= task.target if task.falling else value >= task.target)

    try:
        low, high = _bracket(reached, np.log10(max(task.guess, 1e-12)))
    except _Failed as problem:
        return DoseFound(task.id, float("nan"), str(problem))
    if not np.isfinite(high):
        return DoseFound(task.id, float("inf"))
    try:
        for _ in range(BISECTIONS):
            if high - low < TOLERANCE:
                break
            middle = (low + high) / 2
            low, high = (low, middle) if reached(middle) else (middle, high)
    except _Failed as problem:
        return DoseFound(task.id, float("nan"), str(problem))
    return DoseFound(task.id, float(10.0**high))


class _Failed(Exception):
    """An engine failure inside a search."""


def _bracket(reached: Any, start: float) -> tuple[float, float]:
    """A decade that holds the answer; ``(x, inf)`` when the largest factor is not enough."""
    largest = np.log10(MAX_FACTOR)
    at = min(max(start, -largest), largest)
    if reached(at):
        while at > -largest and reached(at - 1):
            at -= 1
        return at - 1, at
    while at < largest:
        at = min(at + 1, largest)
        if reached(at):
            return at - 1, at
    return at, float("inf")
