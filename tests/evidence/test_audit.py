"""The audit finds what does not hold, gives its reason, and accuses nobody else."""

import json
from dataclasses import replace
from functools import partial

import pytest
import records

from vesicle.evidence import shipped
from vesicle.evidence.audit import Finding, audit
from vesicle.evidence.claim import Claim, Reference, is_retracted

claim = partial(records.claim, "C-1")


def found(*claims: Claim, references: tuple[Reference, ...] = ()) -> list[Finding]:
    return audit(records.library(*claims, references=references))


def reference(key: str, retraction: str) -> Reference:
    return records.reference(key, retraction=retraction)


@pytest.mark.parametrize("kind", ["none", "unchecked"])
def test_claim_that_holds_or_was_not_looked_at_is_not_accused(kind):
    assert found(claim(mismatch_kind=kind, note="conflicts with C-2", as_supported="another thing")) == []


def test_mismatch_comes_with_note_and_what_is_supported():
    (finding,) = found(claim(mismatch_kind="negation", note="the title denies it", as_supported="No vesicles.", reference="X82"))
    assert finding == Finding("C-1", "negation", "the title denies it; the cited work supports: No vesicles", "nafar2022", "Abstract", "X82")


@pytest.mark.parametrize("cells", [{"note": "why"}, {"as_supported": "why"}, {}])
def test_mismatch_never_comes_without_words(cells):
    (finding,) = found(claim(mismatch_kind="sign", **cells))
    assert len(finding.reason) > 2


@pytest.mark.parametrize("text", ["caspase-29 is raised", "Caspase 29", "caspase-3/29", "CASP29", "caspases-11"])
def test_caspase_that_does_not_exist_is_found(text):
    (finding,) = found(claim(quote=text))
    assert finding.kind == "identifier_error"
    assert "does not exist" in finding.reason


@pytest.mark.parametrize("text", ["caspase-3", "caspase-3/7", "caspase 14", "CASP12", "caspase-3 2019", "caspase"])
def test_caspase_that_exists_is_not_accused(text):
    assert found(claim(quote=text)) == []


def test_caspase_11_is_a_gene_of_rodents():
    assert found(claim(quote="caspase-11", donor_species="mouse")) == []


def test_identifier_in_a_note_is_discussion():
    assert found(claim(note="caspase-29 and NCT1 were printed elsewhere")) == []


@pytest.mark.parametrize(
    "name", ["miR-21", "hsa-miR-21-5p", "miR-451a", "miR-17-92", "let-7a", "hsa-let-7a-5p", "anti-miR-9", "miR-16;miR-223", "tumor-associated miRNA", "top 23 miRNA"]
)
def test_normalised_mirna_names_hold(name):
    assert found(claim(cargo=name)) == []


@pytest.mark.parametrize("name", ["miR-let7", "miR21", "mir-21", "has-miR-21", "miR-021", "miR-21-7p", "let7a", "miRNA-21"])
def test_malformed_normalised_mirna_name_is_found(name):
    (finding,) = found(claim(cargo=name))
    assert f"'{name}' is no miRNA name" in finding.reason


@pytest.mark.parametrize(
    "text",
    ["miR451, miR223 and miR31", "miRNA-23b", "MiR-101-3p-overexpressing MSC", "miR-222/223", "miRNA-induced silencing", "4,934 miRNAs", "let-7a and miRISC", "let 7 cells go"],
)
def test_printed_styles_of_mirna_names_are_accepted(text):
    assert found(claim(quote=text)) == []


def test_label_of_a_pathway_is_no_mirna_name():
    assert found(claim(pathways="let7_HMGA2_NFKB_signaling:+")) == []


def test_printed_name_of_no_mirna_is_found():
    (finding,) = found(claim(quote="the miR-let7/HMGA2 axis"))
    assert "'miR-let7'" in finding.reason


@pytest.mark.parametrize(("text", "number"), [("NCT0360863", 1), ("NCT036086310", 1), ("NCT0360863l", 1), ("NCT03608631, phase I", 0), ("NCT 03608631", 0), ("NCT", 0)])
def test_trial_number_has_eight_digits(text, number):
    assert len(found(claim(quote=text))) == number


def test_reasons_of_one_kind_are_one_finding():
    (finding,) = found(claim(mismatch_kind="identifier_error", note="no such gene", quote="caspase-29 and NCT1"))
    assert finding.reason.startswith("no such gene; caspase-29 does not exist")
    assert "'NCT1'" in finding.reason


def test_claim_on_a_retracted_work_is_found_beside_its_mismatch():
    findings = found(claim(mismatch_kind="sign", note="why", reference="N1;N2"), references=(reference("N1", "not_checked"), reference("N2", "retracted 2021 (notice PMID 1)")))
    assert [f.kind for f in findings] == ["retracted", "sign"]
    assert "N2" in findings[0].reason
    assert "N1" not in findings[0].reason


@pytest.mark.parametrize(
    ("state", "is_so"),
    [("retracted", True), ("Retraction 2020", True), ("retraction: not found", False), ("corrected", False), ("not_checked", False), ("not retracted", False), ("", False)],
)
def test_retraction_is_read_from_its_first_word(state, is_so):
    assert is_retracted(state) is is_so


def test_findings_stand_by_kind_then_id():
    claims = [claim(id="C-2", mismatch_kind="sign", note="b"), claim(id="C-1", mismatch_kind="sign", note="a"), claim(id="C-3", mismatch_kind="attribution", note="c")]
    assert [f.record for f in found(*claims)] == ["C-3", "C-1", "C-2"]


def test_finding_is_json():
    (finding,) = found(claim(quote="caspase-29"))
    assert json.loads(json.dumps(finding.as_dict()))["record"] == "C-1"


def test_shipped_base_lists_caspase_29_and_every_marked_claim_with_a_reason():
    base = shipped()
    findings = audit(base)
    assert any(f.kind == "identifier_error" and "caspase-29 does not exist" in f.reason for f in findings)
    marked = {(c.id, c.mismatch_kind) for c in base.claims if c.mismatch_kind not in ("none", "unchecked")}
    assert marked <= {(f.record, f.kind) for f in findings}
    assert all(f.reason.strip() for f in findings)
    assert not any("without a reason" in f.reason for f in findings)


def test_shipped_base_accuses_only_marked_claims_and_names_that_do_not_exist():
    base = shipped()
    marked = {c.id for c in base.claims if c.mismatch_kind not in ("none", "unchecked")}
    others = [f for f in audit(base) if f.record not in marked]
    assert all(f.kind == "retracted" or "does not exist" in f.reason or "is no " in f.reason for f in others)


def test_retracting_a_work_adds_findings_for_the_claims_that_cite_it():
    base = shipped()
    citing = {c.id for c in base.claims if "X37" in c.references}
    retracted = replace(base, references=tuple(replace(r, retraction="retracted") if r.key == "X37" else r for r in base.references))
    assert citing
    assert {f.record for f in audit(retracted) if f.kind == "retracted"} - {f.record for f in audit(base) if f.kind == "retracted"} == citing
