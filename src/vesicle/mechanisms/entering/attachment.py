"""Binding of particles to cells.

A cell of radius a in a fluid with diffusivity D meets particles at 4 pi D a per unit
concentration (Smoluchowski); a share p of the encounters sticks. Bound particles occupy sites
(Langmuir), B_max per cell, and let go at k_off:

    bind at  p 4 pi D a N / V (1 - B / (B_max N)),     let go at k_off

A ligand adds a rate k_L of its own (see ligands). Binding at the surface and the way there are
steps in series, k_0 being the native surface rate that gives p:

    k_0 = p / (1 - p) 4 pi D a,     cleared per cell  4 pi D a (k_0 + k_L) / (4 pi D a + k_0 + k_L)

so the gain is bounded by the receptors through k_L and by diffusion at 1 / p.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.ligands import ligand_rate
from vesicle.mechanisms.travelling.diffusion import diffusivity, medium_viscosity, particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Transfer


def diffusion_limit(site: Site, particle: Particle) -> sympy.Expr:
    """Volume that a perfect sink clears per cell and hour, 4 pi D a [mL/(cell*h)].

    The diffusivity is the free one in medium, because the sticking probability was computed
    with it.
    """
    free = diffusivity(site, particle_diameter(site, particle), medium_viscosity(site))
    radius = site.quantity("cell_diameter", "um", cell=site.settings.get("sized_cell", "")) / 2
    return 4 * sympy.pi * free * radius * site.conversion("mL", "um3") / site.given("one_cell", 1.0, "cell")


def native_clearance(site: Site, particle: Particle) -> sympy.Expr:
    """Volume cleared per cell and hour without any ligand, p 4 pi D a [mL/(cell*h)]."""
    return site.quantity("sticking_probability", "1", product=particle.product) * diffusion_limit(site, particle)


def encounter_clearance(site: Site, particle: Particle) -> sympy.Expr:
    """Volume cleared per cell and hour, native and ligand-driven binding together [mL/(cell*h)]."""
    driven = ligand_rate(site, particle)
    if driven == 0:
        return native_clearance(site, particle)
    stick, limit = site.quantity("sticking_probability", "1", product=particle.product), diffusion_limit(site, particle)
    both = stick / (1 - stick) * limit + driven
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
        near, bound = site.settings["near"], site.settings["bound"]
        sites = site.quantity("ev_binding_sites_per_cell", "EV/cell") * cells
        hazard = encounter_clearance(site, particle) * cells / site.settings["near_volume"] * sympy.Max(0, 1 - amount(particle, bound) / sites)
        back = site.quantity("unbinding_rate", "1/h")
        return Part(
            places=(Place(bound, "cells", cells, "cell", "cell surface"),),
            transfers=(
                Transfer(f"bind__{particle.id}", particle.id, near, bound, hazard, step="bound"),
                Transfer(f"unbind__{particle.id}", particle.id, bound, near, back, step="bound", backward=True),
            ),
        )
