"""Copies by donor and state: a share of all miRNA, times the fold of a state, for the donor that was looked at and no other."""

import functools

import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.mechanisms.entering.surface import Ligand, copies_of
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.model.signalling import edges_of_cell, evidence_targets
from vesicle.network.expressions import symbol
from vesicle.products.origin import Origin, natural_copies, natural_mirna, state_fold

MARROW, MIRNA = "bone marrow mesenchymal stem cell", "hsa-miR-15a-5p"


def site(library=None):
    return Site(library or shipped(), {}, {})


def value(where, expression):
    """A symbol expression at the nominal values."""
    return float(expression.subs({symbol(p.id): p.value for p in where.parameters.values()}))


def nominal(ask, library=None):
    where = site(library)
    return value(where, ask(where))


def test_copies_of_a_mirna_are_its_share_of_all_mirna_of_a_vesicle():
    """Of the same donor, so only the shares among the reads tell two miRNAs apart."""
    per = {name: nominal(lambda s, name=name: natural_mirna(s, name, Origin(MARROW))) for name in (MIRNA, "hsa-miR-100-5p")}
    shares = {m.label: m.value for m in shipped().of("mirna_share_of_ev") if m.cell == MARROW}
    assert per[MIRNA] / per["hsa-miR-100-5p"] == pytest.approx(shares[MIRNA] / shares["hsa-miR-100-5p"])


def test_donor_whose_mirna_nobody_counted_has_the_number_of_one_abundant_mirna():
    plain = nominal(lambda s: s.quantity("mirna_copies_per_ev", "copy/EV", product="exosome"))
    assert nominal(lambda s: natural_mirna(s, MIRNA, Origin("fibroblast"))) == pytest.approx(plain)
    assert nominal(lambda s: natural_mirna(s, MIRNA, Origin())) == pytest.approx(plain)


def test_protein_of_its_own_record_goes_before_its_class():
    own, other = (nominal(lambda s, name=name: natural_copies(s, name, "protein", Origin(MARROW))) for name in ("IL6", "no such protein"))
    assert own < other == nominal(lambda s: s.quantity("cargo_copies_per_ev", "copy/EV", product="exosome", label="protein"))


def test_state_multiplies_what_it_was_seen_to_change():
    where = site()
    fold = state_fold(where, MIRNA, Origin(MARROW, "tumour"))
    healthy, patient = (natural_mirna(where, MIRNA, Origin(MARROW, state)) for state in ("native", "tumour"))
    assert value(where, patient / healthy) == pytest.approx(value(where, fold))
    assert value(where, fold) < 1


def test_fold_of_one_donor_says_nothing_about_another():
    assert state_fold(site(), "IL6", Origin("fibroblast", "tumour")) == 1
    assert state_fold(site(), "IL6", Origin(MARROW, "hypoxia")) == 1
    assert state_fold(site(), "hsa-miR-100-5p", Origin(MARROW, "tumour")) == 1


def test_without_the_source_of_the_judged_experiment_no_sign_is_left_for_its_mirna():
    assert nominal(lambda s: state_fold(s, MIRNA, Origin(MARROW, "tumour")), shipped().without(experiment="D23")) == pytest.approx(1)


def test_what_vesicles_carry_does_not_depend_on_the_animal_that_gets_them():
    """Else a human donor's own record would count as borrowed in a mouse, and that of any engineered ligand would answer."""
    for ask in (lambda s: copies_of(s, Ligand("p", "WNT3A", MARROW)), lambda s: natural_mirna(s, MIRNA, Origin(MARROW, "tumour"))):
        mouse = Site(shipped(), {}, {"species": "mouse"})
        assert value(mouse, ask(mouse)) == nominal(ask)


def test_of_a_latent_ligand_only_the_active_share_counts_and_the_record_of_its_kind_of_donor_answers():
    """The record names a mesenchymal stem cell; a number for engineered ligands, which names no ligand, must not answer for one of the marrow."""
    where = site()
    found = value(where, copies_of(where, Ligand("p", "TGFB1", MARROW)))
    share = value(where, where.quantity("active_ligand_share", "1", label="TGFB1"))
    record = next(m for m in shipped().of("surface_ligand_copies_per_ev") if m.label == "TGFB1")
    assert found == pytest.approx(share * record.value)


@functools.cache
def delivered(arm):
    """(imposed miRNA per cell, receptors of IL-6 occupied per cell) after an hour, and the folds of the state."""
    changes = {
        "products.healthy_exosome.cargo.0.target": "CCND1", "products.patient_exosome.cargo.0.target": "CCND1", "recipients.myeloma.follows": (),
        "duration": "1 h", "observe_every": "1 h", "question.at": "1 h", "question.readout": "cells", "reports": (),
        "environment.layers": "5",
    }  # fmt: skip
    scenario = load("myeloma-msc-well", changes)
    kept = {arm: scenario.arms[arm].model_copy(update={"control": ""})}
    question = scenario.question.model_copy(update={"arm": arm, "control": arm})
    model = assemble(scenario.model_copy(update={"arms": kept, "question": question}), shipped())[arm]
    program, lean = compile_model(model, output_times(1.0, 1.0))
    parameters = model.network.parameters
    run = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
    folds = {p.id: p.value for p in parameters if p.id.startswith("state_cargo_fold")}
    return run.amount("cytosolic:hsa_miR_15a_5p")[-1], run.amount("occupied:IL6R")[-1], folds


def test_imposed_arrival_keeps_what_a_state_has_more_or_less_of():
    """Ten ligands among fifteen thousand receptors are all bound within a per cent, so that the occupied receptors are in the ratio of the fold."""
    mirna, bound, none = delivered("healthy_delivered")
    less, more, folds = delivered("patient_delivered")
    assert not none
    assert less / mirna == pytest.approx(next(v for k, v in folds.items() if "miR_15a" in k))
    assert more / bound == pytest.approx(next(v for k, v in folds.items() if "IL6" in k), rel=0.01)


def test_target_that_only_the_left_out_work_shows_is_left_out():
    targets = [evidence_targets(library, "hsa-miR-410-3p", ("proliferation",), "lung adenocarcinoma cell") for library in (shipped(), shipped().without(reference="X39"))]
    assert "PTEN" not in targets[1]
    assert {e.id for e in edges_of_cell(shipped())} - {e.id for e in edges_of_cell(shipped().without(reference="X60"))} >= {"E-0279", "E-0309"}
