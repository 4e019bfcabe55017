"""Payloads: what is read from claims, what is flagged, and what the core may say."""

from dataclasses import replace

import pytest

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.priors.edges import core, core_nodes, shown_by_claims
from vesicle.products.payloads import Entry, by_core, entries, helps, payload


def test_cargo_that_helps_tumours_is_unsafe_and_its_antagonist_is_suggested():
    found = payload(shipped(), "hsa-miR-410-3p")
    assert (found.is_unsafe, found.suggestion) == (True, "anti-hsa-miR-410-3p")


def test_payload_for_and_against_is_not_unsafe_as_such_and_the_disease_decides():
    found = payload(shipped(), "hsa-miR-222-3p")
    assert not found.is_unsafe
    assert found.harms_in("breast cancer")
    assert not found.harms_in("acute myeloid leukemia")


def test_anti_mirna_has_the_claims_of_its_mirna_with_the_other_sign():
    mirna, anti = payload(shipped(), "hsa-miR-222-3p"), payload(shipped(), "anti-miR-222")
    assert {f.claim for f in mirna.indications} <= {f.claim for f in anti.harms}


def test_sirna_lowers_its_gene_and_has_not_its_identifier():
    found = payload(shipped(), "KRAS G12D siRNA")
    assert found.targets["KRAS"][0] == -1
    assert found.curie != core_nodes()["KRAS"].curie


def test_without_claims_nothing_is_indicated_or_flagged():
    found = payload(replace(shipped(), claims=()), "hsa-miR-410-3p")
    assert (found.indications, found.harms, found.evidence) == ((), (), "none")


def test_every_claim_doubted_is_evidence_doubted():
    assert payload(shipped(), "hsa-miR-15a-5p").evidence == "doubted"


def test_synonym_finds_the_payload():
    assert payload(shipped(), "TRAIL").entry.name == "TNFSF10"


def test_unknown_payload_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="hsa-miR-410-3p"):
        payload(shipped(), "hsa-miR-411-3p")


def test_edge_from_a_mirna_to_a_phenotype_is_never_a_chain():
    stated = {e.source for e in core() if e.source == "hsa-miR-410-3p" and e.target == "tumor_growth"}
    assert stated
    assert not any(chain == "hsa-miR-410-3p + tumor_growth" for chain in by_core(entries()["hsa-miR-410-3p"])[1])


def test_chain_over_an_edge_that_a_claim_alone_shows_is_left_out():
    assert shown_by_claims()["C-0066"]
    assert len(by_core(entries()["hsa-miR-410-3p"], ["C-0066"])[1]) < len(by_core(entries()["hsa-miR-410-3p"])[1])


def test_an_inhibitor_has_the_opposite_score_of_its_node():
    assert by_core(Entry("a", "siRNA", "", "KRAS", -1, ""))[0] == -by_core(Entry("b", "mRNA", "", "KRAS", 1, ""))[0]


@pytest.mark.parametrize(
    ("signed", "side"), [([("apoptosis", "+")], -1), ([("drug_resistance(imatinib)", "+")], 1), ([("tumor_growth", "0")], 0), ([("tumor_growth", "+"), ("apoptosis", "+")], 0)]
)
def test_side_of_signed_phenotypes(signed, side):
    assert helps(signed) == side
