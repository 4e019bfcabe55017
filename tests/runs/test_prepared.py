"""A kept arm: the same numbers, made anew whenever anything that it follows from has changed, and never trusted when torn."""

import json
import os

import numpy as np
import pytest

from vesicle.errors import UnknownName
from vesicle.runs import prepared
from vesicle.runs.prepared import place, prepare_arm

WELL = "breast-mir100-well"


@pytest.fixture
def made(home, monkeypatch):
    """How often an arm was made anew."""
    count = []
    make = prepared._make

    def counted(*arguments):
        count.append(arguments)
        return make(*arguments)

    monkeypatch.setattr(prepared, "_make", counted)
    return count


def kept():
    (path,) = place().glob("*.json")
    return path


def test_kept_arm_is_the_one_that_was_made(made):
    first, second = prepare_arm(WELL), prepare_arm(WELL)
    assert len(made) == 1
    assert first == second
    for one, other in zip(vars(first.values()).values(), vars(second.values()).values(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("changed", [{"arm": "perfect_sink"}, {"until": "2 h"}, {"changes": {"observe_every": "1 h"}}])
def test_another_question_is_another_arm(made, changed):
    prepare_arm(WELL)
    prepare_arm(WELL, **changed)
    assert len(made) == 2


def test_own_evidence_makes_it_anew(made, home):
    prepare_arm(WELL)
    (home / "evidence" / "imports").mkdir(parents=True)
    (home / "evidence" / "imports" / "x").write_text("x", encoding="utf-8")
    prepare_arm(WELL)
    assert len(made) == 2


def test_other_code_or_records_make_it_anew(made, monkeypatch):
    prepare_arm(WELL)
    monkeypatch.setattr(prepared, "_package", lambda: "another")
    prepare_arm(WELL)
    assert len(made) == 2


def torn(text):
    return text[: len(text) // 2]


def edited(text):
    document = json.loads(text)
    document["content"] = document["content"].replace('"reciprocal"', '"system"', 1)
    return json.dumps(document)


def foreign_key(text):
    return json.dumps({**json.loads(text), "key": "x"})


@pytest.mark.parametrize("damage", [torn, edited, foreign_key, lambda text: "[]", lambda text: "\0"])
def test_damaged_file_is_made_anew_and_mended(made, damage):
    first = prepare_arm(WELL)
    path = kept()
    whole = path.read_text(encoding="utf-8")
    path.write_text(damage(whole), encoding="utf-8")
    assert prepare_arm(WELL) == first
    assert len(made) == 2
    assert path.read_text(encoding="utf-8") == whole


def test_place_that_cannot_be_written_does_not_stop_a_run(made, home):
    home.parent.mkdir(exist_ok=True)
    home.write_text("a file stands here", encoding="utf-8")
    assert prepare_arm(WELL) == prepare_arm(WELL)
    assert len(made) == 2


def test_nothing_is_kept_when_that_is_asked(made):
    prepare_arm(WELL, keep=False)
    assert not place().exists()


def test_oldest_are_removed(made, monkeypatch):
    monkeypatch.setattr(prepared, "MOST_KEPT", 1)
    prepare_arm(WELL)
    os.utime(kept(), (1, 1))
    prepare_arm(WELL, until="2 h")
    assert len(list(place().iterdir())) == 1


def test_wrong_arm_names_the_nearest(made):
    with pytest.raises(UnknownName, match="Did you mean 'perfect_sink'"):
        prepare_arm(WELL, "perfct_sink")


def test_simulation_is_the_nominal_run_of_the_arm(home):
    from vesicle import api

    found = api.simulate(WELL, "perfect_sink", until="2 h", changes={"observe_every": "1 h"})
    outcome = api.run(WELL, samples=1, workers=1, until="2 h", changes={"observe_every": "1 h"}).outcome.ensembles["perfect_sink"]
    # the nominal row of a run is strict, this one has the tolerance of an ensemble: 1e-6 a step
    np.testing.assert_allclose(found.readout("in_medium"), outcome.observable("in_medium")[0], rtol=1e-4)
    assert found.unit("in_medium") == "EV"


def test_wrong_readout_names_the_nearest(home):
    from vesicle import api

    with pytest.raises(UnknownName, match="Did you mean 'in_medium'"):
        api.simulate(WELL, "perfect_sink", until="1 h").rows("in_medum")


def test_kept_arm_is_read_without_symbolic_algebra(home):
    import subprocess
    import sys
    from pathlib import Path

    prepare_arm(WELL)
    source = Path(prepared.__file__).parents[2]
    code = f"import sys; from vesicle.api import simulate; simulate({WELL!r}); print([m for m in ('sympy', 'pint', 'pydantic', 'libsbml') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(source)}, check=True)
    assert out.stdout.strip() == "[]"
