"""Expressions: sympy objects built from symbols, written and read in a grammar of our own.

    expression := term (('+' | '-') term)*          term := factor (('*' | '/') factor)*
    factor := ('-' | '+') factor | base ('^' factor)?
    base := number | name | name '(' expression (',' expression)* ')' | '(' expression ')'

Functions: see ``FUNCTIONS``; conditions are functions too: ``piecewise(1, lt(x, 2), 0)`` is 1 where
x < 2 and else 0. ``time`` is the time of the run. Text never reaches ``eval`` or ``sympify``.
"""

from __future__ import annotations

import functools
import re
from typing import Any

import sympy

from vesicle.errors import ModelError, SchemaError


def factorial(number: Any) -> Any:
    """n!, refused where a written number would not fit a floating-point number."""
    if number.is_number and number > MAX_FACTORIAL:
        raise ValueError(f"{number}! is too large")
    return sympy.factorial(number)


def piecewise(*parts: Any) -> Any:
    """Value, condition, value, condition, ... and at the end the value otherwise (nothing where it may be undefined)."""
    pairs: list[Any] = []
    for value, condition in zip(parts[::2], [*parts[1::2], sympy.true][: (len(parts) + 1) // 2], strict=True):
        if condition == sympy.true and not pairs:
            return value
        if condition != sympy.false:
            pairs.append((value, condition))
        if condition == sympy.true:
            break
    if not pairs:
        raise ValueError("no condition can be true")
    return sympy.Piecewise(*pairs, evaluate=False)


FUNCTIONS: dict[str, Any] = {
    "exp": sympy.exp, "log": sympy.log, "sqrt": sympy.sqrt, "sinh": sympy.sinh, "max": sympy.Max, "min": sympy.Min,
    "abs": sympy.Abs, "floor": sympy.floor, "ceil": sympy.ceiling, "factorial": factorial,
    "sin": sympy.sin, "cos": sympy.cos, "tan": sympy.tan, "asin": sympy.asin, "acos": sympy.acos, "atan": sympy.atan,
    "cosh": sympy.cosh, "tanh": sympy.tanh, "asinh": sympy.asinh, "acosh": sympy.acosh, "atanh": sympy.atanh,
    "piecewise": piecewise, "lt": sympy.Lt, "le": sympy.Le, "gt": sympy.Gt, "ge": sympy.Ge, "eq": sympy.Eq, "ne": sympy.Ne,
    "and": sympy.And, "or": sympy.Or, "not": sympy.Not, "xor": sympy.Xor, "true": lambda: sympy.true, "false": lambda: sympy.false,
}  # fmt: skip
CALLED = {
    "Abs": "abs", "ceiling": "ceil", "And": "and", "Or": "or", "Not": "not", "Xor": "xor",
    "StrictLessThan": "lt", "LessThan": "le", "StrictGreaterThan": "gt", "GreaterThan": "ge", "Equality": "eq", "Unequality": "ne",
}  # fmt: skip
"""What sympy calls a function whose name here is another."""
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|([-+*/^(),]))")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
CONSTANTS = {"pi": sympy.pi}
TIME_NAME = "time"
MAX_LENGTH = 20_000
MAX_EXPONENT = 64
MAX_DEPTH = 200
MAX_FACTORIAL = 170


@functools.cache
def symbol(name: str) -> sympy.Symbol:
    """The symbol of a parameter, rule or species id.

    Raises
    ------
    ModelError
        For a name that could not be read back from text.
    """
    if not _NAME.fullmatch(name) or name in CONSTANTS:
        raise ModelError(f"'{name}' cannot name a quantity; use letters, digits and _ (and not {', '.join(CONSTANTS)}).")
    return sympy.Symbol(name, real=True)


TIME = symbol(TIME_NAME)
"""The time of the run [h]; no quantity can have this name."""


def write(expression: sympy.Expr) -> str:
    """An expression in the grammar above (numbers with all their digits)."""
    return str(_Writer().doprint(expression))


class _Writer(sympy.printing.str.StrPrinter):  # type: ignore[misc,name-defined]
    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp == sympy.Rational(1, 2):
            return f"sqrt({self._print(expr.base)})"
        return f"({self._print(expr.base)})^({self._print(expr.exp)})"

    def _print_Float(self, expr: Any) -> str:
        return repr(float(expr))

    def _print_Rational(self, expr: Any) -> str:
        return f"({expr.p}/{expr.q})"

    def _print_Max(self, expr: Any) -> str:
        return f"max({', '.join(self._print(a) for a in expr.args)})"

    def _print_Min(self, expr: Any) -> str:
        return f"min({', '.join(self._print(a) for a in expr.args)})"

    def _print_Exp1(self, expr: Any) -> str:
        return "exp(1)"

    def called(self, expr: Any) -> str:
        """``name(argument, ...)``, with the name of the grammar."""
        name = CALLED.get(type(expr).__name__, type(expr).__name__)
        return f"{name}({', '.join(self._print(a) for a in expr.args)})"

    _print_Relational = _print_And = _print_Or = _print_Not = _print_Xor = _print_Abs = _print_ceiling = called

    def _print_Piecewise(self, expr: Any) -> str:
        parts = [text for value, condition in expr.args for text in ((self._print(value),) if condition == sympy.true else (self._print(value), self._print(condition)))]
        return f"piecewise({', '.join(parts)})"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "true()"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "false()"


def read(text: str, where: str = "") -> sympy.Expr:
    """Parse an expression.

    Raises
    ------
    SchemaError
        For anything outside the grammar.
    """
    if len(text) > MAX_LENGTH:
        raise SchemaError(f"{where}an expression of {len(text):,} characters, expected at most {MAX_LENGTH:,}.")
    reader = _Reader(text, where)
    try:
        value = reader.all()
    except TypeError:
        reader.fail("a condition stands where a number should, or a number where a condition should")
    if value.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo):
        reader.fail("it is not finite")
    if value.has(sympy.I):
        reader.fail("it is not a real number")
    return value


class _Reader:
    def __init__(self, text: str, where: str):
        self.text, self.where, self.position, self.depth = text, where, 0, 0
        self.tokens: list[tuple[Any, Any, Any]] = []
        at = 0
        stripped = text.rstrip()
        while at < len(stripped):
            match = _TOKEN.match(stripped, at)
            if not match:
                self.fail(f"unexpected '{stripped[at : at + 10].strip()}'")
            assert match is not None
            number, name, sign = match.groups()
            self.tokens.append((number, name, sign))
            at = match.end()

    def fail(self, problem: str) -> None:
        raise SchemaError(f"{self.where}cannot read the expression '{self.text[:80]}': {problem}. Use names, numbers, + - * / ^ and {', '.join(FUNCTIONS)}.")

    def peek(self) -> str:
        return self.tokens[self.position][2] or "" if self.position < len(self.tokens) else ""

    def all(self) -> sympy.Expr:
        value = self.sum()
        if self.position != len(self.tokens):
            self.fail("something is left over")
        return value

    def sum(self) -> sympy.Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("nested too deeply")
        value = self.product()
        while self.peek() in ("+", "-"):
            sign = self.next()[2]
            other = self.product()
            value = value + other if sign == "+" else value - other
        self.depth -= 1
        return value

    def product(self) -> sympy.Expr:
        value = self.factor()
        while self.peek() in ("*", "/"):
            sign = self.next()[2]
            other = self.factor()
            value = value * other if sign == "*" else value / other
        return value

    def factor(self) -> sympy.Expr:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("nested too deeply")
        if self.peek() in ("-", "+"):
            value = -self.factor() if self.next()[2] == "-" else self.factor()
        else:
            value = self.base()
            if self.peek() == "^":
                self.next()
                value = self.power(value, self.factor())
        self.depth -= 1
        return value

    def power(self, value: sympy.Expr, exponent: sympy.Expr) -> sympy.Expr:
        if exponent.is_number and abs(exponent) > MAX_EXPONENT:
            self.fail(f"an exponent above {MAX_EXPONENT}")
        return value**exponent

    def base(self) -> sympy.Expr:
        number, name, sign = self.next()
        if number is not None:
            return sympy.Integer(int(number)) if number.isdigit() and len(number) < MAX_EXPONENT else sympy.Float(float(number))
        if name is not None:
            return self.call(name) if self.peek() == "(" else CONSTANTS.get(name) or symbol(name)
        if sign == "(":
            value = self.sum()
            self.expect(")")
            return value
        self.fail(f"unexpected '{sign}'")
        raise AssertionError

    def call(self, name: str) -> sympy.Expr:
        if name not in FUNCTIONS:
            self.fail(f"unknown function '{name}'")
        self.expect("(")
        arguments = [] if self.peek() == ")" else [self.sum()]
        while self.peek() == ",":
            self.next()
            arguments.append(self.sum())
        self.expect(")")
        try:
            return FUNCTIONS[name](*arguments)
        except (TypeError, ValueError):
            self.fail(f"'{name}' does not take these {len(arguments)} arguments")
            raise AssertionError from None

    def next(self) -> tuple[Any, Any, Any]:
        if self.position >= len(self.tokens):
            self.fail("it ends too early")
        self.position += 1
        return self.tokens[self.position - 1]

    def expect(self, sign: str) -> None:
        if self.peek() != sign:
            self.fail(f"expected '{sign}'")
        self.next()
