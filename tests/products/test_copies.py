"""Copies per vesicle: three laws with one mean, and vesicles that more vesicles do not change."""

import numpy as np
import pytest
import sympy

from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.products.copies import DISTRIBUTIONS, loaded_share, probabilities, sample

MEAN = match(shipped(), "mirna_copies_per_ev", {"product": "exosome"}).records[0].value
JACKPOT = match(shipped(), "jackpot_copies", {"product": "exosome"}).records[0].value
SIZES = {"poisson": 0.0, "zero_inflated": 5.0, "jackpot": 10.0}
EVERY = pytest.mark.parametrize("law", DISTRIBUTIONS)


def test_of_ten_thousand_vesicles_at_least_991_in_1000_hold_no_copy_of_one_abundant_mirna():
    assert np.mean(sample(1, "miRNA", 10**4, "poisson", MEAN) == 0) >= 0.991


def test_in_a_million_vesicles_the_jackpot_law_leaves_the_same_copies_in_fewer_vesicles():
    """Standard error of the mean: sqrt(n j / 1e6), below 3e-4; four of them."""
    held = sample(1, "miRNA", 10**6, "jackpot", MEAN, JACKPOT)
    assert np.mean(held == 0) >= 0.998
    assert set(np.unique(held)) == {0, JACKPOT}
    assert held.mean() == pytest.approx(MEAN, abs=4 * np.sqrt(MEAN * JACKPOT / 10**6))


@EVERY
def test_law_sums_to_one_and_keeps_the_mean(law):
    found = probabilities(law, 0.5, SIZES[law])
    assert found.sum() == pytest.approx(1, abs=1e-13)
    assert found @ np.arange(len(found)) == pytest.approx(0.5, rel=1e-12)


@EVERY
def test_losing_copies_one_by_one_scales_the_mean(law):
    found = probabilities(law, 0.5, SIZES[law], survive=0.1)
    assert found.sum() == pytest.approx(1, abs=1e-13)
    assert found @ np.arange(len(found)) == pytest.approx(0.05, rel=1e-12)


@EVERY
def test_loaded_share_is_what_the_law_says(law):
    size = sympy.Float(SIZES[law]) if SIZES[law] else None
    assert float(loaded_share(law, sympy.Float(0.5), size)) == pytest.approx(1 - probabilities(law, 0.5, SIZES[law])[0], rel=1e-12)


def test_more_vesicles_change_no_earlier_one_and_another_name_does():
    few, many = sample(3, "a", 100, "poisson", 1.0), sample(3, "a", 1000, "poisson", 1.0)
    assert np.array_equal(few, many[:100])
    assert not np.array_equal(few, sample(3, "b", 100, "poisson", 1.0))


def test_loaded_vesicle_with_less_than_the_mean_is_refused():
    with pytest.raises(InputError, match="expected at least the mean"):
        probabilities("jackpot", 2.0, 1.0)


def test_unknown_law_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="poisson"):
        probabilities("poison", 1.0)
