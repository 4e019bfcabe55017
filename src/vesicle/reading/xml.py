"""XML of strangers, looked at before any parser that could fall over it.

A file passes when it is plain UTF-8 XML of bounded size and depth without a document type: no
entity can grow, nothing is fetched, and no parser behind this door recurses further than
``MAX_XML_DEPTH``. lxml reads it once as a stream; no tree is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from vesicle.errors import InputError, LimitError, SchemaError
from vesicle.reading.files import decode, read_bytes

MAX_XML_BYTES = 20_000_000
MAX_XML_DEPTH = 150
MAX_ELEMENTS = 2_000_000
_PIECE = 65_536
_PACKED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "ZIP", b"BZh": "bzip2", b"\xfd7zXZ": "xz"}
_DOCUMENT_TYPE = re.compile(r"<!(DOCTYPE|ENTITY)")
_ENCODING = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_WIDE = (b"<\0", b"\0<")
PLAIN_ENCODINGS = ("utf-8", "utf8", "us-ascii", "ascii")


@dataclass(frozen=True)
class Document:
    """A file that passed: its name, its bytes, and the name and namespace of its outermost element."""

    name: str
    raw: bytes
    root: str
    namespace: str


def looks_like_xml(path: Path) -> bool:
    """Whether a file is meant as XML by its name or its first bytes (a packed or UTF-16 one as well)."""
    if not path.is_file():
        return path.suffix.lower() in (".xml", ".sbml")
    if path.suffix.lower() in (".yaml", ".yml"):
        return False
    with path.open("rb") as stream:
        start = stream.read(64)
    if start.startswith((*_PACKED, b"\xff\xfe", b"\xfe\xff")) or start[:2] in _WIDE:
        return True
    return path.suffix.lower() in (".xml", ".sbml") or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def xml_document(path: Path) -> Document:
    """A file as checked XML.

    Raises
    ------
    InputError
        One sentence with file and line: larger than 20 MB, packed, not UTF-8, a document type or
        entities, nested too deeply, cut off or not well formed.
    """
    return xml_bytes(read_bytes(path, MAX_XML_BYTES), path.name)


def xml_bytes(raw: bytes, name: str) -> Document:
    """Checked XML from bytes; see :func:`xml_document`."""
    for start, kind in _PACKED.items():
        if raw.startswith(start):
            raise SchemaError(f"{name}:1: the file is packed ({kind}), expected plain XML. Unpack it first.")
    if raw[:2] in _WIDE:
        raise SchemaError(f"{name}:1: the file is UTF-16, expected UTF-8. Save it again as 'UTF-8'.")
    text = decode(raw, name)
    if not text.strip():
        raise SchemaError(f"{name}:1: the file is empty, expected XML. Save or load it again.")
    if not text.lstrip().startswith("<"):
        raise SchemaError(f"{name}:1: this is not XML: it starts with {text.lstrip()[:12]!r}, expected '<'. Check that the right file is named.")
    _refuse_encoding(text, name)
    _refuse_document_type(text, name)
    root, namespace = _streamed(raw, name)
    return Document(name, raw, root, namespace)


def _refuse_encoding(text: str, name: str) -> None:
    found = _ENCODING.match(text)
    if found and found.group(1).lower() not in PLAIN_ENCODINGS:
        raise SchemaError(f"{name}:1: the file says that its encoding is '{found.group(1)[:30]}', expected UTF-8. Save it again as 'UTF-8'.")


def _refuse_document_type(text: str, name: str) -> None:
    if found := _DOCUMENT_TYPE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise SchemaError(f"{name}:{line}: '{found.group(0)}' (a document type or entity) is not read here, because entities can grow without end. Remove it.")


def _streamed(raw: bytes, name: str) -> tuple[str, str]:
    """Read all of it piece by piece; the outermost element's name and namespace."""
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLPullParser(events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    depth = count = 0
    root = ""
    try:
        for start in range(0, len(raw), _PIECE):
            parser.feed(raw[start : start + _PIECE])
            for event, element in parser.read_events():
                if event == "end":
                    depth -= 1
                    element.clear()
                    continue
                depth, count = depth + 1, count + 1
                root = root or str(element.tag)
                if depth > MAX_XML_DEPTH:
                    raise LimitError(f"{name}:{element.sourceline}: elements are nested deeper than {MAX_XML_DEPTH} levels; write the formula flatter.")
                if count > MAX_ELEMENTS:
                    raise LimitError(f"{name}:{element.sourceline}: more than {MAX_ELEMENTS:,} elements; split the model.")
        parser.close()
    except etree.XMLSyntaxError as problem:
        first = next(iter(parser.feed_error_log), None)
        raise _malformed(problem.msg if first is None else first.message, (problem.lineno if first is None else first.line) or 1, name) from None
    namespace, _, local = root.rpartition("}")
    return local, namespace.lstrip("{")


def _malformed(said: str, line: int, name: str) -> InputError:
    words = said.split(", line ")[0].strip().rstrip(".")
    if "depth" in words.lower():
        return LimitError(f"{name}:{line}: elements are nested deeper than {MAX_XML_DEPTH} levels; write the formula flatter.")
    return SchemaError(f"{name}:{line}: this is not well-formed XML ({words}). The file may be cut off or damaged; load or save it again.")
