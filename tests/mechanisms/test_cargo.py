"""What each class of cargo does in a cell: balances, ends, and what undoes it."""

import functools

import numpy as np
import pytest

from vesicle.errors import SchemaError
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.mechanisms.acting.reach import Payload
from vesicle.model.cargo import ACTS, antagonists
from vesicle.model.scenario_file import load
from vesicle.products.composition import CARGO_TYPES
from vesicle.systems.well_runs import Wells

WELL = "cargo-well"


@functools.cache
def wells(changes=()):
    return Wells(WELL, shipped(), dict(changes))


def series(arm, observable, changes=()):
    return wells(changes).run(arm).amount(observable)


@functools.cache
def alone(arm, hours=400.0, changes=()):
    """An arm run on, far beyond its last arrival."""
    found = Wells(WELL, shipped(), {"duration": f"{hours} h", "observe_every": "20 h", **dict(changes)})
    return found.run(arm)


def test_every_cargo_type_of_a_product_has_a_mechanism():
    assert set(ACTS) == set(CARGO_TYPES)


def test_two_anti_mirnas_against_one_mirna_are_refused():
    twice = (Payload("a", "anti-miRNA", "m"), Payload("b", "anti-miRNA", "m"))
    with pytest.raises(SchemaError, match="same miRNA as 'a'"):
        antagonists(twice)


def test_anti_mirna_without_a_mirna_is_refused():
    with pytest.raises(SchemaError, match="names no miRNA"):
        antagonists((Payload("a", "anti-miRNA"),))


def test_own_mirna_holds_the_mrna_at_the_measured_level_when_nothing_is_given():
    assert series("vehicle", "mRNA:PTEN") == pytest.approx(1.0, abs=1e-9)


def test_anti_mirna_lifts_the_target_of_the_cells_own_mirna_and_no_other():
    assert np.all(np.diff(series("anti_mir21", "mRNA:PTEN")) > 0)
    assert series("anti_mir21", "mRNA:MTOR") == pytest.approx(1.0, abs=1e-9)


def test_anti_mirna_never_lifts_the_mrna_above_what_the_cell_makes_without_the_mirna():
    """m_u / m_0 = 1 + k_cat c / (a m_0), and k_cat c <= k_cat m_0 with k_cat = a R / (1 - R): at most 1 / (1 - R)."""
    most = match(shipped(), "mirna_max_repression", {}).records[0].value
    lifted = Wells(WELL, shipped(), {"parameters.cytosolic_release_fraction__exosome": "0.3"}).run("anti_mir21").amount("mRNA:PTEN")
    assert 1.005 < lifted[-1] < 1 / (1 - most)


def test_delivered_mrna_and_its_protein_end_after_the_last_arrival():
    assert alone("mrna").amount("cytosolic:PTEN_mRNA")[-1] < 0.05 * max(alone("mrna").amount("cytosolic:PTEN_mRNA"))


def test_dna_expression_is_transient_and_mitochondrial_dna_is_not_expressed():
    run = alone("dna", 1000.0)
    made = run.amount("made_protein:genomic_DNA")
    assert 0 < made[-1] < 0.1 * max(made)
    assert run.amount("nuclear:genomic_DNA")[-1] < 0.1 * max(run.amount("nuclear:genomic_DNA"))
    assert "made_protein:mitochondrial_DNA" not in run.program.observables


def test_protein_sits_in_the_cells_that_it_reached():
    share, mean, burst = (series("protein", name)[-1] for name in ("reached_cells:PTEN_protein", "cytosolic:PTEN_protein", "in_reached_cell:PTEN_protein"))
    assert share * burst == pytest.approx(mean, rel=1e-3)


@pytest.mark.parametrize("arm", ["mrna", "protein", "dna"])
def test_no_copies_have_no_effect(arm):
    name = {"mrna": "mrna_exosome", "protein": "protein_exosome", "dna": "dna_exosome"}[arm]
    key = {"mrna": "copies__PTEN_mRNA", "protein": "copies__PTEN_protein", "dna": "cargo_copies_per_ev__exosome__DNA"}[arm]
    seen = {"mrna": "made_protein:PTEN_mRNA", "protein": "cytosolic:PTEN_protein", "dna": "made_protein:genomic_DNA"}[arm]
    assert name in wells().scenario.products
    assert not np.any(series(arm, seen, ((f"parameters.{key}", "0 copy/EV"),)))


def test_a_stable_protein_is_there_as_vesicles_brought_it():
    """With a half-life of a million hours what is in the cytosol is ten copies for every release."""
    held = Wells(WELL, shipped(), {"parameters.protein_half_life__PTEN": "1e6 h"})
    run = held.run("protein")
    there = run.amount("cytosolic:PTEN_protein")[-1] * run.amount("cells")[-1]
    assert there == pytest.approx(10 * run.extent("released", "protein_exosome")[-1], rel=1e-3)


def test_load_of_scenario_names_the_cargo_types_when_one_is_wrong():
    with pytest.raises(SchemaError, match="Did you mean 'protein'"):
        load(WELL, {"products.protein_exosome.cargo.0.type": "proteine"})
