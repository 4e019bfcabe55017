"""Drugs and radiation kill cells at a rate that saturates with the dose.

An assay that counts half of the cells of its control after an exposure T at the concentration IC50 says that the rate of kill is ln 2 / T there. With the
steepness n and the maximal rate (1 + x) ln 2 / T, at which 2^-(1+x) of the cells are left after T,

    h(c) = (1 + x) (ln 2 / T) y / (x + y),      y = (c / (IC50 shift))^n,      h(IC50 shift) = ln 2 / T

which is h = k_max c^n / (K^n + c^n) with k_max = (1 + x) ln 2 / T and K = x^(1/n) IC50 shift. The shift is 1, or what mechanisms of resistance make of it
(rule ``ic50_shift__DRUG``). c is what cells meet of the drug by all its ways (rule ``met__DRUG``, :mod:`vesicle.mechanisms.drug.given`): off vesicles, dissolved
around them, given as such. A drug that decays in water at k = ln 2 / t_water decays in the assay too, where IC50 is what was added; the whole of its effect is then

    integral_0^T h dt = k_max / (n k) ln((x + 1) / (x + exp(- n k T))) = ln 2      at IC50,   so  k_max = ln 2 n k / ln((x + 1) / (x + exp(- n k T)))

which is the k_max above where k goes to zero. In this law, the only one by which
drugs act here, a drug kills at once and does not slow growth; an assay in growing cells gives the same ratio to its control either way.

A fraction of D gray leaves exp(-(alpha D + beta D^2)) of the cells. It is given as a hazard of the length of one irradiation,

    h_R = (alpha D + beta D^2) / delta      for a time delta

so that its integral, and with it the survival, is exact whatever follows in time, and whatever states a cell has; no repair happens within minutes, all of it between fractions.

    kill_rate = sum of h over drugs + h_R,      kill_rate_dormant = sum of s h,  s the share at which a dormant cell dies

are for a population of cells to follow; H = integral of kill_rate is the kill in natural logarithms of a cell that proliferates.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import FreeDrug, decays, drugs_met, met, met_id
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

KILL, KILL_DORMANT, KILLED = "kill_rate", "kill_rate_dormant", "log_kill"
RADIATION = "radiation"
BEAM = "radiation_hazard"


def kill_id(source: str) -> str:
    """Id of the rule that holds the kill rate of one drug, or of radiation [1/h]."""
    return f"{KILL}__{source}"


def shift_id(drug: FreeDrug) -> str:
    """Id of the rule by which other mechanisms multiply the IC50 of a drug [1]."""
    return f"ic50_shift__{drug.id}"


class Kill(Mechanism):
    """Rate at which drugs and radiation kill proliferating and dormant cells."""

    name: ClassVar[str] = "kill"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "F5"
    conserves: ClassVar[str] = "rates: kill_rate = sum over drugs and radiation"
    quantities: ClassVar[tuple[str, ...]] = ("ic50", "ic50_exposure_time", "kill_hill", "kill_saturation_excess", "dormant_kill_share", "drug_water_half_life")
    absent: ClassVar[str] = "drugs and radiation kill no cell"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """All drugs that cells meet act, radiation with ``site.settings['irradiated']``; ``ic50_shifts`` names drugs whose shift is a rule."""
        drugs = drugs_met(site)
        rates = {drug.id: self._rate(site, drug) for drug in drugs}
        shares = {drug.id: site.quantity("dormant_kill_share", "1", label=drug.name) for drug in drugs}
        if site.settings.get("irradiated"):
            rates[RADIATION] = sympy.Max(0, symbol(BEAM))
            shares[RADIATION] = site.quantity("dormant_kill_share", "1", label=RADIATION)
        whole = sum((symbol(kill_id(name)) for name in rates), sympy.Integer(0))
        dormant = sum((shares[name] * symbol(kill_id(name)) for name in rates), sympy.Integer(0))
        return Part(
            rules=(
                *(Rule(met_id(drug), "nmol/mL", met(site, drug)) for drug in drugs),
                *(Rule(kill_id(name), "1/h", rate) for name, rate in rates.items()),
                Rule(KILL, "1/h", whole),
                Rule(KILL_DORMANT, "1/h", dormant),
            ),
            species=(Species(KILLED, "cells", "", "1", None, False),),
            reactions=(Reaction("add_up_kill", {KILLED: 1}, symbol(KILL)),),
            observables=(
                Observable("kill_rate", "1/h", symbol(KILL), "", "rate at which proliferating cells are killed"),
                Observable("log_kill", "1", symbol(KILLED), "", "kill of a proliferating cell in natural logarithms, since the start"),
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
