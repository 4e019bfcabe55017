"""The shipped library: every quote is in its source, every disagreement is said on both sides."""

import functools
import math
import re
import shutil
from pathlib import Path

import pytest

from vesicle.errors import InputError, SchemaError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.library import RECORDS, check_file, load

SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"
SEED_FILES = {"nafar2022": "000_*.txt", "xunian2020": "003_*.txt"}
LIBRARY = shipped()
CONTRADICTS = re.compile(r"contradicts (M-\d{4}(?:(?:,| and| or| times)? M-\d{4})*)")
BELLS = [m for m in LIBRARY.measurements if m.distribution in ("lognormal", "logitnormal", "normal")]


def contradicted(note: str) -> set[str]:
    """Ids in every 'contradicts M-0001, M-0002 and M-0003' of a note."""
    return {name for group in CONTRADICTS.findall(note) for name in re.findall(r"M-\d{4}", group)}


DISAGREEMENTS = [(m.id, other) for m in LIBRARY.measurements for other in sorted(contradicted(m.note))]


@functools.cache
def seed_text(source: str) -> str:
    """The full text of a seed review, or a skip that says what is not being checked."""
    files = sorted(SEEDS.glob(SEED_FILES[source]))
    if not files:
        pytest.skip(f"QUOTES ARE NOT CHECKED: no {SEED_FILES[source]} in {SEEDS}; mount the seed texts to check every quote against its source")
    return files[0].read_text(encoding="utf-8")


def changed(folder: Path, name: str, change) -> Path:
    """A copy of the shipped records with one file changed."""
    shutil.copytree(RECORDS, folder, dirs_exist_ok=True)
    (folder / name).write_text(change((folder / name).read_text(encoding="utf-8")), encoding="utf-8")
    return folder


@pytest.mark.parametrize("claim", LIBRARY.claims, ids=lambda claim: claim.id)
def test_quote_stands_word_for_word_in_its_source(claim):
    assert claim.quote in seed_text(claim.source)


@pytest.mark.parametrize("claim", LIBRARY.claims, ids=lambda claim: claim.id)
def test_quote_has_at_most_twenty_words(claim):
    assert 1 <= len(claim.quote.split()) <= 20


@pytest.mark.parametrize("claim", LIBRARY.claims, ids=lambda claim: claim.id)
def test_source_and_references_of_a_claim_are_listed(claim):
    assert {claim.source, *claim.references} <= {reference.key for reference in LIBRARY.references}


def known_gap(one: str, other: str):
    marks: list = []
    return pytest.param(one, other, marks=marks, id=f"{one}-{other}")


@pytest.mark.parametrize(("one", "other"), [known_gap(*pair) for pair in DISAGREEMENTS])
def test_contradiction_names_an_existing_record_and_is_said_on_both_sides(one, other):
    notes = {m.id: m.note for m in LIBRARY.measurements}
    assert other in notes
    assert one in contradicted(notes[other])


def test_every_note_that_contradicts_a_record_is_understood():
    understood = {one for one, _ in DISAGREEMENTS}
    assert understood
    assert {m.id for m in LIBRARY.measurements if re.search(r"contradicts[^.;]*M-\d", m.note)} == understood


@pytest.mark.parametrize("note", ["contradicts M-0001", "x: contradicts M-0001 for tumours; contradicts M-0002, M-0003 and M-0004", "contradicts M-0001 M-0002 (M-0009)"])
def test_contradictions_of_a_note_are_read_to_the_last(note):
    assert contradicted(note) == {name for name in re.findall(r"M-\d{4}", note) if name != "M-0009"}


def test_ids_are_never_shared_between_tables():
    assert len(LIBRARY.by_id) == len(LIBRARY.claims) + len(LIBRARY.measurements) + len(LIBRARY.references)


@pytest.mark.parametrize("record", LIBRARY.measurements, ids=lambda record: record.id)
def test_id_of_a_measurement_has_four_digits(record):
    assert re.fullmatch(r"M-\d{4}", record.id)


@pytest.mark.parametrize("record", BELLS, ids=lambda record: record.id)
def test_shipped_distribution_passes_through_its_printed_points(record):
    part = record.component(record.unit, 1.0)
    # 1e-9: a share of 1 - 1e-6 has lost six of its sixteen digits in 1 - x
    for probability, printed in ((0.05, part.low), (0.5, part.value), (0.95, part.high)):
        assert math.isclose(part.at(probability), printed, rel_tol=1e-9)


def test_record_is_shown_by_its_id():
    assert LIBRARY.show("M-0001") is LIBRARY.measurements[0]
    assert LIBRARY.show("C-0001") is LIBRARY.claims[0]


def test_unknown_record_is_refused_with_the_nearest_id():
    with pytest.raises(UnknownName, match=r"unknown record 'M-00011'\. Did you mean 'M-\d{4}'\?"):
        LIBRARY.show("M-00011")


def test_records_of_a_quantity_are_all_of_them():
    found = LIBRARY.of("ev_diameter")
    assert found
    assert set(found) == {m for m in LIBRARY.measurements if m.quantity == "ev_diameter"}


@pytest.mark.parametrize(("argument", "field"), [("experiment", "source_experiment"), ("reference", "reference")])
def test_library_without_a_source_keeps_everything_else(argument, field):
    fitted = LIBRARY.calibrations[0].rests_on()
    left_out = next(x for m in LIBRARY.measurements if (x := getattr(m, field)) and not any(getattr(LIBRARY.by_id[name], field) == x for name in fitted))
    kept = LIBRARY.without(**{argument: left_out}).measurements
    assert kept == tuple(m for m in LIBRARY.measurements if getattr(m, field) != left_out)
    assert len(kept) < len(LIBRARY.measurements)


def test_library_without_nothing_is_the_library():
    assert LIBRARY.without() == LIBRARY


def test_library_without_a_source_has_another_content_hash():
    assert LIBRARY.without(reference=LIBRARY.measurements[0].reference).content != LIBRARY.content


def test_same_records_have_the_same_content_hash():
    assert load(RECORDS).content == LIBRARY.content


def test_one_changed_number_changes_the_content_hash(tmp_path):
    folder = changed(tmp_path, "measurements.tsv", lambda text: text.replace("\t100\tnm\t80\t", "\t101\tnm\t80\t", 1))
    assert load(folder).content != LIBRARY.content


def test_repeated_id_is_refused(tmp_path):
    folder = changed(tmp_path, "measurements.tsv", lambda text: text + text.split("\n")[1] + "\n")
    with pytest.raises(SchemaError, match="the id 'M-0001' stands twice; ids are never reused"):
        load(folder)


def test_repeated_id_is_refused_at_its_line(tmp_path):
    folder = changed(tmp_path, "measurements.tsv", lambda text: text + text.split("\n")[1] + "\n")
    with pytest.raises(SchemaError, match=r"^measurements\.tsv:\d+: "):
        load(folder)


@pytest.mark.parametrize("name", ["claims.tsv", "measurements.tsv", "references.tsv", "retired.tsv", "VERSION"])
def test_missing_table_is_refused_by_name(tmp_path, name):
    shutil.copytree(RECORDS, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()
    with pytest.raises(InputError, match=rf"{re.escape(name)}: no such file"):
        load(tmp_path)


def retired(folder: Path, name: str, successors: str) -> Path:
    """A copy of the shipped records with one id withdrawn."""
    return changed(folder, "retired.tsv", lambda text: f"{text}{name}\t{successors}\t2030.1.1\tsaid twice\n")


@pytest.mark.parametrize(("successors", "end"), [("C-0001", "; see C-0001"), ("C-0001;C-0002", "; see C-0001;C-0002"), ("", "")])
def test_withdrawn_id_names_its_successor(tmp_path, successors, end):
    found = load(retired(tmp_path, "C-9999", successors))
    with pytest.raises(UnknownName, match=re.escape(f"record 'C-9999' was withdrawn in 2030.1.1 (said twice){end}. Its id is not used again.")):
        found.show("C-9999")


@pytest.mark.parametrize("name", ["C-0001", "M-0001", "nafar2022"])
def test_withdrawn_id_that_stands_again_is_refused(tmp_path, name):
    with pytest.raises(SchemaError, match=rf"^retired\.tsv: '{name}' was withdrawn in 2030\.1\.1 and stands for a record again"):
        load(retired(tmp_path, name, "C-0002"))


def test_successor_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(SchemaError, match=r"^retired\.tsv: 'C-9999' names its successor 'C-9998', which is no record"):
        load(retired(tmp_path, "C-9999", "C-0001;C-9998"))


def test_withdrawal_changes_the_content_hash(tmp_path):
    assert load(retired(tmp_path, "C-9999", "")).content != LIBRARY.content


@pytest.mark.parametrize(("kind", "records"), [("claims", LIBRARY.claims), ("measurements", LIBRARY.measurements), ("references", LIBRARY.references)])
def test_table_of_a_user_is_recognised_by_its_header(tmp_path, kind, records):
    path = tmp_path / "mine.tsv"
    shutil.copy(RECORDS / f"{kind}.tsv", path)
    assert check_file(path) == (kind, len(records))


def test_table_of_a_user_is_refused_at_the_first_bad_line(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text((RECORDS / "measurements.tsv").read_text(encoding="utf-8").replace("\t108\tnm\t", "\t1_08\tnm\t", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"^mine\.tsv:4: column 'value': '1_08'"):
        check_file(path)


@pytest.mark.parametrize(("key", "other"), [("Mendt2018", "X99"), ("Shimbo2014", "X52"), ("Sun2010", "X104"), ("Pakravan2017", "X47"), ("Umezu2013", "N48"), ("Umezu2014", "N47")])
def test_a_work_is_left_out_under_all_its_keys(key, other):
    assert {key, other} <= LIBRARY.same_work(key) == LIBRARY.same_work(other)
    assert {key, other} <= set(LIBRARY.without(reference=key).left_out)


def test_a_key_that_stands_for_no_work_has_no_other_names():
    assert LIBRARY.same_work("synthesis") == {"synthesis"}


def test_works_of_different_marks_are_different_works():
    """Keys that share a work are few: a title that all share would leave everything out."""
    assert max(len(LIBRARY.same_work(r.key)) for r in LIBRARY.references) <= 3
