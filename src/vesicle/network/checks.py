"""Does a network hold together: names, units, balance.

Units are checked with their scale: a rate in mL/h added to one in L/h is an error, not a
conversion. Functions (exp, sinh, ...) take pure numbers, or counts per count, because a
Poisson law has a mean number of vesicles per cell as its argument.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy

from vesicle import units
from vesicle.errors import ModelError, UnitError
from vesicle.network.expressions import TIME, TIME_NAME, symbol, write
from vesicle.network.flat import Flat, flatten
from vesicle.network.types import OTHER, STEPS, Dose, Network

SCALE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Measure:
    """A unit as factor and dimension; None as a factor means a bare zero, which fits anything."""

    factor: float
    powers: tuple[tuple[str, Fraction], ...]


PURE = Measure(1.0, ())


def unit_table(network: Network, flat: Flat) -> dict[sympy.Symbol, Measure]:
    """The unit of every symbol in a network."""
    table: dict[sympy.Symbol, Measure] = {}
    for parameter in network.parameters:
        table[symbol(parameter.id)] = _measure(parameter.unit)
    for rule in network.rules:
        table[symbol(rule.id)] = _measure(rule.unit)
    for name, (unit, _, _) in flat.species.items():
        table[symbol(name)] = _measure(unit)
    return table


def _measure(text: str) -> Measure:
    unit = units.parse(text)
    return Measure(unit.factor, unit.dimension)


def measure(expression: sympy.Expr, table: Mapping[sympy.Symbol, Measure], where: str) -> Measure:
    """The unit of an expression.

    Raises
    ------
    UnitError
        Where terms of a sum differ, or a function gets a dimensional argument.
    """
    if expression == TIME:
        return _measure("h")
    if expression.is_Symbol:
        if expression not in table:
            raise ModelError(f"{where}: '{expression}' is used but nobody declares it; add the species, rule or parameter.")
        return table[expression]
    if expression.is_number:
        return PURE
    parts = [(argument, measure(argument, table, where)) for argument in expression.args]
    if expression.is_Mul:
        return _product([m for _, m in parts])
    if expression.is_Pow:
        return _power(parts[0][1], expression.exp, parts[1][1], where, expression)
    if expression.is_Add or isinstance(expression, (sympy.Max, sympy.Min)):
        return _alike(parts, where, expression)
    if expression.is_Function:
        _must_be_count(parts[0][1], where, expression)
        return PURE
    raise ModelError(f"{where}: cannot check the unit of '{write(expression)[:80]}'.")


def _product(parts: list[Measure]) -> Measure:
    factor = 1.0
    powers: dict[str, Fraction] = {}
    for part in parts:
        factor *= part.factor
        for name, power in part.powers:
            powers[name] = powers.get(name, Fraction(0)) + power
    return Measure(factor, units.dimension(powers))


def _power(base: Measure, exponent: sympy.Expr, unit_of_exponent: Measure, where: str, whole: sympy.Expr) -> Measure:
    if unit_of_exponent.powers or not _unscaled(unit_of_exponent):
        raise UnitError(f"{where}: the exponent in '{write(whole)[:80]}' has a unit; expected a pure number.")
    if not exponent.is_number:
        if base.powers:
            raise UnitError(f"{where}: '{write(whole)[:80]}' raises {units.describe(base.powers)} to a variable power; divide it by its scale first.")
        return PURE
    power = Fraction(float(exponent)).limit_denominator(12)
    return Measure(base.factor ** float(power), units.dimension({name: p * power for name, p in base.powers}))


def _alike(parts: list[tuple[sympy.Expr, Measure]], where: str, whole: sympy.Expr) -> Measure:
    kept = [(e, m) for e, m in parts if not (e.is_number and e == 0)]
    first_term, first = kept[0]
    for term, other in kept[1:]:
        same_scale = math.isclose(other.factor, first.factor, rel_tol=SCALE_TOLERANCE)
        if other.powers != first.powers or not same_scale:
            raise UnitError(
                f"{where}: '{write(first_term)[:60]}' ({units.describe(first.powers)}, scale {first.factor:g}) and '{write(term)[:60]}' "
                f"({units.describe(other.powers)}, scale {other.factor:g}) are added or compared; bring them to one unit."
            )
    return first


def _must_be_count(part: Measure, where: str, whole: sympy.Expr) -> None:
    if any(name not in units.COUNTED for name, _ in part.powers):
        raise UnitError(f"{where}: '{write(whole)[:80]}' takes a function of {units.describe(part.powers)}; expected a pure number.")
    if not _unscaled(part):
        raise UnitError(f"{where}: '{write(whole)[:80]}' takes a function of a number in units of {part.factor:g}; bring its factors to one unit.")


def _unscaled(part: Measure) -> bool:
    """Whether a pure number is in units of one (k [1/d] times t [h] is not)."""
    return math.isclose(part.factor, 1.0, rel_tol=SCALE_TOLERANCE)


def check(network: Network) -> Flat:
    """Check a network and return its flat form.

    Raises
    ------
    ModelError, UnitError
        For an undeclared name, a step that is not one of the chain, a rate in the wrong
        unit, a rule in the wrong unit, or a parameter that is not finite.
    """
    flat = flatten(network)
    table = unit_table(network, flat)
    for parameter in network.parameters:
        if not math.isfinite(parameter.value):
            raise ModelError(f"parameter '{parameter.id}' is {parameter.value}; expected a finite number.")
    _check_ids(network, flat)
    _check_triggers(network, flat)
    steps = [(t.id, t.step) for t in network.transfers] + [(u.id, step) for u in network.unpacks for step in (u.step, *u.also)] + [(r.id, r.step) for r in network.reactions]
    for name, step in steps:
        if step is not None:
            _check_step(name, step)
    for flow in flat.flows:
        for name in flow.changes:
            if name not in flat.species:
                raise ModelError(f"'{flow.id}' changes '{name}', which is no species of the network.")
    if not network.has_units:
        _check_names(network, flat, set(table))
        return flat
    for dose in network.arm.doses:
        _check_dose(dose, flat, table)
    for rule in network.rules:
        _expect(rule.expression, rule.unit, table, f"rule '{rule.id}'")
    for flow in flat.flows:
        mixed = {flat.species[name][0] for name in flow.changes}
        if len(mixed) > 1:
            raise ModelError(f"'{flow.id}' changes amounts in different units ({', '.join(sorted(mixed))}); write one reaction per unit.")
        _expect(flow.rate, f"{flow.unit}/h", table, f"rate of '{flow.id}'")
    for name, (unit, initial, _) in flat.species.items():
        if initial != 0:
            _expect(initial, unit, table, f"initial amount of '{name}'")
    for observable in network.observables:
        _expect(observable.value, observable.unit, table, f"observable '{observable.id}'")
    return flat


def _check_names(network: Network, flat: Flat, known: set[sympy.Symbol]) -> None:
    """Everything that is used is declared; all that can be asked where units are not known."""
    triggers = [(f"trigger '{t.id}'", e) for t in network.triggers for e in (t.when, t.delay, t.priority, *t.set.values()) if e is not None]
    rules = [(f"rule '{r.id}'", r.expression) for r in network.rules] + [(f"observable '{o.id}'", o.value) for o in network.observables]
    flows = [(f"rate of '{f.id}'", e) for f in flat.flows for e in (f.rate, *f.changes.values())]
    for where, expression in (*triggers, *rules, *flows):
        if lost := sorted(str(s) for s in expression.free_symbols - known - {TIME}):
            raise ModelError(f"{where}: '{lost[0]}' is used but nobody declares it; add the species, rule or parameter.")


def _check_triggers(network: Network, flat: Flat) -> None:
    for trigger in network.triggers:
        for name in trigger.set:
            if name not in flat.species:
                raise ModelError(f"trigger '{trigger.id}' sets '{name}', which is no species of the network.")


def _check_ids(network: Network, flat: Flat) -> None:
    """One id, one thing."""
    seen: set[str] = {TIME_NAME}
    for name in (*(p.id for p in network.parameters), *(r.id for r in network.rules), *flat.species):
        if name in seen:
            raise ModelError(f"the id '{name}' names two things (parameter, rule or species); rename one.")
        seen.add(name)
    for name in network.arm.set:
        if name not in {p.id for p in network.parameters}:
            raise ModelError(f"arm '{network.arm.name}' sets '{name}', which is no parameter of the network.")


def _check_step(name: str, step: str) -> None:
    if step.partition(OTHER)[0] not in STEPS:
        raise ModelError(f"'{name}' counts the step '{step}'; the chain of custody has {', '.join(STEPS)}.")


def _check_dose(dose: Dose, flat: Flat, table: Mapping[sympy.Symbol, Measure]) -> None:
    """A dose goes to a species of the network, at a time, in its unit."""
    if not math.isfinite(dose.time) or dose.time < 0:
        raise ModelError(f"a dose of '{dose.species}' is given at {dose.time} h; expected a time from zero on.")
    if dose.species not in flat.species:
        raise ModelError(f"a dose goes to '{dose.species}', which is no species of the network.")
    for step in dose.counts:
        _check_step(f"dose of {dose.species}", step)
    _expect(dose.amount, flat.species[dose.species][0], table, f"dose of '{dose.species}'")


def _expect(expression: sympy.Expr, unit: str, table: Mapping[sympy.Symbol, Measure], where: str) -> None:
    if expression == 0:
        return
    got, wanted = measure(expression, table, where), _measure(unit)
    if got.powers != wanted.powers:
        raise UnitError(f"{where} is {units.describe(got.powers)}, expected {units.describe(wanted.powers)} ('{unit}').")
    if not math.isclose(got.factor, wanted.factor, rel_tol=SCALE_TOLERANCE):
        raise UnitError(f"{where} comes out in units {got.factor / wanted.factor:g} times '{unit}'; multiply by the conversion.")
