"""Residence without integrating: closed forms, nothing lost, and the engine in the limit of a small dose."""

import numpy as np
import pytest
import sympy

from vesicle.evidence import shipped
from vesicle.model.assembly import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Parameter, Particle, Transfer
from vesicle.readouts.exposure import stay
from vesicle.systems.body_runs import bodies
from vesicle.systems.nominal import followed

OUT, THERE, BACK, EATEN = 0.7, 0.4, 0.2, 0.1
ROUNDING = 1e-9
DAY = 24.0


def two_places(saturation=1):
    """Blood and tissue with exchange; blood loses, tissue eats. ``saturation`` multiplies a hazard and is 1 where the place is empty."""
    rates = {"out": OUT, "there": THERE, "back": BACK, "eaten": EATEN}
    parameters = (*(Parameter(name, "1/h", value) for name, value in rates.items()), Parameter("given", "EV", 1.0))
    transfers = (
        Transfer("leave", "ev", "blood", None, symbol("out"), sink="gone"),
        Transfer("enter", "ev", "blood", "tissue", symbol("there") * saturation),
        Transfer("return", "ev", "tissue", "blood", symbol("back")),
        Transfer("eat", "ev", "tissue", None, symbol("eaten"), sink="digested"),
    )
    network = Network("two", Arm("treated", (Dose(0.0, "ev__blood", symbol("given")),)), particles=(Particle("ev", "ev"),), parameters=parameters, transfers=transfers)
    return Model("treated", network, check(network), ())


def test_hours_in_two_places_are_those_of_the_closed_form():
    """T_blood = 1 / (out + there eaten / (back + eaten)), T_tissue = there T_blood / (back + eaten)."""
    found = stay(two_places(), 1)
    blood = 1 / (OUT + THERE * EATEN / (BACK + EATEN))
    assert found.time_in(["blood"])[0] == pytest.approx(blood, rel=ROUNDING)
    assert found.time_in(["tissue"])[0] == pytest.approx(THERE * blood / (BACK + EATEN), rel=ROUNDING)


def test_every_particle_ends_in_a_sink():
    found = stay(two_places(), 1)
    assert found.entering("gone")[0] + found.entering("digested")[0] == pytest.approx(1, rel=ROUNDING)


def test_saturation_plays_no_part_in_a_small_dose():
    one = symbol("given") / symbol("given")
    full = stay(two_places(one * sympy.Max(0, 1 - symbol("ev__tissue") / symbol("given"))), 1)
    assert full.hours == pytest.approx(stay(two_places(), 1).hours, rel=ROUNDING)


def test_arm_without_a_dose_is_refused():
    network = Network("none", Arm("untreated"))
    with pytest.raises(ValueError, match="nothing is given"):
        stay(Model("untreated", network, check(network), ()), 1)


@pytest.mark.parametrize("arm", ["exosome", "naked_sirna"])
def test_residence_agrees_with_the_engine(arm):
    """A day is 160 half-lives or more; the tumour grows by a few per cent meanwhile and holds below 2 % of the dose."""
    model = bodies(shipped(), "mouse-carriers", arms=("exosome", "liposome", arm))[arm]
    run = followed(model, DAY, DAY)
    engine = run.amount("exposure:all")[-1] / run.extent("given", arm)[-1]
    found = stay(model, 1)
    assert found.time_in([p for p in found.places if p in ("vein", "lung", "artery", "liver", "spleen", "kidney", "rest", "tumour_vessels")])[0] == pytest.approx(engine, rel=0.01)


def test_hazards_are_those_of_every_draw():
    model = bodies(shipped(), "mouse-carriers", arms=("exosome", "liposome"))["exosome"]
    found = stay(model, 5)
    release = found.parameters["wall_release_rate"]
    assert np.array_equal(found.hazards["wall_release__exosome"], release)
