"""Further populations of cells that share an arm's vesicles with its first recipient.

A recipient's mechanisms write ids that every recipient has (``cell_endosome``, ``growth_rate``, ``in_cell:exosome``). For a further population

    id  ->  id__of_NAME        for all that belongs to its cells: places, species, rules, transfers, unpacks, reactions, readouts

while parameters, fluids, what is dissolved in the medium and ways out of the world are shared, and no mechanism knows of it. The first
recipient keeps the plain ids, so an arm without others is what it was. Custody steps of a further population are counted by themselves
(``bound_of_NAME``), so that the chain is about the first; for every kind of particle

    dosed = amounts over all places + amounts in sinks

stays a linear invariant, the places of all populations included. Readouts of places that several populations are in (``in:tumour``,
``signal:tumour``) sum over them. A population has taken what it internalised less what it gave back,

    T_k = n_internalised,k - n_recycled,k,      share of k = T_k / sum over populations of T_j
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy

from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, passenger_species, released_passenger
from vesicle.network.types import OTHER, Network, Observable, Parameter, Part

SUMMED = ("in:", "signal:")
"""Readouts of an organ, whoever in it holds the vesicles."""


def ending(name: str) -> str:
    """What the ids of a further population end with."""
    return f"_{OTHER}{name}"


@dataclass
class PopulationSite(Site):
    """A site of a further population, which shares every parameter for which the same records answer, and has its own where others do."""

    name: str = ""

    def quantity(self, name: str, unit: str, **context: str) -> sympy.Symbol:
        """See :class:`Site`; the number of a cell of another species or line goes by an id of its own."""
        alone = Site(self.library, self.settings, self.context)
        identity = str(alone.quantity(name, unit, **context))
        return self._kept(alone.parameters[identity])

    def given(self, identity: str, value: float, unit: str) -> sympy.Symbol:
        """See :class:`Site`; a number that the first recipient has otherwise goes by an id of its own."""
        alone = Site(self.library, self.settings, self.context)
        alone.given(identity, value, unit)
        return self._kept(alone.parameters[identity])

    def _kept(self, parameter: Parameter) -> sympy.Symbol:
        if self.parameters.setdefault(parameter.id, parameter) != parameter:
            parameter = replace(parameter, id=parameter.id + ending(self.name))
            self.parameters[parameter.id] = parameter
        return symbol(parameter.id)


def is_shared(identity: str) -> bool:
    """Whether a species is the same for all populations: dissolved in the medium, or out of the world."""
    return identity.endswith(released_passenger("", "medium")) or identity.startswith("out_")


def renaming(network: Network, name: str) -> dict[str, str]:
    """Every id of a population's own network -> the id that it has in the arm; one to one."""
    own = [item.id for kind in (network.rules, network.places, network.species, network.transfers, network.unpacks, network.reactions, network.triggers) for item in kind]
    own += [gate.id for gate in network.gates]
    for particle in network.particles:
        for place in network.places:
            own.append(particle_species(particle.id, place.id))
            own += [passenger_species(particle.id, passenger.entity, place.id) for passenger in particle.passengers if passenger.tracked]
    return {identity: identity + ending(name) for identity in dict.fromkeys(own) if not is_shared(identity)}


def renamed(network: Network, name: str) -> Part:
    """A population's own network as the part that it brings to the arm."""
    ids = renaming(network, name)
    symbols = {symbol(old): symbol(new) for old, new in ids.items()}

    def put(value: Any) -> Any:
        return value.xreplace(symbols) if isinstance(value, sympy.Basic) else value

    def word(identity: str) -> str:
        return ids.get(identity, identity)

    def step(of: str | None) -> str | None:
        return f"{of}{OTHER}{name}" if of else of

    return Part(
        rules=tuple(replace(r, id=word(r.id), expression=put(r.expression)) for r in network.rules),
        places=tuple(replace(p, id=word(p.id), size=put(p.size), label=f"{p.label} ({name})") for p in network.places),
        species=tuple(replace(s, id=word(s.id), place=word(s.place), initial=put(s.initial)) for s in network.species),
        transfers=tuple(replace(t, id=word(t.id), source=word(t.source), target=t.target and word(t.target), hazard=put(t.hazard), step=step(t.step)) for t in network.transfers),
        unpacks=tuple(
            replace(
                u,
                id=word(u.id),
                place=word(u.place),
                into={k: word(v) for k, v in u.into.items()},
                hazard=put(u.hazard),
                step=step(u.step),
                also=tuple(f"{s}{OTHER}{name}" for s in u.also),
            )
            for u in network.unpacks
        ),
        reactions=tuple(
            replace(r, id=word(r.id), stoichiometry={word(k): put(v) for k, v in r.stoichiometry.items()}, rate=put(r.rate), step=step(r.step)) for r in network.reactions
        ),
        gates=tuple(replace(g, id=word(g.id), aim=put(g.aim), rest=put(g.rest), tau=put(g.tau)) for g in network.gates),
        triggers=tuple(
            replace(t, id=word(t.id), when=put(t.when), set={word(k): put(v) for k, v in t.set.items()}, delay=put(t.delay), priority=put(t.priority)) for t in network.triggers
        ),
        observables=tuple(_observable(o, put(o.value), name) for o in network.observables),
    )


def _observable(old: Observable, value: sympy.Expr, name: str) -> Observable:
    """A readout of the population; one in which nothing of its cells stands is the arm's."""
    return old if value == old.value else replace(old, id=old.id + ending(name), value=value, label=f"{old.label} ({name})")


def joined(network: Network, alone: Network, name: str) -> Network:
    """An arm's network with a further population."""
    ids = renaming(alone, name)
    whole = replace(network, observables=tuple(_summed(o, ids) if o.id.startswith(SUMMED) else o for o in network.observables))
    return whole.with_part(renamed(alone, name))


def _summed(observable: Observable, ids: Mapping[str, str]) -> Observable:
    """The readout of an organ plus the same over a further population's cells; amounts enter it as a sum."""
    first = {s: symbol(ids[str(s)]) for s in observable.value.free_symbols if str(s) in ids}
    cells = observable.value - observable.value.xreplace(dict.fromkeys(first, sympy.Integer(0)))
    return replace(observable, value=observable.value + cells.xreplace(first))


def with_shares(network: Network, names: Sequence[str], site: Site) -> Network:
    """Readouts of what each of several populations has taken in, ``taken:NAME`` [EV], and its share of what all have, ``taken_share:NAME`` [1]."""
    steps = {name: "internalised" if name == names[0] else f"internalised{OTHER}{name}" for name in names}
    taken = {name: sum((symbol(f"n_{step}__{p}") for p in _crossing(network, step)), sympy.Integer(0)) for name, step in steps.items()}
    if len(names) < 2 or not any(value != 0 for value in taken.values()):
        return network
    every = sum(taken.values(), site.given("one_particle", 1.0, "EV"))
    found = [Observable(f"taken:{name}", "EV", value, "", f"vesicles that {name} took in") for name, value in taken.items()]
    found += [Observable(f"taken_share:{name}", "1", value / every, "", f"share of {name} in the vesicles that cells took in") for name, value in taken.items()]
    return network.with_part(Part(observables=tuple(found)))


def _crossing(network: Network, step: str) -> list[str]:
    """Particles that cross a step."""
    return list(dict.fromkeys(t.particle for t in network.transfers if t.step == step))
