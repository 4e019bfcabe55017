"""Drugs and radiation kill cells at a rate that saturates with the dose, and drugs halt their division.

An assay that counts half of the cells of its control after an exposure T at the concentration IC50 says that the rate of kill is ln 2 / T there. With the
steepness n and the maximal rate (1 + x) ln 2 / T, at which 2^-(1+x) of the cells are left after T,

    h(c) = (1 + x) (ln 2 / T) y / (x + y),      y = (c / (IC50 shift))^n,      h(IC50 shift) = ln 2 / T

which is h = k_max c^n / (K^n + c^n) with k_max = (1 + x) ln 2 / T and K = x^(1/n) IC50 shift. The shift is 1, or what mechanisms of resistance make of it
(rule ``ic50_shift__DRUG``). c is what cells meet of the drug by all its ways (rule ``met__DRUG``, :mod:`vesicle.mechanisms.drug.given`): off vesicles, dissolved
around them, given as such. A drug that decays in water at k = ln 2 / t_water decays in the assay too, where IC50 is what was added; the whole of its effect is then

    integral_0^T h dt = k_max / (n k) ln((x + 1) / (x + exp(- n k T))) = ln 2      at IC50,   so  k_max = ln 2 n k / ln((x + 1) / (x + exp(- n k T)))

which is the k_max above where k goes to zero. h is how fast cells fall behind their control; an assay of their number does not tell whether they die or divide less.
Of a drug for which it was recorded (``cytostatic_share``), the share s of h is division that halts, and the rest kills:

    k = (1 - s) h,      phi = max(0, 1 - sum of s h / mu_0 over drugs),      mu_0 = ln 2 / doubling time of the line in culture

phi is the share of divisions that is left (rule ``divisions_left``), for a population of cells to follow, so that the cells of the assay fall behind at h either way, until
none divides; cells that divide seldom are halted in the same proportion, and a tumour is then not made smaller. A drug without such a record has s = 0: it kills at once.

A fraction of D gray leaves exp(-(alpha D + beta D^2)) of the cells. It is given as a hazard of the length of one irradiation,

    h_R = (alpha D + beta D^2) / delta      for a time delta

so that its integral, and with it the survival, is exact whatever follows in time, and whatever states a cell has; no repair happens within minutes, all of it between fractions.

    kill_rate = sum of k over drugs + h_R,      kill_rate_dormant = sum of d k,  d the share at which a dormant cell dies

are for a population of cells to follow; H = integral of the sum of h and h_R is how far cells that proliferate as in culture fall behind, in natural logarithms.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import FreeDrug, decays, drugs_met, halts, met, met_id
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

KILL, KILL_DORMANT, KILLED = "kill_rate", "kill_rate_dormant", "log_kill"
DIVISIONS_LEFT = "divisions_left"
RADIATION = "radiation"
BEAM = "radiation_hazard"


def kill_id(source: str) -> str:
    """Id of the rule that holds the kill rate of one drug, or of radiation [1/h]."""
    return f"{KILL}__{source}"


def effect_id(drug: FreeDrug) -> str:
    """Id of the rule that holds how fast a drug that halts and kills makes cells fall behind [1/h]."""
    return f"effect_rate__{drug.id}"


def shift_id(drug: FreeDrug) -> str:
    """Id of the rule by which other mechanisms multiply the IC50 of a drug [1]."""
    return f"ic50_shift__{drug.id}"


class Kill(Mechanism):
    """Rate at which drugs and radiation kill proliferating and dormant cells, and the divisions that drugs leave."""

    name: ClassVar[str] = "kill"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "F5"
    conserves: ClassVar[str] = "rates: kill_rate = sum over drugs and radiation"
    quantities: ClassVar[tuple[str, ...]] = (
        "ic50",
        "ic50_exposure_time",
        "kill_hill",
        "kill_saturation_excess",
        "dormant_kill_share",
        "drug_water_half_life",
        "cytostatic_share",
        "doubling_time",
    )
    absent: ClassVar[str] = "drugs and radiation kill no cell"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """All drugs that cells meet act, radiation with ``site.settings['irradiated']``; ``ic50_shifts`` names drugs whose shift is a rule."""
        drugs = drugs_met(site)
        halting = {drug: site.quantity("cytostatic_share", "1", label=drug.name, cell=site.settings["cell_line"]) for drug in drugs if halts(site, drug)}
        effects = {drug: self._rate(site, drug) for drug in drugs}
        rates = {drug.id: (1 - halting[drug]) * symbol(effect_id(drug)) if drug in halting else effects[drug] for drug in drugs}
        shares = {drug.id: site.quantity("dormant_kill_share", "1", label=drug.name) for drug in drugs}
        if site.settings.get("irradiated"):
            rates[RADIATION] = sympy.Max(0, symbol(BEAM))
            shares[RADIATION] = site.quantity("dormant_kill_share", "1", label=RADIATION)
        whole = sum((symbol(kill_id(name)) for name in rates), sympy.Integer(0))
        halted = sum((share * symbol(effect_id(drug)) for drug, share in halting.items()), sympy.Integer(0))
        dormant = sum((shares[name] * symbol(kill_id(name)) for name in rates), sympy.Integer(0))
        return Part(
            rules=(
                *(Rule(met_id(drug), "nmol/mL", met(site, drug)) for drug in drugs),
                *(Rule(effect_id(drug), "1/h", effects[drug]) for drug in halting),
                *(Rule(kill_id(name), "1/h", rate) for name, rate in rates.items()),
                *((Rule(DIVISIONS_LEFT, "1", sympy.Max(0, 1 - halted / self._dividing(site))),) if halting else ()),
                Rule(KILL, "1/h", whole),
                Rule(KILL_DORMANT, "1/h", dormant),
            ),
            species=(Species(KILLED, "cells", "", "1", None, False),),
            reactions=(Reaction("add_up_kill", {KILLED: 1}, symbol(KILL) + halted),),
            observables=(
                Observable("kill_rate", "1/h", symbol(KILL), "", "rate at which proliferating cells are killed"),
                Observable(
                    "log_kill", "1", symbol(KILLED), "", "how far proliferating cells have fallen behind by kill and halted division since the start, in natural logarithms"
                ),
                *(Observable(f"met:{drug.name}", "nmol/mL", symbol(met_id(drug)), "", f"{drug.name} that cells meet by all ways, as medium") for drug in drugs),
            ),
        )

    def _rate(self, site: Site, drug: FreeDrug) -> sympy.Expr:
        """h(c) of one drug [1/h]."""
        line = site.settings["cell_line"]
        half = site.quantity("ic50", "nmol/mL", product="free_drug", label=drug.name, method="in vitro", cell=line)
        if drug.id in site.settings.get("ic50_shifts", ()):
            half = half * symbol(shift_id(drug))
        steepness = site.quantity("kill_hill", "1", label=drug.name)
        excess = site.quantity("kill_saturation_excess", "1", label=drug.name)
        relative = (sympy.Max(0, symbol(met_id(drug))) / half) ** steepness
        return self._most(site, drug, steepness, excess) * relative / (excess + relative)

    def _dividing(self, site: Site) -> sympy.Expr:
        """mu_0 [1/h]."""
        return sympy.log(2) / site.quantity("doubling_time", "h", cell=site.settings["cell_line"], method="in vitro")

    def _most(self, site: Site, drug: FreeDrug, steepness: sympy.Expr, excess: sympy.Expr) -> sympy.Expr:
        """k_max [1/h]: half of the cells are left after the assay at its IC50, whether or not the drug lasted."""
        time = site.quantity("ic50_exposure_time", "h", label=drug.name, cell=site.settings["cell_line"])
        if not decays(site, drug):
            return (1 + excess) * sympy.log(2) / time
        fading = steepness * sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug.name)
        return sympy.log(2) * fading / sympy.log((excess + 1) / (excess + sympy.exp(-fading * time)))


class Radiation(Mechanism):
    """The beam of fractionated radiotherapy, as a hazard that is on while it irradiates."""

    name: ClassVar[str] = "radiation"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "F5"
    conserves: ClassVar[str] = "hazard: integral over one fraction = alpha D + beta D^2"
    claims: ClassVar[tuple[str, ...]] = ("C-0523",)
    quantities: ClassVar[tuple[str, ...]] = ("radiation_alpha", "radiation_beta", "handling_time")
    absent: ClassVar[str] = "no beam is on"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The beam; :meth:`hazard` and :meth:`length` make doses to it."""
        return Part(species=(Species(BEAM, RADIATION, "", "1/h", None, False),))

    def hazard(self, site: Site, gray: float) -> sympy.Expr:
        """h_R of a fraction [1/h]."""
        dose = site.given(f"fraction__{f'{gray:g}'.replace('.', '_')}", gray, "Gy")
        line = site.settings["cell_line"]
        alpha, beta = site.quantity("radiation_alpha", "1/Gy", cell=line), site.quantity("radiation_beta", "1/Gy^2", cell=line)
        return (alpha * dose + beta * dose**2) / site.given("irradiation_time", self.length(site), "h")

    def length(self, site: Site) -> float:
        """delta [h]; the beam is switched at fixed times, so it is not drawn."""
        return site.parameters[str(site.quantity("handling_time", "h", label="irradiation"))].value
