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


def oxygen_share(site: Site, setting: str) -> sympy.Expr:
    """The share of oxygen in the gas that a setting gives in per cent; air where it is not set."""
    return site.condition("oxygen_of_gas", float(site.settings.get(setting, AIR)) / 100, "1")


def rise(site: Site, kind: str, setting: str, at_rest: bool = False) -> sympy.Expr:
    """s of one kind of cell at an oxygen, with its levels or with all levels at rest [1]."""
    one = sympy.Integer(1)
    air = active(site, site.condition("oxygen_of_gas", AIR / 100, "1"), one, one, one)
    reference = active(site, site.condition("oxygen_of_gas", REFERENCE / 100, "1"), one, one, one)
    if at_rest:
        now = active(site, oxygen_share(site, setting), one, one, one)
    else:
        phd = heard(site, kind, "EGLN1") * heard(site, kind, "VHL")
        now = active(site, oxygen_share(site, setting), phd, heard(site, kind, "HIF1AN"), heard(site, kind, "HIF1A"))
    return (now - air) / (reference - air)


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
        rules = tuple(Rule(rise_id(kind), "1", rise(site, kind, "oxygen")) for kind in (TUMOUR, ENDOTHELIUM))
        seen = tuple(Observable(f"hif_rise:{kind}", "1", symbol(rise_id(kind)), "", f"HIF-1 activity in {kind}, 0 in air, 1 at 1 % oxygen") for kind in (TUMOUR, ENDOTHELIUM))
        return Part(rules=rules, observables=seen)
