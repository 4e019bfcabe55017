"""Signs by the shortest way through the core, without what is to be found."""

import pytest
import sympy

from vesicle.evidence import shipped
from vesicle.evidence.priors.edges import Edge
from vesicle.evidence.site import Site
from vesicle.mechanisms.phenotype.vessels.cells import REPLACED, SECRETED
from vesicle.model.cargo_levels import Influence, engaged_share, holds, level_of, levels_from_cargo
from vesicle.network.expressions import symbol


def signs(cargo, kind, *nodes):
    return {node: one.sign for node, one in levels_from_cargo(shipped(), [cargo], kind, nodes).items()}


def test_target_of_endothelium_is_no_target_in_a_tumour_cell():
    assert signs("hsa-miR-125a-5p", "endothelium", "DLL4") == {"DLL4": -1}
    assert signs("hsa-miR-125a-5p", "tumour", "DLL4") == {}


def test_loss_of_what_inhibits_raises():
    assert signs("hsa-miR-210-3p", "endothelium", "angiogenesis") == {"angiogenesis": +1}


@pytest.mark.parametrize("kind", ["tumour", "endothelium"])
def test_no_way_begs_the_question_or_counts_twice(kind):
    nodes = ("VEGFA", "KDR", "DLL4", "NOTCH1", "angiogenesis", "migration", "invasion", "metastasis", "proliferation", "vascular_permeability", "HIF1A")
    cargo = ("hsa-miR-16-5p", "hsa-miR-100-5p", "hsa-miR-92a-3p", "hsa-miR-31-5p", "hsa-miR-135b-5p", "hsa-miR-125a-5p", "hsa-miR-105-5p")
    ways = [one.way for name in cargo for one in levels_from_cargo(shipped(), [name], kind, nodes).values()]
    assert ways
    for way in ways:
        assert way[0].kind == "mirna_target"
        assert not any(edge.kind == "phenotype" and edge.source.startswith("hsa-") for edge in way)
        assert not any((edge.source, edge.target) in REPLACED or edge.source in SECRETED for edge in way)


def test_works_that_are_left_out_take_their_edges_with_them():
    found = levels_from_cargo(shipped(), ["hsa-miR-31-5p"], "tumour", ["HIF1AN"])["HIF1AN"].way
    assert len(found) == 1
    assert found[0].pmids
    again = levels_from_cargo(shipped(), ["hsa-miR-31-5p"], "tumour", ["HIF1AN"], frozenset(found[0].pmids)).get("HIF1AN")
    assert again is None or found[0] not in again.way


@pytest.mark.parametrize(("context", "kind", "expected"), [
    ("", "tumour", True), ("endothelial cell", "tumour", False), ("endothelial cell; hypoxia", "endothelium", True), ("hypoxia", "tumour", True),
    ("breast cancer cell", "tumour", True), ("macrophage", "endothelium", False), ("endothelial cell; breast cancer cell", "tumour", True),
])  # fmt: skip
def test_edge_holds_where_its_context_says(context, kind, expected):
    assert holds(Edge("A", "B", 1, "activation", "core", context=context), kind) is expected


@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize("length", [1, 2, 4])
def test_each_edge_hands_on_its_share_of_the_logarithm(sign, length):
    site = Site(shipped(), {})
    edge = Edge("A", "B", 1, "activation", "core")
    level = level_of(site, Influence(sign, (edge,) * length), 0.5)
    values = {p.id: p.value for p in site.parameters.values()}
    left = 1 - values["mirna_max_repression"] * 0.5
    assert float(level.xreplace({symbol(k): sympy.Float(v) for k, v in values.items()})) == pytest.approx(left ** (-sign * values["signal_passed_share"] ** (length - 1)))


def test_half_of_the_targets_are_held_at_as_many_copies_as_there_are_competing_sites():
    """n/(n + K V + S): with K of tens of pM in a few pL, K V is below a hundredth of S."""
    half = 1 / engaged_share(shipped(), 1.0) - 1
    assert engaged_share(shipped(), half) == pytest.approx(0.5)
    assert engaged_share(shipped(), 0.0) == 0.0
