"""A run: the same bytes whoever computes it, resumed or not; a folder that is whole or absent."""

import csv
import io
import math
import re
from pathlib import Path

import numpy as np
import pytest

from vesicle import api
from vesicle.engines.base import OK
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.errors import InputError, Interrupted, StoreError
from vesicle.evidence import shipped
from vesicle.model.assembled import Model
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import SHIPPED, load
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.spread import Component, Spread
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Particle, Transfer
from vesicle.runs import documents, folder, pool
from vesicle.runs.execute import execute
from vesicle.runs.work import DoseSearch, perform

WELL = "breast-mir100-well"
SHORT = {"question.at": "2 h", "observe_every": "0.5 h"}
SMALL = {"samples": 6, "until": "2 h", "changes": SHORT}
FILES = ("summary.json", "custody.tsv", "trajectories.parquet")


def files(outcome) -> dict[str, bytes]:
    """What a run writes that must not depend on who computed it."""
    return dict(zip(FILES, (documents.as_json(documents.summary(outcome)), documents.custody_tsv(outcome), documents.trajectories(outcome)), strict=True))


@pytest.fixture(scope="module")
def outcome():
    return execute(WELL, workers=1, **SMALL)


@pytest.fixture
def page(monkeypatch):
    """A report that costs nothing: these tests are about the folder."""
    monkeypatch.setattr("vesicle.report.page.build", lambda outcome, summary: b"<html></html>")


@pytest.fixture
def performed(monkeypatch):
    """The ids of the tasks that are computed in this process."""
    done = []

    def counted(task):
        done.append(task.id)
        return perform(task)

    monkeypatch.setattr(pool, "perform", counted)
    return done


def stop_after(tasks):
    """A progress report that presses Ctrl-C."""

    def report(done, total, what):
        if done == tasks and what == "simulating":
            raise KeyboardInterrupt

    return report


def leftovers(place: Path) -> list[str]:
    return sorted(p.name for p in place.iterdir() if p.name.startswith("."))


# the same numbers --------------------------------------------------------------------------------


def test_two_workers_write_the_bytes_of_one(outcome):
    assert files(execute(WELL, workers=2, **SMALL)) == files(outcome)


def test_second_run_in_the_same_process_writes_the_same_bytes(outcome):
    assert files(execute(WELL, workers=1, **SMALL)) == files(outcome)


def test_draws_span_several_chunks_without_a_seam():
    """With more draws than a chunk holds, the first draws stay what they were, whole chunk or not."""
    few, many = (execute(WELL, workers=1, samples=n, until="1 h", changes={"question.at": "1 h"}) for n in (25, 27))
    assert many.ensembles["natural_exosome"].outputs[:26].tobytes() == few.ensembles["natural_exosome"].outputs.tobytes()


def test_another_seed_draws_other_numbers_and_keeps_the_nominal_run(outcome):
    other = execute(WELL, workers=1, seed=2, **SMALL)
    one, two = outcome.ensembles["natural_exosome"], other.ensembles["natural_exosome"]
    assert one.outputs[0].tobytes() == two.outputs[0].tobytes()
    assert not np.any(np.all(one.matrix[1:] == two.matrix[1:], axis=1))


def test_new_parameter_moves_no_other():
    spread = Spread((Component("M-1", 1.0, "lognormal", 1.0, 0.5, 2.0),))
    old = [Parameter(name, "1", 1.0, spread) for name in ("a", "b")]
    new = [old[1], Parameter("between", "1", 1.0, spread), old[0]]
    before, after = draw_matrix(old, 1, [-1, *range(20)]), draw_matrix(new, 1, [-1, *range(20)])
    assert not np.any(before[1:, 0] == before[1:, 1]), "two parameters draw the same numbers"
    assert after[:, 2].tobytes() == before[:, 0].tobytes()
    assert after[:, 0].tobytes() == before[:, 1].tobytes()


def test_arms_of_a_run_share_the_draws_of_a_shared_parameter(outcome):
    one, other = outcome.ensembles["natural_exosome"], outcome.ensembles["mir100_exosome"]
    shared = {p.id for p in one.model.network.parameters} & {p.id for p in other.model.network.parameters}
    assert len(shared) > 30
    assert all(one.parameter(name).tobytes() == other.parameter(name).tobytes() for name in shared)


def test_override_of_one_parameter_leaves_the_draws_of_the_others(outcome):
    changed = assemble(load(WELL, {"parameters.ev_diameter__exosome": "80 nm"}), shipped())["natural_exosome"].network.parameters
    kept = [p for p in outcome.models["natural_exosome"].network.parameters if p.id != "ev_diameter__exosome"]
    again = [next(q for q in changed if q.id == p.id) for p in kept]
    assert draw_matrix(again, 1, range(5)).tobytes() == draw_matrix(kept, 1, range(5)).tobytes()


def test_identity_follows_everything_that_moves_a_number(outcome):
    from vesicle.runs.execute import identity

    base = (outcome.scenario, outcome.library)
    names = {
        identity(*base, 1, 6),
        identity(*base, 2, 6),
        identity(*base, 1, 7),
        identity(load(WELL), outcome.library, 1, 6),
        identity(*base[:1], shipped().without(reference="nobody"), 1, 6),
    }
    assert len(names) == 4
    assert outcome.identity == identity(*base, 1, 6)


# the table ---------------------------------------------------------------------------------------


def custody_rows(outcome):
    return list(csv.DictReader(io.StringIO(documents.custody_tsv(outcome).decode()), delimiter="\t"))


def all_draws(row) -> list[float]:
    return [float(row["nominal"]), *(float(v) for v in row["per_draw"].split(","))]


@pytest.fixture(scope="module")
def three_arms(tmp_path_factory):
    """The shipped pancreas scenario with three of its arms, as a user's file."""
    text = (SHIPPED / "pancreas-kras.yaml").read_text(encoding="utf-8")
    before, rest = text.split("\narms:\n", 1)
    arms, after = rest.split("\nduration:", 1)
    kept = [block for block in re.split(r"(?m)^(?=  \w+:$)", arms) if block.partition(":")[0].strip() in ("vehicle", "kras_exosome", "kras_liposome")]
    assert len(kept) == 3
    path = tmp_path_factory.mktemp("scenario") / "mine.yaml"
    path.write_text(f"{before}\narms:\n{''.join(kept)}\nduration:{after}", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def tumour(three_arms):
    return execute(three_arms, workers=1, samples=3, until="1 d", changes={"question.at": "1 d"})


def test_gap_is_recomputed_from_the_custody_table(tumour):
    """log10(needed / held), nominal and every draw, in every arm that has a gap; the table keeps all digits."""
    rows = {(row["arm"], row["step"]): row for row in custody_rows(tumour)}
    arms = [arm for arm, step in rows if step == "gap"]
    assert "kras_exosome" in arms
    for arm in arms:
        needed, kept, gap = (all_draws(rows[arm, step]) for step in ("needed", "held", "gap"))
        assert len(gap) == 4
        assert [math.log10(n / h) for n, h in zip(needed, kept, strict=True)] == pytest.approx(gap, rel=1e-12)


def test_gap_of_the_summary_is_that_of_the_table(tumour):
    row = next(r for r in custody_rows(tumour) if r["arm"] == "kras_exosome" and r["step"] == "gap")
    gap = documents.summary(tumour)["verdict"]["gap_orders"]
    assert [gap["nominal"], gap["q05"], gap["q50"], gap["q95"]] == pytest.approx([float(row[k]) for k in ("nominal", "q05", "q50", "q95")], rel=1e-5)


def test_copies_of_a_step_are_particles_times_copies_per_particle(tumour):
    """One number per draw, the same for every step that a particle of one kind crosses."""
    rows = [r for r in custody_rows(tumour) if r["arm"] == "kras_liposome" and r["product"] == "kras_liposome" and r["step"] not in ("made", "loaded")]
    per_step = {}
    for row in rows:
        per_step.setdefault(row["step"], {})[row["quantity"]] = np.array(all_draws(row))
    ratios = [q["copies"] / q["particles"] for q in per_step.values() if {"copies", "particles"} <= q.keys()]
    assert len(ratios) >= 5
    assert all(r == pytest.approx(ratios[0], rel=1e-9) for r in ratios)


def test_mass_balance_of_a_shortened_run_counts_the_doses_that_were_given(tumour):
    """Doses after the end were never given; the nominal run closes to 1e-9 for every kind of particle."""
    errors = {arm: e.balance for arm, e in tumour.ensembles.items() if e.model.network.particles}
    assert errors
    assert max(error for found in errors.values() for error in found.values()) < 1e-9


def test_run_with_imposed_copies_finishes_and_is_plausible(three_arms):
    """`--set assume.cytosolic_copies` far above need: the dose no longer matters, which the search must survive."""
    found = execute(three_arms, workers=1, samples=2, until="2 d", changes={"question.at": "2 d", "assume.cytosolic_copies": "1e6 copy/cell"})
    assert documents.summary(found)["verdict"]["call"] == "plausible"


@pytest.mark.parametrize(
    ("asked", "message"), [({"samples": 0}, "--samples 0"), ({"samples": -5}, "--samples -5"), ({"samples": 100_001}, "--samples 100001"), ({"workers": 0}, "--workers 0")]
)
def test_number_of_draws_or_workers_that_makes_no_sense_is_refused(asked, message):
    with pytest.raises(InputError, match=message):
        execute(WELL, **({"samples": 2} | asked))


# the search for a dose ---------------------------------------------------------------------------


def search(target, *, falling=False, guess=1.0, largest=1e6):
    """Particles that go from blood to a sink; the share of the dose left after 1 h is exp(-1)."""
    network = Network(
        "box", Arm("treated", (Dose(0.0, "ev__blood", symbol("given")),)), particles=(Particle("ev", "ev"),),
        parameters=(Parameter("k", "1/h", 1.0), Parameter("given", "EV", 1000.0)), transfers=(Transfer("leave", "ev", "blood", None, symbol("k")),),
        observables=(Observable("left", "EV", symbol("ev__blood")), Observable("room", "EV", symbol("given") * 1e4 - symbol("ev__blood"))),
    )  # fmt: skip
    program, lean = compile_model(Model("treated", network, check(network), ()), (0.0, 1.0))
    values = values_of(lean, network.parameters, draw_matrix(network.parameters, 1, [-1]))[0]
    return perform(DoseSearch("dose-0", program, values, int(falling), 1, target, falling, guess, largest))


@pytest.mark.parametrize("guess", [1e-4, 1.0, 7.0, 1e5])
@pytest.mark.parametrize("factor", [0.02, 7.0, 3e3])
def test_dose_that_reaches_a_level_is_found_from_any_guess(factor, guess):
    """The amount left is proportional to the dose; the search ends within 0.01 of log10, 2.4 %."""
    found = search(1000.0 * math.exp(-1) * factor, guess=guess)
    assert found.status == OK
    assert found.factor == pytest.approx(factor, rel=0.024)


def test_dose_that_lowers_a_level_is_found():
    found = search(1e7 - 1000.0 * math.exp(-1) * 50, falling=True)
    assert found.factor == pytest.approx(50, rel=0.024)


def test_level_beyond_the_largest_dose_is_not_reachable():
    assert search(1000.0 * math.exp(-1) * 200, largest=100.0).factor == math.inf


def test_level_that_every_dose_reaches_needs_no_dose():
    found = search(-1.0)
    assert found.status == OK
    assert found.factor <= 1e-11


# the folder --------------------------------------------------------------------------------------


def test_interrupted_run_resumes_to_the_same_bytes(tmp_path, outcome, page, performed):
    out = tmp_path / "run"
    with pytest.raises(Interrupted, match="stopped after 3 of"):
        api.run(WELL, out, workers=1, progress=stop_after(3), **SMALL)
    assert not out.exists()
    before = list(performed)
    api.resume(out, workers=1)
    assert {name: (out / name).read_bytes() for name in FILES} == files(outcome)
    assert len(before) == 3
    assert len(set(performed)) == len(performed), "a finished task was computed again"


def test_finished_run_leaves_no_checkpoint(tmp_path, page):
    api.run(WELL, tmp_path / "run", workers=1, **SMALL)
    assert leftovers(tmp_path) == []
    assert {p.name for p in (tmp_path / "run").iterdir()} == {*FILES, "model.xml", "run.json", "report.html"}


def test_nothing_to_resume_is_said(tmp_path):
    with pytest.raises(InputError, match="no interrupted run"):
        api.resume(tmp_path / "run")


def test_folder_of_another_run_is_refused_and_left_as_it_was(tmp_path, page):
    out = tmp_path / "run"
    api.run(WELL, out, workers=1, **SMALL)
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    with pytest.raises(StoreError, match="holds another run"):
        api.run(WELL, out, workers=1, seed=2, **SMALL)
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


def test_folder_of_another_run_is_refused_before_anything_is_computed(tmp_path, page, performed):
    out = tmp_path / "run"
    out.mkdir()
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="holds another run or other files"):
        api.run(WELL, out, workers=1, **SMALL)
    assert performed == []


def test_run_that_came_into_the_folder_meanwhile_is_kept(tmp_path):
    out = tmp_path / "run"
    one, other = folder.RunFolder(out, "one"), folder.RunFolder(out, "other")
    for place, name in ((one, "one"), (other, "other")):
        place.store(folder.NAME, f'{{"identity": "{name}"}}'.encode())
    one.commit()
    with pytest.raises(StoreError, match="holds another run"):
        other.commit()
    assert folder.read_identity(out) == "one"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(("asked", "says"), [(None, "nothing was kept"), ("study", "the same command again to go on"), ("run", "or `vesicle resume`, to go on")])
def test_what_is_advised_after_a_stop_can_be_done(tmp_path, monkeypatch, asked, says):
    if asked == "run":
        folder.begin(tmp_path / "run", {})
    checkpoint = {None: None, "study": tmp_path / "study" / "a", "run": folder.checkpoint_of(tmp_path / "run") / "a"}[asked]

    def stop(*_):
        raise KeyboardInterrupt

    task = DoseSearch("dose-0", None, None, 0, 1, 1.0, False, 1.0, 1.0)
    monkeypatch.setattr(pool, "perform", stop)
    with pytest.raises(Interrupted, match=says):
        pool.map_tasks([task], 1, checkpoint, pool.silent, "searching")


def test_file_in_the_place_of_the_folder_is_refused_and_kept(tmp_path, page):
    (tmp_path / "run").write_text("mine", encoding="utf-8")
    with pytest.raises(StoreError, match="a file stands there"):
        api.run(WELL, tmp_path / "run", workers=1, **SMALL)
    assert (tmp_path / "run").read_text(encoding="utf-8") == "mine"


def test_same_run_replaces_itself(tmp_path, page):
    out = tmp_path / "run"
    api.run(WELL, out, workers=1, **SMALL)
    first = {name: (out / name).read_bytes() for name in FILES}
    (out / "summary.json").write_text("spoilt", encoding="utf-8")
    api.run(WELL, out, workers=1, **SMALL)
    assert {name: (out / name).read_bytes() for name in FILES} == first
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("name", ["summary.json", "model.xml", "report.html"])
def test_run_folder_is_absent_when_a_file_cannot_be_written(tmp_path, page, monkeypatch, name):
    def full(self, content):
        if self.name == name:
            raise OSError(28, "No space left on device")
        return write(self, content)

    write = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StoreError, match=rf"{name}: cannot be written \(No space left on device\)"):
        api.run(WELL, tmp_path / "run", workers=1, **SMALL)
    assert not (tmp_path / "run").exists()
    assert leftovers(tmp_path) == [".run.checkpoint"]


def test_run_folder_is_absent_when_the_report_fails(tmp_path, monkeypatch):
    def broken(outcome, summary):
        raise ZeroDivisionError

    monkeypatch.setattr("vesicle.report.page.build", broken)
    with pytest.raises(ZeroDivisionError):
        api.run(WELL, tmp_path / "run", workers=1, **SMALL)
    assert not (tmp_path / "run").exists()
    assert leftovers(tmp_path) == [".run.checkpoint"]


def test_folder_that_cannot_be_put_in_place_leaves_the_old_run_there(tmp_path, monkeypatch):
    old = folder.RunFolder(tmp_path / "run", "same")
    old.store("run.json", b'{"identity": "same"}')
    old.commit()
    new = folder.RunFolder(tmp_path / "run", "same")
    new.store("run.json", b'{"identity": "same", "new": true}')
    rename = Path.rename

    def locked(self, target):
        if self == new._temporary:
            raise OSError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", locked)
    with pytest.raises(StoreError, match="cannot be put in place"):
        new.commit()
    assert (tmp_path / "run" / "run.json").read_bytes() == b'{"identity": "same"}'


def test_clock_times_stand_in_run_json_only(tmp_path, page):
    import json

    run = api.run(WELL, tmp_path / "run", workers=1, **SMALL)
    stamp = json.loads((run.path / "run.json").read_text(encoding="utf-8"))["made"]["utc"][:10]
    assert [p.name for p in run.path.iterdir() if stamp.encode() in p.read_bytes()] == ["run.json"]
