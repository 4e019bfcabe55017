"""Combinations in a mouse: independence, survival and schedules."""

import numpy as np
import pytest

from vesicle.evidence import shipped
from vesicle.systems.drug_runs import InCells
from vesicle.systems.f5_combinations import COMBINATIONS, PUMP, START
from vesicle.systems.regimens import BOTH, FIRST, NOTHING, SECOND, Agent, Combination, _survival, drug, fractions, outcome

BEAM = Agent(radiation=(fractions("2 Gy", START, 3),))


def test_nothing_added_to_an_agent_is_that_agent():
    found = outcome(shipped(), Combination("U87-MG", BEAM, Agent(), 60, 14), (0, 1))
    np.testing.assert_allclose(found.effect[BOTH], found.effect[FIRST])
    np.testing.assert_allclose(found.excess, 0, atol=1e-12)
    np.testing.assert_array_equal(found.survival[SECOND], found.survival[NOTHING])


def test_two_fractions_apart_leave_the_product_of_what_each_leaves():
    later = Agent(radiation=(fractions("2 Gy", START + 96, 3),))
    assert np.max(np.abs(outcome(shipped(), Combination("U87-MG", BEAM, later, 30, 14), (0, 1)).excess)) < 1e-5


def test_fractions_remove_what_the_linear_quadratic_law_says():
    """Three of 2 Gy with alpha 0.25 and beta 0.03 (M-2320, M-2321): H = 3 (0.5 + 0.12); the engine is strict in the nominal run."""
    found = outcome(shipped(), Combination("U87-MG", BEAM, Agent(), 30, 14), ())
    assert found.effect[FIRST][0] == pytest.approx(-np.expm1(-3 * (0.25 * 2 + 0.03 * 4)), rel=1e-6)


def test_host_outlives_by_the_delay_that_the_kill_makes():
    """Without states a kill H delays growth at g by H / g; outputs half a day apart are interpolated on a logarithmic scale, where both are straight lines."""
    found = outcome(shipped(), Combination("U87-MG", BEAM, Agent(), 120, 14), ())
    doubling = 4.0  # d, M-0607
    kill = -np.log(1 - found.effect[FIRST][0])
    assert found.survival[FIRST][0] - found.survival[NOTHING][0] == pytest.approx(kill / np.log(2) * doubling, rel=1e-3)


def test_anti_mirna_after_the_drug_is_gone_adds_nothing():
    late = Agent(anti=InCells("hsa-miR-9-5p", 3e3, target="PTCH1", times=(START + 240,)))
    c = COMBINATIONS[PUMP]
    assert abs(outcome(shipped(), Combination(c.line, c.first, late, 30, 20), ()).excess[0]) < 1e-6


def test_more_drug_kills_more():
    small, large = (Agent((drug("temozolomide", "oral", dose, START, count=5),)) for dose in ("10 mg/kg", "50 mg/kg"))
    found = [outcome(shipped(), Combination("U87-MG", agent, Agent(), 30, 14), (0,)).effect[FIRST] for agent in (small, large)]
    assert np.all(found[1] > found[0])


@pytest.mark.parametrize(("cells", "end", "days"), [([1.0, 2.0, 4.0], 3.0, (1 + np.log2(1.5)) / 2), ([5.0, 9.0], 3.0, 0.0), ([1.0, 2.0], 3.0, np.inf)])
def test_survival_is_the_first_crossing_on_a_logarithmic_scale(cells, end, days):
    assert _survival(np.array(cells), end) == pytest.approx(days)
