"""``vesicle run FILE.xml``: a model from elsewhere runs, and says what it is not."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from vesicle import api
from vesicle.cli.main import app
from vesicle.errors import InputError, StoreError

MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="decay"{time}>
<listOfUnitDefinitions><unitDefinition id="hour"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition></listOfUnitDefinitions>
<listOfParameters><parameter id="k" value="0.5" constant="true"/><parameter id="x" value="8" constant="false"/></listOfParameters>
<listOfRules><rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><minus/><apply><times/><ci>k</ci><ci>x</ci></apply></apply></math></rateRule></listOfRules>
</model></sbml>
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "decay.xml"
    path.write_text(MODEL.format(time=' timeUnits="hour"'))
    return path


def test_command_prints_the_summary_and_writes_the_folder(file, tmp_path):
    done = CliRunner().invoke(app, ["run", str(file), "--until", "4", "--set", "k=1", "--out", str(tmp_path / "out"), "--json"])
    assert done.exit_code == 0
    summary = json.loads(done.stdout)
    assert summary["quantities"]["x"]["end"] == pytest.approx(8 * np.exp(-4), rel=1e-5)
    assert (summary["schema"], summary["status"], summary["engine"], summary["seed"], summary["verdict"], summary["custody"]) == (
        "vesicle-model-summary/1",
        "ok",
        "ode",
        None,
        None,
        None,
    )
    assert json.loads((tmp_path / "out" / "summary.json").read_text()) == summary
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"summary.json", "trajectories.parquet", "model.xml", "run.json"}


def test_command_says_that_there_is_no_verdict(file, tmp_path):
    done = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "out")])
    assert "no custody table and no verdict" in done.stdout
    assert "set another end with --until" in done.stdout


def test_trajectories_are_in_the_folder_with_all_their_digits(file, tmp_path):
    import pyarrow.parquet as pq

    run = api.run_model(file, tmp_path / "out", until="4")
    table = pq.read_table(tmp_path / "out" / "trajectories.parquet").to_pydict()
    assert table["value"] == list(run.amount("x"))
    assert set(table["time_unit"]) == {"h"}


def test_model_in_the_folder_gives_the_same_curve(file, tmp_path):
    run = api.run_model(file, tmp_path / "out", until="4")
    assert api.run_model(tmp_path / "out" / "model.xml", until="4").amount("x") == pytest.approx(run.amount("x"), rel=1e-7)


def test_same_run_is_replaced_and_another_is_not_overwritten(file, tmp_path):
    first = api.run_model(file, tmp_path / "out", until="4")
    assert api.run_model(file, tmp_path / "out", until="4").summary == first.summary
    with pytest.raises(StoreError, match="another run"):
        api.run_model(file, tmp_path / "out", until="5")


def test_end_with_a_unit_is_converted_to_the_unit_of_the_file(file):
    assert api.run_model(file, until="1 d").times[-1] == 24


@pytest.mark.parametrize(("until", "words"), [("-1", "above zero"), ("many", "not a plain"), ("3 mL", "converts to 'h'")])
def test_end_that_is_no_time_is_refused(file, until, words):
    with pytest.raises(InputError, match=words):
        api.run_model(file, until=until)


def test_unit_for_a_file_without_a_unit_of_time_is_refused(tmp_path):
    path = tmp_path / "decay.xml"
    path.write_text(MODEL.format(time=""))
    with pytest.raises(InputError, match="gives no unit of time"):
        api.run_model(path, until="4 h")


@pytest.mark.parametrize(("name", "content", "expected"), [("m.xml", b"anything", True), ("m.txt", b"  <?xml?>", True), ("m.yaml", b"<", False), ("m", b"name: x", False)])
def test_model_is_known_by_its_name_or_its_first_bytes(name, content, expected, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert api.is_model(tmp_path / name) is expected


def test_name_of_a_scenario_is_no_model():
    assert not api.is_model("pancreas-kras")
