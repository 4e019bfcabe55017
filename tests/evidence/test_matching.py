"""Matching: only inputs answer, the most specific first, and no laboratory counts twice."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import ModelError, UnitError
from vesicle.evidence import Library, shipped
from vesicle.evidence.matching import match, parameter
from vesicle.evidence.measurement import CONTEXT, Measurement
from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol

BLANK = Measurement(
    id="M-1", quantity="uptake_rate", symbol="", value=2.0, unit="1/h", low=1.0, high=5.0, distribution="lognormal", species="", tissue="", cell="",
    product="", label="", method="", conditions="", reference="smith2020", locator="", status="found", spread_status="found", level="uncertainty",
    role="input", source_experiment="", laboratory="smith", confidence=None, note="",
)  # fmt: skip
SHIPPED = shipped()
QUANTITIES = sorted({record.quantity for record in SHIPPED.measurements})
RESULTS = [record for record in SHIPPED.measurements if record.role != "input"]
WORDS = {column: sorted({getattr(record, column) for record in SHIPPED.measurements}) for column in CONTEXT}
contexts = st.fixed_dictionaries({column: st.sampled_from(words) for column, words in WORDS.items()})


def library(*records: dict) -> Library:
    """A library of records M-1, M-2 ... that differ from the blank one as given."""
    return Library((), tuple(replace(BLANK, id=f"M-{i}", **fields) for i, fields in enumerate(records, start=1)), (), "0", "")


def answer(records: tuple[dict, ...], **context: str) -> list[str]:
    return [record.id for record in match(library(*records), "uptake_rate", context).records]


def test_results_are_in_the_shipped_library():
    assert {record.role for record in RESULTS} == {"outcome", "check"}


@pytest.mark.parametrize("record", RESULTS, ids=lambda record: record.id)
def test_result_is_not_matched_even_in_its_own_context(record):
    try:
        found = match(SHIPPED, record.quantity, record.context).records
    except ModelError:
        return
    assert record not in found


@given(st.sampled_from(QUANTITIES), contexts)
def test_result_is_matched_in_no_context(quantity, context):
    try:
        found = match(SHIPPED, quantity, context).records
    except ModelError:
        return
    assert {record.role for record in found} == {"input"}


@given(st.sampled_from(QUANTITIES), contexts)
def test_weights_of_an_answer_sum_to_one(quantity, context):
    try:
        found = match(SHIPPED, quantity, context)
    except ModelError:
        return
    assert math.isclose(sum(found.weights), 1.0, rel_tol=len(found.weights) * 2**-52)  # one rounding a term


@given(st.sampled_from(QUANTITIES), contexts, st.randoms(use_true_random=False))
def test_order_of_the_records_does_not_change_the_answer(quantity, context, random):
    shuffled = list(SHIPPED.measurements)
    random.shuffle(shuffled)
    try:
        found = match(SHIPPED, quantity, context)
    except ModelError:
        return
    again = match(replace(SHIPPED, measurements=tuple(shuffled)), quantity, context)
    assert {(r.id, w) for r, w in zip(found.records, found.weights, strict=True)} == {(r.id, w) for r, w in zip(again.records, again.weights, strict=True)}


@pytest.mark.parametrize("record", [r for r in SHIPPED.measurements if r.role == "input"], ids=lambda record: record.id)
def test_input_answers_in_its_own_context_with_a_parameter(record):
    made = parameter(SHIPPED, "k", record.quantity, record.unit, record.context)
    assert math.isfinite(made.value)
    assert made.records


def test_more_specific_record_wins():
    assert answer(({}, {"cell": "HeLa"}), cell="HeLa") == ["M-2"]


def test_general_record_answers_before_one_of_another_cell():
    assert answer(({"cell": "HEK293T"}, {}), cell="HeLa") == ["M-2"]


def test_record_of_another_cell_is_borrowed_when_nothing_better_exists():
    found = match(library({"cell": "HEK293T"}), "uptake_rate", {"cell": "HeLa"})
    assert found.borrowed == "cell HEK293T"


@pytest.mark.parametrize("column", ["cell", "tissue", "product"])
def test_specific_record_counts_as_borrowed_for_a_general_question(column):
    fields = {column: "HeLa"}
    if column == "product":
        with pytest.raises(ModelError):
            match(library(fields), "uptake_rate", {})
    else:
        assert match(library(fields), "uptake_rate", {}).borrowed == f"{column} HeLa"


def test_record_that_shares_everything_borrows_nothing():
    assert match(library({"cell": "HeLa"}), "uptake_rate", {"cell": "HeLa", "species": "human"}).borrowed == ""


@pytest.mark.parametrize("asked", [{}, {"label": "PKH26"}])
def test_record_of_another_label_is_another_thing(asked):
    with pytest.raises(ModelError, match="no measurement|unparametrised"):
        match(library({"label": "DiR"}), "uptake_rate", {"product": "exosome", **asked})


def test_record_of_the_product_is_taken_before_one_of_another_product():
    assert answer(({"product": "liposome"}, {"product": "exosome"}), product="exosome") == ["M-2"]


def test_record_of_particles_in_general_is_taken_before_one_of_another_product():
    assert answer(({"product": "liposome", "cell": "HeLa"}, {}), product="exosome", cell="HeLa") == ["M-2"]


def test_record_of_another_product_is_borrowed_as_the_last_resort():
    assert match(library({"product": "liposome"}), "uptake_rate", {"product": "exosome"}).borrowed == "product liposome"


def test_each_laboratory_weighs_the_same():
    found = match(library({"laboratory": "a"}, {"laboratory": "a"}, {"laboratory": "b"}), "uptake_rate", {})
    assert found.weights == (0.25, 0.25, 0.5)


def test_unknown_laboratories_are_told_apart_by_their_reference():
    found = match(library({"laboratory": "", "reference": "x"}, {"laboratory": "", "reference": "y"}), "uptake_rate", {})
    assert found.weights == (0.5, 0.5)


def test_record_without_a_distribution_does_not_answer():
    assert answer(({"distribution": "none"}, {})) == ["M-2"]


@pytest.mark.parametrize("role", ["outcome", "check"])
def test_question_with_only_results_is_refused_and_says_why(role):
    with pytest.raises(ModelError, match=rf"'uptake_rate' \(cell HeLa\) has only records with the role {role} \(M-1\); a result never enters a model"):
        match(library({"role": role}), "uptake_rate", {"cell": "HeLa"})


def test_unknown_quantity_is_refused_with_the_nearest_one():
    with pytest.raises(ModelError, match="no measurement of 'uptake_rat' for any context.*Did you mean 'uptake_rate'"):
        match(library({}), "uptake_rat", {})


def test_parameter_is_the_weighted_mixture_of_its_records():
    made = parameter(library({"value": 1.0, "low": 0.5, "laboratory": "a"}, {"value": 4.0, "laboratory": "b"}), "k", "uptake_rate", "1/h", {})
    assert made.records == ("M-1", "M-2")
    assert math.isclose(made.value, 2.0, rel_tol=1e-12)  # the geometric mean of 1 and 4


def test_parameter_comes_in_the_unit_asked_for():
    assert math.isclose(parameter(library({}), "k", "uptake_rate", "1/d", {}).value, 48.0, rel_tol=1e-12)


def test_parameter_in_another_dimension_is_refused():
    with pytest.raises(UnitError, match="M-1: '1/h' does not convert to 'mL/h'"):
        parameter(library({}), "k", "uptake_rate", "mL/h", {})


@pytest.mark.parametrize(("statuses", "worst"), [(("found", "assumed"), "assumed"), (("computed", "recalled"), "recalled"), (("found", "found"), "found")])
def test_parameter_has_the_weakest_status_of_its_records(statuses, worst):
    assert parameter(library(*({"status": status} for status in statuses)), "k", "uptake_rate", "1/h", {}).status == worst


@pytest.mark.parametrize(("fields", "status"), [({}, "found"), ({"spread_status": ""}, "found"), ({"spread_status": "recalled"}, "recalled"), ({"low": None}, "assumed")])
def test_parameter_says_whether_its_range_was_assumed(fields, status):
    assert parameter(library(fields), "k", "uptake_rate", "1/h", {}).spread_status == status


def test_level_of_a_mixture_does_not_depend_on_the_order():
    mixed = ({"level": "uncertainty"}, {"level": "subject"})
    assert len({parameter(library(*order), "k", "uptake_rate", "1/h", {}).level for order in (mixed, mixed[::-1])}) == 1


def test_site_asks_once_and_remembers_what_it_asked():
    site = Site(library({}), {})
    assert site.quantity("uptake_rate", "1/h") is site.quantity("uptake_rate", "1/h") is symbol("uptake_rate")
    assert site.parameters["uptake_rate"].records == ("M-1",)


def test_site_names_a_parameter_by_what_makes_it_another_thing():
    site = Site(library({"cell": "HEK 293T"}), {}, {"species": "human"})
    assert site.quantity("uptake_rate", "1/h", cell="HEK 293T") == symbol("uptake_rate__HEK_293T")


def test_site_refuses_one_parameter_in_two_units():
    site = Site(library({}), {})
    site.quantity("uptake_rate", "1/h")
    with pytest.raises(ModelError, match="asked for in '1/d' and in '1/h'"):
        site.quantity("uptake_rate", "1/d")


def test_rival_structures_each_take_half_of_the_draws():
    site, samples = Site(library(), {}), 4_000
    site.rival("entry", ("fusion", "endocytosis"))
    drawn = [site.parameters["rival__entry"].draw(0, i) for i in range(samples)]
    assert set(drawn) == {0.0, 1.0}
    # five standard errors of a fair coin: a wrong alarm in 1 of 1e6 seeds
    assert abs(sum(drawn) - samples / 2) < 5 * math.sqrt(samples / 4)


def test_conversion_of_a_site_is_exact_and_has_a_unit():
    site = Site(library(), {})
    site.conversion("um3", "mL")
    made = site.parameters["per_mL_um3"]
    assert math.isclose(made.value, 1e12, rel_tol=1e-14)
    assert made.unit == "um3/mL"
