"""Published experiments, each judged without the measurements of its own source. A failed line is a result, not a failed test."""

import judge
import judged_page
import pytest

EXPERIMENTS = judge.experiments()


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_report_is_judged_without_its_own_measurements(name):
    experiment = EXPERIMENTS[name]
    found = judge.judge(experiment)
    print(judged_page.table([found]))
    own = {m.id for m in judge.own_records(experiment)}
    assert not set(found.used) & own - set(found.kept)
    assert all(m.mark in (*judge.MARKS, *judge.UNSCORED_MARKS) for m in found.lines)
    assert found.carry
    assert all(mark in (judge.CARRIED, judge.NOT_CARRIED, judge.UNDETERMINED, judge.NO_GAP) for mark in found.carry)
    assert not found.unexplained or judge.NOT_CARRIED in found.carry


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_negative_controls_are_null(name):
    experiment = EXPERIMENTS[name]
    controls = [line for line in experiment.lines if line.expects.kind == "control"]
    if not controls:
        pytest.skip("no negative control is declared")
    found = experiment.run(judge.shipped(), judge.MOVED_SAMPLES)
    assert all(line.expects.mark(judge.known(line.of(found))) == "pass" for line in controls)
