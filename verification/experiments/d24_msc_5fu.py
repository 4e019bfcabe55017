"""D24: exosomes of umbilical stem cells and 5-fluorouracil on gastric cancer cells (Ji 2015)."""

import numpy as np
from judge import Experiment, Line, change, direction, if_delivered, magnitude, null, share, shown, value

from vesicle.readouts.verdict import NO_DIFFERENCE

SHIFT, PUMP = "ic50_shift:x_5_fluorouracil", "level:ABCB1"
DELIVERED, BLOCKED, BOTH = "drug_and_raf1_delivered", "drug_mek_blocked", "drug_and_raf1_delivered_mek_blocked"


def rises(arm, readout):
    """Share of draws in which a level is above rest by what counts as a difference."""
    return lambda outcome: share(value(arm, readout)(outcome), lambda level: level >= 1 + NO_DIFFERENCE)


def gap(outcome):
    """Orders of magnitude between RAF1 that doubles the cell's own and RAF1 that arrives, at one copy per vesicle."""
    return -np.log10(value("drug_and_raf1", "protein_gain:RAF1_protein")(outcome))


def moved_by_block(outcome):
    """Level of ABCB1 with MEK blocked, less that at rest."""
    return value(BLOCKED, PUMP)(outcome) - 1


EXPERIMENT = Experiment(
    id="D24",
    title="Stem cell exosomes protect gastric cancer cells from 5-fluorouracil through Raf, MEK, ERK",
    reference="X62",
    scenario="gastric-5fu-well",
    lines=(
        Line("IC50 of 5-fluorouracil with exosomes over without, as given", value("drug_and_exosomes", SHIFT), magnitude(1.3, 3, near=1.1)),
        Line("cells under the drug, exosomes against none, as given", change("drug_and_exosomes", "drug", "cells"), direction("+")),
        Line("gap: orders of magnitude from RAF1 that arrives (one copy per vesicle, ours) to as much as the cell has", gap, shown()),
        Line("share of draws in which RAF1, if delivered, raises ABCB1 by 5 %", rises(DELIVERED, PUMP), magnitude(0.9, 1, near=1.1)),
        Line("share of draws in which RAF1, if delivered, raises the IC50 by 5 %", rises(DELIVERED, SHIFT), magnitude(0.9, 1, near=1.1)),
        Line("IC50 with RAF1, if delivered, over rest", value(DELIVERED, SHIFT), magnitude(1.3, 3, near=1.1)),
        Line("cells under the drug, RAF1 if delivered against none", change(DELIVERED, "drug", "cells"), if_delivered("+")),
        Line("ABCB1, RAF1 if delivered, MEK blocked, against MEK blocked alone: the block abolishes", change(BOTH, BLOCKED, PUMP), null(), treated=change(DELIVERED, "drug", PUMP)),
        Line(
            "IC50, RAF1 if delivered, MEK blocked, against MEK blocked alone: the block abolishes", change(BOTH, BLOCKED, SHIFT), null(), treated=change(DELIVERED, "drug", SHIFT)
        ),
        Line("ABCB1, MEK blocked alone, relative to rest", moved_by_block, shown()),
        Line("cells without the drug, exosomes against none", change("exosomes", "vehicle", "cells"), null(), treated=change("drug_and_exosomes", "drug", "cells")),
    ),
    note=(
        "The report names no cargo, so as given nothing can be carried. RAF1 is put into cells to ask what the core makes of the reported cascade: the CaM kinases are not in it. "
        "A share of draws counts those that move by 5 % or more; less counts as none. No record says that ABCB1 or ABCC1 pumps 5-fluorouracil, "
        "and no way of the core leads from RAF1 to ABCC1 within the steps that are followed; resistance is by the threshold of apoptosis alone."
    ),
)
