"""The nouns of a network. All are frozen; amounts are totals in items, never concentrations.

A cell population is a *place* whose size is its number of cells N(t): amount / size is per
cell, so division dilutes and death removes by construction. Particles move by *transfers*,
each with a hazard per particle [1/h]; their tracked passengers move with the same hazard.
Copies become molecules only at an *unpack*. ``step`` ties a movement to the chain of custody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any

from vesicle.errors import ModelError
from vesicle.network.spread import Spread

if TYPE_CHECKING:
    from sympy import Expr

STEPS = (
    "made",
    "loaded",
    "released_by_donor",
    "given",
    "circulating",
    "at_tumour",
    "in_reach",
    "bound",
    "internalised",
    "released",
    "engaged",
)
"""Steps that are counted as crossings; target, phenotype and host follow as readouts."""

OTHER = "_of_"
"""``bound_of_NAME`` counts a step of a further population of cells, so that the chain stays that of the first."""

PLACE_KINDS = ("fluid", "tissue", "cells", "medium", "site")


@dataclass(frozen=True)
class Parameter:
    """A number with its unit, its uncertainty and its sources.

    ``status`` is the weakest status of its records (found, recalled, assumed, computed,
    calibrated, set); ``spread_status`` says the same of its range. ``borrowed`` names a
    context that the records do not share with the request.
    """

    id: str
    unit: str
    value: float
    spread: Spread | None = None
    records: tuple[str, ...] = ()
    level: str = "uncertainty"
    status: str = "found"
    spread_status: str = "found"
    quantity: str = ""
    borrowed: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", float(self.value))

    def draw(self, seed: int, sample: int) -> float:
        """The value in one sample; constants of another level than uncertainty stay nominal."""
        if self.spread is None or self.level != "uncertainty":
            return self.value
        return self.spread.draw(seed, self.id, sample)


@dataclass(frozen=True)
class Rule:
    """A named quantity that follows from others at every time."""

    id: str
    unit: str
    expression: Expr


@dataclass(frozen=True)
class Place:
    """Where things are. ``size`` is a volume [mL] or a number of cells."""

    id: str
    kind: str
    size: Expr | None = None
    unit: str = "mL"
    label: str = ""


@dataclass(frozen=True)
class Passenger:
    """What a particle carries.

    ``copies`` is the mean per particle; ``tracked`` passengers (labels that fall off) get
    species of their own in every place the particle visits. ``distribution`` is the law of the
    copies over particles (poisson, fixed, jackpot); with ``jackpot`` a particle carries
    ``copies_if_loaded`` or none. Only engines that count events ask for it.
    """

    entity: str
    role: str
    copies: Expr
    tracked: bool = False
    distribution: str = "poisson"
    copies_if_loaded: Expr | None = None


@dataclass(frozen=True)
class Particle:
    """A kind of particle with its passengers, e.g. the vesicles of one product."""

    id: str
    product: str
    passengers: tuple[Passenger, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Species:
    """An amount [unit] of one entity in one place."""

    id: str
    entity: str
    place: str
    unit: str
    initial: Expr | None = None
    is_count: bool = True


@dataclass(frozen=True)
class Transfer:
    """Movement of a particle from one place to another (``None``: out of the world).

    ``step`` counts a crossing of the chain of custody, ``backward`` takes it back (a vesicle
    that lets go again), ``sink`` names the way out.
    """

    id: str
    particle: str
    source: str
    target: str | None
    hazard: Expr
    step: str | None = None
    backward: bool = False
    sink: str = ""


@dataclass(frozen=True)
class Unpack:
    """A particle gives its passengers to a cell at once: passenger entity -> species id.

    ``also`` names steps that are crossed in the same moment (a vesicle that fuses is taken in and
    releases at once).
    """

    id: str
    particle: str
    place: str
    into: Mapping[str, str]
    hazard: Expr
    step: str | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reaction:
    """A change of amounts: species id -> change per event (a number, or an expression that may vary), and events per hour."""

    id: str
    stoichiometry: Mapping[str, float | Expr]
    rate: Expr
    step: str | None = None
    step_particle: str = ""


@dataclass(frozen=True)
class Gate:
    """A graded signalling node (never a count), see :mod:`vesicle.network.gates`.

    Attributes
    ----------
    id : the species that holds the node's activity, between 0 and 1.
    node : what it is the activity of.
    inputs : (node, +1 raises or -1 lowers) of everything that it hears; for readers.
    aim : where it relaxes to, Y.
    rest : activity at rest, with which it begins.
    tau : time constant [h].
    """

    id: str
    node: str
    inputs: tuple[tuple[str, int], ...]
    aim: Expr
    rest: Expr
    tau: Expr


@dataclass(frozen=True)
class Trigger:
    """When a condition becomes true, set species (by id) to values, at once or after a delay [h].

    Of triggers that act at the same moment, the one with the highest ``priority`` acts first. A
    ``persistent`` one acts after its delay even if the condition has become false again; ``at_once``
    reads the values when the condition becomes true, not when they are set; ``was_true`` says that
    the condition counts as true before the start, so that it cannot become true at time zero.
    """

    id: str
    when: Expr
    set: Mapping[str, Expr]
    delay: Expr | None = None
    priority: Expr | None = None
    persistent: bool = True
    at_once: bool = True
    was_true: bool = False


@dataclass(frozen=True)
class Dose:
    """An amount given at a time [h] into a place; ``counts`` names the custody steps it crosses."""

    time: float
    species: str
    amount: Expr
    counts: tuple[str, ...] = ("given",)


@dataclass(frozen=True)
class Arm:
    """One arm: what is given and what is set. No code reads the name."""

    name: str
    doses: tuple[Dose, ...] = ()
    set: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Observable:
    """A named output: an expression over species, rules and parameters."""

    id: str
    unit: str
    value: Expr
    per: str = ""
    label: str = ""


@dataclass(frozen=True)
class Part:
    """What one mechanism brings: a partial network."""

    parameters: tuple[Parameter, ...] = ()
    rules: tuple[Rule, ...] = ()
    places: tuple[Place, ...] = ()
    species: tuple[Species, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    unpacks: tuple[Unpack, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    gates: tuple[Gate, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    observables: tuple[Observable, ...] = ()


def join(*parts: Part) -> Part:
    """Parts put together, in their order; what two of them share is kept once."""
    merged: dict[str, list[Any]] = {item.name: [] for item in fields(Part)}
    for part in parts:
        for name, kept in merged.items():
            kept += [x for x in getattr(part, name) if x not in kept]
    return Part(**{name: tuple(kept) for name, kept in merged.items()})


@dataclass(frozen=True)
class Network:
    """Everything an engine needs for one arm.

    ``has_units`` is false for a network from elsewhere whose units are not known: its units are
    labels, nothing is checked against them, and none are written.
    """

    id: str
    arm: Arm
    particles: tuple[Particle, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    rules: tuple[Rule, ...] = ()
    places: tuple[Place, ...] = ()
    species: tuple[Species, ...] = ()
    transfers: tuple[Transfer, ...] = ()
    unpacks: tuple[Unpack, ...] = ()
    reactions: tuple[Reaction, ...] = ()
    gates: tuple[Gate, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    observables: tuple[Observable, ...] = ()
    has_units: bool = True

    def with_part(self, part: Part) -> Network:
        """This network plus a part; the same id with the same content is kept once.

        Raises
        ------
        ModelError
            If two parts give one id two meanings.
        """
        changes: dict[str, Any] = {}
        for item in fields(part):
            name = item.name
            changes[name] = _merge(getattr(self, name), getattr(part, name), name)
        return replace(self, **changes)


def _merge(old: tuple[Any, ...], new: tuple[Any, ...], kind: str) -> tuple[Any, ...]:
    known = {getattr(item, "id", getattr(item, "node", "")): item for item in old}
    out = list(old)
    for item in new:
        key = getattr(item, "id", getattr(item, "node", ""))
        if key not in known:
            known[key] = item
            out.append(item)
        elif known[key] != item:
            raise ModelError(f"two mechanisms give '{key}' ({kind}) different meanings; rename one or share it.")
    return tuple(out)
