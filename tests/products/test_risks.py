"""Risks: the same base, where it was seen, and never the word safe."""

from dataclasses import replace

import pytest

from vesicle.evidence import shipped
from vesicle.products.claimed_effects import is_kind_of
from vesicle.products.risks import ELSEWHERE, GENERAL, HERE, NONE_KNOWN, Design, assess

BMSC = "bone marrow mesenchymal stem cell"


def kinds(design, library=None):
    return {(r.kind, r.where) for r in assess(library or shipped(), design).risks}


def test_donor_whose_vesicles_promote_this_tumour_is_flagged_here_and_elsewhere_in_another():
    assert ("donor", HERE) in kinds(Design("gastric cancer", BMSC))
    assert ("donor", HERE) not in kinds(Design("urinary bladder cancer", BMSC))
    assert ("donor", ELSEWHERE) in kinds(Design("urinary bladder cancer", BMSC))


def test_claim_on_cancer_as_such_is_kept_apart_from_one_on_this_disease():
    found = [r for r in assess(shipped(), Design("urinary bladder cancer", BMSC)).risks if r.where == GENERAL]
    named = {c.id: c.disease for c in shipped().claims}
    assert all(named[source].startswith("cancer") or not named[source] for r in found for source in r.sources)


def test_payload_for_tumours_is_flagged_with_its_antagonist():
    (risk,) = [r for r in assess(shipped(), Design("lung adenocarcinoma", "", "hsa-miR-410-3p", carrier="liposome")).risks if r.kind == "payload"]
    assert "anti-hsa-miR-410-3p" in risk.why


def test_own_cells_take_the_allogeneic_risk_and_no_other():
    other, own = (kinds(Design("gastric cancer", BMSC, is_autologous=own)) for own in (False, True))
    assert {kind for kind, _ in other - own} == {"allogeneic"}


def test_carrier_that_no_cell_made_has_none_known_and_is_not_called_safe():
    found = assess(shipped(), Design("gastric cancer", "", "doxorubicin", carrier="liposome"))
    assert (found.summary, found.found_harmless) == (NONE_KNOWN, ())
    assert "safe" not in found.summary


def test_electroporation_leaves_a_residue():
    assert ("residue", "any") in kinds(Design("gastric cancer", BMSC, "PLK1 siRNA", "electroporation"))


def test_claims_that_found_no_harm_take_no_risk_away():
    harmless = assess(shipped(), Design("gastric cancer", BMSC)).found_harmless
    without = replace(shipped(), claims=tuple(c for c in shipped().claims if c.id not in harmless))
    assert kinds(Design("gastric cancer", BMSC), without) == kinds(Design("gastric cancer", BMSC))


@pytest.mark.parametrize(("donor", "other", "is_kind"), [
    (BMSC, "mesenchymal stem cell [CL:0000134]", True), ("mesenchymal stem cell", BMSC, False), (BMSC, "", False), ("stem cell", "mesenchymal stem cell", False),
])  # fmt: skip
def test_kind_of_a_donor(donor, other, is_kind):
    assert is_kind_of(donor, other) is is_kind
