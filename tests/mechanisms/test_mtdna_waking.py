"""Mitochondrial genomes wake dormant cells: who gets one is counted, replication is logistic, cells are conserved."""

import math

import pytest

from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.model.dormant import CELLS
from vesicle.systems.b4_dna import waking


def value(quantity):
    return match(shipped(), quantity, {}).records[0].value


@pytest.mark.parametrize("genomes", [0.0, 1.0, 1e3])
def test_cells_are_conserved(genomes):
    run = waking(shipped(), genomes, 720.0)
    assert run.amount("awake") + run.amount("dormant") == pytest.approx(CELLS, rel=1e-9)


def test_share_of_cells_that_ever_wake_is_that_with_at_least_one_genome():
    """After three months the rest of those with a genome is below exp(-k t)."""
    run = waking(shipped(), 10.0, 2160.0)
    assert run.amount("awake")[-1] / CELLS == pytest.approx(1 - math.exp(-10.0 * value("mtdna_establishment_share")), rel=1e-6)


@pytest.mark.parametrize("hours", [180.0, 300.0, 420.0])
def test_respiration_follows_the_logistic_growth_of_genomes(hours):
    """dG/dt = r G (1 - x0 - G/M) has the closed form G = K/(1 + (K - 1) exp(-r (1 - x0) t)), K = M (1 - x0)."""
    left, most, rate = value("dormant_mtdna_share"), value("mtdna_copies_per_cell"), math.log(2) / value("mtdna_doubling_time")
    top = most * (1 - left)
    share = left + top / (1 + (top - 1) * math.exp(-rate * (1 - left) * hours)) / most
    expected = 1 / (1 + (value("oxphos_threshold") / share) ** value("oxphos_steepness"))
    assert waking(shipped(), 1e3, hours).amount("respiration")[-1] == pytest.approx(expected, rel=1e-6)


def test_no_cell_wakes_before_its_genomes_have_multiplied():
    assert waking(shipped(), 1e6, 48.0).amount("awake")[-1] / CELLS < 1e-3
