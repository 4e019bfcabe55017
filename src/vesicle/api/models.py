"""Models from elsewhere: read, run, written back."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vesicle import reading, units
from vesicle.errors import InputError
from vesicle.formats.sbml_reader import from_document
from vesicle.runs import single

DEFAULT_END = 100.0


@dataclass
class ModelRun:
    """A finished run of a model from elsewhere.

    Attributes
    ----------
    summary : the content of ``summary.json``.
    path : the run folder, or None when nothing was written.
    run : the network and its trajectory.
    """

    summary: dict[str, Any]
    path: Path | None
    run: single.Single

    @property
    def times(self) -> np.ndarray:
        """(n_time,) in the model's unit of time."""
        return np.asarray(self.run.trajectory.times)

    def amount(self, observable: str) -> np.ndarray:
        """(n_time,) values of a species amount (``S1``), a concentration (``concentration:S1``) or another quantity."""
        return self.run.trajectory.amount(observable)

    def __repr__(self) -> str:
        return f"<ModelRun {self.summary['model']}: {len(self.summary['quantities'])} quantities to {self.run.until:g} {self.summary['time_unit'] or ''}>"


def is_model(path: str | Path) -> bool:
    """Whether a name is that of a model file (SBML) and not of a scenario."""
    return reading.looks_like_xml(Path(path))


def run_model(path: str | Path, out: str | Path | None = None, *, until: str | None = None, changes: Mapping[str, str] | None = None) -> ModelRun:
    """Run an SBML file with the deterministic engine; with ``out`` write its run folder.

    Parameters
    ----------
    path : the file.
    out : where the run folder will stand; ``""`` for ``results/NAME-HASH``.
    until : the end, in the file's unit of time or with a unit where the file gives its own.
    changes : id -> declared value to set first.

    Raises
    ------
    VesicleError
        One sentence: what, where, expected, nearest, what to do.
    """
    document = reading.xml_document(Path(path))
    imported = from_document(document, changes)
    end, warnings = _end(until, imported.time_unit)
    content = hashlib.sha256(document.raw).hexdigest()
    origin = single.Origin(imported.name, Path(path).name, content, imported.time_unit, dict(changes or {}), (*imported.warnings, *warnings))
    run = single.Single(origin, imported.model, single.simulate(imported.model, single.output_times(end)), end)
    found = single.summary(run)
    place = None
    if out is not None:
        place = Path(out) if str(out) else Path("results") / f"{re.sub(r'[^A-Za-z0-9_-]+', '-', imported.name)[:60]}-{run.identity[:8]}"
        single.write(run, found, place)
    return ModelRun(found, place, run)


def _end(until: str | None, time_unit: str) -> tuple[float, tuple[str, ...]]:
    """The end of the run in the model's unit of time, and what to say about it."""
    if until is None:
        return DEFAULT_END, (f"the file does not say how long to run: {DEFAULT_END:g} {time_unit or 'units of time'} were taken; set another end with --until.",)
    has_unit = bool(re.search(r"[a-zA-Z]\s*$", until))
    if has_unit and not time_unit:
        raise InputError(f"--until {until}: the file gives no unit of time, so its numbers have none; write a plain number like --until 100.")
    end = units.quantity(until, time_unit, "--until: ").to(time_unit) if has_unit else units.number(until, "--until: ")
    if end <= 0:
        raise InputError(f"--until {until}: expected a time above zero, like --until 100.")
    return end, ()
