"""Three states of a tumour cell against the matrix exponential, growth laws against their closed forms, the host's survival against the volume."""

import math

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.optimize import brentq

from vesicle.evidence import shipped
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.growth_laws import growth
from vesicle.model.three_states import Tumour, assemble_tumour
from vesicle.network.expressions import symbol
from vesicle.systems.given_networks import Followed

FOREVER = 1e12  # h: a kill with this half-life is constant over months to 1e-9
SOLVER = 1e-6
"""The engine's relative tolerance is 1e-9 a step; some hundreds of steps stay below this."""


def numbers(model):
    return {p.id: p.value for p in model.network.parameters}


def rate(known):
    return math.log(2) / known["doubling_time__in_vivo__MDA_MB_231"]


@pytest.mark.parametrize("kill", [0.0, 0.02])
@pytest.mark.parametrize("signal", [0.3, 1.0, 4.0])
def test_linear_three_state_system_is_the_matrix_exponential(kill, signal):
    levels = {"dormancy": signal, "proliferation": 0.8, "apoptosis": 1.5}
    model = assemble_tumour(Tumour(cells=1e6, dormant=0.2, levels=levels, kill=kill, kill_half_life=FOREVER), shipped())
    n = numbers(model)
    death, sleep, wake = n["tumour_cell_death_rate__in_vivo"], n["dormancy_entry_rate"] * signal, n["dormancy_exit_rate"] / signal
    lost = death + n["apoptotic_death_rate"] * 0.5 * n["resting_activity__apoptosis"] / (1 - n["resting_activity__apoptosis"]) + kill
    spared, clear = n["dormant_kill_share"] * kill, n["dead_cell_clearance_rate"]
    matrix = np.array([[(rate(n) + death) * 0.8 - lost - sleep, wake, 0], [sleep, -wake - spared, 0], [lost, spared, -clear]])
    run = Followed(model, 600.0).run()
    for at in (10, 60, 120):
        expected = expm(matrix * run.times[at]) @ np.array([8e5, 2e5, 0.0])
        found = [run.amount(f"{state}_cells")[at] for state in ("cycling", "dormant", "dead")]
        assert found == pytest.approx(expected, rel=SOLVER)


@pytest.mark.parametrize("law", ["exponential", "exponential_linear", "gompertz", "vessel_limited"])
def test_cells_at_the_start_and_born_are_cycling_dormant_dead_or_cleared(law):
    run = Followed(assemble_tumour(Tumour(law=law, levels={"dormancy": 2.0}, kill=0.05), shipped()), 900.0).run()
    came = run.amount("cells")[0] + run.amount("born_cells")
    assert sum(run.amount(f"{name}_cells") for name in ("cycling", "dormant", "dead", "cleared")) == pytest.approx(came, rel=SOLVER)


def test_gompertz_has_its_closed_form():
    """N = N0 exp(lambda0/beta (1 - exp(-beta t))) where no cell dies or sleeps."""
    model = assemble_tumour(Tumour(cells=1e6, dormant=None, law="gompertz"), shipped())
    n = numbers(model)
    beta = next(v for name, v in n.items() if name.startswith("gompertz_decay_rate"))
    run = Followed(model, 2000.0).run(tumour_cell_death_rate__in_vivo=0.0)
    assert run.amount("cells") == pytest.approx(1e6 * np.exp(rate(n) / beta * (1 - np.exp(-beta * run.times))), rel=SOLVER)


def test_turnover_of_cells_does_not_change_how_fast_the_tumour_grows():
    """Births cover the deaths at rest, so the line doubles as measured, whatever dies."""
    followed = Followed(assemble_tumour(Tumour(dormant=None), shipped()), 600.0)
    cells = [followed.run(tumour_cell_death_rate__in_vivo=death).amount("cells") for death in (0.0, 0.01)]
    assert cells[0] == pytest.approx(cells[1], rel=SOLVER)


@pytest.mark.parametrize("fold", [1.0, 0.25])
def test_vessel_limited_tumour_comes_to_rest_where_hahnfeldt_says(fold):
    """V* = (b/d)^(3/2), from below and from above; b with the vessels."""
    model = assemble_tumour(Tumour(cells=1e9, dormant=None, law="vessel_limited"), shipped())
    n = numbers(model)
    stimulated = n["vascular_stimulation_rate"] * fold
    volume = (stimulated / n["vascular_inhibition_rate"]) ** 1.5 * 1e3  # cm3 to mm3
    run = Followed(model, 20000.0).run(vascular_stimulation_rate=stimulated)
    assert run.amount("tumour_volume")[-1] == pytest.approx(volume, rel=1e-3)
    assert run.amount("vessel_capacity")[-1] == pytest.approx(volume, rel=1e-3)


def test_tumour_larger_than_its_vessels_feed_shrinks_by_deaths():
    run = Followed(assemble_tumour(Tumour(cells=1e10, dormant=None, law="vessel_limited"), shipped()), 3000.0).run(vascular_stimulation_rate=1e-3)
    assert run.amount("cells")[-1] < run.amount("cells")[0]
    assert np.all(run.amount("dead_cells") >= 0)
    assert np.all(run.amount("cells") > 0)


@pytest.mark.parametrize("law", ["gompertz", "exponential_linear"])
def test_every_law_begins_at_the_rate_of_the_line(law):
    """Exponential-linear at few cells; relative to 1e-6, as (lambda0 N / lambda1)^20 vanishes."""
    start, base = symbol("start"), symbol("base")
    site = Site(shipped(), {"growth_law": law, "cell_line": "PANC-1", "cells_at_start": start})
    found = growth(site, base, start)
    values = {symbol(p.id): p.value for p in site.parameters.values()}
    assert float(found.xreplace({**values, base: 0.01, start: 1e4})) == pytest.approx(0.01, rel=1e-6)


def test_host_lives_until_the_tumour_has_the_end_volume():
    """The time at which the living and the dead, solved in closed form, fill the volume."""
    model = assemble_tumour(Tumour(cells=1e7, dormant=None), shipped())
    n = numbers(model)
    growth_rate, death, clear = rate(n), n["tumour_cell_death_rate__in_vivo"], n["dead_cell_clearance_rate"]

    def volume(t):
        living = 1e7 * math.exp(growth_rate * t)
        dead = death * 1e7 * (math.exp(growth_rate * t) - math.exp(-clear * t)) / (growth_rate + clear)
        return (living + dead) / n["tumour_cell_density"] - n["endpoint_tumour_volume"]

    assert Followed(model, 1200.0).run().amount("survival_time")[-1] == pytest.approx(brentq(volume, 0, 1200), rel=1e-5)


def test_drug_that_kills_more_gives_the_host_more_time():
    followed = Followed(assemble_tumour(Tumour(levels={"dormancy": 1.0}), shipped()), 2400.0)
    lived = [followed.run(kill_at_start=kill).amount("survival_time")[-1] for kill in (0.0, 0.01, 0.03, 0.1)]
    assert lived == sorted(lived)


def test_dormant_cells_are_spared_only_where_the_kill_depends_on_the_state():
    followed = Followed(assemble_tumour(Tumour(dormant=0.3, kill=0.05, kill_half_life=FOREVER), shipped()), 48.0)
    spared, alike = (followed.run(dormant_kill_share=share, dormancy_entry_rate=0.0, dormancy_exit_rate=0.0) for share in (0.1, 1.0))
    assert spared.amount("dormant_cells")[-1] == pytest.approx(3e6 * math.exp(-0.005 * 48), rel=SOLVER)
    assert alike.amount("dormant_cells")[-1] == pytest.approx(3e6 * math.exp(-0.05 * 48), rel=SOLVER)


def test_tumour_without_a_cell_left_counts_as_one_cell_and_stays_gone():
    """Guards against living cells below zero, at which what is held per cell changes its sign and the dead tumour grows downwards."""
    run = Followed(assemble_tumour(Tumour(cells=1e6, dormant=None, kill=2.0, kill_half_life=FOREVER), shipped()), 480.0).run()
    assert run.amount("cells").min() == 1.0
    assert abs(run.amount("cycling_cells")[-1]) < 1
