"""What an arm is given: every dose of the scenario as amounts of its components, at a time, in a place."""

from __future__ import annotations

import sympy

from vesicle import units
from vesicle.errors import SchemaError, UnitError
from vesicle.evidence.site import Site
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.mechanisms.travelling.gut import GUT
from vesicle.mechanisms.travelling.intratumoural import BOLUS
from vesicle.mechanisms.travelling.peritoneum import PERITONEUM, SUBCUTIS
from vesicle.model.assembled import identifier
from vesicle.model.scenario import DoseSpec, ProductSpec, Scenario
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, passenger_species
from vesicle.network.types import Dose, Observable, Part, Particle
from vesicle.products.composition import Cargo, Component, Preparation, compose
from vesicle.products.location import TREATMENTS
from vesicle.products.origin import Origin

ROUTES = {"intravenous": "vein", "intraperitoneal": PERITONEUM, "subcutaneous": SUBCUTIS, "intratumoural": BOLUS, "oral": GUT, "well": "layer"}
DEPOTS = ("intraperitoneal", "subcutaneous", "intratumoural", "oral")
"""Routes whose particles wait in a depot."""
COUNTED = {"intravenous": ("circulating",)}
"""Custody steps that a dose crosses by its route."""


def origin_of(spec: ProductSpec) -> Origin:
    """The donor of a product and its state, as records on copies are asked."""
    return Origin(spec.donor.cell, spec.donor.state) if spec.donor else Origin()


def preparation(name: str, spec: ProductSpec) -> Preparation:
    """A product of a scenario as the products room takes it."""
    origin = origin_of(spec)
    cargo = tuple(Cargo(identifier(c.name), c.type, c.loading, c.fold, c.copies or 0.0, c.distribution, c.target or "", c.place, c.name, origin) for c in spec.cargo)
    treatments = tuple(TREATMENTS[word] for word in spec.treatments)
    return Preparation(name, spec.kind, cargo, spec.fraction, spec.label, treatments)


def doses_of(site: Site, spec: DoseSpec, components: list[Component], scenario: Scenario) -> list[Dose]:
    """Every dose of one line of an arm."""
    base = _dose_amount(site, spec, components)
    if spec.equal_cargo_to:
        base = base * _cargo_ratio(site, spec, components, scenario)
    out = []
    for i in range(spec.count):
        time = spec.start + i * (spec.every or 0.0)
        for component in components:
            out += _into(site, spec, component, base * component.per_dose, time)
    return out


def _drug_amount(site: Site, spec: DoseSpec, components: list[Component]) -> sympy.Expr | None:
    """The nominal amount as vesicles where it is an amount of the drug in them; nothing else is given in moles."""
    loaded = [p.copies for component in components for p in component.particle.passengers if p.role == "drug"]
    try:
        amount = units.quantity(spec.amount, "copy")
    except UnitError:
        return None
    if not loaded:
        raise SchemaError(f"product '{spec.product}': the dose '{spec.amount}' is an amount of drug, and there is none in it; give vesicles like '1e9 EV'.")
    return site.given(f"dose__{identifier(spec.product)}__{identifier(spec.amount)}", amount.to("copy"), "copy") / loaded[0]


def _dose_amount(site: Site, spec: DoseSpec, components: list[Component]) -> sympy.Expr:
    """The nominal amount as vesicles; protein mass is converted with its uncertainty."""
    if (of_drug := _drug_amount(site, spec, components)) is not None:
        return of_drug
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
    other = compose(site, preparation(spec.equal_cargo_to, scenario.products[spec.equal_cargo_to]))
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
        counts = ("given", "in_reach") if i == 0 or site.settings.get("suspended") else ("given",)
        doses.append(Dose(time, particle_species(particle.id, f"layer_{i}"), amount * size / depth, counts))
        tracked = [p for p in particle.passengers if p.tracked and p.role != "binder"]
        doses += [Dose(time, passenger_species(particle.id, p.entity, f"layer_{i}"), amount * p.copies * size / depth, ()) for p in tracked]
    return doses


def dose_capacity(site: Site, particle: Particle) -> Part:
    """How many particles fill one injection (or the medium of a well): cubes of the particle's diameter."""
    size = particle_diameter(site, particle)
    if "area_um2" in site.settings:
        room = site.given("well_area", site.settings["area_um2"], "um2") * site.given("depth", sum(site.settings["thicknesses"]), "um") * site.conversion("nm3", "um3")
    else:
        room = site.quantity("injection_volume", "mL") * site.conversion("nm3", "mL")
    most = room / size**3 * site.given("one_particle", 1.0, "EV")
    return Part(observables=(Observable(f"dose_capacity:{particle.id}", "EV", most, "", f"{particle.label} that fill one dose volume"),))
