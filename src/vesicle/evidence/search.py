"""Ranked text search over claims and measurements (SQLite FTS5, in memory), and claims by field.

A field holds when it contains the asked words (case does not count). In the signed fields
(targets, pathways, phenotypes) a name must be equal, and ``sign`` asks for ``+``, ``-`` or ``0`` of that
name; without a name, of any.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Mapping

from vesicle.errors import unknown_name
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library

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
