"""Expressions: what is written reads back as the same quantity, and nothing is evaluated."""

import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from vesicle.errors import ModelError, SchemaError
from vesicle.network.expressions import MAX_DEPTH, MAX_LENGTH, read, symbol, write

a, b, c = (symbol(name) for name in "abc")
POINTS = ({a: 2, b: sympy.Rational(3, 7), c: 5}, {a: sympy.Rational(1, 9), b: 4, c: sympy.Rational(11, 3)})


def combine(parts):
    """One operation over smaller expressions; roots and logarithms get positive arguments."""
    return st.one_of(
        st.tuples(parts, parts).map(lambda p: p[0] + p[1]),
        st.tuples(parts, parts).map(lambda p: p[0] - p[1]),
        st.tuples(parts, parts).map(lambda p: p[0] * p[1]),
        st.tuples(parts, parts).map(lambda p: p[0] / (1 + p[1] ** 2)),
        st.tuples(parts, st.sampled_from([a, b, c, a * b])).map(lambda p: p[0] / p[1]),
        st.tuples(parts, st.integers(-3, 3)).map(lambda p: (1 + p[0] ** 2) ** p[1]),
        st.tuples(st.sampled_from([a, b, c]), st.fractions(-2, 2, max_denominator=5)).map(lambda p: p[0] ** sympy.Rational(p[1])),
        st.tuples(st.sampled_from([a, b, c]), st.sampled_from([b, -c, a / 3])).map(lambda p: p[0] ** p[1]),
        st.tuples(parts, parts).map(lambda p: sympy.Max(*p)),
        st.tuples(parts, parts).map(lambda p: sympy.Min(*p)),
        parts.map(lambda x: sympy.sqrt(1 + x**2)),
        parts.map(lambda x: sympy.log(2 + x**2)),
        parts.map(lambda x: sympy.exp(1 / (1 + x**2))),
        parts.map(lambda x: sympy.sinh(1 / (1 + x**2))),
    )


leaves = st.sampled_from([a, b, c]) | st.integers(-9, 9).map(sympy.Integer) | st.fractions(-5, 5, max_denominator=9).map(sympy.Rational)
expressions = st.recursive(leaves, combine, max_leaves=6)


@given(expressions)
def test_expression_reads_back_with_the_same_value(expression):
    assume(not expression.has(sympy.zoo, sympy.nan, sympy.oo))
    again = read(write(expression))
    for point in POINTS:
        # all numbers are exact, so 30 digits are asked for and 25 must agree
        wanted, got = (sympy.N(e.subs(point), 30) for e in (expression, again))
        assert abs(wanted - got) <= sympy.Float("1e-25") * (1 + abs(wanted))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_float_reads_back_with_all_its_digits(value):
    assert float(read(write(sympy.Float(value)))) == value


@given(expressions)
def test_written_expression_holds_only_the_grammar(expression):
    assume(not expression.has(sympy.zoo, sympy.nan, sympy.oo))
    assert set(write(expression)) <= set("abcdefghijklmnopqrstuvwxyz0123456789.+-*/^(), ")
    assert "**" not in write(expression)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a + b*c", a + b * c),
        ("a - b - c", a - b - c),
        ("a/b/c", a / b / c),
        ("a/b*c", a * c / b),
        ("-a^2", -(a**2)),
        ("(-a)^3", -(a**3)),
        ("a^b^c", a ** (b**c)),
        ("a^-1", 1 / a),
        ("a - -b", a + b),
        ("(a + b)*c", (a + b) * c),
        ("max(a, b, 0)", sympy.Max(a, b, 0)),
        ("exp(-a*b)", sympy.exp(-a * b)),
        ("2/3", sympy.Rational(2, 3)),
    ],
)
def test_operators_bind_as_in_a_textbook(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("0.5", 0.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("2.5E-3", 0.0025)])
def test_number_is_read(text, value):
    assert float(read(text)) == value


@pytest.mark.parametrize("name", ["I", "E", "S", "N", "Q", "lambda", "beta", "_x", "k_on", "__import__", "exp"])
def test_every_name_is_a_symbol_and_nothing_else(name):
    assert read(name) is symbol(name)


def test_symbols_are_real_and_shared():
    assert symbol("k") is symbol("k")
    assert symbol("k").is_real


@pytest.mark.parametrize("text", ["", "a +", "(a", "a)", "a b", "a**2", "a.b", "a[0]", "a;b", "'a'", "a = b", "a < b", "f(a)", "exp()", "1_000", "a,b", "é", "* a", "#"])
def test_text_outside_the_grammar_is_refused(text):
    with pytest.raises(SchemaError, match="cannot read the expression"):
        read(text)


@pytest.mark.parametrize("text", ["__import__('os').system('ls')", "eval(a)", "open(a)", "erf(a)", "(lambda: a)()"])
def test_text_reaches_no_evaluator(text):
    with pytest.raises(SchemaError):
        read(text)


@pytest.mark.parametrize("text", ["exp(a, b)", "max(sqrt(-1), 2)"])
def test_call_that_sympy_refuses_is_refused_in_our_words(text):
    with pytest.raises(SchemaError):
        read(text)


@pytest.mark.parametrize("text", ["1/0", "0/0", "1e400", "log(0)", "a/0"])
def test_number_that_is_not_finite_is_refused(text):
    with pytest.raises(SchemaError):
        read(text)


def test_pi_reads_back_as_a_number():
    assert read(write(sympy.pi * a)).free_symbols == {a}


def test_symbol_with_a_name_outside_the_grammar_is_refused():
    with pytest.raises(ModelError, match="'miR-21' cannot name a quantity"):
        symbol("miR-21")


def test_error_starts_with_its_place():
    with pytest.raises(SchemaError, match=r"^f\.json:3: cannot read"):
        read("a +", "f.json:3: ")


def test_expression_at_the_limit_of_length_is_read_and_one_more_is_refused():
    assert read("a" + " " * (MAX_LENGTH - 1)) is a
    with pytest.raises(SchemaError, match="20,001 characters, expected at most 20,000"):
        read("a" + " " * MAX_LENGTH)


@pytest.mark.parametrize("text", ["(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH, "-" * (MAX_DEPTH + 1) + "a", "a^" * (MAX_DEPTH + 1) + "a", "exp(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH])
def test_deep_nesting_is_refused(text):
    with pytest.raises(SchemaError, match="nested too deeply"):
        read(text)


def test_nesting_that_a_model_needs_is_read():
    assert read("(" * 50 + "a" + ")" * 50) is a
