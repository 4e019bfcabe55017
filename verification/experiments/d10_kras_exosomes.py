"""D10: KRAS siRNA in mesenchymal stem cell exosomes against pancreatic tumours (Mendt 2018)."""

from judge import Experiment, Line, change, direction, null

EXPERIMENT = Experiment(
    id="D10",
    title="GMP MSC exosomes with KRAS siRNA",
    reference="Mendt2018",
    scenario="pancreas-kras",
    lines=(
        Line("tumour volume, KRAS exosomes against vehicle", change("kras_exosome", "vehicle", "tumour_volume"), direction("-")),
        Line("tumour volume, scrambled exosomes against vehicle", change("scrambled_exosome", "vehicle", "tumour_volume"), null()),
        Line("tumour volume, KRAS exosomes in a wild-type tumour", change("wild_type_kras_exosome", "wild_type_vehicle", "tumour_volume"), null()),
        Line("tumour volume, aggregates without vesicles", change("kras_aggregates", "vehicle", "tumour_volume"), null()),
    ),
)
