"""Scenario + evidence + mechanisms -> one checked network per arm.

Which mechanisms act follows from the environment and from what kind of particle is given,
never from an arm's name. Arms share parameter ids, so they share draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.library import Library
from vesicle.mechanisms.acting.drug import DrugInCells, DrugLeak
from vesicle.mechanisms.acting.silencing import Silencing
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import Attachment
from vesicle.mechanisms.entering.decoy import Decoy
from vesicle.mechanisms.entering.internalisation import Internalisation
from vesicle.mechanisms.entering.maturation import Maturation
from vesicle.mechanisms.entering.surface import SurfaceSignal
from vesicle.mechanisms.phenotype.tumour_growth import Growth
from vesicle.mechanisms.travelling.circulation import Circulation
from vesicle.mechanisms.travelling.clearance import SMALL, Phagocytosis, RenalFiltration, SinusoidalEndothelium, VesselWall
from vesicle.mechanisms.travelling.label import ORGAN_PLACES, Label
from vesicle.mechanisms.travelling.peritoneum import PeritonealDepot
from vesicle.mechanisms.travelling.tumour_entry import TumourEntry
from vesicle.mechanisms.travelling.well import WellDiffusion
from vesicle.model.assembled import Model as Model
from vesicle.model.assembled import identifier as identifier
from vesicle.model.assembled import with_overrides, without_unused
from vesicle.model.carried import pairs_of, sized_cell, with_carried
from vesicle.model.doses import dose_capacity, doses_of, preparation
from vesicle.model.scenario import ArmSpec, Body, Scenario, Well
from vesicle.model.settings import cells_at_start, guide_of, recipient_of, settings_of, species_of
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, visited
from vesicle.network.types import Arm, Network, Observable, Part, Particle, Reaction, Species
from vesicle.products.composition import compose

_BODY: tuple[type[Mechanism], ...] = (Circulation, TumourEntry, Attachment, Internalisation)
_PASSENGERS: dict[str, type[Mechanism]] = {"label": Label, "drug": DrugLeak, "binder": Decoy}
_PARTICULATE: tuple[type[Mechanism], ...] = (Phagocytosis, SinusoidalEndothelium, VesselWall)


def assemble(scenario: Scenario, library: Library) -> dict[str, Model]:
    """All arms of a scenario.

    Raises
    ------
    ModelError, InputError
        If a mechanism lacks a measurement, or names and units do not hold together.
    """
    models = {name: _arm(scenario, library, name, arm) for name, arm in scenario.arms.items()}
    _check_overrides(scenario, models)
    return models


def _arm(scenario: Scenario, library: Library, name: str, arm: ArmSpec) -> Model:
    recipient = recipient_of(scenario, arm)
    products = {dose.product: scenario.products[dose.product] for dose in arm.doses}
    cargo = {c.name: c for product in products.values() for c in product.cargo}
    guides = tuple(guide_of(c, recipient) for c in cargo.values())
    site = Site(library, settings_of(scenario, arm, recipient, guides), {"species": species_of(scenario)})
    site.settings = {**site.settings, "cells_at_start": cells_at_start(site, recipient), "sized_cell": sized_cell(site, recipient)}
    components = {product: with_carried(site, compose(site, preparation(product, spec)), scenario, product) for product, spec in products.items()}
    doses = tuple(dose for spec in arm.doses for dose in doses_of(site, spec, components[spec.product], scenario))
    particles = tuple(component.particle for parts in components.values() for component in parts)
    network = Network(f"{scenario.name}__{name}", Arm(name, doses), particles=particles)
    nothing = Particle("none", "none")
    network = network.with_part(Growth().contribute(site, nothing)).with_part(Silencing().contribute(site, nothing))
    for particle in particles:
        for mechanism in _mechanisms(scenario, arm, particle):
            network = network.with_part(mechanism.contribute(site, particle))
        network = network.with_part(_blood_exposure(particle, set(visited(network, particle.id))) if isinstance(scenario.environment, Body) else Part())
        network = network.with_part(dose_capacity(site, particle))
    if particles and isinstance(scenario.environment, Body):
        total = sum((symbol(f"exposure_blood__{p.id}") for p in particles), sympy.Integer(0))
        network = network.with_part(Part(observables=(Observable("exposure:all", "EV*h", total, "", "blood exposure of all particles"),)))
    network = _with_passengers(site, network)
    network = _with_surface(site, network)
    network = replace(network, parameters=with_overrides(site, scenario.parameters))
    network = without_unused(network)
    return Model(name, network, check(network), guides)


def _mechanisms(scenario: Scenario, arm: ArmSpec, particle: Particle) -> list[Mechanism]:
    if isinstance(scenario.environment, Well):
        chosen: list[type[Mechanism]] = [WellDiffusion]
        if arm.floor == "cells":
            chosen += [Attachment, Internalisation, Maturation]
        return [mechanism() for mechanism in chosen]
    chosen = [*_BODY, *((RenalFiltration,) if particle.product == SMALL else _PARTICULATE)]
    if any(dose.route == "intraperitoneal" for dose in arm.doses):
        chosen.append(PeritonealDepot)
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


def _with_passengers(site: Site, network: Network) -> Network:
    """What tracked passengers do in every place that their particle visits."""
    nothing = Particle("none", "none")
    for kind, there in ((DrugInCells, site.settings["drugs"]), (Decoy, site.settings["binders"])):
        network = network.with_part(kind().contribute(site, nothing)) if there else network
    for particle in network.particles:
        for passenger in particle.passengers:
            if passenger.tracked:
                places = tuple(visited(network, particle.id))
                site.settings = {
                    **site.settings,
                    "passenger": passenger.entity,
                    "label": passenger.entity,
                    "label_kind": passenger.entity.removeprefix("label_"),
                    "visited": places,
                    "outside": tuple(place for place in places if place != site.settings["endosome"]),
                }
                network = network.with_part(_PASSENGERS[passenger.role]().contribute(site, particle))
    return network


def _with_surface(site: Site, network: Network) -> Network:
    """Signals of receptors that the recipient has, by vesicles that reach its surface."""
    if not site.settings["receptors"]:
        return network
    here = tuple(p for p in network.particles if site.settings["bound"] in visited(network, p.id))
    site.settings = {**site.settings, "pairs": pairs_of(site), "particles": here}
    return network.with_part(SurfaceSignal().contribute(site, Particle("none", "none")))


def _check_overrides(scenario: Scenario, models: Mapping[str, Model]) -> None:
    known = {p.id for model in models.values() for p in model.network.parameters}
    for name in scenario.parameters:
        if name not in known:
            raise unknown_name("parameter", name, known, scenario.where("parameters", name).removesuffix(": "))
    observables = {o.id for o in models[scenario.question.arm].network.observables}
    observables &= {o.id for o in models[scenario.arms[scenario.question.arm].control or scenario.question.control].network.observables}
    if scenario.question.readout not in observables:
        raise unknown_name("readout", scenario.question.readout, observables, scenario.where("question", "readout").removesuffix(": "))
