"""Claims by field: words in plain fields, names and signs in signed ones."""

import pytest

from vesicle.api import search_evidence
from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.search import by_fields, search

LIBRARY = shipped()


def ids(**asked):
    return {claim.id for claim in by_fields(LIBRARY, asked)}


def test_two_fields_narrow_each_other():
    assert ids(donor="mesenchymal", phenotype="tumor_growth") == ids(donor="mesenchymal") & ids(phenotype="tumor_growth")


def test_sign_belongs_to_the_asked_name():
    raised, lowered = ids(phenotype="tumor_growth", sign="+"), ids(phenotype="tumor_growth", sign="-")
    assert raised
    assert lowered
    assert not raised & lowered


def test_name_of_a_signed_field_must_be_whole():
    assert ids(phenotype="tumor") == set()


def test_case_does_not_count():
    assert ids(target="vegfa") == ids(target="VEGFA") != set()


def test_unknown_field_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'recipient'"):
        ids(recipiant="HUVEC")


def test_words_beside_a_field_lose_no_claim_however_many_records_match():
    found = {row["id"] for row in search_evidence("exosome", limit=len(LIBRARY.claims), fields={"setting": "in_vitro"})}
    assert found == {row["id"] for row in search(LIBRARY, "exosome", None)} & ids(setting="in_vitro")
