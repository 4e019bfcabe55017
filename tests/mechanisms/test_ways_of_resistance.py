"""Proteins that set thresholds: at rest nothing moves; closed forms of messenger and protein; the shift."""

import numpy as np
import pytest
from free_drugs import free, model_of, run, site_for, value

from vesicle.mechanisms.drug.kill import Kill
from vesicle.mechanisms.drug.pharmacokinetics import FreeDrugInWell
from vesicle.mechanisms.drug.resistance import ProteinTurnover, Thresholds, blocking, resisting
from vesicle.network.types import Part, Rule

CLOSE = 1e-7
ALL = [FreeDrugInWell(), ProteinTurnover(), Thresholds(), Kill()]


def cells(*drugs, doses=(), parts=(), **settings):
    given = tuple(free(name, "well") for name in drugs)
    site = site_for(*given, species="", area_um2=1e8, thicknesses=(1e4,), ic50_shifts=tuple(d.id for d in given if resisting(site_for(), d)), **settings)
    return model_of(site, ALL, doses, parts)


def fallen(model, gene, left, times):
    """P after the demand fell from 1 to ``left`` at time 0: two exponentials in a row (with equal half-lives their limit)."""
    fast, slow = (np.log(2) / value(model, f"{name}__{gene}") for name in ("mrna_half_life", "protein_half_life"))
    if fast == slow:
        return left + (1 - left) * (1 + fast * times) * np.exp(-fast * times)
    return left + (1 - left) * (fast * np.exp(-slow * times) - slow * np.exp(-fast * times)) / (fast - slow)


def test_without_a_change_of_demand_every_level_stays_at_one():
    (found,) = run(cells("TRAIL", turnover=("CFLAR", "MCL1")), 500.0, 50.0)
    assert found.amount("threshold_protein:MCL1") == pytest.approx(1, abs=1e-12)
    assert found.amount("ic50_shift:TRAIL") == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("gene", ["CFLAR", "MCL1"])
def test_protein_follows_a_block_of_transcription_as_two_exponentials(gene):
    """SNS-032 at nine times its half-block leaves a tenth."""
    model = cells("TRAIL", "SNS-032", turnover=("CFLAR", "MCL1"), doses=[(0.0, "dosed__SNS_032__medium", 0.9, "nmol")])
    (found,) = run(model, 24.0, 1.0)
    left = 1 / (1 + 0.9 / value(model, "transcription_half_block__SNS_032"))
    assert found.amount(f"threshold_protein:{gene}") == pytest.approx(fallen(model, gene, left, found.times), rel=1e-6)


def test_protein_follows_the_level_of_its_node_with_its_own_half_life_alone():
    """A rule of the signalling network holds ABCB1 at 0.2. Its gate lags as a messenger does already, so no second messenger stands between: one exponential."""
    rule = Part(rules=(Rule("level__ABCB1", "1", site_for().given("node", 0.2, "1")),))
    given = free("temozolomide", "well")
    site = site_for(given, species="", area_um2=1e8, thicknesses=(1e4,), ic50_shifts=("temozolomide",), turnover=("ABCB1",), nodes=("ABCB1",))
    site.given("node", 0.2, "1")
    model = model_of(site, ALL, [], [rule])
    (found,) = run(model, 400.0, 20.0)
    half = value(model, "protein_half_life__ABCB1")
    assert found.amount("threshold_protein:ABCB1") == pytest.approx(0.2 + 0.8 * 2 ** (-found.times / half), rel=1e-6)


def test_shift_is_one_less_the_share_of_what_is_gone_for_each_protein():
    model = cells("TRAIL", "SNS-032", turnover=("CFLAR", "MCL1"), doses=[(0.0, "dosed__SNS_032__medium", 0.9, "nmol")])
    (found,) = run(model, 24.0, 3.0)
    expected = 1.0
    for gene in ("CFLAR", "MCL1"):
        expected = expected * (1 - value(model, f"resistance_share__{gene}_TRAIL") * (1 - found.amount(f"threshold_protein:{gene}")))
    assert found.amount("ic50_shift:TRAIL") == pytest.approx(expected, rel=1e-9)


def test_protein_whose_gene_nothing_moves_stays_out_of_the_shift():
    (found,) = run(cells("temozolomide"), 10.0, 10.0)
    assert found.amount("ic50_shift:temozolomide") == pytest.approx(1, abs=0)


def test_drug_that_blocks_nothing_is_no_blocker():
    assert blocking(site_for(free("TRAIL"))) == ()
    assert [d.name for d in blocking(site_for(free("TRAIL"), free("SNS-032")))] == ["SNS-032"]


def test_only_recorded_pairs_resist():
    assert resisting(site_for(), free("TRAIL")) == ("CFLAR", "MCL1")
    assert resisting(site_for(), free("carboplatin")) == ()
