"""From evidence to wiring: which signed edges of the core join an arm's cargo to what its recipient follows.

The compiler in four steps, all of them questions to the evidence base:

1. Targets. A miRNA whose target is ``evidence`` gets every gene that the core or strong evidence of a table names (never a tested negative) that the recipient
   expresses and that leads to a followed node; predicted sites are not taken.
2. Expression. A gene below the threshold of the recipient's table is not there, neither as target nor on the way. A recipient without a table keeps all.
3. Wiring. Edges of the core on ways of at most so many steps from targets and occupied receptors to followed nodes (:mod:`vesicle.evidence.priors.circuits`). Edges from a
   miRNA to a phenotype are never used: they would be the answer. Edges that rest only on works that were left out, or that
   only such works show (``own_source_edges.tsv``), are left out.
4. Gates. :mod:`vesicle.mechanisms.signalling.circuit`.

Nothing here knows a cargo, a phenotype or a sign.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from vesicle.errors import AmbiguousName, InputError, SchemaError, UnknownName, unknown_name
from vesicle.evidence import genes
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.priors.circuits import between, signalling
from vesicle.evidence.priors.edges import CORE, Edge, can_have, core, core_nodes, shown_by_works
from vesicle.evidence.priors.expression import expression_in
from vesicle.evidence.priors.targets import targets_of
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.mechanisms.entering.surface import signal_id
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, REPLACED, SECRETED, TUMOUR
from vesicle.mechanisms.phenotype.vessels.hypoxia import OXYGEN
from vesicle.mechanisms.phenotype.vessels.steps import STEPS
from vesicle.mechanisms.signalling.circuit import Circuit
from vesicle.model.cargo import EVIDENCE
from vesicle.model.scenario import CargoSpec, Recipient

STATES = frozenset({"apoptosis", "dormancy"})
"""Phenotypes that are states of cells: what a cell that sleeps or dies no longer does is done by its state, so edges out of them are not wired where they are followed."""


@dataclass(frozen=True)
class Elsewhere:
    """What other mechanisms of an arm carry, so that a circuit must not: edges by source and target, and nodes that act outside the cell that makes them."""

    edges: frozenset[tuple[str, str]] = frozenset()
    outside: tuple[str, ...] = ()


NOTHING = Elsewhere()
VESSELS = Elsewhere(REPLACED, SECRETED)
LISTENED = {
    TUMOUR: ("VEGFA", *OXYGEN, "F3"),
    ENDOTHELIUM: ("VEGFA", *OXYGEN, "F3", "KDR", "DLL4", "NOTCH1", *(step.node for step in STEPS), "vascular_permeability"),
}
"""What the chapter on vessels computes itself, and the nodes that it listens to in each kind of cell."""


@dataclass(frozen=True)
class Known:
    """What the evidence says of a recipient: expression by gene, and which genes count as there."""

    expression: Mapping[str, float]
    present: Mapping[str, bool]


@functools.cache
def expressed(cell: str) -> tuple[tuple[str, float], ...]:
    """Expression of a cell by gene; empty where no table holds the cell. A name that may mean several cells is refused."""
    try:
        return tuple(expression_in(cell).items())
    except AmbiguousName:
        raise
    except InputError:
        return ()


def known_of(library: Library, cell: str) -> Known:
    """Expression and presence in a cell; a phenotype is there where such a cell can have it."""
    least = match(library, "expression_threshold", {}).records[0].value
    found = dict(expressed(cell))
    cannot = {name: False for name, node in core_nodes().items() if node.kind == "phenotype" and not can_have(cell, name)}
    return Known(found, {gene: value >= least for gene, value in found.items()} | cannot)


def steps_of(library: Library) -> int:
    """How many steps are followed from a target to what is asked for."""
    return int(match(library, "signalling_path_steps", {}).records[0].value)


def edges_of_cell(library: Library, elsewhere: Elsewhere = NOTHING) -> list[Edge]:
    """The signed edges that a cell's circuit is made of."""
    return [e for e in signalling(library.pmids_left_out, shown_by_works(library)) if (e.source, e.target) not in elsewhere.edges and e.source not in elsewhere.outside]


def evidence_targets(library: Library, mirna: str, follows: tuple[str, ...], cell: str, elsewhere: Elsewhere = NOTHING) -> tuple[str, ...]:
    """Genes that strong evidence names as targets, that the cell has, and that lead to a followed node; by name.

    Raises
    ------
    UnknownName
        For a miRNA that nobody knows.
    """
    known = known_of(library, cell)
    excluded = library.pmids_left_out
    shown = [t for t in targets_of(mirna)["targets"] if (t.evidence == "strong" or t.origin == CORE) and t.functional != "no"]
    theirs = shown_by_works(library)
    own = {(e.source, e.target) for e in core() if e.id in theirs} if theirs else set()
    strong = {t.target for t in shown if not (t.pmids and set(t.pmids) <= excluded) and not (t.origin == CORE and (t.mirna, t.target) in own)}
    present = sorted(gene for gene in strong if known.present.get(gene, True))
    edges = edges_of_cell(library, elsewhere)
    leading = {e.source for e in between(present, follows, steps_of(library), edges, known.present)} | set(follows)
    return tuple(gene for gene in present if gene in leading)


def targets_by_evidence(library: Library, cargo: Iterable[CargoSpec], recipient: Recipient) -> dict[str, tuple[str, ...]]:
    """Cargo name -> targets, for every miRNA whose target is left to the evidence.

    Raises
    ------
    SchemaError
        If the recipient follows nothing, or the cargo is no miRNA.
    """
    asked = [item for item in cargo if item.target == EVIDENCE]
    for item in asked:
        if item.type != "miRNA":
            raise SchemaError(f"cargo '{item.name}': 'target: {EVIDENCE}' is for a miRNA; name the target of a {item.type}.")
        if not followed_by(recipient):
            raise SchemaError(f"cargo '{item.name}' has 'target: {EVIDENCE}', but the recipient '{recipient.cell}' follows nothing; add 'follows: [proliferation]' to it.")
    return {item.name: evidence_targets(library, item.name, followed_by(recipient), recipient.expressed_as, computed_elsewhere(recipient)) for item in asked}


def own_targets(library: Library, recipient: Recipient) -> dict[str, tuple[str, ...]]:
    """miRNA of the recipient's own -> targets, for every one whose target is left to the evidence.

    Raises
    ------
    SchemaError
        If the recipient follows nothing.
    """
    asked = [mirna for mirna in recipient.mirnas if mirna.target == EVIDENCE]
    if asked and not followed_by(recipient):
        raise SchemaError(f"'{asked[0].name}' of '{recipient.cell}' has 'target: {EVIDENCE}', but the recipient follows nothing; add 'follows: [proliferation]' to it.")
    return {mirna.name: evidence_targets(library, mirna.name, followed_by(recipient), recipient.expressed_as, computed_elsewhere(recipient)) for mirna in asked}


def circuit_of(
    library: Library,
    recipient: Recipient,
    guides: Iterable[Guide],
    payload_targets: Iterable[str],
    receptors: Iterable[str],
    blocked: Collection[str] = (),
    further: Iterable[str] = (),
) -> Circuit | None:
    """The wiring of an arm, or None where its recipient follows nothing.

    ``blocked`` are nodes that an inhibitor holds down in this arm, ``further`` nodes from which ways are kept as well, so that arms that differ in what is given
    or blocked have one wiring.

    Raises
    ------
    SchemaError
        If a node is blocked in a recipient that follows nothing.
    UnknownName
        For a followed or blocked node that the core does not hold.
    """
    if not followed_by(recipient):
        if blocked:
            raise SchemaError(f"'{next(iter(blocked))}' is blocked, but the recipient '{recipient.cell}' follows nothing; add 'follows: [proliferation]' to it.")
        return None
    done = STATES.intersection(followed_by(recipient))
    edges = [e for e in edges_of_cell(library, computed_elsewhere(recipient)) if e.source not in done]
    nodes = {e.source for e in edges} | {e.target for e in edges}
    for node in blocked:
        if node not in nodes:
            raise unknown_name("node to block", node, nodes)
    brought = {gene for gene in payload_targets if gene}
    by_gene = {gene: signal_id(receptor) for receptor in receptors if (gene := _gene(receptor)) in nodes}
    engaged = {gene for guide in guides if guide.matches for gene in guide.targets} | brought
    too = (*blocked, *(node for node in further if node in nodes))
    circuit = wired(library, recipient.expressed_as, engaged, followed_by(recipient), edges, by_gene, brought, too)
    return replace(circuit, blocked=tuple(node for node in blocked if node in circuit.nodes))


def wired(
    library: Library, cell: str, engaged: Collection[str], follows: tuple[str, ...], edges: Iterable[Edge], receptors: Mapping[str, str] = MappingProxyType({}),
    brought: Collection[str] = (), too: Collection[str] = (),
) -> Circuit:  # fmt: skip
    """The part of some edges that leads from changed genes, and from receptors (gene -> rule of its signal), to what is followed in a cell.

    What is ``brought`` as protein is there, whether or not the cell expresses it; ways from further nodes are kept ``too``.

    Raises
    ------
    UnknownName
        For a followed node that no edge of the core has.
    """
    known = known_of(library, cell)
    for node in follows:
        if node not in _all_nodes():
            raise unknown_name("node to follow", node, _all_nodes())
    present = {**known.present, **dict.fromkeys(brought, True)}
    wiring = between([*sorted(engaged), *receptors, *too], follows, steps_of(library), edges, present)
    heard = {*(e.source for e in wiring), *follows}
    return Circuit(
        wiring, follows, tuple(g for g in sorted(engaged) if g in heard), {g: rule for g, rule in receptors.items() if g in heard},
        {node: known.expression[node] for e in wiring for node in (e.source, e.target) if node in known.expression},
    )  # fmt: skip


@functools.cache
def _all_nodes() -> frozenset[str]:
    """Every node that an edge of signalling has."""
    return frozenset(node for edge in signalling() for node in (edge.source, edge.target))


def computed_elsewhere(recipient: Recipient) -> Elsewhere:
    """What mechanisms of this recipient carry beside its circuit."""
    return VESSELS if recipient.vessels else NOTHING


def followed_by(recipient: Recipient) -> tuple[str, ...]:
    """Every node that is asked for: what the scenario follows, and what mechanisms of vessels listen to."""
    return tuple(dict.fromkeys((*recipient.follows, *(LISTENED[recipient.vessels] if recipient.vessels else ()))))


def _gene(name: str) -> str:
    """The symbol of a receptor by any of its names; the name itself where nobody knows it."""
    try:
        return genes.resolve(name).symbol
    except (UnknownName, InputError):
        return name
