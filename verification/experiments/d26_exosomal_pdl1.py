"""D26: PD-L1 on melanoma exosomes and CD8 T cells (Chen 2018)."""

from judge import Experiment, Line, change, direction, magnitude, null, order, value, values

SIGNAL = "signal:PD-1"
COPIES = "the 15 copies per vesicle under interferon gamma stand in the scenario"

EXPERIMENT = Experiment(
    id="D26",
    title="PD-L1 on melanoma exosomes holds back CD8 T cells",
    reference="Chen2018",
    scenario="melanoma-pdl1-well",
    lines=(
        Line(
            "PD-1 signal, exosomes of cells under interferon gamma against exosomes",
            change("ifng_exosome", "melanoma_exosome", SIGNAL),
            direction("+"),
            calibration=f"{COPIES}; without the own source the other arm has those of engineered fusions (M-0074)",
        ),
        Line("PD-1 signal with dose: 1 and 10 ug of exosomes", values(SIGNAL, "melanoma_exosome_low", "melanoma_exosome"), order("1 ug < 10 ug")),
        Line("PD-1 signal, antibody to PD-L1 against none", change("blocked", "ifng_exosome", SIGNAL), direction("-"), calibration=COPIES),
        Line("PD-1 signal, exosomes without PD-L1", value("bare_exosome", SIGNAL), null(by_construction=True), treated=value("ifng_exosome", SIGNAL)),
        Line(
            "CD8 T cells held back at all: PD-1 signal of exosomes of cells under interferon gamma",
            value("ifng_exosome", SIGNAL),
            magnitude(0.1, 1.0),
            calibration=COPIES,
        ),
    ),
    note=(
        "No size was published in what is stored; the last line asks whether the count allows a tenth of a full signal. Without the own source PD-L1 per vesicle is that of "
        "engineered scaffold fusions (M-0074), which says little of melanoma, and no record gives the fold under interferon gamma for it."
    ),
    not_judged="proliferation of the T cell itself, growth in mice, and the early rise in plasma of responders (no blood in this well).",
)
