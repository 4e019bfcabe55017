"""The judge of published experiments gives its marks as it says, on made-up draws."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from vesicle.errors import ModelError
from vesicle.evidence import shipped
from vesicle.evidence.matching import match

FOLDER = Path(__file__).parents[2] / "verification"


@pytest.fixture(scope="module")
def judge():
    spec = importlib.util.spec_from_file_location("judge", FOLDER / "judge.py")
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["judge"] = module
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("judge", None)


def test_direction_counts_less_than_five_per_cent_as_none(judge):
    small, large = np.full(9, 0.04), np.full(9, 0.06)
    assert judge.direction("+").mark(small) == "fail"
    assert judge.direction("0").mark(small) == "pass"
    assert judge.direction("+").mark(large) == "pass"
    assert judge.direction("-").mark(large) == "fail"


def test_magnitude_is_near_within_a_factor_outside_its_range(judge):
    expected = judge.magnitude(1.0, 2.0)
    assert [expected.mark(np.array([v])) for v in (1.0, 3.9, 4.1, 0.51, 0.49)] == ["pass", "near", "fail", "near", "fail"]


def test_order_is_near_with_a_tie_and_fails_when_reversed(judge):
    expected = judge.order("a < b < c")
    rows = lambda *middles: np.array([[m] * 5 for m in middles], dtype=float)  # noqa: E731
    assert expected.mark(rows(1, 2, 3)) == "pass"
    assert expected.mark(rows(1, 2, 2)) == "near"
    assert expected.mark(rows(1, 3, 2)) == "fail"


def test_negative_control_needs_draws_and_all_of_them_null(judge):
    assert judge.null().mark(np.zeros(5)) == "pass"
    assert judge.null().mark(np.array([0.0, 0.0, 0.06])) == "fail"
    assert judge.null().mark(np.array([])) == "fail"


def _perform(library, samples):
    """Two lines' worth of numbers: the first rests on the record of the only source, the second does not."""
    found = match(library, "mvb_fusion_rate", {"cell": "HeLa"}).records
    if not found:
        raise ModelError("no measurement of 'mvb_fusion_rate'")
    return found[0].value


def test_line_that_moves_with_its_own_kept_record_is_calibration(judge):
    experiment = judge.Experiment(
        id="D29",
        title="made up",
        reference="Verweij2018",
        perform=_perform,
        lines=(
            judge.Line("the record itself", lambda v: np.full(4, v), judge.magnitude(1, 1000)),
            judge.Line("something else", lambda v: np.full(4, 2.0), judge.direction("+")),
        ),
    )
    found = judge.judge(experiment, 4)
    assert found.kept == ("M-0043",)
    assert [m.calibration for m in found.lines] == [("M-0043",), ()]
    assert found.counts_as == "partly"


def test_own_records_leave_by_experiment_and_by_reference(judge):
    experiment = judge.Experiment(id="D03", title="made up", reference="Wang2017", lines=())
    left = judge.without_own(experiment)
    gone = {m.id for m in shipped().measurements} - {m.id for m in left.measurements}
    fitted_to_them = {factor.record for c in shipped().calibrations for factor in c.factors if c.rests_on() & gone}
    assert gone == {m.id for m in judge.own_records(experiment)} | fitted_to_them
    assert {"M-0067", "M-0048"} <= gone


def test_every_declared_experiment_names_a_known_work_and_has_lines(judge):
    found = judge.experiments()
    assert {"D10", "D19"} <= set(found)
    for name, experiment in found.items():
        assert experiment.lines, name
        assert experiment.reference in shipped().by_id, name
