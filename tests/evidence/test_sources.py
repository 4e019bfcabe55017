"""Sources: every shipped file has its origin and terms, copyleft ones their licence, and restricted ones are not shipped."""

import re

import pytest
from tables import put

from vesicle import api
from vesicle.errors import SchemaError
from vesicle.evidence import sources
from vesicle.evidence.imports import all_importers
from vesicle.evidence.library import RECORDS
from vesicle.evidence.sources import CLASSES, PERMISSIVE_ONLY, permissive_only, shipped_file, shipped_sources

ABOUT = {"README.md", "SOURCES.md", "VERSION", "sources.tsv"}  # the list itself and the pages about the files
FILES = {str(path.relative_to(RECORDS)) for path in RECORDS.rglob("*") if path.is_file() and not path.name.startswith("LICENSE-")} - ABOUT
COPYLEFT = [source for source in shipped_sources().values() if source.licence_class == "copyleft"]


def listed(state: str) -> dict[str, dict]:
    return {row["name"]: row for row in api.evidence_sources() if row["state"] == state}


@pytest.fixture
def kegg(home, tmp_path):
    """An imported table of the class restricted."""
    return put("kegg", tmp_path / "mine.tsv", ("source", "sign", "target"), ("SOCS1", "1", "JAK1"))


def test_shipped_files_and_listed_files_are_the_same():
    assert shipped_sources().keys() == FILES


def test_no_restricted_file_is_shipped():
    assert {source.licence_class for source in shipped_sources().values()} <= {"permissive", "copyleft"}


@pytest.mark.parametrize("source", shipped_sources().values(), ids=lambda source: source.file)
def test_shipped_file_says_what_it_is_and_where_from_and_on_what_terms(source):
    assert all((source.what, source.origin, source.terms, source.change))


def test_copyleft_files_and_no_others_lie_apart():
    assert {source.file for source in COPYLEFT} == {file for file in FILES if file.startswith("copyleft/")} != set()


@pytest.mark.parametrize("source", COPYLEFT, ids=lambda source: source.file)
def test_text_of_a_copyleft_licence_lies_beside_the_file(source):
    (name,) = re.findall(r"LICENSE-[\w.-]+\.txt", source.terms)
    assert len((RECORDS / source.file).with_name(name).read_text(encoding="utf-8")) > 10_000


@pytest.mark.parametrize("licence_class", ["restricted", "free"])
def test_list_that_ships_a_file_of_another_class_is_refused(tmp_path, monkeypatch, licence_class):
    text = (RECORDS / "sources.tsv").read_text(encoding="utf-8")
    (tmp_path / "sources.tsv").write_text(text.replace("\tpermissive\t", f"\t{licence_class}\t", 1), encoding="utf-8")
    monkeypatch.setattr(sources, "RECORDS", tmp_path)
    with pytest.raises(SchemaError, match=rf"^sources\.tsv:2: .*has the class '{licence_class}'; a shipped file is permissive or copyleft"):
        shipped_sources.__wrapped__()


def test_listing_shows_every_shipped_file_and_every_importer(home):
    assert listed("shipped").keys() == shipped_sources().keys()
    assert listed("can be imported").keys() == all_importers().keys()


@pytest.mark.parametrize("name", all_importers())
def test_importer_says_its_class_and_terms(home, name):
    row = listed("can be imported")[name]
    assert row["licence_class"] in CLASSES
    assert row["terms"]
    assert row["used"] is False


def test_imported_table_is_listed_as_imported_with_its_checksum(kegg):
    row = listed("imported")["kegg"]
    assert (row["licence_class"], row["used"], row["sha256"]) == ("restricted", True, kegg["sha256"])
    assert "kegg" not in listed("can be imported")


@pytest.mark.parametrize(("text", "asked"), [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("", False), ("no", False)])
def test_permissive_only_is_asked_for_by_a_variable(monkeypatch, text, asked):
    monkeypatch.setenv(PERMISSIVE_ONLY, text)
    assert permissive_only() is asked


def test_permissive_only_uses_permissive_tables_alone(kegg, monkeypatch):
    monkeypatch.setenv(PERMISSIVE_ONLY, "1")
    assert {row["licence_class"] for row in api.evidence_sources() if row["used"]} == {"permissive"}
    assert [shipped_file(source.file) for source in COPYLEFT] == [None] * len(COPYLEFT)
