"""Measured courses over time from a stranger's table: one row per subject and time, with tabs or commas.

    arm  subject  observable  time [d]  value [mm3]  censored  sd

Only a time and a value are demanded. A unit stands behind the column's name (``time [d]``, ``time_d``, ``volume_mm3``), in a column of its own
(``time_unit``, ``unit``), or is given by the caller; a column named ``day`` is in days. A number without any of them is refused. Other
words for the columns, as public tables have them, are in ``COLUMNS``. ``censored`` is empty, ``below`` or ``above``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from vesicle import units
from vesicle.errors import SchemaError, UnitError, nearest, unknown_name
from vesicle.inference.courses import ABOVE, BELOW, EXACT, Course, Courses
from vesicle.reading import Line, Table, checksum, open_table

COLUMNS = {
    "subject": ("subject", "animal", "mouse", "animal_id", "mouse_id", "model_id", "id"),
    "arm": ("arm", "group", "treatment_group", "treatment", "drug"),
    "observable": ("observable", "readout"),
    "time_unit": ("time_unit",),
    "unit": ("unit", "value_unit"),
    "censored": ("censored", "censoring"),
    "sd": ("sd",),
}
"""What a column means -> the words for it, in order of preference."""
TIMES = ("time", "day", "days", "t")
VALUES = ("value", "tumour_volume", "tumor_volume", "tumorvolume", "tumourvolume", "volume", "size")
SPELLED = {"day": "d", "days": "d", "hours": "h", "hour": "h"}
KINDS = {"": EXACT, "no": EXACT, "0": EXACT, "below": BELOW, "left": BELOW, "above": ABOVE, "right": ABOVE}
MOST_ROWS = 200_000


@dataclass(frozen=True)
class _Head:
    """Which column holds the numbers, and the unit that its name or the caller gives."""

    place: int
    column: str
    unit: str


Key = tuple[str, str, str]
"""Arm, subject and observable of a course."""


@dataclass
class _Values:
    """The values of one course as they stand in the table: where, and time, value, kind and standard deviation."""

    where: list[str] = field(default_factory=list)
    numbers: list[tuple[float, float, int, float]] = field(default_factory=list)
    lines: dict[float, int] = field(default_factory=dict)
    """Time -> the line that gave it."""

    def add(self, numbers: tuple[float, float, int, float], line: int, where: str, key: Key, shown: str) -> None:
        """One more value; a time that is there already is refused."""
        if (same := self.lines.setdefault(numbers[0], line)) != line:
            who = f"subject '{key[1]}'" if key[1] else f"arm '{key[0]}'"
            raise SchemaError(f"{where}{who} has the time {shown} already in line {same}; expected one value per time. Name the subjects apart, or keep one value.")
        self.where.append(where)
        self.numbers.append(numbers)


@dataclass(frozen=True)
class _Columns:
    """A table whose columns are known, and the units that its numbers are converted to."""

    table: Table
    time: _Head
    value: _Head
    places: Mapping[str, int]
    time_unit: str
    value_unit: str
    value_units: Mapping[str, str] | None

    def cell(self, line: Line, meaning: str) -> str:
        """What a column of that meaning holds; empty where there is no such column."""
        place = self.places[meaning]
        return self.table.cell(line, place) if place >= 0 else ""

    def key(self, line: Line) -> Key:
        """The course that a line belongs to."""
        return self.cell(line, "arm"), self.cell(line, "subject"), self.cell(line, "observable")

    def numbers(self, line: Line, where: str) -> tuple[float, float, int, float]:
        """Time, value, kind and standard deviation of a line, converted."""
        unit = self.cell(line, "unit")
        at = _number(self.table.cell(line, self.time.place), self.time, self.cell(line, "time_unit"), self.time_unit, where)
        wanted = _unit_of(self.cell(line, "observable"), self.value_units, self.value_unit, where)
        text = self.table.cell(line, self.value.place)
        number = _number(text, self.value, unit, wanted, where)
        if number < 0:
            raise SchemaError(f"{where}column '{self.value.column}': {text} is negative, expected 0 or more; write what was not detected as its limit, with 'below' in 'censored'.")
        kind = _kind(self.cell(line, "censored"), where)
        return at, number, kind, _sd(self.cell(line, "sd"), self.places["sd"] >= 0, self.value, unit, wanted, where)


def read_courses(
    path: Path, time_unit: str, value_unit: str, *, given_time_unit: str = "", given_value_unit: str = "", value_units: Mapping[str, str] | None = None, arms: Sequence[str] = ()
) -> Courses:
    """The courses of a table, converted.

    Parameters
    ----------
    time_unit, value_unit : what times and values are converted to.
    given_time_unit, given_value_unit : units that the caller states for columns that state none.
    value_units : observable -> unit, where each observable has one of its own; then the table needs the column ``observable`` and ``value_unit`` is not used.
    arms : the arms that are read, all by default; rows of others are not looked at.

    Raises
    ------
    SchemaError, UnitError, UnknownName
        With file, line and column.
    """
    columns = _columns(path, time_unit, value_unit, given_time_unit, given_value_unit, value_units)
    name = path.name
    found: dict[Key, _Values] = {}
    others: set[str] = set()
    for count, line in enumerate(columns.table.lines(), start=1):
        if count > MOST_ROWS:
            raise SchemaError(f"{name}:{line.number}: more than {MOST_ROWS:,} rows; a fit needs none of that size, keep the arms that are asked.")
        key = columns.key(line)
        others.add(key[0])
        if arms and key[0] not in arms:
            continue
        where = f"{name}:{line.number}: "
        numbers = columns.numbers(line, where)
        found.setdefault(key, _Values()).add(numbers, line.number, where, key, columns.table.cell(line, columns.time.place))
    for arm in arms:
        if arm not in others:
            raise unknown_name("arm", arm, others, name)
    if not found:
        raise SchemaError(f"{name}:1: the table has no rows below its header; expected one row per subject and time.")
    courses = tuple(_course(key, values) for key, values in found.items())
    return Courses(name, checksum(path), time_unit, "" if value_units is not None else value_unit, courses)


def _columns(path: Path, time_unit: str, value_unit: str, given_time: str, given_value: str, value_units: Mapping[str, str] | None) -> _Columns:
    """Open a table and find its columns."""
    table, name = open_table(path), path.name
    time = _head(table.header, TIMES, given_time, name, "time")
    value = _head(table.header, VALUES, given_value, name, "value")
    places = {meaning: table.column(words) for meaning, words in COLUMNS.items()}
    for place in (time.place, value.place, *(place for place in places.values() if place >= 0)):
        table.must_be_single(place)
    if value_units is not None and places["observable"] < 0:
        raise SchemaError(f"{name}:1: column 'observable' is missing; expected the name of a readout in every row, such as {', '.join(list(value_units)[:4])}.")
    return _Columns(table, time, value, places, time_unit, value_unit, value_units)


def _course(key: Key, values: _Values) -> Course:
    times, numbers, kinds, sds = (np.array(column) for column in zip(*values.numbers, strict=True))
    order = np.argsort(times, kind="stable")
    known = sds[order] if np.isfinite(sds).all() else np.zeros(0)
    return Course(*key, times[order], numbers[order], kinds[order].astype(int), known, values.where[0])


def _head(header: Sequence[str], words: Sequence[str], given: str, name: str, meaning: str) -> _Head:
    """The column of the numbers: by a word alone, or by a word with its unit behind it."""
    for word in words:
        for place, column in enumerate(header):
            text = column.strip()
            match = re.fullmatch(rf"(?i){word}(?:\s*\[(.+)\]|_([A-Za-z]+\d?))?", text)
            if match is None or (match.group(2) or "").lower() in ("unit", "id"):
                continue
            own = match.group(1) or match.group(2) or SPELLED.get(word, "")
            return _Head(place, text, SPELLED.get(own, own) or given)
    shown = [column[:40] for column in header]
    raise SchemaError(
        f"{name}:1: column '{meaning}' is missing.{nearest(meaning, shown)} Expected one like '{words[0]} [{'d' if meaning == 'time' else 'mm3'}]'; found {', '.join(shown[:8])}."
    )


def _number(text: str, head: _Head, cell_unit: str, wanted: str, where: str) -> float:
    place = f"{where}column '{head.column}': "
    if not text:
        raise SchemaError(f"{place}is empty, expected a number; remove rows without a measurement.")
    number = units.number(text, place)
    unit = cell_unit or head.unit
    if not unit:
        option = "--time-unit" if wanted in ("d", "h") else "--value-unit"
        raise UnitError(f"{place}'{text}' has no unit; expected one that converts to '{wanted}'. Name the column '{head.column} [{wanted}]' or state it with {option}.")
    return units.convert(number, unit, wanted, place)


def _unit_of(observable: str, known: Mapping[str, str] | None, otherwise: str, where: str) -> str:
    if known is None:
        return otherwise
    if observable not in known:
        raise SchemaError(f"{where}column 'observable': unknown readout '{observable}'.{nearest(observable, known)}")
    return known[observable]


def _kind(text: str, where: str) -> int:
    if text.lower() not in KINDS:
        raise SchemaError(f"{where}column 'censored': unknown word '{text}'; expected nothing, 'below' or 'above'.")
    return KINDS[text.lower()]


def _sd(text: str, is_column: bool, value: _Head, cell_unit: str, wanted: str, where: str) -> float:
    if not is_column:
        return float("nan")
    sd = _number(text, _Head(value.place, "sd", value.unit), cell_unit, wanted, where)
    if sd <= 0:
        raise SchemaError(f"{where}column 'sd': {text}, expected a standard deviation above zero; leave the column out to have it estimated.")
    return sd
