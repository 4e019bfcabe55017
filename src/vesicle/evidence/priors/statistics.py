"""What the core holds, counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from vesicle.evidence.priors.edges import core, core_nodes, corrections


def core_stats() -> dict[str, Any]:
    """Nodes and edges of the core by kind, sign and status, and how many carry a PubMed number."""
    edges, nodes = core(), core_nodes().values()
    return {
        "nodes": len(core_nodes()),
        "nodes_per_kind": dict(sorted(Counter(n.kind for n in nodes).items())),
        "nodes_named_by_the_reviews": sum(n.in_reviews == "yes" for n in nodes),
        "edges": len(edges),
        "edges_per_kind": dict(sorted(Counter(e.kind for e in edges).items())),
        "edges_per_sign": {"+": sum(e.sign > 0 for e in edges), "-": sum(e.sign < 0 for e in edges), "0": sum(e.sign == 0 for e in edges)},
        "edges_per_status": dict(sorted(Counter(e.status for e in edges).items())),
        "edges_with_pmid": sum(bool(e.pmids) for e in edges),
        "sign_corrections": len(corrections()),
    }
