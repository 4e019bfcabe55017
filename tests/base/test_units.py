"""Units: one small grammar, exact conversions, and nothing that only looks like a number."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import units
from vesicle.errors import UnitError

ALIKE = (
    ("s", "min", "h", "d", "month"),
    ("nm", "um", "mm", "cm", "m"),
    ("mL", "L", "uL", "nL", "pL", "fL", "aL", "um3", "cm3", "nm3"),
    ("kg", "g", "mg", "ug", "ng", "pg"),
    ("M", "mM", "uM", "nM", "pM", "mol/L", "copy/mL"),
    ("1", "%", "percent", "fold", "item"),
    ("Pa", "kPa", "mPa", "mmHg"),
    ("mL/(cell*h)", "L/(cell*d)", "um3/cell/s"),
)
pairs = st.sampled_from(ALIKE).flatmap(lambda family: st.tuples(st.sampled_from(family), st.sampled_from(family)))
magnitudes = st.floats(min_value=1e-30, max_value=1e30)


@given(pairs, magnitudes)
def test_conversion_there_and_back_returns_the_number(pair, value):
    here, there = pair
    # two multiplications and two divisions, each within half an ulp
    assert math.isclose(units.convert(units.convert(value, here, there), there, here), value, rel_tol=4 * 2**-52)


@given(pairs, magnitudes)
def test_conversion_of_a_multiple_is_the_multiple_of_the_conversion(pair, value):
    here, there = pair
    assert math.isclose(units.convert(value, here, there), value * units.convert(1.0, here, there), rel_tol=4 * 2**-52)


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (1.0, "d", "h", 24.0),
        (1.0, "mL", "um3", 1e12),
        (1.0, "L/h", "mL/min", 1000 / 60),
        (1.0, "nM", "copy/mL", 6.02214076e11),
        (1.0, "kDa", "g/mol", 1000.0),
        (50.0, "%", "1", 0.5),
        (760.0, "mmHg", "kPa", 101.325),
        (1.0, "month", "d", 30.4375),
    ],
)
def test_conversion_gives_the_known_number(value, unit, to, expected):
    # mmHg is itself rounded in its tenth digit: 760 of them are 101.3250144 kPa
    tolerance = 2e-7 if unit == "mmHg" else 1e-14
    assert math.isclose(units.convert(value, unit, to), expected, rel_tol=tolerance)


@pytest.mark.parametrize(("unit", "to"), [("EV", "cell"), ("EV/mL", "copy/mL"), ("1/h", "EV/h"), ("mL", "um2"), ("nt", "copy"), ("degC", "K")])
def test_what_is_counted_differently_does_not_convert(unit, to):
    with pytest.raises(UnitError, match="does not convert") as caught:
        units.convert(1.0, unit, to)
    assert f"'{unit}'" in str(caught.value)
    assert f"'{to}'" in str(caught.value)


@pytest.mark.parametrize("unit", ["h", "um", "mg", "EV", "cell", "copy", "nt", "um3", "um2", "1"])
def test_internal_units_have_the_factor_one(unit):
    assert math.isclose(units.parse(unit).factor, 1.0, rel_tol=1e-14)


def test_dimension_of_a_clearance_per_cell_keeps_the_cell():
    assert units.parse("mL/(cell*h)").dimension == (("cell", Fraction(-1)), ("length", Fraction(3)), ("time", Fraction(-1)))


@pytest.mark.parametrize(("one", "other"), [("um2", "um^2"), ("1/h", "h^-1"), ("mL/(cell*h)", "mL/cell/h"), (" mL / h ", "mL/h"), ("%", "percent")])
def test_two_spellings_of_one_unit_are_the_same_unit(one, other):
    first, second = units.parse(one), units.parse(other)
    assert first.dimension == second.dimension
    assert math.isclose(first.factor, second.factor, rel_tol=1e-14)


@pytest.mark.parametrize(("one", "other"), [("1/h/mL", "1/(h*mL)"), ("1/mL*h", "h/mL"), ("1/h*mL", "mL/h")])
def test_leading_one_divides_by_the_next_symbol_only(one, other):
    assert units.parse(one).dimension == units.parse(other).dimension


@pytest.mark.parametrize("text", ["mL/", "(mL", "mL//h", "m^-", "h**2", "µm", "mL;h", "m^1.5", ")", "mL)h"])
def test_text_outside_the_grammar_is_refused(text):
    with pytest.raises(UnitError, match="cannot read the unit"):
        units.parse(text, "f.tsv:3: ")


def test_power_that_overflows_is_refused():
    with pytest.raises(UnitError):
        units.parse("mL^99")


@pytest.mark.parametrize("text", ["", "   "])
def test_missing_unit_is_refused(text):
    with pytest.raises(UnitError, match="a unit is missing"):
        units.parse(text)


def test_unknown_symbol_is_named_with_the_nearest_one():
    with pytest.raises(UnitError, match=r"^f\.tsv:3: unknown unit symbol 'cells' in 'mL/cells'\. Did you mean 'cell'\?$"):
        units.parse("mL/cells", "f.tsv:3: ")


@pytest.mark.parametrize("text", ["__import__('os')", "exec", "os.system", "lambda", "mL if 1 else h"])
def test_unit_text_reaches_no_evaluator(text):
    with pytest.raises(UnitError):
        units.parse(text)


@pytest.mark.parametrize("symbol", units.known_symbols())
def test_every_listed_symbol_can_be_read(symbol):
    assert units.parse(symbol).factor > 0


@pytest.mark.parametrize(("text", "value"), [("1000", 1000.0), (" 0.5 ", 0.5), ("1e3", 1000.0), ("-2E-3", -0.002), ("+.5", 0.5), ("7.", 7.0)])
def test_plain_number_is_read(text, value):
    assert units.number(text) == value


@pytest.mark.parametrize("text", ["1_000", ".inf", "inf", "nan", "1,000", "1 000", "0x10", "1e", "", "-", "ten", "1e999", "1.2.3", "True"])
def test_what_is_not_a_plain_finite_number_is_refused_with_its_place(text):
    with pytest.raises(UnitError) as caught:
        units.number(text, "f.tsv:9: column 'value': ")
    assert str(caught.value).startswith(f"f.tsv:9: column 'value': '{text}' ")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_number_reads_back_every_float_that_python_prints(value):
    assert units.number(repr(value)) == value


@given(st.floats(min_value=-1e300, max_value=1e300), st.sampled_from(["h", "min", "d", "s"]), st.sampled_from(["", " ", "   "]))
def test_quantity_reads_back_number_and_unit(value, unit, gap):
    assert units.quantity(f"{value!r}{gap}{unit}", like="h") == units.Quantity(value, unit)


def test_quantity_without_a_unit_is_refused_with_the_unit_to_write():
    with pytest.raises(UnitError, match="'48' has no unit.*'48 h'"):
        units.quantity("48", like="h")


def test_quantity_of_another_dimension_is_refused():
    with pytest.raises(UnitError, match=r"'mL' \(length\^3\); expected one that converts to 'h'"):
        units.quantity("48 mL", like="h")


@pytest.mark.parametrize("text", ["1_000 h", ".inf h", "nan h", "h", "", "1.5.2 h", "1e999 h"])
def test_quantity_with_no_plain_number_is_refused(text):
    with pytest.raises(UnitError):
        units.quantity(text, like="h")


def test_pure_number_needs_no_unit():
    assert units.quantity("0.5", like="1") == units.Quantity(0.5, "1")


def test_percent_is_a_pure_number_a_hundred_times_smaller():
    assert units.quantity("3 %", like="1").to("1") == pytest.approx(0.03, rel=1e-15)


@pytest.mark.parametrize(("quantity", "text"), [(units.Quantity(48.0, "h"), "48 h"), (units.Quantity(0.5, "1"), "0.5")])
def test_quantity_prints_as_a_person_writes_it(quantity, text):
    assert str(quantity) == text


@pytest.mark.parametrize(("unit", "words"), [("1", "a pure number"), ("mL/h", "length^3/time"), ("1/h", "1/time"), ("EV/(cell*h)", "EV/cell/time"), ("um2", "length^2")])
def test_dimension_is_described_in_words(unit, words):
    assert units.describe(units.parse(unit).dimension) == words


def test_dimension_has_no_zero_powers_and_is_sorted():
    assert units.dimension({"time": Fraction(-1), "EV": Fraction(0), "cell": Fraction(1)}) == (("cell", Fraction(1)), ("time", Fraction(-1)))
