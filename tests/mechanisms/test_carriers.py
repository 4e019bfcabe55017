"""What tells carriers apart in a body: opsonins, size, CD47, ligands, depots, nucleases, drugs."""

import functools

import numpy as np
import pytest

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import InputError
from vesicle.evidence import shipped
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.model.assembly import _WAYS, assemble
from vesicle.model.scenario_file import load
from vesicle.products.carriers import CARRIERS
from vesicle.products.composition import LOADINGS
from vesicle.readouts.exposure import stay
from vesicle.runs.execute import mass_balance
from vesicle.systems.body_runs import bodies

ROUNDING = 1e-9
CARRIED, TROPIC, DRUGS = "mouse-carriers", "mouse-tropism", "mouse-curcumin"


@functools.cache
def arms(name=CARRIED, changes=()):
    return bodies(shipped(), name, dict(changes))


@functools.cache
def found(arm, name=CARRIED, changes=()):
    return stay(arms(name, changes)[arm], 20)


def eaten(arm, organ="liver", **where):
    """(n,) hazard of phagocytosis in an organ."""
    particle = arms(**where)[arm].network.particles[0].id
    return found(arm, **where).hazards[f"phagocytose_{organ}__{particle}"]


@pytest.mark.parametrize("kind", CARRIERS)
def test_every_way_and_loading_of_a_kind_exists(kind):
    assert set(CARRIERS[kind].leaves_by) <= set(_WAYS)
    assert set(CARRIERS[kind].loadings) <= set(LOADINGS)


def test_without_opsonins_the_share_that_needs_them_is_lost():
    share = found("exosome_no_opsonins").parameters["opsonin_dependent_share__exosome"]
    assert eaten("exosome_no_opsonins") / eaten("exosome") == pytest.approx(1 - share, rel=ROUNDING)


def test_three_times_the_opsonins_add_twice_the_share():
    share = found("liposome_opsonised").parameters["opsonin_dependent_share__liposome"]
    assert eaten("liposome_opsonised") / eaten("liposome") == pytest.approx(1 + 2 * share, rel=ROUNDING)


def test_phagocytosis_follows_the_size_to_its_power():
    stated = found("exosome_large").parameters
    expected = (200 / stated["ev_diameter__exosome"]) ** stated["phagocytosis_size_exponent"]
    assert eaten("exosome_large") / eaten("exosome") == pytest.approx(expected, rel=ROUNDING)


def test_carrier_with_the_cd47_it_has_by_nature_is_unchanged():
    same = (("products.exosome.cd47", "1 fold"), ("products.liposome.cd47", "0 fold"))
    for arm in ("exosome", "liposome"):
        assert eaten(arm, changes=same) == pytest.approx(eaten(arm), rel=ROUNDING)


def test_cd47_knock_out_and_cd47_on_a_liposome_are_the_same_factor():
    lost = eaten("exosome") / eaten("exosome_no_cd47")
    gained = eaten("liposome_cd47") / eaten("liposome")
    assert gained == pytest.approx(lost, rel=ROUNDING)
    assert np.all(gained < 1)


@pytest.mark.parametrize("arm", ["exosome_subcutaneous", "exosome_intraperitoneal"])
def test_exposure_from_a_depot_is_its_bioavailability(arm):
    """What is lost in a depot never comes back, so the shares multiply."""
    name = {"exosome_subcutaneous": "subcutaneous_bioavailability__exosome", "exosome_intraperitoneal": "peritoneal_bioavailability__exosome"}[arm]
    assert found(arm).time_in(["vein"]) / found("exosome").time_in(["vein"]) == pytest.approx(found(arm).parameters[name], rel=ROUNDING)


def test_dose_into_the_tumour_counts_as_at_the_tumour_once_it_has_spread_and_not_as_circulating():
    network = arms()["exosome_intratumoural"].network
    assert {step for dose in network.arm.doses for step in dose.counts} == {"given"}
    (place,) = {dose.species.partition("__")[2] for dose in network.arm.doses}
    assert {t.step for t in network.transfers if t.source == place and t.target} == {"at_tumour"}


def test_naked_rna_is_cut_and_rna_in_a_carrier_is_not():
    assert found("naked_sirna").entering("cut")[0] > 0
    assert all(found(arm).entering("cut")[0] == 0 for arm in ("exosome", "liposome", "peg_liposome"))


def test_free_drug_enters_no_cell_as_a_particle():
    assert not {place for place in found("drug").places if "phagocytes" in place or place in ("tumour_surface", "tumour_endosome", "tumour_stroma", "liver_endothelium")}


# ligands -----------------------------------------------------------------------------------------


def gain(receptors):
    """(n,) binding with GE11 over binding without, at so many receptors."""
    changes = (("recipients.egfr_high.receptors.EGFR", f"{receptors:g} copy/cell"),)
    return found("ge11", TROPIC, changes).hazards["bind__ge11"] / found("native", TROPIC, changes).hazards["bind__native"]


def test_ligand_without_its_receptor_gains_nothing():
    assert gain(0) == pytest.approx(np.ones(21), rel=ROUNDING)


def test_gain_of_a_ligand_ends_at_diffusion():
    """With receptors without end every encounter sticks: 1 / p."""
    assert gain(1e20) == pytest.approx(1 / found("native", TROPIC).parameters["sticking_probability__exosome"], rel=1e-6)


def test_gain_rises_with_receptors():
    assert np.all(gain(1e4) < gain(1e6))


def test_ligand_changes_nothing_before_the_cancer_cell():
    for place in ("tumour_interstitium", "liver_phagocytes", "liver_endothelium"):
        without = found("native_egfr_none", TROPIC).entering(place)
        assert found("ge11_egfr_none", TROPIC).entering(place) == pytest.approx(without, rel=ROUNDING)


def test_unknown_ligand_and_route_of_a_body_in_a_well_are_refused():
    with pytest.raises(InputError, match="GE11"):
        load(TROPIC, {"products.ge11.targeting": "GE12"})
    with pytest.raises(InputError, match="route"):
        load("breast-mir100-well", {"arms.natural_exosome.doses.0.route": "subcutaneous"})


# drugs -------------------------------------------------------------------------------------------


@functools.cache
def followed(arm, changes=()):
    model = assemble(load(DRUGS, dict(changes)), shipped())[arm]
    program, lean = compile_model(model, output_times(12.0, 1.0))
    matrix = draw_matrix(model.network.parameters, 1, [-1])
    values = values_of(lean, model.network.parameters, matrix)[0]
    run = OdeEngine(STRICT_RTOL).run(program, values)
    assert run.status == OK
    return run, mass_balance(model, program, values, run.final)


@pytest.mark.parametrize("arm", ["free", "exosomal", "free_intravenous", "exosomal_intravenous"])
def test_drug_and_carriers_are_neither_made_nor_lost(arm):
    _, balance = followed(arm)
    assert balance
    assert max(balance.values()) < 1e-6


def test_empty_vesicles_bring_no_drug():
    assert not np.any(followed("empty")[0].amount("drug:blood"))


def test_free_drug_is_eliminated_alike_everywhere_in_blood_and_more_slowly_where_cells_hold_it():
    drug = found("free_intravenous", DRUGS)
    elimination = np.log(2) / drug.parameters["drug_half_life__free_drug__curcumin"]
    hazards = {place: drug.hazards[f"metabolise_{place}__free"] for place in drug.places}
    for place in VASCULAR:
        assert hazards[place] == pytest.approx(elimination, rel=ROUNDING)
    assert np.all(hazards["tumour_interstitium"] < elimination)
    lost = sum(hazard * drug.time_in([place]) for place, hazard in hazards.items())
    assert lost == pytest.approx(1 - drug.entering("drained"), rel=ROUNDING)


def test_drug_that_comes_off_at_once_behaves_like_free_drug():
    """Released ten thousand times faster than it decays, the carrier plays no part."""
    fast = (("parameters.drug_release_rate__curcumin", "1e4 1/h"),)
    bound, free = (followed(arm, fast)[0] for arm in ("exosomal_intravenous", "free_intravenous"))
    exposures = [np.trapezoid(run.amount("drug:blood")[1:], run.times[1:]) for run in (bound, free)]
    assert exposures[0] == pytest.approx(exposures[1], rel=0.02)
