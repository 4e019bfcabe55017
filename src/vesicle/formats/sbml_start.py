"""Values at time 0, each computed once from those it needs.

Later statements count: an initial assignment before an assignment rule before what the element
itself states. All are put in an order in which each needs only earlier ones; a circle is an error.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import sympy

from vesicle.errors import SchemaError
from vesicle.formats.mathml import settled
from vesicle.formats.sbml_features import refuse
from vesicle.network.expressions import TIME


def in_order(formulas: Mapping[str, sympy.Expr], where: Mapping[str, str]) -> list[str]:
    """The ids so that each formula needs only ids before its own.

    Raises
    ------
    SchemaError
        If some follow from each other in a circle.
    """
    needs = {name: {str(s) for s in formula.free_symbols} & formulas.keys() for name, formula in formulas.items()}
    wanted_by: dict[str, list[str]] = {name: [] for name in formulas}
    for name, needed in needs.items():
        for one in needed:
            wanted_by[one].append(name)
    waiting = {name: len(needed) for name, needed in needs.items()}
    ready = [name for name, count in waiting.items() if count == 0]
    for name in ready:
        for follower in wanted_by[name]:
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    if len(ready) < len(formulas):
        stuck = sorted(set(formulas) - set(ready))
        raise SchemaError(f"{where.get(stuck[0], '')}{', '.join(repr(s) for s in stuck[:4])} follow from each other in a circle; remove one of the rules or assignments.")
    return ready


def start_values(formulas: Mapping[str, sympy.Expr], where: Mapping[str, str]) -> dict[str, float]:
    """The number of every id at time 0."""
    values: dict[sympy.Symbol, sympy.Expr] = {TIME: sympy.Integer(0)}
    for name in in_order(formulas, where):
        values[sympy.Symbol(name, real=True)] = sympy.Float(value_of(formulas[name], values, where.get(name, "")))
    return {str(s): float(v) for s, v in values.items() if s != TIME}


def value_of(formula: sympy.Expr, values: Mapping[sympy.Symbol, sympy.Expr], where: str) -> float:
    """A formula as a finite number."""
    missing = formula.free_symbols - values.keys()
    if missing:
        raise refuse("NoValue", where, f"'{min(str(s) for s in missing)}' has no value at time 0, but a formula needs it")
    found = formula.xreplace({s: values[s] for s in formula.free_symbols})
    try:
        number = float(settled(found, where) if isinstance(found, sympy.Expr) else found)
    except TypeError:
        number = math.nan
    if not math.isfinite(number):
        raise refuse("NotFinite", where, "a value at time 0 that is not finite")
    return number
