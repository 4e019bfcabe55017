"""D14: synthetic miR-143 in exosomes on osteosarcoma cells (Shimbo 2014)."""

from judge import Experiment, Line, change, direction, null

EXPERIMENT = Experiment(
    id="D14",
    title="miR-143 exosomes hold back osteosarcoma migration and not proliferation",
    reference="Shimbo2014",
    scenario="osteosarcoma-mir143-well",
    lines=(
        Line("KRAS mRNA, exosomes with miR-143 against medium", change("mir143_exosome", "vehicle", "mRNA:KRAS"), direction("-")),
        Line("cells, exosomes with miR-143 against medium: proliferation unchanged", change("mir143_exosome", "vehicle", "cells"), null()),
    ),
    note="Migration is not read yet: a well has no signalling network. The null says little where nothing is carried.",
)
