"""Which endothelial cells lead a sprout: VEGFR2 drives, Notch of the neighbours holds back.

    a = l_KDR o/o_0,                     o = c/(c + K_D)          activity of VEGFR2 relative to rest, o_0 at the VEGF of rest
    x = a l_DLL4 l_NOTCH1,               v = x v_0/(1 - v_0 + x v_0)
    dT/dt = k (tau_0/(1 - tau_0)) a S ((1 - v T/N)/(1 - v_0 tau_0))^z - k T,      S = N - T

T tip cells and S stalk cells, N together, each in contact with z others. A stalk cell becomes a tip with VEGFR2, unless one of its neighbours is a tip and holds it back: a
contact with a tip does so with the chance v, so none of z does with (1 - v T/N)^z. A tip cell shows DLL4 as far as VEGFR2 is active in it (VEGF turns on Notch, Notch restrains
what VEGF drives); without DLL4 or NOTCH1 v = 0 and only VEGFR2 decides. k is the rate at which tips go back, v_0 and tau_0 the chance and the share of tips at rest, from which the
rate of becoming a tip follows; at rest T = tau_0 N exactly. Cells are well mixed: how tips are spaced is not followed.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, heard, scaled_share
from vesicle.mechanisms.phenotype.vessels.vegf import AT_REST, CONCENTRATION, cells_of
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species

TIPS, STALKS, BED = "tip_cells", "stalk_cells", "vessel_bed"
VEGFR2 = "vegfr2_activity"


class Sprouting(Mechanism):
    """Tip and stalk cells of endothelium by VEGFR2 and lateral inhibition through DLL4 and Notch."""

    name: ClassVar[str] = "sprouting"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D3"
    conserves: ClassVar[str] = "endothelial cells: tips + stalks = all of the bed"
    claims: ClassVar[tuple[str, ...]] = ("C-0203", "C-0204", "C-0205")
    quantities: ClassVar[tuple[str, ...]] = ("dissociation_constant", "notch_inhibition_share", "tip_cell_share", "endothelial_neighbours", "tip_reversion_rate")
    absent: ClassVar[str] = "the share of tips stays at rest"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Number of cells and levels are ``site.settings``; VEGF comes from :class:`.vegf.VegfSecretion`; the particle is not asked for."""
        cells, share = cells_of(site, ENDOTHELIUM), site.quantity("tip_cell_share", "1")
        held, contacts = site.quantity("notch_inhibition_share", "1"), site.quantity("endothelial_neighbours", "1")
        back = site.quantity("tip_reversion_rate", "1/h")
        notch = symbol(VEGFR2) * heard(site, ENDOTHELIUM, "DLL4") * heard(site, ENDOTHELIUM, "NOTCH1")
        free = sympy.Max(0, 1 - symbol("notch_inhibition") * symbol(TIPS) / cells) / (1 - held * share)
        lead = back * share / (1 - share) * symbol(VEGFR2) * symbol(STALKS) * free**contacts
        return Part(
            places=(Place(BED, "cells", cells, "cell", "endothelium"),),
            species=(Species(TIPS, "tip cells", BED, "cell", share * cells), Species(STALKS, "stalk cells", BED, "cell", (1 - share) * cells)),
            rules=(Rule(VEGFR2, "1", self._activity(site)), Rule("notch_inhibition", "1", scaled_share(held, notch))),
            reactions=(Reaction("become_tip", {STALKS: -1, TIPS: 1}, lead), Reaction("become_stalk", {TIPS: -1, STALKS: 1}, back * symbol(TIPS))),
            observables=(
                Observable("vegfr2_activity", "1", symbol(VEGFR2), "", "activity of VEGFR2 relative to untreated"),
                Observable("notch_inhibition", "1", symbol("notch_inhibition"), "", "chance that contact with a tip holds a cell back"),
                Observable("tip_share", "1", symbol(TIPS) / cells, "", "tip cells of all endothelial cells"),
                Observable("tips", "1", symbol(TIPS) / (share * cells), "", "tip cells relative to untreated"),
                Observable("stalks", "1", symbol(STALKS) / ((1 - share) * cells), "", "stalk cells relative to untreated"),
            ),
        )  # fmt: skip

    def _activity(self, site: Site) -> sympy.Expr:
        constant = site.quantity("dissociation_constant", "copy/mL", label="VEGFA/VEGFR2")
        now, rest = (symbol(name) / (symbol(name) + constant) for name in (CONCENTRATION, AT_REST))
        return heard(site, ENDOTHELIUM, "KDR") * now / rest
