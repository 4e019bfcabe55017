"""Ours beside libRoadRunner by hand and COPASI: a first result from a cold process, a repeated run, and assembly. Interleaved in one run; ratios are what to quote."""

import argparse
import importlib.metadata
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import stochastic

from vesicle.api import export, simulate
from vesicle.engines.ode import ENSEMBLE_RTOL, _import
from vesicle.evidence import shipped
from vesicle.formats.sedml import steps
from vesicle.model import scenario_file
from vesicle.model.assembly import assemble

ARMS = (("mouse-biodistribution", "lipid_dye"), ("pancreas-kras", "kras_exosome"), ("pancreas-kras", "kras_exosome_iv"))
SMALLEST = 1.0
"""Absolute tolerance of the others, in items; ours follows the dose."""
SOURCE = Path(__file__).resolve().parents[1] / "src"
OURS = "from vesicle.api import simulate; simulate({scenario!r}, {arm!r})"
ROADRUNNER = """
import roadrunner
roadrunner.Logger.disableLogging()
runner = roadrunner.RoadRunner({file!r})
runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = {rtol}, {atol}
runner.timeCourseSelections = ['time', {readout!r}]
runner.simulate(0, {end}, {count} + 1)
"""
COPASI = """
import basico
basico.load_model({file!r})
basico.run_time_course(start_time=0, duration={end}, intervals={count}, r_tol={rtol}, a_tol={atol})
"""


def cold(code: str, home: Path) -> tuple[float, float]:
    """Seconds from nothing to a result in a process of its own: by the clock, and of a processor."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "VESICLE_HOME": str(home), "SUNLOGGER_WARNING_FILENAME": os.devnull}
    start, used = time.perf_counter(), _children()
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, _children() - used


def _children() -> float:
    found = resource.getrusage(resource.RUSAGE_CHILDREN)
    return found.ru_utime + found.ru_stime


def both(name: str, times: dict[str, list[tuple[float, float]]], ours: str, unit: float = 1.0, word: str = "s") -> list[str]:
    """A row by the clock and one of processor time, which the load of the machine moves less."""
    return [row(f"{name}, {kind}", {who: [t[i] for t in found] for who, found in times.items()}, ours, unit, word) for i, kind in enumerate(("clock", "processor"))]


def row(name: str, times: dict[str, list[float]], ours: str, unit: float = 1.0, word: str = "s") -> str:
    """Medians, and each of the others as a multiple of ours, round by round."""
    parts = []
    for who, found in times.items():
        ratios = [b / a for a, b in zip(times[ours], found, strict=True)]
        factor = "" if who == ours else f" = {statistics.median(ratios):.2f} x ({min(ratios):.2f} to {max(ratios):.2f})"
        parts.append(f"{who} {statistics.median(found) * unit:.3g} {word}{factor}")
    return f"{name}: " + "; ".join(parts)


def first_results(scenario: str, arm: str, numbers: dict, rounds: int, folder: Path) -> list[str]:
    """A first result from a cold process: ours with and without the kept arm, libRoadRunner and COPASI on the exported SBML."""
    codes = {
        "ours, arm kept": OURS.format(scenario=scenario, arm=arm),
        "ours, nothing kept": OURS.format(scenario=scenario, arm=arm),
        "libRoadRunner by hand": ROADRUNNER.format(**numbers),
        "COPASI": COPASI.format(**numbers),
    }
    kept = folder / "kept"
    cold(codes["ours, arm kept"], kept)
    times: dict[str, list[tuple[float, float]]] = {who: [] for who in codes}
    for _ in range(rounds):
        for who, code in codes.items():
            home = kept if who == "ours, arm kept" else folder / "fresh"
            shutil.rmtree(folder / "fresh", ignore_errors=True)
            times[who].append(cold(code, home))
    return both("cold process", times, "ours, arm kept")


def repeated(scenario: str, arm: str, numbers: dict, rounds: int) -> list[str]:
    """A repeated run in one process, and how far the three agree on the question's readout at the end."""
    import basico

    runner = _import().RoadRunner(numbers["file"])
    runner.integrator.relative_tolerance, runner.integrator.absolute_tolerance = numbers["rtol"], numbers["atol"]
    runner.timeCourseSelections = ["time", numbers["readout"]]
    model = basico.load_model(numbers["file"])
    ends: dict[str, float] = {}

    def by_us() -> None:
        ends["ours"] = float(simulate(scenario, arm).readout(numbers["name"])[-1])

    def by_roadrunner() -> None:
        runner.reset()
        ends["libRoadRunner"] = float(np.array(runner.simulate(0, numbers["end"], numbers["count"] + 1))[-1, 1])

    def by_copasi() -> None:
        table = basico.run_time_course(
            start_time=0, duration=numbers["end"], intervals=numbers["count"], r_tol=numbers["rtol"], a_tol=numbers["atol"], use_initial_values=True, model=model
        )
        ends["COPASI"] = float(table[f"Values[{numbers['readout']}]"].iloc[-1])

    runs = {"ours": by_us, "libRoadRunner by hand": by_roadrunner, "COPASI": by_copasi}
    times: dict[str, list[tuple[float, float]]] = {who: [] for who in runs}
    for turn in range(rounds + 1):
        for who, once in runs.items():
            start, used = time.perf_counter(), time.process_time()
            once()
            if turn:
                times[who].append((time.perf_counter() - start, time.process_time() - used))
    agreement = ", ".join(f"{who} {value:.8g}" for who, value in ends.items())
    return [*both("repeated run", times, "ours", 1000, "ms"), f"{numbers['name']} at the end: {agreement}"]


def assembly() -> str:
    """The largest shipped model, from records to a checked network."""
    found = []
    for name in scenario_file.shipped_names():
        scenario = scenario_file.load(name)
        for arm in scenario.arms:
            start = time.perf_counter()
            model = assemble(scenario, shipped(), (arm,))[arm]
            found.append((len(model.flat.species), time.perf_counter() - start, f"{name} {arm}"))
    species, seconds, name = max(found)
    return f"assembly: largest shipped model ({name}, {species} species) {seconds:.2f} s; slowest of all {max(s for _, s, _ in found):.2f} s"


def main() -> None:
    """Print everything, with the versions and the load of the machine."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5)
    rounds = arguments.parse_args().rounds
    versions = {name: importlib.metadata.version(name) for name in ("libroadrunner", "copasi-basico", "numpy")}
    print(json.dumps({**versions, "processors": os.cpu_count(), "load": os.getloadavg() if hasattr(os, "getloadavg") else None}))
    print(assembly())
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        os.environ["VESICLE_HOME"] = str(folder / "own")
        for scenario, arm in ARMS:
            asked = scenario_file.load(scenario)
            (written,) = export(scenario, "sbml", folder / f"{scenario}-{arm}.xml", arm=arm)
            name = asked.question.readout
            numbers = {
                "file": written["file"], "rtol": ENSEMBLE_RTOL, "atol": SMALLEST, "end": asked.duration, "name": name,
                "count": steps(asked.duration, asked.observe_every, asked.question.at), "readout": _observable(name),
            }  # fmt: skip
            species = len(simulate(scenario, arm).trajectory.program.amounts)
            print(f"\n{scenario}, {arm}: {species} species, relative tolerance {ENSEMBLE_RTOL:g}")
            for line in (*first_results(scenario, arm, numbers, rounds, folder), *repeated(scenario, arm, numbers, rounds)):
                print(line)


def _observable(name: str) -> str:
    from vesicle.model.sbml import observable_id

    return observable_id(name)


if __name__ == "__main__":
    main()
    stochastic.main()
