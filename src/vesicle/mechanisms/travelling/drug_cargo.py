"""A drug on a carrier: it comes off, and is eliminated once it is off.

On a carrier in fluid it is kept from decay and comes off at k_off; the free drug is eliminated at
k = ln 2 / t_half in blood and tumour, and decays at ln 2 / t_water in depots, where a share F of
what is absorbed reaches blood. What an assay of plasma reads is the sum on carriers and off them.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.label import FLUIDS, ORGAN_PLACES
from vesicle.mechanisms.travelling.peritoneum import DEPOTS, PERITONEUM
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species, released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Species
from vesicle.products.carriers import CARRIERS


class DrugCargo(Mechanism):
    """Release of a drug from its carrier and the fate of what was released."""

    name: ClassVar[str] = "drug_cargo"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "drug: dosed = on carriers + free + eliminated + in cells"
    claims: ClassVar[tuple[str, ...]] = ("C-0773",)
    quantities: ClassVar[tuple[str, ...]] = ("drug_release_rate", "drug_half_life", "drug_water_half_life", "peritoneal_absorption_rate", "peritoneal_bioavailability")
    absent: ClassVar[str] = "a drug stays on its carrier"

    def contribute(self, site: Site, particle: Particle) -> Part:
        entity = site.settings["label"]
        visited = site.settings["visited"]
        if CARRIERS[particle.product].is_molecule:
            return Part(observables=self._amounts(particle, entity, visited, free=False))
        drug = site.settings["label_kind"]
        off = site.quantity("drug_release_rate", "1/h", label=drug)
        blood = sympy.log(2) / site.quantity("drug_half_life", "h", product="free_drug", label=drug)
        water = sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug)
        gone = Species(f"out_eliminated__{entity}", entity, "", "copy")
        fluids = [place for place in visited if place in (*FLUIDS, *DEPOTS)]
        species, reactions = [gone], []
        for place in fluids:
            on, free = passenger_species(particle.id, entity, place), released_passenger(entity, place)
            species.append(Species(free, entity, place, "copy"))
            reactions.append(Reaction(f"come_off_{place}__{entity}", {on: -1, free: 1}, off * symbol(on)))
            reactions.append(Reaction(f"eliminate_{place}__{entity}", {free: -1, gone.id: 1}, (water if place in DEPOTS else blood) * symbol(free)))
        if PERITONEUM in fluids:
            reactions += self._absorbed(site, entity, gone.id)
        return Part(species=tuple(species), reactions=tuple(reactions), observables=self._amounts(particle, entity, visited, free=True))

    def _absorbed(self, site: Site, entity: str, gone: str) -> list[Reaction]:
        """Drug that came off in the cavity goes the way of a free drug given there."""
        rate = site.quantity("peritoneal_absorption_rate", "1/h", product="free_drug")
        share = site.quantity("peritoneal_bioavailability", "1", product="free_drug")
        here = released_passenger(entity, PERITONEUM)
        return [
            Reaction(f"absorb_free__{entity}", {here: -1, released_passenger(entity, "vein"): 1}, rate * symbol(here)),
            Reaction(f"first_pass_free__{entity}", {here: -1, gone: 1}, rate * (1 - share) / share * symbol(here)),
        ]

    def _amounts(self, particle: Particle, entity: str, visited: tuple[str, ...], free: bool) -> tuple[Observable, ...]:
        out = []
        for organ, places in ORGAN_PLACES.items():
            here = [p for p in places if p in visited and p in (*FLUIDS, *DEPOTS)]
            total = sum((symbol(passenger_species(particle.id, entity, p)) for p in here), sympy.Integer(0))
            if free:
                total += sum((symbol(released_passenger(entity, p)) for p in here), sympy.Integer(0))
            if here:
                out.append(Observable(f"drug:{organ}", "copy", total, "", f"{entity.removeprefix('drug_')} in {organ}, on carriers and off them"))
        return tuple(out)
