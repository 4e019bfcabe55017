"""The claims in the formats of other programs: tables, JSON lines, INDRA statements and a signed network.

Nothing is filtered and nothing is averaged: a claim that does not hold, or that rests on a
retracted work, is written with its mark, and opposite signs stay two edges. Control characters
become spaces; the order is that of the records (nodes and edges: by name), so that the same
base gives the same bytes.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from vesicle.evidence.audit import is_doubted, retracted_works
from vesicle.evidence.claim import COLUMNS, MISMATCHES, SETTINGS, Claim, Reference, identified, names
from vesicle.evidence.library import Library
from vesicle.evidence.terms import curie

SCHEMA = "vesicle-claim/1"
TSV_COLUMNS = (
    "id", "source", "locator", "reference", "donor", "donor_state", "cargo_type", "cargo", "recipient", "disease", "targets", "pathways",
    "phenotypes", "drug", "setting", "quote", "mismatch_kind", "as_supported", "confidence",
)  # fmt: skip
SIGNED = ("targets", "pathways", "phenotypes")
# What a claim can never leave empty; see `vesicle.evidence.claim.claim`.
FILLED = ("id", "source", "locator", "quote", "as_written", "checked_how", "system")
INTERACTIONS = {"+": "increases", "-": "decreases", "0": "has_no_effect_on"}
REGISTRIES = {"HGNC": "HGNC", "miRBase": "MIRBASE", "CHEBI": "CHEBI", "fplx": "FPLX", "GO": "GO", "mesh": "MESH"}  # ours -> as INDRA calls them
WITH_PREFIX = ("CHEBI", "GO")  # INDRA keeps the prefix in the number
STATEMENTS = {"+": "IncreaseAmount", "-": "DecreaseAmount"}
GRAPHML = "http://graphml.graphdrawing.org/xmlns"
# C0, DEL and C1 controls, the two Unicode line ends, lone surrogates and non-characters: XML 1.0 or a line reader stumbles on each.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Node:
    """A cargo, donor, target or phenotype; one name is one node, whatever its kinds."""

    id: int
    name: str
    identifiers: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """What a cargo (or, without one, a donor's vesicles) does to a target or phenotype.

    Attributes
    ----------
    source, target : ids of nodes.
    sign : ``+``, ``-`` or ``0`` (no effect reported).
    claims : ids of the claims that say so.
    doubted : those of them that do not hold or rest on a retracted work.
    """

    id: int
    source: int
    target: int
    sign: str
    claims: tuple[str, ...]
    doubted: tuple[str, ...]

    @property
    def interaction(self) -> str:
        """The sign as a word."""
        return INTERACTIONS[self.sign]


def tsv(library: Library) -> str:
    """The claims as tab-separated text without quotation, signed lists as ``NAME:+;NAME:-``."""
    lines = ["\t".join(TSV_COLUMNS), *("\t".join(getattr(claim, column) for column in TSV_COLUMNS) for claim in _claims(library))]
    return "".join(f"{line}\n" for line in lines)


def jsonl(library: Library) -> str:
    """One claim per line as a JSON object of :func:`json_schema`, with every column of the records."""
    return "".join(f"{json.dumps(_object(claim), ensure_ascii=False)}\n" for claim in _claims(library))


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one line of :func:`jsonl`."""
    properties: dict[str, Any] = {"schema": {"const": SCHEMA}}
    for column in COLUMNS:
        properties[column] = {"type": "string", "minLength": 1} if column in FILLED else {"type": "string"}
    for column in SIGNED:
        properties[column] = {"type": "object", "propertyNames": {"minLength": 1}, "additionalProperties": {"enum": ["+", "-", "0"]}}
    properties["mismatch_kind"] = {"enum": list(MISMATCHES)}
    properties["setting"] = {"enum": list(SETTINGS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "A claim of the Vesicle evidence base",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def indra(library: Library) -> list[dict[str, Any]]:
    """Every effect of a cargo on the amount of a target as an INDRA statement (as JSON objects).

    INDRA has no statement for a reported absence of effect: sign ``0`` is left out, see
    :func:`left_out`. Each cited work is one evidence. Agents are named as in the records
    (``db_refs`` holds the text, and the identifier where the terms have one; nothing is grounded by guessing), and the annotations say
    where the quote stands and whether the claim holds.
    """
    references = {r.key: r for r in library.references}
    return [
        {
            "type": STATEMENTS[sign],
            "subj": _agent(cargo),
            "obj": _agent(target),
            "evidence": [_evidence(claim, references.get(key)) for key in claim.references or ("",)],
            "id": f"{claim.id}:{cargo}:{target}",
        }
        for claim in _claims(library)
        for cargo, target, sign in _effects(claim, names(claim.cargo), "targets")
        if sign in STATEMENTS
    ]


def left_out(library: Library) -> dict[str, int]:
    """What :func:`indra` cannot say: ``zero_sign`` effects of a cargo on a target, and ``without_cargo``, claims with targets alone."""
    claims = _claims(library)
    signs = [sign for claim in claims for _, _, sign in _effects(claim, names(claim.cargo), "targets")]
    return {"zero_sign": signs.count("0"), "without_cargo": sum(bool(claim.targets and not names(claim.cargo)) for claim in claims)}


def schema_json(_library: Library) -> str:
    """The schema of :func:`jsonl` as JSON text."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def indra_json(library: Library) -> str:
    """The statements of :func:`indra` as JSON text."""
    return json.dumps(indra(library), ensure_ascii=False, indent=1) + "\n"


def network(library: Library) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """The claims as one signed graph: cargo (or donor, where no cargo is named) -> target or phenotype.

    Claims that say the same share an edge; another sign is another edge.
    """
    kinds: dict[str, set[str]] = {}
    identifiers: dict[str, set[str]] = {}
    found: dict[tuple[str, str, str], dict[str, bool]] = {}

    def place(text: str, kind: str) -> str:
        name, identifier = _parts(text)
        kinds.setdefault(name, set()).add(kind)
        identifiers.setdefault(name, set()).update({identifier} - {""})
        return name

    retracted = retracted_works(library)
    for claim in _claims(library):
        start = "cargo" if names(claim.cargo) else "donor"
        for field, end in (("targets", "target"), ("phenotypes", "phenotype")):
            for source, target, sign in _effects(claim, names(getattr(claim, start)), field):
                found.setdefault((place(source, start), place(target, end), sign), {})[claim.id] = is_doubted(claim, retracted)
    numbers = {name: number for number, name in enumerate(sorted(kinds))}
    nodes = tuple(Node(number, name, tuple(sorted(identifiers[name])), tuple(sorted(kinds[name]))) for name, number in numbers.items())
    edges = tuple(
        Edge(number, numbers[source], numbers[target], sign, tuple(claims), tuple(name for name, doubted in claims.items() if doubted))
        for number, ((source, target, sign), claims) in enumerate(sorted(found.items(), key=lambda item: item[0]))
    )
    return nodes, edges


def cx2(library: Library) -> str:
    """The network as CX2 (Cytoscape, NDEx)."""
    nodes, edges = network(library)
    text, texts = {"d": "string"}, {"d": "list_of_string"}
    aspects: dict[str, list[dict[str, Any]]] = {
        "attributeDeclarations": [
            {
                "networkAttributes": {"name": text, "description": text, "version": text},
                "nodes": {"name": text, "identifiers": texts, "kinds": texts},
                "edges": {"interaction": text, "sign": text, "claims": texts, "doubted": texts},
            }
        ],
        "networkAttributes": [{"name": "Vesicle claims", "description": _description(library), "version": _clean(library.version)}],
        "nodes": [{"id": n.id, "v": {"name": n.name, "identifiers": n.identifiers, "kinds": n.kinds}} for n in nodes],
        "edges": [{"id": e.id, "s": e.source, "t": e.target, "v": {"interaction": e.interaction, "sign": e.sign, "claims": e.claims, "doubted": e.doubted}} for e in edges],
    }
    document = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": [{"name": name, "elementCount": len(elements)} for name, elements in aspects.items()]},
        *({name: elements} for name, elements in aspects.items()),
        {"status": [{"error": "", "success": True}]},
    ]
    return json.dumps(document, ensure_ascii=False) + "\n"


def graphml(library: Library) -> str:
    """The network as GraphML; lists are joined by ``;``."""
    nodes, edges = network(library)
    root = ET.Element("graphml", xmlns=GRAPHML)
    keys = {"graph": ("description",), "node": ("name", "identifiers", "kinds"), "edge": ("interaction", "sign", "claims", "doubted")}
    for domain, columns in keys.items():
        for name in columns:
            ET.SubElement(root, "key", {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": "string"})
    graph = ET.SubElement(root, "graph", id="vesicle", edgedefault="directed")
    _data(graph, "graph", {"description": _description(library)})
    for n in nodes:
        _data(ET.SubElement(graph, "node", id=f"n{n.id}"), "node", {"name": n.name, "identifiers": ";".join(n.identifiers), "kinds": ";".join(n.kinds)})
    for e in edges:
        element = ET.SubElement(graph, "edge", id=f"e{e.id}", source=f"n{e.source}", target=f"n{e.target}")
        _data(element, "edge", {"interaction": e.interaction, "sign": e.sign, "claims": ";".join(e.claims), "doubted": ";".join(e.doubted)})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def sif(library: Library) -> str:
    """The network as tab-separated SIF: source, interaction, target; the format has no room for claim ids and marks."""
    nodes, edges = network(library)
    return "".join(f"{nodes[e.source].name}\t{e.interaction}\t{nodes[e.target].name}\n" for e in edges)


FORMATS: dict[str, Callable[[Library], str]] = {"tsv": tsv, "jsonl": jsonl, "indra": indra_json, "cx2": cx2, "graphml": graphml, "sif": sif, "schema": schema_json}


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text)


def _claims(library: Library) -> tuple[Claim, ...]:
    """The claims without control characters."""
    return tuple(replace(c, **cleaned) if (cleaned := {k: _clean(v) for k, v in vars(c).items() if _CONTROL.search(v)}) else c for c in library.claims)


def _object(claim: Claim) -> dict[str, Any]:
    return {"schema": SCHEMA, **{column: claim.signed(column) if column in SIGNED else getattr(claim, column) for column in COLUMNS}}


def _parts(text: str) -> tuple[str, str]:
    """Name and identifier; ``other:`` only says that the name is outside the vocabulary, a name without brackets is looked up in the terms."""
    name, identifier = identified(text.removeprefix("other:"))
    return name, identifier or curie(name)


def _effects(claim: Claim, sources: list[str], field: str) -> Iterator[tuple[str, str, str]]:
    """(source, target, sign) for each pair; a target that is itself delivered belongs to itself alone (``MMP2;NT5E`` raise ``MMP2:+;NT5E:+``)."""
    for target, sign in claim.signed(field).items():
        for source in (target,) if target in sources else sources:
            yield source, target, sign


def _agent(text: str) -> dict[str, Any]:
    name, identifier = _parts(text)
    prefix, _, number = identifier.partition(":")
    grounded = {REGISTRIES[prefix]: identifier if prefix in WITH_PREFIX else number} if prefix in REGISTRIES else {}
    return {"name": name, "db_refs": {"TEXT": text, **grounded}}


def _evidence(claim: Claim, reference: Reference | None) -> dict[str, Any]:
    """The claim as evidence from one cited work; the quote is the review's, so it is never direct."""
    known: dict[str, str] = {}
    if reference and re.fullmatch(r"[0-9]+", reference.pmid):
        known["PMID"] = reference.pmid
    if reference and reference.doi.startswith("10."):
        known["DOI"] = _clean(reference.doi)
    annotations: dict[str, Any] = {"source": claim.source, "locator": claim.locator, "reference": _clean(reference.key) if reference else ""}
    annotations |= {"mismatch_kind": claim.mismatch_kind, "retracted": bool(reference and reference.is_retracted)}
    return {
        "source_api": "vesicle",
        "source_id": claim.id,
        **({"pmid": known["PMID"]} if "PMID" in known else {}),
        "text": claim.quote,
        "text_refs": known,
        "annotations": annotations,
        "epistemics": {"direct": False},
    }


def _description(library: Library) -> str:
    return _clean(f"Signed effects of vesicle cargo and donors, evidence base {library.version} ({library.content}); 'doubted' lists claims that do not hold.")


def _data(parent: ET.Element, domain: str, values: dict[str, str]) -> None:
    for name, value in values.items():
        ET.SubElement(parent, "data", key=f"{domain}_{name}").text = value
