"""Vessels: rest is exact, steady states have closed forms, oxygen bounds FIH, Notch is a brake, cells and VEGF are conserved."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from vesicle.engines.program import draw_matrix
from vesicle.evidence import shipped
from vesicle.evidence.matching import parameter
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.vessels.cells import heard, scaled_share
from vesicle.mechanisms.phenotype.vessels.hypoxia import active
from vesicle.mechanisms.phenotype.vessels.steps import STEPS
from vesicle.mechanisms.signalling.levels import level_id
from vesicle.model.vessels import NODES, Tissue, assemble_vessels
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.systems.vessel_runs import RELATIVE, Tissues, levels_by, receiving

TISSUES = Tissues(shipped())
SETTLED = 2e-3
"""What is left of the slowest transient after 2000 h: exp(-2000 k_v) with k_v of 0.1 per day is 2.4e-4, times a first distance of up to a few."""


def value(quantity, unit, **context):
    return parameter(shipped(), "x", quantity, unit, context).value


def numbers(site):
    return {symbol(p.id): p.value for p in site.parameters.values()}


# rest ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("oxygen", [21.0, 5.0, 1.0, 0.0])
@pytest.mark.parametrize("vegf", [0.0, 5.0])
def test_nothing_moves_where_nothing_was_done_at_any_oxygen_and_vegf(oxygen, vegf):
    (run,) = TISSUES.follow(Tissue(oxygen=oxygen, rest_oxygen=oxygen, vegf=vegf, rest_vegf=vegf))
    assert max(np.max(np.abs(run.amount(name) - 1)) for name in RELATIVE) < 1e-12


def test_levels_of_one_are_the_same_as_no_levels():
    """To the integrator's relative tolerance: the network has more rules, so roundings differ."""
    nodes = ("tumour:VEGFA", "endothelium:KDR", "endothelium:DLL4", "endothelium:HIF1AN", "tumour:HIF1A", "endothelium:angiogenesis", "tumour:invasion")
    with_levels, without = (TISSUES.settled(Tissue(levels=levels)) for levels in (dict.fromkeys(nodes, 1.0), {}))
    assert with_levels == pytest.approx(without, rel=1e-9, abs=1e-12)


def test_cargo_that_holds_none_of_its_targets_changes_nothing():
    treated = receiving(Tissue(), levels_by(shipped(), ["hsa-miR-125a-5p", "hsa-miR-16-5p"], "endothelium", copies=0.0, samples=1), "endothelium")
    assert max(abs(TISSUES.settled(treated)[name] - 1) for name in RELATIVE) < 1e-9


def test_every_draw_has_its_own_levels():
    tissue = Tissue(drawn={"endothelium:DLL4": (1.0, 0.5, 1.0)})
    nominal, lost, rest = TISSUES.follow(tissue, samples=[-1, 0, 1])
    assert nominal.amount("tips")[-1] == pytest.approx(1, abs=1e-6)
    assert rest.amount("tips")[-1] == pytest.approx(1, abs=1e-6)
    assert lost.amount("tips")[-1] > 1.05


def test_draw_without_an_answer_is_left_out():
    tissue = Tissue(drawn={"endothelium:DLL4": (1.0, float("nan"), 0.5)})
    assert len(TISSUES.over_draws(tissue, "tips", 2)) == 1
    assert len(TISSUES.folds(tissue, Tissue(), "tips", 2)) == 1


# VEGF and oxygen -----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.0, 0.5, 2.0])
def test_vegf_of_tumour_cells_follows_their_level_in_closed_form(level):
    """c = (N_T s_T l + N_E s_E)/(k V): air, no held VEGF."""
    mass = value("vegf_molar_mass", "ng/copy")
    made = [n * value("vegf_secretion_rate", "ng/(cell*h)", cell=cell) for n, cell in ((1e6 * level, "tumour cell"), (1e5, "endothelial cell"))]
    expected = sum(made) / value("vegf_degradation_rate", "1/h")
    got = TISSUES.settled(Tissue(levels={"tumour:VEGFA": level}))
    assert got["vegf"] == pytest.approx(expected, rel=1e-6)
    assert mass == pytest.approx(45e3 / 6.02214076e23 * 1e9, rel=1e-9)


def test_vegf_is_made_at_the_measured_fold_at_one_per_cent_oxygen():
    air, hypoxic = (TISSUES.settled(Tissue(oxygen=gas))["vegf_made:tumour"] for gas in (21.0, 1.0))
    assert hypoxic / air == pytest.approx(value("vegf_secretion_fold", "1", label="hypoxia", cell="tumour cell"), rel=1e-6)


def test_vegf_of_healthy_muscle_is_within_two_orders_of_what_the_tissue_makes():
    """Another tissue: the check says no more than that the rates are of the right size."""
    measured = next(m for m in shipped().of("vegf_concentration"))
    pm = TISSUES.settled(Tissue())["vegf"] / value("vegf_molar_mass", "ng/copy") / 6.02214076e23 * 1e3 * 1e12
    assert measured.value / 100 < pm < measured.value * 100


def test_vegf_is_conserved():
    (run,) = TISSUES.follow(Tissue(oxygen=1.0))
    made = run.amount("vegf_made:tumour") + run.amount("vegf_made:endothelium")
    assert run.amount("vegf_amount") + run.amount("vegf_lost") - made == pytest.approx(np.full_like(made, run.amount("vegf_amount")[0]), rel=1e-6)


def hif(gas, phd=1.0, fih=1.0, level=1.0):
    site = Site(shipped(), {})
    activity = active(site, *(sympy.Float(x) for x in (gas / 100, phd, fih, level)))
    return float(activity.xreplace(numbers(site)))


@settings(max_examples=60, deadline=None)
@given(gas=st.floats(0.0, 21.0), fih=st.floats(0.0, 1.0))
def test_loss_of_fih_never_gives_more_hif_than_oxygen_leaves(gas, fih):
    assert hif(gas) <= hif(gas, fih=fih) * (1 + 1e-12)
    pressure, half = gas / 100 * value("incubator_gas_pressure", "mmHg"), value("oxygen_threshold", "mmHg", label="HIF half-maximum")
    stable = 1 / (1 + (pressure / half) ** value("hif_oxygen_hill", "1"))
    assert hif(gas, fih=fih) <= stable * (1 + 1e-12)


def test_loss_of_fih_without_oxygen_changes_nothing():
    assert hif(0.0, fih=0.0) == hif(0.0)


def test_loss_of_phd_gives_in_air_what_loss_of_fih_cannot():
    assert hif(21.0, phd=0.0) > 10 * hif(21.0, fih=0.0)


@settings(max_examples=60, deadline=None)
@given(low=st.floats(0.0, 21.0), high=st.floats(0.0, 21.0))
def test_hif_never_falls_with_falling_oxygen(low, high):
    low, high = sorted((low, high))
    assert hif(low) >= hif(high) * (1 - 1e-12)


# tips ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kdr", "dll4", "notch"), [(1.0, 0.5, 1.0), (1.0, 0.0, 1.0), (0.5, 1.0, 1.0), (2.0, 1.5, 0.7), (0.0, 1.0, 1.0)])
def test_share_of_tips_has_its_closed_form(kdr, dll4, notch):
    """T/N = kappa a/(1 + kappa a (1 + q n)) with a = l_KDR at the VEGF of rest."""
    tips, free = value("tip_cell_share", "1"), value("free_stalk_share", "1")
    kappa, q = tips / (free * (1 - tips)), (1 - free) * (1 - tips) / tips
    got = TISSUES.settled(Tissue(levels={"endothelium:KDR": kdr, "endothelium:DLL4": dll4, "endothelium:NOTCH1": notch}))["tip_share"]
    assert got == pytest.approx(kappa * kdr / (1 + kappa * kdr * (1 + q * dll4 * notch)), rel=1e-6, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(a=st.floats(0.0, 2.0), b=st.floats(0.0, 2.0))
def test_less_dll4_never_gives_fewer_tips_or_vessels(a, b):
    less, more = (TISSUES.settled(Tissue(levels={"endothelium:DLL4": level})) for level in sorted((a, b)))
    assert less["tips"] >= more["tips"] * (1 - 1e-6)
    assert less["vessel_density"] >= more["vessel_density"] * (1 - 1e-6)


def test_tips_and_stalks_are_all_cells_at_any_time():
    tissue = Tissue(levels={"endothelium:DLL4": 0.0}, vegf=20.0)
    (run,) = TISSUES.follow(tissue)
    share = value("tip_cell_share", "1")
    assert run.amount("tip_share") + run.amount("stalks") * (1 - share) == pytest.approx(np.ones(len(run.amount("tips"))), rel=1e-9)


# steps ---------------------------------------------------------------------------------------------


def times():
    own = {step.name: None for step in STEPS}
    for name in own:
        if name == "endothelial_proliferation":
            own[name] = value("doubling_time", "h", cell="endothelial cell", method="in vitro")
        elif name == "endothelial_migration":
            own[name] = value("sprout_length", "um") / value("endothelial_migration_speed", "um/h")
        else:
            own[name] = value("angiogenic_step_time", "h", label=name)
    return own


@pytest.mark.parametrize("step", STEPS, ids=[s.name for s in STEPS])
@pytest.mark.parametrize("level", [0.0, 0.5, 3.0])
def test_each_step_sets_vessels_by_its_own_share_of_sprouts_that_regress(step, level):
    """Y/Y_0 = (1 + d T_i)/(1 + d T_i/r_i) where one step has the rate r_i and all others are at rest."""
    delay = value("sprout_regression_rate", "1/h") * times()[step.name]
    got = TISSUES.settled(Tissue(levels={f"endothelium:{step.node}": level}))
    expected = (1 + delay) / (1 + delay / level) if level else 0.0
    assert got[step.name] == pytest.approx(level, abs=1e-12)
    assert got["vessel_density"] == pytest.approx(expected, rel=SETTLED, abs=SETTLED)


def test_sprouts_are_conserved():
    (run,) = TISSUES.follow(Tissue(oxygen=1.0, levels={"endothelium:DLL4": 0.3}))
    ends = run.amount("sprouts_underway") + run.amount("vessels") + run.amount("sprouts_regressed") - run.amount("sprouts_started")
    assert ends == pytest.approx(np.full_like(ends, ends[0]), rel=1e-6)


def test_saturating_vegf_raises_a_step_by_its_gain_and_no_more():
    """At 1 mg/mL the occupancy is full: a = 1/o_0, some 1e2, so that the rate is within 2 % of its most."""
    got = TISSUES.settled(Tissue(vegf=1e6))
    for step in STEPS:
        most = 1 + value("vegf_effect_gain", "1", label=step.name)
        assert got[step.name] == pytest.approx(most, rel=0.02)
        assert got[step.name] < most


@settings(max_examples=12, deadline=None)
@given(a=st.floats(0.0, 100.0), b=st.floats(0.0, 100.0))
def test_more_vegf_never_gives_fewer_vessels(a, b):
    less, more = (TISSUES.settled(Tissue(vegf=held)) for held in sorted((a, b)))
    assert more["vessel_density"] >= less["vessel_density"] * (1 - 1e-6)


# coagulation and spread ------------------------------------------------------------------------------


def test_thrombin_opens_the_wall_by_its_fold_at_most():
    got = TISSUES.settled(Tissue(tissue_factor_vesicles=1e15))
    assert got["coagulation"] == pytest.approx(1.0, rel=1e-3)
    alone = got["permeability"] / value("thrombin_fold", "1", label="permeability")
    assert 1 < alone < 1 + value("vegf_effect_gain", "1", label="permeability")


def test_loss_of_tissue_factor_lowers_vegf_by_the_share_that_needs_it():
    got = TISSUES.settled(Tissue(levels={"tumour:F3": 0.0}))["vegf_made:tumour"] / TISSUES.settled(Tissue())["vegf_made:tumour"]
    assert got == pytest.approx(1 - value("tissue_factor_vegf_share", "1"), rel=1e-6)


def test_faster_cells_do_not_found_more_foci():
    rest, fast = (TISSUES.settled(Tissue(levels={"tumour:migration": level})) for level in (1.0, 3.0))
    assert fast["migration_speed"] == pytest.approx(3 * rest["migration_speed"])
    assert fast["foci"] == pytest.approx(rest["foci"], rel=1e-9)


def test_shed_cells_are_conserved():
    (run,) = TISSUES.follow(Tissue(levels={"tumour:invasion": 2.0}))
    assert run.amount("circulating") + run.amount("died_in_blood") + run.amount("extravasated") == pytest.approx(run.amount("shed"), rel=1e-6, abs=1e-6)


def test_chance_of_no_focus_is_that_of_independent_cells():
    """Thinning by hand: cells shed at random times, each with its own fate; a share of 4000 histories has a standard error below 0.008, and 3.3 of them are passed once in 1000."""
    (run,) = TISSUES.follow(Tissue(tumour_cells=1e5), 720.0)
    share = value("circulating_survival_share", "1") * value("extravasation_share", "1") * value("metastatic_seeding_share", "1")
    random, half = np.random.default_rng(3), value("circulating_cell_half_life", "h")
    none = 0
    for shed in random.poisson(run.amount("shed")[-1], 4000):
        founders = random.binomial(shed, share)
        founders = random.uniform(0, 720.0, founders) + random.exponential(half / np.log(2), founders)
        none += not np.any(founders < 720.0)
    assert run.amount("no_foci")[-1] == pytest.approx(none / 4000, abs=3.3 * 0.008)


@settings(max_examples=50, deadline=None)
@given(share=st.floats(1e-6, 1 - 1e-6), fold=st.floats(0.0, 1e6))
def test_scaled_share_stays_a_share(share, fold):
    got = float(scaled_share(sympy.Float(share), sympy.Float(fold)))
    assert 0 <= got <= 1
    assert float(scaled_share(sympy.Float(share), sympy.Integer(1))) == pytest.approx(share, rel=1e-12)


# what the network owes ---------------------------------------------------------------------------------


def test_level_of_the_recipient_goes_by_the_bare_name_of_its_node():
    """The other kind of cell stays at rest."""
    site = Site(shipped(), {"recipient": "endothelium", "nodes": ("DLL4",)})
    assert heard(site, "endothelium", "DLL4") == symbol(level_id("DLL4"))
    assert heard(site, "tumour", "DLL4") == 1


def test_units_hold_with_levels_of_every_node():
    tissue = Tissue(levels={f"{kind}:{node}": 0.7 for kind, nodes in NODES.items() for node in nodes})
    assert check(assemble_vessels(tissue, shipped()).network)


def test_no_rate_is_negative_in_any_draw_at_rest():
    model = assemble_vessels(Tissue(oxygen=0.0, rest_oxygen=21.0), shipped())
    names = [p.id for p in model.network.parameters]
    matrix = draw_matrix(model.network.parameters, 1, range(200))
    known = {symbol(name): matrix[:, i] for i, name in enumerate(names)}
    start = {name: initial for name, (_, initial, _) in model.flat.species.items()}
    rules = {symbol(r.id): r.expression for r in model.network.rules}
    for flow in model.flat.flows:
        rate = flow.rate
        for _ in range(4):
            rate = rate.xreplace(rules).xreplace({symbol(k): sympy.sympify(v) for k, v in start.items()})
        free = sorted(rate.free_symbols, key=str)
        found = np.broadcast_to(sympy.lambdify(free, rate, "numpy")(*(known[s] for s in free)), (200,))
        assert np.all(found >= -1e-12 * np.max(np.abs(found))), flow.id
