"""D21: miR-135b of hypoxic myeloma exosomes on endothelium (Umezu 2014)."""

from judge import Experiment, Line, change, direction, null

EXPERIMENT = Experiment(
    id="D21",
    title="miR-135b of hypoxic myeloma exosomes lowers FIH-1 in endothelium",
    reference="Umezu2014",
    scenario="huvec-mir135b-well",
    lines=(
        Line("HIF1AN mRNA, exosomes of hypoxic cells against medium", change("hypoxic_exosome", "vehicle", "mRNA:HIF1AN"), direction("-")),
        Line("HIF1AN mRNA, exosomes of cells in air against medium", change("normoxic_exosome", "vehicle", "mRNA:HIF1AN"), null()),
    ),
    note="HIF activity and tube formation are not read yet: a well has neither oxygen for its recipient nor a signalling network. The null says little where nothing is carried.",
)
