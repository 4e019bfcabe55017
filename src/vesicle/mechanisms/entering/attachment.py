"""Binding of particles to cells.

A cell of radius a in a fluid with diffusivity D meets particles at 4 pi D a per unit
concentration (Smoluchowski); a share p of the encounters sticks. Bound particles occupy sites
(Langmuir), B_max per cell, and let go at k_off:

    bind at  p 4 pi D a N / V (1 - B / (B_max N)),     let go at k_off

A ligand adds a rate k_L of its own (see ligands). Binding at the surface and the way there are
steps in series, k_0 being the native surface rate that gives p:

    k_0 = p / (1 - p) 4 pi D a,     cleared per cell  4 pi D a (k_0 + k_L) / (4 pi D a + k_0 + k_L)

so the gain is bounded by the receptors through k_L and by diffusion at 1 / p.

Where the uptake of a kind of cell was measured against another kind c in the same well, r fold per cell,
its native surface rate is r times that of c, and both steps stay in series:

    k_0 = r p / (1 - p) 4 pi D a_c

Cells on a floor meet the fluid over it. Suspended cells are spread over all fluids of volumes V_i, N V_i / V of
them in each, so the hazard is the same everywhere, with V the whole volume; what lets go is spread likewise.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.ligands import ligand_rate
from vesicle.mechanisms.travelling.diffusion import diffusivity, medium_viscosity, particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Transfer


def surroundings(site: Site) -> tuple[tuple[str, str, sympy.Expr], ...]:
    """The fluids around a cell: what tells their transfers apart, the place, and its share of what leaves the cell."""
    around = site.settings.get("around", ())
    if not around:
        return (("", site.settings["near"], sympy.Integer(1)),)
    return tuple((f"_{place}", place, share) for place, share in around)


def diffusion_limit(site: Site, particle: Particle, cell: str | None = None) -> sympy.Expr:
    """Volume that a perfect sink clears per cell and hour, 4 pi D a [mL/(cell*h)]; of the recipient unless ``cell`` names another.

    The diffusivity is the free one in medium, because the sticking probability was computed
    with it.
    """
    free = diffusivity(site, particle_diameter(site, particle), medium_viscosity(site))
    radius = site.quantity("cell_diameter", "um", cell=site.settings.get("sized_cell", "") if cell is None else cell) / 2
    return 4 * sympy.pi * free * radius * site.conversion("mL", "um3") / site.given("one_cell", 1.0, "cell")


def native_clearance(site: Site, particle: Particle) -> sympy.Expr:
    """Volume cleared per cell and hour without any ligand, p 4 pi D a [mL/(cell*h)]."""
    return site.quantity("sticking_probability", "1", product=particle.product) * diffusion_limit(site, particle)


def native_rate(site: Site, particle: Particle) -> sympy.Expr:
    """k_0: rate of native binding at the surface of one cell [mL/(cell*h)], its own or relative to the kind of cell it was compared with."""
    stick = site.quantity("sticking_probability", "1", product=particle.product)
    against = site.settings.get("compared_with", "")
    if not against:
        return stick / (1 - stick) * diffusion_limit(site, particle)
    fold = site.quantity("relative_uptake", "1", label=against, cell=site.settings["cell_line"])
    return fold * stick / (1 - stick) * diffusion_limit(site, particle, against)


def encounter_clearance(site: Site, particle: Particle) -> sympy.Expr:
    """Volume cleared per cell and hour, native and ligand-driven binding together [mL/(cell*h)]."""
    driven = ligand_rate(site, particle)
    if driven == 0 and not site.settings.get("compared_with"):
        return native_clearance(site, particle)
    both, limit = native_rate(site, particle) + driven, diffusion_limit(site, particle)
    return limit * both / (limit + both)


class Attachment(Mechanism):
    """Saturable, reversible binding to the recipient cell."""

    name: ClassVar[str] = "attachment"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C1"
    conserves: ClassVar[str] = "particles: bound = on the cell + internalised + let go"
    claims: ClassVar[tuple[str, ...]] = ("C-0016",)
    quantities: ClassVar[tuple[str, ...]] = (
        "ev_diameter",
        "thermal_energy",
        "sticking_probability",
        "relative_uptake",
        "cell_diameter",
        "medium_viscosity",
        "ev_binding_sites_per_cell",
        "unbinding_rate",
        "surface_ligand_copies_per_ev",
        "ligand_free_of_corona",
        "ligand_association_rate",
        "receptors_per_cell",
    )
    absent: ClassVar[str] = "particles pass cells by"

    def contribute(self, site: Site, particle: Particle) -> Part:
        cells = symbol(site.settings["cells"])
        bound = site.settings["bound"]
        sites = site.quantity("ev_binding_sites_per_cell", "EV/cell") * cells
        hazard = encounter_clearance(site, particle) * cells / site.settings["near_volume"] * sympy.Max(0, 1 - amount(particle, bound) / sites)
        back = site.quantity("unbinding_rate", "1/h")
        transfers: list[Transfer] = []
        for which, near, share in surroundings(site):
            transfers += [
                Transfer(f"bind{which}__{particle.id}", particle.id, near, bound, hazard, step="bound"),
                Transfer(f"unbind{which}__{particle.id}", particle.id, bound, near, back * share, step="bound", backward=True),
            ]
        return Part(places=(Place(bound, "cells", cells, "cell", "cell surface"),), transfers=tuple(transfers))
