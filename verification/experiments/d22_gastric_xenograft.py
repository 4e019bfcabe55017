"""D22: exosomes of marrow stem cells promote gastric xenografts (Zhu 2012)."""

from judge import Experiment, Line, change, direction, null, shown

EXPERIMENT = Experiment(
    id="D22",
    title="Marrow stem cell exosomes mixed into a gastric graft",
    reference="X37",
    scenario="msc-gastric-xenograft",
    lines=(
        Line("tumour volume, exosomes against none", change("msc_exosome", "vehicle", "tumour_volume"), direction("+")),
        Line("VEGFA of tumour cells, exosomes against none", change("msc_exosome", "vehicle", "level:VEGFA"), direction("+")),
        Line(
            "proliferation of tumour cells by exosomes: none in a dish",
            change("msc_exosome", "vehicle", "level:proliferation"),
            null(),
            treated=change("msc_exosome", "vehicle", "tumour_volume"),
        ),
        Line("VEGFA of tumour cells, if the content came to every cell", change("delivered", "vehicle", "level:VEGFA"), shown()),
        Line("proliferation of tumour cells, if the content came to every cell", change("delivered", "vehicle", "level:proliferation"), shown()),
        Line("tumour volume, if the content came to every cell", change("delivered", "vehicle", "tumour_volume"), shown()),
    ),
    note="Vessels do not yet follow VEGFA in this scenario, so more growth can come from proliferation alone.",
    not_judged="tumour incidence, ERK1/2 and CXCR4 (no readouts of this scenario).",
)
