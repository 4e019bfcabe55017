"""Levels over draws: the engine's steady states, no sign without a way, and signs that only the wiring gives."""

from dataclasses import replace

import numpy as np
import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.evidence import shipped
from vesicle.evidence.priors.edges import Edge
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.silencing import mrna_at_rest_loss
from vesicle.mechanisms.signalling.circuit import Circuit, Signalling
from vesicle.model.assembled import Model, without_unused
from vesicle.model.signalling import VESSELS, edges_of_cell, wired
from vesicle.model.vessels import NODES
from vesicle.network.checks import check
from vesicle.network.types import Arm, Network, Part, Particle, Place, Rule
from vesicle.prediction import ensemble
from vesicle.prediction.ensemble import Levels, levels, silenced

LIBRARY = shipped()
CELL, FOLLOWED = "endothelial cell", ("angiogenesis", "migration", "HIF1A")
LEFT_OUT = [e.id for e in edges_of_cell(LIBRARY) if not {e.source, e.target} <= {
    "ITGA5", "STAT3", "VEGFA", "HIF1A", "AKT1", "MTOR", "PTK2", "SRC", "ITGB1", "KDR", "EMT", "TGFB1", *FOLLOWED}]  # fmt: skip
LONG = 20_000.0
"""Hours: some 400 times the longest time constant that is drawn here, so that a draw near a turning point has settled too."""


class Held(Signalling):
    """Signalling in cells that were all reached, whose changed genes are held."""

    def _reach(self, site):
        return Part(rules=(Rule("reached__any", "1", site.given("all", 1.0, "1")),))

    def _left(self, site, gene):
        return site.given(f"held__{gene}", site.settings["left"][gene], "1")


def by_engine(circuit, left, samples, seed):
    site = Site(LIBRARY, {"circuit": circuit, "left": left, "cells": "cells", "guides": (), "payloads": (), "genes": (), "cell_species": "human"})
    cells = Part(places=(Place("cells", "cells", site.given("number", 1.0, "cell"), "cell"),))
    network = Network("held", Arm("held")).with_part(cells).with_part(Held().contribute(site, Particle("none", "none")))
    network = without_unused(replace(network, parameters=tuple(site.parameters.values())))
    program, lean = compile_model(Model("held", network, check(network), ()), output_times(LONG, LONG / 2))
    matrix = draw_matrix(network.parameters, seed, samples)
    runs = [OdeEngine(STRICT_RTOL).run(program, values) for values in values_of(lean, network.parameters, matrix)]
    return {node: np.array([run.amount(f"level:{node}")[-1] for run in runs]) for node in circuit.speaking}


def test_levels_are_those_at_which_the_engine_comes_to_rest():
    """A circuit with loops, cut from the core; the engine's relative tolerance is 1e-8, and a level divides it by a resting activity of a tenth or more."""
    left = {"ITGA5": 0.6, "STAT3": 0.3, "VEGFA": 1e3}
    found = levels(LIBRARY, left, FOLLOWED, CELL, samples=4, seed=3, dropped=frozenset(LEFT_OUT))
    assert any(gate for gate in found.circuit.edges)
    expected = by_engine(found.circuit, left, [-1, 0, 1, 2, 3], 3)
    for node, course in expected.items():
        assert found.found[node] == pytest.approx(course, rel=1e-5)
        assert np.any(np.abs(course - 1) > 1e-3)


def test_nothing_moves_where_nothing_was_changed():
    found = levels(LIBRARY, {"ITGA5": 1.0, "STAT3": 1.0}, FOLLOWED, CELL, samples=10)
    for node in FOLLOWED:
        assert found.found[node] == pytest.approx(np.ones(11), abs=1e-9)
        assert found.sign_probability(node) == (0, 0)
        assert found.chain(node) is None


def one_way(monkeypatch, *signs):
    """A circuit of one chain A -> ... whose edges have these signs."""
    names = [f"N{i}" for i in range(len(signs) + 1)]
    edges = tuple(Edge(a, b, s, "activation", "core") for a, b, s in zip(names, names[1:], signs, strict=False))
    circuit = Circuit(edges, (names[-1],), (names[0],))
    monkeypatch.setattr(ensemble, "wired", lambda *_, **__: circuit)
    return names


@pytest.mark.parametrize("signs", [(1,), (-1,), (1, -1), (-1, -1), (-1, 1, -1, -1)])
@pytest.mark.parametrize("share", [0.0, 0.9, 1.1])
def test_one_way_alone_has_its_sign_in_every_draw(monkeypatch, signs, share):
    names = one_way(monkeypatch, *signs)
    found = levels(LIBRARY, {names[0]: share}, names[-1:], CELL, samples=50)
    expected = int(np.sign(share - 1) * np.prod(signs))
    assert found.sign(names[-1]) == expected
    assert found.sign_probability(names[-1])[expected < 0] == 1
    assert found.chain(names[-1]).sign == expected
    assert [e.target for e in found.chain(names[-1]).edges] == names[1:]


def test_more_loss_moves_further(monkeypatch):
    names = one_way(monkeypatch, 1, 1)
    ends = [levels(LIBRARY, {names[0]: share}, names[-1:], CELL, samples=20).draws(names[-1]) for share in (0.9, 0.5, 0.1)]
    assert np.all(ends[0] > ends[1])
    assert np.all(ends[1] > ends[2])


def test_sign_is_not_called_where_draws_disagree():
    draws = np.array([1.0, *[2.0] * 7, *[0.5] * 3])
    found = Levels(Circuit((), ("X",)), {}, {"X": draws})
    assert found.sign_probability("X") == pytest.approx((0.7, 0.3))
    assert found.sign("X") == 0
    assert found.sign("X", sure=0.7) == 1
    assert found.sign("X", sure=0.7, least=1.5) == 0


def test_draw_that_does_not_settle_counts_for_no_sign():
    found = Levels(Circuit((), ("X",)), {}, {"X": np.array([1.0, np.nan, 2.0, 2.0, 2.0])})
    assert found.sign_probability("X") == (0.75, 0)
    assert found.quantiles("X", (0.5,)) == (2.0,)


def test_half_of_what_a_mirna_can_take_needs_as_many_guides_as_its_law_says():
    """The law of tight binding on plain numbers, at the nominal values."""
    left = silenced(LIBRARY, ["hsa-miR-92a-3p"], FOLLOWED, CELL, copies=3e4, samples=1)
    site = ensemble.DrawnSite(LIBRARY, 1)
    most, mrna = (float(site.quantity(q, u, species="human", label="ITGA5")[0]) for q, u in (("mirna_max_repression", "1"), ("mrna_copies_per_cell", "copy/cell")))
    sites = float(site.quantity("competing_target_sites", "copy/cell", species="human")[0])
    affine = sites + float(site.quantity("mirna_target_dissociation", "copy/pL", species="human")[0] * site.quantity("cytosol_volume", "pL", species="human")[0])
    assert 1 - left["ITGA5"][0] == pytest.approx(float(mrna_at_rest_loss(np.array(3e4), mrna, affine, 1 - most, most)))
    everything = silenced(LIBRARY, ["hsa-miR-92a-3p"], FOLLOWED, CELL, samples=1)
    assert everything["ITGA5"][0] == pytest.approx(1 - most)
    assert np.all(everything["ITGA5"] < left["ITGA5"])


def test_no_copies_leave_everything():
    for share in silenced(LIBRARY, ["hsa-miR-92a-3p"], FOLLOWED, CELL, copies=0.0, samples=5).values():
        assert share == pytest.approx(np.ones(6))


def test_of_two_mirnas_on_one_target_the_losses_add_up():
    """Losses per time against the same turnover: 1/l - 1 adds."""
    names = ["hsa-miR-16-5p", "hsa-miR-15a-5p"]
    one, two, both = (silenced(LIBRARY, cargo, ("proliferation",), "", samples=3) for cargo in (names[:1], names[1:], names))
    shared = set(one) & set(two)
    assert shared
    for gene in shared:
        assert 1 / both[gene] - 1 == pytest.approx(1 / one[gene] + 1 / two[gene] - 2)


def test_work_that_is_left_out_takes_its_edges_with_it():
    key = next(r.key for r in LIBRARY.references if any({r.pmid} == set(e.pmids) for e in edges_of_cell(LIBRARY)))
    gone = next(r.pmid for r in LIBRARY.references if r.key == key)
    edge = next(e for e in edges_of_cell(LIBRARY) if set(e.pmids) == {gone})
    follows = (edge.target,)
    with_it, without = (levels(LIBRARY, {edge.source: 0.5}, follows, "", samples=1, excluded_references=left) for left in ((), (key,)))
    assert edge in with_it.circuit.edges
    assert edge not in without.circuit.edges


def test_vessel_circuit_holds_nothing_that_the_chapter_computes_and_ends_at_what_is_secreted():
    nodes = NODES["endothelium"]
    gone = {(e.source, e.target) for e in wired(LIBRARY, CELL, ("HIF1A", "VEGFA", "KDR"), nodes, edges_of_cell(LIBRARY, VESSELS)).edges}
    assert gone
    assert not gone & VESSELS.edges
    assert not any(source in VESSELS.outside for source, _ in gone)
    everything = {(e.source, e.target) for e in wired(LIBRARY, CELL, ("HIF1A", "VEGFA", "KDR"), nodes, edges_of_cell(LIBRARY)).edges}
    assert everything & VESSELS.edges
    assert any(source == "VEGFA" for source, _ in everything)


def test_every_target_loses_a_share_of_its_own():
    """What a miRNA takes depends on the site: the same at the medians, independent between targets in the draws."""
    left = silenced(LIBRARY, ["hsa-miR-92a-3p"], FOLLOWED, CELL, samples=50)
    one, other = list(left.values())[:2]
    assert one[0] == other[0]
    assert abs(np.corrcoef(one[1:], other[1:])[0, 1]) < 0.5  # 50 independent draws are below 0.28 in 95 of 100


def test_further_edges_are_taken_and_dropped_ones_are_not():
    edge = Edge("GATA1", "angiogenesis", 1, "phenotype", "made up", "X-1")
    assert levels(LIBRARY, {"GATA1": 0.5}, ("angiogenesis",), "any cell", samples=5, added=(edge,)).sign("angiogenesis") == -1
