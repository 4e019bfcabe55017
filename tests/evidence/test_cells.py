"""Names of cells: any style leads to one line, another line is never meant, and what may mean several is refused."""

import pytest

from vesicle import reading
from vesicle.errors import AmbiguousName, UnknownName
from vesicle.evidence import cells, shipped
from vesicle.evidence.library import RECORDS
from vesicle.evidence.matching import match
from vesicle.evidence.priors import expression_in, stands_for
from vesicle.evidence.priors.expression import recipients
from vesicle.model.signalling import expressed

SPELLINGS = [
    ("U87-MG", "U-87 MG"), ("U87", "U-87 MG"), ("u87mg", "U-87 MG"), ("U\u201187 MG", "U-87 MG"), ("U-87 MG [Cellosaurus:CVCL_0022]", "U-87 MG"), ("a549", "A549"),
    ("A-549", "A549"), ("K562", "K-562"), ("RPMI8226", "RPMI-8226"), ("MCF-7", "MCF7"), ("Hep-G2", "Hep G2"), ("HEK293T", "HEK 293"), ("293T", "HEK 293"),
    ("HEK 293", "HEK 293"), ("NK cell", "NK_cell"), ("MDA-MB231", ""), ("MDA-231", ""), ("4T1", ""), ("B16F10", ""), ("B16-F10", ""),
]  # fmt: skip


@pytest.mark.parametrize(("written", "sample"), SPELLINGS)
def test_any_spelling_leads_to_the_sample_of_the_line(written, sample):
    assert stands_for(written).sample == sample


def test_spelling_changes_no_value():
    assert expression_in("U87-MG") == expression_in("U-87 MG") != {}


@pytest.mark.parametrize(("written", "meant"), [("B16", ("B16-F10", "B16-BL6")), ("HEK", ("HEK293", "HEK293T")), ("mda mb", ("MDA-MB-231", "MDA-MB-468"))])
@pytest.mark.parametrize("ask", [stands_for, expressed])
def test_name_that_may_mean_several_lines_is_refused_with_all_of_them(ask, written, meant):
    with pytest.raises(AmbiguousName, match=f"'{written}' is ambiguous: it may mean '{meant[0]}' or '{meant[1]}'; write which"):
        ask(written)


def test_names_that_differ_in_style_alone_are_refused_where_both_are_known():
    with pytest.raises(AmbiguousName, match="it may mean 'AB-1' or 'A-B1'"):
        cells.find("ab1", ("AB-1", "A-B1"))


@pytest.mark.parametrize(("written", "nearest"), [("HepG3", "HepG2"), ("U88-MG", "U-87 MG")])
def test_unknown_line_is_refused_with_the_nearest_and_never_taken_for_it(written, nearest):
    with pytest.raises(UnknownName, match=f"Did you mean '{nearest}'"):
        stands_for(written)


@pytest.mark.parametrize(
    ("one", "two"), [("HEK293", "HEK293T"), ("B16-F10", "B16-BL6"), ("B16", "B16-F10"), ("MDA-MB-231", "MDA-MB-468"), ("T cell", "B cell"), ("", "A549"), ("U-87 MG", "U-251 MG")]
)
def test_relatives_are_two_cells(one, two):
    assert not cells.same(one, two)


def test_other_names_lead_to_names_that_the_records_use_and_never_to_themselves():
    used = {*recipients(), *(r.sample for r in recipients().values()), *(m.cell for m in shipped().measurements)}
    rows = reading.rows(RECORDS / "cell_names.tsv", cells.COLUMNS)
    assert [row["name"] for row in rows if row["name"] not in used] == []
    assert [row["written"] for row in rows if cells.key(row["written"]) in {cells.key(name) for name in used}] == []


def test_no_two_recipients_differ_in_style_alone():
    keys = [cells.key(name) for name in recipients()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("written", ["U87-MG", "U-87 MG", "u87"])
def test_measurement_of_a_line_answers_however_the_line_is_written(written):
    (record, *_) = [m for m in shipped().measurements if m.cell == "U87-MG" and m.role == "input" and m.distribution != "none"]
    context = {name: getattr(record, name) for name in ("species", "tissue", "product", "label", "method")}
    assert record.id in [m.id for m in match(shipped(), record.quantity, context | {"cell": written}).records]
