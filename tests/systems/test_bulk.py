"""Compositions: what is named, what was measured, and what stays unknown."""

import pytest

from vesicle.errors import ModelError
from vesicle.evidence import shipped
from vesicle.products.bulk import Constituent, composition, copies, has_known_copies, totals


def named(name, kind="protein"):
    return Constituent(kind, name, "", "", ("C-0455",))


def test_copies_of_a_tetraspanin_are_measured():
    assert {m.quantity for m in copies(shipped(), named("CD63"))} == {"tetraspanin_copies_per_ev"}


def test_copies_that_nobody_measured_are_an_error_that_names_totals():
    with pytest.raises(ModelError, match="HSPD1 per vesicle are unknown.*totals of databases are no copies"):
        copies(shipped(), named("HSPD1"))


def test_printed_totals_are_kept_with_their_claim():
    assert {(t.kind, t.number) for t in totals(shipped()) if t.claim == "C-0013"} == {("protein", 92897), ("lipid", 584), ("miRNA", 4934), ("mRNA", 27642)}


def test_no_total_is_a_number_of_copies():
    numbers = {t.number for t in totals(shipped())}
    measured = {m.value for c in composition(shipped()) if has_known_copies(shipped(), c) for m in copies(shipped(), c)}
    assert not numbers & measured


def test_composition_of_a_donor_holds_that_of_exosomes_in_general():
    general = {(c.kind, c.name) for c in composition(shipped())}
    assert general < {(c.kind, c.name) for c in composition(shipped(), "mesenchymal stem cell")}


def test_doubted_claim_puts_nothing_into_a_composition():
    doubted = {c.id for c in shipped().claims if c.mismatch_kind not in ("none", "unchecked")}
    assert not doubted & {claim for c in composition(shipped(), "K-562") for claim in c.claims}
