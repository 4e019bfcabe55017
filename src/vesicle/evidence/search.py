"""Ranked text search over claims and measurements (SQLite FTS5, in memory)."""

from __future__ import annotations

import functools
import sqlite3

from vesicle.evidence.library import Library

_FIELDS = "id, kind, text, where_"


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


def search(library: Library, words: str, limit: int = 20) -> list[dict[str, str]]:
    """Records that contain all the words (a word may be the beginning of one), best first."""
    terms = [word.replace('"', "") for word in words.split()]
    query = " ".join(f'"{term}"*' for term in terms if term)
    if not query:
        return []
    found = _index(library).execute(f"SELECT {_FIELDS} FROM records WHERE records MATCH ? ORDER BY rank, id LIMIT ?", (query, limit))
    return [{"id": i, "kind": kind, "text": text, "where": where} for i, kind, text, where in found]
