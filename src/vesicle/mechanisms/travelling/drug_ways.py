"""Where a small molecule goes that is on no carrier: the rates that a drug given free and a drug come off its carrier share.

    eliminated from blood   k = (ln 2 / t_half) V_d / V_plasma
    into other tissue       k_r (V_d / V_plasma - 1) V_plasma / V_rest     and back at k_r
    in the tumour           phi = V_I / (V_I + kappa V_c N)                the share of it that is free

V_d is the volume in which blood and the rest of the body hold it together (plasma alone where none was measured), so t_half stays the
half-life of what is in the body. A cell holds kappa times its volume's worth of medium, so a tumour full of cells holds a drug back; exchange
with its cells is faster than with its vessels. c = phi X / V_I is what a cancer cell sees.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.acting.drug import in_cell_volume
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.travelling.circulation import volume
from vesicle.network.expressions import symbol
from vesicle.network.types import Particle
from vesicle.products.carriers import CARRIERS

TISSUE = "drug_tissue"
"""The tissue, other than the target, in which a drug is held."""


def drug_of(particle: Particle) -> str:
    """The drug that a particle is; empty for a carrier."""
    if not CARRIERS[particle.product].is_molecule:
        return ""
    return next((p.entity for p in particle.passengers if p.role == "drug"), "")


def spread(site: Site, drug: str) -> sympy.Expr:
    """V_d / V_plasma; one where no volume of distribution was measured."""
    known = site.library.of("drug_distribution_volume")
    if not any(m.label == drug and m.role == "input" and m.reference not in site.library.retracted for m in known):
        return sympy.Integer(1)
    held = site.quantity("drug_distribution_volume", "mL/g", label=drug) * site.quantity("body_weight", "g")
    return sympy.Max(1, held / symbol("V_plasma"))


def elimination(site: Site, drug: str) -> sympy.Expr:
    """Hazard of a free molecule in blood to be eliminated [1/h]."""
    return sympy.log(2) / site.quantity("drug_half_life", "h", product="free_drug", label=drug) * spread(site, drug)


def held_in_tissue(site: Site, drug: str) -> tuple[sympy.Expr, sympy.Expr] | None:
    """Hazards into other tissue, from the bed ``rest``, and back [1/h]; None where plasma holds all."""
    wide = spread(site, drug)
    if wide == 1:
        return None
    back = site.quantity("drug_tissue_release_rate", "1/h")
    return back * (wide - 1) * symbol("V_plasma") / volume("rest"), back


def share_free(site: Site, drug: str) -> sympy.Expr:
    """phi: one for what is no drug."""
    if not drug:
        return sympy.Integer(1)
    return symbol("V_interstitium") / (symbol("V_interstitium") + in_cell_volume(site, drug) * symbol(site.settings["cells"]))
