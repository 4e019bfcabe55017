"""Scenario + evidence + mechanisms -> one checked network per arm.

Which mechanisms act follows from the environment and from what kind of particle is given,
never from an arm's name. Arms share parameter ids, so they share draws.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.library import Library
from vesicle.mechanisms.acting.drug import DrugInCells, DrugLeak
from vesicle.mechanisms.acting.tumour_drug import TumourDrug
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import Attachment
from vesicle.mechanisms.entering.decoy import Decoy
from vesicle.mechanisms.entering.internalisation import Internalisation
from vesicle.mechanisms.entering.maturation import Maturation
from vesicle.mechanisms.entering.surface import SurfaceSignal
from vesicle.mechanisms.phenotype.death_ligand import DeathLigand, death_receptors
from vesicle.mechanisms.phenotype.growth_laws import WITH_DEATHS
from vesicle.mechanisms.phenotype.resistance.product import Resistance
from vesicle.mechanisms.phenotype.tumour_growth import Growth
from vesicle.mechanisms.phenotype.tumour_states import TumourStates
from vesicle.mechanisms.signalling.circuit import Signalling
from vesicle.mechanisms.travelling.brain_entry import BrainEntry
from vesicle.mechanisms.travelling.circulation import Circulation
from vesicle.mechanisms.travelling.clearance import DrugMetabolism, NucleaseDegradation, Phagocytosis, RenalFiltration, SinusoidalEndothelium, VesselWall
from vesicle.mechanisms.travelling.drug_cargo import DrugCargo
from vesicle.mechanisms.travelling.drug_ways import drug_of
from vesicle.mechanisms.travelling.gut import Gut
from vesicle.mechanisms.travelling.inflamed_tissue import InflamedTissue
from vesicle.mechanisms.travelling.intratumoural import IntratumouralDepot
from vesicle.mechanisms.travelling.label import ORGAN_PLACES, Label
from vesicle.mechanisms.travelling.peritoneum import PeritonealDepot, SubcutaneousDepot
from vesicle.mechanisms.travelling.tumour_entry import TumourEntry
from vesicle.mechanisms.travelling.well import WellDiffusion
from vesicle.model import populations
from vesicle.model.assembled import Model as Model
from vesicle.model.assembled import identifier as identifier
from vesicle.model.assembled import with_overrides, without_unused
from vesicle.model.cargo import acting
from vesicle.model.carried import pairs_of, sized_cell, with_carried
from vesicle.model.culture import culture_arm
from vesicle.model.deaths import with_deaths
from vesicle.model.doses import dose_capacity, doses_of, preparation
from vesicle.model.drugs import drug_doses, with_drugs
from vesicle.model.scenario import ArmSpec, Body, CargoSpec, Recipient, Scenario, Well
from vesicle.model.settings import cells_at_start, compared_with, recipient_of, recipients_in, settings_of, species_of
from vesicle.model.signalling import STATES
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, released_passenger, visited
from vesicle.network.types import Arm, Network, Observable, Part, Particle, Reaction, Species
from vesicle.products.carriers import CARRIERS
from vesicle.products.composition import compose

_ENTRY: Mapping[str, type[Mechanism]] = {"tumour": TumourEntry, "brain": BrainEntry}
"""How particles leave the vessels of the tissue in which a recipient lives."""
_INTO_CELLS: tuple[type[Mechanism], ...] = (Attachment, Internalisation)
_WAYS: Mapping[str, type[Mechanism]] = {
    "phagocytes": Phagocytosis, "endothelium": SinusoidalEndothelium, "vessel_wall": VesselWall, "kidney": RenalFiltration,
    "nucleases": NucleaseDegradation, "metabolism": DrugMetabolism,
}  # fmt: skip
"""What each way out of blood is, see :mod:`vesicle.products.carriers`."""
_DEPOTS: Mapping[str, type[Mechanism]] = {"intraperitoneal": PeritonealDepot, "subcutaneous": SubcutaneousDepot, "intratumoural": IntratumouralDepot, "oral": Gut}
_PASSENGERS: Mapping[str, type[Mechanism]] = {"label": Label, "drug": DrugLeak, "binder": Decoy}
"""What happens to a tracked passenger in a well, by its role."""
_IN_BODY: Mapping[str, type[Mechanism]] = {**_PASSENGERS, "drug": DrugCargo}


def assemble(scenario: Scenario, library: Library, only: Sequence[str] = ()) -> dict[str, Model]:
    """All arms of a scenario, or ``only`` some (all are made where parameters are set, whose names must exist in one of them).

    Raises
    ------
    ModelError, InputError
        If a mechanism lacks a measurement, or names and units do not hold together.
    """
    build = ARMS[scenario.environment.kind]
    models = {name: build(scenario, library, name, arm) for name, arm in scenario.arms.items() if not only or name in only or scenario.parameters}
    if len(models) == len(scenario.arms):
        _check_overrides(scenario, models)
    return models


def _arm(scenario: Scenario, library: Library, name: str, arm: ArmSpec) -> Model:
    recipient = recipient_of(scenario, arm)
    products = {dose.product: scenario.products[dose.product] for dose in arm.doses}
    cargo = tuple({c.name: c for product in products.values() for c in product.cargo}.values())
    site = Site(library, settings_of(scenario, library, arm, recipient, cargo), {"species": species_of(scenario)})
    site.settings = {**site.settings, **_of_recipient(site, scenario, arm, recipient)}
    components = {product: with_carried(site, compose(site, preparation(product, spec)), scenario, product) for product, spec in products.items()}
    doses = tuple(dose for spec in arm.doses for dose in doses_of(site, spec, components[spec.product], scenario))
    particles = tuple(component.particle for parts in components.values() for component in parts)
    doses += drug_doses(site, scenario, name, arm)
    network = Network(f"{scenario.name}__{name}", Arm(name, doses), particles=particles)
    nothing = Particle("none", "none")
    site.settings = {**site.settings, "particles": particles}
    for mechanism in (_growth(site), *acting(c.type for c in cargo)):
        network = network.with_part(mechanism.contribute(site, nothing))
    for particle in particles:
        for mechanism in _mechanisms(scenario, arm, particle):
            network = network.with_part(mechanism.contribute(site, particle))
        network = network.with_part(_blood_exposure(particle, set(visited(network, particle.id))) if isinstance(scenario.environment, Body) else Part())
        network = network.with_part(dose_capacity(site, particle))
    if particles and isinstance(scenario.environment, Body):
        total = sum((symbol(f"exposure_blood__{p.id}") for p in particles), sympy.Integer(0))
        network = network.with_part(Part(observables=(Observable("exposure:all", "EV*h", total, "", "blood exposure of all particles"),)))
    network = _with_passengers(site, network, _IN_BODY if isinstance(scenario.environment, Body) else _PASSENGERS)
    network = _with_tumour_drug(site, network)
    network = _with_surface(site, network)
    network = _with_consequences(site, network)
    for other in arm.beside:
        network = populations.joined(network, _population(scenario, site, arm, other, cargo, network), other)
    network = populations.with_shares(network, list(recipients_in(scenario, arm)), site)
    network = replace(network, parameters=with_overrides(site, scenario.parameters))
    network = without_unused(network)
    return Model(name, network, check(network), tuple(g for g in site.settings["guides"] if g.own is None))


def _growth(site: Site) -> Mechanism:
    """What makes the recipient's cells grow: plainly, or in states where they sleep or may shrink."""
    told = site.settings["dormant_share"] is not None or site.settings["growth_law"] in WITH_DEATHS
    may_die = site.settings["cells_may_be_killed"] or death_receptors(site) or not STATES.isdisjoint(site.settings["follows"])
    return TumourStates() if told or may_die else Growth()


def _of_recipient(site: Site, scenario: Scenario, arm: ArmSpec, recipient: Recipient, ending: str = "") -> dict[str, Any]:
    """Settings of a recipient that ask the evidence."""
    return {
        "cells_at_start": cells_at_start(site, recipient, recipients_in(scenario, arm).values(), ending),
        "sized_cell": sized_cell(site, recipient),
        "compared_with": compared_with(site, recipient),
    }


def _population(scenario: Scenario, site: Site, arm: ArmSpec, name: str, cargo: tuple[CargoSpec, ...], network: Network) -> Network:
    """The cells of a further recipient by themselves, under the ids that every recipient has."""
    recipient = scenario.recipients[name]
    own = populations.PopulationSite(site.library, {}, site.context, site.parameters, name)
    settings = {**settings_of(scenario, site.library, arm, recipient, cargo), "particles": network.particles, "free_drugs": (), "irradiated": False, "shares_medium": True}
    own.settings = {**settings, "cells_may_be_killed": bool(settings["drugs"] or settings.get("body_drugs"))}
    settings = own.settings
    own.settings = {**settings, **_of_recipient(own, scenario, arm, recipient, populations.ending(name))}
    nothing = Particle("none", "none")
    alone = Network(name, Arm(name), particles=network.particles)
    for mechanism in (_growth(own), *acting(c.type for c in cargo)):
        alone = alone.with_part(mechanism.contribute(own, nothing))
    for particle in network.particles:
        for kind in _into_cells(scenario, particle):
            alone = alone.with_part(kind().contribute(own, particle))
    own_places = {place.id for place in alone.places}
    alone = _with_passengers(own, alone, _IN_BODY if isinstance(scenario.environment, Body) else _PASSENGERS, own_places)
    return _with_consequences(own, _with_surface(own, alone))


def _with_consequences(site: Site, network: Network) -> Network:
    """Signalling of a recipient, how it comes to stand a drug, and what dying cells take with them."""
    nothing = Particle("none", "none")
    network = network.with_part(Signalling().contribute(site, nothing)) if site.settings["nodes"] else network
    network = network.with_part(Resistance().contribute(site, nothing)) if site.settings["resistance"] else network
    network = with_drugs(site, network)
    return with_deaths(network, site.settings)


def _into_cells(scenario: Scenario, particle: Particle) -> tuple[type[Mechanism], ...]:
    """What a recipient's cells do with a kind of particle."""
    if isinstance(scenario.environment, Well):
        return (*_INTO_CELLS, Maturation)
    return _INTO_CELLS if CARRIERS[particle.product].enters_cells else ()


def _mechanisms(scenario: Scenario, arm: ArmSpec, particle: Particle) -> list[Mechanism]:
    if isinstance(scenario.environment, Well):
        acts: list[type[Mechanism]] = [WellDiffusion, *(_into_cells(scenario, particle) if arm.floor == "cells" else ())]
        return [kind() for kind in acts]
    assert isinstance(scenario.environment, Body)
    chosen: list[type[Mechanism]] = [
        Circulation,
        _ENTRY[recipient_of(scenario, arm).tissue],
        *_into_cells(scenario, particle),
        *(_WAYS[way] for way in CARRIERS[particle.product].leaves_by),
    ]
    chosen += [InflamedTissue] if scenario.environment.inflamed_tissue else []
    chosen += [depot for route, depot in _DEPOTS.items() if any(dose.route == route for dose in arm.doses)]
    return [mechanism() for mechanism in chosen]


def _blood_exposure(particle: Particle, reached: set[str]) -> Part:
    """Blood amount, its time integral, and organ contents of one kind of particle."""
    auc = Species(f"exposure_blood__{particle.id}", particle.id, "", "EV*h")
    here = {organ: [p for p in places if p in reached] for organ, places in ORGAN_PLACES.items()}
    blood = sum((symbol(particle_species(particle.id, p)) for p in here["blood"]), sympy.Integer(0))
    observables = [
        Observable(f"in:{organ}:{particle.id}", "EV", sum((symbol(particle_species(particle.id, p)) for p in places), sympy.Integer(0)), "", f"{particle.label} in {organ}")
        for organ, places in here.items()
        if places
    ]
    observables.append(Observable(f"exposure:{particle.id}", "EV*h", symbol(auc.id), "", f"blood exposure of {particle.label}"))
    return Part(species=(auc,), reactions=(Reaction(f"expose__{particle.id}", {auc.id: 1}, blood),), observables=tuple(observables))


def _with_passengers(site: Site, network: Network, follow: Mapping[str, type[Mechanism]], within: Collection[str] | None = None) -> Network:
    """What tracked passengers do in every place that their particle visits (only in some, where these are named)."""
    nothing = Particle("none", "none")
    for kind, there in ((DrugInCells, site.settings["drugs"]), (Decoy, site.settings["binders"])):
        network = network.with_part(kind().contribute(site, nothing)) if there else network
    for particle in network.particles:
        for passenger in particle.passengers:
            if passenger.tracked:
                places = tuple(place for place in visited(network, particle.id) if within is None or place in within)
                site.settings = {
                    **site.settings,
                    "passenger": passenger.entity,
                    "label": passenger.entity,
                    "label_kind": passenger.entity.removeprefix("label_"),
                    "visited": places,
                    "outside": tuple(place for place in places if place != site.settings["endosome"]),
                }
                network = network.with_part(follow[passenger.role]().contribute(site, particle))
    return network


def _with_tumour_drug(site: Site, network: Network) -> Network:
    """What cancer cells of a body see of the drugs that an arm gives."""
    drugs = site.settings.get("body_drugs", ())
    if not drugs:
        return network
    one = site.given("one_copy_per_molecule", 1.0, "copy/EV")
    near, known = site.settings["near"], {s.id for s in network.species}
    pools = {}
    for drug in drugs:
        given = [(particle_species(p.id, near), one) for p in network.particles if drug_of(p) == drug]
        left = [released_passenger(drug, place) for place in (near, site.settings["bound"], site.settings["endosome"])]
        pools[drug] = [*given, *((name, sympy.Integer(1)) for name in left if name in known)]
    site.settings = {**site.settings, "drug_pools": pools}
    return network.with_part(TumourDrug().contribute(site, Particle("none", "none")))


def _with_surface(site: Site, network: Network) -> Network:
    """Signals of receptors that the recipient has, by vesicles that reach its surface."""
    if not site.settings["signal_receptors"]:
        return network
    here = tuple(p for p in network.particles if site.settings["bound"] in visited(network, p.id))
    site.settings = {**site.settings, "pairs": pairs_of(site), "particles": here}
    network = network.with_part(SurfaceSignal().contribute(site, Particle("none", "none")))
    if not death_receptors(site):
        return network
    return network.with_part(DeathLigand().contribute(site, Particle("none", "none")))


def _check_overrides(scenario: Scenario, models: Mapping[str, Model]) -> None:
    known = {p.id for model in models.values() for p in model.network.parameters}
    for name in scenario.parameters:
        if name not in known:
            raise unknown_name("parameter", name, known, scenario.where("parameters", name).removesuffix(": "))
    observables = {o.id for o in models[scenario.question.arm].network.observables}
    observables &= {o.id for o in models[scenario.arms[scenario.question.arm].control or scenario.question.control].network.observables}
    if scenario.question.readout not in observables:
        raise unknown_name("readout", scenario.question.readout, observables, scenario.where("question", "readout").removesuffix(": "))


ARMS: dict[str, Callable[[Scenario, Library, str, ArmSpec], Model]] = {"body": _arm, "well": _arm, "culture": culture_arm}
"""Kind of environment -> what builds one arm in it."""
