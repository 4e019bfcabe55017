import json
import math
from dataclasses import replace

import numpy as np
import pytest

from vesicle.api import fit
from vesicle.evidence import shipped
from vesicle.inference.calibration import Act, act, calibrate
from vesicle.network.spread import Z95

DRAWS = 20_000


def log_normal(name, value, geometric_sd, quantity="x"):
    stretch = geometric_sd**Z95
    blank = shipped().by_id["M-0049"]
    return replace(blank, id=name, quantity=quantity, value=value, low=value / stretch, high=value * stretch, distribution="lognormal", unit="1", laboratory=name)


def test_normal_factors_and_datum_give_the_exact_posterior():
    sd, datum_sd = (1.0, 0.5), 0.4
    records = (log_normal("A", 2.0, math.exp(sd[0])), log_normal("B", 3.0, math.exp(sd[1])), log_normal("Y", 20.0, math.exp(datum_sd)))
    library = replace(shipped(), measurements=records)
    found = calibrate(Act("t", "", ("A", "B"), (), ("Y",)), library, draws=DRAWS)
    prior = np.diag(np.square(sd))
    gain = prior.sum(axis=1) / (prior.sum() + datum_sd**2)
    covariance = prior - np.outer(gain, prior.sum(axis=0))
    means = np.log([2.0, 3.0]) + gain * (math.log(20.0) - math.log(6.0))
    error = 6 / math.sqrt(found.effective)  # six standard errors of a unit normal's median and correlation, 1.25 and 1 over sqrt n
    for i, name in enumerate(("A", "B")):
        assert math.log(found.quantiles[name][1]) == pytest.approx(means[i], abs=error * math.sqrt(covariance[i, i]) * 1.25)
    wanted = covariance[0, 1] / math.sqrt(covariance[0, 0] * covariance[1, 1])
    assert (found.loadings @ found.loadings.T)[0, 1] == pytest.approx(wanted, abs=error)


def test_factors_of_a_known_product_are_anticorrelated():
    found = calibrate(act("secretion"), shipped(), draws=DRAWS)
    correlation = found.loadings @ found.loadings.T
    rising = [0, 1, 2, 4]  # re-uptake, the fourth, lowers the product
    assert all(correlation[i, j] < 0 for i in rising for j in rising if i < j)


def test_the_records_are_what_the_fit_gives():
    found = fit("secretion")
    assert found["agrees"]
    assert json.loads(json.dumps(found, allow_nan=False))["calibration"] == "secretion"
    assert found["product"]["after"]["q05"] > found["product"]["before"]["q05"]
    assert found["product"]["after"]["q95"] < found["product"]["before"]["q95"]
