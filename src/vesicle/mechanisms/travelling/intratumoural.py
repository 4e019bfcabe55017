"""A dose into the tumour by needle.

    bolus -> interstitium at k_s,     bolus -> lost along the needle at k_s (1 - R) / R

with R the share of the dose that stays. From the interstitium it drains, returns to vessels and is taken up like what came with blood.
"""

from __future__ import annotations

from typing import ClassVar

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.types import Part, Particle, Place, Transfer

BOLUS = "tumour_bolus"


class IntratumouralDepot(Mechanism):
    """Spread of an injected dose in the tumour, and what runs back along the needle."""

    name: ClassVar[str] = "intratumoural_depot"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: into the interstitium + run back = injected"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("bolus_spread_rate", "intratumoural_retained_share")
    absent: ClassVar[str] = "a dose into the tumour stays at the needle"

    def contribute(self, site: Site, particle: Particle) -> Part:
        rate = site.quantity("bolus_spread_rate", "1/h")
        kept = site.quantity("intratumoural_retained_share", "1")
        return Part(
            places=(Place(BOLUS, "fluid", None, "mL", "injected fluid in the tumour"),),
            transfers=(
                Transfer(f"spread_bolus__{particle.id}", particle.id, BOLUS, "tumour_interstitium", rate, step="at_tumour"),
                Transfer(f"run_back__{particle.id}", particle.id, BOLUS, None, rate * (1 - kept) / kept, sink="run_back"),
            ),
        )
