"""The judge of published experiments gives its marks as it says, on made-up draws."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

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


@pytest.fixture(scope="module")
def page(judge):
    spec = importlib.util.spec_from_file_location("judged_page", FOLDER / "judged_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["direction", "if_delivered"])
def test_direction_counts_less_than_five_per_cent_as_none_under_either_name(judge, kind):
    expected, small, large = getattr(judge, kind), np.full(9, 0.04), np.full(9, 0.06)
    assert [expected(sign).mark(small) for sign in "+-0"] == ["fail", "fail", "pass"]
    assert [expected(sign).mark(large) for sign in "+-0"] == ["pass", "fail", "fail"]


@pytest.mark.parametrize(("rising", "marks"), [(8, ["pass", "fail"]), (7, ["not called", "not called"]), (2, ["fail", "pass"])])
def test_direction_is_called_only_from_eighty_per_cent_of_the_draws(judge, rising, marks):
    draws = np.where(np.arange(10) < rising, 1.0, 0.0)
    assert [judge.direction(sign).mark(draws) for sign in "+0"] == marks


@pytest.mark.parametrize(("treated", "mark"), [(np.full(10, -0.5), "pass"), (np.full(10, -0.01), "empty"), (np.where(np.arange(10) < 3, -0.5, 0.0), "pass")])
def test_control_is_empty_where_what_was_treated_is_null_as_well(judge, treated, mark):
    line = judge.Line("made up", lambda found: np.zeros(10), judge.null(), treated=lambda found: treated)
    assert judge.marked((line,), None, ((),))[0].mark == mark


def test_control_that_breaks_fails_even_beside_a_null_treatment(judge):
    line = judge.Line("made up", lambda found: np.full(10, 0.5), judge.null(), treated=lambda found: np.zeros(10))
    assert judge.marked((line,), None, ((),))[0].mark == "fail"


def test_draws_of_another_line_are_counted_once_and_zeros_are_no_draws_of_another(judge):
    draws = np.linspace(-0.5, -0.1, 10)
    lines = [judge.Line(name, lambda found, d=d: d, judge.direction(sign)) for name, d, sign in
             (("one", draws, "-"), ("same", draws + 1e-12, "-"), ("asked otherwise", draws, "+"), ("none", 0 * draws, "-"), ("none again", 0 * draws, "-"))]  # fmt: skip
    assert [m.mark for m in judge.marked(lines, None, [()] * 5)] == ["pass", "repeats", "fail", "fail", "fail"]


def judged(judge, unexplained, *lines, carry=()):
    """A judgement over lines of fixed draws."""
    experiment = judge.Experiment(id="D10", title="made up", reference="Mendt2018", lines=lines)
    return judge.Judgement(experiment, judge.marked(lines, None, [()] * len(lines)), (), carry or (judge.NOT_CARRIED,), unexplained, 10)


def lines_that_fail(judge):
    none, broken = np.full(10, 1e-6), np.full(10, 0.5)
    return (
        judge.Line("effect", lambda found: none, judge.direction("-")),
        judge.Line("effect the other way", lambda found: broken, judge.direction("-")),
        judge.Line("size of the effect", lambda found: none, judge.magnitude(0.4, 0.6), effect=True),
        judge.Line("a number", lambda found: none, judge.magnitude(2, 5)),
        judge.Line("control", lambda found: broken, judge.null()),
        judge.Line("control that says it is an effect", lambda found: broken, judge.null(), effect=True),
        judge.Line("delivered", lambda found: none, judge.if_delivered("-")),
    )


def test_want_of_carry_explains_absent_effects_and_nothing_else(judge):
    found = judged(judge, True, *lines_that_fail(judge))
    assert [m.line.what for m in found.absent] == ["effect", "size of the effect"]
    assert [m.line.what for m in found.failures] == ["effect the other way", "a number", "control", "control that says it is an effect", "delivered"]


def test_where_it_is_carried_every_failed_line_is_a_failure(judge):
    assert len(judged(judge, False, *lines_that_fail(judge)).failures) == 7


def test_page_lists_every_failed_line_once_and_counts_them(judge, page):
    lines = lines_that_fail(judge)
    text = page.table([judged(judge, True, *lines)])
    head = text.split("| experiment |")[0]
    assert [head.count(f"D10: {line.what} (") for line in lines] == [1] * 7
    assert "5 of 7 failed lines" in head
    assert "Of their lines 2 fail" in head


def test_page_says_what_passes_are_worth_and_the_carry_of_every_experiment(judge, page):
    lines = (
        judge.Line("wide", lambda found: np.logspace(-3, 3, 10), judge.magnitude(0.5, 2)),
        judge.Line("null", lambda found: np.zeros(10), judge.null(by_construction=True)),
        judge.Line("empty", lambda found: np.zeros(10), judge.null(), treated=lambda found: np.zeros(10)),
    )
    text = page.table([judged(judge, False, *lines, carry=(judge.NO_GAP,))])
    assert "Of 2 passes 1 are negative controls (1 of them null by construction) and 1 are magnitudes whose interval says little; 1 more controls were empty" in text
    assert "pass; says little" in text
    assert "| undetermined (no gap to ask for) |" in text


def test_carry_that_the_verdict_gives_is_kept_without_a_gap(judge):
    assert judge.carry_of({"carry": "carried"}, None) == "carried"
    assert judge.carry_of({"carry": "undetermined"}, None) == "undetermined (no gap to ask for)"


def test_null_reports_and_imposed_copies_say_nothing_about_carry(judge):
    report = lambda arm, direction: SimpleNamespace(arm=arm, direction=direction)  # noqa: E731
    scenario = SimpleNamespace(
        reports=[report("given", "-"), report("given", "0"), report("imposed", "-")],
        arms={"given": SimpleNamespace(assume=None), "imposed": SimpleNamespace(assume="copies")},
    )
    marks = [{"experiment": "D10", "carry": carry} for carry in ("undetermined", "carried", "carried")]
    found = SimpleNamespace(scenario=scenario, marks=marks, rows={"given": [], "imposed": []})
    experiment = judge.Experiment(id="D10", title="made up", reference="Mendt2018", lines=())
    assert [mark["carry"] for mark, _ in judge._reports(experiment, found)] == ["undetermined"]


@pytest.mark.parametrize(("second", "carry"), [(1.1, "not carried"), (0.9, "undetermined")])
def test_not_carried_needs_the_second_smallest_of_a_hundred_gaps_above_one_order(judge, second, carry):
    """P(fewer than 2 of 100 below the 5 % point) is 3.7 %, P(fewer than 3) is 11.8 %: the second smallest is the last that may stand."""
    gap = np.concatenate([[0.5, second], np.full(98, 3.0)])
    assert judge.carry_of({"carry": "not carried"}, gap) == carry


def test_lower_end_of_a_quantile_lies_above_it_in_few_samples(judge):
    rng = np.random.default_rng(1)
    above = np.mean([judge.surely_above(rng.random(100)) > 0.05 for _ in range(2000)])
    assert above == pytest.approx(0.037, abs=3 * np.sqrt(0.037 * 0.963 / 2000))
    assert judge.surely_above(rng.random(30)) == -np.inf


def test_draws_that_failed_in_one_arm_leave_the_others_paired(judge):
    class Arm:
        def __init__(self, good):
            self.good = np.array(good)

    rows = np.array([0.0, 1.0, 2.0, 3.0])
    ratio = judge.paired(Arm([True, True, True, True]), rows) / judge.paired(Arm([True, True, False, True]), rows)
    np.testing.assert_array_equal(ratio, [1, np.nan, 1])
    assert judge.direction("0").mark(judge.known(ratio - 1)) == "pass"


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


@pytest.mark.parametrize(("draws", "little"), [((0.01, 1.0, 100.0), True), ((0.5, 1.0, 2.0), False), ((1e-9, 1e-7, 1e-5), False), ((-1.0, 1.0, 3.0), True)])
def test_magnitude_says_little_when_its_interval_is_ten_times_the_published_range_and_meets_it(judge, draws, little):
    line = judge.Line("made up", lambda found: np.array(draws), judge.magnitude(0.5, 2.0))
    assert judge.marked((line,), None, ((),))[0].says_little is little
