"""D19: natural miR-100 of mesenchymal stem cell exosomes on breast cancer cells (Pakravan 2017)."""

from judge import Experiment, Line, change, direction, magnitude, order, shown, values

VEGF = "level:VEGFA"
EARLY, LATE = 12.0, 24.0


def lost(arm):
    """(n,) share of the level of VEGFA that is gone at the end."""
    return lambda outcome: -change(arm, "vehicle", VEGF)(outcome)


def less_with_dose(outcome):
    """(n_arm, n) one over the level of VEGFA: none, 1e4 and 1e5 vesicles per cell."""
    return 1 / values(VEGF, "vehicle", "natural_exosome_tenth", "natural_exosome")(outcome)


def less_with_time(outcome):
    """(n, ) change from 12 to 24 h of what the level of VEGFA is relative to medium."""
    return (1 + change("natural_exosome", "vehicle", VEGF, LATE)(outcome)) / (1 + change("natural_exosome", "vehicle", VEGF, EARLY)(outcome)) - 1


EXPERIMENT = Experiment(
    id="D19",
    title="Natural miR-100 of MSC exosomes lowers VEGF through the mTOR axis",
    reference="Pakravan2017",
    scenario="breast-mir100-vegf-well",
    lines=(
        Line("MTOR mRNA, natural exosomes against medium", change("natural_exosome", "vehicle", "mRNA:MTOR"), direction("-")),
        Line("VEGFA, natural exosomes against medium, at the top dose", change("natural_exosome", "vehicle", VEGF), direction("-")),
        Line("VEGFA lost at the top dose (reported 0.4 to 0.6, recalled)", lost("natural_exosome"), magnitude(0.2, 0.7), effect=True),
        Line("VEGFA falls with dose: none, 1e4, 1e5 vesicles per cell", less_with_dose, order("falls in this order"), effect=True),
        Line("VEGFA relative to medium, 24 h against 12 h", less_with_time, direction("-")),
        Line("VEGFA, exosomes of a donor with 100 times the miR-100 against medium", change("mir100_exosome", "vehicle", VEGF), shown()),
    ),
    not_judged=(
        "anti-miR-100, which took more than half of the effect away (there is no effect here to be taken away), and HUVEC under the medium of treated cells. "
        "The top dose is 1e5 vesicles per cell; the 100 ug/mL of the report are recalled."
    ),
)
