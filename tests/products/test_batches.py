"""Batches: moments of what varies, nothing where nothing varies, keyed streams."""

import numpy as np
import pytest

from vesicle.errors import UnknownName
from vesicle.products.batches import DOSED_BY, VARIES, batches

CV = dict.fromkeys(VARIES, 0.4) | {"passage_yield": 0.8, "passage_cargo": 0.9}
N = 20_000


@pytest.mark.parametrize("dosed_by", ["protein", "donor cells"])
def test_factors_have_mean_one_and_the_given_coefficient_of_variation(dosed_by):
    """Four standard errors of mean and of standard deviation of N draws of a law whose own kurtosis is below 8 at a cv of 0.4."""
    dose = batches(N, CV, dosed_by).dose
    assert dose.mean() == pytest.approx(1, abs=4 * 0.4 / np.sqrt(N))
    assert dose.std() == pytest.approx(0.4, abs=4 * 0.4 * np.sqrt(7 / (4 * N)))


@pytest.mark.parametrize("dosed_by", DOSED_BY)
def test_batches_without_variation_are_one_batch(dosed_by):
    made = batches(5, CV | dict.fromkeys(VARIES, 0.0), dosed_by)
    np.testing.assert_array_equal(np.concatenate([made.dose, made.diameter, made.cargo]), 1)


def test_more_batches_change_none_of_the_first():
    np.testing.assert_array_equal(batches(10, CV, "protein").cargo, batches(30, CV, "protein").cargo[:10])


def test_passages_move_yield_and_cargo_and_a_dose_by_count_is_blind_to_yield():
    young, old = batches(10, CV, "donor cells"), batches(10, CV, "donor cells", passages=3)
    np.testing.assert_allclose(old.dose, young.dose * 0.8**3)
    np.testing.assert_allclose(old.cargo, young.cargo * 0.9**3)
    np.testing.assert_array_equal(batches(10, CV, "counted vesicles", passages=3).dose, batches(10, CV, "counted vesicles").dose)


def test_unknown_measure_of_a_dose_is_refused():
    with pytest.raises(UnknownName, match="protein"):
        batches(1, CV, "proteins")
