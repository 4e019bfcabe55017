"""Systems that the reviews describe: what there is for each, and whether it works."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vesicle.evidence.own import current

Progress = Callable[[int, int, str], None]


def list_systems(system: str = "") -> list[dict[str, Any]]:
    """Every system A1-G5 (or one) with its claims, mechanisms, quantities and experiment, or "not yet".

    Raises
    ------
    UnknownName
        For a name that is no system.
    """
    from vesicle.errors import unknown_name
    from vesicle.systems import catalogue

    rows = catalogue(current())
    if not system:
        return rows
    found = [row for row in rows if row["system"] == system.upper()]
    if not found:
        raise unknown_name("system", system, [row["system"] for row in rows], advice="`vesicle systems` lists all 47.")
    return found


def run_systems(system: str = "", progress: Progress | None = None) -> list[dict[str, Any]]:
    """Perform the experiment of one system, or of all, each with its knocked-out twin.

    Raises
    ------
    UnknownName
        For a name that is no system.
    """
    from vesicle.systems import perform

    return perform(current(), system.upper(), progress)
