"""Disagreements are shown from both sides, with what separates them, and never averaged."""

import json
from functools import partial

import pytest
import records

from vesicle.evidence import shipped
from vesicle.evidence.claim import Claim, Reference
from vesicle.evidence.conflicts import COVARIATES, VERDICTS, Conflict, Split, cell_class, conflicts, donor_classes

claim = partial(records.claim, source="xunian2020", locator="1.3, para 1", system="D1", donor="mesenchymal stem cell [CL:0000134]")


def found(*claims: Claim, topic: str = "", references: tuple[Reference, ...] = ()) -> list[Conflict]:
    return conflicts(records.library(*claims, references=references), topic)


def split(conflict: Conflict, covariate: str) -> Split:
    return next(s for s in conflict.splits if s.covariate == covariate)


def reference(key: str, laboratory: str, retraction: str = "not_checked") -> Reference:
    return records.reference(key, laboratory=laboratory, retraction=retraction)


UP = claim("C-1", phenotypes="tumor_growth:+", cargo="hsa-miR-410-3p", recipient="lung cancer cell", disease="lung cancer", reference="X39")
DOWN = claim("C-2", phenotypes="proliferation:-", cargo="miR-16", recipient="breast cancer cell", disease="breast cancer", reference="X46")


def test_opposite_signs_are_a_conflict_with_both_sides():
    (conflict,) = found(UP, DOWN)
    assert conflict.question == "mesenchymal stem cell exosomes and tumour growth"
    assert {sign: side.claims for sign, side in conflict.sides.items()} == {"+": ("C-1",), "-": ("C-2",)}
    assert conflict.sides["-"].locators == ("xunian2020: 1.3, para 1",)
    assert (conflict.sides["+"].cargos, conflict.sides["+"].references) == (("hsa-miR-410-3p",), ("X39",))


def test_no_effect_against_an_effect_is_a_conflict():
    (conflict,) = found(claim("C-1", phenotypes="Treg:+"), claim("C-2", phenotypes="Treg:0"))
    assert list(conflict.sides) == ["+", "0"]


def test_one_sign_is_no_conflict():
    assert found(UP, claim("C-3", phenotypes="tumor_growth:+")) == []


def test_targets_and_pathways_are_questions_too():
    questions = {c.outcome for c in found(claim("C-1", targets="VEGFA:+", pathways="Wnt:+"), claim("C-2", targets="VEGFA:-", pathways="Wnt:-"))}
    assert questions == {"target VEGFA", "pathway Wnt"}


def test_different_donor_classes_do_not_contradict_each_other():
    assert found(UP, claim("C-2", phenotypes="tumor_growth:-", donor="dendritic cell [CL:0000451]")) == []


def test_claim_without_a_donor_is_comparable_with_nothing():
    assert found(claim("C-1", donor="", phenotypes="angiogenesis:+"), claim("C-2", donor="", phenotypes="angiogenesis:-")) == []


def test_proliferation_of_a_t_cell_is_not_tumour_growth():
    assert found(UP, claim("C-2", phenotypes="proliferation:-", recipient="T cell [CL:0000084]", disease="cancer [MONDO:0004992]")) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bone marrow mesenchymal stem cell [CL:0002540]", "mesenchymal stem cell"),
        ("bone marrow stromal cell [CL:0010001]", "mesenchymal stem cell"),
        ("leukaemia blast", "tumour cell"),
        ("LAMA-84 [CVCL_0388]", "tumour cell"),
        ("CML cell", "tumour cell"),
        ("natural killer cell [CL:0000623]", "immune cell"),
        ("peripheral blood mononuclear cell", "immune cell"),
        ("HEK293 [CVCL_0045]", "HEK293"),
    ],
)
def test_cells_fall_into_classes_or_stay_by_themselves(name, expected):
    assert cell_class(name) == expected


def test_donor_of_two_cells_has_two_classes_and_a_tumour_state_makes_a_tumour_donor():
    assert donor_classes(claim("C-1", donor="mesenchymal stem cell;dendritic cell")) == ("immune cell", "mesenchymal stem cell")
    assert donor_classes(claim("C-1", donor="KBM7", donor_state="tumour")) == ("tumour cell",)


@pytest.mark.parametrize("topic", ["tumour growth", "tumor growth", "Tumor_growth", "proliferation", "MSC exosomes and tumour growth", ""])
def test_topic_finds_a_question_by_spelling_synonym_and_donor(topic):
    assert len(found(UP, DOWN, topic=topic)) == 1


def test_topic_is_found_in_either_spelling():
    up, down = claim("C-1", pathways="HIF1_signaling:+"), claim("C-2", pathways="HIF1_signaling:-")
    assert len(found(up, down, topic="HIF1 signalling")) == 1


@pytest.mark.parametrize("topic", ["angiogenesis", "immune tumour growth", "g"])
def test_other_topics_find_nothing(topic):
    assert found(UP, DOWN, topic=topic) == []


def test_values_that_never_meet_separate_fully():
    assert split(found(UP, DOWN)[0], "cargo").verdict == "fully"


def test_a_shared_value_separates_partly_and_only_shared_values_not():
    native, hypoxic = {"donor_state": "native"}, {"donor_state": "hypoxia"}
    up, down = claim("C-1", phenotypes="Treg:+", **native), claim("C-2", phenotypes="Treg:-", **native)
    assert split(found(up, down)[0], "donor state").verdict == "not"
    third = claim("C-3", phenotypes="Treg:+", **hypoxic)
    partly = split(found(up, down, third)[0], "donor state")
    assert (partly.verdict, partly.separated, partly.values) == ("partly", 0.333, {"+": {"native": 1, "hypoxia": 1}, "-": {"native": 1}})


def test_value_on_one_side_only_is_unknown():
    (conflict,) = found(claim("C-1", phenotypes="Treg:+", cargo="miR-21"), claim("C-2", phenotypes="Treg:-"))
    assert split(conflict, "cargo").verdict == "unknown"


def test_third_side_without_a_value_keeps_a_separation_from_being_full():
    claims = [claim(f"C-{i}", phenotypes=f"Treg:{sign}", donor_state=state) for i, (sign, state) in enumerate([("+", "hypoxia"), ("-", "native"), ("0", "")])]
    assert split(found(*claims)[0], "donor state").verdict == "partly"


@pytest.mark.parametrize(
    ("column", "general", "covariate"),
    [
        ("cargo", "several miRNA (unnamed)", "cargo"),
        ("recipient", "cancer cell", "recipient"),
        ("disease", "cancer [MONDO:0004992]", "disease"),
        ("setting", "review_statement", "setting"),
    ],
)
def test_general_names_separate_nothing(column, general, covariate):
    claims = [claim("C-1", phenotypes="Treg:+", **{column: general}), claim("C-2", phenotypes="Treg:-", **{column: "in_vivo"})]
    assert split(found(*claims)[0], covariate).verdict == "unknown"


def test_two_names_of_one_identifier_are_one_value():
    claims = [claim("C-1", phenotypes="Treg:+", disease="multiple myeloma [MONDO:0009693]"), claim("C-2", phenotypes="Treg:-", disease="plasma cell myeloma [MONDO:0009693]")]
    assert split(found(*claims)[0], "disease").verdict == "not"


def test_species_and_arm_of_a_mirna_do_not_separate():
    claims = [claim("C-1", phenotypes="Treg:+", cargo="hsa-miR-16-5p"), claim("C-2", phenotypes="Treg:-", cargo="miR-16")]
    assert split(found(*claims)[0], "cargo").verdict == "not"


def test_tissue_of_the_donor_is_read_from_its_name():
    claims = [claim("C-1", phenotypes="Treg:+", donor="umbilical cord mesenchymal stem cell"), claim("C-2", phenotypes="Treg:-", donor="adipose tissue mesenchymal stem cell")]
    assert split(found(*claims)[0], "donor tissue").values == {"+": {"umbilical cord": 1}, "-": {"adipose": 1}}


def test_splits_are_ranked_and_laboratory_yields_to_biology():
    (conflict,) = found(UP, DOWN, references=(reference("X39", "dong"), reference("X46", "lee_jk")))
    ranks = [VERDICTS.index(s.verdict) for s in conflict.splits]
    assert ranks == sorted(ranks)
    full = [s.covariate for s in conflict.splits if s.verdict == "fully"]
    assert full == ["cargo", "disease", "recipient", "laboratory"]
    assert conflict.sides["+"].laboratories == ("dong",)


def test_laboratory_yields_to_a_covariate_that_separates_fewer_claims():
    claims = [UP, DOWN, claim("C-3", phenotypes="tumor_growth:-", recipient="cancer cell", reference="X47")]
    (conflict,) = found(*claims, references=(reference("X39", "dong"), reference("X46", "lee_jk"), reference("X47", "babashah")))
    assert split(conflict, "laboratory").separated == 1.0
    assert split(conflict, "cargo").separated < 1.0
    assert [s.covariate for s in conflict.splits if s.verdict == "fully"] == ["cargo", "disease", "recipient", "laboratory"]


def test_values_of_two_references_are_counted_as_repeated():
    again = claim("C-3", phenotypes="tumor_growth:-", cargo="miR-16", recipient="glioma cell", disease="glioma", reference="N65")
    assert split(found(UP, DOWN)[0], "cargo").repeated == 0
    assert split(found(UP, DOWN, again)[0], "cargo").repeated == 1


def test_deciding_experiment_changes_the_best_covariate_and_holds_the_others():
    (conflict,) = found(UP, DOWN)
    assert "differ in cargo only, miR-410 (C-1, +) against miR-16 (C-2, -), with disease and recipient held the same" in conflict.decide
    assert conflict.decide.endswith("and read tumour growth.")


def test_tied_covariate_is_not_held_still():
    up, down = (claim(c.id, phenotypes=c.phenotypes, recipient=c.recipient, disease=c.disease) for c in (UP, DOWN))
    decide = found(up, down)[0].decide
    assert "differ in disease only (the recipient changes with it)" in decide
    assert decide.endswith("with all else the same, and read tumour growth.")


def test_conflict_that_nothing_separates_asks_for_a_repeat():
    (conflict,) = found(claim("C-1", phenotypes="Treg:+"), claim("C-2", phenotypes="Treg:-"))
    assert "repeat one experiment of each side" in conflict.decide


def test_arms_are_taken_from_claims_that_hold_where_there_are_some():
    bad = claim("C-0", phenotypes="tumor_growth:+", cargo="miR-15a", recipient="myeloma cell", disease="myeloma", mismatch_kind="negation", note="why")
    (conflict,) = found(bad, UP, DOWN)
    assert "(C-1, +)" in conflict.decide
    assert conflict.sides["+"].disputed == ("C-0",)


def test_claim_on_a_retracted_work_is_shown_as_disputed():
    (conflict,) = found(UP, DOWN, references=(reference("X39", "dong", "retracted 2022"),))
    assert conflict.sides["+"].disputed == ("C-1",)


def test_review_explains_the_conflict_where_it_states_it():
    stated = claim("C-3", locator="Therapy, para 9", as_written="Views conflict on whether MSC exosomes raise cancer growth.", quote="conflicting opinions")
    reason = claim("C-4", locator="Therapy, para 9 (continued)", as_written="Dose or timing may explain the conflict.")
    elsewhere = claim("C-5", locator="Intro, para 1", as_written="Dose may explain the size.")
    (conflict,) = found(UP, DOWN, stated, reason, elsewhere)
    assert [r.claim for r in conflict.stated] == ["C-3"]
    assert [(r.claim, r.text) for r in conflict.explanation] == [("C-4", "Dose or timing may explain the conflict.")]


def test_claim_of_a_side_is_no_explanation():
    dependent = claim("C-3", phenotypes="angiogenesis:+", as_written="Angiogenesis depends on coagulation.")
    (conflict,) = found(dependent, claim("C-4", phenotypes="angiogenesis:-"))
    assert conflict.explanation == ()


def test_conflict_is_json():
    (conflict,) = found(UP, DOWN)
    plain = conflict.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["sides"]["+"]["claims"] == ["C-1"]


def test_order_of_the_records_changes_no_verdict():
    (one,), (other,) = found(UP, DOWN), found(DOWN, UP)
    assert one.splits == other.splits
    assert one.decide == other.decide


@pytest.mark.parametrize(
    ("topic", "question"),
    [("tumour growth", "mesenchymal stem cell exosomes and tumour growth"), ("MSC exosomes and angiogenesis", "mesenchymal stem cell exosomes and angiogenesis")],
)
def test_shipped_base_shows_both_sides_of_what_the_reviews_dispute(topic, question):
    conflict = next(c for c in conflicts(shipped(), topic) if c.question == question)
    assert {"+", "-"} <= set(conflict.sides)
    assert {s.covariate for s in conflict.splits} == set(COVARIATES)
    assert any(s.verdict in ("fully", "partly") for s in conflict.splits)


def test_shipped_tumour_growth_is_separated_by_cargo_and_disease_and_the_review_gives_reasons():
    conflict = next(c for c in conflicts(shipped(), "MSC tumour growth"))
    assert {"cargo", "disease"} <= {s.covariate for s in conflict.splits if s.verdict in ("fully", "partly")}
    assert conflict.explanation


def test_every_shipped_conflict_names_known_claims_on_each_side():
    base = shipped()
    for conflict in conflicts(base):
        assert len(conflict.sides) > 1
        assert all(name in base.by_id for side in conflict.sides.values() for name in side.claims)
        assert all(len(side.claims) == len(side.locators) for side in conflict.sides.values())
