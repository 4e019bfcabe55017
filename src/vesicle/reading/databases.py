"""Tables as databases publish them: large, compressed or not, with tabs, commas or blanks, streamed line by line.

A published table is less strict than our own (:mod:`vesicle.reading.rows`): columns that nobody asks for are not
looked at, Windows line ends and stray carriage returns at the end of a cell are dropped, and cells may stand in
quotes. What would lose or shift data is refused with its line: an open quote, a ragged row, a NUL byte, a
byte-order mark, UTF-16, a formula in a column that is used, a damaged archive, a line or a file beyond the limits.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NamedTuple

from vesicle.errors import InputError, LimitError, SchemaError, StoreError, nearest
from vesicle.reading.rows import MAX_CELL, SUSPECT, check_cell

MAX_TABLE_BYTES = 4_000_000_000  # unpacked
MAX_LINE = 2_000_000
MAX_SPANNED = 500  # lines of text inside one quoted cell
FORMULA = re.compile(r"[(|!]")
DELIMITERS = ("\t", ",", " ")


class Line(NamedTuple):
    """One line of a database: its number in the file and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Layout:
    """What a table may look like beside plain cells.

    Attributes
    ----------
    comment : lines before the header that begin so are skipped.
    spanning : whether a quoted cell may hold line ends.
    header : column names of a table that is published without a header line.
    """

    comment: str = ""
    spanning: bool = False
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A database table: its header, and its lines one after the other.

    Attributes
    ----------
    path : the file.
    header : the column names.
    delimiter : what stands between cells.
    layout : see :class:`Layout`.
    """

    path: Path
    header: tuple[str, ...]
    delimiter: str
    layout: Layout

    def lines(self, watch: Callable[[int], None] | None = None) -> Iterator[Line]:
        """All lines after the header; ``watch`` is told the bytes of the file read so far, now and then.

        Raises
        ------
        SchemaError, LimitError
            At the first line that does not hold, with its number.
        """
        width, name = len(self.header), self.path.name
        names = None  # R writes the row's name without a column name: in every row or in none
        for number, text in _records(self.path, self.layout, self.delimiter, watch):
            cells = _split(text, self.delimiter, f"{name}:{number}: ")
            if names is None:
                names = self.delimiter == " " and len(cells) == width + 1
            if names:
                del cells[0]
            if len(cells) != width:
                raise SchemaError(f"{name}:{number}: {len(cells)} cells, expected {width} as in the header; look for a missing or an extra delimiter, or a file that was cut off.")
            yield Line(number, cells)

    def chosen(self, wanted: Mapping[str, Sequence[str]], optional: Sequence[str] = (), watch: Callable[[int], None] | None = None) -> Iterator[tuple[int, list[str]]]:
        """Line number and the wanted cells, checked and stripped, in the order of ``wanted``.

        Parameters
        ----------
        wanted : field -> the column names it may have.
        optional : fields that may be missing; their cells are then empty.

        Raises
        ------
        SchemaError
            For a missing column or a cell that does not hold, with its place.
        """
        places = self._places(wanted, optional)
        for line in self.lines(watch):
            yield line.number, [self.cell(line, place) if place >= 0 else "" for place in places]

    def cell(self, line: Line, place: int) -> str:
        """One cell of a line, stripped and without outer quotes.

        Raises
        ------
        SchemaError, LimitError
            For an open quote, a formula or an over-long cell, with its place.
        """
        cell = line.cells[place].strip()
        if cell and (cell[0] in SUSPECT or len(cell) > MAX_CELL):
            return _checked(cell, self.delimiter, f"{self.path.name}:{line.number}: column '{self.header[place]}': ")
        return cell

    def column(self, names: Sequence[str]) -> int:
        """The place of a column by any of its names (capitals and outer blanks do not count), or -1."""
        found = {name.strip().casefold(): place for place, name in enumerate(self.header)}
        return next((found[name.casefold()] for name in names if name.casefold() in found), -1)

    def must_be_single(self, place: int) -> None:
        """Refuse a column whose name another one has too.

        Raises
        ------
        SchemaError
        """
        if sum(other.strip().casefold() == self.header[place].strip().casefold() for other in self.header) > 1:
            raise SchemaError(f"{self.path.name}:1: column '{self.header[place]}' stands twice, expected once. Remove or rename one.")

    def _places(self, wanted: Mapping[str, Sequence[str]], optional: Sequence[str]) -> list[int]:
        out = []
        for name, names in wanted.items():
            place = self.column(names)
            if place < 0 and name not in optional:
                shown = [name[:40] for name in self.header]  # what is no table may have a header of any length
                raise SchemaError(f"{self.path.name}:1: column '{names[0]}' is missing.{nearest(names[0], shown)} Found {len(shown)} columns: {', '.join(shown[:8])}.")
            if place >= 0:
                self.must_be_single(place)
            out.append(place)
        return out


def open_table(path: Path, layout: Layout = Layout()) -> Table:  # noqa: B008
    """A database table by its header line; the delimiter is a tab, a comma or (as R writes) a blank.

    Raises
    ------
    InputError
        If the file is missing, empty, or not a table, with its place.
    """
    if layout.header:
        return Table(path, layout.header, "\t", layout)
    for number, text in _records(path, Layout(layout.comment, layout.spanning, ("any",)), "", None):
        delimiter = next((d for d in DELIMITERS if d in text), "\t")
        if any("\r" in cell.strip('\r" ') for cell in text.split(delimiter)):
            raise SchemaError(f"{path.name}:{number}: the lines end as on an old Macintosh (CR), expected LF. Save the table with Unix line ends.")
        header = tuple(cell.strip().strip('"') for cell in _split(text, delimiter, f"{path.name}:{number}: "))
        return Table(path, header, delimiter, layout)
    raise SchemaError(f"{path.name}:1: the table is empty, expected a header line.")


def checksum(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with _opened(path, raw=True) as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _split(text: str, delimiter: str, where: str) -> list[str]:
    if delimiter == "\t" or '"' not in text:
        return text.split(delimiter)
    if "\r" in text:
        text = re.sub(f"\r+{delimiter}", delimiter, text).replace("\r", " ")
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration) as problem:
        raise SchemaError(f"{where}quotes do not pair up ({problem}); mend this line.") from None


def _checked(cell: str, delimiter: str, where: str) -> str:
    """A suspect cell without its outer quotes, or the reason why it is refused."""
    closed = delimiter != "\t"  # between commas the outer quotes are gone already, a mark that is left belongs to the text
    if not closed and len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell, closed = cell[1:-1].replace('""', '"').strip(), True
    is_text = cell.startswith(("'", '"') if closed else "'") or (cell.startswith("-") and not FORMULA.search(cell))  # '-mmu-miR-149-3p' stands in a published table
    if len(cell) > MAX_CELL or not is_text:
        check_cell(cell, where)
    return cell


def _opened(path: Path, raw: bool = False) -> IO[bytes]:
    try:
        if path.is_dir():
            raise InputError(f"{path}: this is a folder; expected a file. Name one file inside it.")
        with path.open("rb") as stream:
            packed = stream.read(2) == b"\x1f\x8b"
        return gzip.open(path, "rb") if packed and not raw else path.open("rb")  # type: ignore[return-value]
    except FileNotFoundError:
        raise InputError(f"{path}: no such file. Check the path.") from None
    except OSError as problem:
        raise StoreError(f"{path}: cannot be read ({problem.strerror}). Check its permissions.") from None


def _records(path: Path, layout: Layout, delimiter: str, watch: Callable[[int], None] | None) -> Iterator[tuple[int, str]]:
    """Number and text of each record; the header line, if there is one, is left out unless asked for by ``layout.header``."""
    lines = _text_lines(path, watch)
    is_header, is_started = not layout.header, False
    for number, text in lines:
        if not text or (layout.comment and not is_started and text.startswith(layout.comment)):
            continue
        is_started = True
        if text.count('"') % 2 and "\t" not in (delimiter or text):
            text = _spanned(number, text, lines, layout, path.name)
        if is_header:
            is_header = False
            continue
        yield number, text


def _spanned(number: int, text: str, lines: Iterator[tuple[int, str]], layout: Layout, name: str) -> str:
    """A record whose quoted cell goes on over the next lines."""
    parts = [text]
    if layout.spanning:
        for _, more in lines:
            parts.append(more)
            if more.count('"') % 2:
                return " ".join(parts)
            if len(parts) > MAX_SPANNED:
                break
    raise SchemaError(f"{name}:{number}: a quote is opened and not closed in {text[:40]!r}; close it or remove it, or the rows after it are lost.")


def _text_lines(path: Path, watch: Callable[[int], None] | None) -> Iterator[tuple[int, str]]:
    """Number and text of every line, within the limits."""
    number = total = 0
    name = path.name
    with _opened(path) as stream:
        try:
            while raw := stream.readline(MAX_LINE + 1):
                number += 1
                total += len(raw)
                if len(raw) > MAX_LINE:
                    raise LimitError(f"{name}:{number}: a line of more than {MAX_LINE:,} bytes; this is no table of a database.")
                if total > MAX_TABLE_BYTES:
                    raise LimitError(f"{name}:{number}: more than {MAX_TABLE_BYTES:,} bytes unpacked; split the file.")
                if watch and number % 20_000 == 0:
                    watch(_position(stream))
                yield number, _decoded(raw, name, number)
        except (EOFError, zlib.error, gzip.BadGzipFile) as problem:
            raise SchemaError(f"{name}:{number + 1}: the archive is damaged or cut off ({problem}); load it again.") from None


def _position(stream: IO[bytes]) -> int:
    return getattr(stream, "fileobj", stream).tell()  # type: ignore[no-any-return]


def _decoded(raw: bytes, name: str, number: int) -> str:
    if number == 1:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise SchemaError(f"{name}:1: the file is UTF-16, expected UTF-8. Save it again as 'UTF-8'.")
        if raw.startswith(b"\xef\xbb\xbf"):
            raise SchemaError(f"{name}:1: the file starts with a byte-order mark, expected plain UTF-8. Save it again as 'UTF-8 without BOM'.")
    if b"\0" in raw:
        raise SchemaError(f"{name}:{number}: a NUL byte, expected text. The file is damaged or not a text file.")
    try:
        return raw.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as problem:
        raise SchemaError(f"{name}:{number}: byte {raw[problem.start]:#04x} is not UTF-8. Save the file again as 'UTF-8'.") from None
