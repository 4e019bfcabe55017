"""How cells grow, and how much of it depends on KRAS.

    dN/dt = mu N,      mu = g (1 - D (1 - P))
    g = lambda0 / (1 + (lambda0 N / lambda1)^psi)^(1/psi)     exponential, then linear (Simeoni)
    g = lambda0                                               in a well; 0 at 4 C, and of cells that rest
    mu = g / (1 + c / IC50)                                   for each drug, c its concentration in the cell as medium that gives it

lambda0 = ln 2 / doubling time, lambda1 the linear rate in cells per hour, P the target protein
per cell relative to rest and D the share of growth lost on its complete loss. As mu is linear
in P, the mean over reached and unreached cells is exact.
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
        rests = site.settings["growth_law"] == "none"
        base = sympy.Integer(0) if rests else sympy.log(2) / site.quantity("doubling_time", "h", cell=line, method=site.settings["growth_method"])
        rate = self._law(site, base, cells)
        driver = site.settings.get("growth_driver")
        if driver:
            dependence = site.quantity("kras_growth_dependence", "1", cell=line)
            rate = rate * (1 - dependence * (1 - symbol(f"{driver}_protein") / cells))
        for drug in site.settings.get("drugs", ()):
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
            reactions=(Reaction("grow", {name: 1}, symbol("growth_rate") * cells),),
            observables=tuple(observables),
        )

    def _law(self, site: Site, base: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
        if site.settings["growth_law"] != "exponential_linear":
            return base
        psi = site.quantity("growth_switch_exponent", "1")
        linear = site.quantity("linear_growth_rate", "g/h") / site.quantity("tissue_density", "g/mL") * site.quantity("tumour_cell_density", "cell/mL")
        return base / (1 + (base * cells / linear) ** psi) ** (1 / psi)
