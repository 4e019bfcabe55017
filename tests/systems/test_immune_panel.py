"""Table 2 of the second review as a panel: the law of size, what counts as an answer, and what an experiment may call predicted."""

from dataclasses import replace

import numpy as np
import pytest

from vesicle.evidence import shipped
from vesicle.systems import all_experiments
from vesicle.systems.base import Check
from vesicle.systems.immune_panel import (
    NO_EVIDENCE,
    UNDECIDED,
    Cultures,
    Panel,
    Prediction,
    claims_of,
    culture_of,
    no_way,
    panel_checks,
    relative,
    said,
    says,
    score,
    statements,
    with_even_folds,
    without_sources,
    words,
)  # fmt: skip

DRAWS = 6
MAST = [s for s in statements() if s.system == "E8"]
FOLDS = ("M-1851", "M-1852", "M-1853", "M-1854", "M-1858", "M-1859", "M-1861", "M-1862", "M-1863")


def spread(low, high, count=100):
    return np.linspace(low, high, count)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (spread(0.2, 0.4), "+"),
        (spread(-0.9, -0.11), "-"),
        (spread(-0.09, 0.09), "0"),
        (spread(0.001, 0.002), "0"),
        (spread(0.0, 0.19), UNDECIDED),
        (spread(-1.0, 1.0), UNDECIDED),
        (np.zeros(100), NO_EVIDENCE),
        (spread(-1e-6, 1e-6), NO_EVIDENCE),
    ],
)
def test_a_sign_is_said_where_nine_draws_of_ten_agree_and_the_median_is_beyond_a_tenth(change, found):
    assert said(change) == found


def test_a_sign_without_size_does_not_hold_and_says_so():
    check = says("T cells", spread(0.001, 0.002), "+")
    assert not check.holds
    assert "the sign is there, the size is not" in check.value
    assert says("T cells", spread(0.2, 0.4), "+").holds


def test_a_change_of_the_wrong_sign_does_not_hold_and_says_that_it_leans_the_other_way():
    assert not says("T cells", spread(-0.4, -0.2), "+").holds
    assert "leans the other way" in words(spread(-0.4, -0.2), "+")
    assert "leans" not in words(spread(-0.4, -0.2), "-")


def test_change_against_another_is_the_ratio_of_levels():
    """Levels 0.6 and 0.8 of the same untreated: 0.75 of it."""
    assert relative(np.array([-0.4]), np.array([-0.2]))[0] == pytest.approx(-0.25)


@pytest.mark.parametrize("system", ["E3", "E4", "E5", "E6", "E7", "E8"])
def test_what_a_system_of_the_table_predicts_are_the_claims_of_its_rows(system):
    assert all_experiments()[system].predicts == claims_of(system)


def test_claims_of_a_statement_name_its_row_and_its_source():
    """``Table 2, row N`` of the claim; the row of the running text is none of the table."""
    for s in statements():
        for claim in (shipped().by_id[name] for name in s.claims):
            assert s.row == "text" or claim.locator.split(",")[1].split()[:2] == ["row", s.row]
            assert s.reference in claim.references


def test_every_kind_that_is_read_is_in_its_culture():
    assert [s for s in statements() if s.kind not in s.cells] == []


def test_an_expected_zero_to_which_nothing_leads_is_no_hit():
    zero = next(s for s in statements() if s.supported == "0")
    found = [Prediction(zero, what, "", (0.0, 0.0, 0.0)) for what in (NO_EVIDENCE, "0")]
    assert score(found) == {"hit": 1, "miss": 0, "abstained": 1}
    assert no_way(np.zeros(3))
    assert not no_way(np.array([0.0, 0.01]))


def decided(monkeypatch, marks):
    """The judged checks of E8 with these predictions of its statements."""
    monkeypatch.setattr(Panel, "predict", lambda self, asked: [Prediction(s, what, "", (0.0, 0.0, 0.0)) for s, what in zip(MAST, marks, strict=True)])
    monkeypatch.setattr(Panel, "change", lambda self, statement, as_counted=False: None)
    return [check.holds for check in panel_checks("E8", shipped(), False) if "told" not in check.expected]


@pytest.mark.parametrize(
    ("marks", "holds"),
    [(("-", "-"), [True, True]), (("-", UNDECIDED), [True, True]), ((UNDECIDED, NO_EVIDENCE), [False, False]), (("-", "+"), [False, True]), (("0", "+"), [False, False])],
)
def test_rows_work_when_more_are_right_than_wrong_and_half_of_all_are_right(monkeypatch, marks, holds):
    assert decided(monkeypatch, marks) == holds


def test_a_reason_points_to_the_rows_of_the_table():
    first = panel_checks("E8", shipped(), False)[0]
    assert isinstance(first, Check)
    assert "Table 2 (experiment K03 in docs/verification.md)" in first.what
    assert "row 20" in str(first.value)


def test_empty_vesicles_are_run_and_move_nothing():
    """The twin: the culture is assembled and settled, and no statement has evidence."""
    assert [p.said for p in Panel(shipped(), without=True, draws=DRAWS).predict(MAST)] == [NO_EVIDENCE] * len(MAST)
    run = Cultures().run(replace(culture_of(MAST[0]), cargo={}), shipped(), DRAWS)
    assert np.all(run.rest["mast_cell_activity:mast_cell"] > 0)


def test_even_folds_know_no_direction_and_leave_the_rest_alone():
    even, known = with_even_folds(shipped()), shipped()
    changed = [m for m, was in zip(even.measurements, known.measurements, strict=True) if m != was]
    assert {m.quantity for m in changed} == {"state_cargo_fold"}
    assert {(m.value, m.low, m.high) for m in changed} == {(1.0, 0.1, 10.0)}
    assert even.content != known.content


def test_cultures_of_libraries_that_differ_in_a_value_are_run_apart():
    """Same wiring, same number of records, other folds."""
    cultures, culture = Cultures(), replace(culture_of(MAST[0]), state="interferon gamma")
    known, even = (cultures.run(culture, library, DRAWS) for library in (shipped(), with_even_folds(shipped())))
    assert known is not even


@pytest.mark.parametrize("record", FOLDS)
def test_a_fold_that_restates_a_claim_goes_with_the_work_that_the_claim_cites(record):
    fold = shipped().by_id[record]
    assert fold.status == "assumed"
    assert record not in shipped().without(reference=fold.reference).by_id


def test_sources_of_a_claim_are_left_out_together():
    assert set(without_sources(shipped(), ("C-0618",)).left_out) == {"X29", "X68"}
