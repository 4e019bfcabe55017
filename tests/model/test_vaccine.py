"""The vaccine: its T cells against an integrator, and its limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from vesicle.evidence import shipped
from vesicle.model.vaccine import Design, activated
from vesicle.readouts.vaccine import respond


@given(st.floats(1e-3, 30), st.floats(0.1, 2), st.floats(0.5, 8))
def test_activated_cells_solve_their_equations(a, g, days):
    """LSODA at a relative tolerance of 1e-9 is closer than 1e-6 over some tens of steps."""
    run = solve_ivp(lambda _, y: [-a * y[0], a * y[0] + g * y[1]], (0, days), [100.0, 0.0], method="LSODA", rtol=1e-9, atol=1e-9)
    assert float(activated(np.array(a), np.array(g), np.array(days), np.array(100.0))) == pytest.approx(run.y[1, -1], rel=1e-6)


def test_without_antigen_no_cell_is_activated():
    assert np.all(respond(shipped(), Design(has_antigen=False), 20).cells == 0)


def test_response_rises_with_dose_in_every_draw():
    low, high = (respond(shipped(), Design(dose), 40).cells for dose in (1e11, 1e13))
    assert np.all(high > low)


def test_vesicles_without_dendritic_cells_do_less_in_nine_draws_of_ten():
    """By the count alone: the same vesicles shared among all naive cells of the node; nothing says that every draw must."""
    alone, with_ = (respond(shipped(), Design(1e12, meets_dendritic_cells=meets), 40).cells for meets in (False, True))
    assert np.mean(alone < with_) >= 0.9


def test_many_vesicles_on_every_cell_make_the_mean_cell_the_mean_over_cells():
    """With v vesicles the spread of complexes is v^-1/2 of the mean; at 1e18 it is below a thousandth."""
    found = respond(shipped(), Design(1e18), 20)
    np.testing.assert_allclose(found.contact, found.mean_field, rtol=1e-2)
