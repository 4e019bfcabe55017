"""Trials: what was read, when it was true, and what nobody looked up."""

import json

import pytest
from typer.testing import CliRunner

from vesicle.cli.main import app
from vesicle.errors import SchemaError, UnknownName
from vesicle.evidence import shipped, trials
from vesicle.evidence.trials import COLUMNS, NOT_CHECKED, find

ROW = dict.fromkeys(COLUMNS, NOT_CHECKED) | {"id": "X", "claims": "", "note": ""}


@pytest.fixture
def table(tmp_path, monkeypatch):
    """A table of its own in place of the shipped one."""

    def write(**cells):
        row = ROW | cells
        (tmp_path / "trials.tsv").write_text("\n".join(("\t".join(COLUMNS), "\t".join(row[c] for c in COLUMNS))) + "\n", encoding="utf-8")
        monkeypatch.setattr(trials, "RECORDS", tmp_path)
        trials.trials.cache_clear()
        return trials.trials

    yield write
    trials.trials.cache_clear()


def test_status_is_shown_with_the_date_at_which_it_was_true():
    assert find(payload="curcumin")[0].as_dict()["status"] == "active, not recruiting (as of 2017-03-03)"


def test_trial_is_found_by_payload_and_by_disease():
    assert [t.id for t in find(payload="KRAS")] == ["NCT03608631"]
    assert [t.id for t in find(payload="peptide", disease="lung")] == ["NCT01159288", "Morse2005"]


def test_outcome_that_nobody_read_is_not_told():
    assert not find(payload="KRAS")[0].is_told


def test_payload_without_a_trial_is_refused_and_the_table_says_that_it_is_no_registry():
    with pytest.raises(UnknownName, match="no registry"):
        find(payload="pemetrexed")


def test_every_claim_that_a_trial_names_exists():
    assert {c for t in trials.trials() for c in t.claims} <= shipped().by_id.keys()


@pytest.mark.parametrize("cells", [{"registry": "NCT123"}, {"as_of": "03/2017"}, {"status": ""}])
def test_broken_row_is_refused(table, cells):
    with pytest.raises(SchemaError, match="column"):
        table(**cells)()


def test_command_prints_trials_as_json():
    found = json.loads(CliRunner().invoke(app, ["evidence", "trials", "--disease", "colorectal", "--json"]).stdout)
    assert [row["id"] for row in found] == ["Dai2008"]
