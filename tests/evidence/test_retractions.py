"""Retractions: a retracted work is found by DOI or PubMed number, and nothing that predicts rests on it any more."""

import csv
from dataclasses import replace

import pytest

from vesicle import api
from vesicle.errors import ModelError
from vesicle.evidence import matching, shipped
from vesicle.evidence.audit import audit
from vesicle.evidence.claim import Reference
from vesicle.evidence.library import Library
from vesicle.evidence.own import current
from vesicle.evidence.priors import core, edges_of, network, targets_of
from vesicle.model import scenario_file
from vesicle.model.assembly import assemble

PUBLISHED = (
    "Record ID", "Title", "Subject", "Institution", "Journal", "Publisher", "Country", "Author", "URLS", "ArticleType", "RetractionDate", "RetractionDOI",
    "RetractionPubMedID", "OriginalPaperDate", "OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason", "Paywalled", "Notes",
)  # fmt: skip
DAY = "1/31/2030 0:00"
LIBRARY = shipped()
WORK = LIBRARY.by_id["Ohno2013"]  # has a DOI, a PubMed number, a measurement, and an edge of the core
KEYS = {r.key for r in LIBRARY.references if r.pmid == WORK.pmid}  # a review cites it too
RECORD = LIBRARY.by_id["M-0422"]
EDGES = [edge for edge in core() if edge.pmids]
SINGLE, SEVERAL = (next(edge for edge in EDGES if len(edge.pmids) == count) for count in (1, 3))
SCENARIOS = [scenario_file.load(name) for name in scenario_file.shipped_names()[::6]]
"""Every sixth; a change of ``matching`` is worth all of them."""
pytestmark = pytest.mark.xdist_group("retractions")
EVERY = 16  # scenarios are assembled without every sixteenth work only, and their first two arms: all of them take minutes


def notice(nature: str = "Retraction", date: str = DAY, doi: str = "unavailable", pmid: str = "0", notice_doi: str = "10.9/notice", reason: str = "") -> dict[str, str]:
    return {
        "Title": "A title, with a comma\nand a line end", "RetractionNature": nature, "RetractionDate": date, "RetractionDOI": notice_doi, "RetractionPubMedID": "0",
        "OriginalPaperDOI": doi, "OriginalPaperPubMedID": pmid, "Reason": reason,
    }  # fmt: skip


def of_work(nature: str = "Retraction", date: str = DAY, **others: str) -> dict[str, str]:
    return notice(nature, date, **{"doi": WORK.doi, "pmid": WORK.pmid, **others})


@pytest.fixture
def watch(home, tmp_path):
    """Import notices as Retraction Watch publishes them."""

    def put(*notices: dict[str, str], name: str = "retraction_watch.csv") -> None:
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            table = csv.DictWriter(stream, PUBLISHED, restval="")
            table.writeheader()
            table.writerows(notices)
        api.import_evidence("retraction-watch", tmp_path / name)

    return put


def is_out() -> bool:
    return WORK.key in current().retracted


def retracted(key: str) -> Library:
    """The shipped library with one work retracted, under all its keys."""
    work = LIBRARY.same_work(key)
    return replace(LIBRARY, references=tuple(replace(r, retraction="retracted: 2030") if r.key in work else r for r in LIBRARY.references))


def answer(library: Library, quantity: str, context: dict[str, str]) -> object:
    try:
        return matching.match(library, quantity, context)
    except ModelError:
        return ModelError


def networks(scenario, library: Library) -> object:
    try:
        return {name: model.network for name, model in assemble(scenario, library, list(scenario.arms)[:2]).items()}
    except ModelError as problem:
        return type(problem)


@pytest.fixture(scope="module")
def questions():
    """Every question that the shipped scenarios ask of the library."""
    asked, match = {}, matching.match

    def listening(library, quantity, context):
        asked[quantity, tuple(sorted(context.items()))] = None
        return match(library, quantity, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "match", listening)
        for scenario in SCENARIOS:
            assemble(scenario, LIBRARY)
    return [(quantity, dict(context)) for quantity, context in asked]


@pytest.fixture(scope="module")
def used(questions):
    """Every work with an input measurement of a quantity that the shipped scenarios ask for."""
    asked = {quantity for quantity, _ in questions}
    return sorted({m.reference for m in LIBRARY.measurements if m.role == "input" and m.quantity in asked})


@pytest.mark.parametrize(
    ("found_by", "keys"),
    [
        pytest.param({"doi": WORK.doi}, KEYS, id="DOI"),
        pytest.param({"doi": WORK.doi.upper()}, KEYS, id="DOI in capitals"),
        pytest.param({"doi": f"https://doi.org/{WORK.doi}"}, KEYS, id="DOI with its address"),
        pytest.param({"pmid": WORK.pmid}, KEYS, id="PubMed number"),
        pytest.param({"doi": "10.1/another", "pmid": WORK.pmid}, KEYS, id="PubMed number under another DOI"),
        pytest.param({"doi": "10.1007/s00018-017-2595-9", "pmid": "29110009"}, {"N3"}, id="DOI of a reference without a number"),
        pytest.param({"doi": "10.1/another", "pmid": "27669649"}, {"N26"}, id="number of a reference without a DOI"),
    ],
)
def test_retracted_work_is_found(watch, found_by, keys):
    watch(notice(**found_by))
    assert current().retracted == keys


def test_work_without_identifiers_meets_no_notice_without_identifiers(watch):
    watch(notice(), notice(doi=WORK.doi))
    assert any(not r.pmid.isdigit() and not r.doi.startswith("10.") for r in LIBRARY.references)
    assert current().retracted == KEYS


def test_reference_says_date_notice_reason_and_table(watch):
    watch(of_work(reason="+Duplication of Image;"))
    state = current().by_id[WORK.key].retraction
    assert state.startswith("retracted: 1/31/2030, notice doi:10.9/notice, +Duplication of Image (retraction-watch ")


def test_retraction_without_a_date_is_a_retraction(watch):
    watch(of_work(date=""))
    assert is_out()


@pytest.mark.parametrize(("nature", "word"), [("Correction", "corrected"), ("Expression of concern", "concern")])
def test_milder_notice_is_shown_and_takes_nothing_out(watch, nature, word):
    watch(of_work(nature))
    found = api.evidence_retractions()
    assert {(row["reference"], row["state"].split(":")[0], row["retracted"], row["enters_predictions"]) for row in found} == {(key, word, False, True) for key in KEYS}
    assert not is_out()


@pytest.mark.parametrize(
    ("notices", "out"),
    [
        pytest.param((of_work(), of_work("Reinstatement", "2/1/2031 0:00")), False, id="reinstated later"),
        pytest.param((of_work("Reinstatement", "2/1/2031 0:00"), of_work()), False, id="reinstated later, listed first"),
        pytest.param((of_work("Reinstatement", "2/1/2029 0:00"), of_work()), True, id="retracted again"),
        pytest.param((of_work(), of_work("Reinstatement", "2031-02-01")), False, id="dates in two styles"),
        pytest.param((of_work(), of_work("Correction", "2/1/2031 0:00")), True, id="corrected later"),
        pytest.param((of_work("Correction", "1/2/2029 0:00"), of_work()), True, id="corrected before"),
        pytest.param((of_work(doi=""), of_work("Correction", pmid="")), True, id="correction knows the DOI only"),
        pytest.param((of_work(), of_work("Reinstatement", "2/1/2031 0:00", pmid="")), False, id="reinstatement knows the DOI only"),
        pytest.param((of_work(), of_work("Reinstatement", "2/1/2031 0:00", doi="")), False, id="reinstatement knows the number only"),
    ],
)
def test_last_notice_holds_but_a_correction_undoes_no_retraction(watch, notices, out):
    watch(*notices)
    assert is_out() is out
    assert any(edge.pmids == (WORK.pmid,) for edge in network()) is not out


def test_reinstatement_in_one_table_holds_against_an_older_retraction_in_another(watch):
    watch(of_work("Reinstatement", "2/1/2031 0:00"), name="a.csv")
    watch(of_work(), name="b.csv")
    assert not is_out()


def test_retraction_changes_the_content_hash(watch):
    watch(of_work())
    assert current().content != LIBRARY.content


def test_notice_about_another_work_changes_nothing(watch):
    watch(notice(doi="10.1/another", pmid="1"))
    assert current() == LIBRARY


def test_measurement_of_a_retracted_work_does_not_answer(watch):
    assert matching.match(LIBRARY, RECORD.quantity, RECORD.context).records == (RECORD,)
    watch(of_work())
    with pytest.raises(ModelError, match=f"rests only on retracted work \\({RECORD.id}, {WORK.key}\\)"):
        matching.match(current(), RECORD.quantity, RECORD.context)


def test_retracted_works_are_reported_before_corrected_ones(watch):
    watch(notice("Correction", doi=LIBRARY.by_id["Chevillet2014"].doi), of_work())
    assert [row["reference"] == "Chevillet2014" for row in api.evidence_retractions()] == [False] * len(KEYS) + [True]


def test_report_lists_the_records_that_rest_on_a_work(watch):
    watch(of_work())
    rows = {row["reference"]: row for row in api.evidence_retractions()}
    assert rows.keys() == KEYS
    assert all(rows[key]["claims"] == [c.id for c in LIBRARY.claims if key in c.references] for key in KEYS)
    assert all(rows[key]["measurements"] == [m.id for m in LIBRARY.measurements if m.reference == key] for key in KEYS)


def test_claim_that_cites_a_retracted_work_is_in_the_audit(watch):
    work = next(r for claim in LIBRARY.claims for r in map(LIBRARY.by_id.get, claim.references) if isinstance(r, Reference) and r.pmid.isdigit())
    watch(notice(pmid=work.pmid))
    assert {finding.record for finding in audit(current()) if finding.kind == "retracted"} == {c.id for c in LIBRARY.claims if set(c.references) & current().retracted}


def test_edge_that_rests_on_retracted_works_alone_vanishes(watch):
    watch(notice(pmid=SINGLE.pmids[0]))
    assert SINGLE not in edges_of(SINGLE.source)
    assert {edge.id for edge in core()} - {edge.id for edge in network()} == {edge.id for edge in EDGES if edge.pmids == SINGLE.pmids}


def test_edge_of_a_work_that_the_notice_knows_by_doi_alone_vanishes(watch):
    watch(notice(doi=WORK.doi))
    assert {edge.id for edge in core()} - {edge.id for edge in network()} == {edge.id for edge in EDGES if edge.pmids == (WORK.pmid,)} != set()


def test_edge_with_another_work_stays_without_the_retracted_one(watch):
    watch(notice(pmid=SEVERAL.pmids[0]))
    assert replace(SEVERAL, pmids=SEVERAL.pmids[1:]) in edges_of(SEVERAL.source)


def test_edge_without_a_work_stays(watch):
    watch(notice(pmid="0", doi="10.1/another"))
    assert {edge.id for edge in network() if not edge.pmids and edge.id} == {edge.id for edge in core() if not edge.pmids}


@pytest.mark.parametrize("count", [1, 2])
def test_target_loses_its_retracted_works_and_vanishes_with_the_last(watch, count):
    edge = next(edge for edge in EDGES if edge.kind == "mirna_target" and len(edge.pmids) == count)
    watch(notice(pmid=edge.pmids[0]))
    left = {edge.pmids[1:]} if count > 1 else set()
    assert {target.pmids for target in targets_of(edge.source)["targets"] if (target.target, target.origin) == (edge.target, "core")} == left


def test_retracting_any_used_work_answers_every_question_of_the_scenarios_as_leaving_it_out(questions, used):
    assert len(used) > 50
    for key in used:
        marked, left = retracted(key), LIBRARY.without(reference=key)
        assert [q for q in questions if answer(marked, *q) != answer(left, *q)] == [], key


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_retracting_a_used_work_assembles_the_networks_that_leaving_it_out_does(used, scenario):
    for key in used[::EVERY]:
        assert networks(scenario, retracted(key)) == networks(scenario, LIBRARY.without(reference=key)), key
