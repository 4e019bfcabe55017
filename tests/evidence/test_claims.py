"""Claims and references: what was printed, in few words, with signs that can be read."""

import pytest

from vesicle.errors import SchemaError, UnknownName
from vesicle.evidence.claim import COLUMNS, MAX_QUOTE_WORDS, REFERENCE_COLUMNS, Claim, claim, reference
from vesicle.reading import Row

FILLED = {
    "id": "C-9001",
    "source": "nafar2022",
    "locator": "Introduction, para 3",
    "quote": "miR-21 promotes growth",
    "reference": "N2;N3",
    "as_written": "miR-21 promotes growth.",
    "setting": "in_vitro",
    "mismatch_kind": "none",
    "checked_how": "title",
    "system": "A1",
}


def read(**cells: str) -> Claim:
    return claim(Row("c.tsv", 4, {**dict.fromkeys(COLUMNS, ""), **FILLED, **cells}))


def test_claim_knows_its_references():
    assert read().references == ("N2", "N3")


def test_claim_without_a_reference_has_none():
    assert read(reference="").references == ()


@pytest.mark.parametrize("column", ["id", "source", "locator", "quote", "as_written", "setting", "mismatch_kind", "checked_how", "system"])
def test_empty_column_is_refused_with_its_place(column):
    with pytest.raises(SchemaError, match=rf"^c\.tsv:4: column '{column}' is empty"):
        read(**{column: ""})


@pytest.mark.parametrize(("column", "word", "near"), [("setting", "invitro", "in_vitro"), ("mismatch_kind", "negated", "negation")])
def test_word_outside_its_list_is_refused_with_the_nearest(column, word, near):
    with pytest.raises(UnknownName, match=rf"^c\.tsv:4: column '{column}': unknown word '{word}'\. Did you mean '{near}'\?"):
        read(**{column: word})


def test_quote_at_the_limit_is_kept_and_one_word_more_is_refused():
    assert len(read(quote="word " * MAX_QUOTE_WORDS).quote.split()) == 20
    with pytest.raises(SchemaError, match=r"^c\.tsv:4: the quote has 21 words, expected at most 20"):
        read(quote="word " * (MAX_QUOTE_WORDS + 1))


def test_signed_list_is_read_as_name_and_sign():
    assert read(targets="MTOR:-;VEGFA:+;other:virus budding:0").signed("targets") == {"MTOR": "-", "VEGFA": "+", "other:virus budding": "0"}


def test_empty_signed_list_has_no_entries():
    assert read().signed("pathways") == {}


@pytest.mark.parametrize("column", ["targets", "pathways", "phenotypes"])
@pytest.mark.parametrize("text", ["MTOR", "MTOR:up", "MTOR:-;", ";MTOR:-", "MTOR:-,VEGFA:+", ":-", "MTOR:--"])
def test_list_without_signs_is_refused(column, text):
    with pytest.raises(SchemaError, match=rf"^c\.tsv:4: column '{column}': .* is no signed list"):
        read(**{column: text})


def test_target_with_two_signs_is_refused():
    with pytest.raises(SchemaError):
        read(targets="MTOR:-;MTOR:+")


@pytest.mark.parametrize("column", ["key", "citation", "checked_how"])
def test_reference_without_its_essentials_is_refused(column):
    cells = {**dict.fromkeys(REFERENCE_COLUMNS, ""), "key": "N2", "citation": "Valadi 2007", "checked_how": "not_checked", column: ""}
    with pytest.raises(SchemaError, match=rf"^r\.tsv:2: column '{column}' is empty"):
        reference(Row("r.tsv", 2, cells))


def test_reference_is_read_as_it_stands():
    cells = {**dict.fromkeys(REFERENCE_COLUMNS, ""), "key": "N2", "citation": "Valadi 2007", "checked_how": "not_checked", "laboratory": "lotvall"}
    record = reference(Row("r.tsv", 2, cells))
    assert (record.key, record.laboratory) == ("N2", "lotvall")
