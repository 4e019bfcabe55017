"""Which signed edges lead from some genes to what is asked, within so many steps.

From the core and the tables that may be used, an edge u -> v is kept when

    steps(starts -> u) + 1 + steps(v -> ends) <= most

so that every kept edge lies on a way of at most ``most`` steps. Edges of a miRNA are no part of it: what a miRNA does to a phenotype must come out of its
targets. Left out as well are edges without a sign, edges between two cells (a network is of one), recruitment to one receptor (a ligase
that a receptor recruits takes away that receptor; one mean activity of the ligase would make every receptor take away
the others), nodes that the recipient does not express or cannot have, and edges
that rest on excluded works alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping

from vesicle.evidence.names import is_mirna
from vesicle.evidence.priors.edges import AT_RECEPTOR, BETWEEN_CELLS, Edge, core

NOT_SIGNALLING = ("mirna_target", "not_functional")
ELSEWHERE = (BETWEEN_CELLS, AT_RECEPTOR)


def signalling(excluded: Collection[str] = (), excluded_edges: Collection[str] = ()) -> list[Edge]:
    """Signed edges of the core between genes, chemicals and phenotypes of one cell, each pair and sign once.

    Without those that rest on excluded PubMed numbers alone, and without excluded edges (by id).
    """
    kept: dict[tuple[str, str, int], Edge] = {}
    gone = frozenset(excluded)
    for edge in core():
        if edge.sign == 0 or edge.kind in NOT_SIGNALLING or is_mirna(edge.source) or edge.context in ELSEWHERE:
            continue
        if not stands(edge, gone, excluded_edges):
            continue
        known = kept.get((edge.source, edge.target, edge.sign))
        if known is None or (edge.pmids and not known.pmids):
            kept[edge.source, edge.target, edge.sign] = edge
    return list(kept.values())


def stands(edge: Edge, excluded: frozenset[str], excluded_edges: Collection[str]) -> bool:
    """Whether an edge is left when works are left out: not one of the excluded edges (by id), nor one that rests on excluded PubMed numbers alone."""
    return edge.id not in excluded_edges and not (edge.pmids and excluded.issuperset(edge.pmids))


def between(starts: Collection[str], ends: Collection[str], most: int, edges: Iterable[Edge], expressed: Mapping[str, bool] | None = None) -> tuple[Edge, ...]:
    """The edges on ways of at most ``most`` steps from ``starts`` to ``ends``, sorted by source and target.

    ``expressed`` says of genes whether the recipient has them; one that it does not name is kept.
    """
    present = expressed or {}
    usable = [e for e in edges if present.get(e.source, True) and present.get(e.target, True)]
    ahead = _steps(starts, [(e.source, e.target) for e in usable])
    back = _steps(ends, [(e.target, e.source) for e in usable])
    far = most + 1
    found = [e for e in usable if ahead.get(e.source, far) + 1 + back.get(e.target, far) <= most]
    return tuple(sorted(found, key=lambda e: (e.source, e.target, -e.sign)))


def _steps(starts: Collection[str], arrows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Fewest steps from any start to every node."""
    leaving: dict[str, list[str]] = {}
    for source, target in arrows:
        leaving.setdefault(source, []).append(target)
    steps = dict.fromkeys(starts, 0)
    waiting = deque(starts)
    while waiting:
        here = waiting.popleft()
        for there in leaving.get(here, ()):
            if there not in steps:
                steps[there] = steps[here] + 1
                waiting.append(there)
    return steps
