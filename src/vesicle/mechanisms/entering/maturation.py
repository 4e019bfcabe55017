"""How many of a cell's vesicles have reached its lysosomes.

Vesicles inside a cell are counted by age, beside the account of where they are. A vesicle is young until its
endosome has matured, t_1 to the Rab conversion and t_2 as a late endosome; Y young ones follow

    dY/dt = uptake - (1 / (t_1 + t_2) + k_lys + k_rec + k_rel) Y

and the lysosomal share of E inside is 1 - Y / E. It is read by an instrument and changes nothing.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.internalisation import Internalisation, traffic_left
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Species


class Maturation(Mechanism):
    """Endosomes with vesicles mature into lysosomes."""

    name: ClassVar[str] = "maturation"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C2"
    conserves: ClassVar[str] = "vesicles inside: young + lysosomal"
    claims: ClassVar[tuple[str, ...]] = ("C-0023",)
    quantities: ClassVar[tuple[str, ...]] = ("endosome_maturation_time", "late_endosome_lifetime", "internalisation_residual_at_4c")
    absent: ClassVar[str] = "vesicles inside have no age"

    def contribute(self, site: Site, particle: Particle) -> Part:
        young = Species(f"young__{particle.id}", particle.id, site.settings["endosome"], "EV")
        inside = amount(particle, site.settings["endosome"])
        time = site.quantity("endosome_maturation_time", "h") + site.quantity("late_endosome_lifetime", "h")
        leave = sum((symbol(f"{rate}__{particle.product}") for rate in ("k_digest", "k_recycle", "k_release")), traffic_left(site) / time)
        taken = Internalisation().hazard(site, particle) * amount(particle, site.settings["bound"])
        floor = site.given("one_particle", 1.0, "EV")
        old = sympy.Max(0, inside - symbol(young.id)) / (inside + floor)
        return Part(
            species=(young,),
            reactions=(Reaction(f"young__{particle.id}_in", {young.id: 1}, taken), Reaction(f"young__{particle.id}_out", {young.id: -1}, leave * symbol(young.id))),
            observables=(Observable(f"lysosomal_share:{particle.id}", "1", old, "", f"share of {particle.label} inside cells that are in lysosomes"),),
        )
