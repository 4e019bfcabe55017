"""Spreads: the printed points are the quantiles, and a draw depends on its key alone."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import streams
from vesicle.errors import ModelError
from vesicle.network.spread import Component, Spread, fixed
from vesicle.network.types import Parameter

# value * (end/value)**(1 + k eps) is off by k eps |ln(end/value)|; 1e-12 covers ends up to e^100 apart for k = 40
CLOSE = 1e-12


def ordered(low: float, high: float):
    return st.lists(st.floats(low, high), min_size=3, max_size=3, unique=True).map(sorted)


def component(kind, points, weight=1.0):
    low, value, high = points
    return Component("M-1", weight, kind, value, low, high)


lognormals = ordered(1e-9, 1e9).map(lambda p: component("lognormal", p))
normals = ordered(-1e6, 1e6).map(lambda p: component("normal", p))
# 1 - x loses the digits of x near 1, so the ends stay where 1/(1 - x) is below 100
logitnormals = ordered(0.01, 0.99).map(lambda p: component("logitnormal", p))
bells = lognormals | normals | logitnormals
probabilities = st.floats(1e-6, 1 - 1e-6)


@given(bells)
def test_5_50_and_95_percent_points_are_low_value_and_high(bell):
    scale = max(abs(bell.low), abs(bell.high)) if bell.kind == "normal" else 0.0
    for probability, printed in ((0.05, bell.low), (0.5, bell.value), (0.95, bell.high)):
        assert math.isclose(bell.at(probability), printed, rel_tol=CLOSE, abs_tol=CLOSE * scale)


@given(st.sampled_from(["uniform", "loguniform"]), ordered(1e-6, 1e6))
def test_uniform_kinds_run_from_low_to_high(kind, points):
    flat = component(kind, points)
    assert math.isclose(flat.at(0.0), flat.low, rel_tol=CLOSE)
    assert math.isclose(flat.at(1.0), flat.high, rel_tol=CLOSE)


def test_middle_of_a_loguniform_is_the_geometric_mean_of_its_ends():
    assert math.isclose(Component("M-1", 1.0, "loguniform", 0.5, 1e-4, 1.0).at(0.5), 1e-2, rel_tol=CLOSE)


def test_middle_of_a_uniform_is_the_mean_of_its_ends():
    assert Component("M-1", 1.0, "uniform", 3.0, 1.0, 5.0).at(0.5) == 3.0


@given(bells, probabilities, probabilities)
def test_quantiles_never_fall(bell, one, other):
    lower, upper = bell.at(min(one, other)), bell.at(max(one, other))
    assert lower <= upper + CLOSE * max(abs(lower), abs(upper), abs(bell.high))


@given(lognormals, probabilities)
def test_lognormal_stays_positive(bell, probability):
    assert bell.at(probability) > 0


@given(logitnormals, probabilities)
def test_logitnormal_stays_a_fraction(bell, probability):
    assert 0 <= bell.at(probability) <= 1


def test_each_side_of_the_median_keeps_its_own_width():
    bell = Component("M-1", 1.0, "lognormal", 10.0, 5.0, 1000.0)
    assert math.isclose(bell.value / bell.at(0.2), 2 ** (math.log(bell.at(0.8) / 10) / math.log(100)), rel_tol=CLOSE)


def test_fixed_number_has_one_value_everywhere():
    spread = fixed(3.0, "M-1")
    assert {spread.draw(0, "k", i) for i in range(10)} == {3.0}
    assert spread.nominal() == 3.0


@pytest.mark.parametrize("kind", ["lognormal", "normal", "logitnormal", "loguniform", "uniform"])
def test_range_without_width_is_a_fixed_number(kind):
    assert Component("M-1", 1.0, kind, 0.3, 0.3, 0.3).at(0.99) == 0.3


def test_unknown_distribution_is_refused_with_the_known_ones():
    with pytest.raises(ModelError, match="M-1: unknown distribution 'gamma'; expected one of lognormal"):
        Component("M-1", 1.0, "gamma", 1.0, 0.5, 2.0).at(0.3)


def test_far_tail_of_a_wide_fraction_is_zero():
    assert Component("M-1", 1.0, "logitnormal", 0.5, 1e-100, 0.9).at(2**-54) == 0.0


def test_nominal_value_of_one_component_is_its_value():
    assert Spread((component("lognormal", (1.0, 2.0, 9.0)),)).nominal() == 2.0


def test_nominal_value_of_a_mixture_is_the_weighted_geometric_mean():
    mixture = Spread((component("lognormal", (0.5, 1.0, 2.0), 0.75), component("lognormal", (8.0, 16.0, 32.0), 0.25)))
    assert math.isclose(mixture.nominal(), 2.0, rel_tol=CLOSE)


def test_nominal_value_with_a_zero_is_the_weighted_mean():
    mixture = Spread((component("normal", (-1.0, 0.0, 1.0), 0.75), component("normal", (7.0, 8.0, 9.0), 0.25)))
    assert math.isclose(mixture.nominal(), 2.0, rel_tol=CLOSE)


@given(bells, st.integers(0, 2**32), st.integers(0, 10**6))
def test_draw_is_the_quantile_at_the_keyed_uniform_number(bell, seed, sample):
    assert Spread((bell,)).draw(seed, "k", sample) == bell.at(streams.uniform(seed, "k", sample))


def test_mixture_draws_from_each_source_by_its_weight():
    first, second = component("fixed", (1.0, 1.0, 1.0), 0.8), component("fixed", (2.0, 2.0, 2.0), 0.2)
    samples = 5_000
    from_second = sum(Spread((first, second)).draw(0, "k", i) == 2.0 for i in range(samples))
    # five standard errors of a binomial: a wrong alarm in 1 of 1e6 seeds
    assert abs(from_second - 0.2 * samples) < 5 * math.sqrt(samples * 0.2 * 0.8)


def test_source_of_a_draw_does_not_decide_where_in_its_range_it_falls():
    mixture = Spread((component("uniform", (0.0, 0.5, 1.0), 0.5), component("uniform", (10.0, 10.5, 11.0), 0.5)))
    samples = 5_000
    places = [mixture.draw(0, "k", i) % 10 for i in range(samples) if mixture.component(0, "k", i).low == 10.0]
    # a uniform mean has the standard error sqrt(1/12/n); five of them
    assert abs(sum(places) / len(places) - 0.5) < 5 * math.sqrt(1 / 12 / len(places))


def test_weights_that_sum_just_below_one_still_choose_a_source(monkeypatch):
    monkeypatch.setattr(streams, "uniform", lambda *key: 1 - 2**-53)
    pair = (component("fixed", (1.0, 1.0, 1.0), 0.1), component("fixed", (2.0, 2.0, 2.0), 0.9 - 1e-9))
    assert Spread(pair).component(0, "k", 0) is pair[1]


@given(st.permutations(["a", "b", "c", "new"]), st.integers(0, 1000))
def test_new_parameter_moves_no_other(order, sample):
    spread = Spread((component("lognormal", (1.0, 2.0, 9.0)),))
    alone = {name: Parameter(name, "1", 2.0, spread).draw(5, sample) for name in ("a", "b", "c")}
    together = {name: Parameter(name, "1", 2.0, spread).draw(5, sample) for name in order}
    assert {name: together[name] for name in alone} == alone
