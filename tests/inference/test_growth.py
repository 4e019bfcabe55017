"""Growth laws fitted to tables: the document, its sentences and its records."""

import json
import math
from types import SimpleNamespace

import numpy as np
import pytest

from vesicle.api import fit_data
from vesicle.errors import InputError, StoreError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.library import check_file, data_mark
from vesicle.evidence.matching import match
from vesicle.inference.calibrated_rows import rows_of
from vesicle.inference.growth.comparison import compared
from vesicle.inference.growth.question import Asked
from vesicle.inference.growth.recorded import priors_of, recorded
from vesicle.mechanisms.phenotype.growth_curves import laws

RATE, START, NOISE, SUBJECTS = 0.2, 150.0, 0.06, 8


def table(path, subjects=SUBJECTS, seed=1, times=(0, 3, 6, 9, 12), spread=0.2):
    random = np.random.default_rng(seed)
    lines = ["arm\tsubject\ttime [d]\tvalue [mm3]"]
    for i in range(subjects):
        rate, start = RATE * math.exp(spread * random.standard_normal()), START * math.exp(spread * random.standard_normal())
        lines += [f"PBS\tm{i}\t{t}\t{start * math.exp(rate * t) * (1 + NOISE * random.standard_normal()):.6g}" for t in times]
    path.write_text("\n".join(lines) + "\n")
    return path


def rows_of_values(path, values, kinds=(), subjects=("m1",), times=(0, 3, 6, 9, 12)):
    """A table with the same values for each subject."""
    kinds = kinds or ("",) * len(values)
    lines = [f"PBS\t{s}\t{t}\t{v:.6g}\t{k}" for s in subjects for t, v, k in zip(times, values, kinds, strict=True)]
    path.write_text("\n".join(["arm\tsubject\ttime [d]\tvalue [mm3]\tcensored", *lines]) + "\n")
    return path


def fitted_group(path, **options):
    return fit_data("growth", path, **{"laws": ("exponential",), "starts": 1, "error": "proportional", **options}).document["groups"][0]


def fitting_words(scores):
    """The comparison of laws that all fit differently."""
    apart = {name: SimpleNamespace(parameters=3, minus_2_ln_likelihood=10.0 * i) for i, name in enumerate(scores)}
    return compared(sorted(scores, key=scores.get), scores, apart)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("fit")


@pytest.fixture(scope="module")
def fitted(place):
    return fit_data("growth", table(place / "mine.tsv"), laws=("exponential",), starts=1, error="proportional", species="mouse", cell="4T1", out=place / "out")


def test_the_rate_of_the_data_is_found_with_its_interval(fitted):
    group = fitted.document["groups"][0]
    law = next(one for one in group["laws"] if one["law"] == "exponential")
    rate = next(p for p in law["parameters"] if p["name"] == "lambda0")
    assert rate["low_95"] < rate["value"] < rate["high_95"]
    assert rate["low_95"] < RATE < rate["high_95"]
    assert rate["words"].startswith("identifiable")


def test_laws_are_compared_in_words(place):
    path = table(place / "compared.tsv", subjects=2)
    group = fit_data("growth", path, laws=("logistic", "exponential"), starts=1, held_out=0).document["groups"][0]
    assert group["comparison"].startswith("exponential has the lowest AICc")
    assert "logistic" in group["comparison"]
    assert group["cannot_be_told_apart"][0] == "exponential"


def test_laws_within_two_cannot_be_told_apart():
    told = fitting_words({"exponential": 100.0, "gompertz": 101.9, "logistic": 102.1})
    assert told == "exponential has the lowest AICc; gompertz cannot be told apart from it (less than 2 higher); worse are logistic by 2.1."


def test_what_was_held_out_is_no_validation(fitted):
    held = fitted.document["groups"][0]["held_out"]
    assert held["values"] == SUBJECTS
    assert "not a validation" in held["words"]
    assert set(held["predictions"]) >= {"exponential", "last value stays"}
    assert held["predictions"]["exponential"]["median_fold_error"] < held["predictions"]["last value stays"]["median_fold_error"]


def test_nothing_is_held_out_of_a_subject_that_would_have_no_tumour_left(place):
    held = fitted_group(rows_of_values(place / "late.tsv", (0, 0, 0, 0, 50)))["held_out"]
    assert held["values"] == 0
    assert "nothing was taken from m1, which would have had no tumour left to fit" in held["words"]


def test_limits_cannot_be_held_out(place):
    held = fitted_group(rows_of_values(place / "limit.tsv", (100, 180, 350, 610, 900), ("", "", "", "", "above")))["held_out"]
    assert (held["values"], held["words"]) == (0, "no positive measured value could be left out")


def test_a_prediction_of_nothing_is_off_without_limit(place):
    found = fit_data("growth", rows_of_values(place / "gone.tsv", (50, 60, 70, 0, 80)), laws=("exponential",), starts=1, error="additive", out=place / "gone")
    held = found.document["groups"][0]["held_out"]
    assert held["predictions"]["last value stays"]["median_fold_error"] is None
    assert "the last value by any number of folds (it says zero)" in held["words"]


def test_a_line_that_leads_beyond_all_numbers_is_still_a_prediction(place):
    held = fitted_group(rows_of_values(place / "steep.tsv", (1, 1.5, 2.2, 3, 4, 5), times=(0, 0.001, 0.002, 0.003, 0.004, 1000)))["held_out"]
    assert held["predictions"]["line through the last 3 logarithms"]["median_fold_error"] > 1e100


def test_what_was_held_out_is_told_of_the_law_that_stands_first(place):
    values = [100 * math.exp(6 * (1 - math.exp(-0.04 * t))) * (1 + 0.06 * (-1) ** (i // 2)) for i, t in enumerate(range(0, 21, 3))]
    group = fitted_group(rows_of_values(place / "first.tsv", values, times=tuple(range(0, 21, 3))), laws=("gompertz", "exponential"))
    first, second = group["laws"]
    aic = [law["minus_2_ln_likelihood"] + 2 * law["parameters_estimated"] for law in (first, second)]
    assert (first["law"], aic[0] > aic[1]) == ("exponential", True)  # with seven values the correction turns the order round
    assert group["held_out"]["words"].startswith("exponential is off by")


def test_no_more_parameters_than_measured_values(place):
    path = rows_of_values(place / "three.tsv", (100, 180, 350, 610), ("", "", "", "above"), times=(0, 3, 6, 9))
    with pytest.raises(InputError, match=r"arm 'PBS' has 3 measured values for the 3 parameters of exponential, expected more values than parameters; add values\."):
        fitted_group(path, held_out=0)
    path = rows_of_values(place / "four.tsv", (100, 180, 350, 610), times=(0, 3, 6, 9))
    group = fitted_group(path, laws=("exponential", "gompertz"))
    assert group["too_few_values_for"] == ["gompertz"]
    assert group["comparison"] == "Only exponential was fitted; nothing is said about other laws; too few values for gompertz."
    assert group["held_out"]["words"] == "too few values to leave any out"


@pytest.mark.parametrize("values", [(100, 100, 100, 100, 100), (100, 80, 64, 51.2, 40.96)])
def test_growth_that_is_none_has_no_lowest_rate(place, values):
    rate = fitted_group(rows_of_values(place / "none.tsv", values))["laws"][0]["parameters"][1]
    assert rate["low_95"] is None
    assert rate["words"].startswith("not identifiable below")


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_volumes_of_no_size_are_refused(place, size):
    with pytest.raises(InputError, match="expected 1e-30 to 1e[+]30; look at the unit"):
        fitted_group(rows_of_values(place / "odd.tsv", [size * v for v in (1, 2, 3, 7, 9)]))


def test_rows_are_valid_records_that_name_their_data(fitted, place):
    assert check_file(place / "out" / "calibrated.tsv") == ("measurements", len(fitted.rows))
    row = fitted.rows[0]
    assert (row["quantity"], row["status"], row["unit"], row["method"], row["cell"]) == ("exponential_growth_rate", "calibrated", "1/d", "in vivo", "4T1")
    rate = next(p for p in fitted.document["groups"][0]["laws"][0]["parameters"] if p["name"] == "lambda0")
    ends = [rate[key] for key in ("low_90", "value", "high_90")]
    assert [float(row[c]) for c in ("low", "value", "high")] == pytest.approx(ends, rel=1e-3)  # four digits are written
    assert data_mark(fitted.document["data"]["sha256"]) in row["locator"]
    assert row["source_experiment"] == "mine"


def test_the_folder_holds_the_document_the_rows_and_a_page(fitted, place):
    assert {p.name for p in (place / "out").iterdir()} == {"fit.json", "calibrated.tsv", "report.html", "vesicle-export.json"}
    assert json.loads((place / "out" / "fit.json").read_text(encoding="utf-8")) == json.loads(json.dumps(fitted.document))
    page = (place / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert "Only exponential was fitted" in page
    assert "http" not in page  # opens offline


def test_a_folder_of_somebody_else_is_not_overwritten(place):
    (place / "theirs").mkdir()
    (place / "theirs" / "notes.txt").write_text("mine")
    with pytest.raises(StoreError, match="not overwritten"):
        fit_data("growth", table(place / "again.tsv", subjects=1), laws=("exponential",), starts=1, held_out=0, out=place / "theirs")
    assert [p.name for p in (place / "theirs").iterdir()] == ["notes.txt"]


def test_few_subjects_stand_alone_and_give_no_record(place):
    found = fit_data("growth", table(place / "few.tsv", subjects=2), laws=("exponential",), starts=1)
    assert found.document["groups"][0]["method"] == "each subject alone"
    assert not found.rows
    assert "fewer than five subjects" in found.document["rows_left_out"][0]


def test_alone_the_interval_holds_the_truth_of_each_subject(place):
    found = fit_data("growth", table(place / "two.tsv", subjects=2, spread=0.0, times=tuple(range(0, 15, 2))), laws=("exponential",), starts=1, error="proportional")
    rates = [p for p in found.document["groups"][0]["laws"][0]["parameters"] if p["name"].startswith("lambda0")]
    assert [p["low_95"] < RATE < p["high_95"] for p in rates] == [True, True]


def test_equal_calls_give_equal_documents(place):
    path = table(place / "same.tsv", subjects=2)
    one, two = (fit_data("growth", path, laws=("exponential",), starts=2, seed=5, error="proportional").document for _ in range(2))
    assert one == two


def test_a_wide_limit_is_no_number_in_a_record(fitted):
    document = json.loads(json.dumps(fitted.document))
    rate = next(p for p in document["groups"][0]["laws"][0]["parameters"] if p["name"] == "lambda0")
    rate["high_90"], rate["words"] = None, "not identifiable above: at least 0.1 1/d"
    rows, reasons = rows_of(document, shipped())
    assert "exponential_growth_rate" not in {row["quantity"] for row in rows}
    assert reasons == ["arm 'PBS', exponential: lambda0 is not identifiable above: at least 0.1 1/d"]


def test_priors_come_from_the_records_and_are_named(place):
    found = fit_data("growth", table(place / "prior.tsv", subjects=2), laws=("exponential",), starts=1, priors=True, cell="A2780", species="mouse")
    assert any("M-0568" in note for note in found.document["groups"][0]["laws"][0]["notes"])


def test_the_likelihood_of_a_fit_with_priors_holds_no_prior(place):
    path, context = table(place / "apart.tsv", subjects=2), {"cell": "A2780", "species": "mouse", "held_out": 0}
    free, pulled = (fitted_group(path, priors=priors, **context)["laws"][0] for priors in (False, True))
    known, _ = priors_of(laws(20.0)["exponential"], Asked(species="mouse", cell="A2780"), shipped(), "")
    x = {p["name"]: math.log(p["value"]) for p in pulled["parameters"]}
    penalty = sum(known[1].penalty(x[f"lambda0[m{i}]"]) for i in range(2))
    assert pulled["minus_2_ln_posterior"] - pulled["minus_2_ln_likelihood"] == pytest.approx(penalty, rel=0.02)  # values are written with four digits
    assert penalty > 0.1
    assert free["minus_2_ln_likelihood"] < pulled["minus_2_ln_likelihood"]
    k = pulled["parameters_estimated"]
    assert pulled["aicc"] == pytest.approx(pulled["minus_2_ln_likelihood"] + 2 * k + 2 * k * (k + 1) / (10 - k - 1), rel=1e-5)


def test_a_fit_with_priors_gives_no_record(fitted):
    document = json.loads(json.dumps(fitted.document))
    assert rows_of(document, shipped())[0]
    document["settings"]["priors"] = True
    rows, (reason,) = rows_of(document, shipped())
    assert not rows
    assert "would count them twice" in reason


def test_a_scenario_gives_the_context(place):
    found = fit_data("pancreas-kras", table(place / "context.tsv", subjects=2), laws=("exponential",), starts=1, held_out=0)
    assert (found.document["settings"]["cell"], found.document["settings"]["species"]) == ("PANC-1", "mouse")


def test_the_exponential_linear_law_is_written_as_the_mechanism_reads_it():
    law = laws(20.0)["exponential_linear"]
    doubling, linear = (recorded(p, shipped(), False) for p in law.parameters)
    assert (doubling.quantity, doubling.unit, doubling.number(math.log(2) / 3)) == ("doubling_time", "d", pytest.approx(3.0))
    assert (linear.quantity, linear.unit, linear.number(500.0)) == ("linear_growth_rate", "g/d", pytest.approx(0.5))  # mm3/d at 1 g/mL


def test_records_fitted_to_a_file_do_not_judge_it():
    library = shipped()
    calibrated = [m for m in library.measurements if m.status == "calibrated" and "sha256:" in m.locator]
    assert calibrated
    mark = calibrated[0].locator.rpartition("sha256:")[2]
    without = library.without_fitted_to(mark + "0" * 48)
    gone = {m.id for m in library.measurements} - {m.id for m in without.measurements}
    assert calibrated[0].id in gone
    assert gone == {m.id for m in calibrated if m.locator.endswith(mark)}
    assert library.without_fitted_to("f" * 64) is library


def test_calibrated_growth_answers_for_its_own_tumour():
    found = match(shipped(), "exponential_growth_rate", {"species": "mouse", "cell": "Lewis lung carcinoma", "method": "in vivo"})
    assert [m.status for m in found.records] == ["calibrated"]
    assert not found.borrowed


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"laws": ("gompertzz",)}, "Did you mean 'gompertz'"),
        ({"error": "relative"}, "unknown error 'relative'"),
        ({"inoculum": "0 d"}, "--inoculum '0 d': expected a time, an equals sign and a volume"),
        ({"inoculum": "5 d=1 mm3"}, "expected times after the inoculum"),
        ({"inoculum": "-1 d=0 mm3"}, "expected a volume above zero"),
        ({"starts": 0}, "--starts 0"),
        ({"held_out": -1}, "--held-out -1"),
        ({"arms": ("PBSS",)}, "Did you mean 'PBS'"),
        ({"laws": ("gompertz",), "free": ("x",)}, "leave out one of them"),
        ({"first_id": "x1"}, "--first-id 'x1'"),
    ],
)
def test_options_that_cannot_be_used_are_named(place, options, says):
    path = table(place / "options.tsv", subjects=1, times=(0, 3, 6))
    with pytest.raises((InputError, UnknownName)) as problem:
        fit_data("growth", path, **{"laws": ("exponential",), "starts": 1, "held_out": 0, **options})
    assert says in str(problem.value)
