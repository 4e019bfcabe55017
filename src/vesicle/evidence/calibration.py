"""Calibrations: quantities that only one product of theirs makes measurable, fitted together once, with the data named.

``calibrations.tsv`` has one row per record that took part: a *datum* that was fitted to, or a *factor*, the calibrated record that replaces its prior. The
factors of a calibration are drawn together,

    z_i = sum_j l_ij w_j,     w_j standard normal, one stream per calibration and column,     x_i = quantile_i(Phi(z_i))

so that each keeps the median and range of its record and all keep the correlation l l^T that the fit left them with. What was used as a datum is never
scored; without one of its data or priors a calibration does not stand, and the priors answer again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vesicle import units
from vesicle.errors import SchemaError
from vesicle.evidence.measurement import Measurement
from vesicle.reading import Row

COLUMNS = ("calibration", "kind", "record", "prior", "loadings")
DATUM, FACTOR = "datum", "factor"
UNIT_LENGTH = 1e-6
"""How far the squares of a row of loadings may be from one: they are written with six digits or more."""


@dataclass(frozen=True)
class Factor:
    """One calibrated quantity: its record, the prior it replaces, its loadings."""

    record: str
    prior: str
    loadings: tuple[float, ...]


@dataclass(frozen=True)
class Calibration:
    """One act of calibration: its name, the ids of its data, its factors."""

    name: str
    data: tuple[str, ...]
    factors: tuple[Factor, ...]

    def rests_on(self) -> set[str]:
        """Ids of the measurements that it needs: data and priors."""
        return {*self.data, *(factor.prior for factor in self.factors)}

    def streams(self, factor: Factor) -> tuple[tuple[str, float], ...]:
        """Named streams with the loadings of a factor; zeros left out."""
        return tuple((f"calibration|{self.name}|{j}", loading) for j, loading in enumerate(factor.loadings) if loading)

    def correlation(self) -> list[list[float]]:
        """n_factor rows of n_factor correlations of the normal scores."""
        rows = [factor.loadings for factor in self.factors]
        return [[sum(x * y for x, y in zip(a, b, strict=True)) for b in rows] for a in rows]


def calibrations(rows: Iterable[Row]) -> tuple[Calibration, ...]:
    """All calibrations of a table.

    Raises
    ------
    SchemaError
        For a row that is neither datum nor factor, or loadings whose squares do not sum to one.
    """
    data: dict[str, list[str]] = {}
    factors: dict[str, list[Factor]] = {}
    for row in rows:
        if row["kind"] not in (DATUM, FACTOR):
            raise SchemaError(f"{row.where}column 'kind': '{row['kind']}' is neither '{DATUM}' nor '{FACTOR}'.")
        if row["kind"] == DATUM:
            data.setdefault(row["calibration"], []).append(row["record"])
            continue
        loadings = tuple(_loading(row, j, text) for j, text in enumerate(row["loadings"].split(";")))
        if abs(sum(x * x for x in loadings) - 1) > UNIT_LENGTH:
            raise SchemaError(f"{row.where}column 'loadings': their squares sum to {sum(x * x for x in loadings):.7g}, expected 1; write the rows of a Cholesky factor.")
        factors.setdefault(row["calibration"], []).append(Factor(row["record"], row["prior"], loadings))
    return tuple(Calibration(name, tuple(data.get(name, ())), tuple(found)) for name, found in factors.items())


def _loading(row: Row, column: int, text: str) -> float:
    """One loading, written ``column:number``, so that no cell begins like a formula."""
    number, colon, value = text.partition(":")
    if not colon or number != str(column):
        raise SchemaError(f"{row.where}column 'loadings': '{text}' stands in place {column}; expected '{column}:' and a number, like '0:0.8;1:-0.6'.")
    return units.number(value, f"{row.where}column 'loadings': ")


def check(found: tuple[Calibration, ...], measurements: Mapping[str, Measurement]) -> None:
    """Every record that a calibration names exists, and what it calibrated says so.

    Raises
    ------
    SchemaError
    """
    for calibration in found:
        for name in (*calibration.rests_on(), *(factor.record for factor in calibration.factors)):
            if name not in measurements:
                raise SchemaError(f"calibrations.tsv: '{calibration.name}' names the measurement '{name}', which is no record. Write an id that exists.")
        for factor in calibration.factors:
            mine, prior = measurements[factor.record], measurements[factor.prior]
            if mine.status != "calibrated" or mine.quantity != prior.quantity:
                raise SchemaError(f"calibrations.tsv: '{factor.record}' replaces '{factor.prior}', but is not a calibrated record of '{prior.quantity}'.")
