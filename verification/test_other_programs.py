"""Every shipped arm and the donor, in full: conservation laws, libSBML, libRoadRunner, COPASI."""

import functools

import pytest
from oracles import copasi, disagreement, nominal, roadrunner, violation

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import output_times
from vesicle.evidence import shipped
from vesicle.model import sbml
from vesicle.model.assembly import assemble
from vesicle.model.donor import Donor, assemble_donor
from vesicle.model.scenario_file import load, shipped_names

KEPT, AGREEMENT = 1e-10, 1e-4
ARMS = [(name, arm) for name in shipped_names() for arm in load(name).arms] + [("donor", "donor")]
EVERY = pytest.mark.parametrize(("name", "arm"), ARMS, ids=[f"{name}-{arm}" for name, arm in ARMS])


@functools.cache
def models(name):
    return {"donor": assemble_donor(Donor(), shipped())} if name == "donor" else assemble(load(name), shipped())


def duration(name):
    return 48.0 if name == "donor" else load(name).duration


@pytest.mark.parametrize(("rtol", "kept"), [(STRICT_RTOL, 10 * KEPT), (STRICT_RTOL / 10, KEPT)], ids=["nominal", "tighter"])
@EVERY
def test_conservation_laws_hold(name, arm, rtol, kept):
    """To 1e-10 one decade below the tolerance of nominal runs; at that tolerance one arm of 25 misses it (1.5e-10), so 1e-9 is asked there."""
    one = models(name)[arm]
    program, values, run = nominal(one, output_times(duration(name), duration(name) / 20), OdeEngine(rtol))
    assert run.status == OK
    assert violation(one, program, values, run) < kept


@pytest.mark.parametrize("judge", [roadrunner, copasi])
@EVERY
def test_other_program_gives_the_same_trajectory(name, arm, judge):
    assert disagreement(models(name)[arm], duration(name), judge) < AGREEMENT


@EVERY
def test_libsbml_finds_no_problem_in_the_export(name, arm):
    one = models(name)[arm]
    assert sbml.problems(sbml.write(one.network, one.flat)) == []
