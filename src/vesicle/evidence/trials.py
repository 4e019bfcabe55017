"""Trials of vesicles: what was read of each, and when that was true.

A status is true at a date. What nobody looked up is ``not_checked``, also an outcome that is reported somewhere; a trial without a registered number keeps its report as its
name. The table is no registry: a registry may hold more, and newer.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection
from dataclasses import asdict, dataclass

from vesicle import reading
from vesicle.errors import SchemaError, unknown_name
from vesicle.evidence.claim import identified, names
from vesicle.evidence.library import RECORDS

COLUMNS = (
    "id", "registry", "phase", "product", "donor", "payload", "indication", "enrolled", "started", "ended", "status", "outcome", "as_of", "source", "checked_how", "claims", "note",
)  # fmt: skip
FILLED = ("id", "phase", "product", "donor", "payload", "indication", "status", "as_of", "source", "checked_how")
NOT_CHECKED = "not_checked"
_NUMBER = re.compile(r"NCT\d{8}")
_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")


@dataclass(frozen=True)
class Trial:
    """One trial.

    Attributes
    ----------
    id : registered number, or the key of its report.
    registry : registered number.
    phase, product, donor, payload, indication, enrolled, started, ended : as read.
    status, outcome : as they stood at ``as_of``; ``not_checked`` where nobody looked.
    source : key of a work, or the page that was read.
    checked_how : what was read of it and when.
    claims : claims that name the trial.
    note : anything else.
    """

    id: str
    registry: str
    phase: str
    product: str
    donor: str
    payload: str
    indication: str
    enrolled: str
    started: str
    ended: str
    status: str
    outcome: str
    as_of: str
    source: str
    checked_how: str
    claims: tuple[str, ...]
    note: str

    @property
    def is_told(self) -> bool:
        """Whether an outcome was read."""
        return self.outcome not in ("", NOT_CHECKED)

    def as_dict(self) -> dict[str, str]:
        """Plain values; the status with its date."""
        return {**asdict(self), "claims": ";".join(self.claims), "status": f"{self.status} (as of {self.as_of})"}


@functools.cache
def trials() -> tuple[Trial, ...]:
    """Every trial of the table.

    Raises
    ------
    SchemaError
        For an empty cell, a number that is none, or a date that is none.
    """
    out = []
    for row in reading.rows(RECORDS / "trials.tsv", COLUMNS):
        for column in FILLED:
            if not row[column]:
                raise SchemaError(f"{row.where}column '{column}' is empty, expected a value or {NOT_CHECKED}.")
        if row["registry"] != NOT_CHECKED and not _NUMBER.fullmatch(row["registry"]):
            raise SchemaError(f"{row.where}column 'registry': '{row['registry']}' is no number of a registry, expected NCT and eight digits, or {NOT_CHECKED}.")
        for column in ("started", "ended", "as_of"):
            if row[column] != NOT_CHECKED and not _DATE.fullmatch(row[column]):
                raise SchemaError(f"{row.where}column '{column}': '{row[column]}' is no date, expected YYYY, YYYY-MM or YYYY-MM-DD, or {NOT_CHECKED}.")
        out.append(Trial(**{**row.cells, "claims": tuple(names(row["claims"]))}))  # type: ignore[arg-type]
    if len({t.id for t in out}) < len(out):
        raise SchemaError("trials.tsv: an id stands twice.")
    return tuple(out)


def find(payload: str = "", disease: str = "") -> list[Trial]:
    """Trials whose payload and indication hold these words; all without words.

    Raises
    ------
    UnknownName
        For a payload or a disease of which no trial is recorded; the message lists those that are.
    """
    known = trials()
    for asked, field, what in ((payload, "payload", "payload of a trial"), (disease, "indication", "indication of a trial")):
        if asked and not _holding(known, field, asked):
            raise unknown_name(what, asked, sorted({identified(getattr(t, field))[0] for t in known}), advice="The table is no registry; a trial may exist.")
    return list(_holding(_holding(known, "payload", payload), "indication", disease))


def _holding(known: Collection[Trial], field: str, words: str) -> list[Trial]:
    return [t for t in known if words.casefold() in getattr(t, field).casefold()]
