"""Every case of the SBML Test Suite through our own import and engine: passed, refused by name, or FAILED.

    python verification/sbml_suite.py ../shared/data/sbml_test_suite [--only 00001,00002] [--write docs/explanation/sbml_suite.md]

Semantic cases: |C - U| <= Ta + Tr |C| at every time and for every variable. Stochastic cases, for n
paths with means X and standard deviations S where mu and sigma are expected:

    Z = sqrt(n) (X - mu) / sigma  in (-3, 3)        Y = sqrt(n / 2) (S^2 / sigma^2 - 1)  in (-5, 5)

at every time; a case in which some point is outside is repeated with ten times as many other paths
(with 50 points a case, a right engine has one outside in every eighth case).
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
from vesicle.formats.sbml_features import REFUSED as REFUSED_TAGS
from vesicle.formats.sbml_reader import read_sbml
from vesicle.network.types import Observable

LONGEST = 120
PASSED, REFUSED, FAILED, NOT_RUN = "passed", "refused", "FAILED", "not run"
PATHS = 1_000


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


def stochastic_engine() -> type | None:
    """The stochastic engine, found by its name; None where this version has none."""
    try:
        from vesicle.engines.registry import engine_named

        return engine_named("ssa")
    except (ImportError, VesicleError):
        return None


def paths(path: Path, settings: Settings, n: int, seed: int) -> np.ndarray:
    """(n, n_time, n_variable) of our import and the stochastic engine."""
    imported = read_sbml(path)
    watched = tuple(Observable(f"v{i}", "1", imported.values[name]) for i, name in enumerate(settings.variables))
    model = replace(imported.model, network=replace(imported.model.network, observables=watched))
    program, lean = compile_model(model, settings.times, counts=True)
    nominal = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
    engine = stochastic_engine()()
    runs = [engine.run(program, replace(nominal, key=(seed, sample))) for sample in range(n)]
    if bad := next((run.status for run in runs if run.status != OK), ""):
        raise RuntimeError(bad)
    return np.array([run.outputs for run in runs])


def outside(found: np.ndarray, columns: list[str], table: np.ndarray, settings: Settings) -> list[str]:
    """The points whose Z or Y is outside of its range."""
    n, bad = len(found), []
    for i, name in enumerate(settings.variables):
        mean, sd = found[:, :, i].mean(axis=0), found[:, :, i].std(axis=0, ddof=1)
        mu, sigma = table[:, columns.index(f"{name}-mean")], table[:, columns.index(f"{name}-sd")] if f"{name}-sd" in columns else None
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(mean == mu, 0.0, math.sqrt(n) * (mean - mu) / (sd if sigma is None else sigma))
            y = np.zeros_like(z) if sigma is None else np.where(sd == sigma, 0.0, math.sqrt(n / 2) * (sd**2 / sigma**2 - 1))
        bad += [f"{name} mean at t = {t:g}: Z = {v:.2f}" for t, v in zip(settings.times, z, strict=True) if not abs(v) < 3]
        bad += [f"{name} sd at t = {t:g}: Y = {v:.2f}" for t, v in zip(settings.times, y, strict=True) if not abs(v) < 5]
    return bad


def judge_stochastic(folder: Path, n: int = PATHS) -> Case:
    """One stochastic case; read by our import even where no engine can run it."""
    name = folder.name
    description = (folder / f"{name}-model.m").read_text(encoding="utf-8", errors="replace")
    tags = tags_of(description)
    model = next(iter(sorted(folder.glob("*-sbml-*.xml"), reverse=True)))
    settings = settings_of((folder / f"{name}-settings.txt").read_text())
    columns, table = expected((folder / f"{name}-results.csv").read_text())
    try:
        if stochastic_engine() is None:
            read_sbml(model)
            return Case(name, NOT_RUN, "read; this version has no engine named 'ssa'", tags)
        bad = outside(paths(model, settings, n, 1), columns, table, settings)
        if bad:
            bad = outside(paths(model, settings, 10 * n, 2), columns, table, settings)
    except UnsupportedFeature as problem:
        return Case(name, REFUSED, str(problem), tags)
    except (VesicleError, Exception) as problem:
        return Case(name, FAILED, f"{type(problem).__name__}: {problem}", tags)
    return Case(name, FAILED if bad else PASSED, "; ".join(bad[:3]), tags)


def page(judged: list[Case], stochastic: list[Case]) -> str:
    """The page of the documentation: counts, and what each tag came to."""
    lines = [
        "# SBML Test Suite", "",
        "Every case goes through our own import, our own network and the engine;", "libRoadRunner integrates the SBML that we write, never the file of the suite.",
        "A case *passed* when every number is within the suite's own tolerance,",
        "is *refused by name* when it needs something that is declared as not offered, and has *failed* otherwise.",
        "Written by `verification/sbml_suite.py`; the suite is its commit 7ab011e of 2022-04-24 (Level 3 Version 2, else Version 1).", "",
        "| cases | passed | refused by name | failed | not run |", "| --- | --- | --- | --- | --- |",
        _counts("semantic, in time", judged), _counts("stochastic", stochastic), "",
        "## Why a case is refused", "", "| what | semantic | stochastic | what to do |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    why = {kind: Counter(re.search(r"not offered \(([^)]*)\)", c.why)[1] for c in cases if c.outcome == REFUSED) for kind, cases in (("s", judged), ("r", stochastic))}  # type: ignore[index]
    for tag in sorted({*why["s"], *why["r"]}, key=lambda t: -why["s"][t]):
        lines.append(f"| {tag} | {why['s'][tag]} | {why['r'][tag]} | {REFUSED_TAGS.get(tag, '')} |")
    lines += ["", "## By tag", "", "A case has several tags.", "", "| tag | passed | refused by name | failed |", "| --- | --- | --- | --- |"]
    for tag in sorted({t for c in judged for t in c.tags}):
        of = Counter(c.outcome for c in judged if tag in c.tags)
        lines.append(f"| {tag} | {of[PASSED]} | {of[REFUSED]} | {of[FAILED]} |")
    failures = [c for c in (*judged, *stochastic) if c.outcome == FAILED]
    lines += ["", "## Failures", "", *([f"- {c.name}: {c.why[:200]}" for c in failures] or ["None."])]
    return "\n".join(lines) + "\n"


def _counts(name: str, cases: list[Case]) -> str:
    of = Counter(c.outcome for c in cases)
    return f"| {name} ({len(cases)}) | {of[PASSED]} | {of[REFUSED]} | {of[FAILED]} | {of[NOT_RUN]} |"


def unpacked(archive: Path, into: Path) -> list[Path]:
    """The case folders of an archive."""
    with tarfile.open(archive) as tar:
        tar.extractall(into, filter="data")
    return sorted(p.parent for p in into.rglob("*-model.m"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suite", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--kind", default="", choices=("", "semantic", "stochastic"))
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--write", type=Path)
    arguments = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, list[Case]] = {}
        wanted = set(filter(None, arguments.only.split(",")))
        for kind, judging in (("semantic", judge), ("stochastic", judge_stochastic)):
            found[kind] = []
            cases = [c for c in unpacked(arguments.suite / f"{kind}.tar.gz", Path(folder) / kind) if (not wanted or c.name in wanted) and arguments.kind in ("", kind)]
            with ProcessPoolExecutor(arguments.workers) as pool:
                for case in pool.map(judging, cases, chunksize=4):
                    found[kind].append(case)
                    if case.outcome != PASSED or wanted:
                        print(f"{kind} {case.name} {case.outcome}: {case.why[:260]}", flush=True)
            print(kind, dict(Counter(c.outcome for c in found[kind])), f"{time.monotonic() - begun:.0f} s", flush=True)
    if arguments.write:
        arguments.write.write_text(page(found["semantic"], found["stochastic"]), encoding="utf-8")
    if any(c.outcome == FAILED for cases in found.values() for c in cases):
        sys.exit(1)


if __name__ == "__main__":
    main()
