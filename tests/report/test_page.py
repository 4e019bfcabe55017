"""The report page: whole, self-contained, equal for equal runs, and honest about what has no value."""

import copy
import re
from html.parser import HTMLParser

import pytest

from vesicle.report import sections, words
from vesicle.report.page import build
from vesicle.runs import documents
from vesicle.runs.execute import execute

HEADINGS = (
    "1 Verdict",
    "2 Curves of",
    "3 Chain of custody",
    "4 What decides",
    "5 Where it is over time",
    "6 Arms",
    "7 Parameters",
    "8 Warnings, claims and references",
    "9 Provenance",
)
VOID = {"meta", "br", "wbr", "path", "use", "link", "rect", "line", "circle"}


@pytest.fixture(scope="module")
def run():
    outcome = execute("pancreas-kras", samples=3, workers=1, until="96 h", changes={"question.at": "96 h"})
    return outcome, documents.summary(outcome)


@pytest.fixture(scope="module")
def page(run):
    return build(*run).decode()


def changed(run, **verdict):
    """The run with another verdict, in the summary and in the question's arm."""
    outcome, summary = run
    other = copy.deepcopy(summary)
    other["verdict"] |= verdict
    arm = other["arms"][other["question"]["arm"]]["verdict"]
    arm |= {key: value for key, value in verdict.items() if key in arm}
    return build(outcome, other).decode()


def without_figures(text):
    return re.sub(r"<(svg|style).*?</\1>", "", text, flags=re.DOTALL)


class Balance(HTMLParser):
    """Every element that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.wrong.append((tag, self.getpos()))


def test_page_has_every_section_in_order(page):
    found = [re.sub(r"<.*?>", "", text) for text in re.findall(r"<h2>(.*?)</h2>", page)]
    assert len(found) == len(HEADINGS)
    assert all(text.startswith(heading) for text, heading in zip(found, HEADINGS, strict=True))
    assert page.rstrip().endswith("</html>")
    assert "Research use only; not medical advice." in page[-200:]


def test_page_loads_nothing_from_outside(page):
    assert "http" not in page
    assert not re.search(r"<script|<link|<img|<iframe|@import|\bsrc=", page)
    assert all(target.startswith("#") for target in re.findall(r'href="([^"]*)"', page))


def test_page_is_the_same_for_the_same_run(run, page):
    assert build(*run).decode() == page


def test_elements_are_balanced_and_ids_are_unique(page):
    reader = Balance()
    reader.feed(page)
    assert reader.wrong == []
    assert reader.open == []
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_every_figure_has_a_name_and_points_to_its_data(page):
    figures = re.findall(r"<figure>.*?</figure>\s*(?:<details>)?", page, flags=re.DOTALL)
    assert len(figures) == 5
    for figure in figures:
        assert re.search(r'<svg role="img" aria-label="[^"]{20,}"', figure)
        assert "Data: custody table" in figure or figure.endswith("<details>")


def test_numbers_are_short(page):
    text = without_figures(page)
    text = text[: text.index('<section id="evidence">')]
    assert not re.search(r"\d\.\d{6,}|\de[-+]?\d{2}|\bnan\b|\binf\b|\bNone\b", text)


def test_verdict_is_told_with_its_interval_and_its_report(run, page):
    outcome, summary = run
    text = without_figures(page)
    assert f"of {summary['verdict']['draws']} parameter draws" in text
    assert "90 % Wilson interval" in text
    assert f"{outcome.scenario.reports[0].reference} reports:" in text


def test_infinite_values_are_not_reachable(run):
    endless = {"nominal": None, "q05": 4.2, "q50": None, "q95": None, "reason": "not reachable in these draws"}
    text = changed(run, gap_orders=endless, needed_copies_per_cell=endless, held_copies_per_cell=endless)
    assert "no number of guides reaches the change (gap 5–95 %: 4.2 to not reachable orders of magnitude)" in text


def test_page_without_gap_levers_and_tornado_says_why(run):
    blank = {
        "gap_orders": None,
        "held_copies_per_cell": None,
        "needed_copies_per_cell": None,
        "gap_reason": "no guide has a site",
        "tornado": [],
        "rivals": [],
        "levers": {},
        "deciding_parameter": None,
        "room": [],
    }
    text = changed(run, dose_needed={"reason": "nothing is given in this arm"}, **blank)
    assert "There is no gap to print: no guide has a site." in text
    assert "No ranking of parameters: no guide has a site." in text


@pytest.mark.parametrize(
    ("carry", "told"), [("carried", "can carry it (carried)"), ("not carried", "does not explain it (unexplained;"), ("undetermined", "can carry it is undetermined")]
)
def test_report_is_carried_unexplained_or_undetermined(run, carry, told):
    mark = dict(run[1]["verdict"]["evidence_says"][0], carry=carry, unexplained=carry == "not carried")
    outcome, summary = run
    found = sections.reports(outcome, {**summary, "verdict": {**summary["verdict"], "evidence_says": [mark]}})
    assert told in found[0]["tail"]


def test_text_of_others_is_escaped(run):
    outcome, summary = run
    text = build(outcome, {**summary, "title": "a <b>bold</b> claim", "warnings": ["<script>alert(1)</script>"], "unknown": 1}).decode()
    assert "a &lt;b&gt;bold&lt;/b&gt; claim" in text
    assert "<b>bold" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0123456, "0.0123"),
        (380.4, "380"),
        (9996, "10<sup>4</sup>"),
        (-3.2e-4, "−3.2\u00a0×\u00a010<sup>−4</sup>"),
        (1e9, "10<sup>9</sup>"),
        (None, "not reachable"),
        (float("inf"), "not reachable"),
    ],
)
def test_number_has_three_digits_and_a_proper_power(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(-0.5, "−50\u00a0%"), (1e-9, "&lt;\u00a00.01\u00a0%"), (19.0, "20-fold"), (None, "no value")])
def test_change_is_a_per_cent_a_bound_or_a_fold(value, text):
    assert words.change(value) == text


@pytest.mark.parametrize(("unit", "text"), [("1", ""), ("um2/h", "µm²/h"), ("mPa*s", "mPa·s"), ("pL/(copy*h)", "pL/(copy·h)"), ("ug/EV", "µg/EV"), ("1/um", "1/µm")])
def test_unit_is_printed_with_its_signs(unit, text):
    assert words.unit(unit) == text


def test_equal_quantiles_are_one_number():
    assert words.interval({"q05": 140.0, "q50": 140.0, "q95": 140.0}) == "140"
    assert words.interval({"q05": None, "q50": None, "q95": None, "reason": "no draw has a value"}) == "no value"
