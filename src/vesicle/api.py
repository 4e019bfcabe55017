"""The public calls: every command of the program is one of these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vesicle.runs import documents, folder
from vesicle.runs.execute import Outcome, execute
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
        return [item["citation"] for item in self.summary["evidence"] if "citation" in item]

    def __repr__(self) -> str:
        v = self.verdict
        gap = v.get("gap_orders") or {}
        return f"<Run {self.summary['scenario']}: {v['call']} (P = {v['probability']}), gap {gap.get('q50')} orders, {self.summary['samples']} draws>"


def run(
    scenario: str,
    out: str | Path | None = None,
    *,
    samples: int = 200,
    seed: int = 1,
    workers: int | None = None,
    changes: Mapping[str, str] | None = None,
    until: str | None = None,
    progress: Progress = silent,
) -> Run:
    """Run a scenario; with ``out`` write its run folder.

    Raises
    ------
    VesicleError
        One sentence: what, where, expected, nearest, what to do.
    """
    path = Path(out) if out is not None else None
    checkpoint = folder.checkpoint_of(path) if path else None
    outcome = execute(scenario, samples=samples, seed=seed, workers=workers, changes=changes, until=until, checkpoint=checkpoint, progress=progress)
    summary = documents.summary(outcome)
    if path is not None:
        _write(outcome, summary, path)
        folder.forget_checkpoint(path)
    return Run(summary, path, outcome)


def _write(outcome: Outcome, summary: dict[str, Any], path: Path) -> None:
    from vesicle.report.page import build

    place = folder.RunFolder(path, outcome.identity)
    try:
        place.store("summary.json", documents.as_json(summary))
        place.store("custody.tsv", documents.custody_tsv(outcome))
        place.store("trajectories.parquet", documents.trajectories(outcome))
        place.store("model.xml", documents.model_xml(outcome))
        place.store("run.json", documents.run_json(outcome))
        place.store("report.html", build(outcome, summary))
        place.commit()
    except BaseException:
        place.abandon()
        raise
