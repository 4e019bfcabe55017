"""D09: exosomes in mice without macrophages (Imai 2015)."""

import numpy as np
from judge import Experiment, Line, direction, magnitude, null

from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.readouts.exposure import stay

SCENARIO = "mouse-biodistribution"
INTACT, DEPLETED = "protein_reporter", "macrophages_depleted"


def perform(library, samples):
    """Residence of particles with and without macrophages."""
    scenario = load(SCENARIO)
    models = assemble(scenario.model_copy(update={"arms": {k: a for k, a in scenario.arms.items() if k in (INTACT, DEPLETED, "radiolabel")}}), library)
    return {arm: stay(model, samples) for arm, model in models.items() if model.network.arm.doses}


def clearance(arm):
    """Arm -> (n,) mL/h."""
    return lambda found: found[arm].parameters["body_weight"][1:] * found[arm].parameters["plasma_volume_fraction"][1:] / found[arm].time_in(VASCULAR)[1:]


def per_dose(found):
    """(n,) AUC over dose [h/mL]."""
    return 1 / clearance(DEPLETED)(found)


def residence(found):
    """(n,) hours in the body's fluids."""
    return found[DEPLETED].time_in((*VASCULAR, "vessel_wall"))[1:]


EXPERIMENT = Experiment(
    id="D09",
    title="Exosomes in mice without macrophages",
    reference="Imai2015",
    perform=perform,
    lines=(
        Line("AUC over dose without macrophages, h/mL (reported 1.6, within 30 %)", per_dose, magnitude(1.12, 2.08)),
        Line("clearance without macrophages, mL/h (reported 0.651, within 30 %)", clearance(DEPLETED), magnitude(0.456, 0.846)),
        Line("mean residence time without macrophages, h (reported 3.57)", residence, magnitude(2.5, 4.6)),
        Line("clearance with macrophages over without", lambda found: clearance(INTACT)(found) / clearance(DEPLETED)(found), magnitude(3, np.inf)),
        Line("clearance with macrophages against without", lambda found: clearance(INTACT)(found) / clearance(DEPLETED)(found) - 1, direction("+")),
        Line("clearance of particles under another label", lambda found: clearance("radiolabel")(found) / clearance(INTACT)(found) - 1, null()),
    ),
    note="The probe is gLuc-lactadherin, which masks phosphatidylserine, one of the signals that phagocytes read: the intact clearance of unmasked vesicles may be higher "
    "than its half-life says. Judged with the priors M-1303 and M-1304 in place of the report's own share and rest clearance.",
)
