"""Conservation laws from the stoichiometry, and other programs, on shipped models; all of them in verification/."""

import functools

import pytest
from oracles import copasi, disagreement, laws, nominal, roadrunner, violation

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.ssa import SsaEngine
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.donor import Donor, assemble_donor
from vesicle.model.scenario_file import load

KEPT = 1e-10
AGREEMENT = 1e-4
ONE_CELL = {"environment.area": "7e-6 cm2", "recipients.breast_cancer.cells": "1 cell", "arms.natural_exosome.doses.0.amount": "300 EV"}


@functools.cache
def model(name):
    if name == "donor":
        return assemble_donor(Donor(), shipped())
    scenario, _, arm = name.partition("/")
    return assemble(load(scenario, ONE_CELL if scenario.startswith("breast") else {}), shipped())[arm]


MODELS = ("donor", "breast-mir100-well/natural_exosome", "mouse-biodistribution/protein_reporter")


@pytest.mark.parametrize("name", MODELS)
def test_deterministic_engine_keeps_every_conservation_law(name):
    one = model(name)
    program, values, run = nominal(one, (0.0, 0.5, 2.0, 4.0), OdeEngine(STRICT_RTOL))
    assert run.status == OK
    assert violation(one, program, values, run) < KEPT


@pytest.mark.parametrize("name", MODELS[:2])
def test_stochastic_engine_keeps_every_conservation_law_exactly(name):
    one = model(name)
    program, values, run = nominal(one, (0.0, 0.5, 2.0, 4.0), SsaEngine())
    assert run.status == OK
    assert violation(one, program, values, run) == 0.0


def test_laws_are_those_of_the_stoichiometry():
    """The donor: its ESCRT sets, and per route what was made is in bodies or has left."""
    matrix, names = laws(model("donor").flat)
    escrt = [float(name.startswith("escrt_")) for name in names]
    assert any((row == escrt).all() or (row == [-x for x in escrt]).all() for row in matrix)


@pytest.mark.parametrize("judge", [roadrunner, copasi])
@pytest.mark.parametrize("name", MODELS[:2])
def test_other_program_gives_the_same_trajectory(name, judge):
    assert disagreement(model(name), 24.0, judge) < AGREEMENT
