"""Vesicles that carry a drug's target bind the drug in the medium or in blood; no cell is needed.

An antibody with concentration A (binding sites 2 A) meets G = n E / V antigens on E vesicles in a volume V. At equilibrium

    bound = ((2 A + G + K_D) - sqrt((2 A + G + K_D)^2 - 8 A G)) / 2,      fraction of sites bound = bound / (2 A)

and half of the sites are bound at G = A + K_D, that is at

    E_half = (A + K_D) V / n

vesicles: as many antigens as half the sites, and K_D to hold them. At therapeutic trough the first term decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.surface import ROLE
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

SITES = 2
"""Binding sites of an antibody."""


def fraction_bound(antibody: sympy.Expr, antigen: sympy.Expr, constant: sympy.Expr) -> sympy.Expr:
    """Share of an antibody's sites that are on antigen; all three in one unit of concentration."""
    return tight_binding(SITES * antibody, antigen, constant) / (SITES * antibody)


def vesicles_for_half(antibody: sympy.Expr, constant: sympy.Expr, volume: sympy.Expr, copies: sympy.Expr) -> sympy.Expr:
    """E_half of the module."""
    return (antibody + constant) * volume / copies


class Decoy(Mechanism):
    """An antibody in the medium or in plasma, held by antigen on vesicles."""

    name: ClassVar[str] = "decoy"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C1"
    conserves: ClassVar[str] = "antibody sites: all = free + on vesicles"
    claims: ClassVar[tuple[str, ...]] = ("C-0187",)
    quantities: ClassVar[tuple[str, ...]] = ("antibody_dissociation",)
    absent: ClassVar[str] = "vesicles do not touch the antibody"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The antibody is ``site.settings['antibody']`` = (name, antigen, concentration [copy/mL]); it acts where a particle carries its antigen."""
        found = site.settings.get("antibody")
        if found is None:
            return Part()
        name, antigen_name, level = found
        ligands = [p for p in particle.passengers if p.role == ROLE and p.entity == antigen_name]
        if not ligands:
            return Part()
        antibody = site.given(f"antibody__{name}", level, "copy/mL")
        constant = site.quantity("antibody_dissociation", "copy/mL", label=name)
        here, volume, rules = self._medium(site, particle)
        antigen = symbol(f"antigen__{particle.id}")
        rules = (*rules, Rule(str(antigen), "copy/mL", ligands[0].copies * here / volume))
        seen = (
            Observable(f"antibody_bound:{particle.id}", "1", fraction_bound(antibody, antigen, constant), "", f"share of {name} bound by {particle.label}"),
            Observable(f"vesicles_for_half:{particle.id}", "EV", vesicles_for_half(antibody, constant, volume, ligands[0].copies), "", f"vesicles that bind half of {name}"),
        )
        return Part(rules=rules, observables=seen)

    def _medium(self, site: Site, particle: Particle) -> tuple[sympy.Expr, sympy.Expr, tuple[Rule, ...]]:
        """Vesicles in the fluid, its volume [mL], and the rule that gives the volume of a well's medium."""
        if "thicknesses" in site.settings:
            layers: Iterable[int] = range(len(site.settings["thicknesses"]))
            depth = site.given("depth", sum(site.settings["thicknesses"]), "um")
            medium = Rule("V_medium", "mL", symbol("well_area") * depth * site.conversion("mL", "um3"))
            return sum((amount(particle, f"layer_{i}") for i in layers), sympy.Integer(0)), symbol(medium.id), (medium,)
        return sum((amount(particle, place) for place in VASCULAR), sympy.Integer(0)), symbol("V_plasma"), ()
