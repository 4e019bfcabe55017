"""A tape: the numbers of sympy, without sympy."""

import math

import numpy as np
import pytest

from vesicle.engines.tape import NUMBER, Tape, record
from vesicle.errors import ModelError, SchemaError
from vesicle.network.expressions import read, symbol


@pytest.mark.parametrize("text", ["a*b/c", "exp(-a)*log(b)/sinh(c)", "max(a, b, c) - min(a, c)", "sqrt(a)+b^c+c^(-2)", "pi*a^2/4 + 3", "7"])
def test_tape_plays_what_the_expression_says(text):
    values = np.array([[1.5, 2.0, 0.3], [0.2, 7.0, 1.1]])
    (played,) = record([read(text)], ["a", "b", "c"]).play(values)
    exact = [float(read(text).subs({symbol(n): v for n, v in zip("abc", row, strict=True)})) for row in values]
    # a dozen operations at most, each within one unit in the last place
    np.testing.assert_allclose(played, exact, rtol=12 * np.finfo(float).eps)


def test_equal_parts_are_computed_once():
    tape = record([read("exp(a*b) + 1"), read("exp(a*b) * 2")], ["a", "b"])
    assert [step[0] for step in tape.steps].count("exp") == 1


def test_symbol_that_is_no_parameter_is_named():
    with pytest.raises(ModelError, match="'x'"):
        record([read("a*x")], ["a"])


@pytest.mark.parametrize("step", [("system", 0), ("exp", 1), ("exp", -1), ("exp", "0"), (NUMBER, "1"), ("exp",), ("add", True, 0)])
def test_tape_from_a_file_holds_nothing_but_known_steps(step):
    with pytest.raises(SchemaError):
        Tape(("a",), (step,), (0,))


def test_number_alone_is_the_same_for_all_draws():
    (played,) = Tape((), ((NUMBER, math.e),), (0,)).play(np.zeros((3, 0)))
    assert played.tolist() == [math.e] * 3
