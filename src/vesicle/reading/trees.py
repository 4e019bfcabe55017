"""YAML 1.2 as a located tree of text.

Every scalar stays text until a field asks for a number, so ``no`` is text, ``1_000`` is not a
number, and a date is not a date. Anchors, aliases, tags and duplicate keys are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vesicle.errors import LimitError, SchemaError
from vesicle.reading.files import read_text

MAX_YAML_BYTES = 2_000_000
MAX_DEPTH = 20


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
