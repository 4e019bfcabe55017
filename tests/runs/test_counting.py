"""A scenario in which every vesicle is counted: the shipped well, brought down to one cell."""

import json

import pytest

from vesicle import api
from vesicle.cli.main import main
from vesicle.engines.base import OK
from vesicle.errors import UnknownName, UnsupportedFeature
from vesicle.runs import documents
from vesicle.runs.execute import execute

WELL = "breast-mir100-well"
DOSED = ("natural_exosome", "mir100_exosome", "perfect_sink")
ONE_CELL = {
    "environment.area": "7e-6 cm2", "recipients.breast_cancer.cells": "1 cell", "question.at": "2 h", "observe_every": "0.5 h",
    **{f"arms.{arm}.doses.0.amount": "100 EV" for arm in DOSED},
}  # fmt: skip
SMALL = {"engine": "ssa", "samples": 2, "until": "2 h", "changes": ONE_CELL}


@pytest.fixture(scope="module")
def outcome():
    return execute(WELL, workers=1, **SMALL)


def test_well_of_one_cell_runs_with_every_vesicle_counted(outcome):
    for ensemble in outcome.ensembles.values():
        assert set(ensemble.statuses) == {OK}
        assert (ensemble.crossings == ensemble.crossings.round()).all()


def test_nothing_given_is_lost_not_even_a_share(outcome):
    for arm in DOSED:
        assert outcome.ensembles[arm].balance == {outcome.models[arm].network.particles[0].id: 0.0}


def test_one_worker_and_two_write_the_same_numbers(outcome):
    other = execute(WELL, workers=2, **SMALL)
    assert documents.as_json(documents.summary(other)) == documents.as_json(documents.summary(outcome))
    assert documents.trajectories(other) == documents.trajectories(outcome)


def test_run_says_which_engine_made_it(outcome):
    assert documents.summary(outcome)["engine"] == json.loads(documents.run_json(outcome))["engine"] == "ssa"
    assert outcome.dose["reason"].endswith("--engine ode")


def test_engines_have_runs_of_their_own():
    folders = {api.default_folder(WELL, 6, 1, ONE_CELL, None, engine) for engine in ("ode", "ssa")}
    assert len(folders) == 2


def test_unknown_engine_is_named():
    with pytest.raises(UnknownName, match="unknown engine 'tau'"):
        execute(WELL, engine="tau")


@pytest.mark.parametrize("name", ["mouse-biodistribution", "pancreas-kras"])
def test_scenario_that_cannot_be_counted_is_refused_before_it_starts(name):
    with pytest.raises(UnsupportedFeature, match="events per run are to be expected, most of them '"):
        execute(name, engine="ssa", samples=1, workers=1)


def test_refusal_ends_the_command_with_two(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["vesicle", "run", WELL, "--engine", "ssa", "--samples", "1", "--workers", "1", "--out", str(tmp_path / "run")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--engine ode" in capsys.readouterr().err
