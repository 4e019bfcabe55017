"""D26: PD-L1 on melanoma exosomes and CD8 T cells (Chen 2018)."""

from judge import Experiment, Line, change, direction, magnitude, null, value

EXPERIMENT = Experiment(
    id="D26",
    title="PD-L1 on melanoma exosomes holds back CD8 T cells",
    reference="Chen2018",
    own=("X70",),
    scenario="melanoma-pdl1-well",
    lines=(
        Line("PD-1 signal, exosomes of cells under interferon gamma against exosomes", change("ifng_exosome", "melanoma_exosome", "signal:PD-1"), direction("+"),
             calibration="the copies under interferon gamma stand in the scenario"),
        Line("PD-1 signal, antibody to PD-L1 against none", change("blocked", "ifng_exosome", "signal:PD-1"), direction("-")),
        Line("PD-1 signal, exosomes without PD-L1", value("bare_exosome", "signal:PD-1"), null(by_construction=True)),
        Line("CD8 T cells held back at all: PD-1 signal of exosomes of cells under interferon gamma", value("ifng_exosome", "signal:PD-1"), magnitude(0.1, 1.0)),
    ),
    note="No size was published in what is stored; the last line asks whether the count allows a tenth of a full signal. Responders' rise in plasma is not judged.",
)  # fmt: skip
