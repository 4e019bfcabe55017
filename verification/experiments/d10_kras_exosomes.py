"""D10: KRAS siRNA in mesenchymal stem cell exosomes against pancreatic tumours (Mendt 2018)."""

import numpy as np
from judge import Experiment, Line, change, direction, null, paired, shown

TREATED = change("kras_exosome", "vehicle", "tumour_volume")


def at_tumour(arm):
    """(n,) per cent of the given vesicles that pass from blood or cavity into the tumour by the end."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        with np.errstate(invalid="ignore"):
            return paired(ensemble, 100 * ensemble.extent("at_tumour", "kras_exosome")[:, -1] / ensemble.extent("given", "kras_exosome")[:, -1])

    return of


EXPERIMENT = Experiment(
    id="D10",
    title="GMP MSC exosomes with KRAS siRNA",
    reference="Mendt2018",
    scenario="pancreas-kras",
    lines=(
        Line("tumour volume, KRAS exosomes against vehicle", TREATED, direction("-")),
        Line("tumour volume, scrambled exosomes against vehicle", change("scrambled_exosome", "vehicle", "tumour_volume"), null(), treated=TREATED),
        Line("tumour volume, KRAS exosomes in a wild-type tumour", change("wild_type_kras_exosome", "wild_type_vehicle", "tumour_volume"), null(), treated=TREATED),
        Line("tumour volume, aggregates without vesicles", change("kras_aggregates", "vehicle", "tumour_volume"), null(), treated=TREATED),
        Line("vesicles that come to the tumour, i.p., per cent of those given", at_tumour("kras_exosome"), shown()),
        Line("vesicles that come to the tumour, i.v., per cent of those given", at_tumour("kras_exosome_iv"), shown()),
    ),
    not_judged=(
        "survival (animals have no end point of their own in this scenario; the volume stands for it), how much comes to the pancreas after i.p. (no share was published: shown), "
        "toxicity (no response of the host is in the model)."
    ),
)
