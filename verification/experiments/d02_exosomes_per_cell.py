"""D02: how many exosomes a cell gives to its medium, and how much paclitaxel goes with them (Wang 2017)."""

from judge import Experiment, Line, change, direction, magnitude, null, value

AVOGADRO = 6.02214076e23
CELLS = 1e6
PER_CELL, WITHIN = 220.0, 2.0
PICOMOLES = 1e12
COUNT = "the count is a datum of the recorded calibration of secretion; the model judged here is the one without it"
CONTENT = "the content of the cell is set to the tubulin capacity of the same work"


def drug_per_million_cells(outcome):
    """pmol of paclitaxel in the vesicles that 1e6 cells have released by 24 h; isolation is left out, as it is unknown how it was corrected for."""
    vesicles = value("with_paclitaxel", "released", 24.0)(outcome)
    return vesicles * value("with_paclitaxel", "copies_per_vesicle:paclitaxel", 24.0)(outcome) * CELLS / AVOGADRO * PICOMOLES


EXPERIMENT = Experiment(
    id="D02",
    title="Exosomes per cell, and paclitaxel in them",
    reference="Wang2017",
    scenario="exosomes-per-cell",
    note="What paclitaxel does to release rests on the work itself and is left out; the signs of its recipient model are not judged.",
    lines=(
        Line("exosomes counted per cell after 48 h", value("growing", "counted"), magnitude(PER_CELL / WITHIN, PER_CELL * WITHIN), calibration=COUNT),
        Line("paclitaxel in exosomes after 24 h [pmol per 1e6 cells]", drug_per_million_cells, magnitude(2.0, 7.0), calibration=CONTENT),
        Line("paclitaxel raises the output", change("with_paclitaxel", "growing", "counted"), direction("+")),
        Line("counted per cell where bodies cannot fuse", value("no_fusion", "counted"), null(by_construction=True)),
    ),
)
