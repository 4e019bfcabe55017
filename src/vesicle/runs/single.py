"""One network, one run, no scenario: no draws, no custody, no verdict.

For models from elsewhere. The folder holds ``summary.json``, ``trajectories.parquet``,
``model.xml`` (our network written back) and ``run.json``; time is in the model's own unit.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vesicle import provenance
from vesicle._version import VERSION
from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.errors import SolverError
from vesicle.model import sbml
from vesicle.model.assembly import Model
from vesicle.readouts.ensemble import rounded
from vesicle.runs.documents import as_json
from vesicle.runs.folder import RunFolder

SCHEMA = "vesicle-model-summary/1"
NO_VERDICT = "A model from elsewhere: it names no vesicle, no dose and no question, so there is no custody table and no verdict; these are its trajectories and nothing more."
POINTS = 100


@dataclass(frozen=True)
class Origin:
    """Where a model comes from: name, file, SHA-256 of the file, unit of time, what was set, what to know."""

    name: str
    file: str
    content: str
    time_unit: str
    changes: Mapping[str, str]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Single:
    """A finished run of one network."""

    origin: Origin
    model: Model
    trajectory: Trajectory
    until: float

    @property
    def identity(self) -> str:
        """A hash that names the run: same hash, same numbers."""
        text = f"{VERSION}|{self.origin.content}|{json.dumps(dict(self.origin.changes), sort_keys=True)}|{self.until!r}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def simulate(model: Model, times: tuple[float, ...]) -> Trajectory:
    """The nominal trajectory of a network at strict tolerance.

    Raises
    ------
    SolverError
        If the integration does not reach the end.
    """
    program, lean = compile_model(model, times)
    parameters = model.network.parameters
    values = values_of(lean, parameters, draw_matrix(parameters, 0, [-1], model.network.arm.set))[0]
    found = OdeEngine(STRICT_RTOL).run(program, values)
    if found.status != OK:
        raise SolverError(f"the run {found.status}; look for a rate that grows without limit or divides by zero, or end the run earlier with --until.")
    return found


def output_times(until: float) -> tuple[float, ...]:
    """Times from zero to the end, evenly spaced."""
    return tuple(until * i / POINTS for i in range(POINTS + 1))


def summary(run: Single) -> dict[str, Any]:
    """The content of ``summary.json``."""
    table = run.trajectory.outputs
    quantities = {
        o.id: {"start": rounded(table[0, i]), "end": rounded(table[-1, i]), "lowest": rounded(np.min(table[:, i])), "highest": rounded(np.max(table[:, i]))}
        for i, o in enumerate(run.model.network.observables)
    }
    return {
        "schema": SCHEMA,
        "status": run.trajectory.status,
        "model": run.origin.name,
        "source": run.origin.file,
        "source_sha256": run.origin.content,
        "identity": run.identity,
        "seed": None,
        "samples": 0,
        "engine": OdeEngine.name,
        "until": run.until,
        "time_unit": run.origin.time_unit or None,
        "changes": dict(run.origin.changes),
        "quantities": quantities,
        "custody": None,
        "verdict": None,
        "why_no_verdict": NO_VERDICT,
        "warnings": list(run.origin.warnings),
        "notice": "Research use only; not medical advice.",
    }


def trajectories(run: Single) -> bytes:
    """Parquet: observable, unit of time, time, value."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    times, names = run.trajectory.times, [o.id for o in run.model.network.observables]
    columns = {
        "observable": [name for name in names for _ in times],
        "time_unit": [run.origin.time_unit] * (len(names) * len(times)),
        "time": np.tile(times, len(names)),
        "value": run.trajectory.outputs.T.ravel(),
    }
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def write(run: Single, found: Mapping[str, Any], path: Path) -> None:
    """Write the run folder, whole or not at all."""
    place = RunFolder(path, run.identity)
    made = {
        "identity": run.identity,
        "source": run.origin.file,
        "source_sha256": run.origin.content,
        "engine": OdeEngine.name,
        "until": run.until,
        "changes": dict(run.origin.changes),
    }
    try:
        place.store("summary.json", as_json(found))
        place.store("trajectories.parquet", trajectories(run))
        place.store("model.xml", sbml.write(run.model.network, run.model.flat).encode())
        place.store("run.json", as_json({**made, "versions": provenance.versions(), "made": provenance.stamp()}))
        place.commit()
    except BaseException:
        place.abandon()
        raise
