"""Particles that fall on a floor that takes them all: the layers of the well against the series.

f(t) = 1 - sum_k 8 / ((2k+1)^2 pi^2) exp(-(2k+1)^2 pi^2 D t / (4 h^2)),   k = 0, 1, ...
"""

import functools

import numpy as np
import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load

TIMES = (1.0, 4.0, 24.0)
DEPTH_UM = 3000.0
K_B = 1.380649e-23  # J/K, exact in the SI
SHIPPED_LAYERS = 30
GRIDS = {15: "20 um", 30: "10 um", 60: "5 um"}
"""Layer counts with their floor layer: every layer of one grid is cut into about two in the next."""


@functools.cache
def nominal(layers=SHIPPED_LAYERS, settling="false"):
    """The assembled upper bound of the shipped well and its nominal trajectory at 0, 1, 4 and 24 h."""
    changes = {"environment.layers": str(layers), "environment.floor_layer": GRIDS[layers], "environment.settling": settling}
    model = assemble(load("breast-mir100-well", changes), shipped())["perfect_sink"]
    program, lean = compile_model(model, (0.0, *TIMES))
    values = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
    return model, OdeEngine(STRICT_RTOL).run(program, values)


def arrived(layers=SHIPPED_LAYERS, settling="false") -> np.ndarray:
    """Share of the offered particles that the floor has taken at 1, 4 and 24 h."""
    _, run = nominal(layers, settling)
    return (run.extent("bound", "natural_exosome") / run.extent("given", "natural_exosome"))[1:]


def stokes_einstein() -> float:
    """D [um2/h] from the constants of nature and the two measured numbers of the nominal run."""
    values = {p.id: p.value for p in nominal()[0].network.parameters}
    metres_squared_per_second = K_B * 310.15 / (3 * np.pi * values["medium_viscosity"] * 1e-3 * values["ev_diameter__exosome"] * 1e-9)
    return metres_squared_per_second * 1e12 * 3600


def series(time_h, terms=400) -> float:
    """The share that has arrived; from one hour on the terms above k = 200 are below exp(-250)."""
    q = (2 * np.arange(terms) + 1) ** 2 * np.pi**2
    return float(1 - np.sum(8 / q * np.exp(-np.minimum(q * stokes_einstein() * time_h / (4 * DEPTH_UM**2), 700))))


def errors(layers) -> np.ndarray:
    return arrived(layers) - np.array([series(t) for t in TIMES])


def test_layers_converge_to_the_series_with_second_order():
    """Halving the layers divides the error by four; the measured order is within 0.1 of 2 (0.02 to 0.05 seen)."""
    coarse, middle, fine = (errors(layers) for layers in GRIDS)
    for order in (np.log2(coarse / middle), np.log2(middle / fine)):
        assert order == pytest.approx([2.0] * len(TIMES), abs=0.1)


def test_shipped_layers_miss_the_series_by_their_own_order_two_error_only():
    """Richardson: for order 2 the error of the shipped grid is (f_fine - f_shipped) 4/3; 10 % for the next order."""
    estimate = (arrived(60) - arrived(30)) * 4 / 3
    assert -errors(SHIPPED_LAYERS) == pytest.approx(estimate, rel=0.1)


def test_shipped_layers_are_within_a_quarter_of_a_per_cent_of_the_series():
    assert arrived() == pytest.approx([series(t) for t in TIMES], rel=2.5e-3)


def test_one_hour_brings_5_to_7_per_cent_through_3_mm():
    assert 0.05 < arrived(settling="true")[0] < 0.07
    assert 0.05 < series(1.0) < 0.07


def test_one_day_brings_26_to_31_per_cent_through_3_mm():
    assert 0.26 < arrived(settling="true")[-1] < 0.31
    assert 0.26 < series(24.0) < 0.31


def test_settling_only_adds_to_what_diffusion_brings():
    assert np.all(arrived(settling="true") > arrived(settling="false"))


def test_early_arrival_grows_with_the_square_root_of_time():
    """Before the top is felt, f = 2 sqrt(D t / pi) / h; at 4 h the top changes less than exp(-h^2 / (4 D t)) ~ 1e-10."""
    assert arrived(60)[1] / arrived(60)[0] == pytest.approx(2.0, rel=2e-3)


def test_offered_particles_are_in_the_medium_or_on_the_floor():
    _, run = nominal()
    share = run.amount("in_medium")[1:] / run.extent("given", "natural_exosome")[1:]
    assert share + arrived() == pytest.approx([1.0] * len(TIMES), abs=1e-12)
