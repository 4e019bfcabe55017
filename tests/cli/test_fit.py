"""``vesicle fit``: one command for recorded calibrations and for data."""

import json

import numpy as np
import pytest

TABLE = "arm\tsubject\ttime [d]\tvalue [mm3]\n" + "".join(f"PBS\tm1\t{t}\t{100 * np.exp(0.2 * t) * (1 + 0.03 * (-1) ** t):.5g}\n" for t in range(0, 12, 2))
QUICK = ("--law", "exponential", "--starts", "1", "--held-out", "0", "--error", "proportional")


@pytest.fixture
def vesicle(vesicle, tmp_path):
    """The program in a folder with a table."""
    (tmp_path / "mine.tsv").write_text(TABLE)
    return vesicle


def test_without_data_a_recorded_calibration_is_made_again(vesicle, monkeypatch):
    monkeypatch.setattr("vesicle.api.fit", lambda name: {"calibration": name})  # what it finds is tested with the calibration
    for words in (("fit", "--json"), ("fit", "secretion", "--json")):
        code, out, _ = vesicle(*words)
        assert (code, json.loads(out)) == (0, {"calibration": "secretion"})


def test_with_data_the_parameters_are_told_in_words(vesicle):
    code, out, _ = vesicle("fit", "growth", "mine.tsv", *QUICK)
    assert code == 0
    assert "Only exponential was fitted" in out
    assert "lambda0: identifiable: 0." in out


def test_json_is_one_document_and_equal_to_the_file(vesicle, tmp_path):
    code, out, _ = vesicle("fit", "growth", "mine.tsv", *QUICK, "--json", "--out", "here")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "here" / "fit.json").read_text())


def test_bad_data_end_with_two_and_one_sentence(vesicle, tmp_path):
    (tmp_path / "mine.tsv").write_text(TABLE.replace(" [mm3]", ""))
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK, "--out", "here")
    assert (code, out) == (2, "")
    assert err.startswith("vesicle: mine.tsv:2: column 'value': '")
    assert err.count("\n") == 1
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("PBS\tm1\t0\t5\n", "only 1 time"),
        ("PBS\tm1\t0\t5\nPBS\tm1\t0\t6\n", "has the time 0 already"),
        ("PBS\tm1\t0\t5\nPBS\tm1\t1\t6\n", "has 2 measured values for the 3 parameters of exponential"),
        ("PBS\tm1\t0\t0\nPBS\tm1\t1\t0\n", "all values of subject 'm1' are zero"),
    ],
)
def test_what_cannot_be_fitted_ends_with_two_and_one_sentence(vesicle, tmp_path, rows, says):
    (tmp_path / "mine.tsv").write_text(TABLE.partition("\n")[0] + "\n" + rows)
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


def test_an_unknown_scenario_names_the_nearest(vesicle):
    code, _, err = vesicle("fit", "hela-uptake-wel", "mine.tsv", "--free", "x")
    assert code == 2
    assert "hela-uptake-well" in err


@pytest.mark.parametrize("stands", ["file", "folder of others", "not writable"])
def test_a_place_that_cannot_be_written_is_refused_before_the_fit(vesicle, tmp_path, monkeypatch, stands):
    def fitted(*arguments):
        raise AssertionError("the fit was made")

    monkeypatch.setattr("vesicle.inference.growth.fit_growth", fitted)
    place = tmp_path / "here"
    if stands == "file":
        place.write_text("mine")
    elif stands == "folder of others":
        place.mkdir()
        (place / "notes.txt").write_text("mine")
    else:
        (tmp_path / "wall").write_text("a file is no folder to write into")
        place = tmp_path / "wall" / "here"
    before = {p.name for p in tmp_path.iterdir()}
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK, "--out", str(place))
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert f"{place}: " in err
    assert {p.name for p in tmp_path.iterdir()} == before


@pytest.mark.parametrize("option", ["--laboratory", "--experiment"])
@pytest.mark.parametrize("text", ["a\tb", "a\nb", "=1+1"])
def test_a_text_that_would_break_the_table_of_records_is_refused(vesicle, option, text):
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK, option, text)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"vesicle: {option}")


def test_a_seed_below_zero_is_refused(vesicle):
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK, "--seed", "-1")
    assert (code, out) == (2, "")
    assert "--seed -1: expected a whole number of 0 or more" in err


def test_stopped_leaves_nothing_half_written(vesicle, tmp_path, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("vesicle.report.fits.build", stop)
    before = set(tmp_path.iterdir())
    code, out, err = vesicle("fit", "growth", "mine.tsv", *QUICK, "--out", "here")
    assert (code, out) == (3, "")
    assert "stopped" in err
    assert set(tmp_path.iterdir()) == before
