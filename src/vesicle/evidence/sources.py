"""Where every shipped table comes from, on what terms, and what a user may import.

Three classes. *permissive* tables are always used. *copyleft* tables (GPL, CC-BY-SA) are files of their own with their licence beside them, and are left out where
the user asks for permissive ones only. *restricted* tables (academic use, non-commercial, KEGG, or no statement) are never shipped; a user imports an own copy. Where
a copy and its origin state different terms the stricter one decides.
"""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path

from vesicle import reading
from vesicle.errors import SchemaError
from vesicle.evidence.library import RECORDS

COLUMNS = ("file", "what", "origin", "licence_class", "terms", "change")
CLASSES = ("permissive", "copyleft", "restricted")
PERMISSIVE_ONLY = "VESICLE_PERMISSIVE_ONLY"


@dataclass(frozen=True)
class Source:
    """One shipped file: what it is, where it comes from, its class and terms, and what was changed."""

    file: str
    what: str
    origin: str
    licence_class: str
    terms: str
    change: str


@functools.cache
def shipped_sources() -> dict[str, Source]:
    """Every shipped file of records by its name.

    Raises
    ------
    SchemaError
        If a class is unknown, or a restricted file is listed as shipped.
    """
    out = {}
    for row in reading.rows(RECORDS / "sources.tsv", COLUMNS):
        source = Source(**row.cells)
        if source.licence_class not in CLASSES[:2]:
            raise SchemaError(f"{row.where}'{source.file}' has the class '{source.licence_class}'; a shipped file is {' or '.join(CLASSES[:2])}.")
        out[source.file] = source
    return out


def permissive_only() -> bool:
    """Whether the user asked for permissive tables only (``VESICLE_PERMISSIVE_ONLY`` or ``--permissive-only``)."""
    return os.environ.get(PERMISSIVE_ONLY, "").strip().casefold() in ("1", "true", "yes")


def ask_for_permissive_only() -> None:
    """Leave copyleft and restricted tables out, in this process and its workers."""
    os.environ[PERMISSIVE_ONLY] = "1"


def is_allowed(licence_class: str) -> bool:
    """Whether a table of this class is used now."""
    return licence_class == "permissive" or not permissive_only()


def shipped_file(name: str) -> Path | None:
    """A shipped table, or None where its terms are not wanted."""
    return RECORDS / name if is_allowed(shipped_sources()[name].licence_class) else None
