"""What regulates the making of vesicles: each regulator with the step it acts on, the claims that give its sign, and the label of its measured fold.

A regulator is measured as a fold F of the output; how a fold becomes the multiplier of a step stands with that step. One that acts through
something else (hypoxia through HIF1A) acts as far as that is there: 1 + level (F - 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from vesicle.mechanisms.base import Site


@dataclass(frozen=True)
class Regulator:
    """Something that changes secretion.

    Attributes
    ----------
    name, step : what it is, and where it acts (fusion, biogenesis).
    claims, claimed : claims that give it, and the sign that they say.
    label : label of its fold among the measurements.
    through : a component that it needs, or empty.
    """

    name: str
    step: str
    claims: tuple[str, ...]
    claimed: str
    label: str = ""
    through: str = ""


REGULATORS = {
    r.name: r
    for r in (
        Regulator("hypoxia", "fusion", ("C-0138",), "+", "hypoxia", "HIF1A"),
        Regulator("low pH", "fusion", ("C-0009",), "+", "low pH"),
        Regulator("mechanical stimulation", "fusion", ("C-0139",), "+", "mechanical stimulation"),
        Regulator("Wnt", "fusion", ("C-0010",), "+", "Wnt"),
        Regulator("calcium ionophore", "fusion", (), "+", "calcium ionophore"),
        Regulator("mTORC1 inhibition", "fusion", ("C-0450",), "-", "mTORC1 inhibition"),
        Regulator("RAB27A knock-down", "fusion", ("C-0008", "C-0444"), "-", "RAB27A knock-down"),
        Regulator("RAB35 knock-down", "fusion", ("C-0008", "C-0444"), "-", "RAB35 knock-down"),
        Regulator("ABCA3 block", "biogenesis", ("C-0181",), "-", "ABCA3 block"),
    )
}


def fold(site: Site, name: str) -> sympy.Expr:
    """The measured (or assumed) fold of a regulator, as far as what it acts through is there."""
    regulator = REGULATORS[name]
    measured = site.quantity("secretion_fold", "1", label=regulator.label)
    if not regulator.through:
        return measured
    return 1 + site.given(f"{regulator.through}_level", level(site, regulator.through), "1") * (measured - 1)


def level(site: Site, *names: str) -> float:
    """Product of the levels of several components; 1 where nothing is said."""
    levels: Mapping[str, Any] = site.settings["levels"]
    product = 1.0
    for name in names:
        product *= float(levels.get(name, 1.0))
    return product


def acting(site: Site, step: str) -> list[str]:
    """Names of the regulators that act on a step of this donor."""
    return [name for name in site.settings.get("regulators", ()) if name in REGULATORS and REGULATORS[name].step == step]
