"""Classes of vesicles and their donors, by Bayes' rule over what is known."""

import pytest

from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.products.identity import CLASSES, classify, donor_of, exosome_markers, sizes


def test_chances_sum_to_one():
    assert sum(classify(shipped(), 100.0, "endosome", {"CD63": True}).chances.values()) == pytest.approx(1)


def test_nothing_known_is_undetermined_with_equal_chances():
    found = classify(shipped())
    assert found.call == "undetermined"
    assert len(set(found.chances.values())) == 1


def test_chance_from_origin_alone_is_that_of_the_recorded_error():
    error = shipped().show("M-1058").value
    assert classify(shipped(), origin="dying cell").chances["apoptotic_body"] == pytest.approx((1 - error) / (1 + error))


def test_size_where_classes_overlap_decides_nothing_by_itself():
    found = classify(shipped(), 120.0)
    assert found.call == "undetermined"
    assert "size overlaps" in found.warnings[0]


@pytest.mark.parametrize("marker", ["CD63", "CD9"])
def test_found_marker_of_exosomes_raises_and_absent_one_lowers_their_chance(marker):
    found, absent = (classify(shipped(), 120.0, markers={marker: there}).chances["exosome"] for there in (True, False))
    assert absent < classify(shipped(), 120.0).chances["exosome"] < found


def test_marker_that_no_claim_names_changes_nothing():
    assert classify(shipped(), 120.0, "endosome", {"GAPDH": True}).chances == classify(shipped(), 120.0, "endosome").chances


def test_markers_of_exosomes_in_general_say_nothing_about_the_donor():
    assert len(set(donor_of(shipped(), {"CD63": True, "CD81": True}).chances.values())) == 1


def test_answer_names_the_records_and_claims_it_rests_on():
    sources = classify(shipped(), 120.0, "endosome", {"CD63": True}).sources
    assert {m.id for name in CLASSES for m in sizes(shipped(), name)} <= set(sources)
    assert set(exosome_markers(shipped())["CD63"]) <= set(sources)


def test_unknown_origin_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'endosome'"):
        classify(shipped(), origin="endosom")
