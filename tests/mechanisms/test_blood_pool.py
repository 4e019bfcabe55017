"""Vesicles of a body in its own blood: the engine against the closed form, what enters, what does not."""

from dataclasses import replace

import numpy as np
import pytest

from vesicle.engines.program import draw_matrix, parameter_values
from vesicle.evidence import shipped
from vesicle.mechanisms.travelling.blood_pool import FEEDERS
from vesicle.model.blood_pool import BloodDonors, assemble_blood, at_rest
from vesicle.systems.blood_levels import follow_blood, levels, missing_orders, published

TOLERANCE = 1e-6
"""Relative. Steps may err by 1e-9 of the amount, over some hundred steps, and the sum of what entered is integrated beside the amount."""


def nominal(donors, expression=at_rest):
    model = assemble_blood(donors, shipped())
    return float(parameter_values(expression(model), model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0])


def value(donors, name):
    return next(p.value for p in assemble_blood(donors, shipped()).network.parameters if p.id == name)


@pytest.mark.parametrize("species", ["human", "mouse"])
def test_blood_fills_up_as_one_exponential(species):
    """C(t) = C_rest (1 - exp(-lambda t)), lambda from the half-life and, in man, the ratio of weights."""
    donors = BloodDonors(species)
    rate = np.log(2) / value(donors, "blood_half_life__exosome")
    if species == "human":
        rate *= value(donors, "body_weight_ratio") ** (value(donors, "allometric_exponent__clearance") - 1)
    run = follow_blood(shipped(), donors, 4.0, 0.25)
    expected = nominal(donors) * -np.expm1(-rate * run.times)
    assert run.amount("plasma_level") == pytest.approx(expected, rel=TOLERANCE, abs=TOLERANCE * nominal(donors))


def test_what_entered_is_in_plasma_or_eliminated():
    run = follow_blood(shipped(), BloodDonors("mouse"), 4.0, 1.0)
    gone = run.crossings[-1, run.program.counters.index("out_eliminated__own")]
    here = run.final["own__plasma"]
    assert here + gone == pytest.approx(run.extent("circulating", "own")[-1], rel=TOLERANCE)


def test_level_rises_without_end_where_nothing_is_eliminated():
    run = follow_blood(shipped(), BloodDonors("human", elimination=0.0), 24.0, 12.0)
    assert run.amount("plasma_level")[2] == pytest.approx(2 * run.amount("plasma_level")[1], rel=TOLERANCE)


def test_tumour_adds_in_proportion_to_its_cells():
    rest = nominal(BloodDonors())
    assert nominal(BloodDonors(tumour_cells=2e11)) - rest == pytest.approx(2 * (nominal(BloodDonors(tumour_cells=1e11)) - rest), rel=1e-9)


def test_published_levels_enter_no_model():
    library = shipped()
    results = {m.id for q in ("plasma_ev_concentration", "endogenous_ev_secretion_into_blood") for m in library.of(q)}
    assert all(library.by_id[r].role == "check" for r in results)
    for species in ("human", "mouse"):
        assert not results & {r for p in assemble_blood(BloodDonors(species), library).network.parameters for r in p.records}


def test_another_published_level_changes_nothing_but_the_comparison():
    library = shipped()

    def higher(m):
        return replace(m, value=m.value * 1e3, low=m.low * 1e3, high=m.high * 1e3) if m.quantity == "plasma_ev_concentration" else m

    moved = replace(library, measurements=tuple(higher(m) for m in library.measurements))
    assert levels(moved, BloodDonors(), 20).level == pytest.approx(levels(library, BloodDonors(), 20).level, rel=0)
    assert published(moved)[0] == pytest.approx(1e3 * published(library)[0])


def test_every_class_of_cells_has_a_number_in_both_species():
    for species in ("human", "mouse"):
        own = [p for p in assemble_blood(BloodDonors(species), shipped()).network.parameters if p.quantity == "cell_number"]
        assert len(own) == len(FEEDERS)
        assert not any(p.borrowed for p in own)


def test_mouse_falls_short_of_its_measured_secretion():
    """18 ug of vesicle protein per minute is more than the cells counted here can make: the gap is stated, not closed."""
    missing = missing_orders(shipped(), levels(shipped(), BloodDonors("mouse"), 300))
    assert 0 < np.quantile(missing, 0.05) < np.quantile(missing, 0.95)
