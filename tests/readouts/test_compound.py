"""Cell by cell against the mean cell: exact sums, their bound, Monte Carlo, and the limits that are known."""

import math

import numpy as np
import pytest
import sympy

from vesicle.mechanisms.acting.silencing import mrna_at_rest_loss, steady_target
from vesicle.products.copies import probabilities, sample
from vesicle.readouts.compound import Source, law_of_cells, over_cells

REST, CONSTANT, TURNOVER, LOSS = 5.0, 60.0, 0.1, 7.0
CELLS = 100_000


def response(guides):
    return mrna_at_rest_loss(guides, REST, CONSTANT, TURNOVER, LOSS)


def simulated(releases, law, mean, size):
    """Copies in single cells, drawn vesicle by vesicle."""
    random = np.random.default_rng(11)
    vesicles = random.poisson(releases, CELLS)
    cells = np.repeat(np.arange(CELLS), vesicles)
    return np.bincount(cells, sample(5, law, len(cells), law, mean, size), CELLS)


@pytest.mark.parametrize(("law", "mean", "size"), [("poisson", 0.00825, 0.0), ("zero_inflated", 0.5, 5.0), ("jackpot", 0.5, 10.0), ("poisson", 20.0, 0.0)])
@pytest.mark.parametrize("releases", [0.1, 1.0, 30.0])
def test_exact_sum_agrees_with_monte_carlo(law, mean, size, releases):
    """Five standard errors: false alarm below 1e-6 a case; the fourth moment bounds the error of the spread."""
    exact = over_cells([Source(releases, probabilities(law, mean, size))], response)
    seen = response(simulated(releases, law, mean, size).astype(float))
    assert exact.mean == pytest.approx(seen.mean(), abs=5 * seen.std() / math.sqrt(CELLS) + 1e-12)
    fourth = np.mean((seen - seen.mean()) ** 4)
    assert exact.spread**2 == pytest.approx(seen.var(), abs=5 * math.sqrt(fourth / CELLS) + 1e-12)
    assert exact.error < 1e-12


@pytest.mark.parametrize("releases", [1e-9, 1e-5, 0.3, 20.0])
def test_law_of_cells_is_a_law_with_the_mean_of_its_parts(releases):
    law, error = law_of_cells([Source(releases, probabilities("jackpot", 0.5, 10.0)), Source(releases, probabilities("poisson", 2.0))])
    assert law.sum() == pytest.approx(1, abs=1e-12)
    assert law @ np.arange(len(law)) == pytest.approx(2.5 * releases, rel=1e-9)
    assert error < 1e-12


def test_one_copy_per_vesicle_gives_the_poisson_law():
    law, _ = law_of_cells([Source(3.0, np.array([0.0, 1.0]))])
    assert law[:20] == pytest.approx([math.exp(-3) * 3**k / math.factorial(k) for k in range(20)], rel=1e-10)


def test_share_of_cells_reached_is_one_minus_the_chance_of_no_live_copy():
    found = over_cells([Source(2.0, probabilities("poisson", 0.4))], response)
    assert found.reached == pytest.approx(1 - math.exp(-2.0 * (1 - math.exp(-0.4))), rel=1e-12)


def test_mean_over_cells_is_below_the_mean_cell_and_meets_it_when_all_hold_many():
    few = over_cells([Source(0.1, probabilities("poisson", 20.0))], response)
    many = over_cells([Source(1000.0, probabilities("poisson", 20.0))], response)
    assert few.mean < few.mean_field / 5
    assert few.mean <= few.reached
    assert many.mean == pytest.approx(many.mean_field, rel=1e-3)


def test_no_release_is_no_response():
    found = over_cells([Source(0.0, probabilities("poisson", 20.0))], response)
    assert (found.mean, found.mean_field, found.reached, found.spread) == (0.0, 0.0, 0.0, 0.0)


def test_vesicles_with_very_many_copies_reach_cells_one_vesicle_at_a_time():
    found = over_cells([Source(0.5, probabilities("poisson", 1e5))], response)
    assert not found.exact
    assert found.reached == pytest.approx(1 - math.exp(-0.5), rel=1e-12)
    assert found.mean < found.mean_field


@pytest.mark.parametrize("guides", [1e-3, 1.0, 50.0, 1e4])
def test_loss_of_mrna_is_that_of_the_model_written_for_numbers(guides):
    symbolic = steady_target(*(sympy.Float(v, 40) for v in (guides, REST, CONSTANT, TURNOVER, LOSS)))
    assert float(response(np.array([guides]))[0]) == pytest.approx(float(1 - symbolic / REST), rel=1e-9)
