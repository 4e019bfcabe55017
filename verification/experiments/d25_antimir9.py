"""D25: anti-miR-9 in stem cell exosomes and temozolomide on glioblastoma cells (Munoz 2013)."""

import numpy as np
from judge import Experiment, Line, change, direction, fold, if_delivered, magnitude, null, share, shown, value

from vesicle.readouts.verdict import NO_DIFFERENCE

PUMP, KILL = "threshold_protein:ABCB1", "log_kill"
DELIVERED, ONE, ONE_ALONE = "drug_and_anti_mir9_delivered", "drug_and_anti_mir9_delivered_ptch1", "drug_ptch1"


def falls(arm, readout=PUMP):
    """Share of draws in which a level is below rest by what counts as a difference."""
    return lambda outcome: share(value(arm, readout)(outcome), lambda level: level <= 1 - NO_DIFFERENCE)


def gap(outcome):
    """Orders of magnitude between the half of the cells' own miR-9 and what anti-miR-9 holds of it, as given."""
    return np.log10(0.5 / np.maximum(value("drug_and_anti_mir9", "own_held:hsa_miR_9_5p_own")(outcome), 1e-30))


EXPERIMENT = Experiment(
    id="D25",
    title="Anti-miR-9 of stem cells lowers P-glycoprotein and lets temozolomide kill",
    reference="N69",
    scenario="glioma-antimir9-well",
    lines=(
        Line("cells under temozolomide, anti-miR-9 exosomes against none, as given", change("drug_and_anti_mir9", "drug", "cells"), direction("-")),
        Line("kill by temozolomide with anti-miR-9 exosomes over without, as given", fold("drug_and_anti_mir9", "drug", KILL), magnitude(1.5, 10, near=1.1)),
        Line("gap: orders of magnitude from miR-9 held, as given, to half of the cells' own", gap, shown()),
        Line(
            "cells under temozolomide, scrambled exosomes against none",
            change("drug_and_scrambled", "drug", "cells"),
            null(),
            treated=change("drug_and_anti_mir9", "drug", "cells"),
        ),
        Line("cells under temozolomide, scrambled in every cell", change("drug_and_scrambled_delivered", "drug", "cells"), null(), treated=change(ONE, ONE_ALONE, "cells")),
        Line("PTCH1 mRNA, anti-miR-9 if delivered", change(DELIVERED, "drug", "mRNA:PTCH1"), if_delivered("+")),
        Line("share of draws in which P-glycoprotein falls by 5 %, if delivered, by all targets of miR-9", falls(DELIVERED), magnitude(0.9, 1, near=1.1)),
        Line("share of draws in which it falls by 5 %, if delivered, by PTCH1 alone", falls(ONE), magnitude(0.9, 1, near=1.1)),
        Line("P-glycoprotein, if delivered, by PTCH1 alone, relative to rest", value(ONE, PUMP), shown()),
        Line("kill by temozolomide, if delivered, over without, by all targets", fold(DELIVERED, "drug", KILL), magnitude(1.5, 10, near=1.1)),
        Line("kill by temozolomide, if delivered, over without, by PTCH1 alone", fold(ONE, ONE_ALONE, KILL), magnitude(1.5, 10, near=1.1)),
        Line("cells under temozolomide, if delivered, by PTCH1 alone", change(ONE, ONE_ALONE, "cells"), if_delivered("-")),
        Line("cells without temozolomide, anti-miR-9 if delivered", change("anti_mir9_delivered", "untreated", "cells"), shown()),
    ),
    note=(
        "miR-9 holds ten further targets by strong evidence, NFKB1 among them, which raises ABCB1; freed together they turn the sign against the report. "
        "By PTCH1 alone, which is recalled for these cells, the sign is the reported one. "
        "The table of the parent line U-87 MG holds neither SMO nor ABCB1, so the chain would be none there; resistant cells are in no table. "
        "A natural miRNA holds its target by at most the share M_max, so freeing it moves PTCH1 little."
    ),
)
