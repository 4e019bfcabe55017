"""D20: miR-92a of K562 exosomes on endothelium (Umezu 2013)."""

from judge import Experiment, Line, change, direction, null

EXPERIMENT = Experiment(
    id="D20",
    title="miR-92a of leukaemia exosomes lowers integrin alpha 5 in endothelium",
    reference="Umezu2013",
    scenario="huvec-mir92a-well",
    lines=(
        Line("ITGA5 mRNA, exosomes with miR-92a against medium", change("mir92a_exosome", "vehicle", "mRNA:ITGA5"), direction("-")),
        Line("endothelial cells, exosomes with miR-92a against medium: proliferation unchanged", change("mir92a_exosome", "vehicle", "cells"), null()),
    ),
    note="Migration and tube formation are not read yet: a well has no signalling network. "
    "By the shortest way in the core (ITGA5 -> angiogenesis) tube formation would fall, against the report. The null says little where nothing is carried.",
)
