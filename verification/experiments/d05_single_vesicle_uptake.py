"""D05: HEK293 exosomes at picomolar concentration on Huh7 cells (Heusermann 2016)."""

from judge import Experiment, Line, change, direction, magnitude, null, value, values

INSIDE, POSITIVE, LYSOSOMAL = "in_cell:exosome", "positive_cells:exosome", "lysosomal_share:exosome"
EARLY, HOURS, LATE = 1.0, 6.0, 24.0


def against_dose(outcome):
    """Vesicles inside at 400 pM over 100 pM, relative to the fourfold that a linear response gives."""
    low, high = values(INSIDE, "hundred_picomolar", "four_hundred_picomolar", at=HOURS)(outcome)
    return high / low / 4 - 1


def against_time(outcome):
    """Gain per hour from 6 to 24 h, relative to that of the first 6 h."""
    early, late = (value("hundred_picomolar", INSIDE, at)(outcome) for at in (HOURS, LATE))
    return (late - early) / (LATE - HOURS) / (early / HOURS) - 1


def lysosomal_rise(outcome):
    """Lysosomal share at 24 h over that at 1 h."""
    early, late = (value("hundred_picomolar", LYSOSOMAL, at)(outcome) for at in (EARLY, LATE))
    return late / early - 1


EXPERIMENT = Experiment(
    id="D05",
    title="Uptake of single vesicles saturates at picomolar concentration and ends in lysosomes",
    reference="Heusermann2016",
    scenario="heusermann-uptake-well",
    lines=(
        Line("share of cells with a vesicle, 100 pM, 6 h", value("hundred_picomolar", POSITIVE, HOURS), magnitude(0.9, 1.0, near=1.2)),
        Line("vesicles inside, 400 pM against four times 100 pM, 6 h", against_dose, direction("-")),
        Line("vesicles gained per hour after 6 h against before", against_time, direction("-")),
        Line("lysosomal share of vesicles inside, 24 h", value("hundred_picomolar", LYSOSOMAL, LATE), magnitude(0.5, 1.0, near=1.2)),
        Line("lysosomal share, 24 h against 1 h", lysosomal_rise, direction("+")),
        Line("cells, 100 pM against medium", change("hundred_picomolar", "medium", "cells", LATE), null()),
    ),
    note=(
        "A cell counts as positive with one vesicle; a microscope that needs ten would see fewer. The share is that of a Poisson law: "
        "cells that differ in uptake would make it lower."
    ),
)
