"""Cells or vesicles: each choice has its row, its claims, and whether those carry it."""

import pytest

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.products.modality import EITHER, NEITHER, VESICLES, choose, needs


@pytest.mark.parametrize("need", needs())
def test_every_row_is_the_one_in_which_both_claims_stand(need):
    found = choose(shipped(), need)
    assert (found.cells.locator, found.vesicles.locator) == (found.row, found.row)


@pytest.mark.parametrize("need", needs())
def test_claim_on_vesicles_names_a_donor_and_the_one_on_cells_none(need):
    found = choose(shipped(), need)
    assert found.vesicles.donor
    assert not found.cells.donor


def test_drug_that_cells_do_not_take_up_needs_vesicles():
    assert choose(shipped(), "carry a drug that MSC do not take up").modality == VESICLES


def test_same_words_for_both_decide_nothing():
    assert choose(shipped(), "reach injury, inflammation or cancer").modality == EITHER


def test_contradiction_of_the_review_with_itself_is_shown():
    assert choose(shipped(), "be made at large scale").against == ("C-0051",)


def test_what_is_said_of_cells_for_both_leaves_neither_where_cells_fail():
    assert choose(shipped(), "carry a nucleic acid", alike=True).modality == NEITHER


def test_unknown_need_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="carry a nucleic acid"):
        choose(shipped(), "carry nucleic acid")
