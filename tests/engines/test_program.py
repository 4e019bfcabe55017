"""From a model to numbers: what an arm sets, what cannot be integrated."""

from dataclasses import replace

import pytest

from vesicle.engines.program import compile_model, draw_matrix
from vesicle.errors import UnsupportedFeature
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.spread import Component, Spread
from vesicle.network.types import Arm, Gate, Network, Parameter

K = Parameter("k", "1/h", 1.0, Spread((Component("M-1", 1.0, "lognormal", 1.0, 0.5, 2.0),)))


def test_value_that_an_arm_sets_is_the_same_in_every_draw():
    assert set(draw_matrix((K,), 1, [-1, 0, 1], {"k": 7.0})[:, 0]) == {7.0}


def test_value_that_no_arm_sets_is_drawn():
    assert len(set(draw_matrix((K,), 1, [-1, 0, 1])[:, 0])) == 3


def test_gate_is_refused_rather_than_left_out():
    empty = Network("n", Arm("a"))
    gated = replace(empty, gates=(Gate("ERK", (("KRAS", 1, 1.0),), "or", symbol("n"), symbol("e"), symbol("t")),))
    with pytest.raises(UnsupportedFeature, match="gates are not integrated"):
        compile_model(Model("a", gated, check(empty), ()), (0.0, 1.0))
