"""Counts of the base: nothing is left out, not even what is missing."""

import json
from dataclasses import replace

from records import claim, library, reference

from vesicle.evidence import shipped
from vesicle.evidence.stats import SYSTEMS, section, stats


def test_there_are_47_systems_from_a1_to_g5():
    assert len(SYSTEMS) == len(set(SYSTEMS)) == 47
    assert (SYSTEMS[0], SYSTEMS[-1]) == ("A1", "G5")
    assert "D10" in SYSTEMS


def test_section_ends_at_the_first_comma():
    assert section("1.3.1 Tumor growth, para 2") == "1.3.1 Tumor growth"
    assert section("1.4 Immunity, Suppression by MSC exosomes, para 1") == "1.4 Immunity"
    assert section("Abstract") == "Abstract"


def test_heading_in_capitals_keeps_its_commas():
    assert section("BIOGENESIS, SECRETION, AND UPTAKE, para 4") == "BIOGENESIS, SECRETION, AND UPTAKE"


def test_sections_are_counted_within_their_source():
    counted = stats(library(claim("C-1"), claim("C-2"), claim("C-3", source="xunian2020")))["claims"]
    assert counted["per_section"] == {"nafar2022": {"Abstract": 2}, "xunian2020": {"Abstract": 1}}
    assert counted["per_source"] == {"nafar2022": 2, "xunian2020": 1}


def test_sections_in_capitals_are_the_same_sections():
    counted = stats(library(claim("C-1", locator="Introduction, para 1"), claim("C-2", locator="INTRODUCTION, para 2")))["claims"]
    assert counted["per_section"] == {"nafar2022": {"Introduction": 2}}


def test_systems_without_claims_are_named():
    counted = stats(library(claim("C-1", system="G5"), claim("C-2", system="Z9")))["claims"]
    assert counted["per_system"]["G5"] == 1
    assert counted["systems_without_claims"] == [name for name in SYSTEMS if name != "G5"]
    assert counted["other_systems"] == {"Z9": 1}


def test_references_count_only_identifiers_that_are_there():
    references = (
        reference("N1", pmid="123", doi="10.1/x", checked_how="abstract"),
        reference("N2", pmid="not_checked", doi="not_checked"),
        reference("N3", checked_how="paper not seen"),
    )
    assert stats(library(references=references))["references"] == {"total": 3, "with_pmid": 1, "with_doi": 1, "checked": 1}


def test_empty_library_counts_to_zero():
    counted = stats(library())
    assert counted["claims"]["total"] == counted["measurements"]["total"] == counted["references"]["total"] == 0
    assert len(counted["claims"]["systems_without_claims"]) == 47


def test_shipped_counts_add_up_and_are_json():
    base = shipped()
    counted = stats(base)
    claims = counted["claims"]
    assert (counted["version"], counted["content"]) == (base.version, base.content)
    for part in ("per_source", "per_mismatch", "per_setting"):
        assert sum(claims[part].values()) == claims["total"] == len(base.claims)
    assert sum(sum(sections.values()) for sections in claims["per_section"].values()) == claims["total"]
    assert sum(counted["measurements"]["per_role"].values()) == sum(counted["measurements"]["per_status"].values()) == len(base.measurements)
    assert claims["other_systems"] == {}
    assert json.loads(json.dumps(counted)) == counted


def test_counts_follow_the_library_they_are_given():
    base = shipped()
    assert stats(replace(base, claims=base.claims[:3]))["claims"]["total"] == 3
