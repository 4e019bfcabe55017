"""Expressions as tapes: one small stack machine evaluates every model, so nothing is compiled per model.

    a tape is a row of (operation, slot); values lie in one vector of slots
    c * x * y            is written as a product of (slot, shift), each factor slot - shift
    anything else        is written in reverse Polish order: push a, push b, add

A product with shifts 0, 1, ... is the number of ordered pairs, triples, ... x (x - 1) ..., the count
behind a mass-action rate that uses up more than one of a kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sympy
from sympy.logic.boolalg import BooleanAtom

from vesicle.errors import UnsupportedFeature
from vesicle.network.expressions import write

STACK, PRODUCT = 0, 1
MOST_FACTORS = 4
(
    PUSH, ADD, MUL, POW, INVERT, EXP, LOG, SQRT, SINH, COSH, TANH, SIN, COS, TAN, ASIN, ACOS, ATAN, ASINH, ACOSH, ATANH,
    ABS, FLOOR, CEIL, FACTORIAL, MAX, MIN, LT, LE, EQ, NE, AND, OR, XOR, NOT, SELECT, WHOLE_POWER,
) = range(36)  # fmt: skip

_PAIRED: dict[type, int] = {
    sympy.Add: ADD, sympy.Mul: MUL, sympy.Max: MAX, sympy.Min: MIN, sympy.And: AND, sympy.Or: OR, sympy.Xor: XOR,
    sympy.StrictLessThan: LT, sympy.LessThan: LE, sympy.Equality: EQ, sympy.Unequality: NE,
}  # fmt: skip
_TURNED: dict[type, int] = {sympy.StrictGreaterThan: LT, sympy.GreaterThan: LE}
_SINGLE: dict[type, int] = {
    sympy.exp: EXP, sympy.log: LOG, sympy.sinh: SINH, sympy.cosh: COSH, sympy.tanh: TANH, sympy.sin: SIN, sympy.cos: COS, sympy.tan: TAN,
    sympy.asin: ASIN, sympy.acos: ACOS, sympy.atan: ATAN, sympy.asinh: ASINH, sympy.acosh: ACOSH, sympy.atanh: ATANH,
    sympy.Abs: ABS, sympy.floor: FLOOR, sympy.ceiling: CEIL, sympy.factorial: FACTORIAL, sympy.Not: NOT,
}  # fmt: skip


@dataclass
class Slots:
    """Where every named value and every literal lies in the vector of values."""

    names: dict[str, int] = field(default_factory=dict)
    literals: dict[float, int] = field(default_factory=dict)
    values: list[float] = field(default_factory=list)

    def new(self, value: float = 0.0) -> int:
        """A fresh slot."""
        self.values.append(value)
        return len(self.values) - 1

    def name(self, name: str) -> int:
        """The slot of a name, made at first mention."""
        if name not in self.names:
            self.names[name] = self.new()
        return self.names[name]

    def literal(self, value: float) -> int:
        """The slot of a number."""
        if value not in self.literals:
            self.literals[value] = self.new(value)
        return self.literals[value]


@dataclass(frozen=True)
class Written:
    """One expression as a tape: its kind, its rows, the stack it needs."""

    kind: int
    rows: tuple[tuple[int, int], ...]
    depth: int


def compile_expression(expression: sympy.Expr, slots: Slots, used_up: Mapping[str, int] | None = None) -> Written:
    """An expression as a tape.

    Parameters
    ----------
    slots : must know every symbol of the expression.
    used_up : species -> how many of it an event uses up; their powers become ordered pairs, triples, ...

    Raises
    ------
    UnsupportedFeature
        For a function that no tape has.
    """
    factors = _factors(expression, slots, used_up or {})
    if factors is not None:
        return Written(PRODUCT, tuple(factors), 0)
    rows: list[tuple[int, int]] = []
    depth = _emit(expression, slots, rows)
    return Written(STACK, tuple(rows), depth)


def _factors(expression: sympy.Expr, slots: Slots, used_up: Mapping[str, int]) -> list[tuple[int, int]] | None:
    """(slot, shift) per factor of a product of symbols and small powers, or None."""
    if not isinstance(expression, sympy.Expr):
        return None
    out = []
    for argument in sympy.Mul.make_args(expression):
        base, power = argument.as_base_exp()
        if argument.is_number:
            out.append((slots.literal(float(argument)), 0))
        elif base.is_Symbol and power.is_Integer and 1 <= power <= MOST_FACTORS:
            falls = used_up.get(str(base), 0) > 0
            out += [(slots.names[str(base)], i if falls else 0) for i in range(int(power))]
        else:
            return None
    return out


def powers(expression: sympy.Expr) -> dict[str, int]:
    """Symbol -> power in a product of symbols; nothing for what is no such product."""
    found = {}
    for argument in sympy.Mul.make_args(expression):
        base, power = argument.as_base_exp()
        if base.is_Symbol and power.is_Integer and power > 0:
            found[str(base)] = int(power)
        elif not argument.is_number:
            return {}
    return found


def _emit(expression: sympy.Expr, slots: Slots, rows: list[tuple[int, int]]) -> int:
    """Write an expression in reverse Polish order; returns the stack it needs."""
    if expression.is_Symbol:
        rows.append((PUSH, slots.names[str(expression)]))
        return 1
    if isinstance(expression, BooleanAtom):
        rows.append((PUSH, slots.literal(1.0 if expression else 0.0)))
        return 1
    if not expression.has(sympy.Symbol) and getattr(expression, "is_number", False):
        rows.append((PUSH, slots.literal(float(expression))))
        return 1
    if isinstance(expression, sympy.Piecewise):
        return _emit_piecewise(expression, slots, rows)
    if expression.is_Pow:
        return _emit_power(expression, slots, rows)
    kind = type(expression)
    if kind in _PAIRED or kind in _TURNED:
        arguments = expression.args[::-1] if kind in _TURNED else expression.args
        depth = _emit(arguments[0], slots, rows)
        for argument in arguments[1:]:
            depth = max(depth, 1 + _emit(argument, slots, rows))
            rows.append((_PAIRED.get(kind, _TURNED.get(kind, ADD)), 0))
        return depth
    if kind in _SINGLE:
        depth = _emit(expression.args[0], slots, rows)
        rows.append((_SINGLE[kind], 0))
        return depth
    raise UnsupportedFeature(f"the stochastic engine cannot evaluate '{write(expression)[:80]}'; use the engine ode.")


def _emit_power(expression: sympy.Expr, slots: Slots, rows: list[tuple[int, int]]) -> int:
    base, power = expression.base, expression.exp
    depth = _emit(base, slots, rows)
    if abs(power) == sympy.Rational(1, 2):
        rows.append((SQRT, 0))
    elif power.is_Integer and abs(power) < 2**15:
        if abs(power) != 1:
            rows.append((WHOLE_POWER, abs(int(power))))
    else:
        depth = max(depth, 1 + _emit(power, slots, rows))
        rows.append((POW, 0))
        return depth
    if power < 0:
        rows.append((INVERT, 0))
    return depth


def _emit_piecewise(expression: sympy.Piecewise, slots: Slots, rows: list[tuple[int, int]]) -> int:
    """Nested selections, the last alternative innermost; nothing holds: not a number."""
    rows.append((PUSH, slots.literal(float("nan"))))
    depth = 1
    for value, condition in reversed(expression.args):
        depth = max(depth, 1 + _emit(value, slots, rows), 2 + _emit(condition, slots, rows))
        rows.append((SELECT, 0))
    return depth
