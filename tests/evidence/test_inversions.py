"""Levers on a phenotype: products of signs along chains, what is against them, what is left out."""

import pytest

from vesicle.evidence.priors.edges import Edge, core, core_nodes
from vesicle.evidence.priors.inversions import effect, inversions

KINDS = {"M": "miRNA", "G": "gene", "H": "gene", "C": "chemical", "P": "phenotype"}


def edge(source, target, sign, name, status="found", pmids=()):
    return Edge(source, target, sign, "test", "core", name, pmids=pmids, status=status)


CHAIN = [edge("M", "G", -1, "E-1", pmids=("1",)), edge("G", "P", +1, "E-2", pmids=("2", "1"))]


def found(edges, longest=3, without=()):
    return {(p.act, p.lever): p for p in inversions(edges, ["P"], KINDS, longest, without)}


def test_what_raises_a_phenotype_is_to_be_lowered_and_what_lowers_it_to_be_given():
    assert set(found(CHAIN)) == {("inhibitor or siRNA", "G"), ("miRNA mimic", "M")}


def test_double_negation_asks_for_the_anti_mirna():
    assert ("anti-miRNA", "M") in found([edge("M", "G", -1, "E-1"), edge("G", "P", -1, "E-2")])


def test_chains_that_disagree_are_both_told():
    both = found([*CHAIN, edge("M", "H", +1, "E-3"), edge("H", "P", +1, "E-4")])
    assert [tuple(e.id for e in chain) for chain in both["anti-miRNA", "M"].against] == [("E-1", "E-2")]
    assert [tuple(e.id for e in chain) for chain in both["miRNA mimic", "M"].against] == [("E-3", "E-4")]


def test_edge_that_was_tested_without_effect_says_nothing():
    assert found([edge("G", "P", 0, "E-1")]) == {}


def test_edge_that_states_the_answer_can_be_left_out():
    assert found([*CHAIN, edge("M", "P", +1, "E-9")], without=("E-9",)).keys() == found(CHAIN).keys()


def test_chain_is_no_longer_than_asked():
    assert set(found(CHAIN, longest=1)) == {("inhibitor or siRNA", "G")}


def test_circle_ends():
    circle = [edge("G", "H", +1, "E-1"), edge("H", "G", +1, "E-2"), edge("G", "P", +1, "E-3")]
    assert max(len(p.chain) for p in found(circle, longest=9).values()) == 2


def test_citations_are_those_of_the_chain_each_once():
    proposal = found(CHAIN)["miRNA mimic", "M"]
    assert proposal.pmids == ("1", "2")
    assert proposal.is_seen
    assert not found([edge("G", "P", +1, "E-2", status="recalled")])["inhibitor or siRNA", "G"].is_seen


@pytest.mark.parametrize("target", ["drug_resistance", "dormancy", "drug_resistance(temozolomide)"])
def test_every_proposal_of_the_core_lowers_its_target_by_the_signs_on_its_chain(target):
    kinds = {name: node.kind for name, node in core_nodes().items()}
    for proposal in inversions(core(), [target], kinds):
        raised = proposal.act in ("miRNA mimic", "mRNA or protein", "give")
        assert effect(proposal.chain) * (1 if raised else -1) == -1
        assert all(effect(chain) == -effect(proposal.chain) for chain in proposal.against)
        assert [e.target for e in proposal.chain] == [*(e.source for e in proposal.chain[1:]), target]
