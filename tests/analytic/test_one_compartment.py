"""One place and one way out: the engine against exponential decay."""

import numpy as np
import pytest
import sympy

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.model.assembled import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Particle, Passenger, Species, Transfer, Unpack

RATE, GIVEN, COPIES = 0.7, 1e9, 3.0
TIMES = tuple(np.linspace(0.0, 24.0, 25))
TOLERANCE = 1e-7
"""Share of the dose. A step may err by rtol |y| + atol, both 1e-9 of the dose (STRICT_RTOL, BODY *
STRICT_ABSOLUTE), and some hundred steps are taken while the amount falls; 2e-8 is seen."""


def decay(doses=(0.0,), **parts) -> Model:
    """Particles in a box that they leave at RATE."""
    k, amount = symbol("k"), symbol("given")
    network = Network(
        "box",
        Arm("treated", tuple(Dose(t, "ev__box", amount) for t in doses)),
        particles=(Particle("ev", "ev", (Passenger("dye", "label", sympy.Integer(1), tracked=True), Passenger("rna", "guide", symbol("copies")))),),
        parameters=(Parameter("k", "1/h", RATE), Parameter("given", "EV", GIVEN), Parameter("copies", "copy/EV", COPIES)),
        observables=(Observable("in_box", "EV", symbol("ev__box")), *parts.pop("observables", ())),
        **({"transfers": (Transfer("leave", "ev", "box", None, k, sink="gone"),)} | parts),
    )
    return Model("treated", network, check(network), ())


def run(model: Model, times=TIMES):
    program, lean = compile_model(model, times)
    values = values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0]
    trajectory = OdeEngine(STRICT_RTOL).run(program, values)
    assert trajectory.status == OK
    return trajectory


def superposed(times, doses):
    """Exponential decay of every dose that was given before a time."""
    return sum(np.where(np.array(times) > t, GIVEN * np.exp(-RATE * np.clip(np.array(times) - t, 0, None)), 0.0) for t in doses)


def test_amount_decays_exponentially():
    got = run(decay()).amount("in_box")
    assert got == pytest.approx(GIVEN * np.exp(-RATE * np.array(TIMES)), rel=0, abs=TOLERANCE * GIVEN)


def test_sink_holds_what_has_left():
    got = run(decay())
    gone = got.crossings[:, got.program.counters.index("out_gone__ev")]
    assert gone == pytest.approx(-GIVEN * np.expm1(-RATE * np.array(TIMES)), rel=0, abs=TOLERANCE * GIVEN)


def test_every_particle_is_in_the_box_or_in_the_sink():
    """The two amounts are changed by one flow, so the sum is exact but for rounding (1e-15 per step, some hundred steps)."""
    got = run(decay())
    gone = got.crossings[:, got.program.counters.index("out_gone__ev")]
    assert got.amount("in_box") + gone == pytest.approx(np.full(len(TIMES), GIVEN), rel=1e-12)


def test_doses_superpose():
    """Read off the dose times: at 12.5 h and later the second dose has been given."""
    times = (0.0, 3.0, 11.5, 12.5, 20.0)
    got = run(decay(doses=(0.0, 12.0)), times).amount("in_box")
    assert got[1:] == pytest.approx(superposed(times, (0.0, 12.0))[1:], rel=0, abs=TOLERANCE * GIVEN)


def test_dose_counts_as_given_when_it_is_given():
    times = (0.0, 11.5, 12.5, 20.0)
    assert list(run(decay(doses=(0.0, 12.0)), times).extent("given", "ev")) == [GIVEN, GIVEN, 2 * GIVEN, 2 * GIVEN]


def test_copies_in_the_cytosol_are_copies_per_particle_times_particles_released():
    rna = Species("rna_cytosol", "rna", "cell", "copy")
    unpack = Unpack("release", "ev", "box", {"rna": "rna_cytosol"}, symbol("k"), step="released")
    got = run(decay(transfers=(), unpacks=(unpack,), species=(rna,), observables=(Observable("copies", "copy", symbol("rna_cytosol")),)))
    assert got.amount("copies") == pytest.approx(-COPIES * GIVEN * np.expm1(-RATE * np.array(TIMES)), rel=0, abs=TOLERANCE * COPIES * GIVEN)
    assert got.amount("copies") == pytest.approx(COPIES * got.extent("released", "ev"), rel=1e-12)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_linear_decay_scales_with_the_dose(scale):
    """Time is not scaled, so the share left is the same for every dose, to the tolerance of the engine."""
    model = decay()
    program, lean = compile_model(model, TIMES)
    values = values_of(lean, model.network.parameters, np.array([[RATE, GIVEN * scale, COPIES]]))[0]
    got = OdeEngine(STRICT_RTOL).run(program, values).amount("in_box") / (GIVEN * scale)
    assert got == pytest.approx(np.exp(-RATE * np.array(TIMES)), rel=0, abs=TOLERANCE)
