"""D8 in parts: the gap against a closed form, what the anti-miRNA must do, which twin fails by which part."""

import numpy as np
import pytest

from vesicle.evidence import shipped
from vesicle.systems.d8_resensitisation import BREAST, GLIOBLASTOMA, HALF_LIFE, STATED, apoptosis, drug, independent, levers, proposals
from vesicle.systems.drug_runs import CELLS, AntiMirna, Runs, Treatment, assemble_treatment


def pump(copies, half, anti_half):
    """Time of the lowest IC50 after anti-miR-9, with the messenger's half-life made negligible."""
    anti = AntiMirna("hsa-miR-9-5p", "ABCB1", copies)
    runs = Runs(assemble_treatment(shipped(), Treatment(GLIOBLASTOMA, anti=anti), follow=("temozolomide",)), 400.0, 0.25)
    held = {HALF_LIFE: half, "anti_mirna_half_life": anti_half, "mrna_half_life__ABCB1": 1e-3}
    (run,) = runs.at(held=held)
    return run.times[int(np.argmin(run.amount("ic50_shift:temozolomide")))]


@pytest.mark.parametrize(("half", "anti_half"), [(16.0, 48.0), (26.0, 48.0), (26.0, 12.0), (72.0, 24.0)])
def test_best_gap_is_the_peak_of_bateman_where_few_guides_are_held(half, anti_half):
    """Far fewer anti-miRNAs than guides hold a share proportional to their number: the deficit of the pump is a difference of two exponentials,
    highest at ln(k_P/k_A)/(k_P - k_A). A hundredth of the guides makes the square root linear to a per cent."""
    k_p, k_a = np.log(2) / half, np.log(2) / anti_half
    assert pump(30.0, half, anti_half) == pytest.approx(np.log(k_p / k_a) / (k_p - k_a), rel=0.02)


def test_best_gap_scales_with_both_half_lives_together():
    """Twice both half-lives is twice the time: nothing else has a clock."""
    assert pump(3e3, 52.0, 96.0) == pytest.approx(2 * pump(3e3, 26.0, 48.0), rel=0.01)


def test_more_anti_mirna_holds_longer_and_moves_the_best_gap_later():
    assert pump(3e4, 26.0, 48.0) > pump(3e3, 26.0, 48.0) + 48.0


def test_without_anti_mirna_the_gap_does_not_matter():
    nothing = AntiMirna("hsa-miR-9-5p", "ABCB1", 0.0)
    arms = [Treatment(GLIOBLASTOMA, (drug("temozolomide", "600 uM", gap),), anti=nothing) for gap in (0.0, 50.0)]
    kills = [Runs(assemble_treatment(shipped(), arm), 100.0, 100.0).at()[0].amount("log_kill")[-1] for arm in arms]
    assert kills == pytest.approx([np.log(2)] * 2, rel=1e-6)


def test_two_states_grow_in_their_own_proportion_without_a_drug():
    """They begin in the eigenvector of their growth, so the dormant share stays."""
    (run,) = Runs(assemble_treatment(shipped(), Treatment(BREAST, has_states=True)), 240.0, 24.0).at()
    share = run.amount("dormant") / run.amount("cells")
    assert share == pytest.approx(share[0], rel=1e-6)
    assert run.amount("cells")[0] == pytest.approx(CELLS, rel=1e-9)


def test_anti_mirna_beyond_its_guides_keeps_cells_from_falling_dormant():
    anti = AntiMirna("hsa-miR-222-3p", "dormancy", 1e6)
    shares = [Runs(assemble_treatment(shipped(), Treatment(BREAST, anti=a, has_states=True)), 72.0, 72.0).at()[0] for a in (None, anti)]
    assert shares[1].amount("dormant")[-1] < shares[0].amount("dormant")[-1]


@pytest.mark.parametrize("blocks", [True, False])
def test_trail_beats_bliss_only_where_the_inhibitor_blocks_transcription(blocks):
    assert all(check.holds for check in apoptosis(shipped(), blocks)) is blocks


def test_independent_pairs_do_not_beat_bliss():
    assert all(check.holds for check in independent(shipped()))


def test_proposals_stand_on_edges_into_resistance():
    assert all(check.holds for check in proposals(knocked_out=False))
    assert not any(check.holds for check in proposals(knocked_out=True) if check.expected != "told, not judged")


def test_no_proposal_uses_an_edge_that_states_the_answer():
    assert not {edge.id for proposal in levers() for edge in proposal.chain} & set(STATED)
