"""Parameters of a scenario fitted through the engine."""

import math

import numpy as np
import pytest

from vesicle.api import fit_data
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.inference.scenario_fit import _Arm, _ready
from vesicle.model.assembly import assemble
from vesicle.runs.execute import prepare

SCENARIO, ARM = "hela-uptake-well", "exosome"
FREE = "internalisation_rate__exosome"
TRUTH = 0.4
TIMES = np.array([0.5, 1.0, 2.0, 4.0, 8.0, 24.0])
READOUTS = ("on_cell:hela_exosome", "in_cell:hela_exosome")


@pytest.fixture(scope="module")
def made():
    """What the scenario gives at known values of one parameter, without noise."""
    model = assemble(prepare(SCENARIO, {}, None), shipped(), (ARM,))[ARM]
    return _ready(model, TIMES).run((FREE,), np.array([TRUTH]), OdeEngine(STRICT_RTOL))


def write(path, made, noise=0.05, arm=ARM, factor=1.0):
    random = np.random.default_rng(1)
    lines = ["arm\tobservable\ttime [h]\tvalue [EV/cell]"]
    lines += [f"{arm}\t{name}\t{t:g}\t{factor * v * (1 + noise * random.standard_normal()):.6g}" for name in READOUTS for t, v in zip(TIMES, made[name][1:], strict=True)]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def fitted(made, tmp_path_factory):
    place = tmp_path_factory.mktemp("scenario")
    return fit_data(SCENARIO, write(place / "uptake.tsv", made), free=(FREE,), starts=1, out=place / "out"), place


def test_the_parameter_that_made_the_data_is_found(fitted):
    row = fitted[0].document["parameters"][0]
    assert row["low_95"] < TRUTH < row["high_95"]
    assert row["value"] == pytest.approx(TRUTH, rel=0.1)  # 12 values of 5 % each
    assert fitted[0].document["minus_2_ln"] < fitted[0].document["minus_2_ln_at_nominal"]


def test_the_record_stands_in_the_context_of_its_prior(fitted):
    row = fitted[0].rows[0]
    assert (row["quantity"], row["product"], row["status"], row["unit"]) == ("internalisation_rate", "exosome", "calibrated", "1/h")
    assert "uptake.tsv sha256:" in row["locator"]
    assert "M-0119" in row["note"]


def test_the_page_shows_data_fit_and_profile(fitted):
    page = (fitted[1] / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "Fit to uptake.tsv" in page


def test_known_errors_are_not_estimated(made, tmp_path):
    head, *rows = write(tmp_path / "sd.tsv", made).read_text(encoding="utf-8").strip().split("\n")
    (tmp_path / "sd.tsv").write_text("\n".join([head + "\tsd", *(f"{row}\t{float(row.rsplit(chr(9), 1)[1]) * 0.05:.6g}" for row in rows)]) + "\n")
    found = fit_data(SCENARIO, tmp_path / "sd.tsv", free=(FREE,), starts=1, held_out=0).document
    assert [p["name"] for p in found["parameters"]] == [FREE]
    assert found["parameters"][0]["low_95"] < TRUTH < found["parameters"][0]["high_95"]


def test_a_prior_takes_part_only_when_asked(made, tmp_path):
    path = write(tmp_path / "few.tsv", made, noise=0.3)
    free, map_ = (fit_data(SCENARIO, path, free=(FREE,), starts=1, held_out=0, priors=priors).document for priors in (False, True))
    nominal = math.log(free["parameters"][0]["nominal"])
    assert abs(math.log(map_["parameters"][0]["value"]) - nominal) < abs(math.log(free["parameters"][0]["value"]) - nominal)
    assert map_["method"] == "maximum a posteriori"
    assert map_["minus_2_ln_posterior"] > map_["minus_2_ln"] > free["minus_2_ln"]
    assert map_["minus_2_ln_at_nominal"] == pytest.approx(free["minus_2_ln_at_nominal"], rel=1e-5)
    assert "would count them twice" in map_["rows_left_out"][0]


def test_a_failed_run_is_no_limit_of_a_parameter(made, tmp_path, monkeypatch):
    head, *rows = write(tmp_path / "sd.tsv", made).read_text(encoding="utf-8").strip().split("\n")
    (tmp_path / "sd.tsv").write_text("\n".join([head + "\tsd", *(f"{row}\t{float(row.rsplit(chr(9), 1)[1]) * 50:.6g}" for row in rows)]) + "\n")  # they say nothing
    run = _Arm.run
    monkeypatch.setattr(_Arm, "run", lambda self, names, values, engine: run(self, names, values, engine) if not len(values) or values[0] < 1.25 else None)
    found = fit_data(SCENARIO, tmp_path / "sd.tsv", free=(FREE,), starts=1, held_out=0).document["parameters"][0]
    assert (found["low_95"], found["high_95"]) == (None, None)
    assert "the model cannot be computed beyond 1.2" in found["words"]


@pytest.mark.parametrize(
    ("free", "change", "kind", "says"),
    [
        ("internalisation_rate__exosom", ("", ""), UnknownName, "--free: unknown parameter 'internalisation_rate__exosom'. Did you mean"),
        ("depth", ("", ""), InputError, "--free depth: it is given by the scenario"),
        ("thermal_energy", ("", ""), InputError, "fix it; name a parameter with a range"),
        (FREE, ("exosome\tin", "exosom\tin"), UnknownName, "unknown arm 'exosom'. Did you mean 'exosome'?"),
        (FREE, ("in_cell:hela_exosome", "in_cel:hela_exosome"), InputError, "Did you mean 'in_cell:hela_exosome'?"),
        (FREE, ("\t24\t", "\t48\t"), InputError, "expected within the 0 to 24 h of the scenario"),
        (FREE, ("observable", "what"), InputError, "column 'observable' is missing"),
        (FREE, ("[EV/cell]", "[copy/cell]"), InputError, "does not convert to 'EV/cell'"),
    ],
)
def test_what_does_not_fit_the_scenario_is_named(made, tmp_path, free, change, kind, says):
    path = write(tmp_path / "bad.tsv", made)
    path.write_text(path.read_text(encoding="utf-8").replace(*change) if change[0] else path.read_text(encoding="utf-8"))
    with pytest.raises(kind) as problem:
        fit_data(SCENARIO, path, free=(free,), starts=1)
    assert says in str(problem.value)


def test_more_parameters_than_values_are_refused(made, tmp_path):
    path = write(tmp_path / "two.tsv", made)
    path.write_text("\n".join(path.read_text(encoding="utf-8").split("\n")[:3]) + "\n")
    with pytest.raises(InputError, match="2 values for 2 parameters"):
        fit_data(SCENARIO, path, free=(FREE,), starts=1)
