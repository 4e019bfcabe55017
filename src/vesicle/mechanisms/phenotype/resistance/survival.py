"""A cell that is held back from apoptosis stands more of whatever kills by apoptosis.

    f = A^(-p)                     A the level of apoptosis, where the signalling network has it
    f = (prod_i S_i)^(p/n)         S_i the levels of those n survival nodes that it has, otherwise

BCL2, BCL2L1, MCL1, NFKB1, RELA, MAPK1 and AKT1 are survival nodes. p, the power with which an IC50 follows the threshold of apoptosis, is one number for every drug:
that drugs differ in it is left out.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

APOPTOSIS = "apoptosis"
SURVIVAL_NODES = ("BCL2", "BCL2L1", "MCL1", "NFKB1", "RELA", "MAPK1", "AKT1")
LEAST_LEVEL = 1e-6
"""A level below this counts as this, so that the factor stays a number."""


def threshold(site: Site) -> sympy.Expr:
    """How far the threshold of apoptosis has risen [1]; exactly 1 where the network has no node of it."""
    present = [node for node in SURVIVAL_NODES if node in site.settings.get("nodes", ())]
    floor = site.given("least_level", LEAST_LEVEL, "1")
    if APOPTOSIS in site.settings.get("nodes", ()):
        return 1 / sympy.Max(level(site, APOPTOSIS), floor)
    product = sympy.Mul(*(sympy.Max(level(site, node), floor) for node in present))
    return product ** sympy.Rational(1, len(present)) if present else sympy.Integer(1)


class SurvivalSignal(Mechanism):
    """Survival signals that raise the threshold of apoptosis."""

    name: ClassVar[str] = "survival_signal"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "drug: none is moved, the cell answers less"
    claims: ClassVar[tuple[str, ...]] = ("C-0186", "C-0192", "C-0195")
    quantities: ClassVar[tuple[str, ...]] = ("survival_ic50_power",)
    absent: ClassVar[str] = "the threshold of apoptosis stays"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The drug is ``site.settings['drug']``, its id ``site.settings['drug_id']``; the particle is not asked for."""
        drug, here = site.settings["drug"], site.settings["drug_id"]
        rule = Rule(f"resistance_survival__{here}", "1", threshold(site) ** site.quantity("survival_ic50_power", "1"))
        return Part(rules=(rule,), observables=(Observable(f"ic50_shift_by:survival:{drug}", "1", symbol(rule.id), "", f"factor of the IC50 of {drug} by survival signals"),))
