"""Imports of strangers' files from the command line: each malformed one is one located sentence, and nothing of it stays."""

import gzip
import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import InputError
from vesicle.evidence import own
from vesicle.evidence.claim import COLUMNS, REFERENCE_COLUMNS
from vesicle.evidence.imports import store
from vesicle.evidence.measurement import COLUMNS as MEASUREMENT_COLUMNS
from vesicle.reading import Layout, databases, open_table


def tsv(columns, *rows):
    """A table in which cells that a row does not name are empty."""
    return "".join("\t".join(cells) + "\n" for cells in (columns, *([row.get(column, "") for column in columns] for row in rows))).encode()


HGNC_COLUMNS = ("symbol", "hgnc_id", "name", "alias_symbol", "prev_symbol", "entrez_id", "uniprot_ids", "ensembl_gene_id", "locus_type", "status")
GENE = {"symbol": "A1BG", "hgnc_id": "HGNC:5", "name": "alpha-1-B glycoprotein", "status": "Approved"}
PTEN = {"symbol": "PTEN", "hgnc_id": "HGNC:9588", "name": "phosphatase and tensin homolog", "status": "Approved"}
GENES = tsv(HGNC_COLUMNS, GENE, PTEN)
TARGETS = b"miRNA,Target Gene,Experiments,Support Type\nhsa-miR-21-5p,PTEN,Western blot,Functional MTI\n"
SITES = b"mirna\ttarget_symbol\tn_sites\nhsa-miR-21-5p\tPTEN\t1\nhsa-miR-21-5p\tPDCD4\t1_000\n"
LONG = b"Gene\tGene name\tTissue\tnTPM\nENSG00000121410\tA1BG\tliver\t1_000\n"
WIDE = b"GeneID\tsymbol\tliver\nENSG00000171862\tPTEN\t1\nENSG00000121410\tA1BG\t1_000\n"

CLAIM = {
    "id": "U-0001", "source": "nafar2022", "locator": "Abstract", "quote": "exosomes carry miRNA", "as_written": "exosomes carry miRNA",
    "setting": "in_vitro", "mismatch_kind": "none", "checked_how": "not_checked", "system": "A1",
}  # fmt: skip
MEASUREMENT = {
    "id": "U-0002", "quantity": "uptake_rate", "value": "2", "unit": "mL/(cell*h)", "distribution": "lognormal", "reference": "smith2020",
    "status": "found", "level": "uncertainty", "role": "input",
}  # fmt: skip
REFERENCE = {"key": "smith2020", "citation": "Smith 2020", "checked_how": "not_checked"}


def claims(*changes):
    return tsv(COLUMNS, *(CLAIM | change for change in changes))


# what is given -> the database, the bytes of the file and the sentence that follows its name
MALFORMED = {
    "open quote": ("mirtarbase", TARGETS + b'"hsa-miR-21-5p,PDCD4,,\nhsa-miR-21-5p,"TPM1",,\n', ":3: a quote is opened and not closed"),
    "open quote between tabs": ("hgnc", tsv(HGNC_COLUMNS, GENE, PTEN | {"name": '"phosphatase'}), ":3: column 'name': a quote is opened and not closed"),
    "ragged row": ("hgnc", GENES + b"TP53\tHGNC:11998\n", ":4: 2 cells, expected 10"),
    "byte-order mark": ("hgnc", b"\xef\xbb\xbf" + GENES, ":1: the file starts with a byte-order mark"),
    "UTF-16": ("hgnc", GENES.decode().encode("utf-16"), ":1: the file is UTF-16"),
    "NUL": ("hgnc", GENES.replace(b"alpha", b"al\0ha"), ":2: a NUL byte"),
    "archive cut off": ("hgnc", gzip.compress(GENES)[:-9], ": the archive is damaged or cut off"),
    "1_000 sites": ("targetscan", SITES, "'1_000' is not a plain finite number"),
    "1_000 in a value": ("hpa", LONG, ":2: column 'nTPM': '1_000' is not a plain finite number"),
    "1_000 in a value of a wide table": ("hpa", WIDE, ":3: column 'liver': '1_000' is not a plain finite number"),
    "formula": ("hgnc", tsv(HGNC_COLUMNS, PTEN, GENE | {"symbol": "=1+1"}), ":3: column 'symbol': '=1+1' looks like a spreadsheet formula"),
    "formula in quotes": ("mirtarbase", TARGETS + b'hsa-miR-21-5p,"=HYPERLINK(""x"")",,\n', ":3: column 'Target Gene': '=HYPERLINK"),
    "nothing": ("hgnc", b"", ":1: the table is empty"),
    "header only": ("hgnc", tsv(HGNC_COLUMNS), ": no row can be used as HGNC"),
    "another database": ("hgnc", TARGETS, ":1: column 'symbol' is missing"),
    "no table": ("hgnc", b'{"graph": {"directed": false}}', ":1: column 'symbol' is missing"),
    "own: open quote": ("claims", claims({}, {"id": "U-0002", "quote": '"exosomes carry'}), ":3: column 'quote': a quote is opened and not closed"),
    "own: ragged row": ("claims", claims({}) + b"U-0002\tnafar2022\n", ":3: 2 cells, expected 27"),
    "own: byte-order mark": ("claims", b"\xef\xbb\xbf" + claims({}), ":1: the file starts with a byte-order mark"),
    "own: UTF-16 with Windows line ends": ("claims", claims({}).replace(b"\n", b"\r\n").decode().encode("utf-16"), ":1: the file is UTF-16"),
    "own: Windows line ends": ("claims", claims({}).replace(b"\n", b"\r\n"), ":1: the line ends as on Windows (CR LF), expected LF"),
    "own: one Windows line end": ("claims", claims({}, {"id": "U-0002"})[:-1] + b"\r\n", ":3: the line ends as on Windows (CR LF), expected LF"),
    "own: NUL": ("claims", claims({}, {"id": "U-0002", "note": "\0"}), ":3: a NUL byte"),
    "own: 1_000": ("claims", tsv(MEASUREMENT_COLUMNS, MEASUREMENT | {"value": "1_000"}), ":2: column 'value': '1_000' is not a plain finite number"),
    "own: wrong unit": ("claims", tsv(MEASUREMENT_COLUMNS, MEASUREMENT, MEASUREMENT | {"id": "U-0003", "unit": "ml/h"}), ":3: column 'unit': unknown unit symbol 'ml'"),
    "own: id twice": ("claims", claims({}, {}), ":3: the id 'U-0001' stands twice"),
    "own: id of a shipped record": ("claims", claims({}, {"id": "C-0036"}), ":3: the id 'C-0036' belongs to the shipped records"),
    "own: id that a shipped record may get": ("claims", claims({"id": "C-99999"}), ":2: the id 'C-99999' belongs to the shipped records"),
    "own: key of a shipped reference": ("claims", tsv(REFERENCE_COLUMNS, REFERENCE, REFERENCE | {"key": "nafar2022"}), ":3: the id 'nafar2022' belongs to the shipped records"),
    "own: formula": ("claims", claims({"note": "=1+1"}), ":2: column 'note': '=1+1' looks like a spreadsheet formula"),
    "own: nothing": ("claims", b"", ":1: the table is empty"),
    "own: header only": ("claims", claims(), ":1: a header line without a record"),
    "own: another table": ("claims", TARGETS, ":1: unknown column 'miRNA,Target Gene,"),
}


@pytest.fixture
def import_file(home, program, tmp_path):
    """Import bytes as a file of that name: (exit code, standard output, standard error)."""

    def run(database, raw, name="mine.tsv"):
        (tmp_path / name).write_bytes(raw)
        return imported(database, tmp_path / name)

    def imported(database, path):
        return program("evidence", "import", database, str(path))

    run.path = imported
    return run


@pytest.fixture(params=["an empty home", "a home with imports"])
def kept(request, home, import_file):
    """What a failed import must leave as it was: every file and every unfinished folder, with its bytes."""
    if request.param != "an empty home":
        for database, raw in (("hgnc", tsv(HGNC_COLUMNS, PTEN)), ("claims", claims({"id": "U-0100"})), ("claims", tsv(MEASUREMENT_COLUMNS, MEASUREMENT | {"id": "U-0101"}))):
            assert import_file(database, raw, "good.tsv")[0] == 0
    return files(home)


def files(home):
    return {path: path.read_bytes() if path.is_file() else None for path in home.rglob("*") if path.is_file() or path.name.startswith(".")}


def is_one_sentence(err):
    """One line, without a control character, and no traceback."""
    return err.startswith("vesicle: ") and err.endswith("\n") and err[:-1].isprintable()


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_file_is_one_located_sentence_and_ends_with_two(import_file, what):
    database, raw, sentence = MALFORMED[what]
    code, out, err = import_file(database, raw)
    assert (code, out, is_one_sentence(err)) == (2, "", True)
    assert err.startswith("vesicle: mine.tsv:")
    assert sentence in err


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_file_leaves_nothing_behind(home, import_file, kept, what):
    database, raw, _ = MALFORMED[what]
    import_file(database, raw)
    assert files(home) == kept


@pytest.mark.parametrize("database", ["hgnc", "mirbase-aliases", "claims"])
@pytest.mark.parametrize(("name", "sentence"), [("gone.tsv", "gone.tsv: no such file"), (".", "this is a folder; expected a file")])
def test_file_that_is_not_there_is_one_sentence_and_leaves_nothing(home, import_file, kept, tmp_path, database, name, sentence):
    code, out, err = import_file.path(database, tmp_path / name)
    assert (code, out, is_one_sentence(err), files(home)) == (2, "", True, kept)
    assert sentence in err


def test_unknown_database_is_refused_with_the_nearest_and_leaves_nothing(home, import_file, kept):
    code, out, err = import_file("mirtabase", TARGETS)
    assert (code, out, is_one_sentence(err), files(home)) == (2, "", True, kept)
    assert "unknown database 'mirtabase'. Did you mean 'mirtarbase'?" in err


@pytest.mark.parametrize("raw", [claims({"note": "another"}), tsv(MEASUREMENT_COLUMNS, MEASUREMENT | {"id": "U-0001"}), tsv(REFERENCE_COLUMNS, REFERENCE | {"key": "U-0001"})])
def test_id_of_another_own_record_is_refused_with_its_line_and_nothing_changes(home, import_file, raw):
    import_file("claims", claims({}))
    before = files(home)
    code, out, err = import_file("claims", raw)
    assert (code, out, files(home)) == (2, "", before)
    assert err.startswith("vesicle: mine.tsv:2: the id 'U-0001' stands for another record of yours")


def test_good_files_are_imported(home, import_file):
    assert import_file("hgnc", GENES)[0] == 0
    assert import_file("claims", claims({}))[0] == 0
    assert {path.name for path in files(home)} == {"rows.parquet", "words.sqlite", "source.json", "claims.tsv"}


def test_own_records_that_are_there_already_change_no_byte(home, import_file):
    import_file("claims", claims({}))
    before = files(home)
    assert import_file("claims", claims({}))[0] == 0
    assert files(home) == before


def test_end_of_an_import_is_told_on_standard_error(import_file):
    assert import_file("hgnc", GENES)[2] == f"mine.tsv: {len(GENES)} of {len(GENES)}\n"


def test_new_claim_does_not_take_the_id_of_another_own_record(home, import_file):
    import_file("claims", tsv(MEASUREMENT_COLUMNS, MEASUREMENT))
    assert own.add_claim({name: CLAIM[name] for name in CLAIM if name != "id"})["id"] == "U-0003"


# stopped in the middle ---------------------------------------------------------------------------


def stops(problem):
    def stopped(*_, **__):
        raise problem

    return stopped


def at_the_third_line(problem):
    real = databases._decoded
    return lambda raw, name, number: real(raw, name, number) if number < 3 else stops(problem)()


STOPS = {
    "while reading": ("vesicle.reading.databases._decoded", at_the_third_line, "hgnc", GENES),
    "while indexing": ("vesicle.evidence.imports.store._words", stops, "hgnc", GENES),
    "while renaming": ("os.replace", stops, "hgnc", GENES),
    "while renaming own records": ("os.replace", stops, "claims", claims({})),
}


@pytest.mark.parametrize("when", STOPS)
def test_interrupted_import_leaves_nothing(home, import_file, kept, monkeypatch, when):
    target, stop, database, raw = STOPS[when]
    monkeypatch.setattr(store, "CHUNK", 1)
    monkeypatch.setattr(target, stop(KeyboardInterrupt()))
    code, out, err = import_file(database, raw)
    assert (code != 0, out, "Traceback" in err, files(home)) == (True, "", False, kept)


@pytest.mark.parametrize("when", [when for when in STOPS if when != "while reading"])
def test_full_disk_is_one_sentence_and_leaves_nothing(home, import_file, kept, monkeypatch, when):
    target, stop, database, raw = STOPS[when]
    monkeypatch.setattr(store, "CHUNK", 1)
    monkeypatch.setattr(target, stop(OSError(28, "No space left on device")))
    code, out, err = import_file(database, raw)
    assert (code, out, is_one_sentence(err), files(home)) == (1, "", True, kept)
    assert "cannot be written (No space left on device)" in err


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), OSError(28, "No space left on device")], ids=["interrupted", "full disk"])
def test_import_asked_for_again_and_stopped_stays_as_it_was(home, import_file, monkeypatch, problem):
    import_file("hgnc", GENES)
    before = files(home)
    monkeypatch.setattr("os.replace", stops(problem))
    assert import_file("hgnc", GENES)[0] != 0
    assert files(home) == before


def test_stopped_import_lets_go_of_its_index(import_file, monkeypatch):
    made, real = [], store._index
    monkeypatch.setattr(store, "_index", lambda path: made.append(real(path)) or made[0])
    monkeypatch.setattr(store, "_words", stops(KeyboardInterrupt()))
    import_file("hgnc", GENES)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


def test_folder_of_an_import_that_was_killed_is_no_import(home, import_file):
    import_file("hgnc", GENES)
    (made,) = store.imports_folder().glob("hgnc/*")
    made.rename(made.with_name(".unfinished-x"))
    assert store.imported() == []


# noise -------------------------------------------------------------------------------------------


@given(st.binary() | st.text(st.sampled_from("ab\t,\n\r\"'=-# \0")).map(lambda text: b"a,b\n" + text.encode()), st.booleans(), st.booleans())
def test_noise_gives_rows_or_a_located_sentence(tmp_path_factory, raw, spanning, packed):
    path = tmp_path_factory.mktemp("noise") / "f.csv"
    path.write_bytes(gzip.compress(raw)[:-1] if packed else raw)
    assert re.fullmatch(r"read|f\.csv:\d+: [^\n]+", outcome(path, Layout(spanning=spanning)))


def outcome(path, layout):
    """'read', or the message of an error of ours; any other error passes through."""
    try:
        list(open_table(path, layout).chosen({"a": ("a",), "b": ("b",)}))
    except InputError as problem:
        return str(problem)
    return "read"
