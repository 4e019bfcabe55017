"""Binding of particles to cells.

A cell of radius a in a fluid with diffusivity D meets particles at 4 pi D a per unit
concentration (Smoluchowski); a share p of the encounters sticks. Bound particles occupy sites
(Langmuir), B_max per cell, and let go at k_off:

    bind at  p 4 pi D a N / V (1 - B / (B_max N)),     let go at k_off
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.travelling.diffusion import diffusivity
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Transfer


def encounter_clearance(site: Site, particle: Particle) -> sympy.Expr:
    """Volume cleared per cell and hour, p 4 pi D a [mL/(cell*h)].

    The diffusivity is the free one in medium, because the sticking probability was computed
    with it.
    """
    size = site.quantity("ev_diameter", "nm", product=particle.product)
    free = diffusivity(site, size, site.quantity("medium_viscosity", "mPa*s", label=site.settings.get("cold", "")))
    radius = site.quantity("cell_diameter", "um", cell=site.settings.get("sized_cell", "")) / 2
    stick = site.quantity("sticking_probability", "1", product=particle.product)
    gain = site.settings.get("ligand_gain", {}).get(particle.id)
    factor = site.given(f"ligand_gain__{particle.id}", gain, "1") if gain else sympy.Integer(1)
    per_cell = site.given("one_cell", 1.0, "cell")
    return stick * factor * 4 * sympy.pi * free * radius * site.conversion("mL", "um3") / per_cell


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
