"""What every engine owes, as one body of tests.

A module per engine derives ``Test...(EngineContract)`` and gives three fixtures:

    engine      a fresh engine at its strict setting
    accuracy    largest error of an amount, as a share of the dose (of chance too, where the engine counts)
    balance     largest share of a dose that may be missing from places and sinks together

``other_dose`` is the dose of a draw that comes in between. One program serves every engine.
"""

from dataclasses import replace

import numpy as np
import pytest
import sympy

from vesicle.engines.base import OK, Engine, Trajectory
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model.assembled import Model
from vesicle.network.expressions import symbol
from vesicle.network.flat import flatten
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Particle, Reaction, Species, Transfer

GIVEN = 1e4
TIMES = (0.0, 1.0, 2.0, 4.0, 6.0, 8.0)
DOSES = (0.0, 4.0)


def model(**parts) -> Model:
    """Particles that go from blood to liver and on to a sink; doses at 0 and 4 h."""
    defaults = {
        "particles": (Particle("ev", "ev"),),
        "parameters": (Parameter("k", "1/h", 0.5), Parameter("loss", "1/h", 0.2), Parameter("given", "EV", GIVEN)),
        "transfers": (
            Transfer("take", "ev", "blood", "liver", symbol("k"), step="bound"),
            Transfer("digest", "ev", "liver", None, symbol("loss"), sink="digested"),
        ),
        "observables": (Observable("blood", "EV", symbol("ev__blood")), Observable("liver", "EV", symbol("ev__liver"))),
        "arm": Arm("treated", tuple(Dose(t, "ev__blood", symbol("given")) for t in DOSES)),
    }
    network = Network("contract", **(defaults | parts))
    return Model("treated", network, flatten(network), ())


def prepared(one: Model, times=TIMES, rows=None):
    """The program of a model and the numbers of its nominal draw, or of rows of parameter values."""
    program, lean = compile_model(one, times, counts=True)
    matrix = draw_matrix(one.network.parameters, 1, [-1]) if rows is None else np.array(rows, dtype=float)
    values = values_of(lean, one.network.parameters, matrix)
    return program, values[0] if rows is None else values


def same_bytes(one: Trajectory, other: Trajectory) -> bool:
    return one.outputs.tobytes() == other.outputs.tobytes() and one.crossings.tobytes() == other.crossings.tobytes() and one.final == other.final


class EngineContract:
    """Derive from this, give the fixtures, and every engine answers to the same tests."""

    other_dose = 1e12

    @pytest.fixture
    def engine(self) -> Engine:
        raise NotImplementedError

    @pytest.fixture
    def accuracy(self) -> float:
        raise NotImplementedError

    @pytest.fixture
    def balance(self) -> float:
        raise NotImplementedError

    def test_result_has_one_row_per_output_time(self, engine):
        program, values = prepared(model())
        run = engine.run(program, values)
        assert run.status == OK
        assert tuple(run.times) == TIMES
        assert run.outputs.shape == (len(TIMES), 2)
        assert run.crossings.shape == (len(TIMES), len(program.counters))

    @pytest.mark.parametrize("stop", [2.0, 3.0, 4.0, 7.9])
    def test_advancing_in_two_steps_is_advancing_in_one(self, engine, accuracy, stop):
        """At an output time, between two, at a dose and just before the end."""
        program, values = prepared(model())
        whole = engine.run(program, values)
        halves = engine.result(engine.advance(engine.advance(engine.init(program, values), stop), TIMES[-1]))
        assert halves.status == OK
        assert halves.outputs == pytest.approx(whole.outputs, rel=0, abs=2 * accuracy * GIVEN)
        assert halves.crossings == pytest.approx(whole.crossings, rel=0, abs=2 * accuracy * GIVEN)

    def test_advancing_to_where_it_stands_changes_nothing(self, engine):
        program, values = prepared(model())
        once = engine.result(engine.advance(engine.init(program, values), 8.0))
        twice = engine.result(engine.advance(engine.advance(engine.init(program, values), 8.0), 8.0))
        assert same_bytes(once, twice)

    def test_result_of_an_unfinished_run_ends_where_it_stopped(self, engine):
        program, values = prepared(model())
        part = engine.result(engine.advance(engine.init(program, values), 2.0))
        assert np.all(np.isfinite(part.outputs[:3]))
        assert np.all(np.isnan(part.outputs[3:]))

    def test_same_values_give_identical_bytes(self, engine):
        program, values = prepared(model())
        assert same_bytes(engine.run(program, values), engine.run(program, values))

    def test_another_draw_in_between_leaves_no_trace(self, engine):
        program, (one, other) = prepared(model(), rows=[[0.5, 0.2, GIVEN], [40.0, 3.0, self.other_dose]])
        first = engine.run(program, one)
        engine.run(program, other)
        assert same_bytes(engine.run(program, one), first)

    def test_time_integral_starts_from_zero_in_every_draw(self, engine, accuracy):
        """An exposure (EV*h) is integrated but is no amount; 1 - e^-kt over k after one dose, whatever ran before."""
        area = model(
            species=(Species("auc", "ev", "", "EV*h"),),
            reactions=(Reaction("expose", {"auc": 1}, symbol("ev__blood")),),
            observables=(Observable("exposure", "EV*h", symbol("auc")),),
        )
        program, values = prepared(area)
        first, second = engine.run(program, values), engine.run(program, values)
        assert first.amount("exposure")[0] == second.amount("exposure")[0] == 0.0
        assert second.amount("exposure")[3] == pytest.approx(GIVEN * -np.expm1(-0.5 * 4) / 0.5, rel=0, abs=10 * accuracy * GIVEN)

    def test_fresh_engine_gives_identical_bytes(self, engine):
        program, (one, other) = prepared(model(), rows=[[0.5, 0.2, GIVEN], [40.0, 3.0, self.other_dose]])
        engine.run(program, other)
        assert same_bytes(engine.run(program, one), type(engine)(**self.settings(engine)).run(program, one))

    def settings(self, engine) -> dict:
        """Arguments that make another engine like this one."""
        return {}

    def test_empty_network_runs(self, engine):
        program, values = prepared(model(particles=(), parameters=(), transfers=(), observables=(), arm=Arm("nothing")))
        run = engine.run(program, values)
        assert run.status == OK
        assert run.outputs.shape == (len(TIMES), 0)

    def test_network_in_which_nothing_happens_stays_as_it_is(self, engine):
        still = model(transfers=(), parameters=(Parameter("given", "EV", GIVEN),), observables=(Observable("blood", "EV", symbol("ev__blood")),))
        program, values = prepared(still)
        assert list(engine.run(program, values).amount("blood")) == [GIVEN, GIVEN, GIVEN, GIVEN, 2 * GIVEN, 2 * GIVEN]

    def test_everything_given_is_somewhere(self, engine, balance):
        program, values = prepared(model())
        run = engine.run(program, values)
        here = sum(amount for name, amount in run.final.items() if name.startswith("ev__"))
        gone = sum(amount for name, amount in run.final.items() if name.startswith("out_"))
        assert here + gone == pytest.approx(len(DOSES) * GIVEN, rel=balance)

    def test_amounts_follow_the_chain_of_two_decays(self, engine, accuracy):
        """Between doses: blood = e^-kt, liver = k / (k - l) (e^-lt - e^-kt) of the dose."""
        program, values = prepared(model())
        run, t = engine.run(program, values), np.array(TIMES[1:4])
        assert run.amount("blood")[1:4] == pytest.approx(GIVEN * np.exp(-0.5 * t), rel=0, abs=accuracy * GIVEN)
        assert run.amount("liver")[1:4] == pytest.approx(GIVEN * 0.5 / 0.3 * (np.exp(-0.2 * t) - np.exp(-0.5 * t)), rel=0, abs=accuracy * GIVEN)

    def test_dose_at_the_start_is_in_the_first_output(self, engine):
        program, values = prepared(model())
        run = engine.run(program, values)
        assert run.amount("blood")[0] == GIVEN
        assert run.extent("given", "ev")[0] == GIVEN

    def test_output_at_a_dose_time_is_read_before_the_dose(self, engine, accuracy):
        program, values = prepared(model())
        run = engine.run(program, values)
        assert run.amount("blood")[3] == pytest.approx(GIVEN * np.exp(-0.5 * 4), rel=0, abs=accuracy * GIVEN)
        assert list(run.extent("given", "ev")[3:5]) == [GIVEN, 2 * GIVEN]

    def test_two_doses_at_one_time_are_both_given(self, engine):
        both = model(arm=Arm("treated", (Dose(1.0, "ev__blood", symbol("given")), Dose(1.0, "ev__liver", symbol("given")))))
        program, values = prepared(both)
        assert list(engine.run(program, values).extent("given", "ev")) == [0, 0, *[2 * GIVEN] * 4]

    def test_dose_after_the_end_is_not_given(self, engine, balance):
        program, values = prepared(model(arm=Arm("treated", (Dose(0.0, "ev__blood", symbol("given")), Dose(99.0, "ev__blood", symbol("given"))))))
        run = engine.run(program, values)
        assert sum(v for name, v in run.final.items() if name.startswith(("ev__", "out_"))) == pytest.approx(GIVEN, rel=balance)

    def test_crossings_only_grow_where_nothing_goes_back(self, engine):
        program, values = prepared(model())
        assert np.all(np.diff(engine.run(program, values).crossings, axis=0) >= 0)

    def test_amounts_stay_above_zero_to_the_accuracy(self, engine, accuracy):
        """A fast way out (half-life 6 s) empties the blood at once; what is left may only be noise."""
        program, values = prepared(model(), rows=[[400.0, 50.0, GIVEN]])
        run = engine.run(program, values[0])
        assert run.outputs.min() >= -accuracy * GIVEN

    def test_constants_of_a_draw_take_effect(self, engine, accuracy):
        program, draws = prepared(model(), rows=[[0.5, 0.2, GIVEN], [0.25, 0.2, GIVEN], [0.5, 0.2, 3 * GIVEN]])
        at_2_h = [engine.run(program, values).amount("blood")[2] for values in draws]
        assert at_2_h == pytest.approx([GIVEN * np.exp(-1.0), GIVEN * np.exp(-0.5), 3 * GIVEN * np.exp(-1.0)], rel=0, abs=3 * accuracy * GIVEN)

    def exploding(self) -> Model:
        """dx/dt = x^2 / item from x = 1: infinite at 1 h."""
        return model(
            particles=(),
            parameters=(Parameter("k", "1/(h*copy)", 1.0), Parameter("start", "copy", 1.0)),
            transfers=(),
            species=(Species("x", "x", "cell", "copy", symbol("start")),),
            reactions=(Reaction("explode", {"x": 1}, symbol("k") * symbol("x") ** 2),),
            observables=(Observable("x", "copy", symbol("x")),),
            arm=Arm("nothing"),
        )

    def test_failure_is_a_status_and_not_an_exception(self, engine):
        program, values = prepared(self.exploding())
        run = engine.run(program, values)
        assert run.status.startswith("failed: ")
        assert run.outputs.shape == (len(TIMES), 1)

    def test_number_that_is_not_finite_is_a_status_and_not_an_exception(self, engine):
        program, values = prepared(model())
        broken = replace(values, constants=np.full_like(values.constants, np.nan))
        assert engine.run(program, broken).status.startswith("failed: ")

    def test_failed_draw_does_not_touch_the_next_one(self, engine):
        program, values = prepared(model())
        before = engine.run(program, values)
        engine.run(program, replace(values, constants=np.full_like(values.constants, np.nan)))
        assert same_bytes(engine.run(program, values), before)

    def test_initial_amount_is_that_of_the_draw(self, engine):
        program, draws = prepared(self.exploding(), times=(0.0, 0.1), rows=[[1.0, 1.0], [1.0, 3.0]])
        assert [engine.run(program, values).amount("x")[0] for values in draws] == [1.0, 3.0]

    def test_initial_amounts_may_refer_to_each_other(self, engine):
        cells = Species("cells", "cells", "cells", "cell", symbol("n"))
        mrna = Species("mrna", "mrna", "cells", "copy", symbol("rest") * symbol("cells"))
        pair = model(
            particles=(), transfers=(), species=(cells, mrna), arm=Arm("nothing"),
            parameters=(Parameter("n", "cell", 7.0), Parameter("rest", "copy/cell", 3.0)), observables=(Observable("mrna", "copy", symbol("mrna")),),
        )  # fmt: skip
        program, values = prepared(pair)
        assert engine.run(program, values).amount("mrna")[0] == 21.0

    def test_result_does_not_change_with_the_output_times(self, engine, accuracy):
        few, many = prepared(model(), times=(0.0, 3.0, 8.0)), prepared(model(), times=tuple(np.linspace(0, 8, 33)))
        assert engine.run(*few).outputs[1:] == pytest.approx(engine.run(*many).outputs[[12, 32]], rel=0, abs=2 * accuracy * GIVEN)

    def test_rule_of_a_state_is_followed(self, engine, accuracy):
        """A place that fills up: dB/dt = k S (1 - B / full), so that blood ends above what exponential uptake leaves."""
        hazard = symbol("k") * sympy.Max(0, 1 - symbol("ev__liver") / symbol("full"))
        filling = model(
            parameters=(Parameter("k", "1/h", 5.0), Parameter("full", "EV", GIVEN / 4), Parameter("given", "EV", GIVEN)),
            transfers=(Transfer("take", "ev", "blood", "liver", hazard),), arm=Arm("treated", (Dose(0.0, "ev__blood", symbol("given")),)),
        )  # fmt: skip
        program, values = prepared(filling)
        run = engine.run(program, values)
        assert run.amount("liver")[-1] == pytest.approx(GIVEN / 4, rel=0, abs=accuracy * GIVEN)
        assert run.amount("blood")[-1] == pytest.approx(GIVEN * 3 / 4, rel=0, abs=accuracy * GIVEN)
