"""Where cargo sits: DNase takes the outside and not the lumen, a detergent opens the vesicle, the wrong nuclease does nothing."""

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol
from vesicle.products.location import AGGREGATE, DNA_KINDS, FREE, LUMEN, NUCLEASES, OUTER, PLACES, RNA_KINDS, Located, Treatment, intact, treat

INSIDE = Located("inside", "DNA", LUMEN, sympy.Float(2))
OUTSIDE = Located("outside", "DNA", OUTER, sympy.Float(3))
GUIDE = Located("miR", "miRNA", LUMEN, sympy.Float(1))


def treated(*cargo, **treatment):
    """Name and place -> copies at the nominal values."""
    site = Site(shipped(), {})
    found = treat(site, cargo, **treatment)
    values = {symbol(p.id): p.value for p in site.parameters.values()}
    out = {}
    for item in found:
        out[item.name, item.place] = out.get((item.name, item.place), 0.0) + float(item.copies.subs(values))
    return out


def total(found, name):
    return sum(copies for (item, _), copies in found.items() if item == name)


def value(quantity, **context):
    return match(shipped(), quantity, context).records[0].value


def test_dnase_takes_outer_dna_and_leaves_luminal():
    left = treated(INSIDE, OUTSIDE, nuclease="DNase")
    residual = value("nuclease_residual")
    shield = value("nuclease_shielded_share", label="DNA")
    assert left["outside", OUTER] == pytest.approx(3 * (residual + (1 - residual) * shield))
    assert left["inside", LUMEN] > 2 * (1 - value("broken_vesicle_share"))


def test_dnase_with_detergent_and_protease_takes_nearly_all():
    left = treated(INSIDE, OUTSIDE, nuclease="DNase", detergent=True, protease=True)
    assert total(left, "inside") < 0.06 * 2
    assert total(left, "outside") < 0.06 * 3


@pytest.mark.parametrize(("nuclease", "kept"), [("RNase", INSIDE), ("RNase", OUTSIDE), ("DNase", GUIDE)])
def test_nuclease_of_the_other_kind_takes_nothing(nuclease, kept):
    assert total(treated(kept, nuclease=nuclease, detergent=True, protease=True), kept.name) == pytest.approx(float(kept.copies))


def test_detergent_alone_moves_cargo_and_loses_none():
    left = treated(INSIDE, detergent=True)
    assert total(left, "inside") == pytest.approx(2)
    assert left["inside", FREE] == pytest.approx(2 * value("detergent_lysis_share"))


def test_detergent_leaves_the_closed_share_of_vesicles():
    site = Site(shipped(), {})
    assert intact(site, Treatment("RNase")) == 1
    assert float(intact(site, Treatment("RNase", detergent=True)).subs({symbol(p.id): p.value for p in site.parameters.values()})) == pytest.approx(0.03)


def test_inside_of_an_aggregate_is_out_of_reach():
    loose, lump = (Located("si", "siRNA", place, sympy.Float(1)) for place in (FREE, AGGREGATE))
    assert treated(lump, nuclease="RNase")["si", AGGREGATE] > treated(loose, nuclease="RNase")["si", FREE]


def test_protein_is_cut_by_no_nuclease():
    assert treated(Located("CD63", "protein", OUTER, sympy.Float(20)), nuclease="benzonase") == {("CD63", OUTER): 20.0}


CARGO = st.builds(Located, st.sampled_from("abc"), st.sampled_from((*DNA_KINDS, *RNA_KINDS, "protein")), st.sampled_from(PLACES), st.floats(0, 1e3).map(sympy.Float))
TREATMENT = st.fixed_dictionaries({"nuclease": st.sampled_from(("", *NUCLEASES)), "detergent": st.booleans(), "protease": st.booleans()})


@settings(max_examples=25, deadline=None)
@given(st.lists(CARGO, max_size=4), TREATMENT)
def test_treatment_never_makes_molecules_and_never_takes_all(cargo, treatment):
    before, after = sum(float(c.copies) for c in cargo), sum(treated(*cargo, **treatment).values())
    assert after <= before * (1 + 1e-9)
    assert after > 0 or before == 0


@settings(max_examples=15, deadline=None)
@given(st.lists(CARGO, max_size=4))
def test_no_treatment_changes_nothing(cargo):
    assert sum(treated(*cargo).values()) == pytest.approx(sum(float(c.copies) for c in cargo))


@pytest.mark.parametrize("wrong", [lambda: Treatment("DNAase"), lambda: Located("x", "DNA", "lumin", sympy.Integer(1))])
def test_unknown_nuclease_or_place_is_refused_with_the_nearest(wrong):
    with pytest.raises(UnknownName, match="Did you mean"):
        wrong()
