"""Which parameters decide the answer."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from vesicle.evidence.own import current
from vesicle.formats.placing import put_folder
from vesicle.home import home
from vesicle.inference.sensitivity import Sensitivity, analyse
from vesicle.report import sensitivities
from vesicle.runs.documents import as_json
from vesicle.runs.execute import prepare
from vesicle.runs.pool import Progress, silent


def sensitivity(
    scenario: str,
    method: str = "local",
    *,
    readout: str | None = None,
    samples: int | None = None,
    seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    changes: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> Sensitivity:
    """How much each parameter moves the question's readout; with ``out`` write table, figures and JSON into a folder.

    Parameters
    ----------
    method : ``local`` (elasticities), ``morris`` (screening) or ``sobol`` (first and total order after screening).
    readout : ``change``, ``held`` or a readout of the question's arm; the question's change and the guides held by default.
    samples : paths of morris (10), base points of sobol, a power of two (256).
    seed : seed of the points; equal seeds give equal numbers for any number of workers.

    A study that was stopped goes on with the same call: its finished tasks are kept in the user's data folder.

    Raises
    ------
    InputError, SolverError, StoreError, Interrupted
    """
    wanted, unfinished = prepare(scenario, changes or {}, None), home() / "unfinished"
    found = analyse(wanted, current(), method, readout=readout, samples=samples, seed=seed, workers=workers, checkpoint=unfinished, progress=progress)
    if out is not None:
        put_folder(Path(out), files(found))
    shutil.rmtree(unfinished / found.document["identity"], ignore_errors=True)
    return found


def files(found: Sensitivity) -> dict[str, bytes]:
    """``sensitivity.json``, ``sensitivity.tsv`` and a figure per output that has one."""
    document = found.document
    drawn = {f"{_word(name)}.png": sensitivities.png(document, name) for name, one in document["outputs"].items() if one["parameters"]}
    return {"sensitivity.json": as_json(document), "sensitivity.tsv": sensitivities.table(document), **drawn}


def _word(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name)
