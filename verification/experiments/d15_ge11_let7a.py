"""D15: let-7a in GE11 exosomes against EGFR-positive breast tumours (Ohno 2013)."""

import numpy as np
from judge import Experiment, Line, change, direction, magnitude, null, paired, shown

VOLUME = "tumour_volume"
TREATED = change("ge11_let7a", "vehicle", VOLUME)


def taken_in(arm, product):
    """(n,) vesicles that cancer cells took in over those given."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        inside, given = (ensemble.extent(step, product)[:, -1] for step in ("internalised", "given"))
        return paired(ensemble, inside / given)

    return of


def in_tumour(arm, product):
    """(n,) mean number of vesicles in the tumour, its blood with it: what a label shows."""

    def of(outcome):
        ensemble = outcome.ensembles[arm]
        return paired(ensemble, ensemble.mean_over(ensemble.observable(f"in:tumour:{product}"), 28 * 24.0))

    return of


def ratio(what, a, b):
    """(n,) a over b; draws in which nothing enters at all have no ratio."""

    def of(outcome):
        with np.errstate(divide="ignore", invalid="ignore"):
            found = what(*a)(outcome) / what(*b)(outcome)
        return np.where(np.isfinite(found), found, np.nan)

    return of


WITH, WITHOUT = ("ge11_let7a", "ge11_let7a"), ("plain_let7a", "plain_let7a")
NO_RECEPTOR = ("without_egfr_ge11", "ge11_let7a"), ("without_egfr_plain", "plain_let7a")

EXPERIMENT = Experiment(
    id="D15",
    title="let-7a in GE11 exosomes against EGFR-positive breast tumours",
    reference="Ohno2013",
    own=("X97",),
    scenario="breast-ge11-let7a",
    lines=(
        Line("gain of GE11, vesicles taken in by cancer cells", ratio(taken_in, WITH, WITHOUT), magnitude(2, 5, near=1.3)),
        Line("gain of GE11, signal of the whole tumour (reported about 3, recalled)", ratio(in_tumour, WITH, WITHOUT), magnitude(2, 5, near=1.3)),
        Line(
            "gain of GE11 without EGFR, less one",
            lambda outcome: ratio(taken_in, *NO_RECEPTOR)(outcome) - 1,
            null(1e-3),
            treated=lambda outcome: ratio(taken_in, WITH, WITHOUT)(outcome) - 1,
        ),
        Line("tumour volume, let-7a in GE11 exosomes against vehicle", TREATED, direction("-")),
        Line("tumour volume, control miRNA in GE11 exosomes", change("ge11_control", "vehicle", VOLUME), null(), treated=TREATED),
        Line("tumour volume, let-7a in exosomes without ligand", change("plain_let7a", "vehicle", VOLUME), null(), treated=TREATED),
        Line("KRAS mRNA, let-7a in GE11 exosomes (no fall was reported, recalled)", change("ge11_let7a", "vehicle", "mRNA:KRAS"), null(), treated=TREATED),
        Line("share of the dose taken in by cancer cells, with GE11", taken_in(*WITH), shown()),
    ),
    note="The control without EGFR is null to the tolerance of the solver (1e-5). 1 ug of exosomes is 1e9 vesicles at the median for some 1e8 cancer cells.",
)
