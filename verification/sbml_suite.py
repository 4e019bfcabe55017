"""Every case of the SBML Test Suite through our own import and engine: passed, refused by name, or FAILED.

    python verification/sbml_suite.py ../shared/data/sbml_test_suite [--only 00001,00002] [--write docs/explanation/sbml_suite.md]

The rule is the suite's own: |C - U| <= Ta + Tr |C| at every time and for every variable.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import re
import signal
import sys
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.errors import InputError, UnsupportedFeature, VesicleError
from vesicle.formats.sbml_reader import read_sbml
from vesicle.network.types import Observable

LONGEST = 120
PASSED, REFUSED, FAILED = "passed", "refused", "FAILED"


@dataclass
class Settings:
    """What a case asks for."""

    start: float
    duration: float
    steps: int
    variables: tuple[str, ...]
    absolute: float
    relative: float
    amounts: frozenset[str]
    concentrations: frozenset[str]

    @property
    def times(self) -> tuple[float, ...]:
        """The output times, the suite's own."""
        return tuple(self.start + self.duration * i / self.steps for i in range(self.steps + 1))


@dataclass
class Case:
    """How one case ended."""

    name: str
    outcome: str
    why: str = ""
    tags: tuple[str, ...] = field(default_factory=tuple)


def settings_of(text: str) -> Settings:
    """The settings file of a case."""
    found = dict((part.strip() for part in line.split(":", 1)) for line in text.splitlines() if ":" in line)

    def names(key: str) -> list[str]:
        return [name.strip() for name in found.get(key, "").split(",") if name.strip()]

    def number(key: str) -> float:
        return float(found.get(key) or 0.0)

    return Settings(
        number("start"), number("duration"), int(number("steps")), tuple(names("variables")), number("absolute"), number("relative"),
        frozenset(names("amount")), frozenset(names("concentration")),
    )  # fmt: skip


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"not done after {LONGEST} s")


def tags_of(text: str) -> tuple[str, ...]:
    """Component and test tags, and packages, of a case's description."""
    found: list[str] = []
    for key in ("componentTags", "testTags"):
        for line in re.findall(rf"^{key}:(.*)$", text, re.MULTILINE):
            found += [tag.strip() for tag in line.split(",") if tag.strip()]
    return tuple(dict.fromkeys(found))


def test_type(text: str) -> str:
    """What kind of test a case is."""
    match = re.search(r"^testType:\s*(\S+)", text, re.MULTILINE)
    return match.group(1) if match else ""


def expected(text: str) -> tuple[list[str], np.ndarray]:
    """Column names and numbers of a results file (NA and INF as they are meant)."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    return [name.strip() for name in rows[0]], np.array([[float(cell.replace("INF", "inf")) for cell in row] for row in rows[1:]])


def simulate(path: Path, settings: Settings) -> np.ndarray:
    """(n_time, n_variable) of our import and our engine."""
    imported = read_sbml(path)
    watched = []
    for i, name in enumerate(settings.variables):
        as_concentration = name in settings.concentrations or (name in imported.concentrations and name not in settings.amounts)
        expression = imported.concentrations[name] if as_concentration and name in imported.concentrations else imported.values[name]
        watched.append(Observable(f"v{i}", "1", expression))
    model = replace(imported.model, network=replace(imported.model.network, observables=tuple(watched)))
    times = settings.times if settings.start == 0 else (0.0, *settings.times)
    program, lean = compile_model(model, times)
    values = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
    run = OdeEngine(STRICT_RTOL).run(program, values)
    if run.status != OK:
        raise RuntimeError(run.status)
    return run.outputs[len(times) - len(settings.times) :]


def judge(folder: Path) -> Case:
    """One case, whatever happens."""
    name = folder.name
    description = (folder / f"{name}-model.m").read_text(encoding="utf-8", errors="replace")
    tags = tags_of(description)
    model = next(iter(sorted(folder.glob("*-sbml-*.xml"), reverse=True)))
    settings = settings_of((folder / f"{name}-settings.txt").read_text())
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(LONGEST)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = simulate(model, settings)
    except UnsupportedFeature as problem:
        return Case(name, REFUSED, str(problem), tags)
    except InputError as problem:
        return Case(name, FAILED, f"input: {problem}", tags)
    except (VesicleError, Exception) as problem:
        return Case(name, FAILED, f"{type(problem).__name__}: {problem}", tags)
    finally:
        signal.alarm(0)
    columns, table = expected((folder / f"{name}-results.csv").read_text())
    theirs = table[:, [columns.index(v, 1) for v in settings.variables]]
    return Case(name, *compared(theirs, ours, settings), tags)


def compared(theirs: np.ndarray, ours: np.ndarray, settings: Settings) -> tuple[str, str]:
    """Passed or FAILED by the suite's rule, with the worst place."""
    if theirs.shape != ours.shape:
        return FAILED, f"{ours.shape} numbers, expected {theirs.shape}"
    allowed = settings.absolute + settings.relative * np.abs(theirs)
    with np.errstate(invalid="ignore"):
        off = np.where(theirs == ours, 0.0, np.abs(theirs - ours)) / allowed
    off = np.where(np.isnan(theirs) & np.isnan(ours), 0.0, np.where(np.isnan(off), np.inf, off))
    if off.max(initial=0.0) <= 1:
        return PASSED, ""
    row, column = np.unravel_index(np.argmax(off), off.shape)
    return FAILED, f"{settings.variables[column]} at t = {settings.times[row]:g}: {ours[row, column]:.8g}, expected {theirs[row, column]:.8g}"


def unpacked(archive: Path, into: Path) -> list[Path]:
    """The case folders of an archive."""
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    return sorted(p.parent for p in into.rglob("*-model.m"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        cases = unpacked(arguments.suite / "semantic.tar.gz", Path(folder))
        wanted = set(filter(None, arguments.only.split(",")))
        cases = [c for c in cases if not wanted or c.name in wanted]
        with ProcessPoolExecutor(arguments.workers) as pool:
            judged = []
            for case in pool.map(judge, cases, chunksize=4):
                judged.append(case)
                if case.outcome != PASSED or wanted:
                    print(f"{case.name} {case.outcome}: {case.why[:260]}", flush=True)
    print(dict(Counter(c.outcome for c in judged)), f"{time.monotonic() - begun:.0f} s")
    if any(c.outcome == FAILED for c in judged):
        sys.exit(1)


if __name__ == "__main__":
    main()
