"""Expressions over parameters as a list of steps that numpy plays for all draws at once.

Slot k of a tape holds the result of step k; the first slots hold the parameters. Equal
sub-expressions share a slot. A step names a numpy ufunc and the slots it takes, with more than
two from left to right; ``number`` puts a number. A tape is plain text and numbers: it can be
kept in a file and played without symbolic algebra.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vesicle.errors import ModelError, SchemaError

if TYPE_CHECKING:
    import sympy

NUMBER = "number"
UFUNCS = {"Add": "add", "Mul": "multiply", "Pow": "power", "Max": "maximum", "Min": "minimum", "Abs": "absolute"}
"""Names of sympy's operations where numpy's differ."""
PLAYED = frozenset({"add", "multiply", "power", "reciprocal", "sqrt", "square", "maximum", "minimum", "absolute", "exp", "log", "sinh", "cosh", "tanh"})
_NUMPY = {name: getattr(np, name) for name in PLAYED}
_POWERS = {-1.0: "reciprocal", 0.5: "sqrt", 2.0: "square"}

Step = tuple[Any, ...]


@dataclass(frozen=True)
class Tape:
    """See the module.

    Attributes
    ----------
    parameters : ids of what the first slots hold.
    steps : (ufunc, slot, ...) or (``number``, value).
    outputs : the slot of every result.
    """

    parameters: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        for position, (name, *arguments) in enumerate(self.steps, len(self.parameters)):
            slots = all(type(a) is int and 0 <= a < position for a in arguments) and bool(arguments)
            if not (name in PLAYED and slots or name == NUMBER and len(arguments) == 1 and type(arguments[0]) is float):
                raise SchemaError(f"step {position} of a tape is {name!r} of {arguments}; expected a known operation on earlier slots.")
        if any(type(o) is not int or not 0 <= o < len(self.parameters) + len(self.steps) for o in self.outputs):
            raise SchemaError("a tape gives a slot that it does not have.")

    def play(self, values: np.ndarray) -> list[np.ndarray]:
        """The results, (n_draws,) each, for (n_draws, n_parameters) values."""
        slots: list[Any] = [values[:, i] for i in range(len(self.parameters))]
        for ufunc, first, second, more in self._bound:
            if ufunc is None:
                slots.append(first)
            elif second is None:
                slots.append(ufunc(slots[first]))
            else:
                value = ufunc(slots[first], slots[second])
                for argument in more:
                    value = ufunc(value, slots[argument])
                slots.append(value)
        return [np.broadcast_to(np.asarray(slots[o], dtype=float), (values.shape[0],)) for o in self.outputs]

    @functools.cached_property
    def _bound(self) -> list[tuple[Any, Any, int | None, tuple[int, ...]]]:
        """The steps as (numpy's function or None for a number, first, second or None, further slots)."""
        return [
            (None, arguments[0], None, ()) if name == NUMBER else (_NUMPY[name], arguments[0], arguments[1] if len(arguments) > 1 else None, tuple(arguments[2:]))
            for name, *arguments in self.steps
        ]


def record(expressions: Iterable[sympy.Expr], parameters: Sequence[str], held: Mapping[str, sympy.Expr] | None = None) -> Tape:
    """The tape of parameter-only expressions, which may refer by name to ``held`` ones (and these to earlier ones).

    Raises
    ------
    ModelError
        For a symbol that is no parameter or a function that is not played.
    """
    recorder = _Recorder(parameters)
    for name, expression in (held or {}).items():
        recorder.named[name] = recorder.slot(expression)
    outputs = tuple(recorder.slot(expression) for expression in expressions)
    return Tape(tuple(parameters), tuple(recorder.steps), outputs)


def plays(expressions: Iterable[sympy.Expr]) -> bool:
    """Whether a tape can hold these: networks from elsewhere may use functions that ours never do."""
    return all(UFUNCS.get(kind, kind) in PLAYED for e in expressions for part in _inner(e) if (kind := part.func.__name__))


def _inner(expression: sympy.Expr) -> Iterable[sympy.Expr]:
    """Every operation of an expression, outermost first."""
    pending, seen = [expression], set()
    while pending:
        part = pending.pop()
        if part in seen or part.is_Symbol or part.is_number:
            continue
        seen.add(part)
        yield part
        pending.extend(part.args)


class _Recorder:
    def __init__(self, parameters: Sequence[str]):
        self.first = len(parameters)
        self.parameters: Mapping[str, int] = {name: i for i, name in enumerate(parameters)}
        self.named: dict[str, int] = {}
        self.steps: list[Step] = []
        self.known: dict[Any, int] = {}

    def slot(self, expression: sympy.Expr) -> int:
        """Where the value of an expression is."""
        if expression not in self.known:
            self.known[expression] = self._new(expression)
        return self.known[expression]

    def _new(self, expression: sympy.Expr) -> int:
        if expression.is_Symbol:
            if str(expression) in self.named:
                return self.named[str(expression)]
            if str(expression) not in self.parameters:
                raise ModelError(f"an expression needs '{expression}', which is no parameter.")
            return self.parameters[str(expression)]
        if expression.is_number:
            return self._put(NUMBER, float(expression))
        if expression.is_Pow and expression.exp.is_number and float(expression.exp) in _POWERS:
            return self._put(_POWERS[float(expression.exp)], self.slot(expression.base))
        kind = expression.func.__name__
        name = UFUNCS.get(kind, kind)
        if name not in PLAYED:
            raise ModelError(f"the function '{kind}' of parameters cannot be computed; expected one of {', '.join(sorted(PLAYED))}.")
        return self._put(name, *(self.slot(argument) for argument in expression.args))

    def _put(self, *step: Any) -> int:
        self.steps.append(step)
        return self.first + len(self.steps) - 1
