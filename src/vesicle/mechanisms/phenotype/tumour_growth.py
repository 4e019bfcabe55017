"""How cells grow, and how much of it depends on one protein.

    dN/dt = mu N,      mu = g (1 - D (1 - P))
    g = lambda0 / (1 + (lambda0 N / lambda1)^psi)^(1/psi)     exponential, then linear (Simeoni)
    g = lambda0                                               in a well; 0 at 4 C, and 0 where cells do not divide (neurons)
    mu = g / (1 + c / IC50)                                   for each drug, c its concentration in the cell as medium that gives it

lambda0 = ln 2 / doubling time, lambda1 the linear rate in cells per hour, P the target protein
per cell relative to rest and D the share of growth lost on its complete loss. As mu is linear
in P, the mean over reached and unreached cells is exact. Nobody dies here. The dependence on KRAS has a quantity of its own, which is older.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species


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
        "ic50",
    )
    absent: ClassVar[str] = "cell numbers stay"

    def contribute(self, site: Site, particle: Particle) -> Part:
        name = site.settings["cells"]
        cells = symbol(name)
        start = site.settings["cells_at_start"]
        line = site.settings["cell_line"]
        rate = self._law(site, cells)
        driver = site.settings.get("growth_driver")
        if driver:
            rate = rate * (1 - self._dependence(site, driver, line) * (1 - symbol(f"{driver}_protein") / cells))
        for drug in (*site.settings.get("drugs", ()), *site.settings.get("body_drugs", ())):
            rate = rate / (1 + symbol(f"effective__{drug}") / site.quantity("ic50", "copy/mL", product="free_drug", label=drug, method="in vitro"))
        if site.settings.get("cold"):
            rate = sympy.Integer(0)
        observables = [Observable("cells", "cell", cells, "", "recipient cells")]
        rules = [Rule("growth_rate", "1/h", rate)]
        if site.settings["growth_law"] == "exponential_linear":
            rules.append(Rule("V_tumour", "mL", cells / site.quantity("tumour_cell_density", "cell/mL")))
            observables.append(Observable("tumour_volume", "mm3", symbol("V_tumour") * site.conversion("mm3", "mL"), "", "tumour volume"))
        return Part(
            rules=tuple(rules),
            places=(Place(name, "cells", cells, "cell", site.settings["cell_line"]),),
            species=(Species(name, name, name, "cell", start),),
            reactions=(Reaction("grow", {name: 1}, symbol("growth_rate") * cells),) if rate != 0 or site.settings.get("cold") else (),
            observables=tuple(observables),
        )

    def _dependence(self, site: Site, driver: str, line: str) -> sympy.Expr:
        if driver == "KRAS":
            return site.quantity("kras_growth_dependence", "1", cell=line)
        return site.quantity("growth_dependence", "1", label=driver, cell=line)

    def _law(self, site: Site, cells: sympy.Expr) -> sympy.Expr:
        if site.settings["growth_law"] == "none":
            return sympy.Integer(0)
        base = sympy.log(2) / site.quantity("doubling_time", "h", cell=site.settings["cell_line"], method=site.settings["growth_method"])
        if site.settings["growth_law"] == "exponential":
            return base
        psi = site.quantity("growth_switch_exponent", "1")
        linear = site.quantity("linear_growth_rate", "g/h") / site.quantity("tissue_density", "g/mL") * site.quantity("tumour_cell_density", "cell/mL")
        return base / (1 + (base * cells / linear) ** psi) ** (1 / psi)
