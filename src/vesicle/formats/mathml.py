"""MathML as sympy, by our own table; no text is ever evaluated.

Formulas come as nested lists (``["plus", ["ci", "S"], ["cn", 1]]``). Conditions and numbers may
stand for each other, as Level 3 Version 2 allows: true is 1, and all but 0 is true. Functions
that sympy lacks are written out:

    quotient(a, b) = trunc(a / b)       rem(a, b) = a - b quotient(a, b)
    sec x = 1 / cos x  (and so on)      arcsec x = arccos(1 / x)  (and so on)
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from vesicle.errors import InputError, LimitError, SchemaError
from vesicle.formats.sbml_features import refuse
from vesicle.network.expressions import MAX_EXPONENT, MAX_FACTORIAL, TIME, piecewise

AVOGADRO = 6.02214179e23
"""As Level 3 of SBML defines it (CODATA 2006)."""
LARGEST_WHOLE = 2**53
LARGEST_BASE = 10**6
MAX_NODES = 200_000
"""Parts of formulas that the function definitions of one model may add."""
MAX_CALLS = 50
"""Function definitions within each other."""

Node = list[Any]
Names = Callable[[str, str], sympy.Expr]


def _trunc(a: Any, b: Any) -> Any:
    return piecewise(sympy.floor(a / b), sympy.Ge(a / b, 0), sympy.ceiling(a / b))


def _root(degree: Any, x: Any) -> Any:
    return sympy.sqrt(x) if degree == 2 else x ** (1 / degree)


def _factorial(n: Any) -> Any:
    if n.is_number and n > MAX_FACTORIAL:
        raise ValueError(f"{n}! is too large for a number")
    return sympy.factorial(n)


def _inverse(function: Any) -> Any:
    return lambda x: function(1 / x)


def _over(function: Any) -> Any:
    return lambda x: 1 / function(x)


FUNCTIONS: dict[str, tuple[int, Any]] = {
    "divide": (2, lambda a, b: a / b), "power": (2, lambda a, b: _power(a, b)), "root": (2, _root), "log": (2, lambda base, x: sympy.log(x) / sympy.log(base)),
    "quotient": (2, _trunc), "rem": (2, lambda a, b: a - b * _trunc(a, b)),
    "abs": (1, sympy.Abs), "exp": (1, sympy.exp), "ln": (1, sympy.log), "floor": (1, sympy.floor), "ceiling": (1, sympy.ceiling), "factorial": (1, _factorial),
    "sin": (1, sympy.sin), "cos": (1, sympy.cos), "tan": (1, sympy.tan), "sec": (1, _over(sympy.cos)), "csc": (1, _over(sympy.sin)), "cot": (1, _over(sympy.tan)),
    "sinh": (1, sympy.sinh), "cosh": (1, sympy.cosh), "tanh": (1, sympy.tanh), "sech": (1, _over(sympy.cosh)), "csch": (1, _over(sympy.sinh)), "coth": (1, _over(sympy.tanh)),
    "arcsin": (1, sympy.asin), "arccos": (1, sympy.acos), "arctan": (1, sympy.atan),
    "arcsec": (1, _inverse(sympy.acos)), "arccsc": (1, _inverse(sympy.asin)), "arccot": (1, _inverse(sympy.atan)),
    "arcsinh": (1, sympy.asinh), "arccosh": (1, sympy.acosh), "arctanh": (1, sympy.atanh),
    "arcsech": (1, _inverse(sympy.acosh)), "arccsch": (1, _inverse(sympy.asinh)), "arccoth": (1, _inverse(sympy.atanh)),
}  # fmt: skip
MANY: dict[str, Any] = {"plus": sympy.Add, "times": sympy.Mul, "max": sympy.Max, "min": sympy.Min}
RELATIONS: dict[str, Any] = {"eq": sympy.Eq, "neq": sympy.Ne, "lt": sympy.Lt, "leq": sympy.Le, "gt": sympy.Gt, "geq": sympy.Ge}
LOGIC: dict[str, Any] = {"and": sympy.And, "or": sympy.Or, "xor": sympy.Xor, "not": sympy.Not, "implies": lambda a, b: sympy.Or(sympy.Not(a), b)}
CONSTANTS: dict[str, Any] = {"e": sympy.Float(math.e), "pi": sympy.Float(math.pi), "time": TIME, "avogadro": sympy.Float(AVOGADRO), "true": sympy.true, "false": sympy.false}


@dataclass(frozen=True)
class Bound:
    """What an argument stands for: its value, how many parts it has, and its id where it is nothing but an id."""

    value: sympy.Basic
    size: int
    identity: str = ""


KNOWN = {*FUNCTIONS, *MANY, *RELATIONS, *LOGIC, "minus", "piecewise"}


class Formulas:
    """Turns the formulas of one model into expressions.

    Parameters
    ----------
    functions : function definition id -> (argument names, body).
    names : what an id means in a formula, given the id and where it stands.
    rate_of : what the rate of an id means.
    """

    def __init__(self, functions: Mapping[str, tuple[list[str], Node | None]], names: Names, rate_of: Names):
        self.functions, self.names, self.rate_of = functions, names, rate_of
        self.nodes = 0

    def number(self, node: Node, where: str, local: Mapping[str, sympy.Expr] | None = None) -> sympy.Expr:
        """A formula as a number; ``local`` ids mean what is given."""
        return as_number(self._checked(node, where, local or {}))

    def condition(self, node: Node, where: str) -> sympy.Basic:
        """A formula as a condition."""
        return as_condition(self._checked(node, where, {}))

    def _checked(self, node: Node, where: str, local: Mapping[str, sympy.Expr]) -> sympy.Basic:
        value = self._convert(node, where, {name: Bound(meaning, 1, str(meaning)) for name, meaning in local.items()}, 0)
        if value.has(sympy.nan, sympy.oo, sympy.zoo, -sympy.oo):
            raise refuse("NotFinite", where, "a formula that is not finite")
        if value.has(sympy.I):
            raise SchemaError(f"{where}a formula has no real value (a root or logarithm of a negative number); expected a real number.")
        return value

    def _count(self, more: int, where: str) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise LimitError(f"{where}the function definitions of the model add more than {MAX_NODES:,} parts to its formulas; simplify them.")

    def _convert(self, node: Node, where: str, bound: Mapping[str, Bound], calls: int) -> sympy.Basic:
        if calls:
            self._count(1, where)
        kind, *parts = node
        if kind == "cn":
            return _literal(parts[0], where)
        if kind == "ci":
            if parts[0] in bound:
                self._count(bound[parts[0]].size if calls else 0, where)
                return bound[parts[0]].value
            return self.names(parts[0], where)
        if kind in CONSTANTS:
            return CONSTANTS[kind]
        if kind == "call":
            return self._call(parts[0], parts[1:], where, bound, calls)
        if kind == "rateOf":
            return self._rate_of(parts, where, bound)
        if kind == "delay":
            raise refuse("CSymbolDelay", where, "the delay function")
        if kind not in KNOWN:
            raise refuse("UnknownMathML", where, f"the element '{parts[0] if kind == 'unknown' else kind}'")
        values = [self._convert(part, where, bound, calls) for part in parts]
        try:
            return settled(_applied(kind, values, where), where)
        except InputError:
            raise
        except OverflowError:
            raise refuse("NotFinite", where, f"'{kind}' of numbers that are too large") from None
        except (TypeError, ValueError, ZeroDivisionError) as problem:
            raise SchemaError(f"{where}'{kind}' cannot be computed here ({problem}); correct the formula.") from None

    def _rate_of(self, parts: list[Node], where: str, bound: Mapping[str, Bound]) -> sympy.Expr:
        identity = _identity(parts[0], bound) if len(parts) == 1 else ""
        if not identity:
            raise refuse("UnknownMathML", where, "rateOf of something that is no id")
        return self.rate_of(identity, where)

    def _call(self, name: str, arguments: list[Node], where: str, bound: Mapping[str, Bound], calls: int) -> sympy.Basic:
        if name not in self.functions:
            raise refuse("UnknownMathML", where, f"the function '{name[:40]}', which the model does not define")
        names, body = self.functions[name]
        if body is None:
            raise refuse("NoValue", where, f"the function '{name}' has no formula")
        if len(names) != len(arguments):
            raise SchemaError(f"{where}the function '{name}' takes {len(names)} arguments, but {len(arguments)} are given; correct the call.")
        if calls >= MAX_CALLS:
            raise LimitError(f"{where}functions call each other more than {MAX_CALLS} levels deep; a function must not call itself.")
        inner: dict[str, Bound] = {}
        for one, argument in zip(names, arguments, strict=True):
            inner[one] = Bound(self._convert(argument, where, bound, calls), _size(argument, bound), _identity(argument, bound))
        return self._convert(body, where, inner, calls + 1)


def _size(node: Node, bound: Mapping[str, Bound]) -> int:
    """How many parts an argument has, those of what it names included."""
    if node[0] == "ci":
        return bound[node[1]].size if node[1] in bound else 1
    return 1 + sum(_size(part, bound) for part in node[1:] if isinstance(part, list))


def _identity(node: Node, bound: Mapping[str, Bound]) -> str:
    """The id that a formula is, seen through arguments, or nothing."""
    if node[0] != "ci":
        return ""
    return bound[node[1]].identity if node[1] in bound else str(node[1])


def _literal(value: Any, where: str) -> sympy.Expr:
    if isinstance(value, str):
        raise refuse("NotFinite", where, f"the number '{value}'")
    return sympy.Integer(value) if isinstance(value, int) else sympy.Integer(int(value)) if value == int(value) and abs(value) < 2**53 else sympy.Float(value)


def _applied(kind: str, values: list[sympy.Basic], where: str) -> sympy.Basic:
    if kind in LOGIC:
        return LOGIC[kind](*[as_condition(v) for v in values])
    if kind == "piecewise":
        return _piecewise(values)
    numbers = [as_number(v) for v in values]
    if kind in MANY:
        return MANY[kind](*numbers)
    if kind in RELATIONS:
        return sympy.And(*[RELATIONS[kind](a, b) for a, b in zip(numbers, numbers[1:], strict=False)])
    if kind == "minus":
        return -numbers[0] if len(numbers) == 1 else numbers[0] - numbers[1]
    if kind in FUNCTIONS and len(numbers) == FUNCTIONS[kind][0]:
        return FUNCTIONS[kind][1](*numbers)
    raise refuse("UnknownMathML", where, f"'{kind}' with {len(numbers)} arguments")


def settled(value: sympy.Basic, where: str) -> sympy.Basic:
    """A value without symbols as one machine number (whole ones stay exact), so that nothing can grow; anything else as it is."""
    if not isinstance(value, sympy.Expr) or not value.is_number or (value.is_Integer and abs(value) < LARGEST_WHOLE):
        return value
    found = sympy.N(value)
    if found.is_finite and found.is_real is False:
        raise SchemaError(f"{where}a formula has no real value (a root or logarithm of a negative number); expected a real number.")
    if not found.is_finite or abs(found) > sys.float_info.max:
        raise refuse("NotFinite", where, "a formula that is not finite")
    return sympy.Float(float(found))


def _power(base: Any, exponent: Any) -> Any:
    if base.is_number and exponent.is_number and (abs(base) > LARGEST_BASE or abs(exponent) > MAX_EXPONENT):
        return sympy.Float(float(base) ** float(exponent))
    return base**exponent


def _piecewise(values: list[sympy.Basic]) -> sympy.Basic:
    parts = [as_condition(v) if i % 2 else as_number(v) for i, v in enumerate(values)]
    return piecewise(*parts)


def as_number(value: sympy.Basic) -> sympy.Expr:
    """A condition as 1 or 0; a number as it is."""
    if isinstance(value, sympy.Symbol) or not isinstance(value, sympy.logic.boolalg.Boolean):
        return value
    return piecewise(sympy.Integer(1), value, sympy.Integer(0))


def as_condition(value: sympy.Basic) -> sympy.Basic:
    """A number as "is not 0"; a condition as it is."""
    if isinstance(value, sympy.Symbol) or not isinstance(value, sympy.logic.boolalg.Boolean):
        return sympy.Ne(value, 0)
    return value
