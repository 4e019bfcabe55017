"""What nuclease, protease and detergent leave of a product, as it is composed."""

import pytest

from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.products.composition import Cargo, Preparation, compose
from vesicle.products.location import TREATMENTS


def nominal(expression, site):
    return float(expression.subs({name: p.value for name, p in ((s, site.parameters[str(s)]) for s in expression.free_symbols)}))


def composed(words, cargo, **more):
    site = Site(shipped(), {}, {})
    parts = compose(site, Preparation("p", "exosome", cargo, treatments=tuple(TREATMENTS[w] for w in words), **more))
    return {part.particle.id: (nominal(part.per_dose, site), {p.entity: nominal(p.copies, site) for p in part.particle.passengers}) for part in parts}


SIRNA = (Cargo("si", "siRNA", "electroporation"),)
DNA_IN, DNA_OUT = Cargo("inner", "DNA", "stated", copies=1.0), Cargo("outer", "DNA", "stated", copies=1.0, place="outer")


def test_rnase_without_detergent_leaves_luminal_rna_and_vesicles():
    before, after = composed((), SIRNA)["p"], composed(("RNase",), SIRNA)["p"]
    assert after[0] == before[0]
    assert 0.95 < after[1]["si"] / before[1]["si"] < 1


def test_rnase_takes_aggregates():
    before, after = composed((), SIRNA)["p_aggregates"], composed(("RNase",), SIRNA)["p_aggregates"]
    assert after[0] < 0.75 * before[0]
    assert after[1] == before[1]


def test_rnase_with_detergent_leaves_the_few_vesicles_that_resist():
    before, after = composed((), SIRNA)["p"], composed(("RNase+detergent",), SIRNA)["p"]
    assert after[0] < 0.05 * before[0]


def test_dnase_takes_outer_and_not_luminal_dna_and_no_rna():
    before, after = composed((), (DNA_IN, DNA_OUT))["p"][1], composed(("DNase",), (DNA_IN, DNA_OUT))["p"][1]
    assert after["inner"] / before["inner"] > 0.95
    assert after["outer"] / before["outer"] < 0.25
    assert composed(("DNase",), SIRNA) == composed((), SIRNA)


def test_treatments_one_after_the_other_act_together():
    once, twice = composed(("RNase",), SIRNA)["p"][1]["si"], composed(("RNase", "RNase"), SIRNA)["p"][1]["si"]
    untreated = composed((), SIRNA)["p"][1]["si"]
    assert twice / once == pytest.approx(once / untreated)


def test_outer_cargo_is_not_released_into_the_cytosol():
    roles = {p.entity: p.role for p in compose(Site(shipped(), {}, {}), Preparation("p", "exosome", (DNA_IN, DNA_OUT)))[0].particle.passengers}
    assert (roles["inner"], roles["outer"], "outer_loads" in roles) == ("cargo", "outside", False)
