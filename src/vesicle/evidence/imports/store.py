"""The user's imported tables: written whole or not at all, with checksums, and found again.

Each import is a folder ``evidence/imports/NAME/HASH`` in the user's data folder (:mod:`vesicle.home`) with

- ``rows.parquet``: the normalised rows of one kind;
- ``words.sqlite``: an index of their words (SQLite FTS5), for kinds that are searched;
- ``source.json``: file, SHA-256, release, terms, number of rows, when.

The folder is written under a temporary name and renamed, so that an import that fails or is stopped leaves nothing. The hash is that of the file's bytes and
of this format; the same file is imported once. Of several imports by one importer with the same file name the last one holds.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vesicle import reading
from vesicle.errors import InputError, SchemaError, StoreError, UnsupportedFeature, unknown_name
from vesicle.evidence.imports.base import INTEGER, KINDS, NUMBER, Cells, Importer, Kind, Watch
from vesicle.evidence.imports.registry import all_importers
from vesicle.evidence.sources import permissive_only
from vesicle.home import home

FORMAT = 2
CHUNK = 50_000
ROWS, WORDS, SOURCE = "rows.parquet", "words.sqlite", "source.json"
FEW = 2_000  # more hits than these are not ranked


@dataclass(frozen=True)
class Imported:
    """One imported table.

    Attributes
    ----------
    importer, makes : the format, and the kind of its rows.
    file, sha256, release : what was read, and the release as the user named it.
    licence_class, terms : what the database allows.
    rows : number of rows.
    utc : when.
    folder : where it lies.
    """

    importer: str
    makes: str
    file: str
    sha256: str
    release: str
    licence_class: str
    terms: str
    rows: int
    utc: str
    folder: str

    @property
    def parquet(self) -> Path:
        """The normalised rows."""
        return Path(self.folder) / ROWS

    @property
    def words(self) -> Path:
        """The index of words; may not exist."""
        return Path(self.folder) / WORDS


def imports_folder() -> Path:
    """Where imports lie."""
    return home() / "evidence" / "imports"


def find_importer(name: str) -> Importer:
    """An importer by name.

    Raises
    ------
    UnknownName
        With the nearest one.
    """
    known = all_importers()
    if name not in known:
        raise unknown_name("database", name, known, advice="`vesicle evidence sources` lists all that can be imported.")
    return known[name]


def import_table(name: str, path: Path, release: str = "", watch: Watch | None = None) -> Imported:
    """Read a database table into the user's data folder.

    Parameters
    ----------
    name : the importer.
    release : the database's own version, as the user knows it; free text.
    watch : told the bytes read so far, and all of them when the import is finished.

    Raises
    ------
    InputError
        If the file does not hold; then nothing was imported.
    StoreError
        If the folder cannot be written.
    """
    importer = find_importer(name)
    if permissive_only():
        raise UnsupportedFeature(
            f"{path.name}: names cannot be normalised with permissive tables only; import without --permissive-only (or VESICLE_PERMISSIVE_ONLY), then set it again."
        )
    table = reading.open_table(path, importer.layout)
    digest = reading.checksum(path)
    place = imports_folder() / importer.name / f"{digest[:12]}-{FORMAT}"
    if (place / SOURCE).exists():
        return _again(place, path.name, release)
    kind = KINDS[importer.makes]
    scratch = _scratch(place.parent)
    try:
        rows = _write_rows(scratch, kind, importer.rows(table, watch))
        if rows == 0:
            raise SchemaError(f"{path.name}: no row can be used as {importer.title}; expected human {kind.name.replace('_', ' ')} rows. Check the file.")
        made = Imported(importer.name, importer.makes, path.name, digest, release, importer.licence_class, importer.terms, rows, _now(), str(place))
        (scratch / SOURCE).write_text(json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(scratch, place)
    except (OSError, sqlite3.Error) as problem:
        raise _unwritten(place, problem) from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if watch:
        watch(path.stat().st_size)
    return made


def imported(makes: str = "") -> list[Imported]:
    """Every import, of one kind or of all, the last one of each importer and file name, by importer and file."""
    found: dict[tuple[str, str], Imported] = {}
    for source in sorted(imports_folder().glob(f"*/[!.]*/{SOURCE}")):
        one = _read(source.parent)
        if makes and one.makes != makes:
            continue
        key = (one.importer, one.file)
        if key not in found or one.utc >= found[key].utc:
            found[key] = one
    return [found[key] for key in sorted(found)]


def forget(name: str) -> int:
    """Remove every import of one importer; how many there were.

    Raises
    ------
    UnknownName
        If there is no such importer.
    """
    folder = imports_folder() / find_importer(name).name
    count = len(list(folder.glob(f"*/{SOURCE}")))
    _opened.cache_clear()
    if folder.exists():
        shutil.rmtree(folder)
    return count


def search(one: Imported, words: Sequence[str], limit: int) -> list[int]:
    """Numbers of the rows that contain all the words (a word may be the beginning of one), best first.

    Very many hits are not ranked: they come in the order of the table.
    """
    if not one.words.exists():
        return []
    query = " ".join(f'"{word}"*' for word in words)
    index = _opened(str(one.words))
    hits = [row for (row,) in index.execute("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (query, FEW + 1))]
    if len(hits) <= FEW:
        hits = [row for (row,) in index.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?", (query, limit))]
    return hits[:limit]


def rows_at(one: Imported, numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Rows by their numbers, in the order asked for."""
    listed = ", ".join(str(int(number)) for number in numbers)
    columns = list(KINDS[one.makes].columns)
    chosen = f"SELECT file_row_number, {', '.join(columns)} FROM read_parquet(?, file_row_number=true) WHERE file_row_number IN ({listed})"
    found = {number: dict(zip(columns, cells, strict=True)) for number, *cells in tables().execute(chosen, [str(one.parquet)]).fetchall()}
    return [found[number] for number in numbers]


@functools.cache
def tables() -> Any:
    """The connection by which tables are asked (DuckDB, in memory)."""
    import atexit

    import duckdb

    atexit.register(tables.cache_clear)  # the connection must go before the interpreter does
    return duckdb.connect()


@functools.lru_cache(maxsize=64)
def _opened(path: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, check_same_thread=False)


def _scratch(parent: Path) -> Path:
    try:
        parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".unfinished-", dir=parent))
    except OSError as problem:
        raise StoreError(f"{parent}: cannot be written ({problem.strerror}). Set VESICLE_HOME to a folder of yours.") from None


def _write_rows(folder: Path, kind: Kind, rows: Iterator[Cells]) -> int:
    """Write rows and their words in chunks; how many there were."""
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    types = {INTEGER: arrow.int32(), NUMBER: arrow.float64()}
    schema = arrow.schema([(name, types.get(what, arrow.string())) for name, what in kind.columns.items()])
    places = [list(kind.columns).index(name) for name in kind.indexed]
    index = _index(folder / WORDS) if places else None
    count = 0
    with contextlib.closing(index) if index else contextlib.nullcontext(), parquet.ParquetWriter(folder / ROWS, schema, compression="zstd") as writer:
        for chunk in _chunks(rows):
            columns = list(zip(*chunk, strict=True))
            writer.write_table(arrow.table([arrow.array(cells, type=field.type) for cells, field in zip(columns, schema, strict=True)], schema=schema))
            if index:
                index.executemany("INSERT INTO words(rowid, text) VALUES (?, ?)", ((count + n, _words(row, places)) for n, row in enumerate(chunk)))
            count += len(chunk)
        if index:
            index.commit()
    return count


def _chunks(rows: Iterator[Cells]) -> Iterator[list[Cells]]:
    import itertools

    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk


def _index(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("CREATE VIRTUAL TABLE words USING fts5(text, content='', prefix='3', tokenize='unicode61 tokenchars ''-''')")
    return connection


def _words(row: Cells, places: Iterable[int]) -> str:
    """The words of a row; a human miRNA is also found without its species."""
    text = " ".join(dict.fromkeys(word for place in places for word in str(row[place] or "").split()))
    return text + " " + " ".join(re.findall(r"hsa-(\S+)", text)) if "hsa-" in text else text


def _read(folder: Path) -> Imported:
    path = folder / SOURCE
    try:
        return Imported(**{**json.loads(reading.read_text(path)), "folder": str(folder)})
    except (ValueError, TypeError):
        raise InputError(f"{path}: this is no import of Vesicle or it is damaged. Remove the folder {folder} and import the table again.") from None


def _again(folder: Path, file: str, release: str) -> Imported:
    """An import that is asked for again counts as the last one, under the name and release that were given now."""
    one = replace(_read(folder), file=file, utc=_now())
    one = replace(one, release=release) if release else one
    scratch = folder / f".{SOURCE}"
    try:
        scratch.write_text(json.dumps(asdict(one), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        os.replace(scratch, folder / SOURCE)
    except OSError as problem:
        raise _unwritten(folder, problem) from None
    finally:
        scratch.unlink(missing_ok=True)
    return one


def _unwritten(folder: Path, problem: Exception) -> StoreError:
    return StoreError(f"{folder}: cannot be written ({getattr(problem, 'strerror', None) or problem}). Free some space or set VESICLE_HOME to another folder.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
