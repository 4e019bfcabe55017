"""Sensitivity of a scenario: through the spreads, reproducible, and silent about what the integrator does not resolve."""

import json

import numpy as np
import pytest

from vesicle import api
from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.inference.sensitivity import HIGH, LOW, _Study, analyse, quantile, varies
from vesicle.network.spread import Component, Spread, fixed
from vesicle.report import sensitivities
from vesicle.runs.execute import prepare
from vesicle.runs.pool import silent

WELL = "breast-mir100-well"
SHORT = {"duration": "2 h", "question.at": "2 h", "observe_every": "1 h"}


@pytest.fixture(scope="module")
def scenario():
    return prepare(WELL, SHORT, None)


@pytest.fixture(scope="module")
def screened(scenario):
    return analyse(scenario, shipped(), "morris", samples=2, workers=1)


# through the spreads -----------------------------------------------------------------------------


def test_mixture_gives_each_source_its_share():
    mixture = Spread((Component("high", 0.25, "fixed", 9.0, 9.0, 9.0), Component("low", 0.75, "fixed", 1.0, 1.0, 1.0)))
    assert [quantile(mixture, u) for u in (0.1, 0.74, 0.76, 0.99)] == [1.0, 1.0, 9.0, 9.0]


def test_single_source_is_its_own_quantile_function():
    one = Spread((Component("M", 1.0, "lognormal", 2.0, 1.0, 8.0),))
    assert (quantile(one, LOW), quantile(one, 0.5), quantile(one, HIGH)) == pytest.approx((1.0, 2.0, 8.0))


def test_fixed_number_does_not_vary():
    assert not varies(fixed(3.0))


def test_rival_structures_are_among_the_parameters(scenario):
    study = _Study(scenario, shipped(), None, 1, None, silent)
    assert "rival__ago_pool" in study.parameters
    assert not [p.id for p in study.parameters.values() if p.level != "uncertainty"]


def test_points_are_what_a_run_of_the_same_values_gives(scenario):
    study = _Study(scenario, shipped(), "held", 1, None, silent)
    nominal = study.run([], np.zeros((1, 0)), "nominal")
    name = "total_mirna_per_ev__exosome"
    doubled = study.run([name], np.array([[2 * study.parameters[name].value]]), "doubled")
    # AGO is far from full, so the guides held are proportional to the copies given; the integrator is at 1e-6
    assert doubled[0, 0] / nominal[0, 0] == pytest.approx(2.0, rel=1e-4)


# what comes out ----------------------------------------------------------------------------------


def test_elasticity_of_copies_held_to_copies_given_is_one(scenario):
    found = analyse(scenario, shipped(), "local", readout="held", workers=1)
    rows = {row["parameter"]: row for row in found.rows("held")}
    assert rows["total_mirna_per_ev__exosome"]["elasticity"] == pytest.approx(1.0, abs=1e-3)
    assert rows["rival__ago_pool"]["other_structure_ratio"] is not None


def test_what_the_integrator_does_not_resolve_has_no_indices(screened):
    change = screened.document["outputs"]["change"]
    assert change["parameters"] == []
    assert "do not resolve" in change["reason"]


def test_guides_held_have_indices(screened):
    rows = screened.rows("held")
    assert len(rows) == screened.document["parameters_varied"]
    stars = [row["mu_star"] for row in rows]
    assert stars == sorted(stars, reverse=True)


def test_two_workers_find_what_one_finds(scenario, screened):
    assert analyse(scenario, shipped(), "morris", samples=2, workers=2).document == screened.document


def test_sobol_says_what_its_screening_left_out(scenario):
    document = analyse(scenario, shipped(), "sobol", readout="held", samples=4, workers=1).document
    screening = document["screening"]
    assert len(screening["kept"]) + screening["left_at_nominal"] == document["parameters_varied"]
    assert {row["parameter"] for row in document["outputs"]["held"]["parameters"]} == set(screening["kept"])
    assert 0 < screening["share_of_mu_star_squared_left"]["held"] < 0.05


@pytest.mark.parametrize(("arguments", "said"), [({"method": "sobl"}, "Did you mean 'sobol'"), ({"method": "morris", "readout": "hedl"}, "Did you mean 'held'")])
def test_wrong_word_names_the_nearest(scenario, arguments, said):
    with pytest.raises(UnknownName, match=said):
        analyse(scenario, shipped(), **arguments)


def test_number_of_points_that_sobol_does_not_have_is_refused(scenario):
    with pytest.raises(InputError, match="powers of two"):
        analyse(scenario, shipped(), "sobol", readout="held", samples=100, workers=1)


def test_stopped_study_goes_on_where_it_was(home):
    from vesicle.errors import Interrupted

    seen = []

    def stop(done, total, what):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        api.sensitivity(WELL, "morris", readout="held", samples=2, workers=1, changes=SHORT, progress=stop)
    api.sensitivity(WELL, "morris", readout="held", samples=2, workers=1, changes=SHORT, progress=lambda done, total, what: seen.append(done))
    assert seen[0] == 1
    assert list((home / "unfinished").iterdir()) == []


# how it looks ------------------------------------------------------------------------------------


def test_figure_has_a_bar_and_a_name_for_each_parameter_shown(screened):
    shown = sensitivities.shown(screened.document, "held")
    assert 0 < len(shown) <= sensitivities.MOST_BARS
    assert sensitivities.png(screened.document, "held")[:8] == b"\x89PNG\r\n\x1a\n"
    assert sensitivities.svg(screened.document, "held", "x") == sensitivities.svg(screened.document, "held", "x")


def test_table_holds_every_parameter(screened):
    lines = sensitivities.table(screened.document).decode().splitlines()
    assert len(lines) == 1 + len(screened.rows("held"))
    assert {line.count("\t") for line in lines} == {lines[0].count("\t")}


def test_report_of_a_run_draws_the_sensitivity(tmp_path):
    api.run(WELL, tmp_path / "r", samples=2, workers=1, changes=SHORT, sensitivity="local")
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert 'id="sensitivity"' in page
    assert page.count("Elasticities at the nominal values") >= 2
    assert json.loads((tmp_path / "r" / "sensitivity.json").read_text(encoding="utf-8"))["method"] == "local"
