"""A sample of the SBML Test Suite in which every understood tag stands at least once; all of it: ``verification/sbml_suite.py``."""

import importlib.util
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITE = next((p for p in (ROOT.parent / "shared/data/sbml_test_suite", ROOT.parent.parent / "shared/data/sbml_test_suite") if p.is_dir()), None)
SAMPLE = ("00097", "00849", "00929", "00936", "01133", "01169", "01272", "01282", "01402", "01464", "01627", "01722", "01766")
REFUSED = {"00039": "AlgebraicRule", "00937": "CSymbolDelay", "01546": "FastReaction", "01165": "comp:ExternalModelDefinition"}


@pytest.fixture(scope="module")
def suite():
    """The runner as a module."""
    spec = importlib.util.spec_from_file_location("sbml_suite", ROOT / "verification" / "sbml_suite.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The folder of the sampled cases."""
    if SUITE is None:
        pytest.skip("the SBML Test Suite is not there (../shared/data/sbml_test_suite); NOTHING of it was tested")
    into = tmp_path_factory.mktemp("suite")
    with tarfile.open(SUITE / "semantic.tar.gz") as tar:
        wanted = [m for m in tar.getmembers() if set(Path(m.name).parts) & {*SAMPLE, *REFUSED}]
        tar.extractall(into, members=wanted, filter="data")
    return {p.parent.name: p.parent for p in into.rglob("*-model.m")}


@pytest.mark.parametrize("name", SAMPLE)
def test_case_passes_by_the_suites_own_rule(name, suite, cases):
    judged = suite.judge(cases[name])
    assert (judged.outcome, judged.why) == (suite.PASSED, "")


@pytest.mark.parametrize(("name", "tag"), REFUSED.items())
def test_case_beyond_what_is_offered_is_refused_by_name(name, tag, suite, cases):
    judged = suite.judge(cases[name])
    assert judged.outcome == suite.REFUSED
    assert f"not offered ({tag})" in judged.why


def settings(suite):
    return suite.settings_of("start: 0\nduration: 1\nsteps: 1\nvariables: S\nabsolute: 1e-3\nrelative: 1e-2\namount: S\nconcentration:\n")


@pytest.mark.parametrize(("ours", "outcome"), [(10.1009, "passed"), (10.1021, "FAILED"), (float("nan"), "FAILED")])
def test_rule_is_the_absolute_plus_the_relative_tolerance(ours, outcome, suite):
    """10 may be missed by 1e-3 + 1e-2 * 10 = 0.101."""
    assert suite.compared(np.array([[1.0], [10.0]]), np.array([[1.0], [ours]]), settings(suite))[0] == outcome


def test_paths_of_the_right_law_are_inside_and_of_another_outside(suite):
    """Poisson numbers with the mean that is expected, and with a mean half a standard deviation off."""
    rng = np.random.default_rng(1)
    columns, table = ["time", "S-mean", "S-sd"], np.array([[0, 100.0, 10.0], [1, 100.0, 10.0]])
    assert suite.outside(rng.poisson(100, (1000, 2, 1)), columns, table, settings(suite)) == []
    assert any("Z = " in line for line in suite.outside(rng.poisson(105, (1000, 2, 1)), columns, table, settings(suite)))
    assert any("Y = " in line for line in suite.outside(rng.normal(100, 15, (1000, 2, 1)), columns, table, settings(suite)))
