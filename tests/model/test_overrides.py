"""A value that a scenario sets is one that the quantity can have."""

import pytest

from vesicle.errors import InputError
from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.model.assembled import with_overrides


def overridden(quantity, unit, text, **context):
    """The value of one parameter of a site after a scenario set it."""
    site = Site(shipped(), {"species": "human"})
    site.quantity(quantity, unit, **context)
    (name,) = site.parameters
    (parameter,) = with_overrides(site, {name: text})
    return parameter.value


@pytest.mark.parametrize(
    ("quantity", "text"), [("cytosolic_release_fraction", "-0.3"), ("cytosolic_release_fraction", "3"), ("handling_recovery", "1.01"), ("handling_recovery", "-1e-9")]
)
def test_share_outside_of_0_to_1_is_refused_with_its_value_and_range(quantity, text):
    with pytest.raises(InputError, match=rf"parameters.{quantity}__exosome: '{text}' is outside of its range, expected 0 to 1\.$"):
        overridden(quantity, "1", text, product="exosome")


@pytest.mark.parametrize("text", ["0", "0.5", "1"])
def test_ends_of_a_share_can_be_set(text):
    assert overridden("handling_recovery", "1", text, product="exosome") == float(text)


def test_length_below_zero_is_refused_with_its_unit():
    with pytest.raises(InputError, match=r"parameters.cell_diameter: '-3 um' is outside of its range, expected 0 or more um\.$"):
        overridden("cell_diameter", "um", "-3 um")


def test_positive_quantity_may_be_switched_off():
    assert overridden("cell_diameter", "um", "0 um") == 0


def test_potential_may_have_either_sign():
    assert overridden("zeta_potential", "mV", "3 mV", product="exosome") == 3
    assert overridden("zeta_potential", "mV", "-3 mV", product="exosome") == -3
