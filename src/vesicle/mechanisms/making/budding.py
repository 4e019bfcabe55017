"""Intraluminal vesicles by three parallel routes, each a labelled subpopulation.

Late endosomes bud n vesicles each on their way to a multivesicular body, B = n LE/t_LE per hour. Route r makes a share w_r of them (the shares are
divided by their sum), times its activity u_r and the gain of working together:

    rate_r = B w_r u_r g,     g = exp(e u_ESCRT u_ceramide)/exp(e)

so that at rest g = 1. e is the interaction of the reviews' word "synergy": its prior has either sign.

**ESCRT.** Sets of machinery pass four stages in order and have to be taken apart before they can be used again:

    free -> 0 -> 1 -> 2 -> 3 -> vesicle + spent,     spent -> free by VPS4 and VTA1

with u_ESCRT = free/free at rest for the entry and 1/t_i for stage i times the level of that complex. Free sets at rest are
M - J sum(t_i) - J t_rec, with J the flow at rest. Without ESCRT-I the stages after it run dry at once; without VPS4 or VTA1
spent sets pile up and the flow falls with the time free/J. Sets are conserved.

**Ceramide** acts with the level of SMPD3 (what GW4869 leaves), **tetraspanin** with the level of CD63/CD81/CD9. Every route has its own cargo.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.endosomes import LATE
from vesicle.mechanisms.making.regulation import acting, fold, level
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species
from vesicle.network.types import Part, Particle, Reaction, Rule, Species

MVB_PLACE = "mvb"
STAGES = ("escrt_0", "escrt_1", "escrt_2", "escrt_3")
FREE, SPENT = "escrt_free", "escrt_spent"
ROUTES = ("escrt", "ceramide", "tetraspanin")


def made_rate(particle: Particle) -> str:
    """Name of the rule that says how many vesicles of a route are made per hour; what they take along follows it."""
    return f"made_rate__{particle.id}"


def made_at_rest(site: Site, particle: Particle, route: str) -> Rule:
    """What a route makes per hour in a donor at rest, with the measured fusions."""
    bodies = site.quantity("mvb_fusion_rate", "MVB/(cell*h)") / site.quantity("mvb_fusion_share", "1") * symbol(site.settings["cells"])
    made = site.given("ev_per_ilv", 1.0, "EV/ILV") * site.quantity("ilv_per_mvb", "ILV/MVB") * bodies * route_share(site, route)
    return Rule(f"made_at_rest__{particle.id}", "EV/h", made)


def route_share(site: Site, route: str) -> sympy.Expr:
    """Share of a route among the three at rest."""
    shares = {name: site.quantity("ilv_route_share", "1", label=name, cell=site.settings.get("donor_cell", "")) for name in ROUTES}
    return shares[route] / sum(shares.values(), sympy.Integer(0))


def budding(site: Site) -> sympy.Expr:
    """Vesicles that late endosomes bud per hour, all routes at rest [EV/h]."""
    one = site.given("ev_per_ilv", 1.0, "EV/ILV")
    everywhere: sympy.Expr = site.given("biogenesis_level", level(site, "biogenesis"), "1")
    for name in acting(site, "biogenesis"):
        everywhere = everywhere * fold(site, name)
    return everywhere * one * site.quantity("ilv_per_mvb", "ILV/MVB") * symbol(LATE) / site.quantity("late_endosome_lifetime", "h")


def gain(site: Site) -> sympy.Expr:
    """Gain of the routes working together, 1 at rest."""
    strength = site.quantity("ilv_route_interaction", "1")
    both = site.given("escrt_with_ceramide", level(site, *STAGES, "VPS4", "VTA1") * level(site, "SMPD3"), "1")
    return sympy.exp(strength * (both - 1))


class EscrtBudding(Mechanism):
    """The ESCRT pipeline 0-I-II-III with recycling."""

    name: ClassVar[str] = "escrt_budding"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A3"
    conserves: ClassVar[str] = "sets of ESCRT machinery: free + engaged + spent = all"
    claims: ClassVar[tuple[str, ...]] = ("C-0005", "C-0160", "C-0171", "C-0174", "C-0176", "C-0434", "C-0436", "C-0437")
    quantities: ClassVar[tuple[str, ...]] = (
        "escrt_sets_per_cell", "escrt_stage_time", "escrt_recycling_time", "ilv_route_share", "ilv_per_mvb", "late_endosome_lifetime", "ilv_route_interaction",
        "mvb_fusion_rate", "mvb_fusion_share", "escrt_least_free_share", "secretion_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "no vesicles of the ESCRT subpopulation"

    def contribute(self, site: Site, particle: Particle) -> Part:
        cells = symbol(site.settings["cells"])
        times = {stage: site.quantity("escrt_stage_time", "h", label=stage) for stage in STAGES}
        recycling = site.quantity("escrt_recycling_time", "h")
        sets = site.quantity("escrt_sets_per_cell", "copy/cell") * cells
        per_vesicle = site.given("escrt_sets_per_ev", 1.0, "copy/EV")
        rest = made_at_rest(site, particle, "escrt")
        at_rest = per_vesicle * rest.expression
        free = sets - at_rest * (sum(times.values(), sympy.Integer(0)) + recycling)
        entry = per_vesicle * budding(site) * route_share(site, "escrt") * gain(site) * symbol(FREE) / symbol("escrt_free_at_rest")
        rates = {stage: site.given(f"{stage}_level", level(site, stage), "1") * symbol(stage) / times[stage] for stage in STAGES}
        recycled = site.given("vps4_level", level(site, "VPS4", "VTA1"), "1") * symbol(SPENT) / recycling
        vesicle = particle_species(particle.id, MVB_PLACE)
        return Part(
            rules=(
                rest,
                Rule("escrt_free_at_rest", "copy", sympy.Max(free, sets * site.quantity("escrt_least_free_share", "1"))),
                Rule(made_rate(particle), "EV/h", rates[STAGES[-1]] / per_vesicle),
            ),
            species=(Species(FREE, "escrt", "donor", "copy", sets), *(Species(name, "escrt", "donor", "copy") for name in (*STAGES, SPENT))),
            reactions=(
                Reaction("escrt_entry", {FREE: -1, STAGES[0]: 1}, entry),
                *(Reaction(f"{a}_to_{b}", {a: -1, b: 1}, rates[a]) for a, b in zip(STAGES, STAGES[1:], strict=False)),
                Reaction("escrt_scission", {STAGES[-1]: -1, SPENT: 1}, rates[STAGES[-1]]),
                Reaction("escrt_made", {vesicle: 1}, symbol(made_rate(particle)), step="made", step_particle=particle.id),
                Reaction("escrt_recycling", {SPENT: -1, FREE: 1}, recycled),
            ),
        )


class CeramideBudding(Mechanism):
    """Budding driven by ceramide of neutral sphingomyelinase 2."""

    name: ClassVar[str] = "ceramide_budding"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A4"
    conserves: ClassVar[str] = "vesicles: made = in bodies + released + degraded"
    claims: ClassVar[tuple[str, ...]] = ("C-0006", "C-0175", "C-0442", "C-0443")
    quantities: ClassVar[tuple[str, ...]] = (
        "ilv_route_share", "ilv_per_mvb", "late_endosome_lifetime", "ilv_route_interaction", "secretion_fold", "mvb_fusion_rate", "mvb_fusion_share",
    )  # fmt: skip
    absent: ClassVar[str] = "no vesicles of the ceramide subpopulation"

    def contribute(self, site: Site, particle: Particle) -> Part:
        return _route(site, particle, "ceramide", "SMPD3")


class TetraspaninBudding(Mechanism):
    """Budding from tetraspanin domains."""

    name: ClassVar[str] = "tetraspanin_budding"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A4"
    conserves: ClassVar[str] = "vesicles: made = in bodies + released + degraded"
    claims: ClassVar[tuple[str, ...]] = ("C-0006", "C-0175", "C-0441", "C-0443")
    quantities: ClassVar[tuple[str, ...]] = (
        "ilv_route_share", "ilv_per_mvb", "late_endosome_lifetime", "ilv_route_interaction", "secretion_fold", "mvb_fusion_rate", "mvb_fusion_share",
    )  # fmt: skip
    absent: ClassVar[str] = "no vesicles of the tetraspanin subpopulation"

    def contribute(self, site: Site, particle: Particle) -> Part:
        return _route(site, particle, "tetraspanin", "tetraspanins")


def _route(site: Site, particle: Particle, route: str, component: str) -> Part:
    activity = site.given(f"{component}_level", level(site, component), "1")
    rate = budding(site) * route_share(site, route) * activity * gain(site)
    made = Reaction(f"{route}_made", {particle_species(particle.id, MVB_PLACE): 1}, symbol(made_rate(particle)), step="made", step_particle=particle.id)
    return Part(rules=(made_at_rest(site, particle, route), Rule(made_rate(particle), "EV/h", rate)), reactions=(made,))
