"""The benchmark of signs reads its oracles and counts as it says, on files made up here."""

import gzip
import importlib.util
import sys
from pathlib import Path

import pytest

from vesicle.evidence import shipped
from vesicle.evidence.priors.edges import Edge

FILE = Path(__file__).parents[2] / "verification" / "network_signs.py"
MODEL = """targets,factors
v_EGFR, v_EGFR
v_KRAS, v_EGFR
v_p21, !v_EGFR
v_Proliferation, v_KRAS & !v_p21
v_CASP3, v_AKT1 | !v_AKT1
v_Apoptosis, v_CASP3 & !v_AKT1
"""


@pytest.fixture(scope="module")
def signs():
    spec = importlib.util.spec_from_file_location("network_signs", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules["network_signs"] = module
    spec.loader.exec_module(module)
    yield module
    sys.modules.pop("network_signs", None)


@pytest.fixture(scope="module")
def model(signs):
    return signs.read_boolean(MODEL)


def test_gene_of_both_go_terms_has_no_sign(signs, tmp_path):
    path = tmp_path / "go.gmt.gz"
    with gzip.open(path, "wt") as stream:
        stream.write("Positive Regulation Of Cell Population Proliferation (GO:0008284)\t\tMYC\tKRAS\n")
        stream.write("Negative Regulation Of Cell Population Proliferation (GO:0008285)\t\tMYC\tPTEN\n")
    assert signs.go_signs(path) == {(("KRAS",), "proliferation"): 1, (("PTEN",), "proliferation"): -1}


def test_held_nodes_of_a_boolean_model_give_the_signs_of_its_rules(model):
    assert model.alone() == {
        (("EGFR",), "proliferation"): 1, (("KRAS",), "proliferation"): 1, (("CDKN1A",), "proliferation"): -1, (("CASP3",), "apoptosis"): 1, (("AKT1",), "apoptosis"): -1,
    }  # fmt: skip


def test_nodes_held_together_need_more_than_one_in_the_model(model):
    assert model.together([("KRAS", "CASP3", "SOX2")]) == {(("KRAS", "CASP3"), "proliferation"): 1, (("KRAS", "CASP3"), "apoptosis"): 1}
    assert model.together([("KRAS", "SOX2")]) == {}


def test_model_without_a_phenotype_is_none(signs):
    assert signs.read_boolean("targets,factors\nv_KRAS, v_EGFR\n") is None


def test_models_that_disagree_say_nothing(signs):
    key, other = (("KRAS",), "EMT"), (("MYC",), "EMT")
    assert signs.agreed([{key: 1, other: 1}, {key: -1, other: 1}]) == {other: 1}


def test_lowered_gene_that_raises_is_a_hit_when_the_network_falls_without_its_own_edge(signs):
    """PTEN has a way to apoptosis over AKT1; an oracle with the opposite sign makes the same call wrong."""
    key = (("PTEN",), "apoptosis")
    (right,), (other,) = (signs.asked(shipped(), {key: sign}, 20) for sign in (1, -1))
    assert (right.outcome, other.outcome) == ("hit", "wrong")
    assert len(right.chain.split(" -")) > 2  # more than its own edge


def test_gene_without_a_way_is_no_wrong_call(signs):
    silent = signs.asked_together(shipped(), {(("SMO", "SHH"), "proliferation"): 1}, 10)[0]
    assert silent.outcome == "no way"


def test_added_edge_makes_a_silent_gene_speak(signs):
    said = {"proliferation": [Edge("SMO", "proliferation", 1, "phenotype", "GO", "GO SMO")]}
    assert signs.asked_together(shipped(), {(("SMO",), "proliferation"): 1}, 10, said)[0].outcome == "hit"


def test_habit_is_counted_on_the_called_genes_only(signs):
    answers = [signs.Called((name,), "EMT", true, called, True) for name, true, called in (("A", 1, 1), ("B", 1, -1), ("C", -1, -1), ("D", -1, 0), ("E", -1, 0))]
    assert signs.row("EMT", answers) == "| EMT | 5 | 2 | 1 | 2 | 0 | 67 % | 67 % |"
