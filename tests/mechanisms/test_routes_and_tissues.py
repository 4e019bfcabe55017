"""Where a dose goes by mouth, by needle and to the brain; where a drug goes that came off; cells that die of TRAIL."""

import functools

import numpy as np
import pytest
import sympy

from vesicle.errors import InputError
from vesicle.evidence import shipped
from vesicle.mechanisms.phenotype.tumour_states import STATE
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.network.expressions import symbol
from vesicle.network.flat import visited
from vesicle.readouts.exposure import stay
from vesicle.systems import nominal
from vesicle.systems.body_runs import bodies

ROUNDING = 1e-9
BRAIN, GLIOMA, MILK, IRGD, TRAIL = "brain-bace1", "glioma-mir146b", "lung-milk-paclitaxel", "breast-irgd-doxorubicin", "breast-trail-vesicles"


@functools.cache
def arms(name, changes=()):
    return bodies(shipped(), name, dict(changes))


@functools.cache
def found(name, arm, changes=()):
    return stay(arms(name, changes)[arm], 20)


def followed(name, arm, duration, every, changes=()):
    """The nominal run of one arm."""
    model = assemble(load(name, dict(changes)), shipped(), [arm])[arm]
    return model, nominal.followed(model, duration, every)


# the brain ---------------------------------------------------------------------------------------


def test_unmodified_vesicles_are_cleared_into_the_brain_by_the_measured_influx_times_its_mass():
    here = found(BRAIN, "plain_bace1")
    p = here.parameters
    mass = p["body_weight"] * p["organ_volume_fraction__brain"]
    plasma = p["body_weight"] / p["tissue_density"] * p["plasma_volume_fraction"]
    organs = {o: p[f"organ_volume_fraction__{o}"] for o in ("lung", "liver", "spleen", "kidney", "brain")}
    shares = {o: v * p[f"organ_capillary_fraction__{o}"] for o, v in organs.items()}
    shares["rest"] = (1 - sum(organs.values())) * p["organ_capillary_fraction__muscle"]
    bed = plasma * (1 - p["large_vessel_share"]) * shares["brain"] / sum(shares.values())
    assert here.hazards["extravasate__plain_bace1"] * bed == pytest.approx(p["brain_influx__exosome"] * mass, rel=ROUNDING)


def test_of_what_endothelium_takes_up_by_a_ligand_the_measured_share_comes_out_on_the_other_side():
    here = found(BRAIN, "rvg_bace1")
    out = here.hazards["transcytose__rvg_bace1"] * here.hours[:, here.places.index("brain_endothelium")]
    assert out / here.entering("brain_endothelium") == pytest.approx(here.parameters["transcytosis_share__RVG"], rel=ROUNDING)


def test_ligand_without_receptors_on_vessels_adds_no_way_through_them():
    places = {name: set(bodies(shipped(), "breast-ge11-let7a")[name].flat.species) for name in ("ge11_let7a",)}
    assert not any("endothelium" in species and species.startswith("ge11") and "liver" not in species for species in places["ge11_let7a"])


def test_ligand_for_vessels_adds_to_what_enters_the_brain_where_endothelium_lets_enough_through():
    """Net of what goes back to blood, at the nominal values; where nearly all is digested in the wall, the ligand is a trap and adds nothing."""

    def net(arm, ways):
        here = found(BRAIN, arm)
        moved = {way: here.hazards[f"{way}__{arm}"] * here.hours[:, here.places.index(here.ways[f"{way}__{arm}"][0])] for way in (*ways, "return")}
        return sum(moved[way] for way in ways) - moved["return"]

    assert net("rvg_bace1", ("extravasate", "transcytose"))[0] > net("plain_bace1", ("extravasate",))[0]


def test_flow_and_volume_of_the_brain_are_taken_from_the_rest_of_the_body():
    """All beds together hold the plasma, and all flows from the artery are the cardiac output of plasma."""
    model = arms(BRAIN)["plain_bace1"]
    rules = {r.id: r.expression for r in model.network.rules}
    values = {symbol(p.id): p.value for p in model.network.parameters}

    def number(name):
        expression = rules[name]
        while inner := {s: rules[str(s)] for s in expression.free_symbols if str(s) in rules}:
            expression = expression.xreplace(inner)
        return float(expression.subs(values))

    beds = ("vein", "lung", "artery", "liver", "spleen", "kidney", "rest", "brain_vessels")
    assert sum(number(f"V_{bed}") for bed in beds) == pytest.approx(number("V_plasma"), rel=ROUNDING)
    assert sum(number(f"Q_{name}") for name in ("liver_in", "spleen", "kidney", "rest", "brain_vessels")) == pytest.approx(number("Q_lung"), rel=ROUNDING)


def test_neurons_do_not_divide():
    model = assemble(load(BRAIN), shipped(), ["untreated"])["untreated"]
    assert "grow" not in {flow.id for flow in model.flat.flows}


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        (BRAIN, {"arms.rvg_bace1.doses.0.route": "intratumoural"}, "needs a tumour"),
        (BRAIN, {"recipients.cortex.growth": "exponential_linear"}, "does not go with cells of a brain"),
    ],
)
def test_what_cannot_be_in_a_body_is_told(name, changes, word):
    with pytest.raises(InputError, match=word):
        assemble(load(name, changes), shipped())


# by needle and by mouth --------------------------------------------------------------------------


def test_what_stays_of_an_injection_into_a_tumour_is_the_retained_share():
    here = found(GLIOMA, "mir146b")
    spread = here.hazards["spread_bolus__mir146b"] * here.hours[:, here.places.index("tumour_bolus")]
    assert spread == pytest.approx(here.parameters["intratumoural_retained_share"], rel=ROUNDING)


def test_share_of_swallowed_vesicles_that_arrives_whole_is_their_bioavailability():
    here = found(MILK, "milk_empty")
    arrived = here.hazards["absorb_gut__milk_empty"] * here.hours[:, here.places.index("gut")]
    assert arrived == pytest.approx(here.parameters["oral_bioavailability__exosome"], rel=ROUNDING)


def test_swallowed_vesicles_reach_the_liver_before_the_vein():
    assert {t.target for t in arms(MILK)["milk_empty"].network.transfers if t.id.startswith("absorb_gut")} == {"liver"}


def test_drug_of_a_vesicle_that_is_digested_in_the_gut_stays_in_the_lumen():
    flow = next(f for f in arms(MILK)["milk_paclitaxel"].flat.flows if f.id == "digest_gut__milk_paclitaxel__paclitaxel")
    assert flow.changes == {"paclitaxel_on_milk_paclitaxel__gut": -1, "paclitaxel_free__gut": 1}


# drug off its carrier ----------------------------------------------------------------------------


def test_free_drug_in_the_body_decays_with_its_half_life_whatever_volume_holds_it():
    """After a day the tissue is in balance; the tumour, which returns drug slowly, holds less than 2 % of it."""
    model, run = followed(IRGD, "free_drug", 36.0, 12.0, (("arms.free_drug.doses.0.count", "1"),))
    rest = run.amount("in:rest:free_drug")
    half = next(p.value for p in model.network.parameters if p.id == "drug_half_life__free_drug__doxorubicin")
    assert rest[-1] / rest[-2] == pytest.approx(0.5 ** (12 / half), rel=0.03)


def test_tumour_full_of_cells_that_bind_a_drug_gives_it_back_more_slowly():
    """phi = V_I / (V_I + kappa V_c N) multiplies the way back to vessels."""
    here = found(IRGD, "free_drug")
    p = here.parameters
    volume = p["cells_at_start"] / p["tumour_cell_density"]
    inside = volume * p["tumour_interstitial_fraction__tumour"]
    held = p["drug_cell_to_medium_ratio__doxorubicin"] * p["cytosol_volume"] * 1e-9 * p["cells_at_start"]
    ratio = here.hazards["return__free_drug"] / here.hazards["extravasate__free_drug"]
    vessels = volume * p["tumour_vascular_fraction__tumour"] * (1 - p["haematocrit"])
    assert ratio * inside / vessels == pytest.approx(inside / (inside + held), rel=1e-6)


def test_drug_is_kept_in_every_flow_of_vesicles_that_phagocytes_digest():
    flow = next(f for f in arms(IRGD)["plain_drug"].flat.flows if f.id == "digest_liver__plain_drug__doxorubicin")
    assert "doxorubicin_free__liver_phagocytes" in flow.changes


def test_tumour_with_drug_grows_more_slowly_than_without():
    _, with_drug = followed(IRGD, "free_drug", 96.0, 24.0)
    _, without = followed(IRGD, "vehicle", 96.0, 24.0)
    assert with_drug.amount("tumour_volume")[-1] < without.amount("tumour_volume")[-1]


# death ligands -----------------------------------------------------------------------------------


def test_vesicles_without_trail_activate_no_caspase():
    _, run = followed(TRAIL, "native", 24.0, 6.0)
    assert np.all(run.amount("caspase-8") == 0)
    assert np.all(run.amount("occupied:DR5") == 0)


def test_either_receptor_alone_activates_all_of_caspase_8():
    rule = next(r for r in arms(TRAIL)["trail"].network.rules if r.id == "caspase_8").expression
    a, b = symbol("signal__DR4"), symbol("signal__DR5")
    assert rule.subs({a: 1, b: 0}) == rule.subs({a: 0, b: 1}) == 1
    assert sympy.simplify(rule - (a + b - a * b)) == 0


def test_dead_cells_take_along_what_they_held_so_that_the_living_keep_theirs():
    """Every amount in living cells is lost with the hazard of their deaths, so amounts per cell do not move by a death."""
    network = arms(TRAIL)["trail"].network
    hazard, cells = symbol("death_rate"), {"tumour_cells", "tumour_surface", "tumour_endosome"}
    held = {s.id for s in network.species if s.place in cells and s.entity != STATE}
    lost = {r.id.removeprefix("die_with_cell__"): r.rate / symbol(r.id.removeprefix("die_with_cell__")) for r in network.reactions if r.id.startswith("die_with_cell__")}
    assert lost == dict.fromkeys(held, hazard)
    gone = {t.source: t.hazard for t in network.transfers if t.id.startswith("die_with_cell_") and t.particle == "trail"}
    assert gone == dict.fromkeys(cells.intersection(visited(network, "trail")), hazard)
