"""A network as SBML Level 3 Version 2.

Amounts are items, time is hours. EV, cell, copy and nt, which are dimensions of their own
inside, are all ``item`` here. Every parameter, literal and rule carries a unit, except in a
network whose units are not known, where none is written. Doses become events only here; engines
stop and add. A quantity that is integrated but is no amount (blood exposure, EV*h) or that
changes by a varying number becomes a parameter with a rate rule. A trigger is an event.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import sympy

from vesicle import units
from vesicle.errors import ModelError
from vesicle.network.expressions import _Writer
from vesicle.network.flat import Flat
from vesicle.network.types import Network, Trigger

if TYPE_CHECKING:
    import libsbml

COUNTS = ("EV", "copy", "cell", "nt", "MVB", "ILV", "item")
_COUNT_DIMENSIONS = ("EV", "cell", "copy", "nt", "MVB", "ILV")
_CHECKS_AT_MOST = 20


class _SbmlWriter(_Writer):
    """Expressions in libSBML's formula language: ``ln`` for the natural logarithm."""

    def _print_log(self, expr: Any) -> str:
        return f"ln({self._print(expr.args[0])})"

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        if expr.exp == -1:
            return f"(1 dimensionless/({self._print(expr.base)}))"
        return str(super()._print_Pow(expr, rational))

    def _print_Max(self, expr: Any) -> str:
        """max(0, x) as (x + |x|)/2, the same number: a literal zero has no unit that fits every x."""
        others = [a for a in expr.args if a != 0]
        if len(others) == len(expr.args):
            return str(super()._print_Max(expr))
        x = self._print(others[0] if len(others) == 1 else sympy.Max(*others))
        return f"((({x}) + abs({x}))/2 dimensionless)"

    _CALLED = {
        "ceil": "ceil", "asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh", "atanh": "arctanh",
        "lt": "lt", "le": "leq", "gt": "gt", "ge": "geq", "eq": "eq", "ne": "neq",
    }  # fmt: skip

    def called(self, expr: Any) -> str:
        name, _, rest = str(super().called(expr)).partition("(")
        return f"{self._CALLED.get(name, name)}({rest}"

    _print_Function = _print_Relational = _print_And = _print_Or = _print_Not = _print_Xor = _print_Abs = _print_ceiling = called

    def _print_exp(self, expr: Any) -> str:
        return f"exp({self._print(expr.args[0])})"

    def _print_BooleanTrue(self, expr: Any) -> str:
        return "true"

    def _print_BooleanFalse(self, expr: Any) -> str:
        return "false"

    def _print_Pi(self, expr: Any) -> str:
        return "pi"

    def _print_Float(self, expr: Any) -> str:
        return f"{float(expr)!r} dimensionless"

    def _print_Integer(self, expr: Any) -> str:
        return f"{int(expr)} dimensionless" if int(expr) >= 0 else f"(-{-int(expr)} dimensionless)"

    def _print_Rational(self, expr: Any) -> str:
        return f"({expr.p} dimensionless/{expr.q} dimensionless)"


def formula(expression: sympy.Expr) -> str:
    """An expression in libSBML's formula language, literals with units."""
    return str(_SbmlWriter().doprint(expression))


def observable_id(name: str) -> str:
    """The SBML id of an observable, e.g. ``mRNA:KRAS`` -> ``obs_mRNA__KRAS``."""
    return "obs_" + name.replace(":", "__").replace("-", "_").replace(" ", "_")


def write(network: Network, flat: Flat, *, events: bool = True, observables: bool = True, values: Mapping[str, float] | None = None) -> str:
    """SBML text of a network.

    Parameters
    ----------
    events : whether doses are written as events.
    observables : whether observables are written as assignment rules.
    values : parameter values to write instead of the nominal ones.

    Raises
    ------
    ModelError
        If libSBML refuses an expression.
    """
    import libsbml

    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    model.setId("".join(c if c.isalnum() else "_" for c in network.id))
    moving = {name for flow in flat.flows for name, change in flow.changes.items() if not change.is_number}
    builder = _Builder(libsbml, model, network.has_units, moving)
    if network.has_units:
        for setter in (model.setSubstanceUnits, model.setExtentUnits):
            setter("item")
        model.setTimeUnits(builder.unit("h"))
        model.setVolumeUnits(builder.unit("mL"))
    compartment = model.createCompartment()
    compartment.setId(_world(network, flat))
    compartment.setConstant(True)
    compartment.setSpatialDimensions(3)
    compartment.setSize(1.0)
    if network.has_units:
        compartment.setUnits(builder.unit("mL"))
    for parameter in network.parameters:
        builder.parameter(parameter.id, parameter.unit, (values or {}).get(parameter.id, parameter.value), constant=True)
    for name, (unit, initial, _) in flat.species.items():
        builder.species(name, unit, initial)
    for rule in network.rules:
        builder.parameter(rule.id, rule.unit, None, constant=False)
        builder.rule(rule.id, rule.expression, rule.unit)
    _reactions(builder, flat)
    if observables:
        for item in network.observables:
            builder.parameter(observable_id(item.id), item.unit, None, constant=False)
            builder.rule(observable_id(item.id), item.value, item.unit)
    for trigger in network.triggers:
        builder.trigger(trigger)
    if events:
        _events(builder, network, flat)
    return str(libsbml.writeSBMLToString(document))


def _world(network: Network, flat: Flat) -> str:
    """The id of the one compartment: ``world``, unless something has this name."""
    taken = {*flat.species, *(p.id for p in network.parameters), *(r.id for r in network.rules), *(f.id for f in flat.flows)}
    name = "world"
    while name in taken:
        name += "_"
    return name


def _reactions(builder: _Builder, flat: Flat) -> None:
    rates: dict[str, sympy.Expr] = {}
    for flow in flat.flows:
        counted = {name: change for name, change in flow.changes.items() if builder.is_amount(name, flat.species[name][0])}
        for name, change in flow.changes.items():
            if name not in counted:
                rates[name] = rates.get(name, sympy.Integer(0)) + change * flow.rate
        if counted:
            builder.reaction(flow.id, counted, flow.rate)
    for name, rate in rates.items():
        builder.rate_rule(name, rate)


def _events(builder: _Builder, network: Network, flat: Flat) -> None:
    times = sorted({dose.time for dose in network.arm.doses})
    for index, time in enumerate(times):
        added: dict[str, sympy.Expr] = {}
        for dose in network.arm.doses:
            if dose.time == time:
                particle = dose.species.split("__")[0]
                for name in (dose.species, *(flat.counters[(step, particle)] for step in dose.counts)):
                    added[name] = added.get(name, sympy.Integer(0)) + dose.amount
        builder.event(f"dose_{index}", time, added)


class _Builder:
    """Writes single elements, checking libSBML's answer to each."""

    def __init__(self, library: Any, model: libsbml.Model, has_units: bool, moving: set[str]):
        self.library, self.model, self.has_units, self.moving = library, model, has_units, moving
        self.units: dict[str, str] = {}

    def is_amount(self, name: str, unit: str) -> bool:
        """Whether a species of the network is one in SBML: counted, and changed by fixed numbers only."""
        return unit in COUNTS and name not in self.moving

    def unit(self, text: str) -> str:
        """The id of a unit definition, made once per unit."""
        if text not in self.units:
            if text == "1" or text == "fold":
                self.units[text] = "dimensionless"
            elif text in COUNTS:
                self.units[text] = "item"
            else:
                self.units[text] = self._define(text)
        return self.units[text]

    def _define(self, text: str) -> str:
        unit = units.parse(text)
        powers = {name: Fraction(0) for name in ("item", "second", "metre", "gram", "kelvin", "gray")}
        names = {"time": "second", "length": "metre", "mass": "gram", "temperature": "kelvin", "absorbed_dose": "gray"}
        for name, power in unit.dimension:
            powers["item" if name in _COUNT_DIMENSIONS else names[name]] += power
        definition = self.model.createUnitDefinition()
        identity = "u_" + "".join(c if c.isalnum() else "_" for c in text.replace("/", "_per_"))
        definition.setId(identity)
        scales = {"item": (0, 1.0), "second": (0, 3600.0), "metre": (-6, 1.0), "gram": (-3, 1.0), "kelvin": (0, 1.0), "gray": (0, 1.0)}
        for name, power in powers.items():
            if power:
                scale, multiplier = scales[name]
                self._part(definition, name, float(power), scale, multiplier)
        if abs(unit.factor - 1) > 1e-12 or not any(powers.values()):
            self._part(definition, "dimensionless", 1.0, 0, unit.factor)
        return identity

    def _part(self, definition: Any, kind: str, exponent: float, scale: int, multiplier: float) -> None:
        part = definition.createUnit()
        part.setKind(getattr(self.library, f"UNIT_KIND_{kind.upper()}"))
        part.setExponent(exponent)
        part.setScale(scale)
        part.setMultiplier(multiplier)

    def parameter(self, name: str, unit: str, value: float | None, *, constant: bool) -> None:
        parameter = self.model.createParameter()
        parameter.setId(name)
        parameter.setConstant(constant)
        if self.has_units:
            parameter.setUnits(self.unit(unit))
        if value is not None:
            parameter.setValue(value)

    def species(self, name: str, unit: str, initial: sympy.Expr) -> None:
        if not self.is_amount(name, unit):
            self.parameter(name, unit, 0.0, constant=False)
            if initial != 0:
                self.begin(name, initial)
            return
        species = self.model.createSpecies()
        species.setId(name)
        species.setCompartment("world")
        if self.has_units:
            species.setSubstanceUnits("item")
        species.setHasOnlySubstanceUnits(True)
        species.setBoundaryCondition(False)
        species.setConstant(False)
        if initial == 0:
            species.setInitialAmount(0.0)
        else:
            self.begin(name, initial)

    def begin(self, name: str, initial: sympy.Expr) -> None:
        assignment = self.model.createInitialAssignment()
        assignment.setSymbol(name)
        assignment.setMath(self.math(initial))

    def rule(self, name: str, expression: sympy.Expr, unit: str = "1") -> None:
        """What a quantity follows from; one that is nothing is a zero of its own unit."""
        rule = self.model.createAssignmentRule()
        rule.setVariable(name)
        rule.setMath(self._parsed(f"0 {self.unit(unit)}") if expression == 0 else self.math(expression))

    def rate_rule(self, name: str, expression: sympy.Expr) -> None:
        rule = self.model.createRateRule()
        rule.setVariable(name)
        rule.setMath(self.math(expression))

    def reaction(self, name: str, changes: Mapping[str, sympy.Expr], rate: sympy.Expr) -> None:
        """A flow by fixed numbers; a rate that is nothing is a zero of items per hour."""
        reaction = self.model.createReaction()
        reaction.setId(name)
        reaction.setReversible(False)
        for species, change in changes.items():
            reference = reaction.createReactant() if change < 0 else reaction.createProduct()
            reference.setSpecies(species)
            reference.setStoichiometry(abs(float(change)))
            reference.setConstant(True)
        for used in sorted(str(s) for s in rate.free_symbols):
            if used not in changes and self.model.getSpecies(used) is not None:
                reaction.createModifier().setSpecies(used)
        nothing = rate == 0 and self.has_units
        reaction.createKineticLaw().setMath(self._parsed(f"0 {self.unit('EV/h')}") if nothing else self.math(rate))

    def event(self, name: str, time: float, added: Mapping[str, sympy.Expr]) -> None:
        event = self.model.createEvent()
        event.setId(name)
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
        trigger.setMath(self._parsed(f"time >= {time!r} {self.unit('h')}"))
        for species, amount in added.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(species)
            assignment.setMath(self._parsed(f"{species} + {formula(amount)}"))

    def trigger(self, item: Trigger) -> None:
        event = self.model.createEvent()
        event.setId(item.id)
        event.setUseValuesFromTriggerTime(item.at_once)
        trigger = event.createTrigger()
        trigger.setInitialValue(item.was_true)
        trigger.setPersistent(item.persistent)
        trigger.setMath(self.math(item.when))
        for create, expression in ((event.createDelay, item.delay), (event.createPriority, item.priority)):
            if expression is not None:
                create().setMath(self.math(expression))
        for name, value in item.set.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(name)
            assignment.setMath(self.math(value))

    def math(self, expression: sympy.Expr) -> Any:
        return self._parsed(formula(expression))

    def _parsed(self, text: str) -> Any:
        settings = self.library.L3ParserSettings()
        settings.setParseUnits(True)
        settings.setComparisonCaseSensitivity(self.library.L3P_COMPARE_BUILTINS_CASE_SENSITIVE)
        node = self.library.parseL3FormulaWithSettings(text, settings)
        if node is None:
            raise ModelError(f"libSBML cannot read '{text[:120]}': {self.library.getLastParseL3Error().strip()}")
        return node


def problems(text: str) -> list[str]:
    """What libSBML's consistency check says of a document, unit warnings included."""
    import libsbml

    document = libsbml.readSBMLFromString(text)
    document.setConsistencyChecks(libsbml.LIBSBML_CAT_MODELING_PRACTICE, False)
    document.checkConsistency()
    return [document.getError(i).getMessage().strip() for i in range(min(document.getNumErrors(), _CHECKS_AT_MOST))]
