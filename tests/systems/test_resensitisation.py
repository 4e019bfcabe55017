"""D8 in parts: the gap against a closed form, what the anti-miRNA must do, which twin fails by which part."""

import numpy as np
import pytest

from vesicle.evidence import shipped
from vesicle.evidence.priors.edges import core, shown_by_works
from vesicle.mechanisms.drug.interaction import bliss_excess
from vesicle.systems.d8_resensitisation import (
    BREAST,
    GLIOBLASTOMA,
    HALF_LIFE,
    IC50,
    LUNG,
    MIR9,
    SENSITISED,
    STATED,
    TRAIL,
    anti_mir9,
    apoptosis,
    drug,
    falls,
    killed,
    levers,
    proposals,
    times_ic50,
    without_works_of,
)  # fmt: skip
from vesicle.systems.drug_runs import CELLS, InCells, Runs, Treatment, assemble_treatment, levels_of

FAST = {
    "mrna_half_life__ABCB1": 0.1, "mrna_half_life__PTCH1": 0.1, "protein_half_life__PTCH1": 0.1, "gate_time_constant__signalling": 0.1,
    "gate_time_constant__transcription": 0.1,
}  # fmt: skip
"""Every lag between the anti-miRNA and the pump but the pump's own, made negligible."""


def pump(copies, half, anti_half, lags=FAST):
    """Time of the lowest IC50 after anti-miR-9, which acts through PTCH1."""
    treatment = Treatment(GLIOBLASTOMA, put_in=anti_mir9(copies), follows=("ABCB1",))
    runs = Runs(assemble_treatment(shipped(), treatment, follow=("temozolomide",)), 400.0, 0.25)
    (run,) = runs.at(held={**lags, HALF_LIFE: half, "anti_mirna_half_life": anti_half})
    return run.times[int(np.argmin(run.amount("ic50_shift:temozolomide")))]


@pytest.mark.parametrize(("half", "anti_half"), [(16.0, 48.0), (26.0, 48.0), (26.0, 12.0), (72.0, 24.0)])
def test_best_gap_is_the_peak_of_bateman_where_only_the_pump_lags(half, anti_half):
    """Far fewer anti-miRNAs than guides hold a share proportional to their number, and small changes pass a gate in proportion: the deficit of the pump is a
    difference of two exponentials, highest at ln(k_P/k_A)/(k_P - k_A). A hundredth of the guides makes the square root linear to a per cent."""
    k_p, k_a = np.log(2) / half, np.log(2) / anti_half
    assert pump(30.0, half, anti_half) == pytest.approx(np.log(k_p / k_a) / (k_p - k_a), rel=0.03)


def test_gates_and_target_on_the_way_delay_the_best_gap():
    assert pump(30.0, 26.0, 48.0, {}) > pump(30.0, 26.0, 48.0) + 12.0


def test_more_anti_mirna_holds_longer_and_moves_the_best_gap_later():
    assert pump(3e4, 26.0, 48.0) > pump(3e3, 26.0, 48.0) + 48.0


def test_without_anti_mirna_the_gap_does_not_matter():
    arms = [Treatment(GLIOBLASTOMA, (drug("temozolomide", times_ic50(shipped(), IC50), gap),), put_in=anti_mir9(0.0), follows=("ABCB1",)) for gap in (0.0, 50.0)]
    kills = [Runs(assemble_treatment(shipped(), arm), 100.0, 100.0).at()[0].amount("log_kill")[-1] for arm in arms]
    assert kills == pytest.approx([np.log(2)] * 2, rel=1e-6)


def test_anti_mir9_lowers_the_pump_through_ptch1_and_raises_it_through_all_its_targets():
    """PTCH1 -| SMO -> GLI1 -> ABCB1 has one sign in every draw; NFKB1, freed with it, has the other and is nearer to the pump."""
    one, every = (levels_of(shipped(), InCells("hsa-miR-9-5p", 3e4, target=target), "ABCB1", GLIOBLASTOMA, range(10)) for target in ("PTCH1", "evidence"))
    assert falls(one) == 1
    assert falls(every) < 0.5


def test_mir222_wakes_cells_in_the_compiled_network_and_its_antagonist_makes_them_sleep():
    """Against C-0531: the core's strong targets of miR-222 (CDKN1B, CDKN1C, PTEN ...) make cells sleep."""
    given, held = (levels_of(shipped(), InCells("hsa-miR-222-3p", 1e4, is_anti=anti), "dormancy", BREAST, range(10)) for anti in (False, True))
    assert np.all(given < 1)
    assert np.all(held > 1)


def test_copies_that_are_not_there_leave_every_level_at_rest():
    assert levels_of(shipped(), InCells("hsa-miR-222-3p", 0.0), "dormancy", BREAST, range(3)) == pytest.approx(1, abs=1e-9)


def test_a_node_that_nothing_leads_to_stays_at_rest():
    assert np.array_equal(levels_of(shipped(), InCells("hsa-miR-9-5p", 1e4, target="CDX2"), "dormancy", BREAST, range(2)), np.ones(2))


def test_cells_sleep_by_the_level_that_is_given():
    """The states are those of the mechanism: born and there at the start are cycling, dormant, dead and cleared; a lower level leaves fewer asleep."""
    runs = [Runs(assemble_treatment(shipped(), Treatment(BREAST, levels={"dormancy": level}, dormant=0.05)), 72.0, 72.0).at()[0] for level in (1.0, 0.4)]
    assert runs[1].amount("dormant_cells")[-1] < runs[0].amount("dormant_cells")[-1]
    came = CELLS + runs[0].amount("born_cells")[-1]
    assert sum(runs[0].amount(f"{state}_cells")[-1] for state in ("cycling", "dormant", "dead", "cleared")) == pytest.approx(came, rel=1e-8)


@pytest.mark.parametrize("blocks", [True, False])
def test_trail_beats_bliss_only_where_the_inhibitor_blocks_transcription(blocks):
    assert all(check.holds for check in apoptosis(shipped(), blocks)) is blocks


def test_drugs_that_the_model_joins_by_nothing_are_independent():
    """Kill rates add, so survivals multiply: by construction, which is why no experiment counts it as a finding."""
    carboplatin = ("carboplatin", "50 uM")
    one, other, both = (killed(shipped(), given, LUNG)[:10] for given in ((TRAIL,), (carboplatin,), (TRAIL, carboplatin)))
    assert bliss_excess(both, one, other) == pytest.approx(0, abs=1e-5)


def test_doses_are_multiples_of_the_recorded_ic50():
    record = shipped().by_id[IC50]
    assert times_ic50(shipped(), IC50, 2.0) == f"{2 * record.value:g} {record.unit}"


def test_stated_edges_hold_all_that_the_work_of_the_claim_shows_of_mir9():
    """What `own_source_edges.tsv` names as shown by the works of anti-miR-9 alone is kept out of the proposals."""
    theirs = {e.id for e in core() if e.id in shown_by_works(without_works_of(shipped(), SENSITISED)) and e.source == MIR9}
    assert theirs
    assert theirs <= set(STATED)


def test_proposals_stand_on_edges_into_resistance():
    assert all(check.holds for check in proposals(knocked_out=False))
    assert not any(check.holds for check in proposals(knocked_out=True) if check.expected != "told, not judged")


def test_no_proposal_uses_an_edge_that_states_the_answer():
    assert not {edge.id for proposal in levers() for edge in proposal.chain} & set(STATED)
