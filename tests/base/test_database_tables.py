"""Tables as databases publish them: what is read, and what is refused with its line because it would lose or shift data."""

import csv
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import InputError, LimitError, SchemaError, StoreError
from vesicle.reading import MAX_CELL, Layout, checksum, databases, open_table

WANTED = {"mirna": ("miRNA", "mirna_stem"), "target": ("Target Gene", "target")}
HEADER = "mirna_stem\ttarget\tnote\n"
SPANNING = Layout(spanning=True)
GZIPPED = gzip.compress(("a,b\n" + "".join(f"{n},{n * n}\n" for n in range(2_000))).encode())
plain_cells = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r\0"), max_size=20)
tables = st.lists(st.tuples(plain_cells, plain_cells, plain_cells), max_size=6)


@pytest.fixture
def table(tmp_path):
    """A table from its text or bytes."""

    def opened(content, layout=Layout()):  # noqa: B008
        path = tmp_path / "t.txt"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_table(path, layout)

    return opened


def cells(found):
    return [line.cells for line in found.lines()]


def chosen(found, optional=()):
    return [cells for _, cells in found.chosen(WANTED, optional)]


# what is read ------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["a\tb\n1\t2\n", "a,b\n1,2\n", "a b\n1 2\n", "a\tb\n1\t2"])
def test_cells_are_read_whatever_stands_between_them(table, content):
    found = table(content)
    assert (found.header, cells(found)) == (("a", "b"), [["1", "2"]])


def test_line_knows_its_number(table):
    assert [line.number for line in table("a,b\n1,2\n\n3,4\n").lines()] == [2, 4]


def test_row_names_of_r_are_no_cells(table):
    found = table('"mirna" "my target"\n"1" "hsa-miR-21" "PTEN"\n"2" "hsa-let-7a" "HMGA2"\n')
    assert (found.header, cells(found)) == (("mirna", "my target"), [["hsa-miR-21", "PTEN"], ["hsa-let-7a", "HMGA2"]])


def test_compressed_table_reads_like_any_other(table):
    assert cells(table(gzip.compress(b"a,b\n1,2\n"))) == [["1", "2"]]


def test_comment_lines_before_the_header_are_skipped(table):
    found = table("#made by\n# x,y\na,b\n1,2\n", Layout(comment="#"))
    assert (found.header, cells(found)) == (("a", "b"), [["1", "2"]])


def test_row_that_looks_like_a_comment_is_a_row(table):
    assert cells(table("#x\na,b\n#1,2\n", Layout(comment="#"))) == [["#1", "2"]]


def test_table_without_a_header_line_loses_no_row(table):
    found = table("MIMAT0000062\thsa-let-7a\n", Layout(header=("accession", "names")))
    assert (found.column(("names",)), cells(found)) == (1, [["MIMAT0000062", "hsa-let-7a"]])


@pytest.mark.parametrize("content", [HEADER, HEADER + "\n\n"])
def test_header_alone_is_a_table_without_rows(table, content):
    assert cells(table(content)) == []


def test_windows_line_ends_are_dropped(table):
    found = table("a\tb\r\n1\t2\r\n")
    assert (found.header, cells(found)) == (("a", "b"), [["1", "2"]])


@pytest.mark.parametrize("row", ["miR-1\r\tPTEN\tx", "miR-1\tPTEN\r\tx\r"])
def test_stray_carriage_return_at_the_end_of_a_cell_is_dropped(table, row):
    assert chosen(table(HEADER + row + "\n")) == [["miR-1", "PTEN"]]


@pytest.mark.parametrize("row", ["miR-1\r,PTEN,x", '"miR-1\r",PTEN,x', 'miR-1\r,PTEN,"x, y"', 'miR-1,"PTEN"\r,x'])
def test_stray_carriage_return_is_dropped_beside_quotes_too(table, row):
    assert chosen(table(f"mirna_stem,target,note\n{row}\n")) == [["miR-1", "PTEN"]]


@pytest.mark.parametrize("header", ["miRNA\tTarget Gene", "MIRNA_STEM\tTARGET", ' mirna \t"target gene" '])
def test_column_is_found_by_any_of_its_names_in_any_capitals(table, header):
    assert chosen(table(f"{header}\nmiR-1\tPTEN\n")) == [["miR-1", "PTEN"]]


def test_chosen_cells_come_in_the_order_asked_for(table):
    assert chosen(table("target\tother\tmirna\nPTEN\tx\tmiR-1\n")) == [["miR-1", "PTEN"]]


def test_optional_column_that_is_missing_is_empty(table):
    assert chosen(table("mirna\nmiR-1\n"), optional=("target",)) == [["miR-1", ""]]


def test_outer_blanks_of_a_chosen_cell_are_dropped(table):
    assert chosen(table("mirna,target\n miR-1 , PTEN\n")) == [["miR-1", "PTEN"]]


def test_quoted_cell_may_hold_the_delimiter(table):
    assert cells(table('a,b\n"Leukemia, Lymphocytic, B-Cell",2\n')) == [["Leukemia, Lymphocytic, B-Cell", "2"]]


@pytest.mark.parametrize("row", ['"miR-1"\t"PTEN"\t', '"miR-1"\tPTEN\t"open'])
def test_quoted_cell_between_tabs_loses_its_quotes(table, row):
    assert chosen(table(f"{HEADER}{row}\n")) == [["miR-1", "PTEN"]]


@pytest.mark.parametrize("title", ['"Green" synthesis', '"Green" and "Blue"', "'Omics' of it (a review)"])
def test_quotation_marks_that_belong_to_a_quoted_cell_stay(table, title):
    quoted = title.replace('"', '""')
    assert chosen(table(f'mirna,target\n"{quoted}",PTEN\n')) == [[title, "PTEN"]]


@pytest.mark.parametrize("cell", ["-mmu-miR-149-3p", "-1.5", "+3", "'t Hooft", "a=b", '5" gel'])
def test_cell_that_only_resembles_trouble_is_kept(table, cell):
    assert chosen(table(f"{HEADER}{cell}\tPTEN\t\n")) == [[cell, "PTEN"]]


@given(tables)
def test_plain_cells_between_tabs_are_read_back(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("t") / "t.tsv"
    path.write_bytes("".join("\t".join(row) + "\n" for row in [("a", "b", "c"), *rows]).encode())
    assert [tuple(row) for row in cells(open_table(path))] == rows


@given(tables, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.sampled_from([",", " "]), st.sampled_from(["\n", "\r\n"]))
def test_plain_cells_are_read_back_as_the_csv_module_writes_them(tmp_path_factory, rows, quoting, delimiter, end):
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([("a", "b", "c"), *rows])
    path = tmp_path_factory.mktemp("t") / "t.csv"
    path.write_bytes(gzip.compress(stream.getvalue().encode()))
    assert [tuple(row) for row in cells(open_table(path))] == rows


def test_checksum_is_that_of_the_bytes_on_disk(tmp_path):
    (tmp_path / "t.csv.gz").write_bytes(GZIPPED)
    assert checksum(tmp_path / "t.csv.gz") == hashlib.sha256(GZIPPED).hexdigest()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_watch_is_told_how_much_of_the_file_is_read(table, pack):
    told, raw = [], pack(b"a,b\n" + b"1,2\n" * 70_000)
    list(table(raw).lines(told.append))
    assert told == sorted(told)
    assert len(told) == 3
    assert 0 < told[0] <= told[-1] <= len(raw)


# cells over several lines ------------------------------------------------------------------------


def test_quoted_cell_spans_lines_where_the_layout_allows_it(table):
    assert cells(table('a,b\n"one\ntwo\n\nthree",2\n3,4\n', SPANNING)) == [["one two  three", "2"], ["3", "4"]]


def test_quoted_cell_with_a_tab_spans_lines_too(table):
    assert cells(table('a,b\n"one\tof\ntwo",2\n', SPANNING)) == [["one\tof two", "2"]]


def test_line_after_a_spanning_cell_keeps_its_number(table):
    assert [line.number for line in table('a,b\n"one\ntwo",2\n3,4\n', SPANNING).lines()] == [2, 4]


@pytest.mark.parametrize("layout", [Layout(), SPANNING])
@pytest.mark.parametrize("row", ['"one,2', 'x,5" gel', 'x,"y""'])
def test_open_quote_is_refused_with_its_line(table, layout, row):
    with pytest.raises(SchemaError, match=r"^t\.txt:3: a quote is opened and not closed in .*; close it"):
        cells(table(f"a,b\n1,2\n{row}\n3,4\n", layout))


def test_open_quote_between_tabs_is_refused_with_its_line_and_column(table):
    with pytest.raises(SchemaError, match=r"^t\.txt:2: column 'target': a quote is opened and not closed in '\"PTEN'"):
        chosen(table(HEADER + 'miR-1\t"PTEN\t\nmiR-2\tPTEN"\t\n'))


def test_open_quote_in_a_table_without_spanning_cells_swallows_no_row(table):
    with pytest.raises(SchemaError, match=r"^t\.txt:2: a quote is opened"):
        cells(table('a,b\n"one,2\n3,4\n"five,6\n'))


def test_two_open_quotes_in_a_spanning_table_swallow_no_row(table):
    with pytest.raises(SchemaError, match=r"^t\.txt:2: quotes do not pair up"):
        cells(table('a,b\n"one,2\n3,4\n"five,6\n', SPANNING))


def test_cell_over_more_lines_than_a_text_has_is_an_open_quote(table, monkeypatch):
    monkeypatch.setattr(databases, "MAX_SPANNED", 3)
    with pytest.raises(SchemaError, match=r"^t\.txt:2: a quote is opened"):
        cells(table('a,b\n"1\n2\n3\n4\n5",6\n', SPANNING))


@pytest.mark.parametrize("row", ['"a"b,2', '"a" ,2'])
def test_text_after_a_closing_quote_is_refused_with_its_line(table, row):
    with pytest.raises(SchemaError, match=r"^t\.txt:2: quotes do not pair up"):
        cells(table(f"a,b\n{row}\n"))


# what is refused ---------------------------------------------------------------------------------


def test_missing_column_names_the_nearest(table):
    with pytest.raises(SchemaError, match=r"^t\.txt:1: column 'Target Gene' is missing\. Did you mean 'Target Genes'\? Found 2 columns: mirna, Target Genes\.$"):
        chosen(table("mirna\tTarget Genes\nmiR-1\tPTEN\n"))


@pytest.mark.parametrize("header", ["mirna,target,target", "mirna,target,TARGET"])
def test_used_column_that_stands_twice_is_refused(table, header):
    with pytest.raises(SchemaError, match=r"^t\.txt:1: column '(target|TARGET)' stands twice"):
        chosen(table(f"{header}\nmiR-1,PTEN,TP53\n"))


def test_column_that_is_not_used_may_stand_twice(table):
    assert chosen(table("mirna,target,,\nmiR-1,PTEN,,\n")) == [["miR-1", "PTEN"]]


def test_header_that_is_none_is_shown_in_part(table):
    with pytest.raises(SchemaError) as caught:
        chosen(table(",".join(["x" * 1_000] * 100)))
    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(("row", "count"), [("1\t2", 2), ("1\t2\t3\t4", 4), ("1,2,3", 1), (" ", 1)])
def test_ragged_row_is_refused_with_its_line(table, row, count):
    with pytest.raises(SchemaError, match=rf"^t\.txt:3: {count} cells, expected 3 as in the header"):
        cells(table(f"{HEADER}1\t2\t3\n{row}\n"))


@pytest.mark.parametrize("rows", ["1 x y\n2 x\n", "x y\n1 x y\n"])
def test_row_names_of_r_stand_in_all_rows_or_in_none(table, rows):
    with pytest.raises(SchemaError, match=r"^t\.txt:3: \d cells, expected \d"):
        cells(table(f"a b\n{rows}"))


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("x")', "@SUM(1)", "+SUM(1)", "-2+3+cmd|' /C calc'!A0", '"=1+1"', '"@SUM(1)"'])
def test_formula_in_a_used_column_is_refused_with_its_place(table, cell):
    with pytest.raises(SchemaError, match=r"^t\.txt:2: column 'target': .* looks like a spreadsheet formula"):
        chosen(table(f"{HEADER}miR-1\t{cell}\t\n"))


def test_formula_in_a_quoted_cell_between_commas_is_refused(table):
    with pytest.raises(SchemaError, match="looks like a spreadsheet formula"):
        chosen(table('mirna,target\nmiR-1,"=1+1"\n'))


def test_formula_in_a_column_that_is_not_used_is_not_looked_at(table):
    assert chosen(table(HEADER + "miR-1\tPTEN\t=1+1\n")) == [["miR-1", "PTEN"]]


@pytest.mark.parametrize("cell", ["x" * (MAX_CELL + 1), '"' + "x" * (MAX_CELL + 1) + '"', "'" + "x" * MAX_CELL, "-" + "x" * MAX_CELL], ids=["plain", "quoted", "'", "-"])
def test_endless_cell_in_a_used_column_is_refused_with_its_place(table, cell):
    with pytest.raises(LimitError, match=r"^t\.txt:2: column 'target': 20,001 characters"):
        chosen(table(f"{HEADER}miR-1\t{cell}\t\n"))


BYTES = {
    "byte-order mark": (b"\xef\xbb\xbfa,b\n", "1: the file starts with a byte-order mark"),
    "UTF-16": ("a,b\r\n1,2\r\n".encode("utf-16"), "1: the file is UTF-16"),
    "UTF-16 without a mark": ("a,b\r\n1,2\r\n".encode("utf-16-le"), "1: a NUL byte"),
    "NUL": (b"a,b\n1,\0\n", "2: a NUL byte"),
    "Latin-1": ("a,b\n1,2\n3,°C\n".encode("latin-1"), "3: byte 0xb0 is not UTF-8"),
    "nothing": (b"", "1: the table is empty"),
    "only line ends": (b"\r\n\n", "1: the table is empty"),
    "old Macintosh line ends": (b"a,b\r1,2\r3,4\r", "1: the lines end as on an old Macintosh"),
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("what", BYTES)
def test_bytes_that_are_no_table_are_refused_with_their_line(table, pack, what):
    raw, sentence = BYTES[what]
    with pytest.raises(SchemaError, match=rf"^t\.txt:{sentence}"):
        cells(table(pack(raw)))


DAMAGED = {
    "head only": GZIPPED[:5],
    "half": GZIPPED[: len(GZIPPED) // 2],
    "last byte missing": GZIPPED[:-1],
    "wrong block": GZIPPED[:10] + b"\xff" * 4 + GZIPPED[14:],
    "wrong checksum": GZIPPED[:-8] + b"\0" * 8,
    "more after the end": GZIPPED + b"more",
}


@pytest.mark.parametrize("what", DAMAGED)
def test_archive_that_is_damaged_or_cut_off_is_refused(table, what):
    with pytest.raises(SchemaError, match=r"^t\.txt:\d+: the archive is damaged or cut off"):
        cells(table(DAMAGED[what]))


def test_line_at_the_limit_is_read_and_one_byte_more_is_refused(table, monkeypatch):
    monkeypatch.setattr(databases, "MAX_LINE", 6)
    assert cells(table("a,b\n12,45\n")) == [["12", "45"]]
    with pytest.raises(LimitError, match=r"^t\.txt:2: a line of more than 6 bytes"):
        cells(table("a,b\n12,456\n"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_table_beyond_the_limit_is_refused_by_its_unpacked_size(table, monkeypatch, pack):
    monkeypatch.setattr(databases, "MAX_TABLE_BYTES", 1_000)
    assert len(cells(table(pack(b"a,b\n" + b"1,2\n" * 249)))) == 249
    with pytest.raises(LimitError, match=r"^t\.txt:251: more than 1,000 bytes unpacked"):
        cells(table(pack(b"a,b\n" + b"1,2\n" * 250)))


@pytest.mark.parametrize("layout", [Layout(), Layout(header=("a", "b"))])
@pytest.mark.parametrize(("name", "sentence"), [("t.csv", "t.csv: no such file"), ("", "this is a folder; expected a file"), ("x" * 300, "x: cannot be read")])
def test_file_that_cannot_be_read_is_named(tmp_path, layout, name, sentence):
    with pytest.raises((InputError, StoreError), match=sentence):
        cells(open_table(tmp_path / name, layout))
