"""The command line: exit codes, one sentence per error, JSON and nothing else on standard output."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from vesicle._version import VERSION
from vesicle.cli import main as cli

WELL = "breast-mir100-well"
SHORT = ("--samples", "4", "--until", "1 h", "--set", "question.at=1 h", "--workers", "1")
SOURCE = Path(cli.__file__).parents[2]


def real(*words, cwd=None):
    """Run the program as a user does."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1"}
    return subprocess.run([sys.executable, "-m", "vesicle.cli.main", *words], capture_output=True, cwd=cwd, env=environment, timeout=120, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One real run with --json: the process, and its run folder."""
    place = tmp_path_factory.mktemp("cli")
    return real("run", WELL, *SHORT, "--out", "mine", "--json", cwd=place), place / "mine"


# a run -------------------------------------------------------------------------------------------


def test_run_ends_with_zero(finished):
    process, _ = finished
    assert (process.returncode, b"Traceback" in process.stderr) == (0, False)


def test_json_prints_exactly_the_summary_and_nothing_else(finished):
    process, folder = finished
    assert process.stdout == (folder / "summary.json").read_bytes()


def test_json_holds_the_keys_that_the_design_promises(finished):
    summary = json.loads(finished[0].stdout)
    assert {
        "scenario",
        "seed",
        "samples",
        "engine",
        "arms",
        "verdict",
        "warnings",
        "evidence",
        "parameters",
        "unmeasured_share",
        "schema",
        "status",
        "evidence_version",
    } <= summary.keys()
    assert {"call", "probability", "threshold", "limiting_step", "deciding_parameter", "gap_orders", "dose_needed"} <= summary["verdict"].keys()
    assert all({"custody", "readouts", "verdict"} <= arm.keys() for arm in summary["arms"].values())
    assert (summary["samples"], summary["seed"], summary["scenario"]) == (4, 1, WELL)


def test_progress_goes_to_standard_error(finished):
    assert b"simulating: 8 of 8" in finished[0].stderr


def test_run_folder_holds_what_the_design_promises(finished):
    assert {p.name for p in finished[1].iterdir()} == {"report.html", "summary.json", "custody.tsv", "trajectories.parquet", "model.xml", "run.json"}


def test_run_json_says_what_made_the_run(finished):
    made = json.loads((finished[1] / "run.json").read_text(encoding="utf-8"))
    assert (made["seed"], made["samples"], made["changes"], made["source"]) == (1, 4, {"question.at": "1 h", "duration": "1 h"}, WELL)
    assert made["versions"]["vesicle"] == VERSION


def test_run_without_json_prints_custody_verdict_and_report(vesicle, monkeypatch):
    monkeypatch.setattr("vesicle.report.page.build", lambda outcome, summary: b"")
    code, out, _ = vesicle("run", WELL, *SHORT, "--out", "mine")
    assert code == 0
    assert re.search(r"internalised", out)
    assert re.search(r"Verdict: implausible", out)
    assert re.search(r"Gap: .* orders of magnitude", out)
    assert "mine/report.html" in out
    assert "simulating" not in out


def test_default_folder_is_named_after_the_scenario_and_the_run(vesicle, tmp_path, monkeypatch):
    monkeypatch.setattr("vesicle.report.page.build", lambda outcome, summary: b"")
    assert vesicle("run", WELL, *SHORT, "--json")[0] == 0
    (made,) = (tmp_path / "results").iterdir()
    assert re.fullmatch(rf"{WELL}-[0-9a-f]{{8}}", made.name)


def test_folder_of_another_run_ends_with_one(vesicle, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine", encoding="utf-8")
    code, out, err = vesicle("run", WELL, *SHORT, "--out", "mine", "--json")
    assert (code, out) == (1, "")
    assert "holds another run or other files" in err


def test_interrupted_run_ends_with_three_and_can_be_resumed(vesicle, tmp_path, monkeypatch):
    from vesicle.errors import Interrupted
    from vesicle.runs import pool

    monkeypatch.setattr("vesicle.report.page.build", lambda outcome, summary: b"")
    with monkeypatch.context() as once:
        once.setattr(pool, "perform", lambda task: (_ for _ in ()).throw(KeyboardInterrupt))
        code, out, err = vesicle("run", WELL, *SHORT, "--out", "mine", "--json")
    assert (code, out, Interrupted.exit_code) == (3, "", 3)
    assert "stopped after 0 of 8 tasks" in err
    code, out, _ = vesicle("resume", "mine", "--workers", "1", "--json")
    assert code == 0
    assert out == (tmp_path / "mine" / "summary.json").read_text(encoding="utf-8")


def test_stopped_anywhere_ends_with_three_and_a_sentence(vesicle, monkeypatch):
    def stop(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("vesicle.api.simulation.simulate", stop)
    monkeypatch.setattr("vesicle.api.list_systems", stop)
    for words in (("simulate", WELL), ("systems",)):
        assert vesicle(*words) == (3, "", "vesicle: stopped; run the same command again.\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a group of processes")
def test_ctrl_c_pressed_twice_ends_with_three_a_sentence_and_no_worker(tmp_path):
    """The signal goes to the program and its workers, as a terminal sends it, once tasks are under way."""
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "NO_COLOR": "1", "VESICLE_HOME": str(tmp_path / "home")}
    words = [sys.executable, "-m", "vesicle.cli.main", "run", WELL, "--samples", "2000", "--workers", "2", "--out", "mine"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment, start_new_session=True)
    said = b""
    while not re.search(rb"simulating: [1-9]", said):
        said += (piece := os.read(process.stderr.fileno(), 1000))
        assert piece, said
    for _ in range(2):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.05)
    _, rest = process.communicate(timeout=60)  # workers hold the same streams, so their end is that of every worker
    assert process.returncode == 3, said + rest
    assert b"Traceback" not in said + rest
    assert rest.count(b"stopped after") == 1


# bad input ---------------------------------------------------------------------------------------

BAD = {
    "scenario": (("run", "breast-mir100-wel"), "Did you mean 'breast-mir100-well'?"),
    "scenario file": (("run", "nowhere.yaml"), "nowhere.yaml: no such file"),
    "engine": (("run", WELL, "--engine", "oed"), "unknown engine 'oed'. Did you mean 'ode'?"),
    "arm": (("run", WELL, "--set", "question.arm=natural_exosme"), "Did you mean 'natural_exosome'?"),
    "readout": (("run", WELL, "--set", "question.readout=mRNA:MTR"), "Did you mean 'mRNA:MTOR'?"),
    "parameter": (("run", WELL, "--set", "parameters.ev_diametr__exosome=1 nm"), "Did you mean 'ev_diameter__exosome'?"),
    "key": (("run", WELL, "--set", "nots=x"), "--set nots: unknown key 'nots'. Did you mean 'notes'?"),
    "set without a value": (("run", WELL, "--set", "duration"), "--set duration: expected path=value"),
    "set without a path": (("run", WELL, "--set", "=3 h"), "expected path=value"),
    "duration without a unit": (("run", WELL, "--until", "2"), "'2' has no unit"),
    "question after the end": (("run", WELL, "--set", "question.at=25 h"), "the question asks at 25 h, after the end at 24 h"),
    "no samples": (("run", WELL, "--samples", "0"), "--samples 0"),
    "seed": (("run", WELL, "--seed", "-1"), "--seed -1: expected a whole number of 0 or more"),
    "no workers": (("run", WELL, "--workers", "0"), "--workers 0"),
    "record": (("evidence", "show", "C-99999"), "unknown record 'C-99999'"),
    "file to check": (("evidence", "check", "nowhere.tsv"), "nowhere.tsv: no such file"),
    "mechanism": (("mechanisms", "attachmnt"), "Did you mean 'attachment'?"),
    "seed of a sensitivity": (("sensitivity", WELL, "--method", "sobol", "--seed", "-1"), "--seed -1: expected a whole number of 0 or more"),
    "growth without data": (("fit", "growth"), "expected DATA behind 'growth'"),
    "limit of a search": (("evidence", "search", "--limit", "-5", "exosome"), "--limit -5: expected at least 1"),
    "resume": (("resume", "nowhere"), "no interrupted run"),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_one_sentence_and_ends_with_two(vesicle, tmp_path, what):
    words, sentence = BAD[what]
    code, out, err = vesicle(*words)
    assert (code, out) == (2, "")
    assert err.startswith("vesicle: ")
    assert err.count("\n") == 1
    assert sentence in err


@pytest.mark.parametrize("what", [what for what, (words, _) in BAD.items() if words[0] == "run"])
def test_bad_input_leaves_nothing_behind(vesicle, tmp_path, what):
    vesicle(*BAD[what][0], "--out", "mine")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("bogus",), ("run",), ("run", WELL, "--samples", "x"), ("run", WELL, "--bogus")])
def test_command_that_is_not_there_ends_with_two(vesicle, words):
    code, out, err = vesicle(*words)
    assert (code, out) == (2, "")
    assert "Traceback" not in err


def test_misspelt_file_of_a_user_ends_with_two_and_no_traceback(tmp_path):
    (tmp_path / "mine.yaml").write_text("schema: vesicle-scenario/1\nname: x\nname: y\n", encoding="utf-8")
    process = real("run", "mine.yaml", cwd=tmp_path)
    assert (process.returncode, process.stdout) == (2, b"")
    assert process.stderr.decode() == "vesicle: mine.yaml:3: the key 'name' stands twice (first on line 2); keep one.\n"


def test_fault_of_the_program_is_one_sentence_and_ends_with_one(vesicle, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("oh")

    monkeypatch.delenv("VESICLE_DEBUG", raising=False)
    monkeypatch.setattr("vesicle.api.list_scenarios", broken)
    code, out, err = vesicle("scenarios")
    assert (code, out) == (1, "")
    assert err.startswith("vesicle: internal error (ZeroDivisionError: oh)")
    assert err.count("\n") == 1


# the other commands ------------------------------------------------------------------------------


def test_version(vesicle):
    assert vesicle("--version") == (0, f"vesicle {VERSION}\n", "")


def test_scenarios_are_listed_with_their_questions(vesicle):
    code, out, _ = vesicle("scenarios", "--json")
    listed = {item["name"]: item for item in json.loads(out)}
    assert code == 0
    assert {WELL, "pancreas-kras", "mouse-biodistribution"} <= listed.keys()
    assert listed[WELL]["question"] == "natural_exosome against vehicle: mRNA:MTOR by -10 % at 24 h"
    assert "Pakravan2017" in listed[WELL]["mimics"]


def test_mechanisms_are_listed_with_what_they_conserve(vesicle):
    from vesicle.mechanisms.registry import all_mechanisms

    code, out, _ = vesicle("mechanisms", "--json")
    assert code == 0
    assert [item["name"] for item in json.loads(out)] == list(all_mechanisms())
    assert all(item["does"] and item["conserves"] for item in json.loads(out))


def test_mechanism_is_shown_with_its_equations(vesicle):
    code, out, _ = vesicle("mechanisms", "silencing", "--json")
    assert code == 0
    assert "F = 1 - exp(-L)" in json.loads(out)["equations"]


def test_search_finds_a_claim_by_its_words(vesicle):
    code, out, _ = vesicle("evidence", "search", "miR-100", "mTOR", "--json")
    assert code == 0
    assert "C-0054" in [item["id"] for item in json.loads(out)]


def test_search_is_limited(vesicle):
    assert len(json.loads(vesicle("evidence", "search", "exosome", "--limit", "3", "--json")[1])) == 3


def test_search_without_a_find_is_empty_and_no_error(vesicle):
    code, out, _ = vesicle("evidence", "search", "zzzzzz", "--json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize("words", ['"', "a OR", "NEAR(", "*", "miR-100 -", "col:x"])
def test_search_takes_any_text_as_words(vesicle, words):
    code, _, err = vesicle("evidence", "search", "--json", "--", words)
    assert code == 0
    assert "error" not in err


def test_claim_is_shown_with_its_quote_and_who_uses_it(vesicle):
    code, out, _ = vesicle("evidence", "show", "C-0054", "--json")
    shown = json.loads(out)
    assert code == 0
    assert "can significantly reduce VEGF expression" in shown["quote"]
    assert shown["used_by_scenarios"] == ["breast-mir100-vegf-well", WELL]


def test_measurement_is_shown_with_the_mechanisms_that_ask_for_it(vesicle):
    from vesicle.evidence import shipped

    record = next(m for m in shipped().of("unbinding_rate") if m.role == "input")
    assert "attachment" in json.loads(vesicle("evidence", "show", record.id, "--json")[1])["used_by_mechanisms"]


@pytest.mark.parametrize("table", ["claims", "measurements", "references"])
def test_shipped_records_pass_their_own_check(vesicle, table):
    from vesicle.evidence.library import RECORDS

    code, out, _ = vesicle("evidence", "check", str(RECORDS / f"{table}.tsv"), "--json")
    assert code == 0
    assert (json.loads(out)["kind"], json.loads(out)["status"]) == (table, "ok")


def test_check_of_a_wrong_record_names_file_line_and_column(vesicle, tmp_path):
    from vesicle.evidence.library import RECORDS

    lines = (RECORDS / "measurements.tsv").read_text(encoding="utf-8").split("\n")[:3]
    cells = dict(zip(lines[0].split("\t"), lines[2].split("\t"), strict=True))
    lines[2] = "\t".join((cells | {"value": "1_000"}).values())
    (tmp_path / "mine.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    code, out, err = vesicle("evidence", "check", "mine.tsv")
    assert (code, out) == (2, "")
    assert err.startswith("vesicle: mine.tsv:3: column 'value': '1_000' is not a plain finite number")


# help --------------------------------------------------------------------------------------------

HEAVY = ("numpy", "sympy", "scipy", "pandas", "matplotlib", "pyarrow", "roadrunner", "libsbml", "pint", "ruamel", "jinja2", "vesicle.api")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["evidence", "--help"]])
def test_help_imports_nothing_heavy(words):
    """Help in under 0.3 s, said without a clock: none of the packages that take long is loaded."""
    program = f"""
import sys
sys.argv = ["vesicle", *{words!r}]
from vesicle.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, timeout=60, check=True)
    assert process.stderr.strip() == "[]"
    assert process.stdout


def test_help_names_every_command(vesicle):
    code, out, _ = vesicle("--help")
    assert code == 0
    assert {"run", "resume", "scenarios", "mechanisms", "evidence"} <= set(out.split())


# the package -------------------------------------------------------------------------------------

ROOMS = (
    "network",
    "evidence",
    "products",
    "mechanisms",
    "mechanisms.registry",
    "model.assembly",
    "engines.program",
    "engines.ode",
    "engines.ssa",
    "engines.registry",
    "readouts.custody",
    "runs.execute",
    "report",
    "api",
    "cli.main",
)


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_can_be_imported_first(room):
    process = subprocess.run(
        [sys.executable, "-c", f"import vesicle.{room}"], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, timeout=60, check=False
    )
    assert process.returncode == 0, process.stderr


def test_public_names_are_the_same_at_every_use():
    """A room of the same name must not take the place of a public call once it is imported."""
    program = "import vesicle as vs, vesicle.api; assert all(getattr(vs, n) is getattr(vs, n) for n in vs.__all__); assert vs.list_mechanisms() and vs.list_scenarios()"
    process = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, timeout=60, check=False)
    assert process.returncode == 0, process.stderr
