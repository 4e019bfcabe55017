"""What we write of a shipped scenario reads back and gives the same trajectories."""

import numpy as np
import pytest

from vesicle.engines.ode import STRICT_ABSOLUTE, STRICT_RTOL, OdeEngine
from vesicle.engines.program import BODY, compile_model, draw_matrix, values_of
from vesicle.evidence import shipped
from vesicle.formats.sbml_reader import read_sbml
from vesicle.model import sbml
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load

OFF_DOSES = (0.0, 0.5, 2.0, 6.0, 12.0, 24.0, 36.0, 47.0)
"""A dose of the scenario is read after it, one of an event before or after it; between doses there is no such choice."""
AGREEMENT = 1e-6
"""A thousand times the relative tolerance of the strict setting."""
NOISE = 1000 * BODY * STRICT_ABSOLUTE
"""A curve of a hundredth of a dose, wrong by ten absolute tolerances, each 1e-9 of a dose."""


def strict(model, times=OFF_DOSES):
    program, lean = compile_model(model, times)
    return OdeEngine(STRICT_RTOL).run(program, values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0])


def first_arm(name):
    """The first arm in which something is given."""
    scenario = load(name)
    models = assemble(scenario, shipped())
    return next(m for m in models.values() if m.network.arm.doses)


@pytest.mark.parametrize("name", ["pancreas-kras", "breast-mir100-well", "mouse-biodistribution"])
def test_written_scenario_reads_back_with_the_same_trajectories(name, tmp_path):
    ours = first_arm(name)
    (tmp_path / "model.xml").write_text(sbml.write(ours.network, ours.flat))
    imported = read_sbml(tmp_path / "model.xml")
    there, back = strict(ours), strict(imported.model)
    for observable in ours.network.observables:
        expected, got = there.amount(observable.id)[1:], back.amount(sbml.observable_id(observable.id))[1:]
        allowed = AGREEMENT * np.abs(expected) + NOISE * np.max(np.abs(expected))
        assert np.all(np.abs(got - expected) <= allowed), observable.id


def test_time_unit_of_a_written_scenario_is_the_hour(tmp_path):
    ours = first_arm("pancreas-kras")
    (tmp_path / "model.xml").write_text(sbml.write(ours.network, ours.flat))
    assert read_sbml(tmp_path / "model.xml").time_unit == "h"
