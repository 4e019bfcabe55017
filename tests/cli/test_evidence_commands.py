"""The evidence base from the command line: counts, audit, conflicts."""

import json

import pytest
from typer.testing import CliRunner

from vesicle.cli.main import app


def told(*words):
    found = CliRunner().invoke(app, ["evidence", *words])
    assert found.exit_code == 0
    return found.stdout


def test_stats_names_every_system_as_json():
    systems = json.loads(told("stats", "--json"))["claims"]["per_system"]
    assert {"A1", "D10", "E9", "G5"} <= set(systems)


def test_audit_names_the_protein_that_does_not_exist():
    assert any("caspase-29" in finding["reason"] for finding in json.loads(told("audit", "--json")))


def test_conflict_on_tumour_growth_shows_both_sides():
    found = json.loads(told("conflicts", "tumour growth", "--json"))
    assert any({"+", "-"} <= set(conflict["sides"]) for conflict in found)


@pytest.mark.parametrize("words", [("stats",), ("audit",), ("conflicts", "angiogenesis")])
def test_command_prints_something_to_read(words):
    assert len(told(*words).splitlines()) > 5


@pytest.mark.parametrize("name", ["tsv", "jsonl", "indra", "cx2", "graphml", "sif"])
def test_claims_leave_in_every_format(name):
    assert len(told("export", "--format", name)) > 1000


def test_unknown_format_is_refused_with_the_nearest():
    found = CliRunner().invoke(app, ["evidence", "export", "--format", "graphm"])
    assert "Did you mean 'graphml'" in str(found.exception)


def test_old_name_of_a_mirna_resolves_to_the_current_one():
    assert json.loads(told("resolve", "miRNA-21", "--json"))["name"] == "hsa-miR-21-5p"


def test_ambiguous_name_of_a_mirna_is_refused_with_candidates():
    found = CliRunner().invoke(app, ["evidence", "resolve", "miR-146"])
    assert "hsa-miR-146b-5p" in str(found.exception)
