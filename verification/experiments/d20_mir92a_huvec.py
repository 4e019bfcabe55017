"""D20: miR-92a of K562 exosomes on endothelium (Umezu 2013)."""

from judge import Experiment, Line, change, direction, if_delivered, null

EXPERIMENT = Experiment(
    id="D20",
    title="miR-92a of leukaemia exosomes lowers integrin alpha 5 in endothelium and raises tube formation",
    reference="Umezu2013",
    scenario="huvec-mir92a-well",
    lines=(
        Line("ITGA5 mRNA, exosomes with miR-92a against medium", change("mir92a_exosome", "vehicle", "mRNA:ITGA5"), direction("-")),
        Line("tube formation, exosomes with miR-92a against medium", change("mir92a_exosome", "vehicle", "tube_formation"), direction("+")),
        Line(
            "tube formation, natural exosomes against medium",
            change("natural_exosome", "vehicle", "tube_formation"),
            null(),
            treated=change("mir92a_exosome", "vehicle", "tube_formation"),
        ),
        Line(
            "endothelial cells, exosomes with miR-92a against medium: proliferation unchanged",
            change("mir92a_exosome", "vehicle", "cells"),
            null(),
            treated=change("mir92a_exosome", "vehicle", "tube_formation"),
        ),
        Line("if delivered: ITGA5 mRNA", change("if_delivered", "vehicle", "mRNA:ITGA5"), if_delivered("-")),
        Line("if delivered: tube formation", change("if_delivered", "vehicle", "tube_formation"), if_delivered("+")),
        Line("if delivered: migration of endothelium", change("if_delivered", "vehicle", "endothelial_migration"), if_delivered("+")),
        Line("if delivered: endothelial cells", change("if_delivered", "vehicle", "cells"), if_delivered("0")),
    ),
    note="If delivered, 1e6 copies are held in every cell, and the signs are those of the compiled network. Its shortest way (ITGA5 -> angiogenesis) goes against the report.",
)
