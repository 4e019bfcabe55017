"""The nouns: parts join into one network, and constants of other levels do not vary."""

import dataclasses

import pytest
import sympy

from vesicle.errors import ModelError
from vesicle.network import types
from vesicle.network.expressions import symbol
from vesicle.network.spread import Component, Spread

WIDE = Spread((Component("M-1", 1.0, "lognormal", 2.0, 1.0, 9.0),))
EMPTY = types.Network("n", types.Arm("treated"))


def test_parameter_without_a_spread_is_its_value():
    assert types.Parameter("k", "1/h", 2.0).draw(0, 1) == 2.0


@pytest.mark.parametrize("level", ["subject", "cell", "particle"])
def test_parameter_of_another_level_stays_nominal(level):
    assert types.Parameter("k", "1/h", 2.0, WIDE, level=level).draw(0, 1) == 2.0


def test_parameter_draw_is_keyed_by_its_own_name():
    k, q = types.Parameter("k", "1/h", 2.0, WIDE), types.Parameter("q", "1/h", 2.0, WIDE)
    assert k.draw(0, 1) == WIDE.draw(0, "k", 1)
    assert k.draw(0, 1) != q.draw(0, 1)


def test_two_arms_share_the_draw_of_one_parameter():
    treated, control = (types.Network("n", types.Arm(name), parameters=(types.Parameter("k", "1/h", 2.0, WIDE),)) for name in ("treated", "control"))
    assert treated.parameters[0].draw(3, 4) == control.parameters[0].draw(3, 4)


def test_part_is_added_in_its_order():
    network = EMPTY.with_part(types.Part(parameters=(types.Parameter("b", "1", 1.0), types.Parameter("a", "1", 2.0))))
    assert [parameter.id for parameter in network.parameters] == ["b", "a"]


def test_part_leaves_the_network_it_was_added_to_alone():
    EMPTY.with_part(types.Part(parameters=(types.Parameter("k", "1", 1.0),)))
    assert EMPTY.parameters == ()


def test_same_part_twice_is_kept_once():
    part = types.Part(rules=(types.Rule("r", "1", symbol("k") + 1),), gates=(types.Gate("g", "ERK", (("KRAS", 1),), symbol("Y"), symbol("r"), symbol("tau")),))
    assert EMPTY.with_part(part).with_part(part) == EMPTY.with_part(part)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("parameters", types.Parameter("x", "1", 1.0), types.Parameter("x", "1", 2.0)),
        ("rules", types.Rule("x", "1", symbol("a")), types.Rule("x", "1", symbol("b"))),
        ("species", types.Species("x", "e", "p", "EV"), types.Species("x", "e", "p", "copy")),
        ("gates", types.Gate("x", "ERK", (), *sympy.symbols("Y r t")), types.Gate("x", "AKT1", (), *sympy.symbols("Y r t"))),
    ],
)
def test_one_id_with_two_meanings_is_refused(field, one, other):
    with pytest.raises(ModelError, match=rf"'x' \({field}\) different meanings"):
        EMPTY.with_part(types.Part(**{field: (one,)})).with_part(types.Part(**{field: (other,)}))


def test_every_field_of_a_part_is_a_field_of_a_network():
    network = {field.name for field in dataclasses.fields(types.Network)}
    assert {field.name for field in dataclasses.fields(types.Part)} <= network


@pytest.mark.parametrize("noun", [kind for kind in vars(types).values() if dataclasses.is_dataclass(kind) and kind.__module__ == types.__name__])
def test_noun_is_frozen(noun):
    assert noun.__dataclass_params__.frozen


def test_steps_of_the_chain_stand_once_each_from_made_to_engaged():
    assert len(set(types.STEPS)) == len(types.STEPS) == 11
    assert (types.STEPS[0], types.STEPS[-1]) == ("made", "engaged")
