"""From an assembled model to a program and the numbers of every draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import sympy

from vesicle.engines.base import Program, Values
from vesicle.engines.jumps.table import Counted, build, refuse_backward
from vesicle.engines.lean import Lean, evaluate, reduce_network
from vesicle.engines.recipe import Recipe, split
from vesicle.engines.tape import plays, record
from vesicle.model import sbml
from vesicle.model.assembled import Model
from vesicle.network.expressions import symbol
from vesicle.network.flat import Flat
from vesicle.network.types import Observable, Parameter

OWN, LARGEST = 1e-10, 1e-12
BODY, NEAR, COPIES, COUNTER = 1e-5, 1e-8, 1e-10, 1e-2
"""Absolute tolerance of an amount as a share of the largest dose."""


RATE_SUM = "events_per_hour"


def output_times(duration: float, every: float, extra: Sequence[float] = ()) -> tuple[float, ...]:
    """Output times [h] from 0 to the end, evenly spaced, with extra ones."""
    count = int(duration / every + 1e-9)
    times = {round(i * every, 9) for i in range(count + 1)} | {duration, *(t for t in extra if t <= duration)}
    return tuple(sorted(times))


def compile_model(model: Model, times: tuple[float, ...], *, counts: bool = False) -> tuple[Program, Lean]:
    """The program of one arm and its lean network; with ``counts`` it also serves engines that count events.

    Raises
    ------
    UnsupportedFeature
        For what the engines cannot carry, by name.
    """
    if counts:
        refuse_backward(model.network, model.flat)
    lean = reduce_network(model.network, model.flat)
    constants = tuple(Parameter(name, "1", 0.0) for name in lean.constants)
    network = replace(lean.network, parameters=constants, id="lean", observables=lean.network.observables)
    if counts:
        network = replace(network, observables=(*network.observables, _rate_sum(lean)))
    text = sbml.write(network, lean.flat, events=False, observables=True)
    counters = (*lean.flat.counters.values(), *lean.flat.sinks.values())
    program = Program(
        arm=model.arm,
        sbml=text,
        constants=tuple(lean.constants),
        initials=tuple(lean.initial),
        doses=tuple((time, name) for time, name, _ in lean.doses),
        times=times,
        observables=tuple(o.id for o in lean.network.observables),
        observable_ids=tuple(sbml.observable_id(o.id) for o in lean.network.observables),
        counters=counters,
        amounts=tuple(name for name, (unit, _, _) in lean.flat.species.items() if unit in sbml.COUNTS or not model.network.has_units),
        scales={name: COUNTER if name in counters else _scale(name, place) for name, (unit, _, place) in lean.flat.species.items() if unit in sbml.COUNTS},
        absolute={} if network.has_units else absolute_tolerances(model.flat, model.network.parameters),
        has_triggers=bool(network.triggers),
        counted=_counted(lean, counters) if counts else None,
        rate_sum=sbml.observable_id(RATE_SUM) if counts else "",
    )
    return program, lean


def absolute_tolerances(flat: Flat, parameters: Sequence[Parameter]) -> dict[str, float]:
    """Absolute tolerance of each species of a network from elsewhere, whose scales are not known.

    A share ``OWN`` of what is there at the start; for what starts empty, of the smallest amount
    that does not, and never more than ``LARGEST``.
    """
    nominal = {symbol(p.id): p.value for p in parameters}
    begins = {name: abs(float(initial.xreplace(nominal))) for name, (_, initial, _) in flat.species.items()}
    smallest = min((b for b in begins.values() if b > 0), default=1.0)
    return {name: min(OWN * (begin or smallest), LARGEST) for name, begin in begins.items()}


def _rate_sum(lean: Lean) -> Observable:
    """The sum of the rates of all events."""
    own = {s.id for s in lean.network.species if not s.is_count}
    events = [f.rate for f in lean.flat.flows if f.draw is None and any(lean.flat.species[n][0] in sbml.COUNTS and n not in own for n in f.changes)]
    return Observable(RATE_SUM, "1", sum(events, sympy.Integer(0)))


def _counted(lean: Lean, counters: Sequence[str]) -> Counted:
    return build(lean, [o.value for o in lean.network.observables], counters, sbml.COUNTS)


def _scale(name: str, place: str) -> float:
    if "__" not in name:
        return COPIES
    return NEAR if place.startswith(("tumour_", "brain_", "cell_")) and not place.endswith("_vessels") else BODY


def draw_matrix(parameters: Sequence[Parameter], seed: int, samples: Sequence[int], held: Mapping[str, float] | None = None) -> np.ndarray:
    """(n_draws, n_parameters) values; sample -1 is the nominal run.

    ``held`` are values that the arm sets, the same in every draw.
    """
    return with_held(np.array([[p.value if i < 0 else p.draw(seed, i) for p in parameters] for i in samples], dtype=float), parameters, held or {})


def with_held(matrix: np.ndarray, parameters: Sequence[Parameter], held: Mapping[str, float]) -> np.ndarray:
    """A copy of (n_draws, n_parameters) values in which some are the same in every draw."""
    out = matrix.copy()
    for column, parameter in enumerate(parameters):
        if parameter.id in held:
            out[:, column] = held[parameter.id]
    return out


def recipe(lean: Lean, parameters: Sequence[Parameter]) -> Recipe:
    """The recipe of an arm."""
    return Recipe(record(_wanted(lean), [p.id for p in parameters], lean.held), len(lean.constants), len(lean.initial))


def values_of(lean: Lean, parameters: Sequence[Parameter], matrix: np.ndarray, keys: Sequence[tuple[int, int]] | None = None) -> list[Values]:
    """The numbers that every draw sets, evaluated for all draws together; ``keys`` are their (seed, sample)."""
    wanted = _wanted(lean)
    if plays((*wanted, *lean.held.values())):
        return recipe(lean, parameters).values(matrix, keys)
    wanted = _written_out(wanted, lean.held)
    found = evaluate({str(i): expression for i, expression in enumerate(wanted)}, parameters, matrix)
    return split(np.array(list(found.values())).reshape(len(wanted), -1), len(lean.constants), len(lean.initial), keys)


def _written_out(wanted: Sequence[sympy.Expr], held: Mapping[str, sympy.Expr]) -> tuple[sympy.Expr, ...]:
    """Expressions with every held rule put in its place."""
    known: dict[sympy.Symbol, sympy.Expr] = {}
    for name, expression in held.items():
        known[symbol(name)] = expression.xreplace(known)
    return tuple(expression.xreplace(known) for expression in wanted)


def _wanted(lean: Lean) -> tuple[sympy.Expr, ...]:
    """Constants, initial amounts and dose amounts, in this order."""
    return (*lean.constants.values(), *lean.initial.values(), *(amount for _, _, amount in lean.doses))


def parameter_values(expression: sympy.Expr, parameters: Sequence[Parameter], matrix: np.ndarray) -> np.ndarray:
    """(n_draws,) values of one parameter-only expression."""
    known = {symbol(p.id) for p in parameters}
    if not expression.free_symbols <= known:
        missing = ", ".join(sorted(str(s) for s in expression.free_symbols - known))
        raise KeyError(f"expression needs {missing}, which are no parameters")
    return evaluate({"x": expression}, parameters, matrix)["x"]
