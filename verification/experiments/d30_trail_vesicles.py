"""D30: TRAIL on vesicles of mesenchymal stem cells, injected into breast tumours (Chulpanova 2023)."""

from judge import Experiment, Line, change, direction, magnitude, null, paired, shown

END = 12 * 24.0


def mean(arm, readout):
    """(n,) time average of a readout."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return paired(ensemble, ensemble.mean_over(ensemble.observable(readout), END))

    return of


EXPERIMENT = Experiment(
    id="D30",
    title="TRAIL on vesicles into breast tumours",
    reference="Chulpanova2023",
    scenario="breast-trail-vesicles",
    lines=(
        Line("caspase-8 active, mean over 12 days, TRAIL vesicles", mean("trail", "caspase-8"), magnitude(0.05, 1)),
        Line("tumour volume, TRAIL vesicles against native ones", change("trail", "native", "tumour_volume"), direction("-")),
        Line("tumour volume, native vesicles against vehicle", change("native", "vehicle", "tumour_volume"), null(), treated=change("trail", "vehicle", "tumour_volume")),
        Line("caspase-8 active, native vesicles", mean("native", "caspase-8"), null(1e-9, by_construction=True)),
        Line("DR5 occupied per cell, mean over 12 days, TRAIL vesicles", mean("trail", "occupied:DR5"), shown()),
        Line("caspase-8 active, mean over 12 days, TRAIL vesicles by vein", mean("trail_vein", "caspase-8"), shown()),
    ),
    note=(
        "The reported rise of CASP8 mRNA (1.8-fold) and protein (1.7-fold) is not modelled, and the bound of 0.05 on the first line is ours. "
        "TRAIL per vesicle (M-1696), receptors for half of the death signal (M-1699) and how fast bound vesicles let go (M-0930) are assumed over decades."
    ),
)
