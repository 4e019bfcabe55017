"""From tumour vessels to the neighbourhood of a cancer cell.

    vessel -> interstitium at PS / V_vessel,    and back with the same PS over the interstitial volume
    rival (a): PS = P S_v V_T w(d),  P the measured permeability of ~100 nm liposomes, S_v vessel surface per volume
    rival (b): PS = a Q_T w(d),      a the fitted share of tumour flow of a published nanoparticle model
    w(d) = ((1 - d/p) / (1 - d0/p0))^2 d0/d   pore cut-off p and size d, against the size d0 = 100 nm and the
                                            pores p0 of the tumours in which the permeability was measured

Which rival holds is drawn per sample, and the verdict names it. In the interstitium a particle
diffuses (hindered) over half the distance between vessels, L, at D h / L^2 and competes with
macrophages and fibroblasts, which take up at

    k_x = (cells of kind x per interstitial volume) * r_x * (clearance per cancer cell)

with m the macrophage share of all cells and f the fibroblast share of the others.

A ligand whose receptor sits on vessels adds transcytosis (see that module). A molecule of a drug is in cells for most of the time, so it
goes back and drains as the share phi that is free (see ``drug_ways``; 1 for particles).

"In reach" is the crossing into the space around cancer cells. Tumour share is an outcome.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.travelling.circulation import TUMOUR, flow, volume
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.mechanisms.travelling.drug_ways import drug_of, share_free
from vesicle.mechanisms.travelling.interstitium import others, places_of, reach
from vesicle.mechanisms.travelling.transcytosis import transcytosis
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Rule, Transfer
from vesicle.products.carriers import CARRIERS


class TumourEntry(Mechanism):
    """Extravasation through pores, hindered diffusion, and the competition before a cancer cell is reached."""

    name: ClassVar[str] = "tumour_entry"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C4"
    conserves: ClassVar[str] = "particles: entered = in the interstitium + taken by stroma + in reach + lost + returned"
    claims: ClassVar[tuple[str, ...]] = ("C-0024", "C-0028")
    quantities: ClassVar[tuple[str, ...]] = (
        "medium_viscosity", "thermal_energy", "cell_diameter", "sticking_probability", "permeability_reference_diameter",
        "permeability_reference_pore", "plasma_viscosity", "vessel_permeability", "tumour_permeability_flow_fraction",
        "tumour_vessel_surface_density", "vascular_pore_diameter", "ev_diameter", "tumour_interstitial_fraction", "diffusion_hindrance",
        "intervessel_half_distance", "macrophage_fraction", "fibroblast_fraction", "phagocyte_relative_uptake", "fibroblast_relative_uptake",
        "interstitial_loss_rate", "lysosomal_half_life", "endothelial_cell_area", "ev_inventory_per_cell", "transcytosis_share",
        "surface_ligand_copies_per_ev", "ligand_free_of_corona", "ligand_association_rate", "receptors_per_cell", "drug_cell_to_medium_ratio", "cytosol_volume",
    )  # fmt: skip
    absent: ClassVar[str] = "nothing leaves the tumour's vessels"

    def contribute(self, site: Site, particle: Particle) -> Part:
        interstitium = Rule("V_interstitium", "mL", symbol("V_tumour") * site.quantity("tumour_interstitial_fraction", "1", tissue="tumour"))
        pass_over = Rule(f"PS__{particle.id}", "mL/h", exchange(site, particle_diameter(site, particle)))
        free = share_free(site, drug_of(particle))
        transfers = [*self._cross(particle, pass_over, free), *reach(site, particle, TUMOUR, free)]
        if CARRIERS[particle.product].enters_cells:
            transfers += others(site, particle, TUMOUR, self._stroma(site))
        surface = site.quantity("tumour_vessel_surface_density", "1/um", tissue="tumour") * symbol("V_tumour") * site.conversion("um3", "mL")
        through = transcytosis(site, particle, TUMOUR, surface)
        places = (*places_of(TUMOUR, "tumour macrophages and fibroblasts", "cancer cells"), *through.places)
        return Part(rules=(interstitium, pass_over), places=places, transfers=(*transfers, *through.transfers))

    def _cross(self, particle: Particle, exchange: Rule, free: sympy.Expr) -> list[Transfer]:
        out = symbol(exchange.id) / volume("tumour_vessels")
        back = symbol(exchange.id) / symbol("V_interstitium") * free
        return [
            Transfer(f"extravasate__{particle.id}", particle.id, "tumour_vessels", "tumour_interstitium", out, step="at_tumour"),
            Transfer(f"return__{particle.id}", particle.id, "tumour_interstitium", "tumour_vessels", back, step="at_tumour", backward=True),
        ]

    def _stroma(self, site: Site) -> sympy.Expr:
        """Uptake by macrophages and fibroblasts relative to all cancer cells."""
        kind = site.settings.get("tumour_type", "")
        macrophages = site.quantity("macrophage_fraction", "1", tissue="tumour", label=kind)
        fibroblasts = site.quantity("fibroblast_fraction", "1", tissue="tumour", label=kind)
        cancer, stroma = (1 - macrophages) * (1 - fibroblasts), (1 - macrophages) * fibroblasts
        by_macrophage = site.quantity("phagocyte_relative_uptake", "1", product="exosome")
        by_fibroblast = site.quantity("fibroblast_relative_uptake", "1", product="exosome", tissue="tumour")
        return macrophages / cancer * by_macrophage + stroma / cancer * by_fibroblast


def exchange(site: Site, size: sympy.Expr) -> sympy.Expr:
    """PS of the module's equations for a diameter [mL/h]."""
    reference = site.quantity("permeability_reference_diameter", "nm")
    pore = site.quantity("vascular_pore_diameter", "nm", tissue="tumour")
    measured_pore = site.quantity("permeability_reference_pore", "nm")
    steric = (sympy.Max(0, 1 - size / pore) / (1 - reference / measured_pore)) ** 2 * reference / size
    surface = site.quantity("tumour_vessel_surface_density", "1/um", tissue="tumour")
    measured = site.quantity("vessel_permeability", "um/h", product="liposome", tissue="tumour") * surface * symbol("V_tumour")
    fitted = site.quantity("tumour_permeability_flow_fraction", "1") * flow("tumour_vessels")
    rival = site.rival("tumour_entry", ("vessel_permeability", "tumour_permeability_flow_fraction"))
    return ((1 - rival) * measured + rival * fitted) * steric


def in_blood(particle: Particle) -> sympy.Expr:
    """Amount of a particle in all vascular beds [EV]."""
    from vesicle.mechanisms.travelling.circulation import VASCULAR

    return sum((amount(particle, bed) for bed in VASCULAR), sympy.Integer(0))
