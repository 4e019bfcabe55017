"""D29: single fusions of multivesicular bodies, histamine and SNAP23 (Verweij 2018)."""

from judge import Experiment, Line, change, direction, fold, magnitude, null, value

EXPERIMENT = Experiment(
    id="D29",
    title="Histamine multiplies the fusion of bodies, through SNAP23",
    reference="Verweij2018",
    scenario="mvb-fusion",
    note="Without its own fold histamine takes that of its class, calcium ionophore, a fold of the output over hours. How long the signal of a fusion lasts is not in the model.",
    lines=(
        Line("fusions under histamine", change("histamine", "rest", "fusion_rate"), direction("+")),
        Line("fold of fusions under histamine", fold("histamine", "rest", "fusion_rate"), magnitude(2.0, 4.0)),
        Line("release after 6 h under histamine", change("histamine", "rest", "released", 6.0), direction("+")),
        Line("fusions under histamine without SNAP23", value("histamine_snap23_lost", "fusion_rate"), null(by_construction=True)),
        Line("histamine, SNAP23 that cannot be phosphorylated", change("histamine_s110a", "rest", "fusion_rate"), null(), treated=change("histamine", "rest", "fusion_rate")),
        Line("histamine without H1R", change("histamine_h1r_lost", "rest", "fusion_rate"), null(), treated=change("histamine", "rest", "fusion_rate")),
    ),
)
