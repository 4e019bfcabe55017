"""Two kinds of cell have a say in angiogenesis, each with levels of its own: tumour cells make VEGF, endothelium answers.

An arm's signalling network belongs to its recipient; ``site.settings["recipient"]`` says which of the two that is. Levels of the other kind, where a scenario has them, are
nodes with the kind before the name (``endothelium:KDR``). A kind without levels is at rest.
"""

from __future__ import annotations

import sympy

from vesicle.mechanisms.base import Site
from vesicle.mechanisms.signalling.levels import level

TUMOUR, ENDOTHELIUM = "tumour", "endothelium"
CELL = {TUMOUR: "tumour cell", ENDOTHELIUM: "endothelial cell"}
"""What the measurements call them."""
SECRETED = ("VEGFA",)
"""Nodes whose product acts outside of the cell that makes it: no path of a cell's own network leads on from them."""
REPLACED = frozenset(
    {
        ("HIF1AN", "HIF1A"), ("EGLN1", "HIF1A"), ("VHL", "HIF1A"), ("HIF1A", "VEGFA"),
        ("KDR", "DLL4"), ("DLL4", "NOTCH1"), ("HEY1", "KDR"), ("DLL4", "angiogenesis"), ("KDR", "angiogenesis"), ("F3", "angiogenesis"),
    }
)  # fmt: skip
"""Edges of the core that these mechanisms compute themselves, from oxygen, VEGF and contact between cells; a network that feeds them leaves these out, or they count twice."""


def heard(site: Site, kind: str, node: str) -> sympy.Expr:
    """Level of a node in one kind of cell, 1 at rest [1]."""
    return level(site, node if site.settings.get("recipient") == kind else f"{kind}:{node}")


def scaled_share(share: sympy.Expr, fold: sympy.Expr) -> sympy.Expr:
    """A share whose odds are multiplied: 0 at fold 0, the share itself at 1, never above 1."""
    return fold * share / (1 - share + fold * share)
