"""Names of human genes: any alias of one gene leads to its approved symbol, and a name of several to none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import api
from vesicle.errors import UnknownName
from vesicle.evidence import genes
from vesicle.evidence.genes import approved, by_number, candidates, hgnc, resolve

SYMBOLS = genes._names().hgnc


@pytest.mark.parametrize(
    ("written", "symbol", "status"),
    [
        ("TP53", "TP53", "approved symbol"),
        ("tp53", "TP53", "approved symbol in other capitals"),
        ("p53", "TP53", "alias"),
        ("PD-L1", "CD274", "alias"),
        ("HER2", "ERBB2", "alias"),
        ("Erk2", "MAPK1", "alias"),
        ("MDR1", "ABCB1", "previous symbol"),  # also an alias of TBC1D9: what it was goes first
        ("AR", "AR", "approved symbol"),  # also an alias of other genes: what it is goes first
        (" EGFR ", "EGFR", "approved symbol"),
    ],
)
def test_name_leads_to_its_gene_and_says_why(written, symbol, status):
    found = resolve(written)
    assert (found.symbol, found.status, found.asked) == (symbol, status, written)
    assert found.hgnc == hgnc(symbol) != ""


def test_every_approved_symbol_leads_to_itself():
    assert len(SYMBOLS) > 20_000
    assert [symbol for symbol in SYMBOLS if approved(symbol) != symbol] == []


def test_no_number_belongs_to_two_genes():
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_name_of_several_genes_is_refused_with_all_of_them():
    assert approved("p38") == ""
    with pytest.raises(UnknownName, match=r"'p38' is ambiguous: it is an alias of AHSA1 \(HGNC:\d+\), AIMP2 \(HGNC:\d+\), MAPK14 \(HGNC:6876\)\. Write one of them"):
        resolve("p38")


def test_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(UnknownName, match=r"unknown gene name 'TP35'\. Nearest: .*\bTP53\b"):
        resolve("TP35")


@pytest.mark.parametrize("written", ["", " ", "no gene at all", "caspase-29", "x" * 100_000])
def test_what_is_no_gene_has_no_candidates_and_is_refused(written):
    assert candidates(written) == []
    with pytest.raises(UnknownName, match="unknown gene name"):
        resolve(written)


@pytest.mark.parametrize(("number", "symbol"), [("7157", "TP53"), ("ENSG00000141510", "TP53"), ("ENSG00000141510.18", "TP53"), ("", ""), ("0", ""), ("ENSG0", "")])
def test_number_leads_to_its_gene_or_to_nothing(number, symbol):
    assert by_number(number) == symbol


def test_unknown_symbol_has_no_number():
    assert hgnc("p53") == ""


@given(st.text(max_size=40) | st.sampled_from(sorted(genes._names().alias)))
def test_candidates_never_fail_and_agree_with_approved(text):
    found = candidates(text)
    assert all(hgnc(gene.symbol) == gene.hgnc and gene.asked == text for gene in found)
    assert approved(text) == (found[0].symbol if len(found) == 1 else "")


def test_gene_is_resolved_beside_mirnas():
    assert api.resolve_name("PD-L1")["symbol"] == "CD274"
