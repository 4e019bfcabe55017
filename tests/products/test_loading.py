"""Loading: refused, unknown or feasible, and never more than fits."""

import math
from dataclasses import replace

import numpy as np
import pytest

from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import match
from vesicle.evidence.site import Site
from vesicle.products.loading import FEASIBLE, REFUSED, UNKNOWN, Attempt, feasibility, load, ways
from vesicle.readouts.drawn import drawn

MSC = "bone marrow mesenchymal stem cell"
SIRNA = Attempt("KRAS G12D siRNA", "siRNA", MSC, "electroporation")
SWITCH = Attempt("WW-tagged Cre recombinase", "protein", "HEK293", "WW tag")
MEASURED = {"small_molecule": "paclitaxel", "protein": "TRAIL", "DNA": "plasmid", "siRNA": "x", "miRNA": "x", "anti-miRNA": "x"}


def numbers(attempt, draws=50):
    site = Site(shipped(), {})
    found = load(site, attempt)
    return drawn(site, {"copies": found.copies, "lumen": found.lumen, "membrane": found.membrane, "whole": found.whole, "aggregates": found.aggregates}, draws)


def test_drug_that_donor_cells_do_not_take_up_is_refused_with_the_claim_also_for_a_kind_of_the_donor():
    found = feasibility(shipped(), Attempt("pemetrexed", "small_molecule", MSC, "donor preloading"))
    assert (found.outcome, found.sources) == (REFUSED, ("C-0422",))


def test_the_same_drug_in_vesicles_themselves_is_not_refused():
    assert feasibility(shipped(), Attempt("pemetrexed", "small_molecule", MSC, "incubation", offered=1.0)).outcome == FEASIBLE


def test_refusal_stands_only_with_its_claim():
    without = replace(shipped(), claims=tuple(c for c in shipped().claims if c.id != "C-0422"))
    assert feasibility(without, Attempt("pemetrexed", "small_molecule", MSC, "donor preloading")).outcome == FEASIBLE


def test_pair_that_nobody_measured_is_unknown_and_not_refused():
    assert feasibility(shipped(), Attempt("catalase", "protein", MSC, "chemical transfection")).outcome == UNKNOWN


def test_method_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="electroporation"):
        feasibility(shipped(), replace(SIRNA, method="electroporasion"))


def test_loading_what_is_refused_is_an_error_that_names_the_claim():
    with pytest.raises(InputError, match="C-0422"):
        load(Site(shipped(), {}), Attempt("pemetrexed", "small_molecule", MSC, "donor preloading"))


def test_without_offered_copies_an_efficiency_says_what_is_missing():
    with pytest.raises(InputError, match="offered"):
        load(Site(shipped(), {}), Attempt("porphyrin", "small_molecule", MSC, "incubation"))


@pytest.mark.parametrize(("length", "outcome"), [(4000.0, FEASIBLE), (6000.0, REFUSED)])
def test_dna_longer_than_a_lumen_holds_is_refused(length, outcome):
    """The record holds 1e4 nucleotides, 5,000 base pairs."""
    assert feasibility(shipped(), Attempt("plasmid", "DNA", MSC, "electroporation", offered=1.0, length=length)).outcome == outcome


@pytest.mark.parametrize("way", ways(), ids=lambda way: f"{way.method} {way.payload_class}")
def test_no_way_loads_more_than_lumen_and_membrane_hold(way):
    attempt = Attempt(MEASURED[way.payload_class], way.payload_class, "HEK293", way.method, offered=1e12, length=1000.0 if way.payload_class == "DNA" else 0.0)
    found = numbers(attempt)
    assert np.all(found["copies"] <= (found["lumen"] + found["membrane"]) * (1 + 1e-12))
    assert np.all(found["copies"] > 0)


def test_copies_of_an_efficiency_are_proportional_to_what_is_offered_until_the_cap():
    low, high = (numbers(Attempt("catalase", "protein", MSC, "incubation", offered=n))["copies"] for n in (1.0, 7.0))
    np.testing.assert_allclose(high, 7 * low, rtol=1e-12)


def test_siRNA_is_kept_lost_or_aggregated():
    """Copies in vesicles and in aggregates are what seems to be loaded, wherever aggregates are."""
    site = Site(shipped(), {})
    found = load(site, SIRNA)
    apparent = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
    offered = site.quantity("electroporation_sirna_offered", "ug/EV", product="exosome") / site.quantity("sirna_molar_mass", "ug/copy")
    per = site.quantity("sirna_copies_per_particle", "copy/EV", product="sirna_aggregate")
    n = drawn(site, {"copies": found.copies, "aggregated": found.aggregates * per, "apparent": offered * apparent}, 100)
    beside = n["aggregated"] > 0
    np.testing.assert_allclose((n["copies"] + n["aggregated"])[beside], n["apparent"][beside], rtol=1e-12)
    assert beside.any()


def test_switch_needs_tag_and_regulator():
    on, no_regulator, no_tag = (numbers(replace(SWITCH, **words))["copies"] for words in ({}, {"has_regulator": False}, {"has_tag": False}))
    assert np.all(on > no_regulator)
    np.testing.assert_array_equal(no_regulator, no_tag)


def test_vesicles_that_their_donor_loads_are_whole():
    assert np.all(numbers(Attempt("x", "miRNA", MSC, "donor transfection"))["whole"] == 1)


def test_lumen_cap_of_a_protein_is_packed_volume_over_the_volume_of_one():
    """By hand from the records at their medians: phi (pi/6)(d - 2h)^3 / (v M), with 1 kDa = 1.66054e-15 ug and 1 mL = 1e21 nm3."""
    value = {
        name: match(shipped(), name, {"product": "exosome"}).records[0].value for name in ("ev_diameter", "bilayer_thickness", "lumen_packing_limit", "protein_specific_volume")
    }
    room = value["lumen_packing_limit"] * math.pi / 6 * (value["ev_diameter"] - 2 * value["bilayer_thickness"]) ** 3  # nm3
    one = value["protein_specific_volume"] * 43 * 1.66054e-21 * 1e21  # mL/g * g * nm3/mL
    assert numbers(SWITCH, 1)["lumen"][0] == pytest.approx(room / one, rel=1e-4)
