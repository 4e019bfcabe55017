"""A dose by mouth.

    vesicles in the lumen    digested at k_d, carried off with the faeces at 1 / t_gut, absorbed whole into the portal vein at
                             k_a = F / (1 - F) (k_d + 1 / t_gut)       F the share of the dose that arrives whole
    drug in the lumen        absorbed at k_abs; a share F_drug reaches blood, the rest is lost before at k_abs (1 - F_drug) / F_drug

Faeces wait as long again. What is digested sets its drug free in the lumen (see ``drug_cargo``). Absorbed vesicles enter the liver's
bed, so its phagocytes see them first. F of vesicles is read from labels, which count what is absorbed of a label; its lower end is that
nothing whole arrives.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.drug_ways import drug_of
from vesicle.network.types import Part, Particle, Place, Transfer

GUT, FAECES = "gut", "faeces"


def carried_off(site: Site) -> sympy.Expr:
    """Hazard of what is in the lumen to leave with the faeces [1/h]."""
    return 1 / site.quantity("gut_residence_time", "h")


def lumen_ways(site: Site, drug: str) -> tuple[sympy.Expr, sympy.Expr]:
    """Hazards of a drug in the lumen to reach blood, and to be lost before it does [1/h]."""
    rate = site.quantity("drug_absorption_rate", "1/h", product="free_drug", label=drug)
    share = site.quantity("oral_bioavailability", "1", product="free_drug", label=drug)
    return rate, rate * (1 - share) / share


class Gut(Mechanism):
    """What happens to particles that were swallowed."""

    name: ClassVar[str] = "gut"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "particles: absorbed + digested + in faeces = swallowed"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("oral_bioavailability", "gut_vesicle_digestion_rate", "gut_residence_time", "drug_absorption_rate")
    absent: ClassVar[str] = "a swallowed dose stays in the gut"

    def contribute(self, site: Site, particle: Particle) -> Part:
        lumen = Place(GUT, "fluid", None, "mL", "lumen of the gut")
        drug = drug_of(particle)
        if drug:
            absorb, lost = lumen_ways(site, drug)
            return Part(
                places=(lumen,),
                transfers=(
                    Transfer(f"absorb_gut__{particle.id}", particle.id, GUT, "vein", absorb, step="circulating"),
                    Transfer(f"first_pass_gut__{particle.id}", particle.id, GUT, None, lost, sink="metabolised"),
                ),
            )
        digest, leave = site.quantity("gut_vesicle_digestion_rate", "1/h", product=particle.product), carried_off(site)
        share = site.quantity("oral_bioavailability", "1", product=particle.product)
        return Part(
            places=(lumen, Place(FAECES, "fluid", None, "mL", "faeces")),
            transfers=(
                Transfer(f"absorb_gut__{particle.id}", particle.id, GUT, "liver", share / (1 - share) * (digest + leave), step="circulating"),
                Transfer(f"digest_gut__{particle.id}", particle.id, GUT, None, digest, sink="digested"),
                Transfer(f"leave_gut__{particle.id}", particle.id, GUT, FAECES, leave),
                Transfer(f"excrete__{particle.id}", particle.id, FAECES, None, leave, sink="excreted"),
            ),
        )
