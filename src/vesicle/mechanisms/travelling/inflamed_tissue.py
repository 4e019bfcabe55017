"""A piece of tissue that is inflamed, and its healthy twin on the other side.

    vessel -> interstitium at P f_P S_v V d0 / d,   back with the same over the interstitial volume
    lost with lymph at k_loss; taken by its phagocytes at m r k_cell

P and S_v are those of healthy tissue; inflammation multiplies the permeability by f_P and brings
phagocytes, m per mL. Nothing homes: what is found is the product of the two terms, kept apart.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import native_clearance
from vesicle.mechanisms.travelling.circulation import volume
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.network.types import Part, Particle, Place, Transfer
from vesicle.products.carriers import CARRIERS

SITES = ("healthy", "inflamed")


class InflamedTissue(Mechanism):
    """Entry into healthy and inflamed tissue of the same size, and uptake by the phagocytes there."""

    name: ClassVar[str] = "inflamed_tissue"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C4"
    conserves: ClassVar[str] = "particles: entered = in the interstitium + taken by phagocytes + drained + returned"
    claims: ClassVar[tuple[str, ...]] = ("C-0426",)
    quantities: ClassVar[tuple[str, ...]] = (
        "vessel_permeability", "vessel_surface_density", "inflammation_permeability_fold", "permeability_reference_diameter", "ev_diameter",
        "tissue_interstitial_fraction", "phagocyte_density", "phagocyte_relative_uptake", "interstitial_loss_rate", "lysosomal_half_life",
        "sticking_probability", "medium_viscosity", "thermal_energy", "cell_diameter",
    )  # fmt: skip
    absent: ClassVar[str] = "no tissue but the tumour lets particles out of vessels"

    def contribute(self, site: Site, particle: Particle) -> Part:
        size = site.given("tissue_site_volume", site.settings["inflamed_volume"], "mL")
        healthy = site.quantity("vessel_permeability", "um/h", product="liposome", tissue="healthy tissue") * site.quantity("vessel_surface_density", "1/um")
        healthy = healthy * size * site.quantity("permeability_reference_diameter", "nm") / particle_diameter(site, particle)
        inside = size * site.quantity("tissue_interstitial_fraction", "1")
        folds = {"healthy": sympy.Integer(1), "inflamed": site.quantity("inflammation_permeability_fold", "1")}
        transfers, places = [], []
        for name in SITES:
            here, held = f"{name}_interstitium", f"{name}_phagocytes"
            exchange = healthy * folds[name]
            transfers += [
                Transfer(f"leak_{name}__{particle.id}", particle.id, "rest", here, exchange / volume("rest")),
                Transfer(f"leak_back_{name}__{particle.id}", particle.id, here, "rest", exchange / inside),
                Transfer(f"drain_{name}__{particle.id}", particle.id, here, None, site.quantity("interstitial_loss_rate", "1/h", tissue="tumour"), sink=f"drained_{name}"),
            ]
            places.append(Place(here, "tissue", inside, "mL", f"{name} tissue"))
            if CARRIERS[particle.product].enters_cells:
                transfers += self._phagocytes(site, particle, name, here, held)
                places.append(Place(held, "cells", None, "cell", f"phagocytes of {name} tissue"))
        return Part(places=tuple(places), transfers=tuple(transfers))

    def _phagocytes(self, site: Site, particle: Particle, name: str, here: str, held: str) -> list[Transfer]:
        density = site.quantity("phagocyte_density", "cell/mL", tissue="inflamed tissue" if name == "inflamed" else "healthy tissue")
        relative = site.quantity("phagocyte_relative_uptake", "1", product="exosome")
        digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        return [
            Transfer(f"phagocytose_{name}__{particle.id}", particle.id, here, held, density * relative * native_clearance(site, particle)),
            Transfer(f"digest_{name}__{particle.id}", particle.id, held, None, digest, sink=f"digested_{name}"),
        ]
