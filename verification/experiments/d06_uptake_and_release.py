"""D06: HeLa vesicles with a luminal reporter on HeLa cells (Bonsergent 2021)."""

import numpy as np
from judge import Experiment, Line, change, direction, magnitude, paired

PRODUCT = "hela_exosome"
HOUR, HOURS = 1.0, 4.0


def crossed(arm, step, at):
    """Crossings of a step by a time, (n,) draws."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return paired(ensemble, ensemble.crossings[:, ensemble.at(at), ensemble.program.counters.index(f"n_{step}__{PRODUCT}")])

    return of


def per_cent(arm, step, of_step, at):
    """One step as per cent of another."""
    return lambda outcome: 100 * crossed(arm, step, at)(outcome) / crossed(arm, of_step, at)(outcome)


def without_acid(outcome):
    """Release under bafilomycin relative to release without."""
    share = [per_cent(arm, "released", "internalised", HOURS)(outcome) for arm in ("bafilomycin", "exosome")]
    return np.asarray(share[0]) / np.asarray(share[1]) - 1


EXPERIMENT = Experiment(
    id="D06",
    title="A hundredth is taken up in an hour, and a third of that reaches the cytosol if endosomes are acid",
    reference="Bonsergent2021",
    scenario="hela-uptake-well",
    lines=(
        Line("taken up in 1 h at 100 vesicles per cell, per cent of those given", per_cent("exosome", "internalised", "given", HOUR), magnitude(0.5, 2.0)),
        Line("released by 4 h, per cent of those taken up", per_cent("exosome", "released", "internalised", HOURS), magnitude(20, 40)),
        Line("released by 4 h with bafilomycin, per cent of those taken up", per_cent("bafilomycin", "released", "internalised", HOURS), magnitude(0, 5)),
        Line("release with bafilomycin against without", without_acid, direction("-")),
        Line("vesicles inside at 4 C against 37 C, 4 h", change("cold", "exosome", f"in_cell:{PRODUCT}", HOURS), direction("-")),
    ),
    note=(
        "The share that sticks comes from another laboratory (M-1238); the prior of the released share (M-0933) is wide by design and has this assay at its "
        "upper end, so the second line asks whether the whole field's prior gives what this assay saw. Taken up is inside of cells: in the first hour about "
        "two thirds of what a cell holds are still on its surface, and an assay that counts those too sees about three times more. The cells per volume of "
        "the published wells are not known; 5e5 per mL here."
    ),
)
