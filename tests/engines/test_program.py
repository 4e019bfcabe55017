"""From a model to numbers: what an arm sets, what cannot be integrated."""

from vesicle.engines.program import draw_matrix
from vesicle.network.spread import Component, Spread
from vesicle.network.types import Parameter

K = Parameter("k", "1/h", 1.0, Spread((Component("M-1", 1.0, "lognormal", 1.0, 0.5, 2.0),)))


def test_value_that_an_arm_sets_is_the_same_in_every_draw():
    assert set(draw_matrix((K,), 1, [-1, 0, 1], {"k": 7.0})[:, 0]) == {7.0}


def test_value_that_no_arm_sets_is_drawn():
    assert len(set(draw_matrix((K,), 1, [-1, 0, 1])[:, 0])) == 3
