"""D18: curcumin on exosomes against free curcumin, intraperitoneal (Sun 2010)."""

import numpy as np
from judge import Experiment, Line, direction, magnitude, null, paired, shown

END = 24.0
GIVEN = 1e12


def exposure(arm):
    """Arm -> (n,) hours in blood per molecule given, on carriers and off them."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return paired(ensemble, ensemble.mean_over(ensemble.observable("drug:blood"), END) * END / GIVEN)

    return of


def ratio(arm, control):
    """(n,) exposure of an arm over its control, draw against draw."""
    return lambda outcome: exposure(arm)(outcome) / exposure(control)(outcome)


def stability(outcome):
    """(n,) half-life of all drug in the cavity's water on a vesicle over free: comes off, then decays."""
    arm = outcome.ensembles["exosomal"]
    off, water = (arm.parameter(name)[1:] for name in ("drug_release_rate__curcumin", "drug_water_half_life__curcumin"))
    decay = np.log(2) / water
    return (1 / off + 1 / decay) * decay


EXPERIMENT = Experiment(
    id="D18",
    title="Curcumin on exosomes, intraperitoneal",
    reference="Sun2010",
    scenario="mouse-curcumin",
    lines=(
        Line("mean life of curcumin in water, on exosomes over free", stability, shown()),
        Line("exposure of plasma, on exosomes over free, i.p.", ratio("exosomal", "free"), magnitude(3, np.inf)),
        Line("exposure of plasma, on exosomes against free, i.p.", lambda outcome: ratio("exosomal", "free")(outcome) - 1, direction("+")),
        Line("exposure of plasma, on exosomes over free, i.v.", ratio("exosomal_intravenous", "free_intravenous"), magnitude(3, np.inf)),
        Line("curcumin in plasma after empty exosomes", exposure("empty"), null(1e-9, by_construction=True)),
    ),
    note=(
        "The rate at which curcumin leaves a vesicle is assumed (M-1302), so the first line is that prior, above one by its form, and is not judged. "
        "Of what phagocytes digest an assumed share comes back to plasma (M-1702)."
    ),
    not_judged="IL-6, TNF and survival under LPS (no inflammation in this scenario).",
)
