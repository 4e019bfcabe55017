"""Cells or their vesicles: the choice for a stated need, by the claims on both, with the row that decides.

A need has one claim on the cells and one on the vesicles, each for (+) or against (-). The choice is the side that is for where the other is against, *either* where
both are for, *neither* where both are against. It is no more than what one table of one review says; each claim keeps whether its citation supports it, and which other
claim speaks against it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from vesicle import reading
from vesicle.errors import SchemaError, unknown_name
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import RECORDS, Library

COLUMNS = ("need", "row", "cells", "vesicles", "note")
CELLS, VESICLES, EITHER, NEITHER = "MSC", "MSC vesicles", "either", "neither"
CHOICE = {("+", "-"): CELLS, ("-", "+"): VESICLES, ("+", "+"): EITHER, ("-", "-"): NEITHER}
SUPPORTED = "none"
"""Word of ``mismatch_kind`` for a claim whose cited work supports it."""


@dataclass(frozen=True)
class Choice:
    """What to take for a need.

    Attributes
    ----------
    modality : MSC, MSC vesicles, either or neither.
    row : the row that decides.
    cells, vesicles : the claims.
    references : works cited for them.
    supported : whether the cited works support both claims.
    against : claims that contradict the one on vesicles, by its note or that of the table.
    note : anything else.
    """

    need: str
    modality: str
    row: str
    cells: Claim
    vesicles: Claim
    references: tuple[str, ...]
    supported: bool
    against: tuple[str, ...]
    note: str


@functools.cache
def needs() -> dict[str, tuple[str, tuple[str, str], tuple[str, str], str]]:
    """Need -> row, (claim, sign) on cells and on vesicles, note.

    Raises
    ------
    SchemaError
        For a cell that is no claim with a sign.
    """
    out = {}
    for row in reading.rows(RECORDS / "modalities.tsv", COLUMNS):
        sides = []
        for column in ("cells", "vesicles"):
            claim, _, sign = row[column].partition(":")
            if sign not in ("+", "-"):
                raise SchemaError(f"{row.where}column '{column}': '{row[column]}' is no claim with a sign, expected something like C-0001:+.")
            sides.append((claim, sign))
        out[row["need"]] = (row["row"], sides[0], sides[1], row["note"])
    return out


def choose(library: Library, need: str, alike: bool = False) -> Choice:
    """Cells or vesicles for a need; ``alike`` takes what is said of cells for vesicles too.

    Raises
    ------
    UnknownName
        For a need that is none of the table, or a claim that the library lacks.
    """
    if need not in needs():
        raise unknown_name("need", need, needs(), advice="A need is a line in modalities.tsv.")
    row, (cell_id, cell_sign), (vesicle_id, vesicle_sign), note = needs()[need]
    cells, vesicles = library.show(cell_id), library.show(vesicle_id)
    assert isinstance(cells, Claim)
    assert isinstance(vesicles, Claim)
    against = tuple(word for word in re.findall(r"C-\d{4}", f"{note} {vesicles.note}") if word not in (cell_id, vesicle_id)) if "contradicts" in f"{note} {vesicles.note}" else ()
    return Choice(
        need, CHOICE[cell_sign, cell_sign if alike else vesicle_sign], row, cells, vesicles, tuple(dict.fromkeys((*cells.references, *vesicles.references))),
        cells.mismatch_kind == vesicles.mismatch_kind == SUPPORTED, tuple(dict.fromkeys(against)), note,
    )  # fmt: skip
