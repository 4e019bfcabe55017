"""Laws of growth against an independent integrator and against what the mechanism writes."""

import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp

from vesicle.errors import UnknownName
from vesicle.mechanisms.phenotype.growth_curves import Gompertz, Hahnfeldt, law_named, laws

PSI = 20.0
THETA = {"exponential": (0.2,), "exponential_linear": (0.3, 60.0), "gompertz": (0.74, 0.08), "logistic": (0.4, 2000.0)}
TIMES = np.linspace(0.0, 25.0, 11)


@pytest.mark.parametrize("name", THETA)
@pytest.mark.parametrize("start", [1.0, 150.0, 900.0])
def test_a_law_is_the_solution_of_its_rate(name, start):
    law, theta = law_named(name, PSI), THETA[name]
    by_integration = solve_ivp(lambda t, v: law.rate(v, theta) * v, (0, 25), [start], method="LSODA", t_eval=TIMES, rtol=1e-10, atol=1e-8).y[0]
    found = law.volume(TIMES, np.array(start), np.array(theta))
    assert found == pytest.approx(by_integration, rel=1e-7)  # the table of the exponential-linear law is exact to 1e-9, the integrator asked for 1e-10 a step


def test_hahnfeldt_is_the_solution_of_its_two_equations():
    rate, b, d, k0 = theta = (0.192, 5.85, 0.00873, 625.0)
    slope = lambda t, y: [rate * y[0] * np.log(y[1] / y[0]), b * y[0] - d * y[0] ** (2 / 3) * y[1]]  # noqa: E731
    wanted = solve_ivp(slope, (0, 25), [180.0, k0], method="LSODA", t_eval=TIMES, rtol=1e-10, atol=1e-8).y[0]
    found = Hahnfeldt().volume(TIMES, np.array(180.0), np.array(theta))
    assert found == pytest.approx(wanted, rel=1e-3)  # 200 steps, linear between them: (25/200)^2/8 of the curvature of ln V


def test_laws_take_many_tumours_at_once():
    start = np.array([10.0, 200.0, 700.0])
    for name, theta in THETA.items():
        law = law_named(name, PSI)
        together = law.volume(np.tile(TIMES, (3, 1)), start, np.tile(theta, (3, 1)))
        apart = [law.volume(TIMES, np.array(v), np.array(theta)) for v in start]
        assert together == pytest.approx(np.array(apart), rel=1e-12)


def test_gompertz_without_decay_is_exponential():
    found = Gompertz().volume(TIMES, np.array(50.0), np.array([0.1, 1e-12]))
    assert found == pytest.approx(50.0 * np.exp(0.1 * TIMES), rel=1e-9)


def test_the_mechanism_writes_the_same_exponential_linear_rate():
    cells, base, linear, psi = sympy.symbols("cells base linear psi", positive=True)
    in_the_mechanism = base / (1 + (base * cells / linear) ** psi) ** (1 / psi)
    law = laws(PSI)["exponential_linear"]
    assert sympy.simplify(law.rate(cells, (base, linear)) - in_the_mechanism.subs(psi, PSI)) == 0


def test_an_unknown_law_names_the_nearest():
    with pytest.raises(UnknownName, match="gompertz"):
        law_named("gompertzz", PSI)
