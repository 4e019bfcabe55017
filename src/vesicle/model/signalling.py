"""From evidence to wiring: which signed edges of the core join an arm's cargo to what its recipient follows.

The compiler in four steps, all of them questions to the evidence base:

1. Targets. A miRNA whose target is ``evidence`` gets every gene that the core or strong evidence of a table names (never a tested negative) that the recipient
   expresses and that leads to a followed node; predicted sites are not taken.
2. Expression. A gene below the threshold of the recipient's table is not there, neither as target nor on the way. A recipient without a table keeps all.
3. Wiring. Edges of the core on ways of at most so many steps from targets and occupied receptors to followed nodes (:mod:`vesicle.evidence.priors.circuits`). Edges from a
   miRNA to a phenotype are never used: they would be the answer. Edges that rest only on works that were left out are left out.
4. Gates. :mod:`vesicle.mechanisms.signalling.circuit`.

Nothing here knows a cargo, a phenotype or a sign.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from vesicle.errors import InputError, SchemaError, UnknownName, unknown_name
from vesicle.evidence import genes
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.priors.circuits import between, signalling
from vesicle.evidence.priors.edges import CORE
from vesicle.evidence.priors.expression import expression_in
from vesicle.evidence.priors.targets import targets_of
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.mechanisms.entering.surface import signal_id
from vesicle.mechanisms.signalling.circuit import Circuit
from vesicle.model.cargo import EVIDENCE
from vesicle.model.scenario import CargoSpec, Recipient

STATES = frozenset({"apoptosis", "dormancy"})
"""Phenotypes that are states of cells: what a cell that sleeps or dies no longer does is done by its state, so edges out of them are not wired where they are followed."""


@dataclass(frozen=True)
class Known:
    """What the evidence says of a recipient: expression by gene, and which genes count as there."""

    expression: Mapping[str, float]
    present: Mapping[str, bool]


@functools.cache
def expressed(cell: str) -> tuple[tuple[str, float], ...]:
    """Expression of a cell by gene; empty where no table holds the cell."""
    try:
        return tuple(expression_in(cell).items())
    except InputError:
        return ()


def known_of(library: Library, cell: str) -> Known:
    """Expression and presence in a cell."""
    least = match(library, "expression_threshold", {}).records[0].value
    found = dict(expressed(cell))
    return Known(found, {gene: value >= least for gene, value in found.items()})


def steps_of(library: Library) -> int:
    """How many steps are followed from a target to what is asked for."""
    return int(match(library, "signalling_path_steps", {}).records[0].value)


def evidence_targets(library: Library, mirna: str, follows: tuple[str, ...], cell: str) -> tuple[str, ...]:
    """Genes that strong evidence names as targets, that the cell has, and that lead to a followed node; by name.

    Raises
    ------
    UnknownName
        For a miRNA that nobody knows.
    """
    known = known_of(library, cell)
    excluded = library.pmids_left_out
    shown = [t for t in targets_of(mirna)["targets"] if (t.evidence == "strong" or t.origin == CORE) and t.functional != "no"]
    strong = {t.target for t in shown if not t.pmids or not set(t.pmids) <= excluded}
    present = sorted(gene for gene in strong if known.present.get(gene, True))
    edges = signalling(excluded)
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
        if not recipient.follows:
            raise SchemaError(f"cargo '{item.name}' has 'target: {EVIDENCE}', but the recipient '{recipient.cell}' follows nothing; add 'follows: [proliferation]' to it.")
    return {item.name: evidence_targets(library, item.name, recipient.follows, recipient.cell) for item in asked}


def own_targets(library: Library, recipient: Recipient) -> dict[str, tuple[str, ...]]:
    """miRNA of the recipient's own -> targets, for every one whose target is left to the evidence.

    Raises
    ------
    SchemaError
        If the recipient follows nothing.
    """
    asked = [mirna for mirna in recipient.mirnas if mirna.target == EVIDENCE]
    if asked and not recipient.follows:
        raise SchemaError(f"'{asked[0].name}' of '{recipient.cell}' has 'target: {EVIDENCE}', but the recipient follows nothing; add 'follows: [proliferation]' to it.")
    return {mirna.name: evidence_targets(library, mirna.name, recipient.follows, recipient.cell) for mirna in asked}


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
    if not recipient.follows:
        if blocked:
            raise SchemaError(f"'{next(iter(blocked))}' is blocked, but the recipient '{recipient.cell}' follows nothing; add 'follows: [proliferation]' to it.")
        return None
    known = known_of(library, recipient.cell)
    done = STATES.intersection(recipient.follows)
    edges = [e for e in signalling(library.pmids_left_out) if e.source not in done]
    nodes = {e.source for e in edges} | {e.target for e in edges}
    for what, named in (("node to follow", recipient.follows), ("node to block", blocked)):
        for node in named:
            if node not in nodes:
                raise unknown_name(what, node, nodes)
    by_gene = {gene: signal_id(receptor) for receptor in receptors if (gene := _gene(receptor)) in nodes}
    engaged = sorted({gene for guide in guides if guide.matches for gene in guide.targets} | {gene for gene in payload_targets if gene})
    wiring = between([*engaged, *by_gene, *blocked, *(node for node in further if node in nodes)], recipient.follows, steps_of(library), edges, known.present)
    heard = {*(e.source for e in wiring), *recipient.follows}
    return Circuit(
        wiring, recipient.follows, tuple(g for g in engaged if g in heard), {g: rule for g, rule in by_gene.items() if g in heard},
        {node: known.expression[node] for e in wiring for node in (e.source, e.target) if node in known.expression},
        tuple(node for node in blocked if node in heard),
    )  # fmt: skip


def _gene(name: str) -> str:
    """The symbol of a receptor by any of its names; the name itself where nobody knows it."""
    try:
        return genes.resolve(name).symbol
    except (UnknownName, InputError):
        return name
