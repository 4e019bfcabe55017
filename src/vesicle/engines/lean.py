"""A network made cheap to integrate: what does not change during a run is computed once.

Every sub-expression that depends on parameters alone becomes one constant; rules that are
plain products are put in place, so that volumes that cancel do cancel; other rules over parameters
alone are *held*: they keep their name and are computed once per draw. The constants of all draws
are computed together. The result has the same species, the same flows and the same
trajectories as the full network; only the bookkeeping differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import sympy
from sympy.core.relational import Relational
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import BooleanAtom, BooleanFunction

from vesicle.engines.tape import plays, record
from vesicle.network.expressions import TIME, symbol
from vesicle.network.flat import Flat, Flow
from vesicle.network.types import Network, Parameter, Rule, Trigger

MAX_INLINED = 2_000
"""Operations in a rule that is put in place; a larger one stays a rule, so that chains of rules cannot swell."""


@dataclass
class Lean:
    """A reduced network with the recipe for its constants.

    Attributes
    ----------
    network, flat : the reduced description (rules that depend on amounts, flows).
    constants : constant id -> expression over the parameters of the full network.
    initial : species id -> initial amount over the parameters.
    doses : (time, species id, amount over the parameters), in order of time.
    held : rules over parameters (and earlier ones of these) that ``constants`` refer to by name.
    """

    network: Network
    flat: Flat
    constants: dict[str, sympy.Expr] = field(default_factory=dict)
    initial: dict[str, sympy.Expr] = field(default_factory=dict)
    doses: list[tuple[float, str, sympy.Expr]] = field(default_factory=list)
    held: dict[str, sympy.Expr] = field(default_factory=dict)


class _Folder:
    """Replaces parameter-only sub-expressions by constants, the same one for the same expression."""

    def __init__(self, varying: set[sympy.Symbol], taken: set[sympy.Symbol]):
        self.varying, self.taken, self.counted = varying, taken, 0
        self.constants: dict[sympy.Expr, sympy.Symbol] = {}

    def varies(self, expression: sympy.Expr) -> bool:
        return bool(expression.free_symbols & self.varying)

    def constant(self, expression: sympy.Expr) -> sympy.Expr:
        if expression.is_number:
            return expression
        if expression not in self.constants:
            self.constants[expression] = self._free()
        return self.constants[expression]

    def _free(self) -> sympy.Symbol:
        """The next name that nothing in the network has."""
        while symbol(f"c{self.counted}") in self.taken:
            self.counted += 1
        self.counted += 1
        return symbol(f"c{self.counted - 1}")

    def fold(self, expression: sympy.Expr) -> sympy.Expr:
        if isinstance(expression, (Relational, BooleanFunction, BooleanAtom, ExprCondPair)):
            return expression if expression.is_Atom else expression.func(*[self.fold(a) for a in expression.args])
        if not self.varies(expression):
            return self.constant(expression)
        if expression.is_Symbol:
            return expression
        if expression.is_Piecewise:
            return sympy.Piecewise(*[self.fold(a) for a in expression.args], evaluate=False)
        if expression.is_Mul or expression.is_Add:
            still = [a for a in expression.args if not self.varies(a)]
            moving = [self.fold(a) for a in expression.args if self.varies(a)]
            base = [self.constant(expression.func(*still))] if still else []
            return expression.func(*base, *moving)
        return expression.func(*[self.fold(a) for a in expression.args])


def reduce_network(network: Network, flat: Flat) -> Lean:
    """The lean form of a network; see the module."""
    species = {symbol(name) for name in flat.species}
    inline, rules, held = _sorted(network.rules, species | {TIME})
    kept_ids = {symbol(r) for r in rules}
    folder = _Folder(species | kept_ids | {TIME}, species | kept_ids | {symbol(f.id) for f in flat.flows})
    kept = tuple(Rule(name, unit, folder.fold(expression)) for name, (unit, expression) in rules.items())
    flows = [_reduced(f, lambda e: folder.fold(_put(e, inline))) for f in flat.flows]
    observables = tuple(replace(o, value=folder.fold(_put(o.value, inline))) for o in network.observables)
    triggers = tuple(_put_trigger(t, lambda e: folder.fold(_put(e, inline))) for t in network.triggers)
    reduced = replace(network, parameters=(), rules=kept, triggers=triggers, observables=observables)
    lean = Lean(reduced, Flat({n: (u, sympy.Integer(0), p) for n, (u, _, p) in flat.species.items()}, flows, flat.counters, flat.sinks))
    lean.constants = {str(name): expression for expression, name in folder.constants.items()}
    lean.held = held
    lean.initial = {name: initial for name, (_, initial, _) in flat.species.items() if initial != 0}
    lean.doses = list(_dose_list(network, flat))
    started = _starting_amounts(network, lean.initial)
    lean.initial = {name: _put(expression, _starting_rules(network, expression)) for name, expression in lean.initial.items()}
    lean.doses = [(t, s, a.xreplace(started)) for t, s, a in lean.doses]
    lean.initial = {name: expression.xreplace(started) for name, expression in lean.initial.items()}
    return lean


def _put_trigger(trigger: Trigger, change: Callable[[sympy.Expr], sympy.Expr]) -> Trigger:
    """A trigger with every expression changed."""
    delay, priority = (None if old is None else change(old) for old in (trigger.delay, trigger.priority))
    return replace(trigger, when=change(trigger.when), set={name: change(value) for name, value in trigger.set.items()}, delay=delay, priority=priority)


def _reduced(flow: Flow, change: Callable[[sympy.Expr], sympy.Expr]) -> Flow:
    """A flow with every expression changed."""
    draw = flow.draw and replace(flow.draw, mean=change(flow.draw.mean), size=None if flow.draw.size is None else change(flow.draw.size))
    return replace(flow, changes={name: c if c.is_number else change(c) for name, c in flow.changes.items()}, rate=change(flow.rate), draw=draw)


def _starting_amounts(network: Network, initial: Mapping[str, sympy.Expr]) -> dict[sympy.Symbol, sympy.Expr]:
    """Initial amounts that others refer to (the number of cells)."""
    return {symbol(name): expression for name, expression in initial.items()}


def _starting_rules(network: Network, expression: sympy.Expr) -> dict[sympy.Symbol, sympy.Expr]:
    """Rules that an initial amount refers to (a number of cells that is a sum of states)."""
    return {symbol(rule.id): rule.expression for rule in network.rules if symbol(rule.id) in expression.free_symbols}


def _put(expression: sympy.Expr, inline: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    present = expression.free_symbols & inline.keys()
    return expression.xreplace({s: inline[s] for s in present}) if present else expression


def _sorted(rules: Sequence[Rule], varying: set[sympy.Symbol]) -> tuple[dict[sympy.Symbol, sympy.Expr], dict[str, tuple[str, sympy.Expr]], dict[str, sympy.Expr]]:
    """Rules that are put in place, rules that stay, and rules that are held, each with those put in place in it, in order of dependence."""
    pending = {rule.id: rule for rule in rules}
    inline: dict[sympy.Symbol, sympy.Expr] = {}
    kept: dict[str, tuple[str, sympy.Expr]] = {}
    held: dict[str, sympy.Expr] = {}
    moving = set(varying)
    while pending:
        ready = [r for r in pending.values() if not ({str(s) for s in r.expression.free_symbols} & pending.keys())]
        for rule in ready:
            expression = _put(rule.expression, inline)
            if _is_plain(expression, moving):
                inline[symbol(rule.id)] = expression
            elif expression.free_symbols & moving:
                kept[rule.id] = (rule.unit, expression)
                moving.add(symbol(rule.id))
            else:
                held[rule.id] = expression
            del pending[rule.id]
        if not ready:
            break
    return inline, kept, held


def _is_plain(expression: sympy.Expr, moving: set[sympy.Symbol]) -> bool:
    """A product of symbols and of what moves not: worth putting in place."""
    if expression.count_ops() > MAX_INLINED:
        return False
    factors = sympy.Mul.make_args(expression)
    if not expression.free_symbols & moving:
        return all(f.is_Symbol or f.is_number or (f.is_Pow and f.base.is_Symbol and f.exp.is_number) for f in factors)
    return bool(expression.is_Mul or expression.is_Symbol) and all(a.is_Symbol or a.is_Pow or not (a.free_symbols & moving) for a in factors)


def _dose_list(network: Network, flat: Flat) -> list[tuple[float, str, sympy.Expr]]:
    out = []
    for dose in sorted(network.arm.doses, key=lambda d: d.time):
        particle = dose.species.split("__")[0]
        out.append((dose.time, dose.species, dose.amount))
        out += [(dose.time, flat.counters[(step, particle)], dose.amount) for step in dose.counts]
    return out


def _factorial(number: np.ndarray) -> np.ndarray:
    from scipy.special import factorial

    return np.asarray(factorial(number))


def evaluate(expressions: Mapping[str, sympy.Expr], parameters: Sequence[Parameter], values: np.ndarray) -> dict[str, np.ndarray]:
    """Evaluate parameter-only expressions for all draws.

    Parameters
    ----------
    expressions : name -> expression over parameter symbols.
    parameters : the parameters, in the order of the columns of ``values``.
    values : (n_draws, n_parameters) array.

    Returns
    -------
    name -> (n_draws,) array.
    """
    if not expressions:
        return {}
    if plays(expressions.values()):
        results = record(expressions.values(), [p.id for p in parameters]).play(values)
        return dict(zip(expressions, results, strict=True))
    function = sympy.lambdify([symbol(p.id) for p in parameters], list(expressions.values()), modules=[{"factorial": _factorial}, "numpy"], cse=True)
    found = function(*(values[:, i] for i in range(values.shape[1])))
    return {name: np.broadcast_to(np.asarray(r, dtype=float), (values.shape[0],)) for name, r in zip(expressions, found, strict=True)}
