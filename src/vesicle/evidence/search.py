"""Ranked text search (SQLite FTS5: the base in memory, imported tables on disk), and claims by field.

A field holds when it contains the asked words (case does not count). In the signed fields
(targets, pathways, phenotypes) a name must be equal, and ``sign`` asks for ``+``, ``-`` or ``0`` of that
name; without a name, of any.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping
from typing import Any

from vesicle.errors import unknown_name
from vesicle.evidence.claim import Claim
from vesicle.evidence.imports import store
from vesicle.evidence.imports.store import Imported, imported
from vesicle.evidence.library import Library
from vesicle.evidence.priors.edges import core
from vesicle.evidence.sources import is_allowed

_Hit = tuple[Imported, int]
SIGNS = {1: "+", -1: "-", 0: "0"}
_SHORT = 8  # digits of a checksum that name an import

_FIELDS = "id, kind, text, where_"
_NO_LIMIT = -1  # as SQLite writes it
PLAIN = ("donor", "donor_state", "donor_species", "cargo_type", "cargo", "location", "recipient", "disease", "drug", "setting", "source", "system", "mismatch_kind")
SIGNED = {"target": "targets", "pathway": "pathways", "phenotype": "phenotypes"}


@functools.lru_cache(maxsize=2)
def _index(library: Library) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("CREATE VIRTUAL TABLE records USING fts5(id, kind, text, where_, tokenize='unicode61 tokenchars ''-''')")
    rows = [
        (c.id, "claim", " | ".join((c.as_written, c.quote, c.donor, c.cargo, c.recipient, c.disease, c.targets, c.phenotypes, c.drug)), f"{c.source}, {c.locator}")
        for c in library.claims
    ]
    for m in library.measurements:
        context = ", ".join(f"{k} {v}" for k, v in m.context.items())
        text = f"{m.quantity.replace('_', ' ')} {m.quantity} = {m.value:g} {m.unit} ({context}) {m.conditions} | {m.status}, {m.role}"
        rows.append((m.id, "measurement", text, f"{m.reference} {m.locator}".strip()))
    rows += [(e.id, "edge", f"{e.source} {SIGNS[e.sign]} {e.target} | {e.kind.replace('_', ' ')} {e.context} {e.note}", f"core, {e.status}") for e in core()]
    rows += [(r.key, "reference", f"{r.citation} | {r.title}", r.doi) for r in library.references]
    connection.executemany(f"INSERT INTO records({_FIELDS}) VALUES (?, ?, ?, ?)", rows)
    return connection


def search(library: Library, words: str, limit: int | None = 20) -> list[dict[str, str]]:
    """Records that contain all the words (a word may be the beginning of one), best first; all of them without a limit."""
    terms = [word.replace('"', "") for word in words.split()]
    query = " ".join(f'"{term}"*' for term in terms if term)
    if not query:
        return []
    found = _index(library).execute(f"SELECT {_FIELDS} FROM records WHERE records MATCH ? ORDER BY rank, id LIMIT ?", (query, _NO_LIMIT if limit is None else limit))
    return [{"id": i, "kind": kind, "text": text, "where": where} for i, kind, text, where in found]


def search_imports(words: str, limit: int) -> list[dict[str, str]]:
    """Imported rows that contain all the words, each table in turn, best first within a table."""
    terms = [word for word in (word.replace('"', "") for word in words.split()) if word]
    if not terms or limit <= 0:
        return []
    tables = [one for one in imported() if is_allowed(one.licence_class)]
    hits = [(one, store.search(one, terms, limit)) for one in tables]
    chosen = _in_turn([[(one, number) for number in numbers] for one, numbers in hits])[:limit]
    wanted: dict[str, list[int]] = {}
    for one, number in chosen:
        wanted.setdefault(one.folder, []).append(number)
    rows = {one.folder: dict(zip(wanted[one.folder], store.rows_at(one, wanted[one.folder]), strict=True)) for one in tables if one.folder in wanted}
    return [_shown(one, number, rows[one.folder][number]) for one, number in chosen]


def imported_row(name: str) -> dict[str, Any]:
    """An imported row by the id that a search gave it, like ``mirtarbase:5f3a12:42``.

    Raises
    ------
    UnknownName
        If no import has it.
    """
    importer, _, rest = name.partition(":")
    digest, _, number = rest.partition(":")
    for one in imported():
        if one.importer == importer and one.sha256.startswith(digest or "-") and number.isdigit() and int(number) < one.rows:
            row = store.rows_at(one, [int(number)])[0]
            return {"id": name, "kind": one.makes, **row, "from": f"{one.file} {one.release}".strip(), "terms": one.terms, "sha256": one.sha256}
    raise unknown_name("imported row", name, {f"{one.importer}:{one.sha256[:_SHORT]}:0" for one in imported()}, advice="`vesicle evidence search` finds rows by words.")


def _in_turn(lists: list[list[_Hit]]) -> list[_Hit]:
    """The first of each list, then the second of each, and so on."""
    longest = max(map(len, lists), default=0)
    return [found[n] for n in range(longest) for found in lists if n < len(found)]


def _shown(one: Imported, number: int, row: dict[str, Any]) -> dict[str, str]:
    text = " | ".join(f"{key} {value}" for key, value in row.items() if value not in ("", None))
    return {"id": f"{one.importer}:{one.sha256[:_SHORT]}:{number}", "kind": one.makes, "text": text, "where": f"{one.file} {one.release}".strip()}


def by_fields(library: Library, asked: Mapping[str, str]) -> list[Claim]:
    """Claims whose fields hold; see the module.

    Parameters
    ----------
    asked : field name -> words; the names are :data:`PLAIN`, the keys of :data:`SIGNED`, and ``sign``.

    Raises
    ------
    UnknownName
        For a field that claims do not have.
    """
    known = (*PLAIN, *SIGNED, "sign")
    for name in asked:
        if name not in known:
            raise unknown_name("field", name, known)
    return [claim for claim in library.claims if _holds(claim, asked)]


def _holds(claim: Claim, asked: Mapping[str, str]) -> bool:
    plain = all(asked[name].casefold() in getattr(claim, name).casefold() for name in PLAIN if name in asked)
    return plain and _signs_hold(claim, asked)


def _signs_hold(claim: Claim, asked: Mapping[str, str]) -> bool:
    sign = asked.get("sign")
    named = [name for name in SIGNED if name in asked]
    for name in named:
        found = {key.casefold(): value for key, value in claim.signed(SIGNED[name]).items()}.get(asked[name].casefold())
        if found is None or (sign is not None and found != sign):
            return False
    if sign is not None and not named:
        return any(sign in claim.signed(field).values() for field in SIGNED.values())
    return True
