"""The site: where measured numbers become the parameters of a model.

Products and mechanisms ask a site for a quantity in a context and get a symbol; the site keeps
what was asked, with its records, so that a run can cite exactly what it used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy

from vesicle import units
from vesicle.errors import ModelError
from vesicle.evidence.library import Library
from vesicle.evidence.matching import parameter as matched_parameter
from vesicle.network.expressions import symbol
from vesicle.network.spread import Component, Spread, fixed
from vesicle.network.types import Parameter


@dataclass
class Site:
    """Where a mechanism acts: the evidence, the settings, and the parameters asked for so far.

    Attributes
    ----------
    library : the evidence base.
    settings : plain values of the scenario that the mechanism may read.
    parameters : every parameter asked for, by id.
    context : context that goes with every question (species, cell ...).
    """

    library: Library
    settings: Mapping[str, Any]
    context: Mapping[str, str] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)

    def quantity(self, name: str, unit: str, **context: str) -> sympy.Symbol:
        """The symbol of a measured quantity, matched in this context.

        The id is made of the quantity and of what makes it another thing (product, label,
        tissue, method), so that arms share draws.
        """
        identity = "__".join([name, *(_word(context[key]) for key in ("product", "tissue", "label", "method", "cell") if context.get(key))])
        if identity not in self.parameters:
            self.parameters[identity] = matched_parameter(self.library, identity, name, unit, {**self.context, **context})
        if self.parameters[identity].unit != unit:
            raise ModelError(f"'{identity}' is asked for in '{unit}' and in '{self.parameters[identity].unit}'; mechanisms that share it must agree.")
        return symbol(identity)

    def given(self, identity: str, value: float, unit: str) -> sympy.Symbol:
        """The symbol of a number that the scenario sets (an amount, a depth, a switch)."""
        self.parameters.setdefault(identity, Parameter(identity, unit, value, fixed(value), (), "uncertainty", "set", "found", "", ""))
        return symbol(identity)

    def condition(self, name: str, value: float, unit: str) -> sympy.Symbol:
        """The symbol of a number that may differ between arms; the number is part of its id, so that arms share the rest."""
        return self.given(f"{name}__{_word(f'{value:g}')}", value, unit)

    def rival(self, name: str, quantities: tuple[str, str]) -> sympy.Symbol:
        """A switch between two rival structures: 0 the first, 1 the second, each in half of the draws.

        The nominal run takes the first; ``quantities`` names the measured number behind each,
        so that a report can say which record decides.
        """
        identity = f"rival__{name}"
        spread = Spread(tuple(Component(q, 0.5, "fixed", float(i), float(i), float(i)) for i, q in enumerate(quantities)))
        self.parameters.setdefault(identity, Parameter(identity, "1", 0.0, spread, (), "uncertainty", "assumed", "assumed", "rival", ""))
        return symbol(identity)

    def conversion(self, to: str, of: str) -> sympy.Symbol:
        """The exact factor that turns a number in ``of`` into one in ``to``."""
        identity = f"per_{_word(of)}_{_word(to)}"
        return self.given(identity, units.convert(1.0, of, to), f"{to}/{of}" if "/" not in of else f"{to}/({of})")


def _word(text: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in text)
