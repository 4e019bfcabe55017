"""How cells grow, and how much of it depends on one protein.

    dN/dt = mu N,      mu = g (1 - D (1 - P))
    g = lambda0 / (1 + (lambda0 N / lambda1)^psi)^(1/psi)     exponential, then linear (Simeoni)
    g = lambda0                                               in a well; 0 at 4 C, and where cells do not divide
    mu = g L_p^a                                              where signalling is part of the model: L_p the level of proliferation

Drugs do not slow growth: they kill (:mod:`vesicle.mechanisms.drug.kill`), so that an IC50 counts once. Other laws: :mod:`vesicle.mechanisms.phenotype.growth_laws`.
lambda0 = ln 2 / doubling time, lambda1 the linear rate in cells per hour, P the target protein
per cell relative to rest and D the share of growth lost on its complete loss. As mu is linear
in P, the mean over reached and unreached cells is exact.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.growth_laws import NONE, WITHOUT_VOLUME, growth, volume
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species


def doubling(site: Site) -> sympy.Expr:
    """lambda0, the rate at which the line grows at the start [1/h]."""
    return sympy.log(2) / site.quantity("doubling_time", "h", cell=site.settings["cell_line"], method=site.settings["growth_method"])


def net_growth(site: Site, cells: sympy.Expr) -> sympy.Expr:
    """mu: the law of growth, slowed by the loss of a growth-driving protein [1/h]."""
    if site.settings["growth_law"] == NONE:
        return sympy.Integer(0)
    rate = growth(site, doubling(site), cells)
    driver = site.settings.get("growth_driver")
    if driver:
        rate = rate * (1 - dependence(site, driver) * (1 - symbol(f"{driver}_protein") / cells))
    return sympy.Integer(0) if site.settings.get("cold") else rate


def dependence(site: Site, driver: str) -> sympy.Expr:
    """D, the share of growth that is lost with a protein [1]; that on KRAS has a quantity of its own, which is older."""
    if driver == "KRAS":
        return site.quantity("kras_growth_dependence", "1", cell=site.settings["cell_line"])
    return site.quantity("growth_dependence", "1", label=driver, cell=site.settings["cell_line"])


def dividing(site: Site) -> sympy.Expr:
    """Factor on the growth rate by the level of proliferation; exactly 1 where that is no part of the model."""
    divides = level(site, "proliferation")
    return divides if divides == 1 else sympy.Max(0, divides) ** site.quantity("phenotype_gain", "1", label="proliferation")


class Growth(Mechanism):
    """Growth of the recipient cells, slowed by the loss of a growth-driving protein."""

    name: ClassVar[str] = "growth"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D1"
    conserves: ClassVar[str] = "cells: change = growth"
    claims: ClassVar[tuple[str, ...]] = ("C-0036",)
    quantities: ClassVar[tuple[str, ...]] = (
        "doubling_time",
        "linear_growth_rate",
        "growth_switch_exponent",
        "kras_growth_dependence",
        "growth_dependence",
        "tumour_cell_density",
        "tissue_density",
        "phenotype_gain",
        "gompertz_decay_rate",
        "vascular_model_growth_rate",
    )
    absent: ClassVar[str] = "cell numbers stay"

    def contribute(self, site: Site, particle: Particle) -> Part:
        name = site.settings["cells"]
        cells = symbol(name)
        start = site.settings["cells_at_start"]
        rate = net_growth(site, cells) * dividing(site)
        observables = [Observable("cells", "cell", cells, "", "recipient cells")]
        rules = [Rule("growth_rate", "1/h", rate)]
        if site.settings["growth_law"] not in WITHOUT_VOLUME:
            rules.append(volume(site, cells))
            observables.append(Observable("tumour_volume", "mm3", symbol("V_tumour") * site.conversion("mm3", "mL"), "", "tumour volume"))
        return Part(
            rules=tuple(rules),
            places=(Place(name, "cells", cells, "cell", site.settings["cell_line"]),),
            species=(Species(name, name, name, "cell", start),),
            reactions=(Reaction("grow", {name: 1}, symbol("growth_rate") * cells),) if rate != 0 or site.settings.get("cold") else (),
            observables=tuple(observables),
        )
