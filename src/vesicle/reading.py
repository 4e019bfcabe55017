"""The one door for strangers' files: bytes, text, rows and YAML trees, each with limits.

Nothing here knows what a file means; it only makes sure that what comes in is finite, text,
well formed and located, so that the room that owns the meaning can complain about a line.
YAML is read as YAML 1.2: every scalar stays text until a field asks for a number, so ``no``
is text, ``1_000`` is not a number, and a date is not a date. Anchors, aliases, tags and
duplicate keys are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vesicle.errors import InputError, LimitError, SchemaError, StoreError

MAX_BYTES = 50_000_000
MAX_YAML_BYTES = 2_000_000
MAX_DEPTH = 20
MAX_CELL = 20_000


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The content of a file, refused when it is missing, a folder, or larger than ``limit`` bytes."""
    try:
        if path.is_dir():
            raise InputError(f"{path}: this is a folder; expected a file. Name one file inside it.")
        size = path.stat().st_size
        if size > limit:
            raise LimitError(f"{path}: {size:,} bytes, expected at most {limit:,}. Split the file or keep only the rows that are needed.")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Check the path{_sibling(path)}.") from None
    except OSError as problem:
        raise StoreError(f"{path}: cannot be read ({problem.strerror}). Check its permissions.") from None


def _sibling(path: Path) -> str:
    """The nearest file name in the same folder, as a hint."""
    import difflib

    if not path.parent.is_dir():
        return f"; the folder {path.parent} does not exist either"
    close = difflib.get_close_matches(path.name, [p.name for p in path.parent.iterdir()], n=1)
    return f"; did you mean '{close[0]}'?" if close else ""


def read_text(path: Path, limit: int = MAX_BYTES) -> str:
    """UTF-8 text with line ends as LF; a BOM, UTF-16 and NUL bytes are refused by name."""
    return decode(read_bytes(path, limit), str(path))


def decode(raw: bytes, name: str) -> str:
    """Bytes as UTF-8 text; see :func:`read_text`."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SchemaError(f"{name}:1: the file is UTF-16, expected UTF-8. Save it again as 'UTF-8'.")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise SchemaError(f"{name}:1: the file starts with a byte-order mark, expected plain UTF-8. Save it again as 'UTF-8 without BOM'.")
    if b"\0" in raw:
        line = raw[: raw.index(b"\0")].count(b"\n") + 1
        raise SchemaError(f"{name}:{line}: a NUL byte, expected text. The file is damaged or not a text file.")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise SchemaError(f"{name}:{line}: byte {raw[problem.start]:#04x} is not UTF-8. Save the file again as 'UTF-8'.") from None
    return text.replace("\r\n", "\n")


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
    return list(iter_rows(read_text(path, limit), path.name, columns))


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
            _check_cell(cell, f"{name}:{number}: column '{column}': ")
        yield Row(name, number, dict(zip(header, cells, strict=True)))


def _check_header(header: list[str], columns: tuple[str, ...], name: str) -> None:
    from vesicle.errors import nearest

    for column in header:
        if column not in columns:
            raise SchemaError(f"{name}:1: unknown column '{column}'.{nearest(column, columns)}")
        if header.count(column) > 1:
            raise SchemaError(f"{name}:1: column '{column}' stands twice, expected once. Remove one.")
    missing = [column for column in columns if column not in header]
    if missing:
        raise SchemaError(f"{name}:1: column '{missing[0]}' is missing; expected {len(columns)} columns: {', '.join(columns)}.")


def _check_cell(cell: str, where: str) -> None:
    if len(cell) > MAX_CELL:
        raise LimitError(f"{where}{len(cell):,} characters, expected at most {MAX_CELL:,}.")
    if cell.startswith(('"', "'")) and not (len(cell) > 1 and cell.endswith(cell[0])):
        raise SchemaError(f"{where}a quote is opened and not closed in {cell[:30]!r}; cells carry no quotes, remove it.")
    if cell.startswith(("=", "@")) or re.match(r"[+-](?![\d.]+([eE][-+]?\d+)?$).", cell):
        raise SchemaError(f"{where}{cell[:30]!r} looks like a spreadsheet formula; write the value itself.")


@dataclass(frozen=True)
class Node:
    """A place in a YAML tree: a scalar's text, a list or a mapping, with line and column (1-based)."""

    file: str
    line: int
    column: int
    text: str | None = None
    quoted: bool = False
    items: tuple[Node, ...] | None = None
    entries: Mapping[str, Node] | None = None
    key_lines: Mapping[str, int] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """``file:line: `` for the start of a message."""
        return f"{self.file}:{self.line}: "

    def plain(self) -> Any:
        """The tree as dicts, lists and text (``null`` and an empty scalar become None)."""
        if self.entries is not None:
            return {key: child.plain() for key, child in self.entries.items()}
        if self.items is not None:
            return [child.plain() for child in self.items]
        if not self.quoted and self.text in ("", "~", "null", "Null", "NULL"):
            return None
        return self.text

    def at(self, path: tuple[str | int, ...]) -> Node:
        """The deepest node that exists along a path of keys and positions."""
        node = self
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node = child
        return node


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(step, int) and node.items is not None and 0 <= step < len(node.items):
        return node.items[step]
    if node.entries is not None:
        return node.entries.get(str(step))
    return None


def yaml_tree(path: Path) -> Node:
    """A YAML 1.2 file as a located tree of text; nothing is coerced.

    Raises
    ------
    SchemaError
        For anything that is not one plain document: anchors, aliases, tags, duplicate keys,
        keys that are not text, a second document, bad syntax; with file and line.
    """
    return yaml_text(read_text(path, MAX_YAML_BYTES), path.name)


def yaml_text(text: str, name: str) -> Node:
    """A YAML tree from text; see :func:`yaml_tree`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    parser = YAML(typ="safe", pure=True)
    parser.version = (1, 2)  # type: ignore[assignment]
    try:
        roots = list(parser.compose_all(text)) if hasattr(parser, "compose_all") else [parser.compose(text)]
    except MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = (mark.line + 1) if mark else 1
        raise SchemaError(f"{name}:{line}: this is not YAML: {str(problem.problem or problem.context).strip()}. Check indentation, colons and quotes.") from None
    except (YAMLError, RecursionError, ValueError) as problem:
        raise SchemaError(f"{name}:1: this is not YAML ({type(problem).__name__}).") from None
    if len(roots) != 1 or roots[0] is None:
        raise SchemaError(f"{name}:1: {len(roots)} documents, expected exactly one with content.")
    _refuse_anchors(text, name, parser)
    root = _node(roots[0], name, 0)
    if root.text == "" and not root.quoted:
        raise SchemaError(f"{name}:1: the document is empty, expected keys and values.")
    return root


def _refuse_anchors(text: str, name: str, parser: Any) -> None:
    from ruamel.yaml.events import AliasEvent

    for event in parser.parse(text):
        if getattr(event, "tag", None) is not None:
            raise SchemaError(f"{name}:{event.start_mark.line + 1}: tags ('!...') are not read here; write plain text or a number.")
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            line = event.start_mark.line + 1
            raise SchemaError(f"{name}:{line}: anchors and aliases ('&', '*') are not read here; write the value out.")


def _node(raw: Any, name: str, depth: int) -> Node:
    from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

    line, column = raw.start_mark.line + 1, raw.start_mark.column + 1
    if depth > MAX_DEPTH:
        raise LimitError(f"{name}:{line}: nested deeper than {MAX_DEPTH} levels.")
    if isinstance(raw, ScalarNode):
        return Node(name, line, column, text=str(raw.value), quoted=raw.style in ("'", '"'))
    if isinstance(raw, SequenceNode):
        return Node(name, line, column, items=tuple(_node(child, name, depth + 1) for child in raw.value))
    assert isinstance(raw, MappingNode)
    entries: dict[str, Node] = {}
    key_lines: dict[str, int] = {}
    for key, value in raw.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            raise SchemaError(f"{name}:{key_line}: a key must be text, not a list or a mapping.")
        word = str(key.value)
        if word == "<<":
            raise SchemaError(f"{name}:{key_line}: merge keys ('<<') are not read here; write the keys out.")
        if word in entries:
            raise SchemaError(f"{name}:{key_line}: the key '{word}' stands twice (first on line {key_lines[word]}); keep one.")
        entries[word] = _node(value, name, depth + 1)
        key_lines[word] = key_line
    return Node(name, line, column, entries=entries, key_lines=key_lines)
