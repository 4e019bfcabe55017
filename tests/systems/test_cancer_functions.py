"""D1 to D7 and D10 in parts: what cargo that is not there does, who is asked, what moves what in the mechanism, and draws without an answer."""

import math

import numpy as np
import pytest

from vesicle.evidence import shipped
from vesicle.evidence.matching import parameter
from vesicle.model.resistant import Resisting, assemble_resisting
from vesicle.model.signalling import evidence_targets, known_of
from vesicle.model.vessels import Tissue
from vesicle.systems import all_experiments, d3_angiogenesis_on, d4_angiogenesis_off, d5_spread, d10_beyond_cancer
from vesicle.systems.d7_resistance import DRUG, WAYS, not_carried
from vesicle.systems.given_networks import at_rest
from vesicle.systems.queries import FLIPPED, ask, questions, score
from vesicle.systems.vessel_runs import NO_ANSWER, Tissues, called, in_words, probability_words

MOVES = {  # node -> the outputs of spread that its doubling moves
    "tumour:migration": {"migration_speed"},
    "tumour:invasion": {"invasion", "shed", "foci"},
    "tumour:EMT": {"EMT", "shed", "foci"},
    "endothelium:vascular_permeability": {"extravasation", "foci"},
    "tumour:metastasis": {"foci"},
}
OUTPUTS = ("migration_speed", "invasion", "EMT", "extravasation", "shed", "foci")
SILENT = Tissue(drawn={"tumour:VEGFA": (1.0, math.nan, math.nan)})
"""A tissue of whose two draws none answered."""


@pytest.fixture(scope="module")
def tissues():
    return Tissues(shipped())


def test_no_copies_of_cargo_call_no_sign():
    answers = [ask(shipped(), *question, draws=5, copies=0.0) for question in questions(shipped(), "D1")[:3]]
    assert score(answers) == (0, 0, len(answers))


def test_tissue_without_a_draw_that_answers_gives_none(tissues):
    assert tissues.over_draws(SILENT, "vessel_density", 2).size == 0
    assert tissues.folds(SILENT, Tissue(), "vessel_density", 2).size == 0


def test_no_draw_that_answers_is_said_and_called_nothing():
    nothing = np.array([])
    assert (called(nothing), probability_words(nothing), in_words((math.nan,) * 3)) == (0, NO_ANSWER, NO_ANSWER)


def test_nothing_to_follow_is_followed_by_no_trajectory(tissues):
    assert tissues.follow(Tissue(), samples=()) == []


@pytest.mark.parametrize("node", MOVES)
def test_each_level_moves_its_own_outputs_of_spread_alone(tissues, node):
    rest, changed = tissues.settled(Tissue()), tissues.settled(Tissue(levels={node: 2.0}))
    assert {name for name in OUTPUTS if abs(changed[name] / rest[name] - 1) > 1e-9} == MOVES[node]


def test_focus_per_cell_that_ended_in_blood_is_the_product_of_three_shares(tissues):
    (run,) = tissues.follow(Tissue(), 720.0)
    last = {name: float(run.amount(name)[-1]) for name in ("foci", "died_in_blood", "extravasated")}
    shares = [parameter(shipped(), name, name, "1", {}).value for name in d5_spread.SHARES]
    assert last["foci"] / (last["died_in_blood"] + last["extravasated"]) == pytest.approx(math.prod(shares), rel=1e-6)


def test_all_ways_of_resistance_together_are_the_product_of_each():
    found = at_rest(assemble_resisting(Resisting(DRUG, WAYS, {"apoptosis": 0.5, "ABCB1": 10.0}, True), shipped()))
    assert found[f"resistance:{DRUG}"] == pytest.approx(math.prod(found[f"ic50_shift_by:{way}:{DRUG}"] for way in WAYS), rel=1e-9)


def test_nothing_brought_is_not_carried():
    check = not_carried("gap", math.inf, 0)
    assert (check.holds, check.value) == (True, "nothing is brought")


def test_more_brought_than_needed_is_carried():
    assert not not_carried("gap", -1.0, 0).holds


@pytest.mark.parametrize("claims", [d3_angiogenesis_on.REPORTED, d4_angiogenesis_off.REPORTED, d5_spread.READ])
def test_no_report_is_asked_whose_work_says_the_opposite(claims):
    assert {name for name in claims if shipped().by_id[name].mismatch_kind in FLIPPED} == set()


@pytest.mark.parametrize("system", ["D1", "D2"])
def test_predicted_claims_of_growth_are_those_that_are_asked(system):
    assert set(all_experiments()[system].predicts) == {claim.id for claim, _, _ in questions(shipped(), system)}


def test_cargo_of_the_null_has_one_target_and_fibroblasts_lack_it():
    """Its target leads to migration in a cell that has it, so that it is the table of expression that leaves the cargo without an answer."""
    mirna, target = d10_beyond_cancer.ABSENT, d10_beyond_cancer.ABSENT_TARGET
    assert evidence_targets(shipped(), mirna, ("migration",), "malignant cell") == (target,)
    assert not known_of(shipped(), "fibroblast").present[target]
