"""A donor cell population that makes vesicles, as one checked network.

Only the donor decides what is made and what is in it: cell type, tissue, species, disease, state, engineering, and what acts on it. A state acts through its regulators
and through folds of the cell's content (:mod:`vesicle.mechanisms.making.states`); engineering sets a component or multiplies a cargo (0 knocks out).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.making.budding import FREE, MVB_PLACE, ROUTES, SPENT, STAGES, CeramideBudding, EscrtBudding, TetraspaninBudding
from vesicle.mechanisms.making.dna_packaging import DnaPackaging
from vesicle.mechanisms.making.drug_partition import DrugPartition
from vesicle.mechanisms.making.endosomes import BODY, EARLY, LATE, EndosomeMaturation
from vesicle.mechanisms.making.loading import WAYS
from vesicle.mechanisms.making.protein_sorting import ProteinSorting
from vesicle.mechanisms.making.regulation import REGULATORS
from vesicle.mechanisms.making.release import BodyFate
from vesicle.mechanisms.making.sorting import MirnaSorting
from vesicle.mechanisms.making.states import STATES, effects
from vesicle.mechanisms.making.stimuli import STIMULI
from vesicle.mechanisms.making.zip_code import ZipCodeSorting
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Network, Observable, Part, Particle, Passenger
from vesicle.products.cargo import Cargo, identity

COMPONENTS = (
    "SAND1", "RAB7A", *STAGES, "VPS4", "VTA1", "SMPD3", "tetraspanins", "biogenesis", "fusion", "lysosome", "HIF1A", "SNAP23", "SNAP23_pS110",
    "HRH1", "HNRNPA2B1", "SUMO", "SYNCRIP", "AGO2",
)  # fmt: skip
LOADING: tuple[type[Mechanism], ...] = (MirnaSorting, ZipCodeSorting, ProteinSorting, DrugPartition, DnaPackaging)
BUDDING: dict[str, type[Mechanism]] = {"escrt": EscrtBudding, "ceramide": CeramideBudding, "tetraspanin": TetraspaninBudding}


@dataclass(frozen=True)
class Donor:
    """A donor.

    Attributes
    ----------
    cells : number of cells.
    cell : a cell type or line that has records of its own, or empty.
    levels : component -> level (1 at rest, 0 absent); the names are :data:`COMPONENTS`.
    regulators : what acts on it, names of :data:`REGULATORS` and :data:`STIMULI`.
    oxygen : per cent oxygen of the gas; none: air, without asking how HIF1A answers.
    tissue, species : where its measured content is looked up first; what no record tells apart stays as it is.
    disease : kept with the donor; no record of content tells diseases apart yet.
    states : tags, names of :data:`STATES`.
    engineering : component or cargo -> fold over rest (0 knocks out).
    cargo : molecules of the cell to follow into its vesicles.
    ways : way of sorting -> level (0 switches off); the names are :data:`WAYS`.
    """

    cells: float = 1.0
    cell: str = ""
    levels: Mapping[str, float] = field(default_factory=dict)
    regulators: tuple[str, ...] = ()
    oxygen: float | None = None
    tissue: str = ""
    species: str = "human"
    disease: str = ""
    states: tuple[str, ...] = ("native",)
    engineering: Mapping[str, float] = field(default_factory=dict)
    cargo: tuple[Cargo, ...] = ()
    ways: Mapping[str, float] = field(default_factory=dict)


def site_of(donor: Donor, library: Library, where: Callable[[str], str] = lambda key: "") -> Site:
    """The site of a donor: its settings, and the context in which its content is looked up.

    Parameters
    ----------
    where : attribute of the donor -> its place in a file, for the message.

    Raises
    ------
    UnknownName
        For a component, regulator, state, way or engineered name that nobody knows.
    """
    names = {cargo.name: identity(cargo) for cargo in donor.cargo}
    for kind, key, known in (
        ("component", "levels", COMPONENTS), ("regulator", "regulators", (*REGULATORS, *STIMULI)), ("state of a donor", "states", STATES),
        ("way of sorting", "ways", WAYS), ("component or cargo", "engineering", (*COMPONENTS, *names)),
    ):  # fmt: skip
        for name in getattr(donor, key):
            if name not in known:
                raise unknown_name(kind, name, known, where(key))
    levels = {**donor.levels, **{name: donor.levels.get(name, 1.0) * fold for name, fold in donor.engineering.items() if name in COMPONENTS}}
    regulators = tuple(dict.fromkeys((*donor.regulators, *(name for state in donor.states for name in STATES[state].regulators))))
    settings = {
        "cells": "donor_cells", "levels": levels, "regulators": regulators, "donor_cell": donor.cell, "species": donor.species, "tissue": donor.tissue,
        "oxygen": donor.oxygen,
        "cargo": donor.cargo, "ways": dict(donor.ways), "engineered": {names[name]: fold for name, fold in donor.engineering.items() if name in names},
        "effects": {identity(cargo): effects(donor.states, donor.cell, cargo.name) for cargo in donor.cargo},
    }  # fmt: skip
    return Site(library, settings)


def assemble_donor(donor: Donor, library: Library) -> Model:
    """The network of a donor.

    Raises
    ------
    UnknownName
        For a component, regulator, state, way or engineered name that nobody knows.
    ModelError
        If a measurement is missing or units do not hold.
    """
    site = site_of(donor, library)
    site.given("donor_cells", donor.cells, "cell")
    network = donor_network(site)
    network = replace(network, parameters=tuple(site.parameters.values()))
    return Model("donor", network, check(network), ())


def donor_network(site: Site) -> Network:
    """What makes, loads and sets free vesicles, for ``donor_cells`` that someone else declares."""
    carried = tuple(Passenger(identity(cargo), "cargo", sympy.Integer(0), tracked=True) for cargo in site.settings["cargo"])
    particles = tuple(Particle(f"exosome_{route}", "exosome", carried, label=f"exosomes of the {route} route") for route in ROUTES)
    network = Network("donor", Arm("donor"), particles=particles).with_part(EndosomeMaturation().contribute(site, particles[0]))
    for route, particle in zip(ROUTES, particles, strict=True):
        network = network.with_part(BUDDING[route]().contribute(site, particle)).with_part(BodyFate().contribute(site, particle))
        for kind in LOADING:
            network = network.with_part(kind().contribute(site, particle))
    return network.with_part(Part(observables=_observables(particles)))


def _observables(particles: tuple[Particle, ...]) -> tuple[Observable, ...]:
    pools = {EARLY: "MVB", LATE: "MVB", BODY: "MVB", FREE: "copy", SPENT: "copy"}
    engaged = sum((symbol(stage) for stage in STAGES), sympy.Integer(0))
    found = [Observable(f"pool:{name}", unit, symbol(name)) for name, unit in pools.items()]
    found.append(Observable("pool:escrt_engaged", "copy", engaged))
    for particle in particles:
        out = symbol("k_fusion") * symbol("detached_fraction") * amount(particle, MVB_PLACE)
        found.append(Observable(f"secretion:{particle.id}", "EV/h", out))
        found.append(Observable(f"in_bodies:{particle.id}", "EV", amount(particle, MVB_PLACE)))
    return tuple(found)
