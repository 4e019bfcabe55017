"""Signed edges: a sign is what the table says, none is 0, and what is no sign is refused."""

import pytest
from tables import read

from vesicle.errors import InputError

OMNIPATH = "source | target | source_genesymbol | target_genesymbol | is_directed | is_stimulation | is_inhibition | references"
CONSENSUS = "source_genesymbol | target_genesymbol | is_stimulation | is_inhibition | consensus_stimulation | consensus_inhibition"
KEGG = "kegg_pathway | title | relation | source_entrez | target_entrez | sign | source | target"
COLUMNS = ("source", "target", "sign", "kind", "confidence", "pmids", "as_written")


def signs(rows):
    return [row["sign"] for row in rows]


@pytest.mark.parametrize(
    ("importer", "header", "line", "expected"),
    [
        ("omnipath", OMNIPATH, "P04637 | Q00987 | TP53 | MDM2 | 1 | 1 | 0 | SIGNOR:17179747", ("TP53", "MDM2", 1, "signalling", "", "17179747", "TP53 MDM2")),
        ("omnipath", "source | sign | target", "CALM3 | -1 | TRPC1", ("CALM3", "TRPC1", -1, "signalling", "", "", "CALM3 TRPC1")),
        ("kegg", KEGG, "01521 | EGFR inhibitor resistance | activation | 1950 | 1956 | 1 | EGF | EGFR", ("EGF", "EGFR", 1, "activation", "", "", "EGF EGFR")),
        ("collectri", "source | target | weight | PMID", "MYC | TERT | 1.0 | 10022128;10491298", ("MYC", "TERT", 1, "transcription", "", "10022128;10491298", "MYC TERT")),
        ("collectri", "source | target | mor", "MYC | TERT | -1", ("MYC", "TERT", -1, "transcription", "", "", "MYC TERT")),
        ("dorothea", "tf | confidence | target | mor", "AHR | C | CYP1A1 | 1.0", ("AHR", "CYP1A1", 1, "transcription", "C", "", "AHR CYP1A1")),
        (
            "dorothea", "tf | target | mor | confidence | which_curated | pubmed_id", "AHR | ABCG2 | 0.0 | D | trrust | 20460431",
            ("AHR", "ABCG2", 0, "transcription", "D", "20460431", "AHR ABCG2"),
        ),
        ("transmir", "source | target | mor", "SRF | hsa-miR-210 | -1", ("SRF", "hsa-miR-210-3p", -1, "transcription", "", "", "SRF hsa-miR-210")),
    ],
    ids=["OmniPath", "OmniPath of COSMOS", "KEGG", "CollecTRI", "CollecTRI shared", "DoRothEA", "DoRothEA curated", "TransmiR"],
)  # fmt: skip
def test_edge_of_each_database_is_read(tmp_path, importer, header, line, expected):
    assert read(tmp_path, importer, header, line, file="edges.csv.gz") == [dict(zip(COLUMNS, expected, strict=True))]


@pytest.mark.parametrize(
    ("written", "current"),
    [
        ("WAPAL", "WAPL"),
        ("PD-L1", "CD274"),
        ("COX2", "COX2"),  # of two genes
        ("Metab__HMDB0000220_c", "Metab__HMDB0000220_c"),
        ("miR-21*", "hsa-miR-21-3p"),
        ("MIMAT0000076", "hsa-miR-21-5p"),
        ("hsa-miR-146", "hsa-miR-146"),  # of several miRNAs
    ],
)
def test_both_ends_have_current_names_and_are_kept_as_written(tmp_path, written, current):
    (row,) = read(tmp_path, "omnipath", "source | sign | target", f"{written} | 1 | {written}")
    assert (row["source"], row["target"], row["as_written"]) == (current, current, f"{written} {written}")


@pytest.mark.parametrize(
    ("text", "sign"),
    [("1", 1), ("+1", 1), ("+", 1), ("1.0", 1), ("0.25", 1), ("-1", -1), ("-", -1), ("-1.0", -1), ("-0.5", -1), ("0", 0), ("0.0", 0), ("", 0), ("NA", 0)],
)
def test_sign_or_weight_of_a_cell(tmp_path, text, sign):
    assert signs(read(tmp_path, "collectri", "source | target | mor", f"MYC | TERT | {text}")) == [sign]


@pytest.mark.parametrize("column", ["mor", "sign", "weight", "interaction"])
def test_column_of_signs_may_have_any_of_its_names(tmp_path, column):
    assert signs(read(tmp_path, "omnipath", f"source | target | {column}", "EGF | EGFR | -1")) == [-1]


@pytest.mark.parametrize("text", ["2", "-1.01", "activation", "nan", "inf", "1;-1"])
def test_cell_that_is_no_sign_is_refused_with_its_place(tmp_path, text):
    with pytest.raises(InputError, match=r"table\.tsv:3: column 'mor': '"):
        read(tmp_path, "collectri", "source | target | mor", "MYC | TERT | 1", f"MYC | ODC1 | {text}")


@pytest.mark.parametrize(
    ("plus", "minus", "expected"),
    [
        ("1", "0", [1]), ("0", "1", [-1]), ("1", "1", [1, -1]), ("0", "0", [0]), ("", "", [0]),
        ("True", "False", [1]), ("FALSE", "TRUE", [-1]), ("1.0", "0.0", [1]), ("0.0", "1.0", [-1]), ("NA", "1", [-1]),
    ],
)  # fmt: skip
def test_stimulation_and_inhibition_are_one_sign_each(tmp_path, plus, minus, expected):
    assert signs(read(tmp_path, "omnipath", OMNIPATH, f"P1 | P2 | EGF | EGFR | 1 | {plus} | {minus} | ")) == expected


@pytest.mark.parametrize("text", ["yes", "2", "-1", "stimulation"])
def test_stimulation_that_is_neither_true_nor_false_is_refused(tmp_path, text):
    with pytest.raises(InputError, match=r"table\.tsv:2: column 'is_stimulation': .* neither true nor false"):
        read(tmp_path, "omnipath", OMNIPATH, f"P1 | P2 | EGF | EGFR | 1 | {text} | 0 | ")


def test_consensus_goes_before_what_single_resources_say(tmp_path):
    assert signs(read(tmp_path, "omnipath", CONSENSUS, "EGF | EGFR | 1 | 1 | 1 | 0")) == [1]


def test_table_without_any_column_of_signs_has_no_signs(tmp_path):
    assert signs(read(tmp_path, "omnipath", "source | target | source_genesymbol | target_genesymbol", "O00182 | P08575 | LGALS9 | PTPRC")) == [0]


@pytest.mark.parametrize(
    ("text", "pmids"),
    [("SIGNOR:17179747;TRIP:19296470", "17179747;19296470"), ("17179747|17179747", "17179747"), ("1, 2 3", "1;2;3"), ("KEGG:hsa04010;0;PMC12", ""), ("", "")],
)
def test_only_pubmed_numbers_are_kept_of_references(tmp_path, text, pmids):
    assert read(tmp_path, "omnipath", OMNIPATH, f"P1 | P2 | EGF | EGFR | 1 | 1 | 0 | {text}")[0]["pmids"] == pmids
