"""A drug on a carrier: it comes off, and is eliminated once it is off.

On a carrier in fluid, and in a cell of the target tissue, it is kept from decay and comes off at k_off. What came off goes the way of a
free drug (see ``drug_ways``): with the plasma at Q / V, into other tissue, into the tumour and back, eliminated from blood; it decays at
ln 2 / t_water in depots, where a share F of what is absorbed reaches blood, and is absorbed from the gut or leaves with the faeces.
A small molecule passes membranes, so a vesicle leaves its drug in the cell that digests it, and the drug leaves the cell as it comes off a
carrier: a recipient cell into the fluid around it; phagocytes and endothelium into their fluid with a share s, the rest is broken down.
What an assay of plasma reads is the sum on carriers and off them.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.circulation import TUMOUR, currents, vessels, volume
from vesicle.mechanisms.travelling.diffusion import diffusivity
from vesicle.mechanisms.travelling.drug_ways import TISSUE, elimination, held_in_tissue, share_free
from vesicle.mechanisms.travelling.gut import GUT, carried_off, lumen_ways
from vesicle.mechanisms.travelling.label import FLUIDS, ORGAN_PLACES
from vesicle.mechanisms.travelling.peritoneum import DEPOTS, PERITONEUM
from vesicle.mechanisms.travelling.tumour_entry import exchange
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species, released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Species
from vesicle.products.carriers import CARRIERS

RETURNS = {
    "liver_phagocytes": "liver", "spleen_phagocytes": "spleen", "lung_phagocytes": "lung", "liver_endothelium": "liver", "tumour_endothelium": "tumour_vessels",
    "tumour_stroma": "tumour_interstitium", "peritoneum_phagocytes": "peritoneum", "subcutis_phagocytes": "subcutis",
}  # fmt: skip
"""Cells that take up carriers and are no recipients -> the fluid into which a drug leaves them."""


def _moved(drug: str, source: str, goal: str, hazard: sympy.Expr, how: str) -> Reaction:
    """Free drug goes from one place to another."""
    here, there = released_passenger(drug, source), released_passenger(drug, goal)
    return Reaction(f"{how}_{source}_{goal}__{drug}", {here: -1, there: 1}, hazard * symbol(here))


class DrugCargo(Mechanism):
    """Release of a drug from its carrier and the fate of what was released."""

    name: ClassVar[str] = "drug_cargo"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "drug: dosed = on carriers + free + eliminated + in cells"
    claims: ClassVar[tuple[str, ...]] = ("C-0773",)
    quantities: ClassVar[tuple[str, ...]] = (
        "drug_release_rate", "drug_half_life", "drug_water_half_life", "peritoneal_absorption_rate", "peritoneal_bioavailability", "drug_absorption_rate",
        "oral_bioavailability", "gut_residence_time", "drug_distribution_volume", "body_weight", "drug_tissue_release_rate", "drug_cell_to_medium_ratio",
        "cytosol_volume", "ev_diameter", "permeability_reference_diameter", "vascular_pore_diameter", "permeability_reference_pore",
        "tumour_vessel_surface_density", "vessel_permeability", "tumour_permeability_flow_fraction", "thermal_energy", "plasma_viscosity",
        "diffusion_hindrance", "intervessel_half_distance", "interstitial_loss_rate", "wall_release_rate", "drug_share_left_by_phagocytes",
    )  # fmt: skip
    absent: ClassVar[str] = "a drug stays on its carrier"

    def contribute(self, site: Site, particle: Particle) -> Part:
        entity = site.settings["label"]
        visited = site.settings["visited"]
        if CARRIERS[particle.product].is_molecule:
            return Part(observables=self._amounts(particle, entity, visited, free=False))
        off, near = site.quantity("drug_release_rate", "1/h", label=entity), site.settings["near"]
        gone = Species(f"out_eliminated__{entity}", entity, "", "copy")
        fluids = tuple(place for place in visited if place in (*FLUIDS, *DEPOTS))
        goals = dict.fromkeys((site.settings["endosome"], site.settings["bound"]), near) | RETURNS
        in_cells = tuple(place for place in goals if place in visited)
        species, reactions = [gone], []
        for place in (*fluids, *in_cells):
            on, free = passenger_species(particle.id, entity, place), released_passenger(entity, place)
            species.append(Species(free, entity, place, "copy"))
            reactions.append(Reaction(f"come_off_{place}__{entity}", {on: -1, free: 1}, off * symbol(on)))
        share = site.quantity("drug_share_left_by_phagocytes", "1")
        for place in in_cells:
            left = share if place in RETURNS else sympy.Integer(1)
            free = released_passenger(entity, place)
            reactions.append(_moved(entity, place, goals[place], off * left, "leave_cells"))
            reactions += [Reaction(f"break_down_{place}__{entity}", {free: -1, gone.id: 1}, off * (1 - left) * symbol(free))] if place in RETURNS else []
        reactions += [
            Reaction(f"eliminate_{place}__{entity}", {free: -1, gone.id: 1}, rate * symbol(free))
            for place, rate in self._eliminated(site, entity, fluids).items()
            for free in (released_passenger(entity, place),)
        ]
        reactions += [_moved(entity, a, b, hazard, "move") for a, b, hazard in self._ways(site, entity, fluids)]
        species += [Species(released_passenger(entity, TISSUE), entity, TISSUE, "copy")] if held_in_tissue(site, entity) else []
        reactions += self._absorbed(site, entity, gone.id) if PERITONEUM in fluids else []
        return Part(species=tuple(species), reactions=tuple(reactions), observables=self._amounts(particle, entity, visited, free=True))

    def _eliminated(self, site: Site, drug: str, fluids: tuple[str, ...]) -> dict[str, sympy.Expr]:
        """Place -> hazard of free drug to be lost there [1/h]."""
        blood, water = elimination(site, drug), sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug)
        lost = {place: water if place in (*DEPOTS, GUT) else blood for place in fluids}
        half_life = site.quantity("drug_half_life", "h", product="free_drug", label=drug)
        for place in (f"{TUMOUR}_interstitium", f"{TUMOUR}_pericellular"):
            if place in lost:
                lost[place] = sympy.log(2) / half_life * share_free(site, drug)
        if f"{TUMOUR}_interstitium" in lost:
            lost[f"{TUMOUR}_interstitium"] += site.quantity("interstitial_loss_rate", "1/h", tissue=TUMOUR) * share_free(site, drug)
        if GUT in lost:
            lost[GUT] += lumen_ways(site, drug)[1] + carried_off(site)
        return lost

    def _ways(self, site: Site, drug: str, fluids: tuple[str, ...]) -> list[tuple[str, str, sympy.Expr]]:
        """(from, to, hazard) of free drug."""
        ways = currents(site)
        if "vessel_wall" in fluids:
            ways.append(("vessel_wall", "rest", site.quantity("wall_release_rate", "1/h")))
        held = held_in_tissue(site, drug)
        if held is not None:
            ways += [("rest", TISSUE, held[0]), (TISSUE, "rest", held[1])]
        if GUT in fluids:
            ways.append((GUT, "vein", lumen_ways(site, drug)[0]))
        if f"{TUMOUR}_interstitium" not in fluids:
            return ways
        inside, near = f"{TUMOUR}_interstitium", f"{TUMOUR}_pericellular"
        size = site.quantity("ev_diameter", "nm", product="free_drug")
        over = exchange(site, size)
        reach = diffusivity(site, size, site.quantity("plasma_viscosity", "mPa*s")) * site.quantity("diffusion_hindrance", "1", tissue=TUMOUR)
        reach = reach / site.quantity("intervessel_half_distance", "um", tissue=TUMOUR) ** 2
        back = over / symbol("V_interstitium") * share_free(site, drug)
        return [*ways, (vessels(site), inside, over / volume(vessels(site))), (inside, vessels(site), back), (inside, near, reach), (near, inside, reach)]

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
