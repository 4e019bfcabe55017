"""Bliss and Loewe against closed forms and textbook identities."""

import csv
from pathlib import Path

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given
from hypothesis import strategies as st

from vesicle.mechanisms.drug.interaction import HillCurve, bliss, bliss_excess, combination_index, interval, loewe

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "tumour_growth" / "synergylmm_simulated.csv"
shares = st.floats(0, 0.999)
curves = st.builds(HillCurve, most=st.floats(0.3, 1), half=st.floats(0.01, 100), steepness=st.floats(0.5, 4))
doses = st.floats(0.01, 100)


@given(shares, shares)
def test_independent_drugs_leave_the_product_of_what_each_leaves(one, other):
    assert 1 - bliss(one, other) == pytest.approx((1 - one) * (1 - other), abs=1e-12)


@given(shares)
def test_nothing_with_a_drug_is_the_drug(one):
    assert bliss(one, 0.0) == one
    assert bliss_excess(one, one, 0.0) == 0


@given(curves, doses, doses)
def test_drug_with_itself_is_loewe_additive(curve, one, other):
    both = curve.effect(one + other)
    assert combination_index(both, (one, other), (curve, curve)) == pytest.approx(1, rel=1e-6)
    assert loewe((one, other), (curve, curve)) == pytest.approx(float(both), rel=1e-6)


@pytest.mark.parametrize(("steepness", "sign"), [(3.0, +1), (0.5, -1)])
def test_drug_with_itself_is_not_bliss_additive(steepness, sign):
    """Synergistic where the curve is steep, antagonistic where it is flat: at its half dose twice."""
    curve = HillCurve(1.0, 1.0, steepness)
    excess = bliss_excess(curve.effect(1.0), curve.effect(0.5), curve.effect(0.5))
    assert sign * float(excess) > 0.1


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_exponential_kill_is_bliss_additive_with_itself(share):
    """The one curve on which both agree: e = 1 - exp(-k c)."""
    rate = -np.log(1 - share)
    assert bliss(share, share) == pytest.approx(1 - np.exp(-2 * rate), rel=1e-12)


@given(curves, st.floats(0.01, 0.95))
def test_dose_for_an_effect_has_that_effect(curve, share):
    effect = share * curve.most
    assert curve.effect(curve.dose_for(effect)) == pytest.approx(effect, rel=1e-9)


def test_effect_beyond_the_maximum_has_no_dose():
    assert HillCurve(0.5, 1.0, 1.0).dose_for(0.6) == np.inf


@given(st.floats(0.1, 10), st.floats(0.1, 10), doses, doses)
def test_loewe_of_two_parallel_curves_is_the_sum_of_relative_doses(half, other, one, two):
    """With the same E and n: y = (c1/K1 + c2/K2)^n."""
    pair = (HillCurve(1.0, half, 2.0), HillCurve(1.0, other, 2.0))
    y = (one / half + two / other) ** 2
    assert loewe((one, two), pair) == pytest.approx(y / (1 + y), rel=1e-9)


@given(curves, curves, doses, doses)
def test_loewe_agrees_with_a_root_finder(first, second, one, two):
    """SciPy's brentq on the same equation in another variable, the logit of the share of the larger maximum."""
    top = max(first.most, second.most)

    def index(logit):
        return float(combination_index(top / (1 + np.exp(-logit)), (one, two), (first, second))) - 1

    root = scipy.optimize.brentq(index, -60, 36)
    assert loewe((one, two), (first, second)) == pytest.approx(top / (1 + np.exp(-root)), rel=1e-6)


def test_combination_stronger_than_loewe_has_an_index_below_one():
    pair = (HillCurve(1.0, 1.0, 1.0), HillCurve(1.0, 2.0, 1.0))
    expected = loewe((1.0, 1.0), pair)
    assert combination_index(expected + 0.05, (1.0, 1.0), pair) < 1 < combination_index(expected - 0.05, (1.0, 1.0), pair)


def test_no_doses_have_no_effect():
    assert loewe((0.0, 0.0), (HillCurve(1.0, 1.0, 1.0),) * 2) == 0


def test_interval_over_draws_is_that_of_its_quantiles():
    found = interval(np.arange(101))
    assert (found.low, found.median, found.high) == (5, 50, 95)


@pytest.mark.skipif(not DATA.exists(), reason=f"{DATA} is not here: Bliss on the simulated two-drug experiment of SynergyLMM is NOT tested")
def test_simulated_synergy_is_seen_in_growth_rates():
    """In rates Bliss is additivity of losses of growth; the data were simulated with synergy. Beyond three standard errors: one false alarm in a thousand."""
    growth = {}
    with DATA.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            growth.setdefault(row["Treatment"], {}).setdefault(row["subject"], []).append((float(row["Time"]), np.log(float(row["TumorVolume"]))))
    slopes = {name: np.array([np.polyfit(*np.transpose(points), 1)[0] for points in mice.values()]) for name, mice in growth.items()}
    expected = slopes["DrugA"].mean() + slopes["DrugB"].mean() - slopes["Control"].mean()
    error = np.sqrt(sum(s.var(ddof=1) / len(s) for s in slopes.values()))
    assert expected - slopes["Combination"].mean() > 3 * error
