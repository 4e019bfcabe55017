"""Runs, scenarios and mechanisms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vesicle.errors import InputError, unknown_name
from vesicle.evidence.own import current
from vesicle.inference.sensitivity import METHODS, analyse
from vesicle.model import scenario_file as scenario_format
from vesicle.runs import documents, folder
from vesicle.runs.execute import Outcome, execute, identity, prepare
from vesicle.runs.pool import Progress, silent


@dataclass
class Run:
    """A finished run.

    Attributes
    ----------
    summary : the content of ``summary.json``.
    path : the run folder, or None when nothing was written.
    outcome : everything, draw by draw.
    """

    summary: dict[str, Any]
    path: Path | None
    outcome: Outcome

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict of the question's arm."""
        return dict(self.summary["verdict"])

    def custody(self, arm: str | None = None) -> list[dict[str, Any]]:
        """The custody table of an arm (the question's by default)."""
        return list(self.summary["arms"][arm or self.summary["question"]["arm"]]["custody"])

    def citations(self) -> list[str]:
        """References of what this run used, nothing else."""
        return [item["citation"] for item in self.summary["evidence"] if item.get("is_work")]

    def __repr__(self) -> str:
        v = self.verdict
        gap = v.get("gap_orders") or {}
        return f"<Run {self.summary['scenario']}: {v['call']} (P = {v['probability']}), gap {gap.get('q50')} orders, {self.summary['samples']} draws>"


def run(
    scenario: str,
    out: str | Path | None = None,
    *,
    engine: str = "ode",
    samples: int = 200,
    seed: int = 1,
    workers: int | None = None,
    changes: Mapping[str, str] | None = None,
    until: str | None = None,
    sensitivity: str | None = None,
    progress: Progress = silent,
) -> Run:
    """Run a scenario; with ``out`` write its run folder.

    ``sensitivity`` (``local``, ``morris`` or ``sobol``) adds which parameters decide to the report, and ``sensitivity.json`` to the folder.

    Raises
    ------
    VesicleError
        One sentence: what, where, expected, nearest, what to do.
    """
    if sensitivity and sensitivity not in METHODS:
        raise unknown_name("method", sensitivity, METHODS, "--sensitivity")
    path = Path(out) if out is not None else None
    outcome = execute(scenario, engine=engine, samples=samples, seed=seed, workers=workers, changes=changes, until=until, place=path, progress=progress)
    summary = documents.summary(outcome)
    found = None
    if path is not None and sensitivity:
        study = analyse(outcome.scenario, outcome.library, sensitivity, seed=seed, workers=workers, checkpoint=folder.checkpoint_of(path), progress=progress)
        found = study.document
    if path is not None:
        _write(outcome, summary, path, found)
        folder.forget_checkpoint(path)
    return Run(summary, path, outcome)


def default_folder(scenario: str, samples: int, seed: int, changes: Mapping[str, str], until: str | None, engine: str = "ode") -> Path:
    """``results/NAME-HASH``: one folder per distinct run."""
    found = prepare(scenario, changes, until)
    return Path("results") / f"{found.name}-{identity(found, current(), seed, samples, engine)[:8]}"


def resume(out: str | Path, *, workers: int | None = None, progress: Progress = silent) -> Run:
    """Go on with an interrupted run from its finished tasks.

    Raises
    ------
    InputError
        If nothing was interrupted there.
    """
    path = Path(out)
    arguments = folder.interrupted(path)
    if arguments is None:
        done = "; the run in it is complete" if (path / folder.NAME).exists() else ""
        raise InputError(f"{path}: no interrupted run{done}. Give the folder that was named with --out.")
    return run(
        arguments["scenario"],
        path,
        engine=arguments.get("engine", "ode"),
        samples=arguments["samples"],
        seed=arguments["seed"],
        workers=workers,
        changes=arguments["changes"],
        until=arguments["until"],
        progress=progress,
    )


def list_scenarios() -> list[dict[str, str]]:
    """The shipped scenarios: name, title, what each mimics, and its question."""
    out = []
    for name in scenario_format.shipped_names():
        found = scenario_format.load(name)
        question = found.question
        asked = f"{question.arm} against {question.control}: {question.readout} by {question.change:g} % at {question.at:g} h"
        out.append({"name": name, "title": found.title, "mimics": f"{found.mimics.experiment} {found.mimics.reference}".strip(), "question": asked})
    return out


def list_mechanisms() -> list[dict[str, str]]:
    """All mechanisms: name, chapter, system, first line of the docstring, what they conserve."""
    from vesicle.mechanisms import all_mechanisms

    return [
        {"name": name, "chapter": kind.chapter, "system": kind.system, "does": (kind.__doc__ or "").strip().splitlines()[0], "conserves": kind.conserves}
        for name, kind in all_mechanisms().items()
    ]


def _write(outcome: Outcome, summary: dict[str, Any], path: Path, sensitivity: dict[str, Any] | None = None) -> None:
    from vesicle.report.page import build

    place = folder.RunFolder(path, outcome.identity)
    try:
        place.store("summary.json", documents.as_json(summary))
        place.store("custody.tsv", documents.custody_tsv(outcome))
        place.store("trajectories.parquet", documents.trajectories(outcome))
        place.store("model.xml", documents.model_xml(outcome))
        place.store("run.json", documents.run_json(outcome))
        if sensitivity is not None:
            place.store("sensitivity.json", documents.as_json(sensitivity))
        place.store("report.html", build(outcome, summary, sensitivity) if sensitivity else build(outcome, summary))
        place.commit()
    except BaseException:
        place.abandon()
        raise
