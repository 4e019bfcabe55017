"""What each id of an SBML model is, and what its symbol means in a formula.

Our species are amounts A. In a formula the symbol of a species is

    A           where hasOnlySubstanceUnits is true, or its compartment has no dimensions
    A / V       otherwise, V the size of its compartment, which may vary

and the symbol of a reaction is its rate. A quantity is *assigned* (a rule follows others),
*moving* (integrated, or set by events) or *fixed*.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy

from vesicle.errors import SchemaError, unknown_name
from vesicle.formats.sbml_features import refuse
from vesicle.network.expressions import CONSTANTS, TIME_NAME, symbol

RESERVED = frozenset({*CONSTANTS, TIME_NAME, "avogadro", "delay", "inf", "infinity", "nan", "NaN", "notanumber", "INF", "true", "false", "exponentiale", "exp", "rateOf", "lambda"})

OUTPUTS = "obs_"


class Quantities:
    """The ids of one model.

    Attributes
    ----------
    items : id -> its plain data; ``kinds`` its kind.
    assigned, rated, initial : id -> (formula, where it stands).
    set_by_events : ids that events set.
    changed : species that reactions change.
    used : ids that some formula asked for.
    """

    def __init__(self, data: Mapping[str, Any], file: str):
        self.data, self.file = data, file
        self.items: dict[str, Any] = {}
        self.kinds: dict[str, str] = {}
        for kind, group in (("compartment", data["compartments"]), ("species", data["species"]), ("parameter", data["parameters"]), ("reference", self._references())):
            self._declare(kind, group)
        self._declare("reaction", data["reactions"])
        self._names: dict[str, str] = {}
        self._taken: set[str] = set(self.items) - RESERVED
        self.assigned, self.rated = self._rules("assignment"), self._rules("rate")
        self.initial = {i["symbol"]: (i["math"], self.at(i)) for i in data["initial"] if i["math"] is not None}
        self.set_by_events = {a["variable"] for e in data["events"] for a in e["assignments"]}
        self.changed = {r["species"] for reaction in data["reactions"] for r in (*reaction["reactants"], *reaction["products"]) if self._can_change(r["species"])}
        self.used: set[str] = set()

    def at(self, item: Mapping[str, Any]) -> str:
        """``file:line: `` of an element."""
        return f"{self.file}:{item.get('line') or 1}: "

    def _references(self) -> Iterator[Any]:
        for reaction in self.data["reactions"]:
            yield from (r for r in (*reaction["reactants"], *reaction["products"]) if r["id"])

    def _declare(self, kind: str, group: Any) -> None:
        for item in group:
            if item["id"] in self.items:
                raise SchemaError(f"{self.at(item)}the id '{item['id']}' names two things; rename one.")
            self.items[item["id"]], self.kinds[item["id"]] = item, kind

    def _rules(self, kind: str) -> dict[str, tuple[Any, str]]:
        found = {}
        for rule in self.data["rules"]:
            if rule["kind"] == "algebraic":
                raise refuse("AlgebraicRule", self.at(rule), "an algebraic rule")
            if rule["kind"] == kind and rule["math"] is not None:
                found[rule["variable"]] = (rule["math"], self.at(rule))
        return found

    def _can_change(self, species: str) -> bool:
        item = self.items.get(species)
        if item is None or self.kinds[species] != "species":
            raise SchemaError(f"{self.file}:1: a reaction changes '{species}', which is no species of the model; declare it.")
        return not (item["boundary"] or item["constant"])

    def name(self, identity: str) -> str:
        """The id as an id of the network: the same, but for words that formulas reserve and names that our SBML gives to outputs."""
        if identity not in self._names:
            is_free = identity not in RESERVED and not identity.startswith(OUTPUTS)
            self._names[identity] = identity if is_free else self.fresh(f"own_{identity}")
        return self._names[identity]

    def fresh(self, wanted: str) -> str:
        """A new id, as near to the wanted one as can be."""
        while wanted in self._taken or wanted in RESERVED:
            wanted += "_"
        self._taken.add(wanted)
        return wanted

    def symbol(self, identity: str) -> sympy.Symbol:
        """The symbol of an id in the network: the amount of a species, the value of anything else."""
        return symbol(self.name(identity))

    def size_of(self, species: str) -> sympy.Expr | None:
        """The size that the symbol of a species is divided by, or None where it is an amount."""
        item = self.items[species]
        return None if item["only_substance"] else self.volume(species)

    def volume(self, species: str) -> sympy.Expr | None:
        """The size of the compartment of a species, or None where it has no dimensions."""
        place = self.items[species]["compartment"]
        if place not in self.items or self.kinds[place] != "compartment":
            raise SchemaError(f"{self.at(self.items[species])}the species '{species}' is in '{place}', which is no compartment of the model; declare it.")
        if self.items[place]["dimensions"] == 0:
            return None
        self.used.add(place)
        return self.symbol(place)

    def meaning(self, identity: str, where: str) -> sympy.Expr:
        """What an id means in a formula."""
        if identity not in self.items:
            raise unknown_name("id", identity, self.items, where.removesuffix(": "), "Declare it, or correct the formula.")
        self.used.add(identity)
        if self.kinds[identity] == "species" and (size := self.size_of(identity)) is not None:
            return self.symbol(identity) / size
        return self.symbol(identity)

    def amount(self, identity: str, value: sympy.Expr) -> sympy.Expr:
        """What the network stores when a formula gives the value of an id."""
        if self.kinds[identity] == "species" and (size := self.size_of(identity)) is not None:
            return value * size
        return value

    def moves(self, identity: str) -> bool:
        """Whether an id is integrated or set by events."""
        return identity in self.rated or identity in self.set_by_events or identity in self.changed

    def declared(self, identity: str) -> sympy.Expr | None:
        """The start value that the element itself states, as the network stores it."""
        item, kind = self.items[identity], self.kinds[identity]
        if kind == "species" and item["concentration"] is not None:
            size = self.volume(identity)
            return self._finite(item, "concentration") * (sympy.Integer(1) if size is None else size)
        key = {"compartment": "size", "species": "amount", "parameter": "value", "reference": "stoichiometry"}[kind]
        return None if item[key] is None else self._finite(item, key)

    def _finite(self, item: Mapping[str, Any], key: str) -> sympy.Float:
        if isinstance(item[key], str):
            raise refuse("NotFinite", self.at(item), f"the {key} of '{item['id']}' is {item[key]}")
        return sympy.Float(item[key])
