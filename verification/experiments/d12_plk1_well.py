"""D12: PLK1 siRNA in exosomes on bladder cancer cells (Greco 2016)."""

from judge import Experiment, Line, change, direction, magnitude, null

PLK1 = "mRNA:PLK1"


def lost(outcome):
    """(n,) share of PLK1 mRNA that is gone."""
    return -change("hek_plk1", "medium", PLK1)(outcome)


EXPERIMENT = Experiment(
    id="D12",
    title="PLK1 siRNA in exosomes on bladder cancer cells",
    reference="Greco2016",
    own=("X100",),
    scenario="bladder-plk1-well",
    lines=(
        Line("PLK1 mRNA, HEK293 exosomes against medium", change("hek_plk1", "medium", PLK1), direction("-")),
        Line("PLK1 mRNA, mesenchymal stem cell exosomes against medium", change("msc_plk1", "medium", PLK1), direction("-")),
        Line("PLK1 protein, HEK293 exosomes against medium", change("hek_plk1", "medium", "protein:PLK1"), direction("-")),
        Line("PLK1 mRNA lost at 72 h", lost, magnitude(0.3, 0.8), effect=True),
        Line("cells, HEK293 exosomes against medium", change("hek_plk1", "medium", "cells"), direction("-")),
        Line("PLK1 mRNA, scrambled siRNA in exosomes", change("scrambled", "medium", PLK1), null(), treated=change("hek_plk1", "medium", PLK1)),
        Line("cells, scrambled siRNA in exosomes", change("scrambled", "medium", "cells"), null(), treated=change("hek_plk1", "medium", "cells")),
        Line("cells, empty exosomes", change("empty", "medium", "cells"), null(), treated=change("hek_plk1", "medium", "cells")),
    ),
    note=(
        "The dose (10 ug of protein in a 24-well plate) is assumed, and the copies that electroporation leaves span decades (M-0077, M-0078). "
        "Cells stop growing without PLK1, they are not killed."
    ),
    not_judged="apoptosis and necrosis (cells without PLK1 stop, they do not die here).",
)
