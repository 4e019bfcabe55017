"""What a worker process does: a slice of draws of one arm, or the dose that one draw needs.

A worker knows programs and numbers only; it imports no evidence and no sympy. Everything it
returns is plain arrays. The result of a task depends on nothing but the task.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from vesicle.engines.base import OK, Engine, Program, Trajectory, Values
from vesicle.engines.registry import engine_named

TOLERANCE = 0.01
LONGEST_SEARCH = 12
"""The search ends when log10 of the factor is known to 0.01, about 2 % of the factor."""


@dataclass(frozen=True)
class Task:
    """A slice of draws of one arm; ``strict`` for the nominal run."""

    id: str
    program: Program
    values: tuple[Values, ...]
    strict: bool = False
    engine: str = "ode"


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
    largest : largest factor to try.
    """

    id: str
    program: Program
    values: Values
    observable: int
    time: int
    target: float
    falling: bool
    guess: float
    largest: float


@dataclass(frozen=True)
class DoseFound:
    """The factor (infinite when nothing up to the largest factor is enough)."""

    id: str
    factor: float
    status: str = OK


_ENGINES: dict[tuple[str, bool], Engine] = {}


def _engine(name: str, strict: bool) -> Engine:
    if (name, strict) not in _ENGINES:
        _ENGINES[name, strict] = engine_named(name).at(strict)
    return _ENGINES[name, strict]


def perform(task: Task | DoseSearch) -> Done | DoseFound:
    """Do one task."""
    if isinstance(task, DoseSearch):
        return _search(task)
    engine = _engine(task.engine, task.strict)
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
    """Bracket by decades from the guess, then Brent's method on the logarithm of the factor."""
    from scipy.optimize import brentq

    engine = _engine("ode", strict=False)
    known: dict[float, float] = {}

    def distance(log_factor: float) -> float:
        """Relative distance from the target; not positive once it is reached."""
        if log_factor not in known:
            run: Trajectory = engine.run(task.program, _scaled(task.values, 10.0**log_factor))
            if run.status != OK:
                raise _Failed(run.status)
            value = run.outputs[task.time, task.observable]
            known[log_factor] = float((value - task.target) if task.falling else (task.target - value)) / abs(task.target)
        return known[log_factor]

    try:
        low, high = _bracket(distance, float(np.log10(max(task.guess, 1 / task.largest))), float(np.log10(task.largest)))
        if not np.isfinite(high):
            return DoseFound(task.id, float("inf"))
        if not np.isfinite(low):
            return DoseFound(task.id, 0.0)
        return DoseFound(task.id, float(10.0 ** brentq(distance, low, high, xtol=TOLERANCE)))
    except _Failed as problem:
        return DoseFound(task.id, float("nan"), str(problem))


class _Failed(Exception):
    """An engine failure inside a search."""


def _bracket(distance: Callable[[float], float], start: float, largest: float) -> tuple[float, float]:
    """A decade that holds the answer.

    ``(x, inf)`` when the largest factor is not enough, ``(-inf, x)`` when the smallest is.
    """
    at = min(start, largest)
    if distance(at) <= 0:
        while at > -LONGEST_SEARCH:
            if distance(at - 1) > 0:
                return at - 1, at
            at -= 1
        return float("-inf"), at
    while at < largest:
        before, at = at, min(at + 1, largest)
        if distance(at) <= 0:
            return before, at
    return at, float("inf")
