"""Which edges, turned round, lower a phenotype: anti-miRNA, inhibitor, or what is missing given back.

Along a chain of signed edges from a node to the phenotype the effect of the node is the product of the signs. A node whose effect is + is a lever when it is
lowered (an anti-miRNA, an inhibitor, an siRNA), one whose effect is - when it is raised (a mimic, an mRNA, a protein). Chains of one lever that disagree are both kept:

    lever -> ... -> phenotype,      effect = product of signs
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from vesicle.evidence.priors.edges import Edge

ACTS: Mapping[tuple[str, int], str] = {
    ("miRNA", +1): "anti-miRNA", ("miRNA", -1): "miRNA mimic", ("gene", +1): "inhibitor or siRNA", ("gene", -1): "mRNA or protein",
    ("chemical", +1): "withdraw or degrade", ("chemical", -1): "give",
}  # fmt: skip
"""(kind of node, its effect on the phenotype) -> what lowers the phenotype."""


@dataclass(frozen=True)
class Inversion:
    """One proposal: what to do to which node, and the chain that says so.

    Attributes
    ----------
    lever : the node to act on; the first edge of the chain is the one that is turned round.
    act : what to give.
    chain : edges from the lever to the phenotype.
    against : chains of the same lever with the opposite effect.
    """

    lever: str
    act: str
    chain: tuple[Edge, ...]
    against: tuple[tuple[Edge, ...], ...] = ()

    @property
    def pmids(self) -> tuple[str, ...]:
        """PubMed numbers along the chain, each once; empty when the chain rests on knowledge of the field."""
        return tuple(dict.fromkeys(number for edge in self.chain for number in edge.pmids))

    @property
    def is_seen(self) -> bool:
        """Whether a work was seen for every edge of the chain."""
        return all(edge.status == "found" for edge in self.chain)


def inversions(edges: Iterable[Edge], phenotypes: Collection[str], kinds: Mapping[str, str], longest: int = 3, without: Collection[str] = ()) -> list[Inversion]:
    """Every lever on some phenotypes, the shortest chain first.

    Parameters
    ----------
    edges : signed edges; those of sign 0 say nothing and are left out.
    phenotypes : names of what should fall, such as ``drug_resistance(temozolomide)``.
    kinds : node -> ``gene``, ``miRNA`` or ``chemical``; other nodes are no levers.
    longest : edges in a chain at most.
    without : ids of edges that must not be used, such as one that states the answer.
    """
    into: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.sign and edge.id not in without:
            into.setdefault(edge.target, []).append(edge)
    chains: dict[tuple[str, int], list[tuple[Edge, ...]]] = {}
    reached: list[tuple[Edge, ...]] = [(edge,) for name in phenotypes for edge in into.get(name, ())]
    while reached:
        grown = []
        for chain in reached:
            chains.setdefault((chain[0].source, effect(chain)), []).append(chain)
            if len(chain) < longest:
                seen = {edge.target for edge in chain} | {chain[0].source}
                grown += [(edge, *chain) for edge in into.get(chain[0].source, ()) if edge.source not in seen]
        reached = grown
    found = [
        Inversion(lever, ACTS[kinds[lever], sign], mine[0], tuple(chains.get((lever, -sign), ())))
        for (lever, sign), mine in chains.items()
        if kinds.get(lever, "") in ("gene", "miRNA", "chemical")
    ]
    return sorted(found, key=lambda proposal: (len(proposal.chain), proposal.lever, proposal.act))


def effect(chain: Iterable[Edge]) -> int:
    """Product of the signs of a chain."""
    sign = 1
    for edge in chain:
        sign *= edge.sign
    return sign
