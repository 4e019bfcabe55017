"""An arm, assembled: what every environment's assembly hands on, and the last steps that all share."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vesicle import units
from vesicle.errors import InputError
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.network.checks import check
from vesicle.network.flat import Flat
from vesicle.network.spread import fixed
from vesicle.network.types import Network, Parameter

SHARE_WORDS = {"share", "fraction", "probability"}
"""Words in the name of a quantity that is a part of a whole."""


@dataclass(frozen=True)
class Model:
    """One arm, assembled: its network, its flat form and the guides in it."""

    arm: str
    network: Network
    flat: Flat
    guides: tuple[Guide, ...]


def identifier(text: str) -> str:
    """A name as an identifier: ``KRAS G12D siRNA`` -> ``KRAS_G12D_siRNA``."""
    word = re.sub(r"\W+", "_", text).strip("_")
    return word if word[:1].isalpha() else f"x_{word}"


def with_overrides(site: Site, overrides: Mapping[str, str]) -> tuple[Parameter, ...]:
    """The site's parameters, with those that a scenario sets.

    Raises
    ------
    InputError
        If a value has another dimension, or lies outside of what the quantity can be.
    """
    out = []
    for parameter in site.parameters.values():
        if parameter.id in overrides:
            value = units.quantity(overrides[parameter.id], parameter.unit, f"parameters.{parameter.id}: ").to(parameter.unit)
            _must_be_possible(parameter, overrides[parameter.id], value, site.library)
            parameter = replace(parameter, value=value, spread=fixed(value), status="set", spread_status="found", records=())
        out.append(parameter)
    return tuple(out)


def _must_be_possible(parameter: Parameter, text: str, value: float, library: Library) -> None:
    """Refuse a share outside of 0 to 1 and a positive quantity below 0; 0 itself switches a quantity off."""
    low, high = parameter.spread.ends() if parameter.spread is not None else (-math.inf, math.inf)
    if is_share(parameter, library):
        low, high = 0.0, 1.0
    if low <= value <= high:
        return
    expected = f"{low:g} to {high:g}" if math.isfinite(high) else f"{low:g} or more"
    raise InputError(f"parameters.{parameter.id}: '{text}' is outside of its range, expected {expected}{'' if parameter.unit == '1' else f' {parameter.unit}'}.")


def is_share(parameter: Parameter, library: Library) -> bool:
    """Whether a parameter is a part of a whole: its name says so or a record spreads it between 0 and 1, and no record of it reaches beyond 1."""
    records = [record for record in library.of(parameter.quantity) if record.role == "input"]
    if parameter.unit != "1" or not records:
        return False
    named = bool(SHARE_WORDS.intersection(parameter.quantity.split("_"))) or any(record.distribution == "logitnormal" for record in records)
    return named and all(0 <= units.convert(end, record.unit, "1") <= 1 for record in records for end in (*record.range(), record.value))


def alone(name: str, site: Site, network: Network) -> Model:
    """A network that is no arm of a scenario, with the parameters of its site that it uses, checked.

    Raises
    ------
    ModelError
        If names, units or steps do not hold.
    """
    network = without_unused(replace(network, parameters=tuple(site.parameters.values())))
    return Model(name, network, check(network), ())


def without_unused(network: Network) -> Network:
    """Drop parameters that nothing refers to (asked for by a mechanism that another switched off)."""
    used: set[str] = set()
    for rule in network.rules:
        used |= {str(s) for s in rule.expression.free_symbols}
    for transfer in network.transfers:
        used |= {str(s) for s in transfer.hazard.free_symbols}
    for unpack in network.unpacks:
        used |= {str(s) for s in unpack.hazard.free_symbols}
    for reaction in network.reactions:
        used |= {str(s) for s in reaction.rate.free_symbols}
    for species in network.species:
        used |= {str(s) for s in species.initial.free_symbols} if species.initial is not None else set()
    for gate in network.gates:
        used |= {str(s) for e in (gate.aim, gate.rest, gate.tau) for s in e.free_symbols}
    for dose in network.arm.doses:
        used |= {str(s) for s in dose.amount.free_symbols}
    for observable in network.observables:
        used |= {str(s) for s in observable.value.free_symbols}
    for particle in network.particles:
        for passenger in particle.passengers:
            used |= {str(s) for s in passenger.copies.free_symbols}
    for trigger in network.triggers:
        used |= {str(s) for e in (trigger.when, *trigger.set.values()) for s in e.free_symbols}
    for place in network.places:
        used |= {str(s) for s in place.size.free_symbols} if place.size is not None else set()
    return replace(network, parameters=tuple(p for p in network.parameters if p.id in used))
