"""Every shipped scenario runs to the end by the command, with few draws: minutes, so not in the suite."""

import json

import pytest
from typer.testing import CliRunner

from vesicle.cli.main import app
from vesicle.model.scenario_file import shipped_names


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_scenario_runs_and_no_draw_fails(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = CliRunner().invoke(app, ["run", name, "--samples", "2", "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["status"] == "ok"
