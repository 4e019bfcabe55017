"""SBML as a network of ours.

    compartment, parameter    a number, a rule, or an integrated quantity
    species                   an amount A; rules and rates for concentrations become those of amounts:
                              A = V c,   dA/dt = V dc/dt + (A/V) dV/dt
    reaction                  dA/dt += factor * stoichiometry * rate   (not for boundary species)
    rateOf(x)                 dx/dt, by the chain rule
    event                     a trigger

All numbers at time 0 are computed on reading. Time, amounts and sizes stay in the file's own
units; none is checked or converted (``Network.has_units`` is false).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sympy

from vesicle import reading
from vesicle.errors import InputError, SchemaError, unknown_name
from vesicle.formats.mathml import Formulas
from vesicle.formats.sbml_features import REFUSED, refuse
from vesicle.formats.sbml_quantities import Quantities
from vesicle.formats.sbml_start import in_order, start_values
from vesicle.formats.sbml_units import time_unit, unit_text
from vesicle.model.assembly import Model
from vesicle.network.checks import check
from vesicle.network.expressions import TIME, symbol
from vesicle.network.types import Arm, Network, Observable, Parameter, Place, Reaction, Rule, Species, Trigger
from vesicle.units import number

CHILD = "vesicle.formats.sbml_child"
MAX_DETAIL = 240
_SMOOTH_NOT = (sympy.Piecewise, sympy.floor, sympy.ceiling, sympy.Abs, sympy.Max, sympy.Min, sympy.factorial)


@dataclass(frozen=True)
class Imported:
    """A model of a stranger as a network.

    Attributes
    ----------
    name : id of the model, or the file's name.
    model : its network and flat form, ready for an engine.
    values : id -> what it is in the network (the amount of a species).
    concentrations : id -> amount over size, for species in a place with a size.
    time_unit : the unit of time as the file gives it, or "" where it gives none.
    warnings : what a reader must know.
    """

    name: str
    model: Model
    values: Mapping[str, sympy.Expr]
    concentrations: Mapping[str, sympy.Expr]
    time_unit: str
    warnings: tuple[str, ...]


def read_sbml(path: Path, changes: Mapping[str, str] | None = None) -> Imported:
    """A model from an SBML file; ``changes`` are declared values to set first.

    Raises
    ------
    InputError
        One sentence: a file that is not safe or not SBML, an id that nobody declares, a feature
        that is not offered (by name), a value that is missing or not finite.
    """
    return from_document(reading.xml_document(path), changes)


def from_document(document: reading.Document, changes: Mapping[str, str] | None = None) -> Imported:
    """A model from checked XML; see :func:`read_sbml`."""
    if document.root != "sbml":
        raise SchemaError(f"{document.name}:1: the outermost element is '{document.root}', expected 'sbml'. Check that this is an SBML file.")
    return from_data(reading.answer(CHILD, document.raw, document.name), document.name, changes)


def from_data(data: Mapping[str, Any], file: str, changes: Mapping[str, str] | None = None) -> Imported:
    """A model from plain data (see ``sbml_child``)."""
    if problems := data.get("problems"):
        raise _problem(problems[0], file)
    for prefix, required in data["packages"].items():
        if prefix in REFUSED or (required and prefix != "comp"):
            raise refuse(prefix if prefix in REFUSED else "package", f"{file}:1: ", f"the package '{prefix}'")
    try:
        return _Import(data, file, changes or {}).imported()
    except RecursionError:
        raise SchemaError(f"{file}:1: the formulas of the model are nested too deeply in each other; simplify them.") from None


def _problem(problem: Mapping[str, Any], file: str) -> InputError:
    line = problem.get("line") or 1
    if problem.get("feature"):
        return refuse(problem["feature"], f"{file}:{line}: ", problem["message"])
    said = [text.strip() for text in str(problem.get("detail", "")).splitlines() if text.strip()]
    after = [text for i, text in enumerate(said) if any(s.startswith("Reference:") for s in said[:i])]
    detail = " ".join(after or said)[:MAX_DETAIL].rstrip(". ")
    return SchemaError(
        f"{file}:{line}: this is not valid SBML: {problem['message'].rstrip('.')}{f' ({detail})' if detail else ''}. Correct the file, or check it with a validator."
    )


class _Import:
    def __init__(self, data: Mapping[str, Any], file: str, changes: Mapping[str, str]):
        self.data, self.file = data, file
        self.known = Quantities(data, file)
        functions = {f["id"]: (f["arguments"], f["body"]) for f in data["functions"]}
        self.formulas = Formulas(functions, self.known.meaning, self.rate_of)
        self.warnings: list[str] = []
        self.where: dict[str, str] = {}
        self.rate_rules: dict[str, sympy.Symbol] = {}
        self._change(changes)

    def _change(self, changes: Mapping[str, str]) -> None:
        """Put the values of ``--set`` in place of declared ones."""
        known = self.known
        local = {f"{r['id']}.{p['id']}": (p, "value") for r in self.data["reactions"] if r["law"] for p in r["law"]["locals"]}
        for name, text in changes.items():
            if name in local:
                item, key = local[name]
            elif name in known.items and known.kinds[name] != "reaction":
                item = known.items[name]
                key = {"compartment": "size", "parameter": "value", "reference": "stoichiometry"}.get(known.kinds[name]) or (
                    "concentration" if item["concentration"] is not None else "amount"
                )
                if name in known.assigned or name in known.initial:
                    raise SchemaError(f"--set {name}: the file computes '{name}' from others ({known.at(item).removesuffix(': ')}); set what it is computed from.")
            else:
                settable = {n for n, k in known.kinds.items() if k != "reaction" and n not in known.assigned and n not in known.initial} | local.keys()
                raise unknown_name("quantity", name, settable, "--set")
            item[key] = number(text, f"--set {name}: ")

    # formulas --------------------------------------------------------------------------------------

    def imported(self) -> Imported:
        """Everything, in the order in which it is needed."""
        known = self.known
        self.laws = {r["id"]: self._law(r) for r in self.data["reactions"]}
        self.assigned = {i: known.amount(i, self.formulas.number(*found)) for i, found in known.assigned.items()}
        self.rated = {i: self.formulas.number(*found) for i, found in known.rated.items()}
        self.initial = {i: known.amount(i, self.formulas.number(*found)) for i, found in known.initial.items()}
        events = [e for e in self.data["events"] if e["trigger"] and e["trigger"]["math"] is not None]
        triggers = tuple(self._trigger(i, e) for i, e in enumerate(events))
        rates = {symbol_name(s): self._derivative_rule(i) for i, s in list(self.rate_rules.items())}
        rules = {known.name(i): e for i, e in self.assigned.items()} | {known.name(i): e for i, e in self.laws.items() if i in known.used} | rates
        self.where |= {known.name(i): found[1] for i, found in (*known.rated.items(), *known.assigned.items(), *known.initial.items())}
        self.start = start_values(self._start_formulas(rules), self.where)
        in_order(rules, self.where)
        return self._network(rules, triggers)

    def _law(self, reaction: Mapping[str, Any]) -> sympy.Expr:
        """The rate of a reaction; its own parameters get names that are theirs alone."""
        law = reaction["law"]
        where = self.known.at(law or reaction)
        if law is None or law["math"] is None:
            self.warnings.append(f"reaction '{reaction['id']}' has no rate and does not happen.")
            return sympy.Integer(0)
        local = {}
        for parameter in law["locals"]:
            name = f"{reaction['id']}_{parameter['id']}"
            while name in self.known.items:
                name += "_"
            self.known.items[name], self.known.kinds[name] = {**parameter, "id": name, "constant": True}, "parameter"
            self.known.used.add(name)
            local[parameter["id"]] = self.known.symbol(name)
        return self.formulas.number(law["math"], where, local)

    def rate_of(self, identity: str, where: str) -> sympy.Expr:
        """The symbol of a rule that holds the rate of an id."""
        known = self.known
        known.meaning(identity, where)
        if known.kinds[identity] == "reaction":
            raise refuse("DerivativeOfStep", where, f"the rate of change of the reaction '{identity}'")
        if identity not in self.rate_rules:
            self.rate_rules[identity] = symbol(known.fresh(f"rate_of_{identity}"))
            self.where[symbol_name(self.rate_rules[identity])] = where
        return self.rate_rules[identity]

    def _derivative_rule(self, identity: str) -> sympy.Expr:
        return self.derivative(self.known.meaning(identity, ""), self.where.get(symbol_name(self.rate_rules[identity]), f"{self.file}:1: "))

    def derivative(self, formula: sympy.Expr, where: str) -> sympy.Expr:
        """d formula / dt by the chain rule."""
        total = formula.diff(TIME)
        by_name = {self.known.name(i): i for i in self.known.items}
        for one in sorted(formula.free_symbols - {TIME}, key=str):
            identity = by_name.get(str(one))
            if identity is None:
                raise refuse("DerivativeOfStep", where, f"the rate of change of '{one}'")
            speed = self._speed(identity, where)
            if speed != 0:
                total += formula.diff(one) * speed
        return total

    def _speed(self, identity: str, where: str) -> sympy.Expr:
        """d/dt of what the network stores for an id."""
        known = self.known
        if identity in self.assigned or known.kinds[identity] == "reaction":
            follows = self.assigned[identity] if identity in self.assigned else self.laws[identity]
            if follows.has(*_SMOOTH_NOT):
                raise refuse("DerivativeOfStep", where, f"the rate of change of '{identity}'")
            return self.derivative(follows, where)
        if identity in self.rated:
            return self._rated(identity)
        if identity in known.changed:
            return sympy.Add(*[change * self.laws[r["id"]] for r in self.data["reactions"] for name, change in self._changes(r).items() if name == identity])
        return sympy.Integer(0)

    def _rated(self, identity: str) -> sympy.Expr:
        """The rate rule of an id, as the rate of what the network stores."""
        known, rate = self.known, self.rated[identity]
        size = known.size_of(identity) if known.kinds[identity] == "species" else None
        if size is None:
            return rate
        growth = self.derivative(size, known.rated[identity][1])
        return rate * size + known.symbol(identity) / size * growth

    def _changes(self, reaction: Mapping[str, Any]) -> dict[str, sympy.Expr]:
        """Species id -> change of its amount per event of a reaction, in symbols."""
        known = self.known
        changes: dict[str, sympy.Expr] = {}
        for sign, references in ((-1, reaction["reactants"]), (1, reaction["products"])):
            for reference in references:
                species = reference["species"]
                if species not in known.changed or species in self.assigned:
                    continue
                factor = known.items[species]["conversion_factor"] or self.data["conversion_factor"]
                scale = known.meaning(factor, known.at(reference)) if factor else sympy.Integer(1)
                changes[species] = changes.get(species, sympy.Integer(0)) + sign * scale * self._stoichiometry(reference)
        return changes

    def _stoichiometry(self, reference: Mapping[str, Any]) -> sympy.Expr:
        known, name = self.known, reference["id"]
        if name and (name in self.assigned or name in self.initial or known.moves(name) or name in known.used):
            return known.meaning(name, known.at(reference))
        value = reference["stoichiometry"]
        if value is None:
            raise refuse("NoValue", known.at(reference), f"the stoichiometry of '{reference['species']}'")
        return known._finite(reference, "stoichiometry")

    # values at time 0 ------------------------------------------------------------------------------

    def _start_formulas(self, rules: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
        known = self.known
        formulas = dict(rules)
        for identity, kind in known.kinds.items():
            name = known.name(identity)
            self.where.setdefault(name, known.at(known.items[identity]))
            if identity in self.initial:
                formulas[name] = self.initial[identity]
            elif kind != "reaction" and identity not in self.assigned and (declared := known.declared(identity)) is not None:
                formulas[name] = declared
        return formulas

    # the network -----------------------------------------------------------------------------------

    def _network(self, rules: dict[str, sympy.Expr], triggers: tuple[Trigger, ...]) -> Imported:
        known = self.known
        for identity in sorted(known.used):
            if known.name(identity) not in self.start and known.kinds[identity] != "reaction":
                raise refuse("NoValue", known.at(known.items[identity]), f"'{identity}' has no value, but a formula needs it")
        places = tuple(Place(known.name(c["id"]), "site", known.symbol(c["id"]), "1", c["name"]) for c in self.data["compartments"])
        network = Network(
            self.data["id"] or Path(self.file).stem, Arm("model"), places=places, parameters=self._parameters(), species=self._species(),
            rules=tuple(Rule(name, "1", e) for name, e in rules.items()), reactions=self._reactions(set(rules)), triggers=triggers, has_units=False,
        )  # fmt: skip
        values, concentrations = self._values()
        network = replace(network, observables=observables(values, concentrations, {i for i in known.items if self._varies(i)}))
        self._say()
        return Imported(network.id, Model("model", network, check(network), ()), values, concentrations, time_unit(self.data), tuple(self.warnings))

    def _stored(self, identity: str) -> bool:
        """Whether an id is a species of the network: an amount, or something else that is integrated or set."""
        return identity not in self.assigned and (self.known.kinds[identity] == "species" or (self.known.kinds[identity] != "reaction" and self.known.moves(identity)))

    def _varies(self, identity: str) -> bool:
        return self.known.kinds[identity] in ("species", "reaction") or identity in self.assigned or self._stored(identity)

    def _parameters(self) -> tuple[Parameter, ...]:
        known, out = self.known, []
        for identity, item in known.items.items():
            name = known.name(identity)
            if known.kinds[identity] == "reaction" or identity in self.assigned or self._stored(identity) or name not in self.start:
                continue
            status = "computed" if identity in self.initial else "set"
            out.append(Parameter(name, unit_text(self.data, item.get("units", "")), self.start[name], status=status))
        return tuple(out)

    def _species(self) -> tuple[Species, ...]:
        known, out = self.known, []
        for identity, item in known.items.items():
            if not self._stored(identity):
                continue
            name = known.name(identity)
            if name not in self.start:
                raise refuse("NoValue", known.at(item), f"'{identity}' has no value at time 0")
            counted = known.kinds[identity] == "species" and identity not in self.rated
            place = known.name(item["compartment"]) if known.kinds[identity] == "species" else ""
            out.append(Species(name, item.get("name") or identity, place, "item" if counted else "1", sympy.Float(self.start[name]), counted))
        return tuple(out)

    def _reactions(self, rules: set[str]) -> tuple[Reaction, ...]:
        known, out = self.known, []
        for reaction in self.data["reactions"]:
            if reaction["fast"]:
                raise refuse("FastReaction", known.at(reaction), f"the fast reaction '{reaction['id']}'")
            name = known.name(reaction["id"])
            changes = {known.name(s): self._number(c) for s, c in self._changes(reaction).items()}
            changes = {s: c for s, c in changes.items() if c != 0}
            if not changes or self.laws[reaction["id"]] == 0:
                continue
            is_rule = name in rules
            out.append(Reaction(known.fresh(f"{name}_flow") if is_rule else name, changes, symbol(name) if is_rule else self.laws[reaction["id"]]))
        for identity in self.rated:
            rate = self._rated(identity)
            if rate != 0:
                out.append(Reaction(known.fresh(f"rate_{identity}"), {known.name(identity): 1.0}, rate))
        return tuple(out)

    def _number(self, change: sympy.Expr) -> float | sympy.Expr:
        """A change as a number where nothing in it varies."""
        by_name = {str(s): s for s in change.free_symbols}
        varying = {n for n in by_name if any(self._varies(i) for i in (n,) if i in self.known.items)}
        known = {by_name[n]: sympy.Float(self.start[n]) for n in by_name if n not in varying and n in self.start}
        change = change.xreplace(known)
        return change if change.free_symbols else float(change)

    def _trigger(self, position: int, event: Mapping[str, Any]) -> Trigger:
        known, where = self.known, self.known.at(event)
        values = {}
        for assignment in event["assignments"]:
            if assignment["math"] is not None:
                self._refuse_late_concentration(assignment, event)
                known.meaning(assignment["variable"], known.at(assignment))
                values[known.name(assignment["variable"])] = known.amount(assignment["variable"], self.formulas.number(assignment["math"], known.at(assignment)))
        optional = {key: None if event[key] is None else self.formulas.number(event[key], where) for key in ("delay", "priority")}
        trigger = event["trigger"]
        return Trigger(
            known.fresh(event["id"] or f"event_{position}"), self.formulas.condition(trigger["math"], where), values,
            persistent=trigger["persistent"], at_once=event["from_trigger"], was_true=trigger["initial"], **optional,
        )  # fmt: skip

    def _refuse_late_concentration(self, assignment: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        known, variable = self.known, assignment["variable"]
        if variable in known.items and known.kinds[variable] == "species" and event["delay"] is not None and event["from_trigger"]:
            size = known.size_of(variable)
            if size is not None and self._varies(known.items[variable]["compartment"]):
                raise refuse("DelayedConcentration", known.at(assignment), f"the event sets the concentration of '{variable}'")

    def _values(self) -> tuple[dict[str, sympy.Expr], dict[str, sympy.Expr]]:
        known = self.known
        has_value = {known.name(i) for i in known.items if known.name(i) in self.start}
        values = {i: known.symbol(i) for i in known.items if known.name(i) in has_value}
        values |= {i: law for i, law in self.laws.items() if i not in known.used}
        concentrations = {}
        for identity in [i for i, k in known.kinds.items() if k == "species" and i in values]:
            size = known.volume(identity)
            if size is not None and str(size) in self.start:
                concentrations[identity] = values[identity] / size
        return values, concentrations

    def _say(self) -> None:
        if self.data["constraints"]:
            self.warnings.append(f"{self.data['constraints']} constraints are not watched during the run.")
        for prefix in self.data["packages"]:
            if prefix != "comp":
                self.warnings.append(f"the package '{prefix}' is not read; the file says that it does not change the numbers.")
        self.warnings.append("units are taken as the file has them; none is checked or converted.")


def symbol_name(one: sympy.Symbol) -> str:
    """The id of a symbol."""
    return str(one.name)


def observables(values: Mapping[str, sympy.Expr], concentrations: Mapping[str, sympy.Expr], wanted: set[str]) -> tuple[Observable, ...]:
    """What a run records: every quantity that varies, and the concentrations of species."""
    return (
        *(Observable(i, "1", values[i]) for i in values if i in wanted),
        *(Observable(f"concentration:{i}", "1", concentrations[i]) for i in concentrations if i in wanted),
    )
