"""The vesicles that a body keeps in its own blood.

    dE/dt = sum_c N_c k_c s_c - lambda E,        C = E / V_plasma
    at rest  E = sum_c N_c k_c s_c / lambda,     lambda = ln 2 / t_half

over classes of cells c: N_c their number, k_c what one of them secretes, s_c the share of it that
reaches blood. Rates of secretion were counted on cultured tumour cells; a resting cell of a tissue
secretes g times as much (g at most about one). Classes that have a rate of their own use it.

Half-lives were measured in mice. In another species, with clearance ~ (body weight)^b and volume
~ (body weight)^1,

    t_half = t_half(mouse) (W / W_mouse)^(1 - b)

The published level of vesicles in plasma enters nothing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Transfer

PLASMA = "plasma"
MEASURED_IN = "mouse"
"""The species in which half-lives in blood were measured."""


@dataclass(frozen=True)
class Feeder:
    """A class of cells that feeds blood.

    Attributes
    ----------
    secretes_as : the cell with a secretion rate of its own; empty: what was counted on cultured cells.
    in_tissue : whether the cultured rate is lowered to that of a resting cell.
    """

    secretes_as: str = ""
    in_tissue: bool = True


FEEDERS: Mapping[str, Feeder] = {
    "red blood cell": Feeder("red blood cell", in_tissue=False),
    "platelet": Feeder("platelet", in_tissue=False),
    "blood leukocyte": Feeder(),
    "endothelial cell": Feeder(),
    "hepatocyte": Feeder(),
    "tissue cell": Feeder(),
}
TUMOUR = "tumour cell"


def source(name: str) -> sympy.Symbol:
    """What a class of cells sends into blood [EV/h]."""
    return symbol(f"into_blood__{name.replace(' ', '_')}")


class BloodPool(Mechanism):
    """Secretion into blood by classes of cells, and one elimination."""

    name: ClassVar[str] = "blood_pool"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "vesicles: entered blood = in plasma + eliminated"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = (
        "cell_number", "secretion_rate", "tissue_secretion_fold", "blood_entry_share", "blood_half_life", "body_weight", "plasma_volume_fraction",
        "tissue_density", "allometric_exponent", "body_weight_ratio",
    )  # fmt: skip
    absent: ClassVar[str] = "blood holds no vesicles of its own"

    def contribute(self, site: Site, particle: Particle) -> Part:
        tumour = site.settings.get("tumour_cells", 0.0)
        names = (*FEEDERS, TUMOUR) if tumour else tuple(FEEDERS)
        rules = [Rule(str(source(name)), "EV/h", _secreted(site, name)) for name in names]
        rules.append(Rule("V_plasma", "mL", site.quantity("body_weight", "g") / site.quantity("tissue_density", "g/mL") * site.quantity("plasma_volume_fraction", "1")))
        rules.append(Rule("k_blood", "1/h", _elimination(site)))
        eliminated = symbol("k_blood") * site.given("elimination_level", float(site.settings.get("elimination", 1.0)), "1")
        place = particle_species(particle.id, PLASMA)
        reactions = [Reaction(f"secrete_{name.replace(' ', '_')}", {place: 1}, source(name), step="circulating", step_particle=particle.id) for name in names]
        total = reduce(add, (source(name) for name in names))
        return Part(
            rules=tuple(rules),
            places=(Place(PLASMA, "fluid", symbol("V_plasma"), "mL", "plasma"),),
            reactions=tuple(reactions),
            transfers=(Transfer(f"eliminate__{particle.id}", particle.id, PLASMA, None, eliminated, sink="eliminated"),),
            observables=(
                Observable("plasma_level", "EV/mL", amount(particle, PLASMA) / symbol("V_plasma"), "", "vesicles in plasma"),
                Observable("into_blood", "EV/h", total, "", "vesicles that enter blood"),
                *(Observable(f"into_blood:{name}", "EV/h", source(name), "", f"vesicles that {name}s send into blood") for name in names),
            ),
        )


def _secreted(site: Site, name: str) -> sympy.Expr:
    """N k s of a class of cells; a tumour counts as tissue with the rate of cultured cells."""
    if name == TUMOUR:
        number = site.given("tumour_cells", site.settings["tumour_cells"], "cell")
        return number * site.quantity("secretion_rate", "EV/(cell*h)", product="exosome") * site.quantity("blood_entry_share", "1", cell="tissue cell")
    feeder = FEEDERS[name]
    rate = site.quantity("secretion_rate", "EV/(cell*h)", product="exosome", cell=feeder.secretes_as)
    if feeder.in_tissue:
        rate = rate * site.quantity("tissue_secretion_fold", "fold")
    return site.quantity("cell_number", "cell", cell=name) * rate * site.quantity("blood_entry_share", "1", cell=name)


def _elimination(site: Site) -> sympy.Expr:
    """lambda [1/h] of the module's equations."""
    rate = sympy.log(2) / site.quantity("blood_half_life", "h", product="exosome")
    if site.context.get("species") == MEASURED_IN:
        return rate
    exponent = site.quantity("allometric_exponent", "1", label="clearance")
    return rate * site.quantity("body_weight_ratio", "1") ** (exponent - 1)
