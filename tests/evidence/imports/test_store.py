"""Imported tables: written whole or not at all, known by their checksum, found by words and by id."""

import hashlib

import pytest
from tables import read, targets, write

from vesicle.errors import InputError, SchemaError, UnknownName
from vesicle.evidence.imports import store
from vesicle.evidence.imports.store import forget, import_table, imported, rows_at, search, tables
from vesicle.evidence.imports.targetscan import Targetscan
from vesicle.evidence.search import imported_row, search_imports
from vesicle.evidence.sources import PERMISSIVE_ONLY

pytestmark = pytest.mark.usefixtures("home")

PAIRS = ("hsa-miR-21-5p PTEN", "hsa-miR-21-3p PDCD4", "hsa-let-7a-5p HMGA2")
HEADER = "mirna | target_symbol | n_sites"
GOOD = "hsa-miR-21-5p | PTEN | 1"


@pytest.fixture
def three(tmp_path):
    """An import of the three pairs."""
    return targets(tmp_path, *PAIRS, release="8.0")


def found(one, *words, limit=10):
    return search(one, words, limit)


def studied(folder, *diseases):
    """An import of diseases of one miRNA."""
    lines = (f"x | hsa-mir-1246 | {disease} | - | {n} | no" for n, disease in enumerate(diseases))
    return import_table("hmdd", write(folder, "category | mir | disease | mesh_name | pmid | causality", *lines))


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


# written ------------------------------------------------------------------------------------------


def test_rows_are_stored_as_the_importer_made_them(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "CHUNK", 2)
    lines = [f"{pair.replace(' ', ' | ')} | 1" for pair in PAIRS]
    one = import_table("targetscan", write(tmp_path, HEADER, *lines))
    assert rows_at(one, range(one.rows)) == read(tmp_path, "targetscan", HEADER, *lines)


def test_stored_rows_are_a_parquet_table_with_the_columns_of_their_kind(three):
    described = tables().execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(three.parquet)]).fetchall()
    assert [name for name, *_ in described] == ["mirna", "accession", "target", "evidence", "functional", "experiments", "sites", "pmids", "as_written"]


def test_import_knows_its_file_checksum_release_and_terms(tmp_path):
    path = write(tmp_path, HEADER, GOOD, file="sites.csv.gz")
    import_table("targetscan", path, "8.0")
    (one,) = imported()
    assert (one.importer, one.makes, one.file, one.release, one.rows, one.licence_class) == ("targetscan", "mirna_target", "sites.csv.gz", "8.0", 1, "restricted")
    assert one.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("bad", ["hsa-miR-21-5p | PTEN | many", "hsa-miR-21-5p | PTEN", 'hsa-miR-21-5p | "PTEN | 1'])
def test_table_that_does_not_hold_in_its_last_line_leaves_nothing(tmp_path, home, monkeypatch, bad):
    monkeypatch.setattr(store, "CHUNK", 1)
    with pytest.raises(InputError, match=r"table\.tsv:4: "):
        import_table("targetscan", write(tmp_path, HEADER, GOOD, GOOD, bad))
    assert (imported(), files(home)) == ([], [])


def test_import_that_is_stopped_leaves_nothing(tmp_path, home, monkeypatch):
    def stopped(self, table, watch):
        yield from [("m", "", "t", "", "", "", 1, "", "")] * 3
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "CHUNK", 1)
    monkeypatch.setattr(Targetscan, "rows", stopped)
    with pytest.raises(KeyboardInterrupt):
        import_table("targetscan", write(tmp_path, HEADER, GOOD))
    assert files(home) == []


def test_failed_import_leaves_the_earlier_one(tmp_path, three):
    with pytest.raises(InputError):
        import_table("targetscan", write(tmp_path, HEADER, "hsa-miR-21-5p | PTEN | many", file="targets.tsv"))
    assert (imported(), three.parquet.exists()) == ([three], True)


def test_table_without_a_usable_row_is_refused(tmp_path):
    with pytest.raises(SchemaError, match=r"table\.tsv: no row can be used as TargetScan"):
        import_table("targetscan", write(tmp_path, HEADER, "hsa-miR-21-5p | PTEN | 0"))


def test_unknown_database_comes_with_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="targetscan"):
        import_table("targetscam", write(tmp_path, HEADER, GOOD))


# again --------------------------------------------------------------------------------------------


def test_same_file_is_read_once(tmp_path, three, monkeypatch):
    monkeypatch.setattr(Targetscan, "rows", None)
    assert targets(tmp_path, *PAIRS).folder == three.folder


@pytest.mark.parametrize(("order", "holds"), [("ab", "b"), ("aba", "a")], ids=["the newer", "the one asked for again"])
def test_of_two_imports_of_one_file_name_the_last_holds(tmp_path, order, holds):
    made = {folder: targets(tmp_path / folder, f"hsa-miR-21-5p GENE-{folder}") for folder in order}
    assert [one.sha256 for one in imported()] == [made[holds].sha256]


def test_files_of_other_names_and_databases_stand_beside_each_other(tmp_path):
    targets(tmp_path, PAIRS[0], file="b.tsv")
    targets(tmp_path, PAIRS[1], file="c.tsv")
    import_table("omnipath", write(tmp_path, "source | target | sign", "EGF | EGFR | 1"))
    assert [(one.importer, one.file) for one in imported()] == [("omnipath", "table.tsv"), ("targetscan", "b.tsv"), ("targetscan", "c.tsv")]


def test_imports_are_asked_for_by_kind(tmp_path, three):
    import_table("omnipath", write(tmp_path, "source | target | sign", "EGF | EGFR | 1"))
    assert imported("mirna_target") == [three]


def test_what_is_forgotten_is_gone(tmp_path, home):
    targets(tmp_path, PAIRS[0])
    targets(tmp_path, PAIRS[1])
    assert (forget("targetscan"), imported(), files(home), forget("targetscan")) == (2, [], [], 0)


def test_forgetting_an_unknown_database_is_refused():
    with pytest.raises(UnknownName):
        forget("targetscam")


# found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["hsa-miR-21-5p"], [0]),
        (["miR-21-5p"], [0]),
        (["MIR-21"], [0, 1]),
        (["pdc"], [1]),
        (["PTEN", "miR-21"], [0]),
        (["PTEN", "HMGA2"], []),
        (["21"], []),
    ],
    ids=["name", "without hsa-", "beginning in other capitals", "prefix", "all the words", "never together", "no beginning"],
)
def test_row_is_found_by_beginnings_of_all_its_words(three, words, rows):
    assert sorted(found(three, *words)) == rows


def test_row_is_found_by_the_word_of_the_source(tmp_path):
    one = targets(tmp_path, "hsa-miR-21 B7-H1")
    assert found(one, "B7-H1") == found(one, "CD274") == found(one, "hsa-miR-21-5p") == [0]


def test_row_with_fewer_other_words_comes_first(tmp_path):
    assert found(studied(tmp_path, "glioma of the brain stem in the young", "glioma"), "glioma") == [1, 0]


@pytest.mark.parametrize("word", ["NF/kB", "carcinoma,hepatic", "stage.II"])
def test_word_with_a_sign_inside_is_found(tmp_path, word):
    assert found(studied(tmp_path, "glioma", word), word) == [1]


@pytest.mark.parametrize("limit", [2, 5])
def test_very_common_word_is_found_in_the_order_of_the_table(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(store, "FEW", 3)
    one = targets(tmp_path, *(f"hsa-miR-21-5p GENE{n}" for n in range(8)))
    assert found(one, "hsa-miR-21-5p", limit=limit) == list(range(limit))[: store.FEW + 1]


def test_best_hits_are_limited(three):
    assert len(found(three, "miR-21", limit=1)) == 1


def test_table_of_numbers_has_no_words(tmp_path):
    one = import_table("evmirna", write(tmp_path, "miRNA | SRR1", "hsa-miR-21-5p | 5"))
    assert (one.words.exists(), found(one, "hsa-miR-21-5p")) == (False, [])


@pytest.mark.parametrize("numbers", [[2, 0], [0, 1, 2], [1], [1, 1]])
def test_rows_come_in_the_order_asked_for(three, numbers):
    assert [row["as_written"] for row in rows_at(three, numbers)] == [PAIRS[number] for number in numbers]


# searched -----------------------------------------------------------------------------------------


def test_imported_row_is_shown_with_its_kind_words_and_file(three):
    (hit,) = search_imports("PTEN", 10)
    assert hit == {
        "id": f"targetscan:{three.sha256[:8]}:0",
        "kind": "mirna_target",
        "text": "mirna hsa-miR-21-5p | accession MIMAT0000076 | target PTEN | evidence predicted | functional unknown | sites 1 | as_written hsa-miR-21-5p PTEN",
        "where": "targets.tsv 8.0",
    }


def test_hits_of_several_tables_take_turns(tmp_path, three):
    import_table("omnipath", write(tmp_path, "source | target | sign", "hsa-miR-21-5p | TP53 | 1", "hsa-miR-21-5p | MDM2 | 1"))
    assert [hit["kind"] for hit in search_imports("miR-21", 3)] == ["signed_edge", "mirna_target", "signed_edge"]


@pytest.mark.parametrize(("words", "limit"), [("", 10), ('"', 10), ("PTEN", 0)])
def test_search_for_nothing_finds_nothing(three, words, limit):
    assert search_imports(words, limit) == []


def test_restricted_table_is_not_searched_where_only_permissive_ones_are_wanted(three, monkeypatch):
    monkeypatch.setenv(PERMISSIVE_ONLY, "1")
    assert search_imports("PTEN", 10) == []


def test_imported_row_is_had_by_the_id_of_a_search(three):
    row = imported_row(search_imports("HMGA2", 1)[0]["id"])
    assert (row["kind"], row["target"], row["from"], row["sha256"]) == ("mirna_target", "HMGA2", "targets.tsv 8.0", three.sha256)


@pytest.mark.parametrize("name", ["targetscan:{}:3", "targetscan:{}:-1", "targetscan:{}:x", "targetscan::0", "targetscan:00000000:0", "omnipath:{}:0", "PTEN", ""])
def test_id_that_no_import_has_is_refused(three, name):
    with pytest.raises(UnknownName, match="unknown imported row"):
        imported_row(name.format(three.sha256[:8]))
