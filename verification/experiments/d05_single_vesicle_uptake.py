"""D05: single-vesicle uptake at picomolar doses (Heusermann 2016)."""

import numpy as np
from judge import Experiment, Line, Measured, magnitude, null, order

from vesicle.readouts.ensemble import Array, Ensemble
from vesicle.runs.execute import Outcome

PRODUCT, HOURS, LATE = "hek_exosome", 6.0, 24.0


def inside(ensemble: Ensemble, time: float) -> Array:
    """(n,) vesicles internalised per cell up to a time."""
    at = ensemble.at(time)
    return (ensemble.extent("internalised", PRODUCT)[:, at] / ensemble.observable("cells")[:, at])[1:]


def positive(outcome: Outcome) -> Array:
    """(n,) share of cells with at least one vesicle at 100 pM and 6 h."""
    return 1 - np.exp(-inside(outcome.ensembles["pm100"], HOURS))


def per_dose(outcome: Outcome) -> Array:
    """(3, n) vesicles inside per cell over dose, from the largest dose to the smallest: sub-linear when this rises."""
    doses = {"pm400": 1.37e11, "pm100": 3.43e10, "pm25": 8.58e9}
    return np.array([inside(outcome.ensembles[arm], HOURS) / dose for arm, dose in doses.items()])


def lysosomal(outcome: Outcome) -> Array:
    """(n,) digested, of all vesicles that endosomes let go of or digested in 24 h."""
    ensemble = outcome.ensembles["pm100"]
    end, names = ensemble.at(LATE), ensemble.program.counters
    digested = ensemble.crossings[1:, end, names.index(f"out_digested__{PRODUCT}")]
    unpacked = ensemble.crossings[1:, end, names.index(f"out_unpacked__{PRODUCT}")]
    recycled = digested * ensemble.parameter("recycling_fraction")[1:] / (1 - ensemble.parameter("recycling_fraction")[1:])
    return digested / (digested + unpacked + recycled)


def cold() -> Measured:
    """(n,) vesicles inside at 4 C over 37 C."""
    return lambda outcome: inside(outcome.ensembles["cold"], HOURS) / inside(outcome.ensembles["pm100"], HOURS)


EXPERIMENT = Experiment(
    id="D05",
    title="Single-vesicle uptake at picomolar doses",
    reference="Heusermann2016",
    scenario="huh7-uptake-well",
    lines=(
        Line("cells with at least one vesicle, 100 pM, 6 h, share", positive, magnitude(0.9, 1.0)),
        Line("vesicles inside per dose: 400, 100, 25 pM, 6 h", per_dose, order("falls with the dose")),
        Line("share of cleared vesicles that were digested, 24 h", lysosomal, magnitude(0.5, 1.0)),
        Line("vesicles inside at 4 C over 37 C, 6 h", cold(), null(0.3)),
    ),
    note="A cell counts as positive with one vesicle; the detection limit of the microscope is not modelled, so the share is an upper bound.",
)
