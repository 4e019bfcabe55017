"""Donor cultures as scenarios: the start is settled, what leaves is counted, and what is knocked out gives nothing."""

import functools

import numpy as np
import pytest

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SchemaError, UnknownName
from vesicle.evidence import shipped
from vesicle.mechanisms.making.stimuli import AIR
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.readouts.ensemble import Ensemble
from vesicle.readouts.per_vesicle import share_loaded

STILL = 1e-5
"""The start is in balance up to what fills within the lead-in: exp(-T/t) of the slowest pool, below this for 48 h and a few hours."""


@functools.cache
def run(name, arm, changes=()):
    """The nominal run of one arm."""
    scenario = load(name, dict(changes))
    scenario = scenario.model_copy(update={"arms": {arm: scenario.arms[arm]}, "question": scenario.question.model_copy(update={"arm": arm, "control": arm})})
    model = assemble(scenario, shipped())[arm]
    program, lean = compile_model(model, output_times(scenario.duration, scenario.observe_every, (scenario.question.at,)))
    matrix = draw_matrix(model.network.parameters, 1, [-1], model.network.arm.set)
    found = OdeEngine(STRICT_RTOL).run(program, values_of(lean, model.network.parameters, matrix)[0])
    assert found.status == OK
    return Ensemble(model, program, matrix, np.array([found.outputs]), np.array([found.crossings]), [found.status], {})


def last(name, arm, readout, changes=()):
    return float(run(name, arm, changes).observable(readout)[0, -1])


SHORT = (("duration", "12 h"), ("question.at", "12 h"), ("observe_every", "3 h"))


@pytest.mark.parametrize("growth", ["", "MDA-MB-231"])
@pytest.mark.parametrize("readout", ["release_rate", "fusion_rate", "bodies", "vesicles_in_bodies"])
def test_cells_at_rest_start_in_the_state_in_which_they_stay(growth, readout):
    values = run("donor-knockouts", "rest", (*SHORT, ("environment.growth_of", growth))).observable(readout)[0]
    assert values == pytest.approx(values[0], rel=STILL)


@pytest.mark.parametrize("arm", ["sand1_lost", "rab7_lost", "snap23_lost", "all_routes_lost"])
def test_donor_without_a_needed_part_releases_nothing_at_any_time(arm):
    assert np.all(run("donor-knockouts", arm, SHORT).observable("released") == 0)


@pytest.mark.parametrize(("arm", "route"), [("escrt_0_lost", "escrt"), ("escrt_1_lost", "escrt"), ("smpd3_lost", "ceramide"), ("tetraspanins_lost", "tetraspanin")])
def test_lost_route_takes_only_its_own_vesicles(arm, route):
    found, rest = run("donor-knockouts", arm, SHORT), run("donor-knockouts", "rest", SHORT)
    for other in ("escrt", "ceramide", "tetraspanin"):
        left, before = (float(e.observable(f"released:exosome_{other}")[0, -1]) for e in (found, rest))
        assert left == pytest.approx(0 if other == route else before, rel=STILL, abs=before * STILL)


def test_released_is_what_is_in_the_medium_and_what_was_taken_back():
    found = run("exosomes-per-cell", "growing", (("environment.isolation", "none"), ("duration", "24 h"), ("question.at", "24 h")))
    released, medium, back = (found.observable(name)[0] for name in ("released", "counted", "taken_back"))
    assert released == pytest.approx(medium + back, rel=1e-6, abs=1e-9)
    assert back[-1] > 0


def test_isolation_multiplies_what_is_in_the_medium_and_nothing_else():
    spun, whole = (run("exosomes-per-cell", "growing", (*SHORT, ("environment.isolation", how))) for how in ("ultracentrifugation", "none"))
    recovery = float(spun.parameter("isolation_recovery__ultracentrifugation")[0])
    assert spun.observable("counted")[0] == pytest.approx(recovery * whole.observable("counted")[0], rel=1e-6)
    assert spun.observable("released")[0] == pytest.approx(whole.observable("released")[0], rel=1e-9)


def test_twice_the_medium_takes_about_half_back():
    """In proportion while little of the release comes back: the error is of the order of the share that does."""
    small, large = (last("exosomes-per-cell", "growing", "taken_back", (*SHORT, ("environment.medium", v))) for v in ("10 mL", "20 mL"))
    share = small / last("exosomes-per-cell", "growing", "released", SHORT)
    assert small / large == pytest.approx(2, rel=2 * share)


def test_cells_divide_at_the_doubling_time_of_the_line_in_vitro():
    found = run("exosomes-per-cell", "growing", SHORT)
    doubling = float(found.parameter("doubling_time__in_vitro__MDA_MB_231")[0])
    assert found.observable("cells")[0, -1] == pytest.approx(2e6 * 2 ** (12 / doubling), rel=1e-6)


def test_oxygen_of_air_changes_nothing_and_one_per_cent_gives_the_measured_fold():
    """At rest without growth; the multiplier of fusion undoes the loss to the lysosome, so that the output has the fold itself."""
    still = (*SHORT, ("environment.growth_of", ""))
    air, low, none = (last("hypoxia-release", arm, "release_rate", still) for arm in ("normoxia", "oxygen_1", "hif_lost"))
    plain = last("donor-knockouts", "rest", "release_rate", still)
    measured = shipped().by_id["M-0057"].value
    assert load("hypoxia-release").arms["normoxia"].donor.oxygen == AIR
    assert air == pytest.approx(plain, rel=STILL)
    assert low / air == pytest.approx(measured, rel=1e-4)
    assert none == pytest.approx(air, rel=STILL)


def test_less_oxygen_gives_more_up_to_the_hill_curve():
    still = (*SHORT, ("environment.growth_of", ""))
    rates = {arm: last("hypoxia-release", arm, "release_rate", still) for arm in ("normoxia", "oxygen_1", "oxygen_01")}
    p50, n, per = 15.0, 2.0, 713.0
    stable = {arm: 1 / (1 + (per * share / p50) ** n) for arm, share in (("normoxia", 0.21), ("oxygen_1", 0.01), ("oxygen_01", 0.001))}
    expected = (stable["oxygen_01"] - stable["normoxia"]) / (stable["oxygen_1"] - stable["normoxia"])
    assert (rates["oxygen_01"] / rates["normoxia"] - 1) / (rates["oxygen_1"] / rates["normoxia"] - 1) == pytest.approx(expected, rel=1e-3)


def test_histamine_multiplies_fusion_at_once_and_less_when_bodies_run_out():
    found, rest = run("mvb-fusion", "histamine"), run("mvb-fusion", "rest")
    ratio = found.observable("fusion_rate")[0] / rest.observable("fusion_rate")[0]
    fold, share = shipped().by_id["M-0047"].value, shipped().by_id["M-0041"].value
    assert ratio[0] == pytest.approx(fold, rel=1e-6)
    assert ratio[-1] == pytest.approx(fold / (fold * share + 1 - share), rel=1e-3)


@pytest.mark.parametrize("arm", ["histamine_s110a", "histamine_h1r_lost"])
def test_histamine_needs_its_receptor_and_the_phosphorylation(arm):
    assert np.array_equal(run("mvb-fusion", arm).observable("fusion_rate"), run("mvb-fusion", "rest").observable("fusion_rate"))


def test_copies_per_vesicle_follow_the_content_of_the_cell_from_the_start_on():
    natural, none = (run("mirna-stoichiometry", arm, SHORT).observable("copies_per_vesicle:hsa_miR_21_5p")[0] for arm in ("natural", "absent"))
    assert np.all(none == 0)
    assert natural[1:] == pytest.approx(natural[-1], rel=1e-2)


def test_copies_spread_by_chance_or_in_few_vesicles_have_the_same_mean():
    mean = np.array([1e-3, 0.1, 5.0])
    assert share_loaded(mean) == pytest.approx(-np.expm1(-mean))
    assert share_loaded(mean, 10.0) * 10.0 == pytest.approx(mean)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (("arms.rest.donor.levels.SAND2", "0 fold"), UnknownName, "SAND1"),
        (("arms.rest.donor.regulators", ["hypoxya"]), UnknownName, "hypoxia"),
        (("environment.isolation", "spinning"), SchemaError, "none"),
    ],
)
def test_wrong_word_in_a_culture_is_named_with_the_nearest(change, error, words):
    with pytest.raises((error, SchemaError), match=words):
        assemble(load("donor-knockouts", dict([change])), shipped())


def test_donor_cells_in_a_well_are_refused():
    with pytest.raises(SchemaError, match="culture"):
        load("breast-mir100-well", {"arms.vehicle.donor.levels.SAND1": "0 fold"})
