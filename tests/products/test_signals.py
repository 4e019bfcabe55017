"""Sequences, DNA and claimed effects: what is read, what is refused."""

import math

import pytest

from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol
from vesicle.products.cargo import MessengerRNA, MicroRNA, Protein
from vesicle.products.claimed_effects import cargo_effects, is_same, state_effects
from vesicle.products.dna import DNA, fitting_share, left_after, length_of, located
from vesicle.products.sequences import ZIP_MIRNA, as_rna, has_motif, has_site, known, scrambled, sequence_of


@pytest.mark.parametrize(
    ("name", "sequence"), [("hsa-miR-21-5p", "UAGCUUAUCAGACUGAUGUUGA"), ("hsa-miR-210-3p", "CUGUGCGUGUGACAGCGGCUGA"), ("hsa-let-7a-5p", "UGAGGUAGUAGGUUGUAUAGUU")]
)
def test_shipped_sequences_are_those_of_mirbase(name, sequence):
    assert sequence_of(name) == sequence


def test_every_shipped_sequence_is_rna_of_the_length_of_a_mirna():
    assert all(set(s) <= set("ACGU") and 18 <= len(s) <= 24 for s in known().values())


def test_dna_letters_are_read_as_rna():
    assert as_rna("acgt") == "ACGU"


@pytest.mark.parametrize(("sequence", "found"), [("AAAAAAAAGGAG", True), ("AAAAAAAACCCU", True), ("GGAGAAAAAAAA", False), ("AAAAAAAAGGCU", False)])
def test_exo_motif_counts_beyond_the_seed(sequence, found):
    assert has_motif(sequence, "EXO motif") is found


def test_site_is_the_reverse_complement_of_the_seed():
    assert has_site("AAGGACUCCAA", ZIP_MIRNA)  # miR-1289: UGGAGUCC...
    assert not has_site("AAGGAGUCCAA", ZIP_MIRNA)


def test_scrambling_is_always_the_same():
    assert scrambled(sequence_of("hsa-miR-1246")) == scrambled(sequence_of("hsa-miR-1246"))


@pytest.mark.parametrize("wrong", [lambda: MicroRNA("x", "ACGX"), lambda: MicroRNA("x", "ACGU", tail="G"), lambda: MessengerRNA("m", 0.0), lambda: Protein("p", ubiquitinated=2.0),
                                   lambda: scrambled("AAAAAAAAAAAA")])  # fmt: skip
def test_what_cannot_be_read_is_refused(wrong):
    with pytest.raises(InputError):
        wrong()


@pytest.mark.parametrize("wrong", [lambda: MicroRNA("hsa-miR-22-3p"), lambda: DNA("x", "mitochondria")])
def test_unknown_sequence_or_form_is_refused_with_the_nearest(wrong):
    with pytest.raises(UnknownName, match="Did you mean"):
        wrong()


def test_dna_inside_and_outside_have_the_recorded_share():
    site = Site(shipped(), {})
    inside, outside = located(site, DNA("KRAS G12D"))
    values = {symbol(p.id): p.value for p in site.parameters.values()}
    a, b = (float(item.copies.xreplace(values)) for item in (inside, outside))
    assert b / (a + b) == pytest.approx(match(shipped(), "dna_outer_share", {"label": "genomic"}).records[0].value)


def test_longer_dna_fits_into_fewer_vesicles():
    assert 1 > fitting_share(shipped(), 1e3) > fitting_share(shipped(), 1e4) > fitting_share(shipped(), 1e5) > 0


def test_what_fills_the_recorded_room_of_a_median_vesicle_fits_into_half():
    """On the logarithm of diameters the median is the middle."""
    room = match(shipped(), "lumen_rna_capacity", {"product": "exosome"}).records[0].value
    assert fitting_share(shipped(), room / 2) == pytest.approx(0.5, abs=1e-9)


def test_dna_halves_in_its_half_life_and_sooner_when_cells_divide():
    half_life = match(shipped(), "dna_expression_half_life", {"label": "genomic"}).records[0].value
    assert left_after(shipped(), half_life) == pytest.approx(0.5, abs=1e-3)
    assert left_after(shipped(), half_life, growth=math.log(2) / half_life) == pytest.approx(0.25, abs=1e-3)


def test_length_is_measured_by_form_unless_given():
    assert length_of(shipped(), DNA("m", "mitochondrial")) == 16569
    assert length_of(shipped(), DNA("m", length=500.0)) == 500


@pytest.mark.parametrize(("claimed", "cargo", "same"), [("miR-365", "hsa-miR-365a-3p", True), ("hsa-miR-210-3p", "hsa-miR-210-3p", True), ("miR-21", "hsa-miR-210-3p", False)])
def test_claim_may_leave_out_species_arm_and_letter(claimed, cargo, same):
    assert is_same(claimed, cargo) is same


def test_less_of_a_cargo_has_the_opposite_sign():
    more, less = ({(e.phenotype, e.claim): e.sign for e in cargo_effects(shipped(), "hsa-miR-365a-3p", is_more=up)} for up in (True, False))
    assert more["drug_resistance(imatinib)", "C-0192"] == "+"
    assert less["drug_resistance(imatinib)", "C-0192"] == "-"


def test_doubted_claim_is_kept_and_marked():
    assert [(e.claim, e.is_doubted) for e in cargo_effects(shipped(), "hsa-miR-210-3p") if e.phenotype == "angiogenesis"] == [("C-0225", True)]


def test_state_of_a_donor_has_its_claims():
    assert ("angiogenesis", "+", "C-0011") in {(e.phenotype, e.sign, e.claim) for e in state_effects(shipped(), "mesenchymal stem cell", "hypoxia")}
