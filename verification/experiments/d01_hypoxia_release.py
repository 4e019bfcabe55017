"""D01: hypoxia raises the release of exosomes by breast cancer cells (King 2012)."""

from judge import Experiment, Line, change, direction, fold, magnitude, null, order, values

EXPERIMENT = Experiment(
    id="D01",
    title="Hypoxia raises exosome release through HIF",
    reference="King2012",
    scenario="hypoxia-release",
    note="Oxygen acts through the share of HIF1A that is stable; the size of the effect has no other source than the work itself.",
    lines=(
        Line("counted at 1 % oxygen against air", change("oxygen_1", "normoxia", "counted"), direction("+")),
        Line("counted at 0.1 % oxygen against air", change("oxygen_01", "normoxia", "counted"), direction("+")),
        Line("counted under DMOG in air", change("dmog", "normoxia", "counted"), direction("+")),
        Line("fold at 1 % oxygen", fold("oxygen_1", "normoxia", "counted"), magnitude(1.2, 2.5)),
        Line("air, 1 %, 0.1 %", values("counted", "normoxia", "oxygen_1", "oxygen_01"), order("air < 1 % < 0.1 %")),
        Line("1 % oxygen without HIF1A, against air without HIF1A", change("hif_lost", "hif_lost_air", "counted"), null(), treated=change("oxygen_1", "normoxia", "counted")),
    ),
)
