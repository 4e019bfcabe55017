"""The worked example of the design: 1e9 vesicles into 1e8 tumour cells at 0.76 % of the dose."""

import numpy as np
import pytest

from vesicle.engines.base import Program
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.model.assembled import Model
from vesicle.network import Arm, Flat, Network, Parameter, Particle, Passenger
from vesicle.network.expressions import symbol
from vesicle.readouts import custody
from vesicle.readouts.ensemble import Ensemble

DOSE, CELLS, AT_TUMOUR, RELEASE = 1e9, 1e8, 0.0076, 0.01
GUIDE = Guide("si", "siRNA", "KRAS", True)


def ensemble(copies: float) -> Ensemble:
    """One draw (and an equal nominal one) of an arm whose crossings are the example's."""
    crossings = {"given": DOSE, "circulating": DOSE, **dict.fromkeys(("at_tumour", "in_reach", "bound", "internalised"), DOSE * AT_TUMOUR)}
    crossings["released"] = DOSE * AT_TUMOUR * RELEASE
    counters = tuple(f"n_{step}__ev" for step in crossings)
    particle = Particle("ev", "exosome", (Passenger("si", "guide", symbol("n")),))
    parameters = (Parameter("n", "copy/EV", copies), Parameter("handling_recovery__exosome", "1", 1.0))
    network = Network("example", Arm("treated"), particles=(particle,), parameters=parameters)
    program = Program("treated", "", (), (), (), (0.0, 48.0), ("cells",), ("obs_cells",), counters, (), {})
    table = np.zeros((2, 2, len(counters)))
    table[:, 1, :] = list(crossings.values())
    return Ensemble(Model("treated", network, Flat(), (GUIDE,)), program, np.array([[copies, 1.0]] * 2), np.full((2, 2, 1), CELLS), table, ["ok", "ok"], {})


def row(copies: float, step: str) -> custody.Row:
    return next(r for r in custody.table(ensemble(copies), GUIDE, 48.0) if r.step == step)


def test_one_dose_puts_0_076_vesicles_at_a_tumour_cell():
    assert row(0.5, "at_tumour").particles[0] == pytest.approx(0.076)


@pytest.mark.parametrize(("copies", "cytosolic"), [(0.5, 4e-4), (20.0, 0.015), (238.0, 0.18)])
def test_copies_out_of_the_endosome_follow_copies_per_vesicle_and_release(copies, cytosolic):
    """The design prints one or two digits: 3.8e-4, 0.0152 and 0.181."""
    assert row(copies, "released").copies[0] == pytest.approx(cytosolic, rel=0.06)


def test_share_kept_at_release_is_the_released_share():
    assert row(20.0, "released").kept[0] == pytest.approx(RELEASE)
