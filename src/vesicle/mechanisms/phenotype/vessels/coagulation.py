"""Tissue factor on vesicles starts coagulation; thrombin opens vessels and shields tumour cells in blood.

    c = a (c_0 l_E + n E),      u = c/(c + K),      y = (u - u_0)/(1 - u_0)

c is active tissue factor in blood: a background c_0 that follows the level l_E of F3 in endothelium, and n copies on each of E vesicles per mL, of which the share a is not
encrypted. u is the thrombin that it starts, as a share of the most; u_0 the same at rest. y is 0 at rest and 1 at the most thrombin, and whatever thrombin does by a fold F becomes

    1 + (F - 1) y

Below rest (F3 lost) y is negative, by u_0 at most, and the effect a little less than 1. The other way of tissue factor, by growth regulators, is a share of the VEGF of tumour
cells that needs F3 (:mod:`vesicle.mechanisms.phenotype.vessels.vegf`). Clots, platelets and fibrin are not followed.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, heard
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

COAGULATION = "coagulation"


def by_thrombin(site: Site, effect: str) -> sympy.Expr:
    """What thrombin multiplies an effect by; exactly 1 where an arm has no blood with tissue factor."""
    if not site.settings.get("blood"):
        return sympy.Integer(1)
    return 1 + (site.quantity("thrombin_fold", "1", label=effect) - 1) * symbol(COAGULATION)


class Coagulation(Mechanism):
    """Thrombin started by tissue factor of endothelium and of vesicles in blood."""

    name: ClassVar[str] = "coagulation"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D3"
    conserves: ClassVar[str] = "tissue factor: background + on vesicles = all; none is used up"
    claims: ClassVar[tuple[str, ...]] = ("C-0228", "C-0229")
    quantities: ClassVar[tuple[str, ...]] = ("tissue_factor_background", "tissue_factor_copies_per_ev", "tissue_factor_active_share", "tissue_factor_half_effect")
    absent: ClassVar[str] = "thrombin does nothing to vessels or cells"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Vesicles with tissue factor are ``site.settings['tissue_factor_vesicles']`` [EV/mL]; the particle is not asked for."""
        background = site.quantity("tissue_factor_background", "copy/mL")
        vesicles = site.given("tissue_factor_vesicles", float(site.settings.get("tissue_factor_vesicles", 0)), "EV/mL")
        carried = site.quantity("tissue_factor_copies_per_ev", "copy/EV") * vesicles
        rest = self._started(site, background)
        now = self._started(site, background * heard(site, ENDOTHELIUM, "F3") + carried)
        value = Rule(COAGULATION, "1", (now - rest) / (1 - rest))
        return Part(rules=(value,), observables=(Observable("coagulation", "1", symbol(COAGULATION), "", "thrombin started, 0 at rest, 1 at the most"),))

    def _started(self, site: Site, tissue_factor: sympy.Expr) -> sympy.Expr:
        active = site.quantity("tissue_factor_active_share", "1") * tissue_factor
        return active / (active + site.quantity("tissue_factor_half_effect", "copy/mL"))
