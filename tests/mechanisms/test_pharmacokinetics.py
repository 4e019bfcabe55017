"""Free drugs: closed forms of compartments, absorption, infusion, allometry, washes; every drug of the field in mouse and man."""

import math

import numpy as np
import pytest
import scipy.linalg
from free_drugs import DOSE, body, free, model_of, run, site_for, value, well

from vesicle.mechanisms.drug.pharmacokinetics import FreeDrugInBody, FreeDrugInWell

FIELD = (
    "doxorubicin",
    "paclitaxel",
    "carboplatin",
    "cisplatin",
    "temozolomide",
    "5-fluorouracil",
    "bortezomib",
    "imatinib",
    "gemcitabine",
    "curcumin",
    "docetaxel",
    "TRAIL",
    "SNS-032",
)
MEN = tuple(name for name in FIELD if name not in ("paclitaxel", "curcumin"))
CLOSE = 1e-7
"""The engine keeps 1e-10 relative per step; hundreds of steps."""


def test_drug_without_peripheral_volume_leaves_as_one_exponential():
    model = body("TRAIL")
    rate = value(model, "drug_clearance__free_drug__TRAIL") / value(model, "drug_central_volume__free_drug__TRAIL")
    (found,) = run(model, 4.0, 0.5)
    expected = DOSE / value(model, "drug_central_volume__free_drug__TRAIL") * np.exp(-rate * found.times)
    assert found.amount("drug_plasma:TRAIL") == pytest.approx(expected, rel=CLOSE)


@pytest.mark.parametrize(("name", "peripheral"), [("gemcitabine", 1), ("bortezomib", 2), ("doxorubicin", 2)])
def test_plasma_follows_the_matrix_exponential_of_its_compartments(name, peripheral):
    """An independent oracle: SciPy's expm on the rate matrix written down by hand."""
    model = body(name)
    tail = f"__free_drug__{name}"
    second = peripheral == 2
    exchange = [value(model, "drug_intercompartment_clearance" + tail), value(model, "drug_second_intercompartment_clearance" + tail) if second else 0.0]
    rooms = [value(model, name + tail) for name in ("drug_central_volume", "drug_peripheral_volume")] + [value(model, "drug_second_peripheral_volume" + tail) if second else 1.0]
    matrix = np.array([
        [-(value(model, "drug_clearance" + tail) + sum(exchange)) / rooms[0], exchange[0] / rooms[1], exchange[1] / rooms[2]],
        [exchange[0] / rooms[0], -exchange[0] / rooms[1], 0.0],
        [exchange[1] / rooms[0], 0.0, -exchange[1] / rooms[2]],
    ])  # fmt: skip
    (found,) = run(model, 24.0, 2.0)
    expected = [(scipy.linalg.expm(matrix * t) @ [DOSE, 0, 0])[0] / rooms[0] for t in found.times]
    assert found.amount(f"drug_plasma:{name}") == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("name", "route", "share"), [
    ("imatinib", "oral", "oral_bioavailability__free_drug__imatinib"), ("carboplatin", "intraperitoneal", "peritoneal_bioavailability__free_drug__carboplatin"),
    ("bortezomib", "subcutaneous", "subcutaneous_bioavailability__free_drug"),
])  # fmt: skip
def test_exposure_by_a_depot_is_the_share_that_arrives_over_clearance(name, route, share):
    """AUC = F D / CL whatever the compartments, once all is gone."""
    model = body(name, route)
    (found,) = run(model, 5000.0, 5000.0)
    expected = value(model, share) * DOSE / value(model, f"drug_clearance__free_drug__{name}")
    assert found.amount(f"drug_auc:{name}")[-1] == pytest.approx(expected, rel=1e-5)


def test_infusion_gives_the_exposure_of_its_whole_dose_and_a_flat_end():
    """Rate D/T for T: AUC = D / CL, and at the end of a long infusion c = (D/T) / CL."""
    hours = 40.0
    rate = [(0.0, "infusion__TRAIL", DOSE / hours, "nmol/h"), (hours, "infusion__TRAIL", -DOSE / hours, "nmol/h")]
    model = body("TRAIL", doses=rate)
    clearance = value(model, "drug_clearance__free_drug__TRAIL")
    (found,) = run(model, 200.0, hours)
    assert found.amount("drug_plasma:TRAIL")[1] == pytest.approx(DOSE / hours / clearance, rel=1e-6)
    assert found.amount("drug_auc:TRAIL")[-1] == pytest.approx(DOSE / clearance, rel=1e-6)


def test_exposure_is_proportional_to_dose_in_every_draw():
    one, ten = (run(body("gemcitabine", doses=[(0.0, "dosed__gemcitabine__central", amount, "nmol")]), 24.0, 24.0, range(20)) for amount in (1.0, 10.0))
    assert np.array([b.amount("drug_auc:gemcitabine")[-1] / a.amount("drug_auc:gemcitabine")[-1] for a, b in zip(one, ten, strict=True)]) == pytest.approx(10.0, rel=1e-6)


@pytest.mark.parametrize("route", ["intravenous", "oral", "intraperitoneal", "subcutaneous"])
def test_no_drug_is_lost_or_made(route):
    """Every flow between amounts takes what it gives."""
    model = body("temozolomide", route)
    amounts = {name for name in model.flat.species if name.startswith("dosed__")}
    moves = [flow for flow in model.flat.flows if not flow.id.startswith(("infuse", "expose"))]
    assert moves
    assert all(sum(flow.changes.values()) == 0 and flow.changes.keys() <= amounts for flow in moves)


def test_number_of_man_is_taken_to_the_mouse_by_its_exponent():
    site = site_for(free("carboplatin"), species="mouse")
    model = model_of(site, [FreeDrugInBody()], [(0.0, "dosed__carboplatin__central", DOSE, "nmol")])
    ratio, exponent = value(model, "body_weight_ratio"), value(model, "allometric_exponent__clearance")
    (mouse,), (man,) = run(model, 200.0, 200.0), run(body("carboplatin"), 2000.0, 2000.0)
    assert mouse.amount("drug_auc:carboplatin")[-1] / man.amount("drug_auc:carboplatin")[-1] == pytest.approx(ratio**exponent, rel=1e-4)


def test_number_of_the_mouse_is_taken_as_it_stands():
    model = body("paclitaxel", species="mouse")
    assert not [p.id for p in model.network.parameters if p.id.startswith(("body_weight_ratio", "interspecies"))]


def test_borrowed_number_says_so_and_has_an_error_of_its_own_per_drug():
    site = site_for(free("carboplatin"), free("cisplatin"), species="mouse")
    model = model_of(site, [FreeDrugInBody()])
    known = {p.id: p for p in model.network.parameters}
    assert "species human" in known["drug_clearance__free_drug__carboplatin"].borrowed
    a, b = (known[f"interspecies_residual__free_drug__{name}"].draw(1, 0) for name in ("carboplatin", "cisplatin"))
    assert a != b


@pytest.mark.parametrize("name", FIELD)
def test_every_drug_of_the_field_can_be_given_to_a_mouse(name):
    drug = free(name)
    (found,) = run(body(name, species="mouse"), 48.0, 48.0)
    assert 0 < found.amount(f"drug_auc:{drug.id}")[-1] < math.inf


@pytest.mark.parametrize("name", MEN)
def test_every_drug_with_a_record_in_man_can_be_given_to_man_unscaled(name):
    assert not [p.id for p in body(name).network.parameters if p.id.startswith(("body_weight_ratio", "interspecies"))]


def test_drug_in_a_well_decays_by_its_half_life():
    model = well("temozolomide", [(0.0, "dosed__temozolomide__medium", 1.0, "nmol")])
    half = value(model, "drug_water_half_life__temozolomide")
    (found,) = run(model, 4 * half, half)
    assert found.amount("drug_at_cells:temozolomide") == pytest.approx([2.0**-k for k in range(5)], rel=CLOSE)


def test_change_of_medium_leaves_its_rest_and_no_more_is_lost():
    drug = free("carboplatin", "well")
    site = site_for(drug, species="", area_um2=1e8, thicknesses=(1e4,))
    mechanism = FreeDrugInWell()
    height, length = mechanism.hazard(site), mechanism.length(site)
    values = {symbol: site.parameters[str(symbol)].value for symbol in height.free_symbols}
    wash = float(height.xreplace(values))
    doses = [(0.0, "dosed__carboplatin__medium", 1.0, "nmol"), (10.0, "washing__carboplatin", wash, "1/h"), (10.0 + length, "washing__carboplatin", -wash, "1/h")]
    (found,) = run(model_of(site, [mechanism], doses), 20.0, 5.0)
    rest = next(v for s, v in values.items() if str(s) == "medium_carry_over")
    assert found.amount("drug_at_cells:carboplatin") == pytest.approx([1, 1, 1, rest, rest], rel=CLOSE)
