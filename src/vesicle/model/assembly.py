"""Scenario + evidence + mechanisms -> one checked network per arm.

Which mechanisms act follows from the environment and from what kind of particle is given,
never from an arm's name. Arms share parameter ids, so they share draws.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy

from vesicle import units
from vesicle.errors import SchemaError, UnitError, unknown_name
from vesicle.evidence.library import Library
from vesicle.mechanisms.acting.silencing import Guide, Silencing
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import Attachment
from vesicle.mechanisms.entering.internalisation import Internalisation
from vesicle.mechanisms.phenotype.tumour_growth import Growth
from vesicle.mechanisms.travelling.circulation import Circulation
from vesicle.mechanisms.travelling.clearance import DrugMetabolism, NucleaseDegradation, Phagocytosis, RenalFiltration, SinusoidalEndothelium, VesselWall
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.mechanisms.travelling.drug_cargo import DrugCargo
from vesicle.mechanisms.travelling.inflamed_tissue import InflamedTissue
from vesicle.mechanisms.travelling.label import ORGAN_PLACES, Label
from vesicle.mechanisms.travelling.peritoneum import PERITONEUM, SUBCUTIS, PeritonealDepot, SubcutaneousDepot
from vesicle.mechanisms.travelling.tumour_entry import TumourEntry
from vesicle.mechanisms.travelling.well import WellDiffusion, thicknesses
from vesicle.model.scenario import ArmSpec, Body, CargoSpec, DoseSpec, ProductSpec, Recipient, Scenario, Well
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.flat import Flat, particle_species, visited
from vesicle.network.spread import fixed
from vesicle.network.types import Arm, Dose, Network, Observable, Part, Particle, Reaction, Species
from vesicle.products.carriers import CARRIERS
from vesicle.products.composition import Cargo, Component, Preparation, compose

ROUTES = {"intravenous": "vein", "intraperitoneal": PERITONEUM, "subcutaneous": SUBCUTIS, "intratumoural": "tumour_interstitium", "well": "layer"}
COUNTED = {"intravenous": ("circulating",), "intratumoural": ("at_tumour",)}
"""Custody steps that a dose crosses by its route."""
_BODY: tuple[type[Mechanism], ...] = (Circulation, TumourEntry)
_INTO_CELLS: tuple[type[Mechanism], ...] = (Attachment, Internalisation)
_WAYS: Mapping[str, type[Mechanism]] = {
    "phagocytes": Phagocytosis, "endothelium": SinusoidalEndothelium, "vessel_wall": VesselWall, "kidney": RenalFiltration,
    "nucleases": NucleaseDegradation, "metabolism": DrugMetabolism,
}  # fmt: skip
"""What each way out of blood is, see :mod:`vesicle.products.carriers`."""
_DEPOTS: Mapping[str, type[Mechanism]] = {"intraperitoneal": PeritonealDepot, "subcutaneous": SubcutaneousDepot}
_FOLLOWED: Mapping[str, type[Mechanism]] = {"label": Label, "drug": DrugCargo}
"""What happens to a tracked passenger, by its role."""


@dataclass(frozen=True)
class Model:
    """One arm, assembled: its network, its flat form and the guides in it."""

    arm: str
    network: Network
    flat: Flat
    guides: tuple[Guide, ...]


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


def identifier(text: str) -> str:
    """A name as an identifier: ``KRAS G12D siRNA`` -> ``KRAS_G12D_siRNA``."""
    word = re.sub(r"\W+", "_", text).strip("_")
    return word if word[:1].isalpha() else f"x_{word}"


def recipient_of(scenario: Scenario, arm: ArmSpec) -> Recipient:
    """The recipient of an arm: its own, else the first of the scenario."""
    return scenario.recipients[arm.recipient] if arm.recipient else next(iter(scenario.recipients.values()))


def _guide(cargo: CargoSpec, recipient: Recipient) -> Guide:
    """Whether the recipient has the site: the gene must be there, and the variant when one is named."""
    gene, _, variant = (cargo.target or "").partition(" ")
    matches = bool(gene) and (not variant or recipient.genotype.get(gene) == variant)
    if cargo.force_match:
        gene, matches = gene or recipient.genes[0], True
    return Guide(identifier(cargo.name), cargo.type, gene, matches, cargo.native)


def _arm(scenario: Scenario, library: Library, name: str, arm: ArmSpec) -> Model:
    recipient = recipient_of(scenario, arm)
    products = {dose.product: scenario.products[dose.product] for dose in arm.doses}
    cargo = {c.name: c for product in products.values() for c in product.cargo}
    guides = tuple(_guide(c, recipient) for c in cargo.values())
    site = Site(library, _settings(scenario, arm, recipient, guides), {"species": _species(scenario)})
    site.settings = {**site.settings, "cells_at_start": _cells_at_start(site, recipient)}
    components = {product: compose(site, _preparation(product, spec)) for product, spec in products.items()}
    doses = tuple(dose for spec in arm.doses for dose in _doses(site, spec, components[spec.product], scenario))
    particles = tuple(component.particle for parts in components.values() for component in parts)
    network = Network(f"{scenario.name}__{name}", Arm(name, doses), particles=particles)
    nothing = Particle("none", "none")
    network = network.with_part(Growth().contribute(site, nothing)).with_part(Silencing().contribute(site, nothing))
    for particle in particles:
        for mechanism in _mechanisms(scenario, arm, particle):
            network = network.with_part(mechanism.contribute(site, particle))
        network = network.with_part(_blood_exposure(particle, set(visited(network, particle.id))) if isinstance(scenario.environment, Body) else Part())
        network = network.with_part(_dose_capacity(site, particle))
    if particles and isinstance(scenario.environment, Body):
        total = sum((symbol(f"exposure_blood__{p.id}") for p in particles), sympy.Integer(0))
        network = network.with_part(Part(observables=(Observable("exposure:all", "EV*h", total, "", "blood exposure of all particles"),)))
    network = _with_labels(site, network, products)
    network = replace(network, parameters=_parameters(site, scenario))
    network = _without_unused(network)
    return Model(name, network, check(network), guides)


def _cells_at_start(site: Site, recipient: Recipient) -> sympy.Expr:
    """Number of recipient cells: as set, else (in a well) the measured cells per area times the area."""
    if recipient.cells is not None:
        return site.given("cells_at_start", recipient.cells, "cell")
    if "area_um2" not in site.settings:
        raise SchemaError(f"recipient '{recipient.cell}': the number of cells is missing; add 'cells: 1e8 cell'.")
    area = site.given("well_area", site.settings["area_um2"], "um2")
    return site.quantity("cells_per_area", "cell/um2", cell=recipient.cell, species=recipient.species) * area


def _species(scenario: Scenario) -> str:
    return scenario.environment.species if isinstance(scenario.environment, Body) else ""


def _preparation(name: str, spec: ProductSpec) -> Preparation:
    cargo = tuple(Cargo(identifier(c.name), c.type, c.loading, c.fold) for c in spec.cargo)
    return Preparation(name, spec.kind, cargo, spec.fraction, spec.label, spec.drug, spec.drug_copies)


def _settings(scenario: Scenario, arm: ArmSpec, recipient: Recipient, guides: tuple[Guide, ...]) -> dict[str, Any]:
    imposed = arm.assume or scenario.assume
    settings: dict[str, Any] = {
        "guides": guides,
        "genes": recipient.genes,
        "cell_line": recipient.cell,
        "cell_species": recipient.species,
        "route_cell": "epithelial tumour cell",
        "tumour_type": recipient.tumour_type,
        "growth_law": recipient.growth,
        "growth_driver": recipient.growth_driver,
        "macrophages": arm.macrophages,
        "held_copies": imposed.cytosolic_copies,
        "acidification": imposed.acidification,
        "inhibitors": imposed.inhibitors,
        "cd47_fold": {name: product.cd47 for name, product in scenario.products.items() if product.cd47 is not None},
        "diameters": {name: product.diameter for name, product in scenario.products.items() if product.diameter is not None},
        "label_methods": {name: product.nuclide for name, product in scenario.products.items() if product.nuclide},
        "ligands": {name: product.ligand for name, product in scenario.products.items() if product.ligand},
        "receptors": dict(recipient.receptors),
        "opsonins": arm.opsonins,
        "depots": tuple(ROUTES[route] for route in _DEPOTS if any(dose.route == route for dose in arm.doses)),
        "floor": arm.floor,
    }
    if isinstance(scenario.environment, Body):
        settings |= _body_settings(scenario.environment)
    else:
        settings |= _well_settings(scenario.environment)
    return settings


def _body_settings(body: Body) -> dict[str, Any]:
    return {
        "cells": "tumour_cells",
        "growth_method": "in vivo",
        "near": "tumour_pericellular",
        "near_volume": symbol("V_interstitium"),
        "bound": "tumour_surface",
        "endosome": "tumour_endosome",
        "tumour_in_peritoneum": body.tumour_in_peritoneum,
        "inflamed_volume": body.inflamed_tissue,
    }


def _well_settings(well: Well) -> dict[str, Any]:
    area_um2 = units.convert(well.area, "cm2", "um2")
    sizes = thicknesses(well.depth, well.floor_layer, well.layers)
    return {
        "cells": "floor_cells",
        "growth_method": "in vitro",
        "near": "layer_0",
        "near_volume": symbol("well_area") * symbol("layer_thickness_0") * symbol("per_um3_mL"),
        "bound": "cell_surface",
        "endosome": "cell_endosome",
        "area_um2": area_um2,
        "thicknesses": sizes,
        "settling": well.settling,
    }


def _mechanisms(scenario: Scenario, arm: ArmSpec, particle: Particle) -> list[Mechanism]:
    if isinstance(scenario.environment, Well):
        chosen: list[type[Mechanism]] = [WellDiffusion]
        if arm.floor == "cells":
            chosen += [Attachment, Internalisation]
        return [mechanism() for mechanism in chosen]
    carrier = CARRIERS[particle.product]
    chosen = [*_BODY, *(_INTO_CELLS if carrier.enters_cells else ()), *(_WAYS[way] for way in carrier.leaves_by)]
    chosen += [InflamedTissue] if scenario.environment.inflamed_tissue else []
    chosen += [depot for route, depot in _DEPOTS.items() if any(dose.route == route for dose in arm.doses)]
    return [mechanism() for mechanism in chosen]


def _doses(site: Site, spec: DoseSpec, components: list[Component], scenario: Scenario) -> list[Dose]:
    base = _dose_amount(site, spec)
    if spec.equal_cargo_to:
        base = base * _cargo_ratio(site, spec, components, scenario)
    out = []
    for i in range(spec.count):
        time = spec.start + i * (spec.every or 0.0)
        for component in components:
            out += _into(site, spec, component, base * component.per_dose, time)
    return out


def _dose_amount(site: Site, spec: DoseSpec) -> sympy.Expr:
    """The nominal amount as vesicles; protein mass is converted with its uncertainty."""
    name = f"dose__{identifier(spec.product)}__{identifier(spec.amount)}"
    try:
        amount = units.quantity(spec.amount, "EV")
        vesicles: sympy.Expr = site.given(name, amount.to("EV"), "EV")
    except UnitError:
        mass = site.given(name, units.quantity(spec.amount, "ug").to("ug"), "ug")
        vesicles = mass * site.quantity("particles_per_protein", "EV/ug", product="exosome")
    if spec.per == "cell":
        vesicles = vesicles * site.settings["cells_at_start"] / site.given("one_cell", 1.0, "cell")
    return vesicles


def _cargo_ratio(site: Site, spec: DoseSpec, components: list[Component], scenario: Scenario) -> sympy.Expr:
    """Particles of this product that carry the guide copies of one vesicle of another product."""
    other = compose(site, _preparation(spec.equal_cargo_to, scenario.products[spec.equal_cargo_to]))
    mine = components[0].particle.passengers[0]
    theirs = next((p for p in other[0].particle.passengers if p.entity == mine.entity), other[0].particle.passengers[0])
    return theirs.copies / mine.copies


def _into(site: Site, spec: DoseSpec, component: Component, amount: sympy.Expr, time: float) -> list[Dose]:
    particle = component.particle
    if spec.route == "well":
        return _into_layers(site, particle, amount, time)
    place = ROUTES[spec.route]
    counts = ("given", *COUNTED.get(spec.route, ()))
    doses = [Dose(time, particle_species(particle.id, place), amount, counts)]
    for passenger in particle.passengers:
        if passenger.tracked:
            on = f"{passenger.entity}_on_{particle.id}__{place}"
            doses.append(Dose(time, on, amount * passenger.copies, ()))
    return doses


def _into_layers(site: Site, particle: Particle, amount: sympy.Expr, time: float) -> list[Dose]:
    sizes = [symbol(f"layer_thickness_{i}") for i in range(len(site.settings["thicknesses"]))]
    depth = site.given("depth", sum(site.settings["thicknesses"]), "um")
    doses = []
    for i, size in enumerate(sizes):
        counts = ("given", "in_reach") if i == 0 else ("given",)
        doses.append(Dose(time, particle_species(particle.id, f"layer_{i}"), amount * size / depth, counts))
    return doses


def _dose_capacity(site: Site, particle: Particle) -> Part:
    """How many particles fill one injection (or the medium of a well): cubes of the particle's diameter."""
    size = particle_diameter(site, particle)
    if "area_um2" in site.settings:
        room = site.given("well_area", site.settings["area_um2"], "um2") * site.given("depth", sum(site.settings["thicknesses"]), "um") * site.conversion("nm3", "um3")
    else:
        room = site.quantity("injection_volume", "mL") * site.conversion("nm3", "mL")
    most = room / size**3 * site.given("one_particle", 1.0, "EV")
    return Part(observables=(Observable(f"dose_capacity:{particle.id}", "EV", most, "", f"{particle.label} that fill one dose volume"),))


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


def _with_labels(site: Site, network: Network, products: Mapping[str, ProductSpec]) -> Network:
    for particle in network.particles:
        for passenger in particle.passengers:
            if passenger.tracked:
                site.settings = {
                    **site.settings,
                    "label": passenger.entity,
                    "label_kind": passenger.entity.removeprefix(f"{passenger.role}_"),
                    "visited": tuple(visited(network, particle.id)),
                }
                network = network.with_part(_FOLLOWED[passenger.role]().contribute(site, particle))
    return network


def _parameters(site: Site, scenario: Scenario) -> tuple[Any, ...]:
    out = []
    for parameter in site.parameters.values():
        if parameter.id in scenario.parameters:
            value = units.quantity(scenario.parameters[parameter.id], parameter.unit, f"parameters.{parameter.id}: ").to(parameter.unit)
            parameter = replace(parameter, value=value, spread=fixed(value), status="set", spread_status="found", records=())
        out.append(parameter)
    return tuple(out)


def _check_overrides(scenario: Scenario, models: Mapping[str, Model]) -> None:
    known = {p.id for model in models.values() for p in model.network.parameters}
    for name in scenario.parameters:
        if name not in known:
            raise unknown_name("parameter", name, known, scenario.where("parameters", name).removesuffix(": "))
    observables = {o.id for o in models[scenario.question.arm].network.observables}
    observables &= {o.id for o in models[scenario.arms[scenario.question.arm].control or scenario.question.control].network.observables}
    if scenario.question.readout not in observables:
        raise unknown_name("readout", scenario.question.readout, observables, scenario.where("question", "readout").removesuffix(": "))


def _without_unused(network: Network) -> Network:
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
    for dose in network.arm.doses:
        used |= {str(s) for s in dose.amount.free_symbols}
    for observable in network.observables:
        used |= {str(s) for s in observable.value.free_symbols}
    for particle in network.particles:
        for passenger in particle.passengers:
            used |= {str(s) for s in passenger.copies.free_symbols}
    for place in network.places:
        used |= {str(s) for s in place.size.free_symbols} if place.size is not None else set()
    return replace(network, parameters=tuple(p for p in network.parameters if p.id in used))
