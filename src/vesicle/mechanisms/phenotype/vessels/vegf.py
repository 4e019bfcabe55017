"""VEGF, made by tumour cells and a little by endothelium, in the fluid between them.

    dM/dt = N_T s_T g_T + N_E s_E g_E - k M,      c = M/V + c_m

M molecules in the volume V, c_m what medium or blood holds at any time. s is the rate of secretion of one cell in air, k the loss of free VEGF (degradation and binding to
what is not a receptor; receptors hold far less than is made and are left out). One cell makes

    g = l_VEGFA (1 + s_H (F - 1)) (1 - q + q l_F3) f

times that: l_VEGFA the level in its own network (without what comes over HIF, see ``REPLACED``), s_H the rise of HIF activity (:mod:`.hypoxia`), F the fold of secretion
measured at 1 % oxygen, q, in tumour cells, the share of VEGF that needs signals of tissue factor, and f what thrombin multiplies the VEGF of tumour cells by
(:mod:`.coagulation`); q = 0 and f = 1 in endothelium. A cell whose HIF falls below that in air makes less; never below nothing as long as F is less than the ratio of HIF
activities at 1 % and in air, some tens. At rest every level is 1, f = 1, c = c_0 in closed form, and the fluid begins there.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import CELL, ENDOTHELIUM, TUMOUR, heard
from vesicle.mechanisms.phenotype.vessels.coagulation import by_thrombin
from vesicle.mechanisms.phenotype.vessels.hypoxia import rise_at_rest, rise_id
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species

VEGF, FLUID = "vegf", "vessel_fluid"
CONCENTRATION, AT_REST = "vegf_concentration", "vegf_concentration_at_rest"
KINDS = (TUMOUR, ENDOTHELIUM)


def cells_of(site: Site, kind: str) -> sympy.Expr:
    """Number of cells of a kind [cell]: a number that is set, or what an arm knows of it."""
    number = site.settings[f"{kind}_cells"]
    return number if isinstance(number, sympy.Expr) else site.given(f"{kind}_cells_near_vessels", float(number), "cell")


class VegfSecretion(Mechanism):
    """VEGF made by tumour cells and endothelium, each by its own levels and oxygen, and lost in the fluid."""

    name: ClassVar[str] = "vegf_secretion"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D4"
    conserves: ClassVar[str] = "VEGF: at the start + made = in the fluid + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0203", "C-0231")
    quantities: ClassVar[tuple[str, ...]] = (
        "vegf_secretion_rate", "vegf_molar_mass", "vegf_secretion_fold", "vegf_degradation_rate", "tissue_factor_vegf_share", "thrombin_fold",
        "incubator_gas_pressure", "oxygen_threshold", "hydroxylase_oxygen_constant", "hif_oxygen_hill", "hif_ctad_share",
    )  # fmt: skip
    absent: ClassVar[str] = "there is no VEGF to answer"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Cells, volume and held VEGF are ``site.settings``; the particle is not asked for."""
        fluid = site.settings["fluid_volume"]
        volume = fluid if isinstance(fluid, sympy.Expr) else site.given("vessel_fluid_volume", float(fluid), "mL")
        loss = site.quantity("vegf_degradation_rate", "1/h")
        made = {kind: self._made(site, kind) for kind in KINDS}
        at_rest = sum((rest for _, rest in made.values()), sympy.Integer(0)) / loss
        mass = site.quantity("vegf_molar_mass", "ng/copy")
        reactions = [Reaction(f"make_vegf__{kind}", {VEGF: 1, f"vegf_made__{kind}": 1}, now) for kind, (now, _) in made.items()]
        reactions.append(Reaction("lose_vegf", {VEGF: -1, "vegf_lost": 1}, loss * symbol(VEGF)))
        held, before = (site.given(f"vegf_held_{when}", float(site.settings.get(s, 0)), "ng/mL") / mass for when, s in (("now", "vegf"), ("before", "rest_vegf")))
        recipient = [kind for kind in KINDS if kind == site.settings["recipient"]]
        return Part(
            places=(Place(FLUID, "fluid", volume),),
            species=(
                Species(VEGF, "VEGFA", FLUID, "copy", at_rest), Species("vegf_lost", "VEGFA", "", "copy"),
                *(Species(f"vegf_made__{kind}", "VEGFA", "", "copy") for kind in KINDS),
            ),
            reactions=tuple(reactions),
            rules=(Rule(CONCENTRATION, "copy/mL", symbol(VEGF) / volume + held), Rule(AT_REST, "copy/mL", at_rest / volume + before)),
            observables=(
                Observable("vegf", "ng/mL", symbol(CONCENTRATION) * mass, "", "free VEGF"),
                Observable("vegf:relative", "1", symbol(CONCENTRATION) / symbol(AT_REST), "", "free VEGF relative to untreated"),
                *(Observable(f"vegf_made:{kind}", "copy", symbol(f"vegf_made__{kind}"), "", f"VEGF made by {kind}") for kind in KINDS),
                *(Observable("vegf_secreted", "ng", symbol(f"vegf_made__{kind}") * mass, "", "VEGF that the recipient made") for kind in recipient),
                Observable("vegf_lost", "copy", symbol("vegf_lost"), "", "VEGF lost"), Observable("vegf_amount", "copy", symbol(VEGF), "", "free VEGF in the fluid"),
            ),
        )  # fmt: skip

    def _made(self, site: Site, kind: str) -> tuple[sympy.Expr, sympy.Expr]:
        """Made per hour now and at rest [copy/h]."""
        cells, fold = cells_of(site, kind), site.quantity("vegf_secretion_fold", "1", label="hypoxia", cell=CELL[kind])
        base = cells * site.quantity("vegf_secretion_rate", "ng/(cell*h)", cell=CELL[kind]) / site.quantity("vegf_molar_mass", "ng/copy")
        rest = base * (1 + rise_at_rest(site) * (fold - 1))
        needs = site.quantity("tissue_factor_vegf_share", "1") if kind == TUMOUR else sympy.Integer(0)
        signals = heard(site, kind, "VEGFA") * (1 - needs + needs * heard(site, kind, "F3"))
        now = base * (1 + symbol(rise_id(kind)) * (fold - 1)) * signals
        return now * (by_thrombin(site, "VEGF secretion") if kind == TUMOUR else 1), rest
