"""D28: exosomes against liposomes, by vein and into the tumour (Smyth 2015)."""

from judge import Experiment, Line, direction, magnitude, null

from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.readouts.exposure import stay
from vesicle.runs.execute import execute

SCENARIO = "mouse-carriers"
KEPT = ("untreated", "exosome", "liposome", "exosome_intratumoural", "liposome_intratumoural")
GIVEN = 1e9


def perform(library, samples):
    """Residence to the end, and the tumour's content over a day."""
    scenario = load(SCENARIO)
    models = assemble(scenario.model_copy(update={"arms": {k: a for k, a in scenario.arms.items() if k in KEPT}}), library)
    stays = {arm: stay(model, samples) for arm, model in models.items() if model.network.arm.doses}
    return stays, execute(SCENARIO, samples=samples, library=library)


def exposure_ratio(found):
    """(n,) AUC of exosomes over liposomes, per particle given."""
    return found[0]["exosome"].time_in(VASCULAR)[1:] / found[0]["liposome"].time_in(VASCULAR)[1:]


def most_in_tumour(arm):
    """(n,) largest share of the dose that the tumour holds at any time."""

    def of(found):
        ensemble = found[1].ensembles[arm]
        return ensemble.observable(f"in:tumour:{arm}")[1:][ensemble.good[1:]].max(axis=1) / GIVEN

    return of


def left(found):
    """(n,) exosomes over liposomes left in the tumour a day after injection into it, less one."""
    a, b = (found[1].ensembles[f"{arm}_intratumoural"].observable(f"in:tumour:{arm}")[1:, -1] for arm in ("exosome", "liposome"))
    return a / b - 1


def same_draw(found):
    """(n,) exosome arm against itself under the i.t. model's parameters: shared draws, so a null."""
    a, b = (found[0][arm].parameters["vascular_pore_diameter__tumour"] for arm in ("exosome", "liposome"))
    return (a / b - 1)[1:]


EXPERIMENT = Experiment(
    id="D28",
    title="Exosomes against plain liposomes",
    reference="Smyth2015",
    perform=perform,
    lines=(
        Line("AUC of exosomes over plain liposomes, i.v.", exposure_ratio, magnitude(0.5, 2)),
        Line("largest share of the dose in the tumour, exosomes i.v.", most_in_tumour("exosome"), magnitude(0, 0.03)),
        Line("largest share of the dose in the tumour, liposomes i.v.", most_in_tumour("liposome"), magnitude(0, 0.03)),
        Line("left in the tumour a day after injection into it, exosomes against liposomes", left, direction("+")),
        Line("both carriers meet the same tumour in every draw", same_draw, null(1e-12)),
    ),
    note="Exosome half-lives come from lactadherin reporters and endogenous vesicles (minutes), the plain liposome's from a textbook hour: the ratio is what these records say. "
    "Smyth found both equally fast under one label (DiR, indium), which speaks for the label or for fast plain liposomes (the record reaches down to 6 min).",
)
