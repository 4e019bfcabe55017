"""What cargo does to nodes of a recipient's network, by the shortest signed way: a stand-in for the compiled network.

From each target of the cargo the signed core is walked to the node asked for, over edges that hold in the recipient. The shortest ways decide, and where they disagree nothing
is said. Edges from a miRNA to a phenotype are not taken, wherever on the way: they are what is to be found. Where all the shortest ways run over an edge that a mechanism
computes itself (``REPLACED``), or through what acts outside the cell (``SECRETED``), the mechanism carries it and the node stays at rest here. The level is

    l = (1 - R_max q)^(-s w^(n - 1))

with R_max the share of a target that a miRNA takes away, q the share of its targets that it holds, n the edges of the way and s = +1 or -1 its sign: the target itself
(n = 1, s = -1) falls to 1 - R_max q, and each further edge hands on the share w of the logarithm. Signs are evidence; w is a guess with a wide range. Strength of an edge, feedback
and the number of ways play no part; the compiled network has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy

from vesicle.evidence.library import Library
from vesicle.evidence.matching import parameter
from vesicle.evidence.names import is_mirna
from vesicle.evidence.priors.edges import Edge, core, gone
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.vessels.cells import REPLACED, SECRETED

FARTHEST = 4
"""Edges from a target to a node; beyond that a way says nothing."""
CONDITIONS = ("hypoxia", "normoxia", "hypoxic tumour", "cytosol", "cell surface", "membrane", "extracellular", "DNA damage", "vesicle surface", "endosome")
WORDS = {
    "tumour": ("tumour", "tumor", "cancer", "carcinoma", "sarcoma", "myeloma", "leukemia", "leukaemia", "glioma", "glioblastoma", "melanoma", "HeLa", "malignan"),
    "endothelium": ("endothelial",),
}
"""Kind of recipient -> words by which the contexts of edges mean it."""


@dataclass(frozen=True)
class Influence:
    """What cargo does to a node: the sign, and the edges of one shortest way."""

    sign: int
    way: tuple[Edge, ...]

    @property
    def words(self) -> str:
        """The way, as ``hsa-miR-125a-5p -| DLL4``."""
        return self.way[0].source + "".join(f" {'->' if e.sign > 0 else '-|'} {e.target}" for e in self.way) if self.way else ""


def holds(edge: Edge, kind: str) -> bool:
    """Whether an edge holds in a kind of recipient: it says nothing of the cell, or names this one."""
    parts = [part.strip() for part in re.split(r"[;,]", edge.context) if part.strip()]
    cells = [part for part in parts if part not in CONDITIONS and "exosomes" not in part]
    return not cells or any(word in part for part in cells for word in WORDS[kind])


def levels_from_cargo(library: Library, cargo: Iterable[str], recipient: str, nodes: Iterable[str], without: frozenset[str] = frozenset()) -> dict[str, Influence]:
    """What cargo does to nodes of a kind of recipient (``tumour`` or ``endothelium``); nodes that no way reaches, or ways of both signs, are left out.

    ``library`` will be asked by the compiler; the walk reads the shipped core only. ``without`` names PubMed numbers whose edges are not taken.
    """
    withdrawn = without | gone()
    edges = [e for e in core() if e.sign and not _begs(e) and holds(e, recipient) and not (e.pmids and set(e.pmids) <= withdrawn)]
    onward: dict[str, list[Edge]] = {}
    for edge in edges:
        onward.setdefault(edge.source, []).append(edge)
    starts = [e for name in cargo for e in onward.get(name, ()) if e.kind == "mirna_target"]
    found = {}
    for node in nodes:
        ways = [way for way in _shortest(starts, onward, node) if not any(_is_carried(edge) for edge in way)]
        signs = {_sign(way) for way in ways}
        if len(signs) == 1:
            found[node] = Influence(signs.pop(), ways[0])
    return found


def _is_carried(edge: Edge) -> bool:
    """Whether a mechanism computes what an edge says."""
    return (edge.source, edge.target) in REPLACED or edge.source in SECRETED


def _begs(edge: Edge) -> bool:
    """Whether an edge is what is to be found: a miRNA's effect on a phenotype, taken as such."""
    return edge.kind == "phenotype" and is_mirna(edge.source)


def _shortest(starts: list[Edge], onward: Mapping[str, list[Edge]], node: str) -> list[tuple[Edge, ...]]:
    """All shortest ways from the cargo's targets to a node."""
    ways: list[tuple[Edge, ...]] = [(edge,) for edge in starts]
    seen = {edge.target for edge in starts}
    for _ in range(FARTHEST + 1):
        if arrived := [way for way in ways if way[-1].target == node]:
            return arrived
        ways = [(*way, edge) for way in ways for edge in onward.get(way[-1].target, ()) if edge.target not in seen]
        seen |= {way[-1].target for way in ways}
    return []


def _sign(way: tuple[Edge, ...]) -> int:
    sign = 1
    for edge in way:
        sign *= edge.sign
    return sign


def level_of(site: Site, influence: Influence, engaged: float) -> sympy.Expr:
    """The level that cargo gives a node when it holds a share of its targets [1]."""
    left = 1 - site.quantity("mirna_max_repression", "1") * site.given("engaged", engaged, "1")
    return left ** (-influence.sign * site.quantity("signal_passed_share", "1") ** (len(influence.way) - 1))


def engaged_share(library: Library, copies: float) -> float:
    """Share of the target sites that so many copies of a miRNA per cell in the cytosol hold, n/(n + K V + S) with S competing sites, at the medians."""
    constant = parameter(library, "k", "mirna_target_dissociation", "copy/mL", {}).value * parameter(library, "v", "cytosol_volume", "mL", {}).value
    sites = parameter(library, "s", "competing_target_sites", "copy/cell", {}).value
    return copies / (copies + constant + sites)
