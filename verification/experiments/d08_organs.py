"""D08: organs after an intravenous dose, by radiolabel (Morishita 2015) and by GlucB reporter (Lai 2014)."""

import numpy as np
from judge import Experiment, Line, magnitude, null, order

DOSE = 1e9
ORGANS = ("spleen", "lung", "liver")


def share(arm, organ):
    """(n,) signal of a label in an organ, all its states, as share of the dose at 4 h."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return ensemble.observable(f"signal:{organ}")[1:, ensemble.at(outcome.scenario.question.at)][ensemble.good[1:]] / DOSE

    return of


def shares(arm):
    """(n_organ, n) in the order that is expected to rise."""
    return lambda outcome: np.array([share(arm, organ)(outcome) for organ in ORGANS])


def per_gram(arm):
    """Organ -> (n,) signal per volume of the organ."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return {organ: share(arm, organ)(outcome) / ensemble.parameter(f"organ_volume_fraction__{organ}")[1:][ensemble.good[1:]] for organ in (*ORGANS, "kidney")}

    return of


def rank_of_spleen(outcome):
    """(n,) 1 where no organ has more signal per gram than the spleen."""
    found = per_gram("protein_reporter")(outcome)
    return 1.0 + sum((found[organ] > found["spleen"]).astype(float) for organ in found if organ != "spleen")


def balance(outcome):
    """(n,) relative error of the nominal balance of label and particles, over arms."""
    return np.array([worst for ensemble in outcome.ensembles.values() for worst in ensemble.balance.values()])


EXPERIMENT = Experiment(
    id="D08",
    title="Organs after an intravenous dose, by label",
    reference="Morishita2015",
    own=("Lai2014",),
    scenario="mouse-biodistribution",
    lines=(
        Line("iodine in the liver at 4 h, share of the dose", share("iodine", "liver"), magnitude(0.2, 0.4)),
        Line("iodine in the lung at 4 h, share of the dose (reported 0.07)", share("iodine", "lung"), magnitude(0.035, 0.14)),
        Line("iodine in the spleen at 4 h, share of the dose (reported 0.016)", share("iodine", "spleen"), magnitude(0.008, 0.032)),
        Line("iodine, spleen < lung < liver", shares("iodine"), order("spleen < lung < liver")),
        Line("rank of the spleen by reporter per gram (first or second)", rank_of_spleen, magnitude(1, 2, near=1.5)),
        Line("label and particles are neither made nor lost", balance, null(1e-5)),
    ),
    note="Signals are sums of label on vesicles, freed and held in cells. The vesicles of the two reports differ (B16BL6, HEK293T); the model knows no difference.",
)
