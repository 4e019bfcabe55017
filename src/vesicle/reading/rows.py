"""Vesicle's own tables: tab-separated text with an exact header, LF line ends and no quotes.

Whatever a spreadsheet does to a table is refused with its place: quotes, formulas, a missing or
extra tab, Windows line ends, a repeated column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from vesicle.errors import LimitError, SchemaError, nearest
from vesicle.reading.files import MAX_BYTES, decode, read_bytes

MAX_CELL = 20_000
SUSPECT = frozenset("\"'=@+-")  # first characters of quotes and formulas


@dataclass(frozen=True)
class Row:
    """One line of a table: its place and its cells by column name."""

    file: str
    line: int
    cells: Mapping[str, str]

    @property
    def where(self) -> str:
        """``file:line: `` for the start of a message."""
        return f"{self.file}:{self.line}: "

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def rows(path: Path, columns: tuple[str, ...], limit: int = MAX_BYTES) -> list[Row]:
    """All rows of a tab-separated table with exactly these columns.

    Raises
    ------
    SchemaError
        For a missing, unknown or repeated column, a ragged row, an open quote, a formula
        cell or an over-long cell, with file, line and column.
    """
    return list(iter_rows(table_text(read_bytes(path, limit), path.name), path.name, columns))


def table_text(raw: bytes, name: str) -> str:
    """The text of a table of ours; Windows line ends are refused, because half of them are lost on the way back."""
    text = decode(raw, name)
    if b"\r" in raw:
        line = raw[: raw.index(b"\r")].count(b"\n") + 1
        raise SchemaError(f"{name}:{line}: the line ends as on Windows (CR LF), expected LF. Save the table with Unix line ends.")
    return text


def iter_rows(text: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    """Rows of tab-separated text; see :func:`rows`."""
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not lines:
        raise SchemaError(f"{name}:1: the table is empty, expected a header line with {len(columns)} columns.")
    header = lines[0].split("\t")
    _check_header(header, columns, name)
    for number, line in enumerate(lines[1:], start=2):
        cells = line.split("\t")
        if len(cells) != len(header):
            raise SchemaError(f"{name}:{number}: {len(cells)} cells, expected {len(header)}; look for a missing or an extra tab.")
        for column, cell in zip(header, cells, strict=True):
            if cell and (cell[0] in SUSPECT or len(cell) > MAX_CELL):
                check_cell(cell, f"{name}:{number}: column '{column}': ")
        yield Row(name, number, dict(zip(header, cells, strict=True)))


def _check_header(header: list[str], columns: tuple[str, ...], name: str) -> None:
    for column in header:
        if column not in columns:
            raise SchemaError(f"{name}:1: unknown column '{column[:40]}'.{nearest(column, columns)}")
        if header.count(column) > 1:
            raise SchemaError(f"{name}:1: column '{column}' stands twice, expected once. Remove one.")
    missing = [column for column in columns if column not in header]
    if missing:
        raise SchemaError(f"{name}:1: column '{missing[0]}' is missing; expected {len(columns)} columns: {', '.join(columns)}.")


def check_cell(cell: str, where: str) -> None:
    """Refuse a cell that is too long, opens a quote or holds a formula; ``where`` starts the message."""
    if len(cell) > MAX_CELL:
        raise LimitError(f"{where}{len(cell):,} characters, expected at most {MAX_CELL:,}.")
    if cell.startswith(('"', "'")) and not (len(cell) > 1 and cell.endswith(cell[0])):
        raise SchemaError(f"{where}a quote is opened and not closed in {cell[:30]!r}; cells carry no quotes, remove it.")
    if cell.startswith(("=", "@")) or re.match(r"[+-](?![\d.]+([eE][-+]?\d+)?$).", cell):
        raise SchemaError(f"{where}{cell[:30]!r} looks like a spreadsheet formula; write the value itself.")
