"""What happens to a particle in the fluid between the cells of a tissue, before it meets a recipient cell.

    towards a recipient cell   D h / L^2        over half the distance L between vessels, hindered by h
    lost                       k_loss           drained or cut
    taken by other cells       r k_x N / V_I    k_x the clearance per recipient cell, r what all other cells take up relative to them

The places of a tissue are named after it: ``tumour_interstitium``, ``brain_interstitium``.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.base import Site
from vesicle.mechanisms.entering.attachment import native_clearance
from vesicle.mechanisms.travelling.diffusion import diffusivity, particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.types import Particle, Place, Transfer


def places_of(tissue: str, others: str, neighbours: str) -> tuple[Place, ...]:
    """The fluid of a tissue, the fluid around its recipient cells (``neighbours``), and its other cells."""
    return (
        Place(f"{tissue}_interstitium", "tissue", symbol("V_interstitium"), "mL", f"{tissue} interstitium"),
        Place(f"{tissue}_pericellular", "tissue", symbol("V_interstitium"), "mL", f"around {neighbours}"),
        Place(f"{tissue}_stroma", "cells", None, "cell", others),
    )


def reach(site: Site, particle: Particle, tissue: str, left: sympy.Expr) -> list[Transfer]:
    """Diffusion to recipient cells and back, and the loss on the way; ``left`` is the share of a particle's time in which it is free to go."""
    inside, near = f"{tissue}_interstitium", f"{tissue}_pericellular"
    free = diffusivity(site, particle_diameter(site, particle), site.quantity("plasma_viscosity", "mPa*s"))
    distance = site.quantity("intervessel_half_distance", "um", tissue=tissue)
    hazard = free * site.quantity("diffusion_hindrance", "1", tissue=tissue) / distance**2
    loss = site.quantity("interstitial_loss_rate", "1/h", tissue=tissue)
    return [
        Transfer(f"reach__{particle.id}", particle.id, inside, near, hazard, step="in_reach"),
        Transfer(f"leave_reach__{particle.id}", particle.id, near, inside, hazard, step="in_reach", backward=True),
        Transfer(f"interstitial_loss__{particle.id}", particle.id, inside, None, loss * left, sink="drained"),
    ]


def others(site: Site, particle: Particle, tissue: str, relative: sympy.Expr) -> list[Transfer]:
    """Uptake by the cells of a tissue that are no recipients, ``relative`` to the uptake by all recipients."""
    clearance = native_clearance(site, particle) * symbol(site.settings["cells"]) / symbol("V_interstitium")
    digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
    return [
        Transfer(f"stroma__{particle.id}", particle.id, f"{tissue}_interstitium", f"{tissue}_stroma", relative * clearance),
        Transfer(f"digest_stroma__{particle.id}", particle.id, f"{tissue}_stroma", None, digest, sink="digested"),
    ]
