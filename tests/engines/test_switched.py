"""What only doses switch (a beam, an infusion, a wash) starts every draw anew."""

import weakref
from dataclasses import replace

import pytest
import sympy

from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Part, Reaction, Species, Trigger


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


def test_compiled_model_of_a_draw_with_triggers_goes_with_the_draw():
    """Such a model is compiled anew for every draw; some hundred of them kept in one process made libRoadRunner jump out of its code."""
    part = Part(
        species=(Species("cells", "cells", "", "cell", symbol("start")), Species("lost", "host", "", "1", None, False)),
        reactions=(Reaction("grow", {"cells": 1}, symbol("rate") * symbol("cells")),),
        triggers=(Trigger("lose_host", symbol("cells") > symbol("most"), {"lost": sympy.Integer(1)}),),
        observables=(Observable("lost", "1", symbol("lost")),),
    )
    network = Network("growing", Arm("growing")).with_part(part)
    network = replace(network, parameters=(Parameter("start", "cell", 1.0), Parameter("rate", "1/h", 1.0), Parameter("most", "cell", 5.0)))
    program, lean = compile_model(Model("growing", network, check(network), ()), (0.0, 4.0))
    (values,) = values_of(lean, network.parameters, draw_matrix(network.parameters, 1, [-1]))
    engine, left = OdeEngine(), []
    for _ in range(3):
        state = engine.advance(engine.init(program, values), 4.0)
        assert engine.result(state).amount("lost")[-1] == 1
        left.append(weakref.ref(state))
    del state
    assert [one() for one in left] == [None] * 3
