"""Oxygen and HIF-1: one hydroxylase decides how much HIF is there, another how much of it acts.

PHD (EGLN1, with VHL) marks HIF-1 alpha for degradation, FIH (HIF1AN) keeps what is left from its coactivator. With x the share of oxygen in the gas and p = x P,

    stable      h = 1/(1 + l_PHD (p/p50)^n)
    silenced    w = l_FIH p/(l_FIH p + p_F),      p_F = p50 K_FIH/K_PHD
    active      A = l_HIF h (1 - c w)

c is the share of the activity that needs the C-terminal domain, which FIH silences; K the Michaelis constants for oxygen of the two enzymes. In cells PHD is half-maximal at
p50, far below its K, because HIF turns over fast; FIH is taken to be shifted alike. Loss of FIH gives at most h: in air nearly nothing, as PHD has left nothing to act;
without oxygen nothing, as FIH needs it too; most in between. Loss of PHD needs no hypoxia. What counts is the rise over air, in units of the rise at 1 % oxygen at rest,

    s = (A - A_air)/(A_1 - A_air)

as in :mod:`vesicle.mechanisms.making.stimuli`: folds of hypoxia were measured there.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.stimuli import AIR, REFERENCE, stable_share
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR, heard
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

ONE = sympy.Integer(1)
OXYGEN = ("HIF1A", "HIF1AN", "EGLN1", "VHL")
"""Nodes whose levels decide how much HIF acts."""


def rise_id(kind: str) -> str:
    """Id of the rule that holds the rise of HIF activity in a kind of cell."""
    return f"hif_rise__{kind}"


def active(site: Site, share: sympy.Expr, phd: sympy.Expr, fih: sympy.Expr, hif: sympy.Expr) -> sympy.Expr:
    """A at a share of oxygen in the gas and levels of the two hydroxylases and of HIF-1 alpha [1]."""
    pressure = share * site.quantity("incubator_gas_pressure", "mmHg")
    half = site.quantity("oxygen_threshold", "mmHg", label="HIF half-maximum")
    ratio = site.quantity("hydroxylase_oxygen_constant", "uM", label="FIH") / site.quantity("hydroxylase_oxygen_constant", "uM", label="PHD")
    silenced = fih * pressure / (fih * pressure + half * ratio)
    return hif * stable_share(site, share, phd) * (1 - site.quantity("hif_ctad_share", "1") * silenced)


def rise(site: Site, kind: str) -> sympy.Expr:
    """s of one kind of cell at the oxygen of now, ``site.settings['oxygen']`` in per cent of the gas, with the levels of that kind [1]."""
    oxygen = site.given("oxygen_now", float(site.settings.get("oxygen", AIR)) / 100, "1")
    phd = heard(site, kind, "EGLN1") * heard(site, kind, "VHL")
    return _over_air(site, active(site, oxygen, phd, heard(site, kind, "HIF1AN"), heard(site, kind, "HIF1A")))


def rise_at_rest(site: Site) -> sympy.Expr:
    """s of any cell at rest, at the oxygen before the start, ``site.settings['rest_oxygen']`` [1]."""
    return _over_air(site, active(site, site.given("oxygen_before", float(site.settings.get("rest_oxygen", AIR)) / 100, "1"), ONE, ONE, ONE))


def _over_air(site: Site, value: sympy.Expr) -> sympy.Expr:
    air, reference = (active(site, site.given(name, gas / 100, "1"), ONE, ONE, ONE) for name, gas in (("oxygen_air", AIR), ("oxygen_of_measured_fold", REFERENCE)))
    return (value - air) / (reference - air)


class HifActivity(Mechanism):
    """Activity of HIF-1 in tumour cells and in endothelium, as far as oxygen and the two hydroxylases leave it."""

    name: ClassVar[str] = "hif_activity"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D3"
    conserves: ClassVar[str] = "shares of HIF: degraded + silenced + active = all, each between 0 and 1"
    claims: ClassVar[tuple[str, ...]] = ()
    quantities: ClassVar[tuple[str, ...]] = ("incubator_gas_pressure", "oxygen_threshold", "hydroxylase_oxygen_constant", "hif_oxygen_hill", "hif_ctad_share")
    absent: ClassVar[str] = "HIF stays as it is in air"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Oxygen is ``site.settings['oxygen']`` in per cent of the gas; the particle is not asked for."""
        rules = tuple(Rule(rise_id(kind), "1", rise(site, kind)) for kind in (TUMOUR, ENDOTHELIUM))
        seen = tuple(Observable(f"hif_rise:{kind}", "1", symbol(rise_id(kind)), "", f"HIF-1 activity in {kind}, 0 in air, 1 at 1 % oxygen") for kind in (TUMOUR, ENDOTHELIUM))
        return Part(rules=rules, observables=seen)
