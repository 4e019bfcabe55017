"""D27: miR-23b of bone-marrow stem cells and dormancy of breast cancer cells (Ono 2014)."""

import numpy as np
from judge import Experiment, Line, change, direction, if_delivered, magnitude, null, share, shown, value

from vesicle.readouts.verdict import NO_DIFFERENCE

LEVEL = "level:dormancy"


def growth(arm, control):
    """(n,) growth rate of cells in an arm over that in its control."""

    def rate(outcome, name):
        return np.log(value(name, "cells")(outcome) / value(name, "cells", at=0.0)(outcome))

    return lambda outcome: rate(outcome, arm) / rate(outcome, control)


def survival(both, signal, drug, control):
    """(n,) share of cells that outlives the drug with a signal over that without, less one."""

    def left(outcome, treated, untreated):
        return value(treated, "cells")(outcome) / value(untreated, "cells")(outcome)

    return lambda outcome: left(outcome, both, signal) / left(outcome, drug, control) - 1


def rises(arm):
    """Share of draws in which the level of dormancy is above rest by what counts as a difference."""
    return lambda outcome: share(value(arm, LEVEL)(outcome), lambda level: level >= 1 + NO_DIFFERENCE)


EXPERIMENT = Experiment(
    id="D27",
    title="miR-23b of stem cell exosomes makes breast cancer cells dormant and spares them docetaxel",
    reference="X60",
    scenario="breast-dormancy-well",
    lines=(
        Line("growth rate, exosomes over medium, as given", growth("msc_exosome", "vehicle"), magnitude(0.4, 0.85, near=1.1)),
        Line("cells, exosomes against medium, as given", change("msc_exosome", "vehicle", "cells"), direction("-")),
        Line("MARCKS mRNA, exosomes against medium, miR-23b on MARCKS, if delivered", change("mimic_marcks", "vehicle", "mRNA:MARCKS"), if_delivered("-")),
        Line("survival of docetaxel, with exosomes against without, as given", survival("drug_and_msc_exosome", "msc_exosome", "drug", "vehicle"), direction("+")),
        Line("share of draws in which miR-23b, if delivered, raises dormancy by 5 %", rises("mimic"), magnitude(0.9, 1, near=1.1)),
        Line("level of dormancy, miR-23b if delivered, relative to rest", value("mimic", LEVEL), shown()),
        Line("growth rate, miR-23b if delivered, over medium", growth("mimic", "vehicle"), magnitude(0.4, 0.85, near=1.1)),
        Line("survival of docetaxel, miR-23b if delivered, against without", survival("drug_and_mimic", "mimic", "drug", "vehicle"), if_delivered("+")),
        Line("cells, exosomes of fibroblasts against those of stem cells", change("fibroblast_exosome", "msc_exosome", "cells"), shown()),
        Line("cells, scrambled miRNA in every cell", change("scrambled", "vehicle", "cells"), null(), treated=change("mimic", "vehicle", "cells")),
    ),
    note=(
        "The edges from miR-23b to MARCKS and from MARCKS to dormancy and to the cell cycle rest on this work alone and are left out here, "
        "so what is judged is whether the rest of the core says the same: it does not, what miR-23b holds down elsewhere makes cells wake. "
        "That miR-23b lowers MARCKS is in the scenario by the work's own word."
    ),
)
