"""The one door: what a good file reads as, and where its parts stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import reading
from vesicle.errors import InputError, LimitError, SchemaError, StoreError

COLUMNS = ("id", "value")
plain_cells = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\0"), max_size=20).filter(lambda text: text[:1] not in set("\"'=@+-"))
words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=8)
trees = st.recursive(words, lambda children: st.lists(children, max_size=4) | st.dictionaries(words, children, max_size=4), max_leaves=12)


def table(*lines: str) -> list[reading.Row]:
    return list(reading.iter_rows("\n".join(("id\tvalue", *lines)) + "\n", "f.tsv", COLUMNS))


def test_file_is_read_as_its_bytes(tmp_path):
    path = tmp_path / "f.txt"
    path.write_bytes(b"\x00\xff")
    assert reading.read_bytes(path) == b"\x00\xff"


def test_missing_file_is_named_with_its_nearest_neighbour(tmp_path):
    (tmp_path / "claims.tsv").touch()
    with pytest.raises(InputError, match=r"no such file.*did you mean 'claims\.tsv'\?") as caught:
        reading.read_bytes(tmp_path / "claim.tsv")
    assert caught.value.__suppress_context__  # the operating system's own error is not shown


def test_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="the folder .*nowhere does not exist either"):
        reading.read_bytes(tmp_path / "nowhere" / "f.tsv")


def test_folder_in_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="this is a folder; expected a file"):
        reading.read_bytes(tmp_path)


def test_path_through_a_file_cannot_be_read(tmp_path):
    (tmp_path / "f").touch()
    with pytest.raises((InputError, StoreError)):
        reading.read_bytes(tmp_path / "f" / "g")


def test_file_at_the_limit_is_read_and_one_byte_more_is_refused(tmp_path):
    path = tmp_path / "f.txt"
    path.write_bytes(b"12345")
    assert reading.read_bytes(path, limit=5) == b"12345"
    with pytest.raises(LimitError, match="5 bytes, expected at most 4"):
        reading.read_bytes(path, limit=4)


def test_windows_line_ends_become_line_feeds():
    assert reading.decode(b"a\r\nb\r\n", "f") == "a\nb\n"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\r")).filter(lambda text: not text.startswith("\ufeff")))
def test_text_without_surprises_is_read_as_it_is(text):
    assert reading.decode(text.encode(), "f") == text


def test_row_knows_its_cells_and_its_line():
    first, second = table("a\t1", "b\t2")
    assert (first["id"], second["value"]) == ("a", "2")
    assert second.where == "f.tsv:3: "


@given(st.lists(st.tuples(plain_cells, plain_cells), max_size=5))
def test_table_of_plain_cells_is_read_back(cells):
    read = table(*("\t".join(pair) for pair in cells))
    assert [(row["id"], row["value"]) for row in read] == cells


def test_columns_may_stand_in_any_order():
    (row,) = reading.iter_rows("value\tid\n1\ta\n", "f.tsv", COLUMNS)
    assert (row["id"], row["value"]) == ("a", "1")


def test_last_line_needs_no_line_end():
    (row,) = reading.iter_rows("id\tvalue\na\t1", "f.tsv", COLUMNS)
    assert row["value"] == "1"


def test_header_alone_is_a_table_without_rows():
    assert table() == []


def test_table_from_a_file_names_the_file(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_text("id\tvalue\na\t1\n")
    assert reading.rows(path, COLUMNS)[0].where == "mine.tsv:2: "


@pytest.mark.parametrize(("raw", "line"), [(b"id\tvalue\r\na\t1\r\n", 1), (b"id\tvalue\na\t1\nb\t2\r\n", 3), (b"id\tvalue\na\t1\rb\t2\n", 2)])
def test_table_of_ours_with_windows_line_ends_is_refused_with_its_line(tmp_path, raw, line):
    path = tmp_path / "mine.tsv"
    path.write_bytes(raw)
    with pytest.raises(SchemaError, match=rf"^mine\.tsv:{line}: the line ends as on Windows \(CR LF\), expected LF"):
        reading.rows(path, COLUMNS)


def test_table_of_ours_in_utf_16_is_refused_as_such_whatever_its_line_ends(tmp_path):
    path = tmp_path / "mine.tsv"
    path.write_bytes("id\tvalue\r\n".encode("utf-16"))
    with pytest.raises(SchemaError, match=r"^mine\.tsv:1: the file is UTF-16"):
        reading.rows(path, COLUMNS)


@pytest.mark.parametrize("cell", ["-1.5", "+3", "it's", 'a "word" inside', "a=b", "'quoted'"])
def test_cell_that_only_resembles_trouble_is_kept(cell):
    assert table(f"{cell}\t1")[0]["id"] == cell


def test_cell_at_the_limit_is_kept_and_one_character_more_is_refused():
    assert len(table("x" * reading.MAX_CELL + "\t1")[0]["id"]) == reading.MAX_CELL
    with pytest.raises(LimitError, match="f.tsv:2: column 'id'"):
        table("x" * (reading.MAX_CELL + 1) + "\t1")


def test_missing_column_is_named():
    with pytest.raises(SchemaError, match="f.tsv:1: column 'value' is missing"):
        list(reading.iter_rows("id\na\n", "f.tsv", COLUMNS))


def test_header_that_is_none_is_shown_in_part():
    with pytest.raises(SchemaError) as caught:
        list(reading.iter_rows("x" * 100_000, "f.tsv", COLUMNS))
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["null", "~", "Null", "NULL", ""])
def test_empty_scalar_is_none(text):
    assert reading.yaml_text(f"a: {text}", "f.yaml").plain() == {"a": None}


def test_quoted_null_is_text():
    assert reading.yaml_text("a: 'null'", "f.yaml").plain() == {"a": "null"}


def test_node_knows_line_and_column():
    node = reading.yaml_text("a:\n  - x\n  - y: z\n", "f.yaml").at(("a", 1, "y"))
    assert (node.where, node.column, node.text) == ("f.yaml:3: ", 8, "z")


def test_path_that_ends_early_gives_the_deepest_node():
    tree = reading.yaml_text("a:\n  b: 1\n", "f.yaml")
    assert tree.at(("a", "c", 0)) is tree.at(("a",))


def test_mapping_knows_the_line_of_each_key():
    assert reading.yaml_text("a: 1\n\nb: 2\n", "f.yaml").key_lines == {"a": 1, "b": 3}


@given(trees)
def test_tree_written_in_flow_style_is_read_back(tree):
    def flow(value):
        if isinstance(value, dict):
            return "{" + ", ".join(f'"{key}": {flow(child)}' for key, child in value.items()) + "}"
        return "[" + ", ".join(map(flow, value)) + "]" if isinstance(value, list) else f'"{value}"'

    assert reading.yaml_text(flow(tree), "f.yaml").plain() == tree


def test_yaml_file_is_named_in_its_nodes(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("a: 1\n")
    assert reading.yaml_tree(path).where == "s.yaml:1: "


def test_yaml_file_over_its_limit_is_refused(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_bytes(b"#" * (reading.MAX_YAML_BYTES + 1))
    with pytest.raises(LimitError, match=r"expected at most 2,000,000"):
        reading.yaml_tree(path)
