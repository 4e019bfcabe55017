"""Recipients of scenarios that are endothelium, or tumour cells with vessels."""

import numpy as np
import pytest

from vesicle.errors import SchemaError
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.systems.given_networks import Followed

AIR, HYPOXIC, TUMOUR_WELL, BODY = "huvec-mir92a-well", "huvec-mir135b-well", "breast-mir100-well", "pancreas-kras"
SOLVER = 1e-5
"""Ten times the engine's relative tolerance: relative readouts are quotients."""
READ = ("tube_formation", "endothelial_migration", "sprouts", "permeability", "vessel_density", "vegf:relative")


def run(name, arm, **changes):
    scenario = load(name, {key.replace("__", "."): value for key, value in changes.items()})
    model = assemble(scenario, shipped(), [arm])[arm]
    return model, Followed(model, scenario.duration).run()


@pytest.mark.parametrize("name", [AIR, HYPOXIC])
def test_untreated_endothelium_stays_at_rest_at_any_oxygen(name):
    _, course = run(name, "vehicle")
    for readout in READ:
        assert course.amount(readout) == pytest.approx(np.ones(len(course.times)), rel=SOLVER)


def test_oxygen_of_a_well_sets_hif_and_the_vegf_that_endothelium_makes():
    (_, air), (_, hypoxic) = (run(HYPOXIC, "vehicle", environment__oxygen=gas) for gas in ("21 %", "1 %"))
    assert air.amount("hif_rise:endothelium")[-1] == pytest.approx(0, abs=SOLVER)
    assert hypoxic.amount("hif_rise:endothelium")[-1] == pytest.approx(1, rel=SOLVER)
    assert hypoxic.amount("vegf_secreted")[-1] > 1.05 * air.amount("vegf_secreted")[-1]


def test_held_copies_of_a_mirna_against_fih_raise_hif_under_hypoxia():
    _, course = run(HYPOXIC, "if_delivered")
    assert course.amount("hif_rise:endothelium")[-1] > 1.005


def test_circuit_of_endothelium_leaves_out_what_the_chapter_computes():
    model, _ = run(HYPOXIC, "if_delivered")
    heard = {(source, gate.node) for gate in model.network.gates for source, _ in gate.inputs}
    assert heard
    assert ("HIF1AN", "HIF1A") not in heard
    assert ("KDR", "angiogenesis") not in heard
    assert "VEGFA" not in {source for source, _ in heard}


def test_tumour_cells_of_a_well_have_vegf_and_no_vessels():
    model, course = run(TUMOUR_WELL, "natural_exosome", recipients__breast_cancer__vessels="tumour")
    assert course.amount("vegf_secreted")[-1] > 0
    assert "vessel_density" not in {o.id for o in model.network.observables}


def test_growth_that_vessels_limit_hears_their_density():
    """The stimulation of vessels is in proportion to their density."""
    model, _ = run(BODY, "vehicle", recipients__tumour__vessels="tumour", recipients__tumour__growth="vessel_limited")
    rate = next(reaction.rate for reaction in model.network.reactions if reaction.id == "vessels_grow")
    assert "vessel_density" in {str(s) for s in rate.free_symbols}
    plain, _ = run(BODY, "vehicle", recipients__tumour__growth="vessel_limited")
    assert "vessel_density" not in {str(s) for r in plain.network.reactions for s in r.rate.free_symbols}


def test_recipient_that_follows_migration_has_it_as_a_readout():
    for arm in ("vehicle", "if_delivered"):
        model, course = run("osteosarcoma-mir143-well", arm)
        assert {"migration", "invasion"} <= {o.id for o in model.network.observables}
    assert course.amount("migration")[-1] < 0.99


@pytest.mark.parametrize(("name", "changes", "words"), [
    (BODY, {"recipients__tumour__vessels": "endothelium"}, "is for a well"),
    (AIR, {"environment__oxygen": "120 %"}, "0 % to 100 %"),
])  # fmt: skip
def test_what_cannot_be_is_said_in_one_sentence(name, changes, words):
    with pytest.raises(SchemaError, match=words):
        run(name, "vehicle", **changes)
