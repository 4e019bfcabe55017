"""The stochastic engine: the contract, its keys, what it refuses."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from contract import GIVEN, EngineContract
from paths import ALARM, bound, compiled, counts, fits
from scipy import stats

from vesicle import plugins
from vesicle.engines.base import OK
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.engines.registry import all_engines, engine_named
from vesicle.engines.ssa import SsaEngine, expected_events
from vesicle.errors import UnknownName, UnsupportedFeature
from vesicle.evidence import shipped
from vesicle.model.donor import Donor, assemble_donor
from vesicle.network.expressions import read, symbol
from vesicle.network.types import Arm, Dose, Particle, Passenger, Species, Trigger, Unpack
from vesicle.streams import word


class TestSsaEngine(EngineContract):
    """Gillespie's direct method under the contract."""

    other_dose = 10 * GIVEN

    @pytest.fixture
    def engine(self):
        return SsaEngine(most=1_000_000)

    @pytest.fixture
    def accuracy(self):
        """Six standard deviations of the widest binomial, two doses at a half."""
        return 6 * (2 * GIVEN * 0.25) ** 0.5 / GIVEN

    @pytest.fixture
    def balance(self):
        """Counting loses nothing."""
        return 0.0

    def settings(self, engine):
        return {"most": engine.most}


# keys --------------------------------------------------------------------------------------------


def chain():
    return compiled(counts({"a": 60, "b": 0}, [({"a": -1, "b": 1}, "k*a"), ({"b": -1}, "k*b")], {"k": 0.8}), (0.0, 0.5, 1.0, 2.0))


def path(key, engine=None):
    program, values = chain()
    return (engine or SsaEngine()).run(program, replace(values, key=key)).outputs


def test_same_key_is_the_same_path_on_any_engine():
    used = SsaEngine()
    path((9, 9), used)
    assert np.array_equal(path((1, 5), used), path((1, 5)))


def test_another_seed_or_another_sample_is_another_path():
    assert len({path(key).tobytes() for key in [(1, 5), (2, 5), (1, 6), (5, 1)]}) == 4


def test_where_a_run_is_cut_plays_no_part():
    program, values = chain()
    engine = SsaEngine()
    state = engine.init(program, values)
    for stop in np.linspace(0, 2, 41):
        engine.advance(state, float(stop))
    assert engine.result(state).outputs.tobytes() == engine.run(program, values).outputs.tobytes()


def test_run_begins_where_another_ended():
    program, values = chain()
    engine = SsaEngine()
    left = engine.run(program, values).final
    again = engine.result(engine.init(program, values, left))
    assert list(again.outputs[0]) == [left["a"], left["b"]]


def test_program_and_values_can_be_sent_to_a_worker():
    program, values = chain()
    again, numbers = pickle.loads(pickle.dumps((program, values)))
    assert SsaEngine().run(again, numbers).outputs.tobytes() == SsaEngine().run(program, values).outputs.tobytes()


def test_neighbouring_keys_give_independent_uniforms():
    """First numbers of 4,000 samples of one seed: uniform by Kolmogorov-Smirnov, and not correlated with the next sample's."""
    from vesicle.engines.jumps.draws import uniform
    from vesicle.engines.jumps.layout import ARMED, KEY

    first = []
    for sample in range(4000):
        q = np.zeros(ARMED, dtype=np.int64)
        q[KEY] = np.array([word(1, "path", sample)], dtype=np.uint64).view(np.int64)[0]
        first.append(uniform(q))
    assert stats.kstest(first, "uniform").pvalue > ALARM
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < bound(1) / np.sqrt(4000)


@pytest.mark.parametrize("mean", [0.2, 5.0, 29.0, 31.0, 400.0])
def test_poisson_numbers_are_poisson(mean):
    from vesicle.engines.jumps.draws import poisson

    q = np.array([12345, 0], dtype=np.int64)
    assert fits([poisson(mean, q) for _ in range(20_000)], stats.poisson.pmf(range(int(mean + 12 * mean**0.5 + 12)), mean))


@pytest.mark.parametrize(("trials", "share"), [(3, 0.1), (40, 0.9), (500, 0.3)])
def test_binomial_numbers_are_binomial(trials, share):
    from vesicle.engines.jumps.draws import binomial

    q = np.array([12345, 0], dtype=np.int64)
    assert fits([binomial(float(trials), share, q) for _ in range(20_000)], stats.binom.pmf(range(trials + 1), trials, share))


# triggers ----------------------------------------------------------------------------------------


def triggered(*triggers, start=0, reactions=(), parameters=(), times=(0.0, 1.0, 2.0, 3.0, 4.0), extra=()):
    one = counts({"x": start, **dict(extra)}, reactions, dict(parameters), triggers=tuple(triggers))
    program, values = compiled(one, times)
    run = SsaEngine().run(program, values)
    assert run.status == OK
    return run.outputs


def test_trigger_on_time_acts_at_its_moment():
    """Set to 7 at 2.5 h, with nothing else going on and with many events."""
    trigger = Trigger("t", read("ge(time, 2.5)"), {"x": read("7 + 0*x")})
    assert list(triggered(trigger)[:, 0]) == [0, 0, 0, 7, 7]
    busy = triggered(trigger, start=1000, reactions=[({"x": -1}, "k*x")], parameters={"k": 50.0}, times=(0.0, 2.4999999, 2.5000001, 4.0))
    assert list(busy[:, 0]) == [1000, 0, 7, 0]


def test_trigger_strictly_after_a_time_acts_too():
    assert list(triggered(Trigger("t", read("gt(time, 2)"), {"x": read("7 + 0*x")}))[:, 0][[1, 3]]) == [0, 7]


def test_trigger_on_a_count_acts_within_the_event():
    """x is put back to 0 whenever it reaches 10, so that no output ever shows 10."""
    seen = triggered(Trigger("t", read("ge(x, 10)"), {"x": read("0*x")}), reactions=[({"x": 1}, "k*one")], parameters={"k": 40.0, "one": 1.0}, times=tuple(np.linspace(0, 4, 400)))
    assert seen[:, 0].max() == 9
    assert np.any(np.diff(seen[:, 0]) < 0)


def test_trigger_waits_for_its_delay():
    assert list(triggered(Trigger("t", read("ge(time, 1)"), {"x": read("7 + 0*x")}, delay=read("1.5 + 0*x")))[:, 0]) == [0, 0, 0, 7, 7]


def test_trigger_that_is_not_persistent_is_taken_back():
    first = Trigger("first", read("and(ge(time, 1), lt(x, 1))"), {"y": read("5 + 0*x")}, delay=read("2 + 0*x"), persistent=False)
    second = Trigger("second", read("ge(time, 1.5)"), {"x": read("1 + 0*x")})
    assert list(triggered(first, second, extra={"y": 0})[:, 1]) == [0, 0, 0, 0, 0]
    assert list(triggered(first, extra={"y": 0})[:, 1])[-1] == 5


def test_of_two_triggers_the_higher_priority_acts_first():
    low = Trigger("low", read("ge(time, 1)"), {"x": read("2*x + 1")}, priority=read("1 + 0*x"), at_once=False)
    high = Trigger("high", read("ge(time, 1)"), {"x": read("x + 10")}, priority=read("2 + 0*x"), at_once=False)
    assert triggered(low, high)[2, 0] == 21


def test_condition_that_was_true_before_the_start_does_not_become_true():
    at_start = Trigger("t", read("ge(time, 0)"), {"x": read("7 + 0*x")})
    assert triggered(at_start)[0, 0] == 7
    assert set(triggered(replace(at_start, was_true=True))[:, 0]) == {0}


def test_rate_that_jumps_at_a_time_jumps_there():
    """No event before 2 h, one per 1/k after."""
    seen = triggered(reactions=[({"x": 1}, "piecewise(0, lt(time, 2), k)")], parameters={"k": 100.0}, times=(0.0, 1.0, 2.0, 4.0))
    assert list(seen[:3, 0]) == [0, 0, 0]
    assert abs(seen[3, 0] - 200) < bound(1) * 200**0.5


# what cannot be carried --------------------------------------------------------------------------


def refusal(*arguments, **parts) -> str:
    with pytest.raises(UnsupportedFeature) as problem:
        compiled(counts(*arguments, **parts), (0.0, 1.0))
    return str(problem.value)


def test_reversible_reaction_is_refused_by_name():
    assert "'r0' also runs backwards" in refusal({"a": 5, "b": 5}, [({"a": -1, "b": 1}, "k*a - g*b")], {"k": 1.0, "g": 1.0})


def test_part_of_a_molecule_is_refused_by_name():
    assert "'r0' changes 'a' by 0.5" in refusal({"a": 5}, [({"a": 0.5}, "k*one")], {"k": 1.0, "one": 1.0})


def test_moving_quantity_that_is_not_linear_is_refused_by_name():
    text = refusal({}, [({"y": 1}, "k*y^2")], {"k": 1.0, "start_y": 1.0}, species=(Species("y", "y", "", "copy", read("start_y"), is_count=False),))
    assert "'y' is no count" in text
    assert "not linear" in text


def test_unknown_law_of_copies_is_refused_by_name():
    carried = Passenger("guide", "guide", symbol("m"), distribution="uniform")
    text = refusal({"guide": 0}, [], {"m": 1.0, "k": 1.0}, particles=(Particle("ev", "ev", (carried,)),), unpacks=(Unpack("open", "ev", "cell", {"guide": "guide"}, symbol("k")),),
                   arm=Arm("a", (Dose(0.0, "ev__cell", symbol("m")),)))  # fmt: skip
    assert "follow 'uniform'" in text


def test_program_without_a_table_is_refused():
    one = counts({"a": 5}, [({"a": -1}, "k*a")], {"k": 1.0})
    program, lean = compile_model(one, (0.0, 1.0))
    values = values_of(lean, one.network.parameters, draw_matrix(one.network.parameters, 1, [-1]))[0]
    with pytest.raises(UnsupportedFeature, match="counts=True"):
        SsaEngine().run(program, values)


def test_negative_rate_is_a_status_with_its_name():
    program, values = compiled(counts({"a": 0, "b": 9}, [({"a": 1}, "k - b")], {"k": 1.0}), (0.0, 1.0))
    assert "the rate of 'r0' is negative" in SsaEngine().run(program, values).status


def test_expected_events_are_those_that_happen():
    """2 n events of n molecules through two steps; the estimate is the integral of the mean rates, by the trapezium."""
    program, values = compiled(counts({"a": 60, "b": 0}, [({"a": -1, "b": 1}, "k*a"), ({"b": -1}, "k*b")], {"k": 0.8}), tuple(np.linspace(0, 12, 60)))
    expected, fastest = expected_events(program, values)
    assert fastest == "r0"
    assert expected == pytest.approx(120, rel=0.03)


def test_run_that_cannot_be_afforded_is_refused_before_it_starts():
    program, values = compiled(counts({"a": 1e12}, [({"a": -1}, "k*a")], {"k": 0.8}), (0.0, 1.0))
    with pytest.raises(UnsupportedFeature, match="most of them 'r0'.*--engine ode"):
        SsaEngine().foresee(program, values)


# the room ----------------------------------------------------------------------------------------


def test_engines_are_found_by_name():
    assert {"ode", "ssa"} <= all_engines().keys()
    with pytest.raises(UnknownName, match="Did you mean 'ssa'"):
        engine_named("sssa")


def test_broken_plugged_in_engine_is_one_warning(monkeypatch):
    class Broken:
        name, value = "broken", "nowhere:Engine"

        def load(self):
            raise ImportError("no module named nowhere")

    monkeypatch.setattr(plugins, "entry_points", lambda group: [Broken()])
    with pytest.warns(UserWarning, match="'broken'"):
        assert "ode" in all_engines()


def test_donor_of_one_cell_runs_and_conserves_its_escrt():
    one = assemble_donor(Donor(), shipped())
    program, values = compiled(one, (0.0, 1.0, 2.0))
    run = SsaEngine().run(program, values)
    assert run.status == OK
    assert sum(v for name, v in run.final.items() if name.startswith("escrt_")) == sum(values.initials)
