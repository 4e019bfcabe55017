"""How fast a population of N cells grows per cell, by law.

    none                 g = 0, cells that rest
    exponential          g = lambda0
    exponential_linear   g = lambda0 / (1 + (lambda0 N / lambda1)^psi)^(1/psi)                     (Simeoni)
    gompertz             g = max(0, lambda0 - beta ln(N / N0)),    N = N0 exp(lambda0/beta (1 - exp(-beta t)))
    vessel_limited       g = lambda ln(K / V),    dK/dt = b rho V - d V^(2/3) K,    K(0) = V(0) exp(lambda0 / lambda)      (Hahnfeldt)

lambda0 = ln 2 / doubling time is the rate of the line at the start of every law, N0 its cells at the start, V the volume of the tumour and rho the density of its vessels
relative to rest. K is the volume that vessels can feed: where it falls below V the law is negative, cells starve, and the population that dies must be counted
(:mod:`vesicle.mechanisms.phenotype.tumour_states`). At rest V* = K* = (b rho / d)^(3/2), whatever lambda is.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy

from vesicle.errors import ModelError
from vesicle.mechanisms.base import Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Reaction, Rule, Species

VOLUME, CAPACITY = "V_tumour", "vessel_capacity"
VESSELS = "vessel_density"
"""Rule of the density of vessels relative to rest, which a mechanism of vessels may publish."""
NONE, WITHOUT_VOLUME = "none", ("none", "exponential")
LAWS = (NONE, "exponential", "exponential_linear", "gompertz", "vessel_limited")
WITH_DEATHS = ("vessel_limited",)
"""Laws under which a population may shrink."""


def exponential_linear(site: Site, base: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
    """Exponential at first, linear later [1/h]."""
    psi = site.quantity("growth_switch_exponent", "1")
    linear = site.quantity("linear_growth_rate", "g/h") / site.quantity("tissue_density", "g/mL") * site.quantity("tumour_cell_density", "cell/mL")
    return base / (1 + (base * cells / linear) ** psi) ** (1 / psi)


def gompertz(site: Site, base: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
    """Slower by beta for every e-fold since the start, never below none [1/h]."""
    start = site.settings["cells_at_start"]
    return sympy.Max(0, base - site.quantity("gompertz_decay_rate", "1/h", cell=site.settings["cell_line"]) * sympy.log(cells / start))


def vessel_limited(site: Site) -> sympy.Expr:
    """As far as vessels feed it; negative where the tumour is larger than they can feed [1/h]."""
    return site.quantity("vascular_model_growth_rate", "1/h") * sympy.log(symbol(CAPACITY) / symbol(VOLUME))


def capacity(site: Site, base: sympy.Expr, cells_at_start: sympy.Expr) -> Part:
    """The volume that vessels can feed, built by the tumour and lost to inhibitors that it makes."""
    first = cells_at_start / site.quantity("tumour_cell_density", "cell/mL")
    more = site.quantity("vascular_stimulation_rate", "1/h") * vessels(site) * symbol(VOLUME)
    less = site.quantity("vascular_inhibition_rate", "1/(h*cm2)") * sympy.Max(0, symbol(VOLUME)) ** sympy.Rational(2, 3) * symbol(CAPACITY)
    start = first * sympy.exp(base / site.quantity("vascular_model_growth_rate", "1/h"))
    return Part(
        species=(Species(CAPACITY, "vessels", "tumour", "mL", start, is_count=False),),
        reactions=(Reaction("vessels_grow", {CAPACITY: 1}, more), Reaction("vessels_regress", {CAPACITY: -1}, less)),
        observables=(Observable("vessel_capacity", "mm3", symbol(CAPACITY) * site.conversion("mm3", "mL"), "", "tumour volume that the vessels can feed"),),
    )


def vessels(site: Site) -> sympy.Expr:
    """Density of vessels relative to rest [1]; exactly 1 where no mechanism of vessels acts."""
    return symbol(VESSELS) if site.settings.get("vessels") else sympy.Integer(1)


def growth(site: Site, base: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
    """Net growth per cell by the law that the scenario names [1/h].

    Raises
    ------
    ModelError
        For a law that nobody knows.
    """
    laws: dict[str, Callable[[], sympy.Expr]] = {
        "exponential": lambda: base,
        "exponential_linear": lambda: exponential_linear(site, base, cells),
        "gompertz": lambda: gompertz(site, base, cells),
        "vessel_limited": lambda: vessel_limited(site),
    }
    name = site.settings["growth_law"]
    if name not in laws:
        raise ModelError(f"no growth law is called '{name}'; expected one of {', '.join(laws)}.")
    return laws[name]()


def volume(site: Site, cells: sympy.Expr) -> Rule:
    """The volume of a tumour of so many cells [mL]."""
    return Rule(VOLUME, "mL", cells / site.quantity("tumour_cell_density", "cell/mL"))
