"""Gates: the normalised law, rest as a fixed point, signs, bounds."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.gates import drive, hill, odds_of, settled
from vesicle.network.types import Arm, Gate, Network, Observable, Parameter, Rule

unit = st.floats(0.02, 0.98)
weights = st.lists(unit, min_size=0, max_size=4)


@given(st.floats(0.5, 4), st.floats(0.05, 0.6))
def test_normalised_law_is_one_half_at_its_half_effect_and_one_at_full_input(n, ec50):
    half = min(ec50**n, 0.45)
    assert hill(half ** (1 / n), n, half) == pytest.approx(0.5)
    assert hill(1.0, n, half) == pytest.approx(1.0)


@given(st.lists(unit, min_size=1, max_size=4), weights, st.sampled_from([0, 1]), unit, unit)
def test_node_at_rest_settles_at_rest(raising, lowering, both, background, rest):
    now = drive(raising, lowering, both, background)
    assert settled(now, odds_of(now, rest)) == pytest.approx(rest, rel=1e-12)


@given(weights, weights, st.sampled_from([0, 1]), unit, unit, unit)
def test_no_drive_leaves_zero_to_one(raising, lowering, both, background, rest, at_rest):
    assert 0 <= settled(drive(raising, lowering, both, background), odds_of(at_rest, rest)) <= 1


@given(st.lists(unit, min_size=1, max_size=4), weights, st.sampled_from([0, 1]), unit, st.integers(0, 3), st.floats(0.1, 0.9))
def test_raising_input_never_lowers_a_node(raising, lowering, both, background, which, less):
    weaker = [a * less if i == which % len(raising) else a for i, a in enumerate(raising)]
    assert drive(weaker, lowering, both, background) <= drive(raising, lowering, both, background)


@given(weights, st.lists(unit, min_size=1, max_size=4), st.sampled_from([0, 1]), unit, st.integers(0, 3), st.floats(0.1, 0.9))
def test_lowering_input_never_raises_a_node(raising, lowering, both, background, which, less):
    weaker = [h * less if i == which % len(lowering) else h for i, h in enumerate(lowering)]
    assert drive(raising, weaker, both, background) >= drive(raising, lowering, both, background)


def test_all_needed_is_a_product_and_any_of_them_a_union():
    assert drive([0.3, 0.5], [], 1, 0.0) == pytest.approx(0.15)
    assert drive([0.3, 0.5], [], 0, 0.0) == pytest.approx(0.65)


def cascade() -> Network:
    """A -> B -| C with A held at a level that is not its rest."""
    a, n, half, w, tau = (symbol(x) for x in ("a", "n", "half", "w", "tau"))
    rest = symbol("r")

    def gate(name: str, said: sympy.Expr, at_rest: sympy.Expr, sign: int) -> tuple[Rule, Gate]:
        f, f0 = w * hill(said, n, half), w * hill(at_rest, n, half)
        now, then = (drive([x], [], 0, 0) if sign > 0 else drive([], [x], 0, 0) for x in (f, f0))
        aim = Rule(f"aim_{name}", "1", settled(now, odds_of(then, rest)))
        return aim, Gate(f"y_{name}", name, (("x", sign),), symbol(aim.id), rest, tau)

    made = (gate("B", a, rest, 1), gate("C", symbol("y_B"), rest, -1))
    values = {"a": 0.9, "n": 1.4, "half": 0.4, "w": 0.9, "r": 0.5}
    parameters = (*(Parameter(k, "1", v) for k, v in values.items()), Parameter("tau", "h", 2.0))
    shown = tuple(Observable(f"level:{x}", "1", symbol(f"y_{x}")) for x in "BC")
    return Network("cascade", Arm("a"), parameters=parameters, rules=tuple(r for r, _ in made), gates=tuple(g for _, g in made), observables=shown)


def test_engine_follows_the_same_course_as_scipy():
    """rtol 1e-6 for the engine, 1e-10 for the reference: agreement to 1e-5 of activities of order one."""
    network, times = cascade(), tuple(float(t) for t in range(13))
    program, lean = compile_model(Model("a", network, check(network), ()), times)
    run = OdeEngine(1e-6).run(program, values_of(lean, network.parameters, draw_matrix(network.parameters, 1, [-1]))[0])

    def slope(_, y):
        f = [0.9 * hill(x, 1.4, 0.4) for x in (0.9, y[0])]
        f0 = 0.9 * hill(0.5, 1.4, 0.4)
        return [(settled(f[0], odds_of(f0, 0.5)) - y[0]) / 2, (settled(1 - f[1], odds_of(1 - f0, 0.5)) - y[1]) / 2]

    wanted = solve_ivp(slope, (0, 12), [0.5, 0.5], t_eval=times, rtol=1e-10, atol=1e-12).y
    assert np.allclose([run.amount("level:B"), run.amount("level:C")], wanted, atol=1e-5)
    assert wanted[0][-1] > 0.5 > wanted[1][-1]


@settings(max_examples=20)
@given(st.floats(0.05, 0.95))
def test_cascade_at_rest_stays_there(rest):
    f0 = 0.9 * hill(rest, 1.4, 0.4)
    assert settled(f0, odds_of(f0, rest)) == pytest.approx(rest, rel=1e-12)
