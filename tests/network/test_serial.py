"""Canonical JSON: a network comes back as it went, and its hash names its content."""

import json
from dataclasses import replace

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from vesicle.errors import SchemaError
from vesicle.network import types
from vesicle.network.expressions import read, symbol
from vesicle.network.serial import SCHEMA, content_hash, from_json, to_json
from vesicle.network.spread import KINDS, Component, Spread

names = st.sampled_from(["k", "k_on", "ev__blood", "I", "E", "_x", "beta", "n2"])
texts = st.text(max_size=4)
numbers = st.floats(allow_nan=False, allow_infinity=False)
WRITTEN = ("0", "k", "-k/3", "exp(-k)*2/7 + max(0, I - 1.5e-7)^(1/2)", "k^(-E) + 0.1*n2", "sqrt(beta)/(1 + k_on)^2", "log(2 + k^2) - min(k, 3)", "sinh(1)/ev__blood")
expressions = st.sampled_from([read(text) for text in WRITTEN])
statuses = st.sampled_from(["found", "recalled", "assumed"])
spreads = st.lists(st.builds(Component, texts, numbers, st.sampled_from(KINDS), numbers, numbers, numbers), min_size=1, max_size=2).map(lambda c: Spread(tuple(c)))


def few(*strategies):
    return st.lists(st.builds(*strategies), max_size=2).map(tuple)


optional = st.none() | expressions
networks = st.builds(
    types.Network,
    id=names,
    arm=st.builds(types.Arm, texts, few(types.Dose, numbers, names, expressions, st.lists(names, max_size=2).map(tuple)), st.dictionaries(names, numbers, max_size=2)),
    particles=few(types.Particle, names, texts, few(types.Passenger, names, texts, expressions, st.booleans(), texts), texts),
    parameters=few(types.Parameter, names, texts, numbers, st.none() | spreads, st.lists(names, max_size=2).map(tuple), texts, statuses, statuses, texts, texts),
    rules=few(types.Rule, names, texts, expressions),
    places=few(types.Place, names, texts, optional, texts, texts),
    species=few(types.Species, names, names, names, texts, optional, st.booleans()),
    transfers=few(types.Transfer, names, names, names, st.none() | names, expressions, st.none() | names, st.booleans(), texts),
    unpacks=few(types.Unpack, names, names, names, st.dictionaries(names, names, max_size=2), expressions, st.none() | names),
    reactions=few(types.Reaction, names, st.dictionaries(names, numbers, max_size=2), expressions, st.none() | names, texts),
    gates=few(types.Gate, names, names, few(lambda *p: p, names, st.sampled_from([-1, 1])), expressions, expressions, expressions),
    triggers=few(types.Trigger, names, expressions, st.dictionaries(names, expressions, max_size=2)),
    observables=few(types.Observable, names, texts, expressions, texts, texts),
)
SMALL = types.Network("n", types.Arm("treated"), parameters=(types.Parameter("k", "1/h", 0.5),), rules=(types.Rule("r", "1/h", 2 * symbol("k")),))


def broken(**network) -> str:
    """The small network's JSON with some of its fields replaced."""
    document = json.loads(to_json(SMALL))
    document["network"].update(network)
    return json.dumps(document)


@settings(max_examples=40)
@given(networks)
def test_network_comes_back_from_json_as_it_went(network):
    assert from_json(to_json(network)) == network


@settings(max_examples=40)
@given(networks)
def test_json_of_the_network_that_came_back_is_the_same_text(network):
    assert to_json(from_json(to_json(network))) == to_json(network)


def test_network_with_a_python_float_comes_back_as_it_went():
    network = replace(SMALL, rules=(types.Rule("r", "1/h", 0.5 * symbol("k")),))
    assert from_json(to_json(network)) == network


def test_equal_networks_have_the_same_hash():
    whole, decimal = (replace(SMALL, parameters=(types.Parameter("k", "1/h", value),)) for value in (1, 1.0))
    assert whole == decimal
    assert content_hash(whole) == content_hash(decimal)


def test_hash_is_sixteen_hexadecimal_digits():
    assert len(content_hash(SMALL)) == 16
    int(content_hash(SMALL), 16)


@pytest.mark.parametrize(
    "other",
    [
        replace(SMALL, id="m"),
        replace(SMALL, arm=types.Arm("control")),
        replace(SMALL, parameters=(types.Parameter("k", "1/h", 0.5000000000000001),)),
        replace(SMALL, rules=(types.Rule("r", "1/h", 3 * symbol("k")),)),
    ],
)
def test_hash_changes_with_the_content(other):
    assert content_hash(other) != content_hash(SMALL)


def test_hash_does_not_depend_on_the_order_of_a_mapping():
    one, other = (replace(SMALL, arm=types.Arm("treated", (), order)) for order in ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}))
    assert content_hash(one) == content_hash(other)


def test_json_names_its_schema_and_has_sorted_keys_without_spaces():
    text = to_json(SMALL)
    assert json.loads(text)["schema"] == SCHEMA
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def test_expression_is_written_as_text():
    rule = replace(SMALL, rules=(types.Rule("r", "1", sympy.sqrt(symbol("a")) / symbol("b") ** 2),))
    assert json.loads(to_json(rule))["network"]["rules"][0]["expression"] == "sqrt(a)/(b)^(2)"


def test_text_that_is_no_json_is_refused_at_its_line():
    with pytest.raises(SchemaError, match="line 2: this is not JSON"):
        from_json('{\n"schema"')


@pytest.mark.parametrize("text", ["[]", "{}", "null", '{"schema": "vesicle-network/99", "network": {}}'])
def test_json_of_another_schema_is_refused(text):
    with pytest.raises(SchemaError, match="expected the schema 'vesicle-network/1'"):
        from_json(text)


def test_expression_outside_the_grammar_is_refused():
    with pytest.raises(SchemaError, match="cannot read the expression"):
        from_json(broken(rules=[{"id": "r", "unit": "1", "expression": "__import__('os')"}]))


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"schema": SCHEMA}),
        json.dumps({"schema": SCHEMA, "network": None}),
        json.dumps({"schema": SCHEMA, "network": {}}),
        json.dumps({"schema": SCHEMA, "network": []}),
        broken(colour="red"),
        broken(parameters="abc"),
        broken(parameters=[{"id": "k", "unit": "1", "value": "ten"}]),
        broken(rules=[{"id": "r", "unit": "1", "expression": 3}]),
        broken(parameters=[{"id": "k", "unit": "1", "value": float("nan")}]),
        "[" * 100_000,
    ],
)
def test_document_of_the_wrong_shape_is_refused(text):
    with pytest.raises(SchemaError):
        from_json(text)
