"""From the plasma membrane to the multivesicular body: pools of endosomes and the switch between them.

One endosome carries active Rab5 (a), active Rab7 (b) and the drive c of Rab7 by SAND1, all without dimension:

    tau da/dt = b0 + (1 - b0) a^2/(K5^2 + a^2) / (1 + (b/Ki)^2) - a        Rab5, removed by Rab7
    tau db/dt = c + f b^2/(K7^2 + b^2) - b                                  Rab7, cooperative
    dc/dt     = (c0 S a/a_E - c) / tau_c                                    SAND1 at level S, recruited by Rab5 (a_E: of the early state)

While c < c* both an early state (a high, b low) and a late one exist; above c* only the late one does, and it stays when c falls again: a cut-out
switch. c* is the maximum of b - f b^2/(K7^2 + b^2) on the low branch. With a near a_E the drive rises as c0 S (1 - exp(-t/tau_c)), reaches c*, and passes it with the delay of a
slow passage through a fold (Airy's first zero W = 2.338, curvature kappa):

    T(S) = - tau_c ln(1 - c*/(c0 S)) + W (tau^2 tau_c/(kappa (c0 S - c*)))^(1/3),     never for c0 S <= c*

tau = rho T1 and tau_c = x T1, with T1 the measured time at S = 1 and x such that T(1) = T1. The cell's pools (totals, in MVB equivalents) move at k(S) = 1/T(S):

    d EE/dt = J - k(S) EE,    d LE/dt = k(S) EE - LE/t_LE,    d MVB/dt = LE/t_LE - (k_fus + k_lys) MVB

J, the flow of endosomes, is what the measured fusions need at rest: fusions per cell and hour over the share of bodies that fuse. Without SAND1 Rab5 stays, early endosomes
pile up, and nothing further down is made. The loss of bodies is in :mod:`vesicle.mechanisms.making.release`.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Reaction, Rule, Species

EARLY, LATE, BODY = "endosome_early", "endosome_late", "endosome_mvb"
AIRY = 2.338107410459767
"""First zero of Airy's function, with its sign turned: the delay of a slow passage through a fold in its natural unit."""
NEARLY_NOTHING = 1e-12
"""Keeps the logarithm finite where a level is set at the critical one."""


class EndosomeMaturation(Mechanism):
    """Early endosomes become late ones by the Rab5 to Rab7 switch, late ones multivesicular bodies."""

    name: ClassVar[str] = "endosome_maturation"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A2"
    conserves: ClassVar[str] = "endosomes: formed = early + late + multivesicular bodies + fused + degraded"
    claims: ClassVar[tuple[str, ...]] = ("C-0155", "C-0162", "C-0163", "C-0167", "C-0168", "C-0169", "C-0170")
    quantities: ClassVar[tuple[str, ...]] = (
        "endosome_maturation_time", "rab_switch_drive", "rab_switch_critical_drive", "rab_switch_recruitment_share", "rab_switch_relaxation_share",
        "rab_switch_fold_curvature", "late_endosome_lifetime", "mvb_fusion_rate", "mvb_fusion_share",
    )  # fmt: skip
    absent: ClassVar[str] = "no early endosome becomes a late one; no vesicle is made"

    def contribute(self, site: Site, particle: Particle) -> Part:
        cells = symbol(site.settings["cells"])
        flow = site.quantity("mvb_fusion_rate", "MVB/(cell*h)") / site.quantity("mvb_fusion_share", "1") * cells
        late = 1 / site.quantity("late_endosome_lifetime", "h")
        return Part(
            rules=(Rule("k_maturation", "1/h", self._rate(site)), Rule("endosome_flow", "MVB/h", flow)),
            species=tuple(Species(name, name, "donor", "MVB") for name in (EARLY, LATE, BODY)),
            reactions=(
                Reaction("endocytosis", {EARLY: 1}, symbol("endosome_flow")),
                Reaction("rab_switch", {EARLY: -1, LATE: 1}, symbol("k_maturation") * symbol(EARLY)),
                Reaction("mvb_formation", {LATE: -1, BODY: 1}, late * symbol(LATE)),
            ),
        )

    def _rate(self, site: Site) -> sympy.Expr:
        """k(S) of the module; a level of 0 has no logarithm and no rate."""
        level = site.settings["levels"].get("SAND1", 1.0) * site.settings["levels"].get("RAB7A", 1.0)
        if level == 0:
            return site.given("no_maturation", 0.0, "1/h")
        critical, drive = site.quantity("rab_switch_critical_drive", "1"), site.quantity("rab_switch_drive", "1")
        sand = site.given("sand1_level", level, "1")
        over = sympy.Max(0, sand * drive - critical)
        some = sympy.Max(NEARLY_NOTHING, over)
        share, relaxation = site.quantity("rab_switch_recruitment_share", "1"), site.quantity("rab_switch_relaxation_share", "1")
        bend = site.quantity("rab_switch_fold_curvature", "1")
        time = -share * sympy.log(some / (sand * drive)) + AIRY * (relaxation**2 * share / (bend * some)) ** sympy.Rational(1, 3)
        switches = over / some  # 0 at and below the critical level, else 1
        return switches / (time * site.quantity("endosome_maturation_time", "h"))
