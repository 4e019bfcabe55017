"""Intraperitoneal depot: absorbed through lymph, eaten by resident macrophages, and a direct way.

absorbed to blood at k_a; a share F arrives, the rest is kept in the cavity: the loss
competes with rate k_a (1 - F) / F. A tumour inside the cavity takes particles directly at
k_d. The direct rate has no measurement (unparametrised, wide prior).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.types import Part, Particle, Place, Transfer


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
        absorb = site.quantity("peritoneal_absorption_rate", "1/h")
        share = site.quantity("peritoneal_bioavailability", "1", product="exosome")
        digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        held = "peritoneum_phagocytes"
        transfers = [
            Transfer(f"absorb__{particle.id}", particle.id, "peritoneum", "vein", absorb, step="circulating"),
            Transfer(f"phagocytose_peritoneum__{particle.id}", particle.id, "peritoneum", held, absorb * (1 - share) / share),
            Transfer(f"digest_peritoneum__{particle.id}", particle.id, held, None, digest, sink="digested"),
        ]
        if site.settings.get("tumour_in_peritoneum"):
            direct = site.quantity("peritoneal_tumour_transfer_rate", "1/h", tissue="peritoneum")
            transfers.append(Transfer(f"direct_tumour__{particle.id}", particle.id, "peritoneum", "tumour_interstitium", direct, step="at_tumour"))
        return Part(
            places=(Place("peritoneum", "fluid", None, "mL", "peritoneal cavity"), Place(held, "cells", None, "cell", "peritoneal macrophages")),
            transfers=tuple(transfers),
        )
