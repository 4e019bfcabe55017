"""What other tools get: documents that their own libraries read, with the same trajectories, in the same bytes."""

import hashlib
import io
import json
import math
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from vesicle import api
from vesicle.engines.ode import _import
from vesicle.errors import InputError, StoreError, UnknownName
from vesicle.evidence import shipped
from vesicle.formats import antimony, omex, petab, ro_crate, sbml_writer, sedml
from vesicle.formats.base import MARK, Subject
from vesicle.formats.placing import MANIFEST, put_file, put_folder
from vesicle.formats.registry import all_writers
from vesicle.model import sbml
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.network.spread import Component, Spread
from vesicle.network.types import Parameter

WELL, ARM = "breast-mir100-well", "natural_exosome"


@pytest.fixture(scope="module")
def subject():
    scenario = load(WELL)
    return Subject(scenario, assemble(scenario, shipped(), (ARM,)), True)


@pytest.fixture(scope="module")
def document(subject):
    return sbml_writer.document(subject, subject.models[ARM]).decode()


@pytest.fixture(scope="module")
def archive(subject):
    (content,) = omex.Omex().files(subject).values()
    return zipfile.ZipFile(io.BytesIO(content))


def course(text, names, end=2.0):
    """(n_time, n_name) values of some names in libRoadRunner."""
    runner = _import().RoadRunner(text)
    runner.integrator.relative_tolerance = 1e-9
    runner.integrator.absolute_tolerance = 1e-9
    runner.timeCourseSelections = list(names)
    return np.array(runner.simulate(times=[0.0, end / 2, end]))


# what there is -----------------------------------------------------------------------------------


def test_every_format_of_the_contract_has_a_writer():
    assert set(all_writers()) >= {"antimony", "omex", "petab", "ro-crate", "sbml"}


def test_wrong_format_names_the_nearest():
    with pytest.raises(UnknownName, match="Did you mean 'omex'"):
        api.export(WELL, "omeks")


def test_wrong_arm_names_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match=f"Did you mean '{ARM}'"):
        api.export(WELL, "sbml", tmp_path / "x", arm="natural_exosom")


def test_changes_that_set_an_unknown_parameter_are_refused_for_one_arm_too(tmp_path):
    with pytest.raises(UnknownName, match="parameter"):
        api.export(WELL, "sbml", tmp_path / "x", arm=ARM, changes={"parameters.nothing": "1 h"})


@pytest.mark.parametrize("format", ["sbml", "antimony", "omex", "petab"])
def test_equal_scenarios_give_equal_bytes(subject, format):
    again = Subject(load(WELL), assemble(load(WELL), shipped(), (ARM,)), True)
    assert all_writers()[format]().files(subject) == all_writers()[format]().files(again)


# sbml and antimony -------------------------------------------------------------------------------


def test_sbml_says_what_made_it_and_libsbml_finds_no_fault(document):
    assert MARK in document
    assert sbml.problems(document) == []


def test_antimony_reads_back_and_gives_the_same_trajectory(document):
    import antimony as library

    text = antimony.text(document)
    library.clearPreviousLoads()
    assert library.loadAntimonyString(text) >= 0, library.getLastError()
    back = library.getSBMLString(library.getMainModuleName())
    names = ("obs_cells", "obs_in_medium", "n_internalised__natural_exosome")
    # both integrated at 1e-9; the text keeps 15 digits of each number
    np.testing.assert_allclose(course(back, names), course(document, names), rtol=1e-7)


def test_antimony_writes_irreversible_reactions_with_a_double_arrow(document):
    lines = [line for line in antimony.text(document).splitlines() if ";" in line and ("=>" in line or "->" in line) and ": at" not in line and "at (" not in line]
    assert lines
    assert not [line for line in lines if "->" in line]


# omex --------------------------------------------------------------------------------------------


def test_archive_lists_all_that_it_holds(archive):
    from xml.etree import ElementTree

    entries = ElementTree.fromstring(archive.read("manifest.xml"))
    assert {e.get("location").removeprefix("./") for e in entries} == {".", *archive.namelist()}
    assert [e.get("location") for e in entries if e.get("master") == "true"] == ["./simulation.sedml"]


READ_BY_LIBSEDML = """
import json, sys, libsedml
found = libsedml.readSedMLFromString(sys.stdin.read())
generators = [found.getDataGenerator(i) for i in range(found.getNumDataGenerators())]
outputs = [found.getOutput(i) for i in range(found.getNumOutputs())]
print(json.dumps({
    "read": [found.getLevel(), found.getVersion(), found.getNumErrors()],
    "model": found.getModel(0).getSource(),
    "targets": [g.getVariable(0).getTarget() for g in generators if g.getVariable(0).getTarget()],
    "reports": [o.getName() for o in outputs if o.isSedReport()],
}))
"""


@pytest.fixture(scope="module")
def simulation(archive):
    """What libSEDML reads, in a process of its own: it brings a second libSBML, and two of them in one process mix their types."""
    done = subprocess.run([sys.executable, "-c", READ_BY_LIBSEDML], input=archive.read("simulation.sedml").decode(), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_libsedml_finds_no_fault_in_the_simulation(simulation):
    assert simulation["read"] == [1, 4, 0]


def test_every_target_of_the_simulation_is_in_its_model(archive, simulation):
    model = archive.read(simulation["model"]).decode()
    assert simulation["targets"]
    assert all(f'<parameter id="{target.split(chr(39))[1]}"' in model for target in simulation["targets"])


def test_every_readout_has_a_report(subject, simulation):
    assert set(simulation["reports"]) == {o.id for o in subject.models[ARM].network.observables}


@pytest.mark.parametrize(("duration", "every", "at", "count"), [(480, 12, 480, 40), (24, 0.5, 7.25, 96), (10, 3, 10, 10), (1, 1, 0, 1)])
def test_grid_of_the_simulation_holds_the_output_times_and_the_question(duration, every, at, count):
    steps = sedml.steps(duration, every, at)
    assert steps == count
    for time in (at, *(i * every for i in range(int(duration / every) + 1))):
        assert math.isclose(time * steps / duration, round(time * steps / duration), abs_tol=1e-9)


# petab -------------------------------------------------------------------------------------------


def table(content):
    header, *rows = (line.split("\t") for line in content.decode().splitlines())
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_measurements_are_empty_where_nobody_measured(subject):
    files = petab.Petab().files(subject)
    assert table(files[f"{ARM}/measurements.tsv"]) == []
    assert files[f"{ARM}/measurements.tsv"].decode().split("\t")[0] == "observableId"


def test_own_measurements_come_into_the_problem(tmp_path):
    data = tmp_path / "data.tsv"
    data.write_text(f"arm\treadout\ttime_h\tvalue\tsd\n{ARM}\tin_medium\t2\t1e8\t1e7\n", encoding="utf-8")
    api.export(WELL, "petab", tmp_path / "p", arm=ARM, data=data)
    (row,) = table((tmp_path / "p" / ARM / "measurements.tsv").read_bytes())
    assert row == {"observableId": "y_in_medium", "simulationConditionId": ARM, "measurement": "100000000.0", "time": "2.0", "noiseParameters": "10000000.0"}


@pytest.mark.parametrize(("line", "said"), [("x\tcells\t1\t1\t1", "unknown arm"), (f"{ARM}\tcels\t1\t1\t1", "Did you mean 'cells'"), (f"{ARM}\tcells\t1\t1\t0", "sd above zero")])
def test_own_measurements_are_checked_with_their_line(tmp_path, line, said):
    data = tmp_path / "data.tsv"
    data.write_text(f"arm\treadout\ttime_h\tvalue\tsd\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"data.tsv:2.*{said}"):
        api.export(WELL, "petab", tmp_path / "p", arm=ARM, data=data)


def test_every_id_of_the_problem_is_in_its_model(subject):
    files = petab.Petab().files(subject)
    model = files[f"{ARM}/model.xml"].decode()
    names = [row["parameterId"] for row in table(files[f"{ARM}/parameters.tsv"])] + [row["observableFormula"] for row in table(files[f"{ARM}/observables.tsv"])]
    assert all(f'<parameter id="{name}"' in model for name in names)


def test_estimated_parameters_have_finite_bounds_around_their_scale(subject):
    rows = [row for row in table(petab.Petab().files(subject)[f"{ARM}/parameters.tsv"]) if row["estimate"] == "1"]
    assert len(rows) > 10
    for row in rows:
        assert float(row["lowerBound"]) < float(row["upperBound"])
        assert row["parameterScale"] == "lin" or float(row["lowerBound"]) > 0


def test_log_normal_spread_becomes_the_prior_with_its_quantiles():
    spread = Spread((Component("M-1", 1.0, "lognormal", 2.0, 0.5, 8.0, 10.0),))
    kind, numbers = petab.prior(spread)
    mean, sd = map(float, numbers.split(";"))
    assert kind == "logNormal"
    assert (math.exp(mean - 1.6448536269514722 * sd), math.exp(mean + 1.6448536269514722 * sd)) == pytest.approx((5.0, 80.0))


def test_bounds_of_a_mixture_are_its_own_quantiles():
    spread = Spread((Component("M-1", 0.5, "uniform", 0.5, 0.0, 1.0), Component("M-2", 0.5, "uniform", 10.5, 10.0, 11.0)))
    # half of the mixture is in each unit interval, so that its 5 % point is the 10 % point of the first
    assert petab.bounds(spread) == pytest.approx((0.1, 10.9), abs=1 / petab.GRID)


def test_rival_structures_are_not_estimated():
    switch = Parameter("rival__x", "1", 0.0, Spread((Component("a", 0.5, "fixed", 0.0, 0.0, 0.0), Component("b", 0.5, "fixed", 1.0, 1.0, 1.0))), quantity="rival")
    assert not petab.is_estimated(switch)


# ro-crate ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    place = tmp_path_factory.mktemp("run") / "r"
    api.run(WELL, place, samples=2, workers=1, until="1 h", changes={"question.at": "1 h", "observe_every": "0.5 h"})
    return place


def test_crate_names_every_file_with_its_checksum(run):
    graph = {item["@id"]: item for item in ro_crate.crate(run)["@graph"]}
    files = {p.name for p in run.iterdir()} - {ro_crate.NAME}
    assert {item["@id"] for item in graph["./"]["hasPart"]} == files
    for name in files:
        assert graph[name]["sha256"] == hashlib.sha256((run / name).read_bytes()).hexdigest()
        assert graph[name]["contentSize"] == str((run / name).stat().st_size)


def test_crate_refers_to_nothing_that_it_does_not_hold(run):
    crate = ro_crate.crate(run)
    known = {item["@id"] for item in crate["@graph"]} | {ro_crate.PROFILE}

    def references(value):
        if isinstance(value, dict):
            return [value["@id"]] if set(value) == {"@id"} else [r for child in value.values() for r in references(child)]
        return [r for child in value for r in references(child)] if isinstance(value, list) else []

    assert set(references(crate["@graph"])) <= known
    assert {"datePublished", "license", "name", "description"} <= set(next(i for i in crate["@graph"] if i["@id"] == "./"))


def test_crate_lies_in_its_run_folder_and_can_be_written_again(run):
    first = api.export(run, "ro-crate")
    assert api.export(run, "ro-crate") == first
    assert json.loads((run / ro_crate.NAME).read_text(encoding="utf-8"))["@context"] == ro_crate.CONTEXT


def test_export_of_a_run_is_its_own_model(run, tmp_path):
    api.export(run, "sbml", tmp_path / "m.xml", arm=load(WELL).question.arm)
    body = (tmp_path / "m.xml").read_text(encoding="utf-8").split("-->\n", 1)[1]
    assert body == (run / "model.xml").read_text(encoding="utf-8").split("?>\n", 1)[1]


def test_run_whose_records_have_changed_is_not_exported_as_if_it_were_the_same(run, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    made = json.loads((run / "run.json").read_text(encoding="utf-8"))
    (other / "run.json").write_text(json.dumps({**made, "evidence_version": "old"}), encoding="utf-8")
    with pytest.raises(InputError, match="changed since this run"):
        api.export(other, "sbml", tmp_path / "x")


# whole or not at all -----------------------------------------------------------------------------


def test_file_of_somebody_else_is_not_overwritten(tmp_path):
    (tmp_path / "x.xml").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="not overwritten"):
        put_file(tmp_path / "x.xml", MARK.encode())
    assert (tmp_path / "x.xml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("change", [lambda p: (p / "a").write_text("edited"), lambda p: (p / "new").write_text("mine"), lambda p: (p / MANIFEST).unlink()])
def test_folder_that_was_changed_is_not_overwritten(tmp_path, change):
    put_folder(tmp_path / "f", {"a": b"1", "b/c": b"2"})
    change(tmp_path / "f")
    with pytest.raises(StoreError, match="not overwritten"):
        put_folder(tmp_path / "f", {"a": b"3"})


def test_own_folder_is_replaced_whole(tmp_path):
    put_folder(tmp_path / "f", {"a": b"1", "b/c": b"2"})
    put_folder(tmp_path / "f", {"a": b"3"})
    assert sorted(p.name for p in (tmp_path / "f").iterdir()) == ["a", MANIFEST]
    assert [p.name for p in tmp_path.iterdir()] == ["f"]


def test_failed_write_leaves_nothing(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(StoreError, match="No space left"):
        put_file(tmp_path / "x", MARK.encode())
    assert list(tmp_path.iterdir()) == []
