"""Sensitivity indices against functions whose indices are known."""

import math

import numpy as np
import pytest

from vesicle.errors import InputError, SolverError
from vesicle.inference.indices import STEP, elasticities, morris, sobol


def ishigami(u):
    """f = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1 with x uniform in [-pi, pi]."""
    x = (2 * u - 1) * math.pi
    return (np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))[:, None]


def of(found, name):
    return next(index for index in found.indices if index.name == name)


def test_sobol_finds_the_indices_of_ishigami():
    a, b, pi = 7.0, 0.1, math.pi
    v1, v2, v13 = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    (found,) = sobol(ishigami, 3, 4096, 1)
    first, whole = of(found, "S1"), of(found, "ST")
    # three bootstrap half widths (90 %) are nearly five standard errors
    assert np.all(np.abs(first.values - np.array([v1, v2, 0]) / total) < 3 * first.halves)
    assert np.all(np.abs(whole.values - np.array([v1 + v13, v2, v13]) / total) < 3 * whole.halves)
    assert np.all(first.halves < 0.06)


def test_sobol_of_a_product_of_log_normals_is_analytic():
    from scipy.stats import norm

    s = np.array([0.6, 0.4, 0.2])
    (found,) = sobol(lambda u: np.exp(norm.ppf(np.clip(u, 1e-9, 1 - 1e-9)) @ s)[:, None], 3, 8192, 2)
    excess = np.expm1(s**2)
    variance = np.prod(1 + excess) - 1
    first, whole = of(found, "S1"), of(found, "ST")
    assert np.all(np.abs(first.values - excess / variance) < 3 * first.halves)
    assert np.all(np.abs(whole.values - excess / (1 + excess) * (variance + 1) / variance) < 3 * whole.halves)


def test_log_of_a_product_has_no_interaction():
    from scipy.stats import norm

    s = np.array([0.6, 0.3])
    (found,) = sobol(lambda u: (norm.ppf(np.clip(u, 1e-9, 1 - 1e-9)) @ s)[:, None], 2, 2048, 2)
    assert of(found, "S1").values == pytest.approx(s**2 / (s @ s), abs=0.03)
    assert of(found, "ST").values.sum() == pytest.approx(1.0, abs=0.03)


def test_elasticities_of_a_linear_model_are_exact():
    a, p = np.array([2.0, 3.0, 0.5]), np.array([1.0, 4.0, 10.0])
    share = a * p / (a @ p)
    found = elasticities(lambda x: (x @ a)[:, None], p)[:, 0]
    # third derivative of ln y in ln p: e (1 - e) (1 - 2 e), below 0.1
    assert np.abs(found - share).max() < 0.1 * STEP**2 / 6 * 1.1


def test_elasticities_of_a_power_law_are_its_exponents():
    found = elasticities(lambda x: (x[:, 0] ** 2 / x[:, 1])[:, None], np.array([3.0, 0.2]))[:, 0]
    assert found == pytest.approx([2.0, -1.0], abs=1e-12)


def test_parameter_of_zero_has_no_elasticity():
    assert np.isnan(elasticities(lambda x: 1 + x[:, :1], np.array([0.0]))[0, 0])


def test_morris_of_a_linear_model_is_its_slopes_without_spread():
    (found,) = morris(lambda u: (u @ np.array([3.0, -2.0, 0.0]))[:, None], 3, 10, 1)
    assert of(found, "mu_star").values == pytest.approx([3, 2, 0], abs=1e-12)
    assert of(found, "mu").values == pytest.approx([3, -2, 0], abs=1e-12)
    assert of(found, "sigma").values == pytest.approx([0, 0, 0], abs=1e-12)


def test_same_seed_gives_the_same_numbers():
    one, two = (sobol(ishigami, 3, 64, 5)[0] for _ in range(2))
    assert [i.values.tolist() + i.halves.tolist() for i in one.indices] == [i.values.tolist() + i.halves.tolist() for i in two.indices]


def test_output_that_never_moves_depends_on_nothing():
    (found,) = sobol(lambda u: np.ones((len(u), 1)), 2, 8, 1)
    assert of(found, "ST").values.tolist() == [0, 0]


def test_lost_points_are_counted():
    def partly(u):
        y = u[:, :1].copy()
        y[3] = np.nan
        return y

    (found,) = sobol(partly, 2, 64, 1)
    assert found.lost == 1


def test_too_many_lost_points_make_no_index():
    with pytest.raises(SolverError, match="gave no number"):
        sobol(lambda u: np.where(u[:, :1] < 0.2, np.nan, u[:, :1]), 2, 64, 1)


def test_number_that_is_no_power_of_two_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="take 64 or 128"):
        sobol(ishigami, 3, 100, 1)
