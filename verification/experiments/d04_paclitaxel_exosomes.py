"""D04: paclitaxel in macrophage exosomes, by three ways of loading, on cells with and without ABCB1 (Kim 2016)."""

from judge import Experiment, Line, change, direction, fold, magnitude, null, order, values

EXPOSURE = "drug_exposure:paclitaxel"
PAIRS = (("sonicated_each", "incubated_each"), ("electroporated_each", "incubated_each"))


def gain_of_resistant_over_parent(outcome):
    """What vesicles gain on free drug in the ABCB1 line over what they gain in its parent."""
    parent, free, resistant, resistant_free = values(EXPOSURE, "sonicated", "free", "resistant_sonicated", "resistant_free")(outcome)
    return (resistant / resistant_free) / (parent / free)


EXPERIMENT = Experiment(
    id="D04",
    title="Paclitaxel in macrophage exosomes: way of loading, and the pump that it passes",
    reference="Kim2016",
    scenario="paclitaxel-mdr-well",
    lines=(
        Line("drug in cells: incubated < electroporated < sonicated", values(EXPOSURE, "incubated_each", "electroporated_each", "sonicated_each"), order("rises in this order")),
        Line("sonicated over incubated, drug in cells", fold(*PAIRS[0], EXPOSURE), magnitude(10, 40)),
        Line("electroporated over incubated, drug in cells", fold(*PAIRS[1], EXPOSURE), magnitude(2, 8)),
        Line("gain on free drug in the parent line", fold("sonicated", "free", EXPOSURE), magnitude(0.5, 2)),
        Line("gain on free drug in the ABCB1 line", fold("resistant_sonicated", "resistant_free", EXPOSURE), magnitude(10, 1000)),
        Line("gain in the ABCB1 line over that in its parent", gain_of_resistant_over_parent, magnitude(5, 1000)),
        Line("cells, free drug against medium in the parent line", change("free", "medium", "cells"), direction("-")),
        Line("cells, empty exosomes against medium", change("empty", "medium", "cells"), null(), treated=change("sonicated", "medium", "cells")),
    ),
    note=(
        "Gain is drug in cells over 48 h at an equal amount of drug; in this range it is linear in the dose, so it equals the shift of the IC50. "
        "A vesicle's drug passes the pump only as far as the pump takes what comes from outside (M-1247, never measured), "
        "and most of it leaks into the medium before a vesicle is taken up (M-1245): both make the gain small."
    ),
)
