"""From a tip cell to a vessel: five steps, each with a rate of its own, and sprouts that give up on the way.

Basement membrane breakdown (1), proliferation (2), migration (3), tube formation (4) and maturation (5). X_i sprouts are at step i, each led by one tip cell:

    dX_1/dt = k_s T - (r_1/T_1 + d) X_1
    dX_i/dt = (r_{i-1}/T_{i-1}) X_{i-1} - (r_i/T_i + d) X_i
    dY/dt = (r_5/T_5) X_5 - k_v Y
    r_i = l_i (1 - e_i + e_i a (1 + k_i)/(a + k_i)),      k_i = G_i/e_i

T_i is the time that a step takes at rest (for proliferation the doubling time, for migration the length of a sprout over the speed of its tip), d the rate at which sprouts
regress, k_v that at which vessels do. l_i is the level of the step in the endothelium's network; e_i the share of its rate at rest that needs VEGFR2, whose activity relative to
rest is a, and G_i by how much saturating VEGF raises it: r_i runs from 1 - e_i without VEGF over 1 at rest to 1 + G_i. Long after

    Y/Y_0 = (T/T_0) prod_i (1 + d T_i)/(1 + d T_i/r_i)

so a step that stops ends all vessels, and no step can raise them by more than what regressed at it. Everything begins at rest, where the ratio is 1. Sprouts start from the bed
that is there: new vessels do not sprout themselves, and no blood flow decides which of them stay.

**Permeability** of the wall is an output of its own: a level, the same form for VEGFR2, and what thrombin adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, heard
from vesicle.mechanisms.phenotype.vessels.coagulation import by_thrombin
from vesicle.mechanisms.phenotype.vessels.sprouting import TIPS, VEGFR2
from vesicle.mechanisms.phenotype.vessels.vegf import cells_of
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

VESSELS, DENSITY, PERMEABILITY = "vessels", "vessel_density", "permeability"


@dataclass(frozen=True)
class Step:
    """One step: its name, the node of the endothelium's network that sets its level, and what it is in words."""

    name: str
    node: str
    words: str

    @property
    def species(self) -> str:
        """Sprouts that are at this step."""
        return f"sprouts_at__{self.name}"

    @property
    def rate(self) -> str:
        """Rule of its rate relative to rest."""
        return f"rate_of__{self.name}"


MEMBRANE = Step("membrane_breakdown", "invasion", "breakdown of the basement membrane")
PROLIFERATION = Step("endothelial_proliferation", "proliferation", "proliferation of endothelium")
MIGRATION = Step("endothelial_migration", "migration", "migration of endothelium")
TUBE = Step("tube_formation", "angiogenesis", "tube formation")
MATURATION = Step("maturation", "TEK", "maturation of the vessel")
STEPS = (MEMBRANE, PROLIFERATION, MIGRATION, TUBE, MATURATION)


class VesselSteps(Mechanism):
    """Five steps from tip cells to mature vessels, with regression at each."""

    name: ClassVar[str] = "vessel_steps"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D3"
    conserves: ClassVar[str] = "sprouts: at the start + started = under way + vessels + regressed"
    claims: ClassVar[tuple[str, ...]] = ("C-0206",)
    quantities: ClassVar[tuple[str, ...]] = (
        "angiogenic_step_time", "doubling_time", "endothelial_migration_speed", "sprout_length", "angiogenic_vegf_share", "vegf_effect_gain",
        "sprout_start_rate", "sprout_regression_rate", "vessel_regression_rate", "tip_cell_share", "thrombin_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "vessel density stays at rest"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Tip cells come from :class:`.sprouting.Sprouting`; the particle is not asked for."""
        start, regress, lost = (site.quantity("sprout_start_rate", "1/h"), site.quantity("sprout_regression_rate", "1/h"), site.quantity("vessel_regression_rate", "1/h"))
        times, rest = [self._time(site, step) for step in STEPS], []
        inflow = start * site.quantity("tip_cell_share", "1") * cells_of(site, ENDOTHELIUM)
        for time in times:
            rest.append(inflow / (1 / time + regress))
            inflow = rest[-1] / time
        here = [symbol(step.species) for step in STEPS]
        onward = [*(step.species for step in STEPS[1:]), VESSELS]
        reactions = [Reaction("start_sprout", {STEPS[0].species: 1, "sprouts_started": 1}, start * symbol(TIPS))]
        for step, x, time, following in zip(STEPS, here, times, onward, strict=True):
            reactions.append(Reaction(f"pass__{step.name}", {step.species: -1, following: 1}, symbol(step.rate) * x / time))
            reactions.append(Reaction(f"regress__{step.name}", {step.species: -1, "sprouts_regressed": 1}, regress * x))
        reactions.append(Reaction("regress__vessels", {VESSELS: -1, "sprouts_regressed": 1}, lost * symbol(VESSELS)))
        begin = [Species(step.species, "sprouts", "", "cell", initial) for step, initial in zip(STEPS, rest, strict=True)]
        underway = sum(here, sympy.Integer(0)), sum(rest, sympy.Integer(0))
        return Part(
            species=(*begin, Species(VESSELS, "vessels", "", "cell", inflow / lost), *(Species(s, "sprouts", "", "cell") for s in ("sprouts_started", "sprouts_regressed"))),
            rules=(
                *(Rule(step.rate, "1", self._rate(site, step.node, step.name)) for step in STEPS),
                Rule(PERMEABILITY, "1", self._rate(site, "vascular_permeability", "permeability") * by_thrombin(site, "permeability")),
                Rule(DENSITY, "1", symbol(VESSELS) / (inflow / lost)),
            ),
            reactions=tuple(reactions),
            observables=(
                *(Observable(step.name, "1", symbol(step.rate), "", f"rate of {step.words} relative to untreated") for step in STEPS),
                Observable("sprouts", "1", underway[0] / underway[1], "", "sprouts under way relative to untreated"),
                Observable("permeability", "1", symbol(PERMEABILITY), "", "permeability of the vessel wall relative to untreated"),
                Observable("vessel_density", "1", symbol(DENSITY), "", "vessels relative to untreated"),
                Observable("vessels", "cell", symbol(VESSELS), "", "vessels, counted by the cell that led them"),
                Observable("sprouts_underway", "cell", underway[0], "", "sprouts under way"),
                *(Observable(s, "cell", symbol(s), "", s.replace("_", " ")) for s in ("sprouts_started", "sprouts_regressed")),
            ),
        )  # fmt: skip

    def _time(self, site: Site, step: Step) -> sympy.Expr:
        if step is PROLIFERATION:
            return site.quantity("doubling_time", "h", cell="endothelial cell", method="in vitro")
        if step is MIGRATION:
            return site.quantity("sprout_length", "um") / site.quantity("endothelial_migration_speed", "um/h")
        return site.quantity("angiogenic_step_time", "h", label=step.name)

    def _rate(self, site: Site, node: str, label: str) -> sympy.Expr:
        """Rate relative to rest: the level of its node, and what VEGFR2 adds or takes."""
        needs = site.quantity("angiogenic_vegf_share", "1", label=label)
        half = site.quantity("vegf_effect_gain", "1", label=label) / needs
        return heard(site, ENDOTHELIUM, node) * (1 - needs + needs * symbol(VEGFR2) * (1 + half) / (symbol(VEGFR2) + half))
