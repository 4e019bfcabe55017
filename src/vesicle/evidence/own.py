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
    for kind, records in own.items():
        for record in records:
            _refuse_taken(kind, record.key if kind == "references" else record.id, f"{kind}.tsv: ")
    library = marked(library, notices())
    return library if library == base else replace(library, content=_content(library))


def _files() -> list[Path]:
    from vesicle.evidence.imports.store import imported

    return [path for kind in KINDS if (path := folder() / f"{kind}.tsv").exists()] + [one.parquet for one in imported("retraction")]


def _content(library: Library) -> str:
    records = (library.content, library.claims[len(shipped().claims) :], library.measurements[len(shipped().measurements) :], library.references)
    return hashlib.sha256(repr(records).encode()).hexdigest()[:16]


def _refuse_taken(kind: str, name: str, where: str) -> None:
    if name in shipped().by_id or (kind != "references" and name.startswith(SHIPPED_LETTERS)):
        raise SchemaError(f"{where}the id '{name}' belongs to the shipped records; ids are never reused. Give your own record one like '{FIRST}'.")


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
    if not read_table(path, kind):
        raise SchemaError(f"{path.name}:1: a header line without a record, expected at least one. Check the file.")
    return {"kind": kind, **_append(kind, reading.rows(path, columns)), "file": str(path)}


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
    row = reading.Row("the new claim", 1, cells)
    claims_format.claim(row)
    _append("claims", [row])
    return cells


def _next_id() -> str:
    numbers = [int(name[2:]) for name in current().by_id if name.startswith("U-") and name[2:].isdecimal()]
    return f"U-{max(numbers, default=0) + 1:04d}"


def _own_rows(kind: str) -> list[reading.Row]:
    path = folder() / f"{kind}.tsv"
    return reading.rows(path, KINDS[kind]) if path.exists() else []


def _append(kind: str, rows: Sequence[reading.Row]) -> dict[str, int]:
    """Write the own table with the new rows under a temporary name, check it as a whole, and rename it."""
    path, columns = folder() / f"{kind}.tsv", KINDS[kind]
    key = columns[0]
    before = _own_rows(kind)
    known = {row[key]: row for row in before}
    others = {row[KINDS[other][0]] for other in KINDS if other != kind for row in _own_rows(other)}
    new = []
    for row in rows:
        name = row[key]
        _refuse_taken(kind, name, row.where)
        if name in others or known.get(name, row).cells != row.cells:
            raise SchemaError(f"{row.where}the id '{name}' stands for another record of yours; ids are never reused, give the new record a new one.")
        if name not in known:
            new.append(row)
    text = "\n".join("\t".join(row[column] for column in columns) for row in ({c: c for c in columns}, *(row.cells for row in (*before, *new)))) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=f".{kind}-", suffix=".tsv", dir=path.parent)
    except OSError as problem:
        raise StoreError(f"{path.parent}: cannot be written ({problem.strerror}). Set VESICLE_HOME to a folder of yours.") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        read_table(Path(scratch), kind)
        os.replace(scratch, path)
    except InputError as problem:
        raise type(problem)(str(problem).replace(Path(scratch).name, path.name)) from None
    except OSError as problem:
        raise StoreError(f"{path}: cannot be written ({problem.strerror or problem}). Free some space or set VESICLE_HOME to another folder.") from None
    finally:
        Path(scratch).unlink(missing_ok=True)
    return {"added": len(new), "already_there": len(rows) - len(new)}
