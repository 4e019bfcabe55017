"""``vesicle export``, ``simulate`` and ``sensitivity``: exit codes, one sentence, JSON alone on standard output."""

import hashlib
import json
from pathlib import Path

import pytest

WELL, ARM = "breast-mir100-well", "perfect_sink"
SHORT = ("--set", "duration=1 h", "--set", "question.at=1 h", "--set", "observe_every=1 h")
pytestmark = pytest.mark.usefixtures("home")


def test_export_prints_what_it_wrote_with_its_hash(vesicle):
    code, out, _ = vesicle("export", WELL, "--format", "sbml", "--arm", ARM, "--json")
    (written,) = json.loads(out)
    content = Path(written["file"]).read_bytes()
    assert (code, written["sha256"], written["bytes"]) == (0, hashlib.sha256(content).hexdigest(), len(content))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "sbl"), "Did you mean 'sbml'"),
        (("--arm", "perfect_sing"), "Did you mean 'perfect_sink'"),
        (("--format", "ro-crate"), "describes a run folder"),
        (("--set", "durations=1 h"), "unknown key"),
        (("--format", "sbml", "--data", "none.tsv"), "no such file"),
    ],
)
def test_wrong_word_ends_with_two_and_one_sentence_and_writes_nothing(vesicle, tmp_path, words, said):
    code, out, err = vesicle("export", WELL, *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert [p.name for p in tmp_path.iterdir() if p.name != "home"] == []


def test_simulate_prints_a_table_of_readouts(vesicle):
    code, out, _ = vesicle("simulate", WELL, "--arm", ARM, "--readout", "in_medium", *SHORT)
    header, first, last = out.splitlines()
    assert (code, header.split("\t"), first.split("\t")[:3], last.split("\t")[2]) == (0, ["readout", "unit", "time_h", "value"], ["in_medium", "EV", "0"], "1")


def test_sensitivity_prints_its_document_alone(vesicle):
    code, out, _ = vesicle("sensitivity", WELL, "--readout", "held", "--method", "morris", "--samples", "2", "--workers", "1", "--out", "s", "--json", *SHORT)
    assert (code, json.loads(out)) == (0, json.loads(Path("s/sensitivity.json").read_text(encoding="utf-8")))
    assert Path("s/held.png").exists()


def test_wrong_method_names_the_nearest(vesicle):
    code, _, err = vesicle("sensitivity", WELL, "--method", "moris")
    assert code == 2
    assert "Did you mean 'morris'" in err
