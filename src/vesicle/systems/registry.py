"""Finding systems: the catalogue of all, and the experiments of those that have one."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vesicle import reading
from vesicle.errors import unknown_name
from vesicle.evidence.claim import names
from vesicle.evidence.library import Library
from vesicle.mechanisms import all_mechanisms
from vesicle.systems.base import Experiment, Finding

COLUMNS = ("system", "title", "works_when")
CATALOGUE = Path(__file__).parent / "catalogue.tsv"
NOT_YET = "not yet"


@functools.cache
def titles() -> dict[str, dict[str, str]]:
    """System -> its title and when it counts as working."""
    return {row["system"]: dict(row.cells) for row in reading.rows(CATALOGUE, COLUMNS)}


@functools.cache
def all_experiments() -> dict[str, type[Experiment]]:
    """System -> its experiment, found over this room."""
    room = importlib.import_module("vesicle.systems")
    for module in pkgutil.iter_modules(room.__path__):
        importlib.import_module(f"vesicle.systems.{module.name}")
    return {kind.system: kind for kind in sorted(Experiment.__subclasses__(), key=lambda kind: kind.system)}


def catalogue(library: Library) -> list[dict[str, Any]]:
    """Every system with its claims, mechanisms, quantities and experiment."""
    mechanisms = all_mechanisms()
    out = []
    for name, about in titles().items():
        mine = {key: kind for key, kind in mechanisms.items() if kind.system == name}
        experiment = all_experiments().get(name)
        out.append(
            {
                "system": name, "title": about["title"], "works_when": about["works_when"],
                "claims": sum(name in names(claim.system) for claim in library.claims), "mechanisms": sorted(mine),
                "parameters": sorted({quantity for kind in mine.values() for quantity in kind.quantities}),
                "experiment": experiment.asks if experiment else NOT_YET,
                "used_claims": list(experiment.used) if experiment else [], "predicted_claims": list(experiment.predicts) if experiment else [],
                "told_claims": list(experiment.told) if experiment else [],
            }
        )  # fmt: skip
    return out


def perform(library: Library, system: str = "", progress: Callable[[int, int, str], None] | None = None) -> list[dict[str, Any]]:
    """Perform one experiment with its twin, or all.

    Returns
    -------
    One row a system: the finding, and ``twin_works``, which must be false; without an experiment ``works`` is None.

    Raises
    ------
    UnknownName
        For a name that is no system.
    """
    if system and system not in titles():
        raise unknown_name("system", system, titles(), advice="`vesicle systems` lists all 47.")
    chosen = [system] if system else list(titles())
    out = []
    for number, name in enumerate(chosen, start=1):
        out.append(_row(name, library))
        if progress:
            progress(number, len(chosen), "systems")
    return out


def _row(name: str, library: Library) -> dict[str, Any]:
    kind = all_experiments().get(name)
    title = titles()[name]["title"]
    if kind is None:
        return {"system": name, "title": title, "works": None, "numbers": [], "reasons": [NOT_YET], "twin_works": None, "takes_away": ""}
    found: Finding = kind().perform(library)
    twin = kind().perform(library, knocked_out=True)
    return {**found.as_dict(), "title": title, "twin_works": twin.works, "takes_away": kind.takes_away, "twin_numbers": twin.as_dict()["numbers"]}
