"""How active a node of the recipient's signalling network is, as the mean over its cells and relative to rest.

A node is a gene (its protein's activity), a pathway or a phenotype of the evidence base's core. Mechanisms of phenotypes read levels and never ask how
a vesicle changed them; a node that is no part of an arm's network stays at rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from vesicle.mechanisms.base import Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Rule


def level_id(node: str) -> str:
    """Id of the rule that holds a node's level."""
    return "level__" + "".join(c if c.isalnum() else "_" for c in node)


def level(site: Site, node: str) -> sympy.Expr:
    """Mean activity of a node over the recipient's cells, 1 at rest [1]; exactly 1 where the arm's network has no such node."""
    return symbol(level_id(node)) if node in site.settings.get("nodes", ()) else sympy.Integer(1)


def held(site: Site, levels: Mapping[str, float]) -> tuple[Rule, ...]:
    """Rules that hold nodes at given levels, in the place of a signalling network; each is a parameter that can be set."""
    return tuple(Rule(level_id(node), "1", site.given(f"given_{level_id(node)}", value, "1")) for node, value in levels.items())


def activation(site: Site, node: str) -> sympy.Expr:
    """Rise of a node's mean activity as a share of the way from rest to full activity [1]: (L - 1) r / (1 - r); 0 at rest, negative below it."""
    resting = site.quantity("resting_activity", "1", label=node)
    return (level(site, node) - 1) * resting / (1 - resting)


def unmoved(site: Site) -> Part:
    """Levels of followed nodes that nothing in an arm can move, 1 throughout, so that arms can be compared."""
    still = [node for node in site.settings.get("follows", ()) if node not in site.settings.get("nodes", ())]
    return Part(observables=tuple(Observable(f"level:{node}", "1", sympy.Integer(1), "cell", f"{node} per cell, 1 at rest") for node in still))
