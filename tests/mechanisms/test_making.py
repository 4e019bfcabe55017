"""A donor cell makes vesicles: the switch against an independent solver, the pipeline against its closed forms."""

import math

import pytest
from scipy.optimize import brentq

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.endosomes import AIRY
from vesicle.mechanisms.making.regulation import REGULATORS
from vesicle.model.donor import COMPONENTS, Donor, assemble_donor
from vesicle.systems.donor_runs import follow
from vesicle.systems.single_endosome import Switch

SWITCH = Switch.measured(shipped(), 1.0)


def value(quantity, **context):
    return match(shipped(), quantity, context).records[0].value


def fold():
    """Where the early state ends: the Rab7 activity at which the feedback has slope one, with drive and curvature there."""
    k, f = SWITCH.k7, SWITCH.f
    b = brentq(lambda x: 2 * f * k * k * x / (k * k + x * x) ** 2 - 1, 0, k / math.sqrt(3))
    return b - f * b * b / (k * k + b * b), f * k * k * (k * k - 3 * b * b) / (k * k + b * b) ** 3


def test_recorded_critical_drive_and_curvature_are_those_of_the_equations():
    drive, curvature = fold()
    assert SWITCH.critical == pytest.approx(drive, rel=1e-6)
    assert SWITCH.bend == pytest.approx(curvature, rel=1e-6)


def test_recorded_recruitment_time_gives_the_measured_switch_time():
    assert SWITCH.formula_time() == pytest.approx(SWITCH.t1, rel=1e-6)


def test_airy_zero_is_that_of_scipy():
    from scipy.special import ai_zeros

    assert pytest.approx(-ai_zeros(1)[0][0], rel=1e-12) == AIRY


@pytest.mark.parametrize("level", [1.0, 0.6, 0.4])
def test_formula_of_the_switch_time_meets_the_whole_equations(level):
    """First order of a slow passage; near the critical level the next orders grow."""
    one = Switch.measured(shipped(), level)
    assert one.switch_time() == pytest.approx(one.formula_time(), rel=0.2)


@pytest.mark.parametrize("level", [0.0, 0.1, 0.2])
def test_endosome_below_the_critical_level_never_switches(level):
    one = Switch.measured(shipped(), level)
    assert one.switch_time() == one.formula_time() == math.inf


def test_secretion_at_rest_is_fusions_times_vesicles_per_body_times_the_detached_share():
    expected = value("mvb_fusion_rate") * value("ilv_per_mvb") * value("detached_fraction")
    assert follow(Donor(), shipped()).secretion()[-1] == pytest.approx(expected, rel=1e-6)


def test_secretion_is_proportional_to_the_number_of_cells():
    one, many = (follow(Donor(cells=n), shipped()).secretion()[-1] for n in (1.0, 1e6))
    assert many == pytest.approx(1e6 * one, rel=1e-6)


def test_machinery_stalls_with_the_time_of_its_free_pool():
    """Without recycling the free pool falls as exp(-t J/free), J the flow per hour at rest."""
    rest = follow(Donor(), shipped())
    flow = rest.made("escrt")
    per_hour = (flow[-1] - flow[-3]) / (rest.times[-1] - rest.times[-3])
    stalled = follow(Donor(levels={"VPS4": 0.0}), shipped(), duration=2.0, every=0.5, start=rest)
    free = stalled.pool("escrt_free")
    assert free[-1] / free[0] == pytest.approx(math.exp(-2.0 * per_hour / free[0]), rel=1e-3)


@pytest.mark.parametrize("name", [name for name, r in REGULATORS.items() if r.step == "fusion"])
def test_fold_of_the_output_is_the_measured_one(name):
    rest = follow(Donor(), shipped()).secretion()[-1]
    found = follow(Donor(regulators=(name,)), shipped()).secretion()[-1]
    assert found / rest == pytest.approx(value("secretion_fold", label=REGULATORS[name].label), rel=1e-5)


@pytest.mark.parametrize("component", COMPONENTS)
def test_donor_without_any_one_component_still_balances(component):
    assert follow(Donor(levels={component: 0.0}), shipped()).balance() < 1e-8


@pytest.mark.parametrize("wrong", [{"levels": {"RAB72": 0.0}}, {"regulators": ("hypoxya",)}])
def test_unknown_component_or_regulator_is_refused(wrong):
    with pytest.raises(UnknownName, match="Did you mean"):
        assemble_donor(Donor(**wrong), shipped())
