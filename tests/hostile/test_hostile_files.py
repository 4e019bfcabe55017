"""Files from strangers: each trap is either harmless text or one located sentence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import reading
from vesicle.errors import InputError, LimitError, SchemaError

COLUMNS = ("id", "value", "unit")
GOOD = "id\tvalue\tunit\n"


def yaml(text):
    return reading.yaml_text(text, "f.yaml").plain()


def tsv(raw):
    return [dict(row.cells) for row in reading.iter_rows(reading.decode(raw, "f.tsv"), "f.tsv", COLUMNS)]


def complaint(read, hostile, kind=SchemaError):
    """The message of the error, after checking that it is one line and hides the parser's own error."""
    with pytest.raises(kind) as caught:
        read(hostile)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    assert re.fullmatch(r"f\.(yaml|tsv):\d+: [^\n]+[.?]", str(error))
    return str(error)


def outcome(read, hostile):
    """'read', or the message of an error of ours; any other error passes through."""
    try:
        read(hostile)
    except InputError as problem:
        return str(problem)
    return "read"


@pytest.mark.parametrize("scalar", ["no", "off", "y", "1e3", "1_000", ".inf", "-.inf", ".nan", "2020-01-01", "12:30:45", "0x1F", "0o17", "010", "1.", "=", "N"])
def test_yaml_scalar_stays_the_text_that_was_written(scalar):
    assert yaml(f"a: {scalar}") == {"a": scalar}


@pytest.mark.parametrize("scalar", ["no", "1e3", "2020-01-01", "null"])
def test_yaml_scalar_in_a_key_stays_text(scalar):
    assert yaml(f"{scalar}: x") == {scalar: "x"}


def test_yaml_1_1_directive_does_not_turn_no_into_false():
    assert yaml("%YAML 1.1\n---\na: no\n") == {"a": "no"}


@pytest.mark.parametrize(("text", "line", "first"), [("a: 1\nb: 2\na: 3\n", 3, 1), ("x:\n  a: 1\n  'a': 3\n", 3, 2), ("- {a: 1,\n   a: 2}\n", 2, 1)])
def test_yaml_duplicate_key_is_refused_with_both_lines(text, line, first):
    assert complaint(yaml, text) == f"f.yaml:{line}: the key 'a' stands twice (first on line {first}); keep one."


@pytest.mark.parametrize("text", ["a: 1\nb: &x 1\n", "a: 1\nb: &x [1]\nc: *x\n", "a: 1\nb: &x {c: 1}\n"])
def test_yaml_anchor_is_refused(text):
    assert complaint(yaml, text).startswith("f.yaml:2: anchors and aliases")


def test_yaml_alias_to_nothing_is_refused():
    assert complaint(yaml, "a: 1\nb: *x\n").startswith("f.yaml:2: this is not YAML")


def test_yaml_billion_laughs_is_refused_before_it_grows():
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert complaint(yaml, "\n".join(lines)).startswith("f.yaml:1: anchors and aliases")


@pytest.mark.parametrize("text", ["a: 1\n<<: {b: 1}\n", "c:\n  <<: {b: 1}\n"])
def test_yaml_merge_key_is_refused(text):
    assert complaint(yaml, text).startswith("f.yaml:2: merge keys")


@pytest.mark.parametrize("text", ["c: {<<: {b: 1}}\n", "- <<: {b: 1}\n"])
def test_yaml_merge_key_inside_a_line_is_refused(text):
    assert complaint(yaml, text).startswith("f.yaml:1: merge keys")


@pytest.mark.parametrize("text", ["a: 1\nb: !!python/object/apply:os.system [ls]\n", "a: 1\nb: !x 1\n", "a: 1\nb: !!int 1\n", "a: 1\nb: !!set {x, y}\n", "a: 1\n!!str b: c\n"])
def test_yaml_tag_is_refused(text):
    assert complaint(yaml, text).startswith("f.yaml:2: tags ('!...')")


def test_yaml_nested_beyond_the_limit_is_refused():
    deep = reading.MAX_DEPTH + 2
    assert complaint(yaml, "[" * deep + "]" * deep, LimitError) == "f.yaml:1: nested deeper than 20 levels."


def test_yaml_nested_at_the_limit_is_read():
    assert yaml("[" * reading.MAX_DEPTH + "]" * reading.MAX_DEPTH) is not None


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 5_000 + "}" * 5_000, "\n".join(" " * i + "a:" for i in range(1_500))])
def test_yaml_nested_beyond_all_reason_is_refused(text):
    complaint(yaml, text, InputError)


@pytest.mark.parametrize(("text", "count"), [("a: 1\n---\nb: 2\n", 2), ("", 0), ("# only a comment\n", 0), ("a: 1\n---\n---\n", 3)])
def test_yaml_file_that_is_not_one_document_is_refused(text, count):
    assert complaint(yaml, text) == f"f.yaml:1: {count} documents, expected exactly one with content."


def test_yaml_document_without_content_is_refused():
    complaint(yaml, "---\n")


@pytest.mark.parametrize(
    ("text", "line"), [("a:\n\tb: 1\n", 2), ("a: 1\n  b: 2\n", 2), ("a: [1,\nb: 2\n", 3), ("a: 1\nb: @x\n", 2), ('a: "\\xZZ"\n', 1), ("%YAML 2.0\n---\na: 1\n", 1)]
)
def test_yaml_bad_syntax_is_refused_at_its_line(text, line):
    assert complaint(yaml, text).startswith(f"f.yaml:{line}: this is not YAML")


@pytest.mark.parametrize("text", ["a: \x07\n", "a: \x7f\n", 'a: "\\U00110000"\n', "a: \ufffe\n"])
def test_yaml_character_that_is_no_text_is_refused(text):
    assert complaint(yaml, text).startswith("f.yaml:1: this is not YAML")


@pytest.mark.parametrize("text", ["a: 1\n? [b]\n: 1\n", "a: 1\n? {b: c}\n: 1\n"])
def test_yaml_key_that_is_not_text_is_refused(text):
    assert complaint(yaml, text) == "f.yaml:2: a key must be text, not a list or a mapping."


@given(st.text(st.sampled_from("ab:- \n\t[]{}&*!|>'\"#%@,?<~\\01.=")))
def test_yaml_noise_gives_a_tree_or_a_located_sentence(text):
    assert re.fullmatch(r"read|f\.yaml:\d+: .*\.", outcome(yaml, text))


def test_tsv_byte_order_mark_is_refused_by_name():
    assert complaint(tsv, b"\xef\xbb\xbf" + GOOD.encode()).startswith("f.tsv:1: the file starts with a byte-order mark")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_tsv_in_wide_characters_is_refused_by_name(encoding):
    assert complaint(tsv, GOOD.encode(encoding)).startswith("f.tsv:1: the file is UTF-16, expected UTF-8")


def test_tsv_in_utf_16_without_a_mark_is_refused():
    assert complaint(tsv, GOOD.encode("utf-16-le")).startswith("f.tsv:1: a NUL byte")


def test_tsv_nul_byte_is_refused_at_its_line():
    assert complaint(tsv, GOOD.encode() + b"M-1\t1\tmL\nM-2\t\0\tmL\n").startswith("f.tsv:3: a NUL byte")


def test_tsv_in_latin_1_is_refused_at_its_line():
    assert complaint(tsv, (GOOD + "M-1\t1\t°C\n").encode("latin-1")) == "f.tsv:2: byte 0xb0 is not UTF-8. Save the file again as 'UTF-8'."


def test_decoded_text_has_no_windows_line_ends():
    assert tsv(b"id\tvalue\tunit\r\nM-1\t1\tmL\r\n") == [{"id": "M-1", "value": "1", "unit": "mL"}]


def test_tsv_with_old_macintosh_line_ends_is_refused():
    complaint(tsv, b"id\tvalue\tunit\rM-1\t1\tmL\r")


@pytest.mark.parametrize(("row", "count"), [("M-2\t1", 2), ("M-2\t1\tmL\tx", 4), ("", 1), ("M-2,1,mL", 1)])
def test_tsv_ragged_row_is_refused_at_its_line(row, count):
    assert complaint(tsv, f"{GOOD}M-1\t1\tmL\n{row}\nM-3\t1\tmL\n".encode()).startswith(f"f.tsv:3: {count} cells, expected 3")


@pytest.mark.parametrize("cell", ['"1', '"', "'tis", '"a" b'])
def test_tsv_open_quote_is_refused_and_swallows_no_row(cell):
    assert complaint(tsv, f"{GOOD}M-1\t{cell}\tmL\nM-2\t1\tmL\n".encode()).startswith("f.tsv:2: column 'value': a quote is opened and not closed")


@pytest.mark.parametrize("cell", ["=1+1", '=HYPERLINK("http://x")', "@SUM(1)", "+SUM(1)", "-A1", "+(1)"])
def test_tsv_formula_cell_is_refused(cell):
    assert "column 'value': " in complaint(tsv, f"{GOOD}M-1\t{cell}\tmL\n".encode())


@pytest.mark.parametrize("cell", ["+1+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"])
def test_tsv_formula_that_starts_with_a_number_is_refused(cell):
    complaint(tsv, f"{GOOD}M-1\t{cell}\tmL\n".encode())


def test_tsv_duplicate_column_is_refused():
    assert complaint(tsv, b"id\tvalue\tvalue\tunit\n") == "f.tsv:1: column 'value' stands twice, expected once. Remove one."


def test_tsv_unknown_column_is_refused_with_the_nearest_one():
    assert complaint(tsv, b"id\tvalues\tunit\n") == "f.tsv:1: unknown column 'values'. Did you mean 'value'?"


def test_tsv_missing_column_is_refused():
    assert complaint(tsv, b"id\tvalue\n").startswith("f.tsv:1: column 'unit' is missing")


def test_tsv_without_a_line_is_refused():
    assert complaint(tsv, b"").startswith("f.tsv:1: the table is empty")


def test_tsv_endless_cell_is_refused():
    long = "x" * (reading.MAX_CELL + 1)
    assert complaint(tsv, f"{GOOD}M-1\t{long}\tmL\n".encode(), LimitError).startswith("f.tsv:2: column 'value': 20,001 characters")


@given(st.binary() | st.text(st.sampled_from("idvalueunit\t\n\r\"'=+-@1\0\ufeff")).map(lambda text: (GOOD + text).encode()))
def test_tsv_noise_gives_rows_or_a_located_sentence(raw):
    assert re.match(r"read$|f\.tsv:\d+: ", outcome(tsv, raw))
