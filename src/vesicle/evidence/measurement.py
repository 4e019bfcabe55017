"""A measurement: one sourced parameter value, strictly read.

``low`` and ``high`` are the 5 and 95 % points of the distribution. Without a range the spread
is assumed: geometric SD 1.3 for a value that was found, 2 for a recalled one, 3 for an assumed
one (the same number as SD of the log-odds for fractions). ``role`` decides what a value may be
used for: only an ``input`` may enter a model.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from vesicle import units
from vesicle.errors import SchemaError, UnknownName, nearest
from vesicle.network.spread import KINDS, Z95, Component
from vesicle.reading import Row

COLUMNS = (
    "id", "quantity", "symbol", "value", "unit", "low", "high", "distribution", "species", "tissue", "cell", "product", "label",
    "method", "conditions", "reference", "locator", "status", "spread_status", "level", "role", "source_experiment", "laboratory",
    "confidence", "note",
)  # fmt: skip
CONTEXT = ("species", "tissue", "cell", "product", "label", "method")
STATUSES = ("found", "recalled", "assumed", "computed", "calibrated")
LEVELS = ("uncertainty", "subject", "cell", "particle")
ROLES = ("input", "outcome", "check")
ASSUMED_GEOMETRIC_SD = {"found": 1.3, "computed": 1.3, "calibrated": 1.3, "recalled": 2.0, "assumed": 3.0}


@dataclass(frozen=True)
class Measurement:
    """One record of ``measurements.tsv``; see the module for the meaning of the fields."""

    id: str
    quantity: str
    symbol: str
    value: float
    unit: str
    low: float | None
    high: float | None
    distribution: str
    species: str
    tissue: str
    cell: str
    product: str
    label: str
    method: str
    conditions: str
    reference: str
    locator: str
    status: str
    spread_status: str
    level: str
    role: str
    source_experiment: str
    laboratory: str
    confidence: float | None
    note: str
    where: str = ""

    @property
    def context(self) -> dict[str, str]:
        """The context columns that are filled."""
        return {name: getattr(self, name) for name in CONTEXT if getattr(self, name)}

    def component(self, unit: str, weight: float) -> Component:
        """This measurement as a mixture component in another unit.

        Raises
        ------
        UnitError
            If ``unit`` does not measure the same thing.
        """
        low, high = self.range()
        scale = units.convert(1.0, self.unit, unit, f"{self.where}{self.id}: ")
        return Component(self.id, weight, self.distribution, self.value, low, high, scale)

    def range(self) -> tuple[float, float]:
        """The 5 and 95 % points, assumed from the status where the record has none."""
        if self.distribution == "fixed":
            return self.value, self.value
        if self.low is not None and self.high is not None:
            return self.low, self.high
        width = math.log(ASSUMED_GEOMETRIC_SD[self.status]) * Z95
        if self.distribution == "logitnormal":
            odds = math.log(self.value / (1 - self.value))
            assumed = (1 / (1 + math.exp(-odds + width)), 1 / (1 + math.exp(-odds - width)))
        elif self.distribution == "normal":
            assumed = (self.value - abs(self.value) * width, self.value + abs(self.value) * width)
        else:
            assumed = (self.value * math.exp(-width), self.value * math.exp(width))
        return self.low if self.low is not None else assumed[0], self.high if self.high is not None else assumed[1]

    @property
    def has_assumed_spread(self) -> bool:
        """Whether the width of the distribution rests on no source."""
        if self.distribution == "fixed":
            return False
        return self.low is None or self.high is None or self.spread_status == "assumed"


def measurement(row: Row) -> Measurement:
    """A record from one row of a table.

    Raises
    ------
    SchemaError, UnitError, UnknownName
        With file, line and column.
    """
    where = row.where
    _one_of(row, "status", STATUSES)
    _one_of(row, "level", LEVELS)
    _one_of(row, "role", ROLES)
    _one_of(row, "spread_status", ("", *STATUSES))
    _one_of(row, "distribution", (*KINDS, "none"))
    for column in ("id", "quantity", "value", "unit", "reference", "status", "role"):
        if not row[column]:
            raise SchemaError(f"{where}column '{column}' is empty, expected a value.")
    value = units.number(row["value"], f"{where}column 'value': ")
    low = units.number(row["low"], f"{where}column 'low': ") if row["low"] else None
    high = units.number(row["high"], f"{where}column 'high': ") if row["high"] else None
    units.parse(row["unit"], f"{where}column 'unit': ")
    if low is not None and value < low * (1 - 1e-12) or high is not None and value > high * (1 + 1e-12):
        raise SchemaError(f"{where}value {value:g} lies outside its range {row['low']}..{row['high']}; low and high are the 5 and 95 % points.")
    record = Measurement(
        **{name: row[name] for name in COLUMNS if name not in ("value", "low", "high", "confidence")},
        value=value,
        low=low,
        high=high,
        confidence=units.number(row["confidence"], f"{where}column 'confidence': ") if row["confidence"] else None,
        where=where,
    )
    if record.confidence is not None and not 0 <= record.confidence <= 1:
        raise SchemaError(f"{where}column 'confidence': {row['confidence']} is no share; expected a number from 0 to 1.")
    _check_support(record)
    return record


def _check_support(record: Measurement) -> None:
    """A distribution must be able to hold its numbers."""
    numbers = [x for x in (record.value, record.low, record.high) if x is not None]
    if record.distribution in ("lognormal", "loguniform") and min(numbers) <= 0:
        raise SchemaError(f"{record.where}a {record.distribution} needs positive numbers, found {min(numbers):g}; leave 'low' empty or use 'uniform'.")
    if record.distribution == "logitnormal" and not (min(numbers) > 0 and max(numbers) < 1):
        raise SchemaError(f"{record.where}a logitnormal needs numbers between 0 and 1, found {min(numbers):g}..{max(numbers):g}; use 'uniform'.")
    if record.distribution in ("loguniform", "uniform") and (record.low is None or record.high is None):
        raise SchemaError(f"{record.where}a {record.distribution} needs both 'low' and 'high'.")


def _one_of(row: Row, column: str, known: tuple[str, ...]) -> None:
    if row[column] not in known:
        raise UnknownName(f"{row.where}column '{column}': unknown word '{row[column]}'.{nearest(row[column], known)}")
