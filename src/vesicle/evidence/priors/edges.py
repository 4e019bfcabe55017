"""Signed, directed edges: the core, the shipped tables and the user's, with corrected signs.

A sign that a table is known to have wrong is corrected when the edge is read, with a note and the work that shows it
(``records/sign_corrections.tsv``); the table itself stays as its authors made it. An edge whose every work was retracted is left out.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from vesicle import reading
from vesicle.errors import SchemaError
from vesicle.evidence import genes, names
from vesicle.evidence.claim import names as listed
from vesicle.evidence.imports.base import node
from vesicle.evidence.imports.store import Imported, imported, tables
from vesicle.evidence.library import RECORDS, Library
from vesicle.evidence.own import current
from vesicle.evidence.retractions import notices, retracted_pmids
from vesicle.evidence.sources import is_allowed, shipped_file

CORE_COLUMNS = ("id", "source", "target", "sign", "kind", "context", "pmids", "status", "checked_how", "note", "chapter")
NODE_COLUMNS = ("name", "kind", "curie", "label", "in_reviews")
CELL_COLUMNS = ("name", "cells", "note")
OWN_COLUMNS = ("edge", "claims", "note")
CORRECTION_COLUMNS = ("source", "target", "table", "wrong", "right", "reference", "checked_how", "note")
CORE = "core"
BETWEEN_CELLS = "between cells"  # context of an edge whose two ends lie in different cells
AT_RECEPTOR = "at the receptor itself"  # context of an edge whose target then acts on the molecule that recruited it and on no other
SIGNS = {"+": +1, "-": -1, "0": 0}
SHIPPED_TABLES = {"dorothea": "copyleft/dorothea.parquet"}


@dataclass(frozen=True)
class Edge:
    """One signed, directed edge of one table.

    Attributes
    ----------
    source, target : genes (HGNC), miRNAs (miRBase), chemicals or phenotypes.
    sign : +1 raises the activity or amount of the target, -1 lowers it, 0 tested without effect or unsigned.
    kind : how, such as ``phosphorylation``, ``transcription``, ``mirna_target``, ``phenotype``.
    origin : ``core`` or the table.
    id : the core's own id; empty for others.
    context : cell or condition, if it holds only there.
    pmids : PubMed numbers; empty if none was checked.
    status : ``found`` when a work was seen, ``recalled`` when it rests on knowledge of the field, ``table`` for other tables.
    note : disputes, corrections.
    """

    source: str
    target: str
    sign: int
    kind: str
    origin: str
    id: str = ""
    context: str = ""
    pmids: tuple[str, ...] = ()
    status: str = "table"
    note: str = ""


@dataclass(frozen=True)
class Node:
    """A node of the core: kind, identifier, label, and whether the reviews name it."""

    name: str
    kind: str
    curie: str
    label: str
    in_reviews: str


@functools.cache
def core() -> tuple[Edge, ...]:
    """The hand-curated core, by id."""
    out = []
    for row in reading.rows(RECORDS / "core_edges.tsv", CORE_COLUMNS):
        if row["sign"] not in SIGNS:
            raise SchemaError(f"{row.where}column 'sign': '{row['sign']}' is no sign; expected +, - or 0.")
        pmids = tuple(word for word in row["pmids"].split(";") if word.isdigit())
        out.append(Edge(row["source"], row["target"], SIGNS[row["sign"]], row["kind"], CORE, row["id"], row["context"], pmids, row["status"], row["note"]))
    return tuple(out)


@functools.cache
def core_nodes() -> dict[str, Node]:
    """Every node of the core by name."""
    return {row["name"]: Node(**row.cells) for row in reading.rows(RECORDS / "core_nodes.tsv", NODE_COLUMNS)}


@functools.cache
def phenotype_cells() -> dict[str, tuple[str, ...]]:
    """Phenotype -> words of which one stands in the name of every cell that can have it; phenotypes of any cell are left out."""
    return {row["name"]: tuple(row["cells"].split(";")) for row in reading.rows(RECORDS / "phenotype_cells.tsv", CELL_COLUMNS)}


def can_have(cell: str, phenotype: str) -> bool:
    """Whether a phenotype is one of this cell: a hepatocyte cannot activate as a T cell does.

    ``cell`` is a recipient as claims name it, such as ``naive T cell``.
    """
    words = phenotype_cells().get(phenotype)
    return words is None or any(word in cell for word in words)


@functools.cache
def shown_by_claims() -> dict[str, frozenset[str]]:
    """Claim -> edges of the core that its own source shows and, to our knowledge, no other laboratory: a chain over them repeats the claim."""
    found: dict[str, set[str]] = {}
    for row in reading.rows(RECORDS / "own_source_edges.tsv", OWN_COLUMNS):
        for claim in row["claims"].split(";"):
            found.setdefault(claim, set()).add(row["edge"])
    return {claim: frozenset(edges) for claim, edges in found.items()}


def shown_by_works(library: Library) -> frozenset[str]:
    """Edges of the core that only works which a library leaves out show, by the claims that cite these works."""
    gone = set(library.left_out)
    theirs = [shown_by_claims().get(claim.id, frozenset()) for claim in library.claims if gone & set(listed(claim.reference))] if gone else []
    return frozenset(edge for edges in theirs for edge in edges)


@functools.cache
def corrections() -> dict[tuple[str, str, str, int], tuple[int, str]]:
    """(source, target, table, wrong sign) -> the right sign and the note; only those with a work that shows it."""
    out = {}
    for row in reading.rows(RECORDS / "sign_corrections.tsv", CORRECTION_COLUMNS):
        if row["reference"] == "not_checked":
            continue
        note = f"sign corrected from {row['wrong']} ({row['table']}) to {row['right']}: {row['note']} ({row['reference']})"
        out[row["source"], row["target"], row["table"], SIGNS[row["wrong"]]] = (SIGNS[row["right"]], note)
    return out


def network(kinds: Iterable[str] = ()) -> list[Edge]:
    """All edges of the core and of the tables that may be used now; with ``kinds`` only these."""
    wanted = set(kinds)
    found = [edge for edge in (*core(), *_tables("")) if not wanted or edge.kind in wanted]
    return list(_standing(found))


def edges_of(name: str) -> list[Edge]:
    """Every edge from or to a node, the core first; the name may be an alias.

    Raises
    ------
    UnknownName
        If nothing is known by that name, or several things are.
    """
    known = _node(name)
    found = [*(edge for edge in core() if known in (edge.source, edge.target)), *_tables(known)]
    if not found and known not in core_nodes():
        resolve: Callable[[str], object] = names.resolve if names.is_mirna(name) else genes.resolve
        resolve(name)  # raises, unless it is a gene or miRNA without edges
    return list(_standing(found))


def regulon(factor: str) -> list[Edge]:
    """What a transcription factor raises and lowers."""
    return [edge for edge in edges_of(factor) if edge.kind == "transcription" and edge.source == _node(factor)]


def gone() -> frozenset[str]:
    """PubMed numbers on which nothing rests now."""
    return retracted_pmids(notices(), current().references)


def _node(name: str) -> str:
    """A node by its name, by an alias of a gene, or by any style of a miRNA."""
    if name in core_nodes():
        return name
    found = names.candidates(name) if names.is_mirna(name) else []
    return found[0].name if len(found) == 1 else node(name)


def _standing(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Edges that do not rest on retracted works alone, without those works."""
    withdrawn = gone()
    for edge in edges:
        kept = tuple(number for number in edge.pmids if number not in withdrawn)
        if kept or not edge.pmids:
            yield edge if kept == edge.pmids else replace(edge, pmids=kept)


def _tables(name: str) -> list[Edge]:
    """Edges of the shipped copyleft tables and of imports, corrected; of one node, or all."""
    places = [(table, str(path)) for table, file in SHIPPED_TABLES.items() if (path := shipped_file(file))]
    places += [(one.importer, str(one.parquet)) for one in imported("signed_edge") if _is_used(one)]
    return [edge for table, path in places for edge in _read(table, path, name)]


def _is_used(one: Imported) -> bool:
    return is_allowed(one.licence_class)


def _read(table: str, path: str, name: str) -> Iterator[Edge]:
    where, values = ("WHERE source = ? OR target = ?", [path, name, name]) if name else ("", [path])
    for source, target, sign, kind, pmids in tables().execute(f"SELECT source, target, sign, kind, pmids FROM read_parquet(?) {where}", values).fetchall():
        right, note = corrections().get((source, target, table, sign), (sign, ""))
        yield Edge(source, target, right, kind, table, pmids=tuple(word for word in pmids.split(";") if word), note=note)
