"""Depots outside blood: the peritoneal cavity and the space under the skin.

absorbed to blood at k_a; a share F arrives, the rest is kept in the depot: the loss
competes with rate k_a (1 - F) / F. Particles that are kept are eaten by resident macrophages;
of a small molecule the rest is lost on its first pass through the liver. A tumour inside the
cavity takes particles directly at k_d. The direct rate has no measurement (unparametrised, wide prior).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.types import Part, Particle, Place, Transfer
from vesicle.products.carriers import CARRIERS

PERITONEUM, SUBCUTIS = "peritoneum", "subcutis"
DEPOTS = (PERITONEUM, SUBCUTIS)


def _leave(site: Site, particle: Particle, depot: str, rate: sympy.Expr, share: sympy.Expr) -> Part:
    """Absorption from a depot and the loss beside it."""
    absorb = Transfer(f"absorb_{depot}__{particle.id}", particle.id, depot, "vein", rate, step="circulating")
    lost = rate * (1 - share) / share
    place = Place(depot, "fluid", None, "mL", depot)
    if CARRIERS[particle.product].is_molecule and not CARRIERS[particle.product].enters_cells:
        return Part(places=(place,), transfers=(absorb, Transfer(f"first_pass_{depot}__{particle.id}", particle.id, depot, None, lost, sink="metabolised")))
    held = f"{depot}_phagocytes"
    digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
    return Part(
        places=(place, Place(held, "cells", None, "cell", f"macrophages of the {depot}")),
        transfers=(
            absorb,
            Transfer(f"phagocytose_{depot}__{particle.id}", particle.id, depot, held, lost),
            Transfer(f"digest_{depot}__{particle.id}", particle.id, held, None, digest, sink="digested"),
        ),
    )


class PeritonealDepot(Mechanism):
    """What happens to particles injected into the peritoneal cavity."""

    name: ClassVar[str] = "peritoneal_depot"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: absorbed + retained + taken directly = injected"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("peritoneal_absorption_rate", "peritoneal_bioavailability", "peritoneal_tumour_transfer_rate", "lysosomal_half_life")
    absent: ClassVar[str] = "an intraperitoneal dose stays in the cavity"

    def contribute(self, site: Site, particle: Particle) -> Part:
        kind = CARRIERS[particle.product].absorbed_like
        absorb = site.quantity("peritoneal_absorption_rate", "1/h", product="" if kind == "exosome" else kind)
        part = _leave(site, particle, PERITONEUM, absorb, site.quantity("peritoneal_bioavailability", "1", product=kind))
        if not site.settings.get("tumour_in_peritoneum"):
            return part
        rate = site.quantity("peritoneal_tumour_transfer_rate", "1/h", tissue="peritoneum")
        direct = Transfer(f"direct_tumour__{particle.id}", particle.id, PERITONEUM, "tumour_interstitium", rate, step="at_tumour")
        return Part(places=part.places, transfers=(*part.transfers, direct))


class SubcutaneousDepot(Mechanism):
    """What happens to particles injected under the skin."""

    name: ClassVar[str] = "subcutaneous_depot"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: absorbed + retained = injected"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("subcutaneous_absorption_rate", "subcutaneous_bioavailability", "lysosomal_half_life")
    absent: ClassVar[str] = "a dose under the skin stays there"

    def contribute(self, site: Site, particle: Particle) -> Part:
        kind = CARRIERS[particle.product].absorbed_like
        absorb = site.quantity("subcutaneous_absorption_rate", "1/h", product=kind)
        return _leave(site, particle, SUBCUTIS, absorb, site.quantity("subcutaneous_bioavailability", "1", product=kind))
