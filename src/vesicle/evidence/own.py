"""The user's own records and what imported notices change: the library that every command uses.

Own claims, references and measurements lie in the user's data folder in the same tables as the shipped ones. They are added whole or not at all. Their ids
are the user's (``U-0001``); an id of the shipped records cannot be taken, and an id once used stands for the same record for ever.
"""

from __future__ import annotations

import functools
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from vesicle import reading
from vesicle.errors import InputError, SchemaError, StoreError, unknown_name
from vesicle.evidence import claim as claims_format
from vesicle.evidence import measurement as measurements_format
from vesicle.evidence.library import Library, kind_of, read_table, shipped
from vesicle.evidence.retractions import marked, notices
from vesicle.home import home

KINDS = {
    "claims": claims_format.COLUMNS,
    "references": claims_format.REFERENCE_COLUMNS,
    "measurements": measurements_format.COLUMNS,
}
SHIPPED_LETTERS = ("C-", "M-", "E-")
FIRST = "U-0001"


def folder() -> Path:
    """Where own records lie; may not exist."""
    return home() / "evidence"


def current() -> Library:
    """Shipped and own records together, with imported notices on the references."""
    state = tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in _files())
    return _current(str(folder()), state)


@functools.lru_cache(maxsize=4)
def _current(place: str, state: tuple[tuple[str, int, int], ...]) -> Library:
    base = shipped()
    if not state:
        return base
    own = {kind: read_table(path, kind) for kind in KINDS if (path := Path(place) / f"{kind}.tsv").exists()}
    library = replace(base, **{kind: (*getattr(base, kind), *records) for kind, records in own.items()})  # type: ignore[arg-type]
    _refuse_taken(base, own)
    library = marked(library, notices())
    return library if library == base else replace(library, content=_content(library))


def _files() -> list[Path]:
    from vesicle.evidence.imports.store import imported

    return [path for kind in KINDS if (path := folder() / f"{kind}.tsv").exists()] + [one.parquet for one in imported("retraction")]


def _content(library: Library) -> str:
    records = (library.content, library.claims[len(shipped().claims) :], library.measurements[len(shipped().measurements) :], library.references)
    return hashlib.sha256(repr(records).encode()).hexdigest()[:16]


def _refuse_taken(base: Library, own: Mapping[str, Sequence[Any]]) -> None:
    for kind, records in own.items():
        for record in records:
            name = record.key if kind == "references" else record.id
            if name in base.by_id or (kind != "references" and name.startswith(SHIPPED_LETTERS)):
                raise SchemaError(f"{kind}.tsv: the id '{name}' belongs to the shipped records; ids are never reused. Give your own record one like '{FIRST}'.")


def import_records(path: Path) -> dict[str, Any]:
    """Add a table of own claims, references or measurements, whole or not at all.

    Rows that are already there, cell for cell, are left as they are.

    Returns
    -------
    ``kind``, ``added``, ``already_there``, ``file``.

    Raises
    ------
    InputError
        At the first row that does not hold, with its place; then nothing was added.
    """
    kind = kind_of(path)
    columns = KINDS[kind]
    read_table(path, kind)
    rows = [dict(row.cells) for row in reading.rows(path, columns)]
    return {"kind": kind, **_append(kind, rows), "file": str(path)}


def add_claim(fields: Mapping[str, str]) -> dict[str, Any]:
    """Add one own claim from its fields; its id is the next free one unless it is given.

    Raises
    ------
    UnknownName
        For a field that claims do not have.
    InputError
        If the claim does not hold.
    """
    for name in fields:
        if name not in claims_format.COLUMNS:
            raise unknown_name("field", name, claims_format.COLUMNS)
    defaults = {"setting": "review_statement", "mismatch_kind": "unchecked", "checked_how": "not_checked"}
    cells = {**dict.fromkeys(claims_format.COLUMNS, ""), **defaults, **fields}
    cells["id"] = cells["id"] or _next_id()
    for name, cell in cells.items():
        if "\t" in cell or "\n" in cell or "\r" in cell:
            raise SchemaError(f"field '{name}': a tab or a line end in {cell[:30]!r}; write it on one line without tabs.")
    claims_format.claim(reading.Row("the new claim", 1, cells))
    _append("claims", [cells])
    return cells


def _next_id() -> str:
    numbers = [int(c.id[2:]) for c in current().claims if c.id.startswith("U-") and c.id[2:].isdigit()]
    return f"U-{max(numbers, default=0) + 1:04d}"


def _append(kind: str, rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Write the own table with the new rows under a temporary name, check it as a whole, and rename it."""
    path, columns = folder() / f"{kind}.tsv", KINDS[kind]
    key = columns[0]
    before = [dict(row.cells) for row in reading.rows(path, columns)] if path.exists() else []
    known = {row[key]: row for row in before}
    new = []
    for row in rows:
        if row[key] in known and known[row[key]] != dict(row):
            raise SchemaError(f"the id '{row[key]}' stands for another record of yours; ids are never reused, give the new record a new one.")
        if row[key] not in known:
            new.append(row)
    text = "\n".join("\t".join(row[column] for column in columns) for row in ({c: c for c in columns}, *before, *new)) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{kind}-", suffix=".tsv", dir=path.parent)
    except OSError as problem:
        raise StoreError(f"{path.parent}: cannot be written ({problem.strerror}). Set VESICLE_HOME to a folder of yours.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        _refuse_taken(shipped(), {kind: read_table(Path(scratch), kind)})
        os.replace(scratch, path)
    except InputError as problem:
        raise type(problem)(str(problem).replace(Path(scratch).name, path.name)) from None
    finally:
        Path(scratch).unlink(missing_ok=True)
    return {"added": len(new), "already_there": len(rows) - len(new)}
