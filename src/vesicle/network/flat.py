"""From nouns to numbers: particles with passengers become plain species and flows.

    transfer of particle p from a to b with hazard h [1/h]
        p@a -> p@b at h * p@a,   and q@a -> q@b at h * q@a   for each tracked passenger q
    unpack of p in a with hazard h into molecules m of passenger q
        p@a -> (out) at h * p@a,   (nothing) -> c m          with c copies per particle

The flat form writes means, which is all that a deterministic engine needs. What in truth happens
within one event (copies that leave with their vesicle, labels that move with theirs) is told by the
flow's *draw*, for engines that count: the flow then has no clock of its own.

Every crossing of a custody step is counted in a species of its own, ``n_STEP__PARTICLE``,
and every way out of the world in ``out_SINK__PARTICLE``; so for each particle kind

    dosed = sum of amounts over places + sum over sinks

is a linear invariant of the system, whatever the engine. A signalling node is a species between 0 and 1 that relaxes (:mod:`vesicle.network.gates`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy

from vesicle.errors import ModelError
from vesicle.network.expressions import symbol
from vesicle.network.gates import rates
from vesicle.network.types import Network, Particle, Passenger, Transfer, Unpack


@dataclass(frozen=True)
class Draw:
    """How often a flow happens within one event of another flow.

    Attributes
    ----------
    within : id of the flow whose event this one is part of.
    law : ``present`` (once if the draw of the flow ``of`` gave any), ``share`` (those of the amount
        ``of`` that sit on the one vesicle that moves), or the law of a passenger's copies (poisson, ...).
    mean : mean per event.
    of : see ``law``.
    size : copies of a loaded vesicle, for the law ``jackpot``.
    """

    within: str
    law: str
    mean: sympy.Expr
    of: str = ""
    size: sympy.Expr | None = None


@dataclass(frozen=True)
class Flow:
    """One reaction: changes of amounts per event and the number of events per hour."""

    id: str
    changes: dict[str, sympy.Expr]
    rate: sympy.Expr
    unit: str
    draw: Draw | None = None


@dataclass
class Flat:
    """A network as species and flows.

    Attributes
    ----------
    species : id -> (unit, initial value expression, place).
    flows : reactions.
    counters : (step, particle) -> species id.
    sinks : (sink, particle) -> species id.
    """

    species: dict[str, tuple[str, sympy.Expr, str]] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    counters: dict[tuple[str, str], str] = field(default_factory=dict)
    sinks: dict[tuple[str, str], str] = field(default_factory=dict)


def particle_species(particle: str, place: str) -> str:
    """Id of the amount of a particle in a place."""
    return f"{particle}__{place}"


def passenger_species(particle: str, entity: str, place: str) -> str:
    """Id of the amount of a tracked passenger that is still on its particle."""
    return f"{entity}_on_{particle}__{place}"


def flatten(network: Network) -> Flat:
    """All species and flows of a network; see the module's equations."""
    flat = Flat()
    for item in network.species:
        flat.species[item.id] = (item.unit, item.initial if item.initial is not None else sympy.Integer(0), item.place)
    particles = {particle.id: particle for particle in network.particles}
    _declare_particles(network, particles, flat)
    for transfer in network.transfers:
        _flatten_transfer(transfer, _particle(particles, transfer.particle, transfer.id), flat)
    for unpack in network.unpacks:
        _flatten_unpack(unpack, _particle(particles, unpack.particle, unpack.id), flat)
    for reaction in network.reactions:
        if not reaction.stoichiometry:
            raise ModelError(f"the reaction '{reaction.id}' changes nothing; name the amounts it changes.")
        changes = {name: _change(change) for name, change in reaction.stoichiometry.items()}
        first = min(changes)
        unit = flat.species[first][0] if first in flat.species else "item"
        if reaction.step:
            changes[_counter(flat, reaction.step, reaction.step_particle, unit)] = sympy.Integer(1)
        flat.flows.append(Flow(reaction.id, changes, reaction.rate, unit))
    for gate in network.gates:
        flat.species[gate.id] = ("1", gate.rest, "")
        rises, falls = rates(gate, symbol(gate.id))
        flat.flows += [Flow(f"rise__{gate.id}", {gate.id: sympy.Integer(1)}, rises, "1"), Flow(f"fall__{gate.id}", {gate.id: sympy.Integer(-1)}, falls, "1")]
    for dose in network.arm.doses:
        for step in dose.counts:
            _counter(flat, step, dose.species.split("__")[0], "EV")
    return flat


def _change(change: float | sympy.Expr) -> sympy.Expr:
    """A change as an exact number where it is whole, and as it stands where it is an expression."""
    if isinstance(change, sympy.Expr):
        return change
    return sympy.Float(change) if change % 1 else sympy.Integer(int(change))


def _particle(particles: dict[str, Particle], name: str, where: str) -> Particle:
    if name not in particles:
        raise ModelError(f"'{where}' moves the particle '{name}', which is not in the network; declare it first.")
    return particles[name]


def visited(network: Network, particle: str) -> list[str]:
    """The places a particle can be in, in order of first mention."""
    places: dict[str, None] = {}
    for dose in network.arm.doses:
        name, _, place = dose.species.partition("__")
        if name == particle:
            places[place] = None
    for transfer in network.transfers:
        if transfer.particle == particle:
            places[transfer.source] = None
            if transfer.target:
                places[transfer.target] = None
    return list(places)


def _declare_particles(network: Network, particles: dict[str, Particle], flat: Flat) -> None:
    for particle in particles.values():
        for place in visited(network, particle.id):
            flat.species.setdefault(particle_species(particle.id, place), ("EV", sympy.Integer(0), place))
            for passenger in _tracked(particle):
                flat.species.setdefault(passenger_species(particle.id, passenger, place), ("copy", sympy.Integer(0), place))


def _tracked(particle: Particle) -> Iterable[str]:
    return (passenger.entity for passenger in particle.passengers if passenger.tracked)


def _counter(flat: Flat, step: str, particle: str, unit: str) -> str:
    name = f"n_{step}__{particle}"
    flat.counters[(step, particle)] = name
    flat.species.setdefault(name, (unit, sympy.Integer(0), ""))
    return name


def _sink(flat: Flat, sink: str, particle: str, unit: str = "EV") -> str:
    name = f"out_{sink}__{particle}"
    flat.sinks[(sink, particle)] = name
    flat.species.setdefault(name, (unit, sympy.Integer(0), ""))
    return name


def _flatten_transfer(transfer: Transfer, particle: Particle, flat: Flat) -> None:
    source = particle_species(particle.id, transfer.source)
    changes: dict[str, sympy.Expr] = {source: sympy.Integer(-1)}
    if transfer.target is not None:
        changes[particle_species(particle.id, transfer.target)] = sympy.Integer(1)
    else:
        changes[_sink(flat, transfer.sink or transfer.id, particle.id)] = sympy.Integer(1)
    if transfer.step:
        changes[_counter(flat, transfer.step, particle.id, "EV")] = sympy.Integer(-1 if transfer.backward else 1)
    flat.flows.append(Flow(transfer.id, changes, transfer.hazard * symbol(source), "EV"))
    for entity in _tracked(particle):
        here = passenger_species(particle.id, entity, transfer.source)
        there = _passenger_target(transfer, particle.id, entity, flat)
        moved = {here: sympy.Integer(-1), there: sympy.Integer(1)}
        flat.flows.append(Flow(f"{transfer.id}__{entity}", moved, transfer.hazard * symbol(here), "copy", _with_its_vesicle(transfer.id, here, source)))


def _with_its_vesicle(event: str, passenger: str, particle: str) -> Draw:
    """A tracked passenger moves with the vesicle it sits on."""
    return Draw(event, "share", symbol(passenger) / symbol(particle), passenger)


def released_passenger(entity: str, place: str) -> str:
    """Id of a tracked passenger that has left its particle and stays in a place."""
    return f"{entity}_free__{place}"


def _passenger_target(transfer: Transfer, particle: str, entity: str, flat: Flat) -> str:
    """Where a tracked passenger goes; when its particle is destroyed it stays, if the place can hold it."""
    if transfer.target is not None:
        return passenger_species(particle, entity, transfer.target)
    stays = released_passenger(entity, transfer.source)
    return stays if stays in flat.species else _sink(flat, transfer.sink or transfer.id, entity, "copy")


def _flatten_unpack(unpack: Unpack, particle: Particle, flat: Flat) -> None:
    source = particle_species(particle.id, unpack.place)
    changes: dict[str, sympy.Expr] = {source: sympy.Integer(-1), _sink(flat, "unpacked", particle.id): sympy.Integer(1)}
    for step in (*((unpack.step,) if unpack.step else ()), *unpack.also):
        changes[_counter(flat, step, particle.id, "EV")] = sympy.Integer(1)
    rate = unpack.hazard * symbol(source)
    flat.flows.append(Flow(unpack.id, changes, rate, "EV"))
    carried = {passenger.entity: passenger for passenger in particle.passengers}
    for entity in _tracked(particle):
        here = passenger_species(particle.id, entity, unpack.place)
        stays = released_passenger(entity, unpack.place)
        there = stays if stays in flat.species else _sink(flat, "unpacked", entity, "copy")
        flat.flows.append(
            Flow(f"{unpack.id}__on__{entity}", {here: sympy.Integer(-1), there: sympy.Integer(1)}, unpack.hazard * symbol(here), "copy", _with_its_vesicle(unpack.id, here, source))
        )
    for entity, target in unpack.into.items():
        if entity not in carried or target not in flat.species:
            raise ModelError(f"'{unpack.id}' unpacks '{entity}' into '{target}'; expected a passenger of '{particle.id}' and a species of the network.")
        mean = carried[entity].copies
        flat.flows.append(Flow(f"{unpack.id}__{entity}", {target: sympy.Integer(1)}, rate * mean, flat.species[target][0], _burst(unpack, carried[entity])))


def _burst(unpack: Unpack, passenger: Passenger) -> Draw:
    """Copies that one vesicle brings; a ``load`` counts the vesicles that bring any copy of its guide."""
    guide = passenger.entity.removesuffix("_loads")
    if passenger.role == "load" and guide in unpack.into:
        return Draw(unpack.id, "present", passenger.copies, f"{unpack.id}__{guide}")
    return Draw(unpack.id, passenger.distribution, passenger.copies, size=passenger.copies_if_loaded)
