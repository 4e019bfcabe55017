"""Measurements: strictly read, never wider or narrower than their source says."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import SchemaError, UnitError, UnknownName
from vesicle.evidence.measurement import ASSUMED_GEOMETRIC_SD, COLUMNS, Measurement, measurement
from vesicle.network.spread import Z95
from vesicle.reading import Row

FILLED = {
    "id": "M-9001",
    "quantity": "uptake_rate",
    "value": "2",
    "unit": "mL/(cell*h)",
    "low": "1",
    "high": "5",
    "distribution": "lognormal",
    "reference": "smith2020",
    "status": "found",
    "level": "uncertainty",
    "role": "input",
}
CLOSE = 1e-12


def read(**cells: str) -> Measurement:
    return measurement(Row("m.tsv", 7, {**dict.fromkeys(COLUMNS, ""), **FILLED, **cells}))


def test_row_is_read_as_numbers_and_text():
    record = read(cell="HEK293T", confidence="0.7")
    assert (record.value, record.low, record.high, record.confidence) == (2.0, 1.0, 5.0, 0.7)
    assert (record.id, record.cell, record.role) == ("M-9001", "HEK293T", "input")


def test_empty_range_and_confidence_are_none():
    record = read(low="", high="")
    assert record.low is record.high is record.confidence is None


def test_context_holds_only_the_filled_columns():
    assert read(cell="HEK293T", label="DiR").context == {"cell": "HEK293T", "label": "DiR"}


@pytest.mark.parametrize("column", ["id", "quantity", "value", "unit", "reference"])
def test_empty_column_is_refused_with_its_place(column):
    with pytest.raises(SchemaError, match=rf"^m\.tsv:7: column '{column}' is empty"):
        read(**{column: ""})


@pytest.mark.parametrize("column", ["status", "level", "role", "distribution"])
@pytest.mark.parametrize("word", ["", "wrong", "Found", "INPUT"])
def test_word_outside_its_list_is_refused_with_its_place(column, word):
    with pytest.raises(UnknownName, match=rf"^m\.tsv:7: column '{column}': unknown word '{word}'"):
        read(**{column: word})


def test_unknown_spread_status_is_refused():
    with pytest.raises(UnknownName):
        read(spread_status="guessed")


def test_confidence_outside_0_to_1_is_refused():
    with pytest.raises(SchemaError):
        read(confidence="7")


@pytest.mark.parametrize("column", ["value", "low", "high", "confidence"])
@pytest.mark.parametrize("text", ["1_000", ".inf", "nan", "ten", "1,5"])
def test_what_is_no_plain_number_is_refused_with_its_column(column, text):
    with pytest.raises(UnitError, match=rf"^m\.tsv:7: column '{column}': '{text}' is not a plain finite number"):
        read(**{column: text})


def test_unknown_unit_is_refused_with_its_column():
    with pytest.raises(UnitError, match=r"^m\.tsv:7: column 'unit': unknown unit symbol 'ml'"):
        read(unit="ml/h")


@pytest.mark.parametrize("cells", [{"value": "0.9"}, {"value": "5.1"}, {"low": "3"}, {"high": "1.9", "low": ""}])
def test_value_outside_its_range_is_refused(cells):
    with pytest.raises(SchemaError, match=r"^m\.tsv:7: value .* lies outside its range"):
        read(**cells)


@pytest.mark.parametrize("distribution", ["lognormal", "loguniform"])
@pytest.mark.parametrize("low", ["0", "-1"])
def test_logarithmic_kind_needs_positive_numbers(distribution, low):
    with pytest.raises(SchemaError, match=f"a {distribution} needs positive numbers"):
        read(distribution=distribution, low=low)


@pytest.mark.parametrize("cells", [{"value": "0", "low": "0"}, {"high": "1"}, {"value": "2", "high": "3"}])
def test_logitnormal_needs_numbers_between_0_and_1(cells):
    with pytest.raises(SchemaError, match="a logitnormal needs numbers between 0 and 1"):
        read(**{"distribution": "logitnormal", "unit": "1", "value": "0.5", "low": "0.2", "high": "0.8", **cells})


@pytest.mark.parametrize("distribution", ["uniform", "loguniform"])
@pytest.mark.parametrize("column", ["low", "high"])
def test_uniform_kind_needs_both_ends(distribution, column):
    with pytest.raises(SchemaError, match=f"a {distribution} needs both 'low' and 'high'"):
        read(distribution=distribution, **{column: ""})


def test_printed_range_is_kept_as_printed():
    assert read().range() == (1.0, 5.0)


@pytest.mark.parametrize("status", ASSUMED_GEOMETRIC_SD)
def test_missing_range_of_a_lognormal_is_the_geometric_sd_of_its_status(status):
    low, high = read(low="", high="", status=status).range()
    assert math.isclose(math.exp(math.log(high / low) / (2 * Z95)), ASSUMED_GEOMETRIC_SD[status], rel_tol=CLOSE)
    assert math.isclose(low * high, 2.0**2, rel_tol=CLOSE)


def test_missing_range_of_a_fraction_is_symmetric_in_the_log_odds():
    low, high = read(low="", high="", distribution="logitnormal", unit="1", value="0.9", status="recalled").range()
    width = math.log(2.0) * Z95
    assert math.isclose(math.log(high / (1 - high)), math.log(9.0) + width, rel_tol=CLOSE)
    assert math.isclose(math.log(low / (1 - low)), math.log(9.0) - width, rel_tol=CLOSE)


def test_missing_range_of_a_normal_surrounds_a_negative_value():
    low, high = read(low="", high="", distribution="normal", unit="mV", value="-20").range()
    assert low < -20 < high
    assert math.isclose(low + high, -40.0, rel_tol=CLOSE)


@pytest.mark.parametrize(("given_end", "index"), [("low", 0), ("high", 1)])
def test_half_a_range_keeps_the_printed_end(given_end, index):
    bounds = read(**{"low": "", "high": "", given_end: "2"}).range()
    assert bounds[index] == 2.0
    assert bounds[0] < bounds[1]


def test_fixed_number_ignores_a_range():
    assert read(distribution="fixed").range() == (2.0, 2.0)


@pytest.mark.parametrize(
    ("cells", "assumed"),
    [({}, False), ({"low": ""}, True), ({"high": ""}, True), ({"spread_status": "assumed"}, True), ({"distribution": "fixed", "low": "", "high": ""}, False)],
)
def test_spread_without_a_source_is_called_assumed(cells, assumed):
    assert read(**cells).has_assumed_spread is assumed


def test_component_carries_record_weight_and_kind():
    part = read().component("mL/(cell*h)", 0.25)
    assert (part.record, part.weight, part.kind) == ("M-9001", 0.25, "lognormal")


@given(st.floats(1e-6, 1e6), st.sampled_from(["L/(cell*h)", "uL/(cell*min)", "um3/(cell*s)"]), st.floats(0.001, 0.999))
def test_quantile_in_another_unit_is_the_converted_quantile(value, unit, probability):
    record = read(value=repr(value), low=repr(value / 3), high=repr(value * 2))
    scale = record.component(unit, 1.0).median / value
    assert math.isclose(record.component(unit, 1.0).at(probability), scale * record.component("mL/(cell*h)", 1.0).at(probability), rel_tol=CLOSE)


def test_fraction_can_be_asked_for_in_percent():
    record = read(distribution="logitnormal", unit="1", value="0.5", low="0.2", high="0.8")
    assert math.isclose(record.component("%", 1.0).at(0.5), 50.0, rel_tol=CLOSE)


def test_component_of_another_dimension_is_refused_with_the_record():
    with pytest.raises(UnitError, match=r"^m\.tsv:7: M-9001: 'mL/\(cell\*h\)' does not convert to 'mL'"):
        read().component("mL", 1.0)
