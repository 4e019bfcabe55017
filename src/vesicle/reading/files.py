"""Bytes and text of one file, with limits: what is missing, too large or no UTF-8 is refused by name."""

from __future__ import annotations

from pathlib import Path

from vesicle.errors import InputError, LimitError, SchemaError, StoreError

MAX_BYTES = 50_000_000


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
