"""Which mechanism acts for a type of cargo, and what a scenario's cargo is to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vesicle.errors import SchemaError
from vesicle.mechanisms.acting.anti_mirna import AntiMirna
from vesicle.mechanisms.acting.dna import TransientExpression
from vesicle.mechanisms.acting.protein import ProteinTransfer
from vesicle.mechanisms.acting.reach import Payload
from vesicle.mechanisms.acting.silencing import OWN, Guide, Silencing
from vesicle.mechanisms.acting.translation import Translation
from vesicle.mechanisms.base import Mechanism
from vesicle.model.assembled import identifier
from vesicle.model.scenario import CargoSpec, Recipient
from vesicle.products.composition import GUIDES

ACTS: Mapping[str, type[Mechanism]] = {
    "siRNA": Silencing,
    "miRNA": Silencing,
    "anti-miRNA": AntiMirna,
    "mRNA": Translation,
    "protein": ProteinTransfer,
    "DNA": TransientExpression,
    "mtDNA": TransientExpression,
}
"""Cargo type -> what it does in the cytosol."""
AGAINST_MIRNA = tuple(kind for kind, acts in ACTS.items() if acts is AntiMirna)
"""Cargo whose target is a miRNA and no gene."""
EVIDENCE = "evidence"
"""The target of a miRNA that the evidence base is to name."""


def acting(kinds: Iterable[str]) -> list[Mechanism]:
    """The mechanisms of some types of cargo, each once; silencing always, because it holds the recipient's mRNA."""
    chosen: dict[type[Mechanism], None] = dict.fromkeys([Silencing, *(ACTS[name] for name in kinds)])
    return [kind() for kind in chosen]


def guides_of(cargo: Iterable[CargoSpec], recipient: Recipient, by_evidence: Mapping[str, tuple[str, ...]]) -> tuple[Guide, ...]:
    """The guide RNAs that an arm's products bring; ``by_evidence`` holds the targets of those whose target is left to the evidence."""
    return tuple(_guide(item, recipient, by_evidence) for item in cargo if item.type in GUIDES)


def own_guides(recipient: Recipient, by_evidence: Mapping[str, tuple[str, ...]]) -> tuple[Guide, ...]:
    """The miRNAs that the recipient makes itself; ``by_evidence`` holds the targets of those whose target is left to the evidence."""
    found = []
    for mirna in recipient.mirnas:
        targets = by_evidence[mirna.name] if mirna.target == EVIDENCE else (mirna.target,)
        copies = float("nan") if mirna.copies is None else mirna.copies
        found.append(Guide(identifier(mirna.name) + OWN, "miRNA", targets[0] if targets else "", bool(targets), True, copies, also=targets[1:]))
    return tuple(found)


def payloads_of(cargo: Iterable[CargoSpec]) -> tuple[Payload, ...]:
    """What an arm's products bring beside guide RNAs."""
    return tuple(Payload(identifier(item.name), item.type, identifier(item.target) if item.target else "") for item in cargo if item.type not in GUIDES)


def antagonists(payloads: Iterable[Payload]) -> dict[str, str]:
    """miRNA -> the anti-miRNA against it, by id.

    Raises
    ------
    SchemaError
        If two are given against one miRNA, or one names none.
    """
    found: dict[str, str] = {}
    for payload in payloads:
        if ACTS[payload.kind] is AntiMirna:
            if not payload.target or payload.target in found:
                why = "names no miRNA" if not payload.target else f"is against the same miRNA as '{found[payload.target]}'"
                raise SchemaError(f"the anti-miRNA '{payload.id}' {why}; give each a 'target' of its own, like hsa-miR-100-5p.")
            found[payload.target] = payload.id
    return found


def _guide(cargo: CargoSpec, recipient: Recipient, by_evidence: Mapping[str, tuple[str, ...]]) -> Guide:
    """Whether the recipient has the site: the gene must be there, and the variant when one is named."""
    if cargo.target == EVIDENCE:
        found = by_evidence[cargo.name]
        return Guide(identifier(cargo.name), cargo.type, found[0] if found else "", bool(found), cargo.native, also=found[1:])
    gene, _, variant = (cargo.target or "").partition(" ")
    matches = bool(gene) and (not variant or recipient.genotype.get(gene) == variant)
    if cargo.force_match:
        gene, matches = gene or recipient.genes[0], True
    return Guide(identifier(cargo.name), cargo.type, gene, matches, cargo.native)
