"""Formulas: each function against the standard library's, and the traps of each."""

import math

import pytest
import sympy

from vesicle.errors import LimitError, SchemaError, UnsupportedFeature
from vesicle.formats.mathml import Formulas
from vesicle.network.expressions import TIME, read, symbol, write

X, Y = symbol("x"), symbol("y")


def formulas(functions=None):
    return Formulas(functions or {}, lambda name, where: symbol(name), lambda name, where: symbol(f"rate_of_{name}"))


def number(*node, functions=None):
    return formulas(functions).number(list(node), "f.xml:3: ")


def at(expression, **values):
    return float(expression.xreplace({symbol(name): sympy.Float(value) for name, value in values.items()}))


def cn(value):
    return ["cn", value]


x, y = ["ci", "x"], ["ci", "y"]


@pytest.mark.parametrize(
    ("name", "function", "value"),
    [
        ("abs", abs, -1.5), ("exp", math.exp, 1.5), ("ln", math.log, 1.5), ("floor", math.floor, -1.5), ("ceiling", math.ceil, -1.5), ("factorial", math.factorial, 5),
        ("sin", math.sin, 1.5), ("cos", math.cos, 1.5), ("tan", math.tan, 1.5), ("sec", lambda v: 1 / math.cos(v), 1.5), ("csc", lambda v: 1 / math.sin(v), 1.5),
        ("cot", lambda v: 1 / math.tan(v), 1.5), ("sinh", math.sinh, 1.5), ("cosh", math.cosh, 1.5), ("tanh", math.tanh, 1.5), ("sech", lambda v: 1 / math.cosh(v), 1.5),
        ("csch", lambda v: 1 / math.sinh(v), 1.5), ("coth", lambda v: 1 / math.tanh(v), 1.5), ("arcsin", math.asin, 0.5), ("arccos", math.acos, 0.5),
        ("arctan", math.atan, 0.5), ("arcsec", lambda v: math.acos(1 / v), 1.5), ("arccsc", lambda v: math.asin(1 / v), 1.5), ("arccot", lambda v: math.atan(1 / v), 1.5),
        ("arcsinh", math.asinh, 0.5), ("arccosh", math.acosh, 1.5), ("arctanh", math.atanh, 0.5), ("arcsech", lambda v: math.acosh(1 / v), 0.5),
        ("arccsch", lambda v: math.asinh(1 / v), 0.5), ("arccoth", lambda v: math.atanh(1 / v), 1.5),
    ],
)  # fmt: skip
def test_function_of_one_argument_is_that_of_the_standard_library(name, function, value):
    """To the last digits: one rounding in sympy, one in the inverse."""
    assert at(number(name, x), x=value) == pytest.approx(function(value), rel=1e-14)
    assert float(number(name, cn(value))) == pytest.approx(function(value), rel=1e-14)


@pytest.mark.parametrize(("a", "b"), [(7, 3), (-7, 3), (7, -3), (-7, -3), (7.5, 2), (6, 3)])
def test_remainder_has_the_sign_of_the_dividend(a, b):
    assert at(number("rem", x, y), x=a, y=b) == pytest.approx(math.fmod(a, b), abs=1e-14)
    assert at(number("quotient", x, y), x=a, y=b) == math.trunc(a / b)


def test_logarithm_and_root_take_their_base_and_degree_first():
    assert at(number("log", cn(2), x), x=8) == pytest.approx(3, rel=1e-15)
    assert at(number("root", cn(3), x), x=8) == pytest.approx(2, rel=1e-15)


def test_sums_and_products_of_nothing_are_zero_and_one():
    assert (number("plus"), number("times")) == (0, 1)


def test_chain_of_relations_holds_when_each_link_does():
    chain = number("lt", cn(1), x, y)
    assert [at(chain, x=a, y=b) for a, b in ((2, 3), (2, 2), (0, 3))] == [1, 0, 0]


def test_condition_counts_as_one_and_a_number_as_a_condition():
    assert at(number("plus", ["gt", x, cn(2)], cn(5)), x=3) == 6
    assert at(number("piecewise", cn(7), x, cn(8)), x=0) == 8
    assert at(number("piecewise", cn(7), x, cn(8)), x=0.1) == 7


@pytest.mark.parametrize(("a", "b", "expected"), [(0, 0, 1), (0, 1, 1), (1, 0, 0), (1, 1, 1)])
def test_implication_fails_only_from_true_to_false(a, b, expected):
    assert at(number("implies", x, y), x=a, y=b) == expected


def test_first_true_piece_counts():
    pieces = number("piecewise", cn(1), ["gt", x, cn(0)], cn(2), ["gt", x, cn(-1)], cn(3))
    assert [at(pieces, x=v) for v in (1, -0.5, -2)] == [1, 2, 3]


def test_time_is_the_time_of_the_run():
    assert number("times", cn(2), ["time"]) == 2 * TIME


def test_function_definition_is_put_in_with_its_own_arguments():
    """The body's x is the argument, not the model's x."""
    functions = {"f": (["x", "z"], ["minus", ["ci", "x"], ["ci", "z"]])}
    assert number("call", "f", y, x, functions=functions) == Y - X


def test_function_that_calls_itself_is_refused():
    with pytest.raises(LimitError, match="call each other"):
        number("call", "f", x, functions={"f": (["x"], ["call", "f", ["ci", "x"]])})


def test_functions_that_double_are_refused_before_they_grow():
    functions = {f"f{i}": (["a"], ["plus", ["sin", ["ci", "a"]], ["call", f"f{i - 1}", ["times", ["ci", "a"], ["sin", ["ci", "a"]]]]]) for i in range(1, 40)} | {
        "f0": (["a"], ["ci", "a"])
    }
    with pytest.raises(LimitError, match="function definitions"):
        number("call", "f39", x, functions=functions)


def test_call_with_the_wrong_number_of_arguments_is_refused():
    with pytest.raises(SchemaError, match="takes 1 arguments, but 2"):
        number("call", "f", x, y, functions={"f": (["a"], ["ci", "a"])})


@pytest.mark.parametrize(
    ("node", "tag"),
    [
        (("delay", x, cn(1)), "CSymbolDelay"),
        (("cn", "nan"), "NotFinite"),
        (("cn", "inf"), "NotFinite"),
        (("divide", cn(1), cn(0)), "NotFinite"),
        (("unknown", "matrix"), "UnknownMathML"),
    ],
)
def test_what_is_not_offered_is_refused_by_its_tag(node, tag):
    with pytest.raises(UnsupportedFeature, match=rf"^f\.xml:3: .*\({tag}\)"):
        number(*node)


def test_complex_number_is_refused():
    with pytest.raises(SchemaError, match="no real value"):
        number("ln", cn(-1))


@pytest.mark.parametrize("node", [("piecewise", x, ["lt", x, cn(2)], y), ("and", ["lt", x, y], ["not", ["geq", x, cn(3)]]), ("rem", x, y), ("xor", ["lt", x, y], ["eq", x, cn(1)])])
def test_formula_survives_our_own_text(node):
    expression = number(*node)
    assert read(write(expression)) == expression
