"""D14: synthetic miR-143 in exosomes on osteosarcoma cells (Shimbo 2014)."""

from judge import Experiment, Line, change, direction, if_delivered, null

EXPERIMENT = Experiment(
    id="D14",
    title="miR-143 exosomes hold back osteosarcoma migration and not proliferation",
    reference="Shimbo2014",
    scenario="osteosarcoma-mir143-well",
    lines=(
        Line("migration, exosomes with miR-143 against medium", change("mir143_exosome", "vehicle", "migration"), direction("-")),
        Line("migration, natural exosomes against medium", change("natural_exosome", "vehicle", "migration"), null(), treated=change("mir143_exosome", "vehicle", "migration")),
        Line(
            "cells, exosomes with miR-143 against medium: proliferation unchanged",
            change("mir143_exosome", "vehicle", "cells"),
            null(),
            treated=change("mir143_exosome", "vehicle", "migration"),
        ),
        Line("if delivered: migration", change("if_delivered", "vehicle", "migration"), if_delivered("-")),
        Line("if delivered: cells", change("if_delivered", "vehicle", "cells"), if_delivered("0")),
    ),
    note="If delivered, 1e6 copies are held in every cell, and the signs are those of the compiled network.",
)
