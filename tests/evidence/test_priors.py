"""Prior networks: signs corrected where a work shows it, negatives kept apart, and nothing that the user did not allow."""

import pytest
from tables import put

from vesicle import api
from vesicle.errors import SchemaError, UnknownName, UnsupportedFeature
from vesicle.evidence.genes import approved
from vesicle.evidence.names import resolve
from vesicle.evidence.priors import core, edges, edges_of, expression_in, network, recipient, regulon, stands_for, targets_of
from vesicle.evidence.priors.circuits import signalling
from vesicle.evidence.priors.edges import AT_RECEPTOR, CORE_COLUMNS, core_nodes, corrections
from vesicle.evidence.priors.expression import recipients
from vesicle.evidence.sources import PERMISSIVE_ONLY

EDGE = ("source", "sign", "target")
PAIR = ("miRNA", "Target Gene", "Support Type", "Experiments", "References (PMID)")
MIRNAS = sorted(name for name, node in core_nodes().items() if node.kind == "miRNA")
NEGATIVES = [edge for edge in core() if edge.kind == "not_functional"]
ABSENT = sorted(name for name, found in recipients().items() if found.match == "absent")
PRESENT = sorted(recipients().keys() - set(ABSENT))


def between(source: str, target: str, origin: str) -> list:
    """Edges of a pair in one table."""
    return [edge for edge in edges_of(source) if (edge.target, edge.origin) == (target, origin)]


def listed(mirna: str, target: str) -> set[str]:
    """In which lists a pair stands."""
    return {kind for kind, found in targets_of(mirna).items() if target in {one.target for one in found}}


def test_wrong_sign_of_an_imported_table_comes_out_corrected_with_note_and_reference(home, tmp_path):
    put("omnipath", tmp_path / "omnipath.tsv", EDGE, ("SOCS1", "1", "JAK1"))
    (edge,) = between("SOCS1", "JAK1", "omnipath")
    assert edge.sign == -1
    assert edge.note.startswith("sign corrected from + (omnipath) to -: direct kinase inhibitor")
    assert "(doi:10.1038/s41467-018-04013-1)" in edge.note


@pytest.mark.parametrize(
    ("table", "source", "target", "sign"),
    [
        pytest.param("omnipath", "SOCS1", "JAK1", -1, id="sign that is right"),
        pytest.param("kegg", "SOCS1", "JAK1", 1, id="table that the correction does not name"),
        pytest.param("collectri", "SMAD3", "IL2", 1, id="correction without a reference"),
    ],
)
def test_sign_stays_as_the_table_has_it(home, tmp_path, table, source, target, sign):
    put(table, tmp_path / "table.tsv", EDGE, (source, str(sign), target))
    assert [(edge.sign, edge.note) for edge in between(source, target, table)] == [(sign, "")]


def test_correction_turns_the_sign_around_and_names_a_work():
    assert len(corrections()) > 50
    assert [key for key, (right, note) in corrections().items() if right != -key[3] or not ("(PMID:" in note or "(doi:10." in note)] == []


def test_core_has_the_sign_that_a_correction_gives():
    signs = {(edge.source, edge.target): edge.sign for edge in core()}
    assert [key for key, (right, _) in corrections().items() if signs.get(key[:2], right) != right] == []


def test_shipped_table_is_corrected_too():
    assert [edge.sign for edge in between("TP53", "PTEN", "dorothea")] == [1]


def test_tables_that_disagree_stay_two_edges(home, tmp_path):
    put("kegg", tmp_path / "kegg.tsv", EDGE, ("SOCS1", "1", "JAK1"))
    assert [(edge.origin, edge.sign) for edge in edges_of("SOCS1") if edge.target == "JAK1"] == [("core", -1), ("kegg", 1)]


@pytest.mark.parametrize(("written", "name"), [("p53", "TP53"), ("miRNA-21", "hsa-miR-21-5p"), ("let7a", "hsa-let-7a-5p"), ("hsa-mir-21", "hsa-miR-21-5p")])
def test_edges_are_found_by_any_style_of_a_name(written, name):
    assert edges_of(written) == edges_of(name) != []


@pytest.mark.parametrize(("name", "gene"), [("ROS", "ROS1"), ("AMP", "MFAP1"), ("cAMP", "CAMP")])
def test_node_of_the_core_goes_before_a_gene_of_that_name(name, gene):
    assert approved(name) == gene
    found = edges_of(name)
    assert found
    assert all(name in (edge.source, edge.target) for edge in found)


def test_network_of_some_kinds_holds_these_alone():
    assert {edge.kind for edge in network(("phenotype", "complex"))} == {"phenotype", "complex"}


def test_unknown_sign_in_the_core_is_refused_at_its_line(tmp_path, monkeypatch):
    (tmp_path / "core_edges.tsv").write_text("\t".join(CORE_COLUMNS) + "\n" + "\t".join(("E-0001", "A", "B", "?", *[""] * 7)) + "\n")
    monkeypatch.setattr(edges, "RECORDS", tmp_path)
    with pytest.raises(SchemaError, match=r"core_edges\.tsv:2: column 'sign': '\?' is no sign"):
        core.__wrapped__()


def test_regulon_is_what_the_factor_itself_transcribes_in_core_and_tables():
    found = regulon("p53")
    assert {(edge.source, edge.kind) for edge in found} == {("TP53", "transcription")}
    assert {edge.origin for edge in found} == {"core", "dorothea"}
    assert ("CDKN1A", 1) in {(edge.target, edge.sign) for edge in found}


def test_tested_negatives_are_never_among_the_functional_targets():
    assert [(name, target) for name in MIRNAS for target in targets_of(name)["targets"] if target.functional == "no"] == []


@pytest.mark.parametrize("edge", NEGATIVES, ids=lambda edge: edge.id)
def test_tested_negative_of_the_core_is_listed_as_one(edge):
    assert listed(edge.source, edge.target) == {"tested_negatives"}


@pytest.mark.parametrize(
    ("mirna", "target", "support", "lists"),
    [
        pytest.param("miR-21", "PTEN", "Non-Functional MTI", {"targets", "tested_negatives", "contradicted"}, id="confirmed pair that a table denies"),
        pytest.param("hsa-miR-31-5p", "YY1", "Functional MTI", {"targets", "tested_negatives", "contradicted"}, id="negative that a table confirms"),
        pytest.param("hsa-miR-31-5p", "YY1", "", {"targets", "tested_negatives"}, id="negative in a table that cannot tell"),
        pytest.param("miR-21", "TP53", "Non-Functional MTI", {"tested_negatives"}, id="negative that nobody confirms"),
    ],
)
def test_contradicted_pair_stands_in_both_lists(home, tmp_path, mirna, target, support, lists):
    put("mirtarbase", tmp_path / "pairs.tsv", PAIR, (mirna, target, support, "Luciferase reporter assay" if support else "", "12345"))
    assert listed(mirna, target) == lists


def test_targets_come_strongest_first_and_predictions_last(home, tmp_path):
    put("mirtarbase", tmp_path / "pairs.tsv", PAIR, ("miR-21", "AAAS", "Functional MTI (Weak)", "CLIP-Seq", "1"), ("miR-21", "AACS", "Functional MTI", "Western blot", "2"))
    put("targetscan", tmp_path / "sites.tsv", ("mirna", "target_symbol", "n_sites"), ("hsa-miR-21-5p", "A1CF", "2"))
    found = {target.target: target.evidence for target in targets_of("miR-21")["targets"]}
    assert [name for name in found if name in ("AAAS", "AACS", "A1CF")] == ["AACS", "AAAS", "A1CF"]
    assert [found[name] for name in ("AACS", "AAAS", "A1CF")] == ["strong", "weak", "predicted"]


def test_prediction_is_no_experiment(home, tmp_path):
    put("targetscan", tmp_path / "sites.tsv", ("mirna", "target_symbol", "n_sites"), ("hsa-miR-21-5p", "A1CF", "2"))
    assert [(t.functional, t.sites) for t in targets_of("miR-21")["targets"] if t.target == "A1CF"] == [("unknown", 2)]


def test_ambiguous_mirna_has_no_targets_but_candidates():
    with pytest.raises(UnknownName, match="ambiguous"):
        targets_of("miR-146")


def test_permissive_only_leaves_the_core_in_and_other_tables_out(home, tmp_path, monkeypatch):
    put("omnipath", tmp_path / "omnipath.tsv", EDGE, ("SOCS1", "1", "JAK1"))
    assert {edge.origin for edge in network()} == {"core", "dorothea", "omnipath"}
    monkeypatch.setenv(PERMISSIVE_ONLY, "1")
    assert network() == list(core())


@pytest.mark.parametrize(("ask", "name"), [(expression_in, "T cell"), (resolve, "miR-21"), (targets_of, "miR-21")])
def test_permissive_only_refuses_what_rests_on_copyleft_tables_and_says_so(monkeypatch, ask, name):
    monkeypatch.setenv(PERMISSIVE_ONLY, "1")
    with pytest.raises(UnsupportedFeature, match=r"[Aa]llow copyleft tables"):
        ask(name)


@pytest.mark.parametrize("name", ABSENT)
def test_absent_recipient_gives_no_values_but_the_reason(name):
    found = api.evidence_expression(name, ("TP53",))
    assert (found["match"], found["genes"], found["expression"]) == ("absent", 0, {"TP53": None})
    assert found["note"]


@pytest.mark.parametrize("name", PRESENT)
def test_recipient_with_a_sample_has_values_of_most_genes(name):
    found = expression_in(name)
    assert len(found) > 15_000
    assert min(found.values()) >= 0


@pytest.mark.parametrize("written", ["t CELL", "T cell [CL:0000084]"])
def test_recipient_is_found_in_any_capitals_and_with_its_identifier(written):
    assert recipient(written).name == "T cell"


@pytest.mark.parametrize(("ask", "name", "hint"), [(recipient, "HepG3", "Did you mean 'HepG2'"), (expression_in, "HepG3", "Did you mean 'HepG2'"), (expression_in, "", "Known: ")])
def test_unknown_recipient_is_refused_with_the_nearest(ask, name, hint):
    with pytest.raises(UnknownName, match=hint):
        ask(name)


def test_imported_expression_goes_before_the_shipped(home, tmp_path):
    put("hpa", tmp_path / "mine.tsv", ("Gene", "Gene name", "Tissue", "NX"), ("ENSG00000141510", "TP53", "liver", "1.5"))
    assert expression_in("liver") == {"TP53": 1.5}


@pytest.mark.parametrize(("name", "said"), [("SOCS11", "SOCS1"), ("miR-146", "hsa-miR-146b-5p")])
def test_node_that_nobody_knows_or_several_things_is_refused(name, said):
    with pytest.raises(UnknownName, match=said):
        edges_of(name)


def test_sample_stands_for_itself():
    assert stands_for("K-562").match == "exact"


def test_ligase_that_a_receptor_recruits_takes_no_other_receptor_away():
    """EGFR recruits CBL and CBL ubiquitinates MET, but a circuit in which EGFR lowers MET through it would be a mixture of molecules."""
    pairs = {(e.source, e.target) for e in signalling()}
    assert ("CBL", "EGFR") in pairs
    assert ("CBL", "MET") in pairs
    assert ("EGFR", "CBL") not in pairs
    assert {(e.source, e.target) for e in core() if e.context == AT_RECEPTOR} == {("EGFR", "CBL")}
