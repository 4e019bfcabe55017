"""D04: paclitaxel in macrophage exosomes (Kim 2016)."""

import numpy as np
from judge import Experiment, Line, change, direction, magnitude, null, order

from vesicle.engines.program import parameter_values
from vesicle.readouts.ensemble import Array, Ensemble
from vesicle.runs.execute import Outcome

METHODS = ("incubated", "electroporated", "sonicated")
DRUG = "paclitaxel"


def copies(ensemble: Ensemble) -> Array:
    """(n,) drug copies per vesicle."""
    passenger = next(p for p in ensemble.model.network.particles[0].passengers if p.entity == DRUG)
    return parameter_values(passenger.copies, ensemble.model.network.parameters, ensemble.matrix)[1:]


def loading(outcome: Outcome) -> Array:
    """(3, n) copies per vesicle by method."""
    return np.array([copies(outcome.ensembles[arm]) for arm in METHODS])


def sonicated_over_incubated(outcome: Outcome) -> Array:
    """(n,) ratio of copies."""
    found = loading(outcome)
    return found[2] / found[0]


def free_inside(ensemble: Ensemble) -> Array:
    """(n,) free drug per cell, mean over time, from vesicles."""
    return ensemble.mean_over(ensemble.observable(f"free:{DRUG}"), 48.0)[1:]


def kept_from_pump(outcome: Outcome) -> Array:
    """(n,) f_in / f_out of the free drug in the line with the exporter, over that without."""
    ensemble = outcome.ensembles["sonicated_mdr1"]
    exit_, pump = ensemble.parameter("drug_exit_rate")[1:], ensemble.parameter("efflux_pump_rate__ABCB1")[1:]
    return exit_ / (exit_ + pump)


def bypass(outcome: Outcome) -> Array:
    """What vesicles gain over free drug in the line with the exporter, over the same gain without it."""
    carried = free_inside(outcome.ensembles["sonicated_mdr1"]) / free_inside(outcome.ensembles["sonicated"])
    return carried / kept_from_pump(outcome)


def against_free_drug(outcome: Outcome) -> Array:
    """Free drug per wild-type cell by vesicles, over that of the same drug dissolved in the medium (equal inside and outside)."""
    ensemble = outcome.ensembles["sonicated"]
    given = ensemble.extent("given", "sonicated")[1:, -1] * copies(ensemble)
    volume = 570.0  # uL: 3 mm on 1.9 cm2
    cell = np.pi / 6 * ensemble.parameter("cell_diameter")[1:] ** 3 * 1e-9  # uL of a sphere of um
    return free_inside(ensemble) / (given / volume * cell)


def without_vesicles(outcome: Outcome) -> Array:
    """Vesicles without drug move nothing: cells against medium."""
    return change("empty", "vehicle", "cells")(outcome)


EXPERIMENT = Experiment(
    id="D04",
    title="Paclitaxel in macrophage exosomes, with and without P-glycoprotein",
    reference="Kim2016",
    scenario="paclitaxel-exosomes-well",
    lines=(
        Line("copies per vesicle: incubation, electroporation, sonication", loading, order("incubation < electroporation < sonication")),
        Line("copies by sonication over incubation", sonicated_over_incubated, magnitude(14, 28)),
        Line("free drug in the cell, sonicated against incubated", change("sonicated", "incubated", "free:paclitaxel"), direction("+")),
        Line("gain over free drug in the line with ABCB1, over the gain without it", bypass, magnitude(10, 1000)),
        Line("free drug in a wild-type cell over the same drug dissolved", against_free_drug, magnitude(0.5, 2)),
        Line("cells, empty exosomes against medium", without_vesicles, null()),
    ),
    note="Loading rests on shares of offered small molecules by method, of a review whose range may include this work. The exporter's rate is assumed from efflux ratios of such lines.",
)
