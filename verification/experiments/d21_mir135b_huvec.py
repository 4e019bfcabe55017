"""D21: miR-135b of hypoxic myeloma exosomes on endothelium (Umezu 2014)."""

from judge import Experiment, Line, change, direction, if_delivered, null

EXPERIMENT = Experiment(
    id="D21",
    title="miR-135b of hypoxic myeloma exosomes lowers FIH-1 in endothelium and raises HIF activity and tube formation",
    reference="Umezu2014",
    scenario="huvec-mir135b-well",
    lines=(
        Line("HIF1AN mRNA, exosomes of hypoxic cells against medium", change("hypoxic_exosome", "vehicle", "mRNA:HIF1AN"), direction("-")),
        Line("tube formation at 1 % oxygen, exosomes of hypoxic cells against medium", change("hypoxic_exosome", "vehicle", "tube_formation"), direction("+")),
        Line(
            "HIF1AN mRNA, exosomes of cells in air against medium",
            change("normoxic_exosome", "vehicle", "mRNA:HIF1AN"),
            null(),
            treated=change("hypoxic_exosome", "vehicle", "mRNA:HIF1AN"),
        ),
        Line(
            "tube formation, exosomes of cells in air against medium",
            change("normoxic_exosome", "vehicle", "tube_formation"),
            null(),
            treated=change("hypoxic_exosome", "vehicle", "tube_formation"),
        ),
        Line("if delivered: HIF1AN mRNA", change("if_delivered", "vehicle", "mRNA:HIF1AN"), if_delivered("-")),
        Line("if delivered: rise of HIF activity over air", change("if_delivered", "vehicle", "hif_rise:endothelium"), if_delivered("+")),
        Line("if delivered: tube formation", change("if_delivered", "vehicle", "tube_formation"), if_delivered("+")),
    ),
    note="If delivered, 1e6 copies are held in every cell, and the signs are those of the compiled network.",
)
