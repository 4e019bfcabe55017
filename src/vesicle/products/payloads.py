"""Payloads: what each is, what it acts on, against which disease, how well that is supported, and what speaks against it.

A record says what a payload is and where the signed core knows it (its node, and whether the payload raises or lowers it). Everything else is read from the claims:

    targets       those of claims that name it, and what its node acts on in the core, times the direction of the payload
    indications   diseases in which a claim gives it an effect against the tumour
    harm          diseases in which a claim gives it an effect for the tumour; with its antagonist as the suggestion
    evidence      the best setting of the claims that hold, and how many of all are doubted

A payload can have both an indication and a harm: then the disease decides. An anti-miRNA has the claims of its miRNA with the other sign, besides its own.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

from vesicle import reading
from vesicle.errors import SchemaError, unknown_name
from vesicle.evidence.audit import is_doubted
from vesicle.evidence.claim import Claim, identified, names
from vesicle.evidence.library import RECORDS, Library
from vesicle.evidence.priors.edges import SIGNS, Edge, core, core_nodes, shown_by_claims
from vesicle.evidence.terms import curie
from vesicle.products.claimed_effects import OPPOSITE, is_same

COLUMNS = ("name", "class", "synonym", "node", "acts", "note")
CLASSES = ("miRNA", "anti-miRNA", "siRNA", "mRNA", "protein", "DNA", "small_molecule")
SETTINGS = ("clinical", "in_vivo", "in_vitro", "review_statement")
"""Settings of a claim, the strongest first."""
FOR_TUMOURS = ("tumor_growth", "proliferation", "cell_cycle", "metastasis", "invasion", "migration", "angiogenesis", "drug_resistance")
"""Phenotypes that help a tumour when they rise; a drug may stand in brackets behind the last."""
AGAINST_TUMOURS = ("apoptosis", "survival_host", "chemosensitivity", "other:antitumor_immunity")
"""Phenotypes that harm a tumour when they rise."""


@dataclass(frozen=True)
class Entry:
    """What a record says: name, class, synonym, node of the core, and +1 where the payload raises that node, -1 where it lowers it, 0 where there is none."""

    name: str
    kind: str
    synonym: str
    node: str
    acts: int
    note: str


@dataclass(frozen=True)
class Finding:
    """What one claim says of a payload in a disease: signed phenotypes, setting, whether the claim is in doubt."""

    claim: str
    disease: str
    phenotypes: tuple[tuple[str, str], ...]
    setting: str
    is_doubted: bool


@dataclass(frozen=True)
class Payload:
    """A payload with what is known of it; see the module.

    Attributes
    ----------
    targets : name -> (sign, where it comes from).
    indications, harms : what claims give it for and against.
    evidence : the best setting among claims that hold, ``doubted`` or ``none``.
    suggestion : antagonist of a harmful payload; empty otherwise.
    """

    entry: Entry
    curie: str
    targets: dict[str, tuple[int, str]]
    indications: tuple[Finding, ...]
    harms: tuple[Finding, ...]
    evidence: str
    suggestion: str

    @property
    def is_unsafe(self) -> bool:
        """Whether claims give it effects for a tumour, and none against one."""
        return bool(self.harms) and not self.indications

    def harms_in(self, disease: str) -> tuple[Finding, ...]:
        """Harms in a disease, or in cancer as such."""
        return tuple(f for f in self.harms if is_about(f.disease, disease))


@functools.cache
def entries() -> dict[str, Entry]:
    """Every payload of the records by its name.

    Raises
    ------
    SchemaError
        For a class or a direction that is none, or a node that the core lacks.
    """
    out = {}
    for row in reading.rows(RECORDS / "payloads.tsv", COLUMNS):
        if row["class"] not in CLASSES:
            raise SchemaError(f"{row.where}column 'class': '{row['class']}' is no class of payload, expected {', '.join(CLASSES)}.")
        if (row["node"] == "") != (row["acts"] == "") or row["acts"] not in ("", "+", "-"):
            raise SchemaError(f"{row.where}columns 'node' and 'acts' are '{row['node']}' and '{row['acts']}', expected a node with + or -, or both empty.")
        if row["node"] and row["node"] not in core_nodes():
            raise SchemaError(f"{row.where}column 'node': '{row['node']}' is not in core_nodes.tsv.")
        out[row["name"]] = Entry(row["name"], row["class"], row["synonym"], row["node"], {"+": 1, "-": -1, "": 0}[row["acts"]], row["note"])
    return out


def payload(library: Library, name: str) -> Payload:
    """One payload.

    Raises
    ------
    UnknownName
        For a name that is none.
    """
    known = entries()
    entry = known.get(name) or next((e for e in known.values() if name in (e.synonym, e.node) and e.acts > 0), None)
    if entry is None:
        raise unknown_name("payload", name, known, advice="A payload is a line in payloads.tsv.")
    found = list(_findings(library, entry))
    good = tuple(f for f in found if helps(f.phenotypes) < 0)
    bad = tuple(f for f in found if helps(f.phenotypes) > 0)
    suggestion = _antagonist(entry) if bad and not good else ""
    identifier = curie(entry.name) or (core_nodes()[entry.node].curie if entry.acts > 0 else "")
    return Payload(entry, identifier, _targets(library, entry), good, bad, _evidence(found), suggestion)


def payloads(library: Library) -> dict[str, Payload]:
    """All of them."""
    return {name: payload(library, name) for name in entries()}


def by_core(entry: Entry, without: Iterable[str] = ()) -> tuple[int, tuple[str, ...]]:
    """What chains of the core say about tumours: over one target, and for what is no miRNA also from the node itself.

    An edge from a miRNA to a phenotype states the answer and is never used.

    Parameters
    ----------
    without : claims whose own edges must not be used.

    Returns
    -------
    Number of chains for a tumour less those against, and the chains in words; an anti-miRNA or siRNA has the sign of its node turned round.
    """
    left_out = frozenset(edge for claim in without for edge in shown_by_claims().get(claim, ()))
    chains: list[tuple[Edge, ...]] = [(e,) for e in _from(entry.node) if _side(e.target) and "miRNA" not in entry.kind]
    chains += [(e, end) for e in _from(entry.node) if not _side(e.target) for end in _from(e.target) if _side(end.target)]
    chains = [chain for chain in chains if not any(e.id in left_out for e in chain)]
    score = sum(entry.acts * math.prod(e.sign for e in chain) * _side(chain[-1].target) for chain in chains)
    return score, tuple(entry.node + "".join(f" {'-+'[e.sign > 0]} {e.target}" for e in chain) for chain in chains)


@functools.cache
def _leaving() -> dict[str, tuple[Edge, ...]]:
    """Signed edges of the core by their source."""
    out: dict[str, list[Edge]] = {}
    for edge in core():
        if edge.sign:
            out.setdefault(edge.source, []).append(edge)
    return {source: tuple(edges) for source, edges in out.items()}


def _from(node: str) -> tuple[Edge, ...]:
    return _leaving().get(node, ())


def _side(phenotype: str) -> int:
    """+1 for what helps a tumour when it rises, -1 for what harms it, 0 for all else."""
    plain = phenotype.partition("(")[0]
    return (plain in FOR_TUMOURS) - (plain in AGAINST_TUMOURS)


def helps(phenotypes: Iterable[tuple[str, str]]) -> int:
    """+1 where signed phenotypes are for a tumour, -1 where they are against it, 0 where they say neither or both."""
    score = sum(_side(name) * SIGNS[sign] for name, sign in phenotypes)
    return (score > 0) - (score < 0)


def is_about(claimed: str, disease: str) -> bool:
    """Whether a claim on a disease (or on cancer as such, or on none) speaks of a disease."""
    mine, other = identified(claimed)[0], identified(disease)[0]
    return not disease or mine in ("", "cancer", other)


def _findings(library: Library, entry: Entry) -> Iterable[Finding]:
    """What claims say of the payload; of the miRNA of an anti-miRNA with the other sign."""
    for claim in library.claims:
        own = _names(claim, entry)
        inverse = entry.kind == "anti-miRNA" and any(is_same(name, entry.node) for name in names(claim.cargo))
        if own or inverse:
            signed = tuple((name, sign if own else OPPOSITE[sign]) for name, sign in claim.signed("phenotypes").items())
            for disease in names(claim.disease) or [""]:
                yield Finding(claim.id, disease, signed, claim.setting, is_doubted(claim, library.retracted))


def _names(claim: Claim, entry: Entry) -> bool:
    cargo = names(claim.cargo)
    return any(name in (entry.name, entry.synonym) for name in cargo if name) or (entry.kind == "miRNA" and any(is_same(name, entry.name) for name in cargo))


def _targets(library: Library, entry: Entry) -> dict[str, tuple[int, str]]:
    """What the payload acts on: by claims first, then by the core."""
    phenotypes = {name for name, node in core_nodes().items() if node.kind == "phenotype"}
    out = {e.target: (entry.acts * e.sign, e.id) for e in core() if entry.node and e.source == entry.node and e.sign and e.target not in phenotypes}
    if entry.acts < 0:
        out[entry.node] = (-1, "payloads.tsv")
    for claim in library.claims:
        if _names(claim, entry):
            out.update({name: (SIGNS[sign], claim.id) for name, sign in claim.signed("targets").items()})
    return out


def _evidence(found: list[Finding]) -> str:
    if not found:
        return "none"
    holding = [f.setting for f in found if not f.is_doubted]
    return min(holding, key=SETTINGS.index) if holding else "doubted"


def _antagonist(entry: Entry) -> str:
    """What undoes a payload: the anti-miRNA of a miRNA, the miRNA of an anti-miRNA, an inhibitor or siRNA of what it raises."""
    if entry.kind == "miRNA":
        return f"anti-{entry.name}"
    return entry.node if entry.acts < 0 else f"inhibitor or siRNA of {entry.node}" if entry.node else ""
