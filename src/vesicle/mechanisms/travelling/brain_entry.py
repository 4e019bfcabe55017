"""From the vessels of the brain to the neighbourhood of a neuron.

    vessel -> interstitium at K_i m / V_vessel,    and back with the same clearance over the interstitial volume

K_i is the unidirectional influx of unmodified vesicles, measured per gram of brain; m = rho v BW the mass of the brain. There are no pores: a
particle crosses through cells. A ligand whose receptor sits on endothelium adds transcytosis (see that module). In the interstitium, of
share e of the brain, a particle diffuses (hindered) over half the distance between vessels and competes with microglia, m_g per
neuron, and with astrocytes and oligodendrocytes, g per neuron:

    r = m_g r_phagocyte + g r_glia

"At the tumour" is, in the count of custody, the crossing into the target tissue; the share of the dose in the brain is an outcome.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.circulation import vessels, volume
from vesicle.mechanisms.travelling.interstitium import others, places_of, reach
from vesicle.mechanisms.travelling.transcytosis import transcytosis
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Rule, Transfer
from vesicle.products.carriers import CARRIERS

BRAIN = "brain"


class BrainEntry(Mechanism):
    """Passage through the blood-brain barrier, hindered diffusion, and the competition before a neuron is reached."""

    name: ClassVar[str] = "brain_entry"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C4"
    conserves: ClassVar[str] = "particles: entered = in the interstitium + taken by glia + in reach + lost + returned"
    claims: ClassVar[tuple[str, ...]] = ("C-0028",)
    quantities: ClassVar[tuple[str, ...]] = (
        "medium_viscosity", "thermal_energy", "cell_diameter", "sticking_probability", "plasma_viscosity", "ev_diameter",
        "organ_volume_fraction", "body_weight", "tissue_density", "brain_influx", "tissue_interstitial_fraction", "vessel_surface_density",
        "microglia_per_neuron", "macroglia_per_neuron", "phagocyte_relative_uptake", "macroglia_relative_uptake",
        "diffusion_hindrance", "intervessel_half_distance", "interstitial_loss_rate", "lysosomal_half_life",
        "endothelial_cell_area", "ev_inventory_per_cell", "transcytosis_share", "surface_ligand_copies_per_ev", "ligand_free_of_corona",
        "ligand_association_rate", "receptors_per_cell",
    )  # fmt: skip
    absent: ClassVar[str] = "nothing leaves the brain's vessels"

    def contribute(self, site: Site, particle: Particle) -> Part:
        density = site.quantity("tissue_density", "g/mL")
        whole = Rule("V_brain", "mL", site.quantity("body_weight", "g") / density * site.quantity("organ_volume_fraction", "1", tissue=BRAIN))
        inside = Rule("V_interstitium", "mL", symbol("V_brain") * site.quantity("tissue_interstitial_fraction", "1", tissue=BRAIN))
        entry = Rule(f"PS__{particle.id}", "mL/h", site.quantity("brain_influx", "mL/(g*h)", product=particle.product) * density * symbol("V_brain"))
        bed = vessels(site)
        transfers = [
            Transfer(f"extravasate__{particle.id}", particle.id, bed, f"{BRAIN}_interstitium", symbol(entry.id) / volume(bed), step="at_tumour"),
            Transfer(f"return__{particle.id}", particle.id, f"{BRAIN}_interstitium", bed, symbol(entry.id) / symbol("V_interstitium"), step="at_tumour", backward=True),
            *reach(site, particle, BRAIN, sympy.Integer(1)),
        ]
        if CARRIERS[particle.product].enters_cells:
            transfers += others(site, particle, BRAIN, self._glia(site))
        surface = site.quantity("vessel_surface_density", "1/um", tissue=BRAIN) * symbol("V_brain") * site.conversion("um3", "mL")
        through = transcytosis(site, particle, BRAIN, surface)
        places = (*places_of(BRAIN, "glia", "neurons"), *through.places)
        return Part(rules=(whole, inside, entry), places=places, transfers=(*transfers, *through.transfers))

    def _glia(self, site: Site) -> sympy.Expr:
        """r of the module's equations."""
        micro = site.quantity("microglia_per_neuron", "1") * site.quantity("phagocyte_relative_uptake", "1", product="exosome")
        return micro + site.quantity("macroglia_per_neuron", "1") * site.quantity("macroglia_relative_uptake", "1", product="exosome")
