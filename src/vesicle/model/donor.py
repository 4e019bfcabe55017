"""A donor cell population that makes vesicles, as one checked network.

Only the donor decides what is made: its cell type, the levels of its components (1 at rest, 0 knocked out) and the regulators that act on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.making.budding import FREE, MVB_PLACE, ROUTES, SPENT, STAGES, CeramideBudding, EscrtBudding, TetraspaninBudding
from vesicle.mechanisms.making.endosomes import BODY, EARLY, LATE, EndosomeMaturation
from vesicle.mechanisms.making.regulation import REGULATORS
from vesicle.mechanisms.making.release import BodyFate
from vesicle.mechanisms.making.stimuli import STIMULI
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Network, Observable, Part, Particle

COMPONENTS = ("SAND1", "RAB7A", *STAGES, "VPS4", "VTA1", "SMPD3", "tetraspanins", "biogenesis", "fusion", "lysosome", "HIF1A", "SNAP23", "SNAP23_pS110", "HRH1")
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
    """

    cells: float = 1.0
    cell: str = ""
    levels: Mapping[str, float] = field(default_factory=dict)
    regulators: tuple[str, ...] = ()
    oxygen: float | None = None

    def check_names(self, where: Callable[[str], str] = lambda key: "") -> None:
        """Every component and regulator must be known.

        Raises
        ------
        UnknownName
            With the nearest one; ``where`` gives the place of ``levels`` or ``regulators``.
        """
        for name in self.levels:
            if name not in COMPONENTS:
                raise unknown_name("component", name, COMPONENTS, where("levels"))
        for name in self.regulators:
            if name not in (*REGULATORS, *STIMULI):
                raise unknown_name("regulator", name, (*REGULATORS, *STIMULI), where("regulators"))

    @property
    def settings(self) -> dict[str, Any]:
        """What mechanisms of making may read."""
        return {"cells": "donor_cells", "levels": dict(self.levels), "regulators": self.regulators, "donor_cell": self.cell, "oxygen": self.oxygen}


def assemble_donor(donor: Donor, library: Library) -> Model:
    """The network of a donor.

    Raises
    ------
    UnknownName
        For a component or regulator that nobody knows.
    ModelError
        If a measurement is missing or units do not hold.
    """
    donor.check_names()
    site = Site(library, donor.settings)
    site.given("donor_cells", donor.cells, "cell")
    network = donor_network(site)
    network = replace(network, parameters=tuple(site.parameters.values()))
    return Model("donor", network, check(network), ())


def donor_network(site: Site) -> Network:
    """What makes and sets free vesicles, for ``donor_cells`` that someone else declares."""
    particles = tuple(Particle(f"exosome_{route}", "exosome", label=f"exosomes of the {route} route") for route in ROUTES)
    network = Network("donor", Arm("donor"), particles=particles).with_part(EndosomeMaturation().contribute(site, particles[0]))
    for route, particle in zip(ROUTES, particles, strict=True):
        network = network.with_part(BUDDING[route]().contribute(site, particle)).with_part(BodyFate().contribute(site, particle))
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
