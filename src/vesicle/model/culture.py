"""A donor culture as a scenario's arm: donor cells that grow, make vesicles into their medium, and take some of them up again.

Totals over the N(t) cells of the dish, from the change of medium on. Cells divide at mu, and new cells bring their ESCRT sets:

    dN/dt = mu N,     d free/dt = ... + mu (sets per cell) N

What a laboratory reads is per cell at the time of reading:

    release rate         k_fus d (vesicles in bodies)/N                  [EV/(cell*h)]
    released             all that ever left the cells / N                 [EV/cell]
    counted              recovery of the isolation x in the medium / N    [EV/cell]
    fusion rate, bodies  k_fus B/N, B/N
    taken back           what the donor took up again / N                 [EV/cell]

The cells start as they are after ``lead_in`` hours in the arm's own condition (:mod:`vesicle.mechanisms.making.settled`), in medium that is free of vesicles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sympy

from vesicle.errors import SchemaError
from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site, amount
from vesicle.mechanisms.making.budding import FREE, MVB_PLACE
from vesicle.mechanisms.making.endosomes import BODY
from vesicle.mechanisms.making.re_uptake import BACK, ReUptake
from vesicle.mechanisms.making.release import OUTSIDE
from vesicle.mechanisms.making.settled import settled
from vesicle.mechanisms.making.stimuli import AIR
from vesicle.model.assembled import Model, with_overrides, without_unused
from vesicle.model.donor import Donor, donor_network, site_of
from vesicle.model.scenario import ArmSpec, Culture, DonorCargo, DonorState, Scenario
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, passenger_species
from vesicle.network.spread import fixed
from vesicle.network.types import Arm, Network, Observable, Part, Particle, Place, Reaction, Rule, Species
from vesicle.products.cargo import Cargo, Drug, MicroRNA, Protein

CELLS = "donor_cells"
NO_VESICLE = 1e-9
"""Added to a number of vesicles by which copies are divided."""
RECOVERY = "isolation_recovery"
AT_REST = {"oxygen_of_gas": AIR / 100, "escrt_with_ceramide": 1.0}
"""What an arm may set beside levels, as it is in a cell at rest."""


def culture_arm(scenario: Scenario, library: Library, name: str, arm: ArmSpec) -> Model:
    """One arm of a donor culture.

    Raises
    ------
    UnknownName
        For a component or regulator that nobody knows, with its place in the scenario.
    ModelError
        If a measurement is missing or units do not hold.
    """
    state = arm.donor or DonorState()
    culture = scenario.environment
    assert isinstance(culture, Culture)
    site = site_of(donor_of(state), library, lambda key: scenario.where("arms", name, "donor", key).removesuffix(": "))
    network = replace(donor_network(site), id=f"{scenario.name}__{name}", arm=Arm(name), observables=())
    network = network.with_part(_cells(site, culture))
    for particle in network.particles:
        network = network.with_part(ReUptake().contribute(site, particle))
    network = _started(site, _renewed(network, culture), culture).with_part(Part(observables=_observables(site, network.particles, culture)))
    network = without_unused(replace(network, parameters=with_overrides(site, scenario.parameters)))
    network = _at_rest(network)
    return Model(name, network, check(network), ())


def donor_of(state: DonorState) -> Donor:
    """The donor that an arm describes."""
    cargo = tuple(CARGO[item.kind](item) for item in state.cargo)
    return Donor(
        cell=state.cell, levels=dict(state.levels), regulators=state.regulators, oxygen=state.oxygen, states=state.states, engineering=dict(state.engineering),
        ways=dict(state.ways), cargo=cargo,
    )  # fmt: skip


def _drug(item: DonorCargo) -> Drug:
    if item.per_cell is None:
        raise SchemaError(f"the drug '{item.name}' in a donor needs its copies per cell; add 'per_cell: 1e6 copy/cell'.")
    return Drug(item.name, item.per_cell)


CARGO: dict[str, Callable[[DonorCargo], Cargo]] = {
    "miRNA": lambda item: MicroRNA(item.name, item.sequence, per_cell=item.per_cell),
    "protein": lambda item: Protein(item.name, per_cell=item.per_cell),
    "drug": _drug,
}
"""Kind of cargo -> how it is made from a scenario."""


def _at_rest(network: Network) -> Network:
    """Parameters as in a cell at rest, which all arms share, and what this arm sets otherwise."""
    rest = {p.id: AT_REST.get(p.id, 1.0) for p in network.parameters if p.id in AT_REST or p.id.endswith("_level") or p.id.startswith(("engineered__", "way_"))}
    set_here = {p.id: p.value for p in network.parameters if p.id in rest and p.value != rest[p.id]}
    shared = tuple(replace(p, value=rest[p.id], spread=fixed(rest[p.id])) if p.id in rest else p for p in network.parameters)
    return replace(network, parameters=shared, arm=replace(network.arm, set=set_here))


def _cells(site: Site, culture: Culture) -> Part:
    """Cells that divide, their ESCRT sets, and the medium."""
    rate: sympy.Expr = sympy.Integer(0)
    if culture.growth_of:
        rate = sympy.log(2) / site.quantity("doubling_time", "h", cell=culture.growth_of, method="in vitro")
    start = site.given("cells_at_start", culture.cells, "cell")
    born = rate * site.quantity("escrt_sets_per_cell", "copy/cell") * symbol(CELLS)
    grow = (Reaction("grow", {CELLS: 1}, rate * symbol(CELLS)), Reaction("escrt_synthesis", {FREE: 1}, born)) if culture.growth_of else ()
    return Part(
        rules=(Rule("V_medium", "mL", site.given("medium_volume", culture.medium, "mL")),),
        places=(Place(CELLS, "cells", symbol(CELLS), "cell", "donor cells"),),
        species=(Species(CELLS, CELLS, CELLS, "cell", start),),
        reactions=grow,
    )


def _renewed(network: Network, culture: Culture) -> Network:
    """New cells bring what the old ones held of every cargo that the cell makes anew: mu times the content at rest."""
    if not culture.growth_of:
        return network
    rate = next(r.rate for r in network.reactions if r.id == "grow") / symbol(CELLS)
    content = {s.id: s.initial for s in network.species}
    born = [
        Reaction(f"born_with__{name}", {f"in_cytosol__{name}": 1, f"made_anew__{name}": 1}, rate * content[f"in_cytosol__{name}"])
        for name in (r.id.removeprefix("renew__") for r in network.reactions if r.id.startswith("renew__"))
    ]
    return network.with_part(Part(reactions=tuple(born)))


def _started(site: Site, network: Network, culture: Culture) -> Network:
    """The network with its cells settled in the arm's condition."""
    growth = next((r.rate / symbol(CELLS) for r in network.reactions if r.id == "grow"), sympy.Integer(0))
    amounts = settled(site, network, growth, site.given("lead_in", culture.lead_in, "h"), symbol("cells_at_start"))
    kept = tuple(replace(s, initial=amounts.pop(s.id)) if s.id in amounts else s for s in network.species)
    vesicles = {particle_species(p.id, MVB_PLACE) for p in network.particles}
    inside = tuple(Species(name, name.rpartition("__")[0], MVB_PLACE, "EV" if name in vesicles else "copy", value) for name, value in amounts.items())
    return replace(network, species=(*kept, *inside))


def _observables(site: Site, particles: tuple[Particle, ...], culture: Culture) -> tuple[Observable, ...]:
    """What a laboratory reads, all vesicles together and by subpopulation."""
    cells = symbol(CELLS)
    recovery = site.quantity(RECOVERY, "1", method=culture.isolation)
    zero = sympy.Integer(0)
    by: dict[str, tuple[str, str, Callable[[Particle], sympy.Expr]]] = {
        "release_rate": ("EV/(cell*h)", "vesicles released per cell and hour", lambda p: symbol("k_fusion") * symbol("detached_fraction") * amount(p, MVB_PLACE)),
        "released": ("EV/cell", "vesicles released since the change of medium, per cell", lambda p: symbol(f"n_released_by_donor__{p.id}")),
        "counted": ("EV/cell", "vesicles counted after isolation, per cell", lambda p: recovery * amount(p, OUTSIDE)),
        "taken_back": ("EV/cell", "vesicles that the donor took up again, per cell", lambda p: amount(p, BACK) + symbol(f"out_digested_by_donor__{p.id}")),
    }
    found = [
        Observable("cells", "cell", cells, "", "donor cells"),
        Observable("fusion_rate", "MVB/(cell*h)", symbol("k_fusion") * symbol(BODY) / cells, "", "bodies that fuse with the plasma membrane per cell and hour"),
        Observable("bodies", "MVB/cell", symbol(BODY) / cells, "", "multivesicular bodies per cell"),
        Observable("vesicles_in_bodies", "EV/cell", sum((amount(p, MVB_PLACE) for p in particles), zero) / cells, "", "vesicles in bodies per cell"),
    ]
    for name, (unit, label, of) in by.items():
        found.append(Observable(name, unit, sum((of(p) for p in particles), zero) / cells, "", label))
        found += [Observable(f"{name}:{p.id}", unit, of(p) / cells, "", f"{label}; {p.label}") for p in particles]
    for entity in dict.fromkeys(item.entity for p in particles for item in p.passengers):
        found.append(Observable(f"copies_per_vesicle:{entity}", "copy/EV", _mean_copies(site, particles, entity), "", f"copies of {entity} per vesicle in the medium"))
    return tuple(found)


def _mean_copies(site: Site, particles: tuple[Particle, ...], entity: str) -> sympy.Expr:
    """Copies over vesicles in the medium; none where there is no vesicle."""
    copies = sum((symbol(passenger_species(p.id, entity, OUTSIDE)) for p in particles), sympy.Integer(0))
    vesicles = sum((amount(p, OUTSIDE) for p in particles), site.given("no_vesicle", NO_VESICLE, "EV"))
    return copies / vesicles
