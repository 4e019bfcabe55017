"""Vesicles as decoys: a dissolved binder is taken up by ligands on vesicles, with or without cells.

F copies of the binder are free in the medium of volume V, X are on vesicles. Each vesicle shows n
copies of the ligand, one binder per copy:

    dF/dt = - k_on F / V (n P - X) + k_off X,     k_off = k_on K_D

in every place that vesicles visit outside of cells; the medium is well mixed for the small
binder. What is on a vesicle goes where the vesicle goes, into cells too, so free + on vesicles +
taken into cells is what was there. At equilibrium half is bound by

    P_half = (T / 2 + K_D V) / n

vesicles for T copies in all: below K_D a fixed number, above it in proportion to the binder.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.surface import Ligand, copies_of
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species, released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Species


@dataclass(frozen=True)
class Binder:
    """A dissolved molecule that binds a surface ligand: its id, its name, its ligand, its concentration [copy/mL]."""

    id: str
    name: str
    binds: str
    concentration: float


def medium_volume(site: Site) -> sympy.Expr:
    """Volume of the medium of a well [mL]."""
    area = site.given("well_area", site.settings["area_um2"], "um2")
    return area * site.given("depth", sum(site.settings["thicknesses"]), "um") * site.conversion("mL", "um3")


def dissolved(site: Site, name: str, concentration: float) -> Species:
    """A dissolved molecule in the medium, with what is there at the start."""
    start = site.condition(f"solute__{name}", concentration, "copy/mL") * medium_volume(site) if concentration else None
    return Species(released_passenger(name, "medium"), name, "", "copy", start)


class Decoy(Mechanism):
    """Binding of a dissolved molecule by a ligand on vesicles, kinetic and without any recipient."""

    name: ClassVar[str] = "decoy"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C1"
    conserves: ClassVar[str] = "binder: at the start = free + on vesicles + taken into cells"
    claims: ClassVar[tuple[str, ...]] = ("C-0187",)
    quantities: ClassVar[tuple[str, ...]] = ("surface_ligand_copies_per_ev", "active_ligand_share", "surface_protein_left_by_protease", "association_rate", "dissociation_constant")
    absent: ClassVar[str] = "dissolved molecules stay free"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Binders come from ``site.settings['binders']``, the ligands of a particle from ``site.settings['surface_ligands']``."""
        pools = tuple(dissolved(site, b.id, b.concentration) for b in site.settings["binders"])
        reactions, observables = [], []
        for binder in site.settings["binders"]:
            for ligand in site.settings["surface_ligands"]:
                if ligand.product == particle.id and ligand.name == binder.binds:
                    reactions += self._bind(site, particle, binder, ligand)
                    observables.append(self._half(site, binder, ligand))
        return Part(species=pools, reactions=tuple(reactions), observables=(*observables, *(self._share(site, b) for b in site.settings["binders"])))

    def _bind(self, site: Site, particle: Particle, binder: Binder, ligand: Ligand) -> list[Reaction]:
        pair = f"{binder.name}/{ligand.name}"
        on = site.quantity("association_rate", "mL/(copy*h)", label=pair)
        off = on * site.quantity("dissociation_constant", "copy/mL", label=pair)
        free = released_passenger(binder.id, "medium")
        out = []
        for place in site.settings["outside"]:
            held = passenger_species(particle.id, binder.id, place)
            empty = sympy.Max(0, copies_of(site, ligand) * amount(particle, place) - symbol(held))
            out.append(Reaction(f"bind_{place}__{binder.id}__{particle.id}", {free: -1, held: 1}, on * symbol(free) / medium_volume(site) * empty))
            out.append(Reaction(f"let_go_{place}__{binder.id}__{particle.id}", {held: -1, free: 1}, off * symbol(held)))
        return out

    def _share(self, site: Site, binder: Binder) -> Observable:
        start = site.condition(f"solute__{binder.id}", binder.concentration, "copy/mL") * medium_volume(site)
        return Observable(f"bound:{binder.name}", "1", 1 - symbol(released_passenger(binder.id, "medium")) / start, "", f"share of {binder.name} that vesicles hold")

    def _half(self, site: Site, binder: Binder, ligand: Ligand) -> Observable:
        constant = site.quantity("dissociation_constant", "copy/mL", label=f"{binder.name}/{ligand.name}")
        needed = (site.condition(f"solute__{binder.id}", binder.concentration, "copy/mL") / 2 + constant) * medium_volume(site) / copies_of(site, ligand)
        return Observable(f"half_binding:{binder.name}", "EV", needed, "", f"vesicles that hold half of {binder.name} at equilibrium")
