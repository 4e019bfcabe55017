"""Ligands that carry a particle through the endothelium of a tissue.

    vessel -> endothelium     N_e k (1 - E / (E_max N_e)) / V_vessel,     k = 4 pi D a k_L / (4 pi D a + k_L)
    endothelium -> tissue     k_lys s / (1 - s),                          endothelium -> digested   k_lys

with k_L = k_on n_L a R for R receptors on one endothelial cell (see the ligands of the chapter entering), N_e = S_v V / a_e
endothelial cells on a vessel surface S_v of a volume V, each with the face a_e, E held by them with E_max each, and s the share of
what they take in that comes out on the other side. Receptors bound the gain through k_L, the endothelium's hold through E_max and its
lysosomes through s; a ligand whose receptor is not on vessels adds nothing. E_max was measured on other cells.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.base import Site, amount
from vesicle.mechanisms.entering.attachment import diffusion_limit
from vesicle.mechanisms.entering.ligands import LIGANDS, ligand_rate
from vesicle.mechanisms.travelling.circulation import vessels, volume
from vesicle.network.types import Part, Particle, Place, Transfer


def transcytosis(site: Site, particle: Particle, tissue: str, surface: sympy.Expr) -> Part:
    """The way of a particle with a ligand for vessels; ``surface`` is the vessel surface of the tissue [um2]. Empty without such a ligand."""
    name = site.settings.get("ligands", {}).get(particle.id, "")
    if not name or not LIGANDS[name].on_vessels:
        return Part()
    wall = f"{tissue}_endothelium"
    number = surface / site.quantity("endothelial_cell_area", "um2/cell")
    driven = ligand_rate(site, particle, f"{tissue} endothelial cell")
    limit = diffusion_limit(site, particle)
    full = amount(particle, wall) / (site.quantity("ev_inventory_per_cell", "EV/cell", product="exosome") * number)
    enter = number * limit * driven / (limit + driven) / volume(vessels(site)) * sympy.Max(0, 1 - full)
    digest = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
    share = site.quantity("transcytosis_share", "1", label=name)
    return Part(
        places=(Place(wall, "cells", number, "cell", f"endothelium of the {tissue}"),),
        transfers=(
            Transfer(f"enter_endothelium__{particle.id}", particle.id, vessels(site), wall, enter),
            Transfer(f"transcytose__{particle.id}", particle.id, wall, f"{tissue}_interstitium", digest * share / (1 - share), step="at_tumour"),
            Transfer(f"digest_wall__{particle.id}", particle.id, wall, None, digest, sink="digested"),
        ),
    )
