"""More of a transporter in the membrane pumps more of a drug out.

Where a line with n_R copies of ABCB1 stands R times as much drug as its parent, the pump adds in proportion to its copies,

    e(n) = (R - 1) n/n_R,      f = (1 + e(n0 L + n_v))/(1 + e(n0))

n0 copies at rest, L the level of ABCB1 that signals induce, n_v copies that vesicles brought into the membrane (:mod:`vesicle.mechanisms.phenotype.resistance.spread`).
The IC50 on record is that of cells with n0, so f = 1 at rest; and where a well already counts the pump of n0 in the concentration inside (:mod:`vesicle.mechanisms.acting.drug`),
the same f is what is new. That the response is linear in the copies was measured in two lines (Robertus2025).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

PUMP = "ABCB1"


def resting_copies(site: Site) -> sympy.Expr:
    """n0: copies of the transporter in a cell at rest [copy/cell], from the recipient's level where one is given."""
    given = site.settings.get("transporters", {}).get(PUMP, 0.0)
    if given:
        return site.given(f"level__{PUMP}", given, "1") * site.quantity("transporter_copies_resistant", "copy/cell", label=PUMP)
    return site.quantity("transporter_copies_sensitive", "copy/cell", label=PUMP)


def pumping(site: Site, drug: str, copies: sympy.Expr) -> sympy.Expr:
    """e: resistance that so many copies per cell give, less one [1]."""
    gained = sympy.Max(0, site.quantity("transporter_resistance", "1", label=f"{PUMP}/{drug}") - 1)
    return gained * copies / site.quantity("transporter_copies_resistant", "copy/cell", label=PUMP)


def shift(site: Site, drug: str, brought: sympy.Expr) -> sympy.Expr:
    """f: how far induction and copies brought by vesicles [copy/cell] raise the IC50 [1]."""
    rest = resting_copies(site)
    return (1 + pumping(site, drug, rest * level(site, PUMP) + brought)) / (1 + pumping(site, drug, rest))


class TransporterInduction(Mechanism):
    """Induction of ABCB1, which lowers the drug inside."""

    name: ClassVar[str] = "transporter_induction"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "drug: what is pumped out is in the medium"
    claims: ClassVar[tuple[str, ...]] = ("C-0305", "C-0547")
    quantities: ClassVar[tuple[str, ...]] = ("transporter_copies_resistant", "transporter_copies_sensitive", "transporter_resistance")
    absent: ClassVar[str] = "transporters stay as they are"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The drug is ``site.settings['drug']``, its id ``site.settings['drug_id']``; the particle is not asked for."""
        drug, here = site.settings["drug"], site.settings["drug_id"]
        rule = Rule(f"resistance_transporter__{here}", "1", shift(site, drug, sympy.Integer(0)))
        return Part(rules=(rule,), observables=(Observable(f"ic50_shift_by:transporter:{drug}", "1", symbol(rule.id), "", f"factor of the IC50 of {drug} by its transporter"),))
