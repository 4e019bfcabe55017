"""Our engine against COPASI on every shipped scenario, one arm of each structure: writes ``AGREEMENT.tsv``.

    |ours - COPASI| / (|COPASI| + floor)  <  1e-4        every readout and amount, at every output time and at the question's

Ours integrates the lean network with doses as stops (libRoadRunner, CVODE); COPASI (LSODA) reads the exported SBML of the full network, doses as events.
The two share the equations and nothing else: what folding, held rules, initial amounts, events, Max and Min do wrong on either way is seen here.

Both are given tolerances far below what is asked of them. Each allows every amount x_i an error of its absolute tolerance a_i per step, and a relative one that is
nothing beside 1e-4; over N steps a readout y(x) may so be off by

    e(y) = sum_i |y(x_i + N a_i) - y(x_i)| + 16 eps max_t |y|,        floor = e(y) / 1e-4

where N is 1000 steps and a_i is the sum of both absolute tolerances: 1e-16 of the largest dose (ours; 1e-12 for what is no amount, such as an exposure) and
1e-10 (COPASI's). The last term is rounding; for readouts without a unit max_t |y| is at least 1, as many are one less a share. The floor is counted only where
the two differ by more than 1e-4 without it: below it neither program says anything. ``without_floor`` holds the worst difference before it. ``kept_runs`` is the
difference at the question for the tolerances of the runs that users see (1e-9 for the nominal one, 1e-6 for draws), not judged here.

``python verification/agreement.py`` runs all and writes the table; with names, only these, and prints. Every scenario runs in a process of its own and
every COPASI run in one with a limit of time: what crashes or does not end is a row that says so.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "engines"))

from oracles import tight, watched  # noqa: E402
from shipped_models import models, unlike  # noqa: E402

from vesicle.engines.ode import ENSEMBLE_RTOL, STRICT_RTOL, OdeEngine  # noqa: E402
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of  # noqa: E402
from vesicle.model import sbml  # noqa: E402
from vesicle.model.scenario_file import load, shipped_names  # noqa: E402

TABLE = Path(__file__).parent / "AGREEMENT.tsv"
PAGE = ROOT / "docs" / "explanation" / "agreement.md"
AGREEMENT = 1e-4
RTOL, OURS, OTHERS, THEIRS = 1e-12, 1e-16, 1e-12, 1e-10
ROUNDING = 16 * np.finfo(float).eps
STEPS = 1000.0
"""Over how many steps errors of the absolute kind may add up with one sign; amounts that relax forget older ones."""
LIMIT, WHOLE = 300.0, 3000.0
"""Seconds by the clock that one run of COPASI, and one scenario, may take."""
SEED = 2026
DRAWS = {"nominal": -1, "draw 0": 0}
COLUMNS = (
    "scenario", "arm", "draw", "species", "readouts", "times", "verdict", "worst", "at_h", "largest_difference", "without_floor", "its_worst",
    "question", "difference_at_question", "kept_runs", "seconds_ours", "seconds_copasi", "note",
)  # fmt: skip


def copasi(text: str, ids: list[str], times: tuple[float, ...], pipe) -> None:
    """(n_time, n_id) of exported SBML in COPASI, and the seconds of a processor that the run took, down a pipe."""
    import basico

    handle = basico.load_model_from_string(text)
    start = time.process_time()
    table = basico.run_time_course(values=list(times), method="deterministic", r_tol=RTOL, a_tol=THEIRS, max_steps=10_000_000, use_numbers=False, model=handle, update_model=False)
    used = time.process_time() - start
    species, others = basico.get_species(model=handle), basico.get_parameters(model=handle)
    columns = []
    for name in ids:
        shown = [c for c in (name, f"Values[{name}]") if c in table.columns]
        if shown:
            columns.append(table[shown[0]].to_numpy())
        else:  # COPASI shows no course of what nothing changes
            value = species.initial_concentration[name] if name in species.index else others.initial_value[name]
            columns.append(np.full(len(table), value))
    pipe.send((np.column_stack(columns), used))
    pipe.close()


def limited(text: str, ids: list[str], times: tuple[float, ...]) -> tuple[np.ndarray, float]:
    """COPASI in a process of its own; TimeoutError past the limit, RuntimeError where it ends without a result."""
    here, there = multiprocessing.Pipe(False)
    process = multiprocessing.get_context("fork").Process(target=copasi, args=(text, ids, times, there))
    process.start()
    there.close()
    try:
        if not here.poll(LIMIT):
            raise TimeoutError(f"COPASI was stopped after {LIMIT:g} s")
        table, used = here.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"COPASI ended without a result (exit code {process.exitcode})") from None
    finally:
        process.kill()
        process.join()
    if table.shape[0] != len(times) or not np.all(np.isfinite(table)):
        raise RuntimeError(f"COPASI gave {table.shape[0]} of {len(times)} times, {int(np.sum(~np.isfinite(table)))} numbers not finite")
    return table, used


def asked_times(scenario, one) -> tuple[float, ...]:
    """The scenario's output times and the question's; one at a dose is moved on, as programs differ in whether they show a dose at its own time."""
    at = [scenario.question.at] if scenario.question else []
    doses = {dose.time for dose in one.network.arm.doses}
    times = output_times(scenario.duration, scenario.observe_every, at)
    moved = {t + 0.013 * scenario.observe_every if t in doses and t > 0 else t for t in times if t > 0}
    return (0.0, *sorted(t for t in moved if t <= scenario.duration))


class Tight(OdeEngine):
    """The deterministic engine with tolerances far below what is asked of it."""

    def __init__(self) -> None:
        super().__init__(RTOL)

    def _tolerances(self, program, values, runner) -> None:
        self.runner = runner
        tight(runner, RTOL, max(values.doses, default=1.0))


def floors(engine: Tight, program, values, run, moving: list[str], where: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
    """(time, readout) -> what the absolute tolerances let a readout be off by, for those that are asked; see the module."""
    runner = engine.runner
    counted = set(runner.model.getFloatingSpeciesIds())
    column = {name: program.observables.index(name) for name in moving}
    off = {name: STEPS * ((OURS * max(values.doses, default=1.0) if name in counted else OTHERS) + THEIRS) for name in moving}
    out: dict[tuple[int, int], float] = {}
    for row in sorted({row for row, _ in where}):
        asked = [c for r, c in where if r == row]
        ids = [program.observable_ids[c] for c in asked]
        state = {name: max(float(run.outputs[row, column[name]]), 0.0) for name in moving}
        runner.model.setTime(run.times[row])
        for name, amount in state.items():
            runner[name] = amount
        base, moved = np.array([runner[i] for i in ids]), np.zeros(len(ids))
        for name, amount in state.items():
            runner[name] = amount + off[name]
            moved += np.abs(np.array([runner[i] for i in ids]) - base)
            runner[name] = amount
        out |= {(row, c): float(m) for c, m in zip(asked, moved, strict=True)}
    return out


def compared(name: str, arm: str) -> Iterator[dict[str, object]]:
    """The rows of one arm: the nominal run and a draw."""
    scenario, model = load(name), models(name)[arm]
    one, species = watched(model)
    own = [o for o in model.network.observables if o.id in species or sbml.observable_id(o.id) not in {sbml.observable_id(n) for n in species}]  # an amount stands for itself
    readouts = [o.id for o in own]
    one = replace(one, network=replace(one.network, observables=(*own, *(o for o in one.network.observables if o.id not in readouts))))
    times = asked_times(scenario, model)
    program, lean = compile_model(one, times)
    text = sbml.write(model.network, model.flat)
    ids = [sbml.observable_id(n) if n in readouts else n for n in program.observables]
    shares = {o.id for o in model.network.observables if o.unit in ("1", "fold")}
    for draw, sample in DRAWS.items():
        row: dict[str, object] = {"scenario": name, "arm": arm, "draw": draw, "species": len(species), "readouts": len(readouts), "times": len(times)}
        matrix = draw_matrix(model.network.parameters, SEED, [sample], model.network.arm.set)
        values = values_of(lean, model.network.parameters, matrix, [(SEED, sample)])[0]
        engine = Tight()
        start = time.process_time()
        run = engine.run(program, values)
        row["seconds_ours"] = f"{time.process_time() - start:.2f}"
        if run.status != "ok":
            yield row | {"verdict": "not run", "note": f"ours: {run.status}"}
            continue
        own = {p.id: value for p, value in zip(model.network.parameters, matrix[0].tolist(), strict=True)}
        try:
            theirs, used = limited(with_values(text, own), ids, times)
        except (TimeoutError, RuntimeError) as problem:
            yield row | {"verdict": "not run", "note": str(problem)}
            continue
        row["seconds_copasi"] = f"{used:.2f}"
        row |= judged(program, run.outputs, theirs, shares, lambda where, e=engine, v=values, r=run: floors(e, program, v, r, list(species), where))
        question = scenario.question
        if question and question.readout in program.observables and question.at in times:
            place = times.index(question.at), program.observables.index(question.readout)
            kept = OdeEngine(STRICT_RTOL if draw == "nominal" else ENSEMBLE_RTOL).run(program, values)
            row |= {
                "question": question.readout, "difference_at_question": relative(run.outputs[place], theirs[place]),
                "kept_runs": relative(kept.outputs[place], theirs[place]) if kept.status == "ok" else kept.status,
            }  # fmt: skip
        yield row


def with_values(text: str, values: dict[str, float]) -> str:
    """An exported model with the parameters of a draw."""
    import libsbml

    document = libsbml.readSBMLFromString(text)
    for name, value in values.items():
        document.getModel().getParameter(name).setValue(value)
    return str(libsbml.writeSBMLToString(document))


def relative(ours: float, theirs: float) -> str:
    """|ours - theirs| / |theirs|; nothing where both are the same."""
    return f"{abs(ours - theirs) / abs(theirs) if theirs else abs(ours - theirs):.1e}"


def judged(program, ours: np.ndarray, theirs: np.ndarray, shares: set[str], floor) -> dict[str, object]:
    """The worst difference of all readouts, amounts and times, and what it is of."""
    difference = np.abs(ours - theirs)
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = np.where(difference > 0, difference / np.abs(theirs), 0.0)
    suspects = [(int(r), int(c)) for r, c in np.argwhere(plain > AGREEMENT)]
    share = plain.copy()
    for (r, c), least in (floor(suspects) if suspects else {}).items():
        scale = abs(theirs[r, c]) + (least + ROUNDING * max(np.max(np.abs(theirs[:, c])), float(program.observables[c] in shares))) / AGREEMENT
        share[r, c] = difference[r, c] / scale if scale else np.inf
    r, c = np.unravel_index(np.argmax(share), share.shape)
    _, before = np.unravel_index(np.argmax(plain), plain.shape)
    found = {
        "verdict": "agrees" if share[r, c] < AGREEMENT else "DISAGREES", "worst": program.observables[c], "at_h": f"{program.times[r]:g}",
        "largest_difference": f"{share[r, c]:.1e}", "without_floor": f"{np.max(plain):.1e}", "its_worst": program.observables[before],
    }  # fmt: skip
    if found["verdict"] != "agrees":
        several = sorted({program.observables[i] for i in np.argwhere(share >= AGREEMENT)[:, 1]})
        found["note"] = f"ours {ours[r, c]:.8g}, COPASI {theirs[r, c]:.8g}; {len(several)} readouts or amounts differ: {', '.join(several[:8])}"
    return found


def rows(name: str) -> Iterator[dict[str, object]]:
    """Every row of one scenario."""
    for arm in unlike(name):
        yield from compared(name, arm)


def apart(name: str) -> list[dict[str, object]]:
    """The rows of one scenario from a process of its own; a crash keeps what came before and says so."""
    done = subprocess.Popen([sys.executable, __file__, "--rows", name], stdout=subprocess.PIPE, text=True)
    try:
        text, _ = done.communicate(timeout=WHOLE)
    except subprocess.TimeoutExpired:
        done.kill()
        text, _ = done.communicate()
    found = [json.loads(line[4:]) for line in text.splitlines() if line.startswith("ROW ")]
    if done.returncode:
        found.append({"scenario": name, "verdict": "not run", "note": f"the process ended with {done.returncode} after {len(found)} rows"})
    return found


def page(found: dict[str, list[dict[str, str]]]) -> str:
    """The table in words, what was not run first."""
    every = [row for each in found.values() for row in each]
    agreeing = [row for row in every if row["verdict"] == "agrees"]
    others = [row for row in every if row["verdict"] != "agrees"]
    absent = [name for name, each in found.items() if not each]
    worst = max(agreeing, key=lambda row: float(row["largest_difference"]))
    kept = {draw: max((float(r["kept_runs"]) for r in agreeing if r["draw"] == draw and r.get("kept_runs")), default=0.0) for draw in DRAWS}
    said = [f"{r['scenario']}, {r.get('arm', '')}, {r.get('draw', '')}: {r['verdict']}, {r.get('worst', '')} {r.get('note', '')}" for r in others]
    seconds = {who: sum(float(row[who]) for row in agreeing) for who in ("seconds_ours", "seconds_copasi")}
    lines = [
        "# Agreement with COPASI", "",
        "Every shipped scenario, one arm of each structure, the nominal run and one draw: every readout and every amount, at every output time, in our engine on the lean",
        f"network and in COPASI on the exported SBML. Asked: a relative difference below {AGREEMENT:g}, with a floor that follows from the absolute tolerances.",
        "Written by `verification/agreement.py`, which says how; every run is a line of `verification/AGREEMENT.tsv`.", "",
        "- Not in the table yet: " + (", ".join(absent) or "none") + ".",
        f"- Not agreeing or not run: {'; '.join(said) or 'none'}.",
        f"- Agreeing: {len(agreeing)} runs of {len({(r['scenario'], r['arm']) for r in agreeing})} arms in {len({r['scenario'] for r in agreeing})} of {len(found)} scenarios.",
        f"- Largest difference among them: {worst['largest_difference']} ({worst['scenario']}, {worst['arm']}, {worst['draw']}, `{worst['worst']}` at {worst['at_h']} h).",
        f"- Question's readout at the question's time with the tolerances that users get: {kept['nominal']:.1e} at most for nominal runs, {kept['draw 0']:.1e} for draws.",
        f"- Seconds of a processor at these tight tolerances: {seconds['seconds_ours']:.0f} (ours, with compiling), {seconds['seconds_copasi']:.0f} (COPASI, without).",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def write(found: dict[str, list[dict[str, str]]]) -> None:
    """The table and its page."""
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows(row for each in found.values() for row in each)
    PAGE.write_text(page(found))


def main(names: list[str]) -> None:
    """Run and write."""
    if names[:1] == ["--rows"]:
        for name in names[1:]:
            for row in rows(name):
                print("ROW " + json.dumps(row), flush=True)
            models.cache_clear()
        return
    old = list(csv.DictReader(TABLE.open(), delimiter="\t")) if TABLE.exists() and names else []
    found = {name: [row for row in old if row["scenario"] == name] for name in shipped_names()}
    for name in names or shipped_names():
        found[name] = apart(name)
        others = [f"\n   {r.get('arm')} {r.get('draw')} {r['verdict']}: {r.get('worst')} {r.get('note')}" for r in found[name] if r["verdict"] != "agrees"]
        print(name, len(found[name]), "rows,", len(others), "not agreeing", *others, flush=True)
        write(found)


if __name__ == "__main__":
    main(sys.argv[1:])
