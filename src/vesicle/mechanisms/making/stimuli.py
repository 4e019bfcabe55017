"""Stimuli of fusion that are more than one fold: oxygen, what stabilises HIF without hypoxia, and histamine.

**Oxygen** acts through HIF-1 alpha. With the gas at x per cent oxygen, p = x P and P the pressure of humid gas,

    h(p) = 1/(1 + (p/p50)^n),      s = (h(p) - h(p_air))/(h(p_1) - h(p_air))

is the share of HIF that is stable, and s its rise over air in units of the rise at 1 % oxygen, where the fold F of the output was measured. The fold
asked is 1 + l s (F - 1), with l the level of HIF1A: 1 in air, F at 1 %, more than F below it, and nothing without HIF1A. **DMOG** blocks the
hydroxylases, so that a share h_D is stable at any oxygen.

**Histamine** through H1R and calcium phosphorylates SNAP23 at Ser110. Its fold was seen in single fusions within minutes, while the bodies of the
cell are still those of rest: it *is* the multiplier of fusion, m = 1 + l (F - 1), where l is the product of the levels of HRH1, SNAP23 and its
phosphorylation. Where no fold of histamine is known, the class answers: the fold of the output under calcium ionophore, turned into a multiplier
like any other (:mod:`vesicle.mechanisms.making.release`).
A stimulus that is acute begins with the window of observation; all others have acted long before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy

from vesicle.errors import ModelError
from vesicle.evidence.matching import match
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.making.regulation import level

AIR, REFERENCE = 21.0, 1.0
"""Per cent oxygen of the gas: at rest, and where the fold of hypoxia was measured."""
ACTS_THROUGH = ("HRH1", "SNAP23", "SNAP23_pS110")
CLASS_OF_HISTAMINE = "calcium ionophore"


@dataclass(frozen=True)
class Stimulus:
    """Something that multiplies fusion.

    Attributes
    ----------
    asked : (site, share of bodies that fuse at rest) -> fold, and whether it is a fold of the output (else of the rate itself).
    acute : it begins with the window of observation.
    """

    name: str
    asked: Callable[[Site, sympy.Expr], tuple[sympy.Expr, bool]]
    acute: bool = False


def stable_share(site: Site, oxygen: sympy.Expr, prolyl_hydroxylase: sympy.Expr = sympy.Integer(1)) -> sympy.Expr:
    """h(p) at a share of oxygen in the gas; with another level of the prolyl hydroxylase 1/(1 + level (p/p50)^n)."""
    pressure = oxygen * site.quantity("incubator_gas_pressure", "mmHg")
    half = site.quantity("oxygen_threshold", "mmHg", label="HIF half-maximum")
    return 1 / (1 + prolyl_hydroxylase * (pressure / half) ** site.quantity("hif_oxygen_hill", "1"))


def _through_hif(site: Site, stable: sympy.Expr) -> tuple[sympy.Expr, bool]:
    air = stable_share(site, site.given("oxygen_air", AIR / 100, "1"))
    reference = stable_share(site, site.given("oxygen_of_measured_fold", REFERENCE / 100, "1"))
    rise = (stable - air) / (reference - air)
    measured = site.quantity("secretion_fold", "1", label="hypoxia")
    return 1 + site.given("HIF1A_level", level(site, "HIF1A"), "1") * rise * (measured - 1), True


def _oxygen(site: Site, share: sympy.Expr) -> tuple[sympy.Expr, bool]:
    return _through_hif(site, stable_share(site, site.given("oxygen_of_gas", float(site.settings["oxygen"]) / 100, "1")))


def _dmog(site: Site, share: sympy.Expr) -> tuple[sympy.Expr, bool]:
    return _through_hif(site, site.quantity("hif_stable_share", "1", label="DMOG"))


def _histamine(site: Site, share: sympy.Expr) -> tuple[sympy.Expr, bool]:
    there = site.given("histamine_acts_level", level(site, *ACTS_THROUGH), "1")
    try:
        match(site.library, "mvb_fusion_fold", {"label": "histamine"})
    except ModelError:
        return 1 + there * (site.quantity("secretion_fold", "1", label=CLASS_OF_HISTAMINE) - 1), True
    return 1 + there * (site.quantity("mvb_fusion_fold", "1", label="histamine") - 1), False


OXYGEN = Stimulus("oxygen", _oxygen)
STIMULI = {s.name: s for s in (Stimulus("DMOG", _dmog), Stimulus("histamine", _histamine, acute=True))}
"""By the name that a donor's regulators use; oxygen is a number of its own."""


def present(site: Site, acute: bool | None = None) -> list[Stimulus]:
    """The stimuli of this donor, all, the acute or the others."""
    named = [STIMULI[name] for name in site.settings.get("regulators", ()) if name in STIMULI]
    if site.settings.get("oxygen") is not None and "DMOG" not in site.settings.get("regulators", ()):
        named.append(OXYGEN)
    return [s for s in named if acute is None or s.acute == acute]
