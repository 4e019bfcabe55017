"""What only doses switch (a beam, an infusion, a wash) starts every draw anew."""

from dataclasses import replace

import pytest

from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Part, Reaction, Species


def test_draw_begins_with_the_switch_off_though_the_last_one_ended_with_it_on():
    """Guards against a beam that stays on in the compiled model: libRoadRunner's reset leaves a quantity without an equation as it is."""
    part = Part(
        species=(Species("beam", "beam", "", "1/h", None, False), Species("harm", "cells", "", "1", None, False)),
        reactions=(Reaction("add_up", {"harm": 1}, symbol("beam")),),
        observables=(Observable("harm", "1", symbol("harm")),),
    )
    network = Network("switched", Arm("switched")).with_part(part)
    network = replace(network, arm=Arm("switched", (Dose(2.0, "beam", symbol("height"), ()),)), parameters=(Parameter("height", "1/h", 3.0),))
    program, lean = compile_model(Model("switched", network, check(network), ()), (0.0, 4.0))
    engine = OdeEngine()
    values = values_of(lean, network.parameters, draw_matrix(network.parameters, 1, [-1, -1, -1]))
    assert [engine.run(program, one).amount("harm")[-1] for one in values] == pytest.approx([6.0] * 3, rel=1e-9)
