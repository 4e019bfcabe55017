"""Which endothelial cells lead a sprout: VEGFR2 drives, Notch of the neighbours holds back.

    a = l_KDR o/o_0,                     o = c/(c + K_D)          activity of VEGFR2 relative to rest, o_0 at the VEGF of rest
    held = q l_DLL4 l_NOTCH1 T,          q = (1 - f_0)(1 - tau_0)/tau_0
    dT/dt = k (tau_0/(f_0 (1 - tau_0))) a (S - held) - k T,      S = N - T

T tip cells and S stalk cells, N together; in code S max(0, 1 - held/S) stands for S - held, fewer than one cell counting as one. A tip shows DLL4 and holds q of the
cells around it back by their Notch, in proportion to both; a stalk cell that is free of tips becomes one with VEGFR2. So VEGF turns on Notch, by making tips, and Notch
restrains what VEGF drives. q follows from the share f_0 of stalk cells that are free at rest and the share tau_0 of tips, the rate of becoming a tip from k, at which tips
go back; at rest T = tau_0 N exactly. Long after, with kappa = tau_0/(f_0 (1 - tau_0)),

    T/N = kappa a/(1 + kappa a (1 + q l_DLL4 l_NOTCH1))

The hold is proportional, not saturated, because the loss of one copy of DLL4 is known to show. Where tips stand is not followed: no two hold the same cell.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, heard
from vesicle.mechanisms.phenotype.vessels.vegf import AT_REST, CONCENTRATION, cells_of
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species

TIPS, STALKS, BED = "tip_cells", "stalk_cells", "vessel_bed"
VEGFR2, HELD = "vegfr2_activity", "held_by_notch"


class Sprouting(Mechanism):
    """Tip and stalk cells of endothelium by VEGFR2 and lateral inhibition through DLL4 and Notch."""

    name: ClassVar[str] = "sprouting"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D3"
    conserves: ClassVar[str] = "endothelial cells: tips + stalks = all of the bed"
    claims: ClassVar[tuple[str, ...]] = ("C-0203", "C-0204", "C-0205")
    quantities: ClassVar[tuple[str, ...]] = ("dissociation_constant", "free_stalk_share", "tip_cell_share", "tip_reversion_rate", "cell_floor")
    absent: ClassVar[str] = "the share of tips stays at rest"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Number of cells and levels are ``site.settings``; VEGF comes from :class:`.vegf.VegfSecretion`; the particle is not asked for."""
        cells, share = cells_of(site, ENDOTHELIUM), site.quantity("tip_cell_share", "1")
        free, back = site.quantity("free_stalk_share", "1"), site.quantity("tip_reversion_rate", "1/h")
        each = (1 - free) * (1 - share) / share * heard(site, ENDOTHELIUM, "DLL4") * heard(site, ENDOTHELIUM, "NOTCH1")
        lead = (
            back * share / (free * (1 - share)) * symbol(VEGFR2) * symbol(STALKS) * sympy.Max(0, 1 - symbol(HELD) / sympy.Max(symbol(STALKS), site.quantity("cell_floor", "cell")))
        )
        return Part(
            places=(Place(BED, "cells", cells, "cell", "endothelium"),),
            species=(Species(TIPS, "tip cells", BED, "cell", share * cells), Species(STALKS, "stalk cells", BED, "cell", (1 - share) * cells)),
            rules=(Rule(VEGFR2, "1", self._activity(site)), Rule(HELD, "cell", each * symbol(TIPS))),
            reactions=(Reaction("become_tip", {STALKS: -1, TIPS: 1}, lead), Reaction("become_stalk", {TIPS: -1, STALKS: 1}, back * symbol(TIPS))),
            observables=(
                Observable("vegfr2_activity", "1", symbol(VEGFR2), "", "activity of VEGFR2 relative to untreated"),
                Observable("held_back", "1", symbol(HELD) / cells, "", "cells that Notch holds back, of all endothelial cells"),
                Observable("tip_share", "1", symbol(TIPS) / cells, "", "tip cells of all endothelial cells"),
                Observable("tips", "1", symbol(TIPS) / (share * cells), "", "tip cells relative to untreated"),
                Observable("stalks", "1", symbol(STALKS) / ((1 - share) * cells), "", "stalk cells relative to untreated"),
            ),
        )  # fmt: skip

    def _activity(self, site: Site) -> sympy.Expr:
        constant = site.quantity("dissociation_constant", "copy/mL", label="VEGFA/VEGFR2")
        now, rest = (symbol(name) / (symbol(name) + constant) for name in (CONCENTRATION, AT_REST))
        return heard(site, ENDOTHELIUM, "KDR") * now / rest
