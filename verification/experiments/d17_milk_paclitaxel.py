"""D17: paclitaxel in milk exosomes by mouth against free paclitaxel i.p., A549 tumours (Agrawal 2017)."""

from judge import Experiment, Line, change, direction, magnitude, null, order, shown, values

VOLUME, EXPOSURE = "tumour_volume", "drug_exposure:paclitaxel"


def inhibition(arm):
    """(n,) share of the control's final volume that is missing."""
    return lambda outcome: -change(arm, "vehicle", VOLUME)(outcome)


def smaller(outcome):
    """(n_arm, n) one over the volume: free i.p., on milk exosomes by mouth."""
    return 1 / values(VOLUME, "free_intraperitoneal", "milk_paclitaxel")(outcome)


EXPERIMENT = Experiment(
    id="D17",
    title="Paclitaxel in milk exosomes by mouth",
    reference="Agrawal2017",
    scenario="lung-milk-paclitaxel",
    lines=(
        Line("tumour volume, milk exosomes by mouth against vehicle", change("milk_paclitaxel", "vehicle", VOLUME), direction("-")),
        Line("growth inhibited, milk exosomes by mouth (reported 0.60)", inhibition("milk_paclitaxel"), magnitude(0.45, 0.75, near=1.2)),
        Line("growth inhibited, free drug i.p. (reported 0.31, not significant)", inhibition("free_intraperitoneal"), magnitude(0.15, 0.45, near=1.5)),
        Line("tumour shrinks: free i.p. < milk exosomes by mouth", smaller, order("rises in this order")),
        Line("tumour volume, empty milk exosomes", change("milk_empty", "vehicle", VOLUME), null(by_construction=True), treated=change("milk_paclitaxel", "vehicle", VOLUME)),
        Line("free drug at cancer cells, milk exosomes against free drug by mouth", change("milk_paclitaxel", "free_oral", EXPOSURE), shown()),
        Line("free drug at cancer cells, milk exosomes by mouth against free drug i.p.", change("milk_paclitaxel", "free_intraperitoneal", EXPOSURE), shown()),
    ),
    note=(
        "Dose (4 mg/kg) is recalled, three doses a week are assumed. Most of the drug of the milk exosomes acts after it came off in the gut; what arrives whole is a few per cent "
        "(M-1678, assumed). Free drug i.p. is as available as a solution (M-1296, assumed), which paclitaxel in Cremophor may not be."
    ),
)
