"""D07: disappearance of exosomes from blood (Takahashi 2013) and the iodine set (Kim 2019, reference 26)."""

import numpy as np
from judge import Experiment, Line, change, direction, magnitude, null

from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.readouts.exposure import stay
from vesicle.runs.execute import execute

SCENARIO = "mouse-biodistribution"
ARMS = ("protein_reporter", "radiolabel", "macrophages_depleted", "no_cd47")
EARLY = (1 / 60, 4 / 60)
"""Window of the first phase [h]: after mixing, before the wall gives particles back."""


def perform(library, samples):
    """The curve of the signal every half minute for a quarter of an hour; and the residence of particles to the end."""
    fine = execute(SCENARIO, samples=samples, library=library, changes={"duration": "0.25 h", "observe_every": "0.008333333333 h", "question.at": "0.25 h"})
    scenario = load(SCENARIO)
    models = assemble(scenario.model_copy(update={"arms": {k: a for k, a in scenario.arms.items() if k in ARMS}}), library)
    return fine, stay(models["radiolabel"], samples)


def alpha_half_life(found):
    """(n,) minutes: from the slope of log signal in blood over the first phase."""
    arm = found[0].ensembles["protein_reporter"]
    signal = arm.observable("signal:blood")[1:][arm.good[1:]]
    first, last = (arm.at(t) for t in EARLY)
    times = np.array(arm.program.times)
    return 60 * (times[last] - times[first]) * np.log(2) / np.log(signal[:, first] / signal[:, last])


def clearance(found):
    """(n,) mL/h: plasma volume over mean hours in blood."""
    return found[1].parameters["body_weight"][1:] * found[1].parameters["plasma_volume_fraction"][1:] / found[1].time_in(VASCULAR)[1:]


def steady_volume(found):
    """(n,) mL: V_ss = CL MRT, with the hours on the wall counted as time in the body."""
    return clearance(found) * found[1].time_in((*VASCULAR, "vessel_wall"))[1:]


def signal_change(arm):
    """(n,) change of the signal in blood against the plain arm."""
    return lambda found: change(arm, "protein_reporter", "signal:blood")(found[0])


def between_labels(found):
    """(n,) difference of particle numbers between two labels: a label must not move the vesicle."""
    radio, reporter = (found[0].ensembles[arm] for arm in ("radiolabel", "protein_reporter"))
    return radio.observable("in:blood:radio_exosome")[1:, -1] / reporter.observable("in:blood:reporter_exosome")[1:, -1] - 1


EXPERIMENT = Experiment(
    id="D07",
    title="Disappearance of exosomes from blood",
    reference="Takahashi2013",
    own=("Kim2019ref26",),
    perform=perform,
    lines=(
        Line("first-phase half-life of the signal in blood, minutes", alpha_half_life, magnitude(1, 4)),
        Line("clearance of iodine-labelled exosomes, mL/h (reported 0.96, within 30 %)", clearance, magnitude(0.672, 1.248)),
        Line("volume of distribution at steady state, mL (reported 3.15, within 30 %)", steady_volume, magnitude(2.2, 4.1)),
        Line("signal in blood after a quarter of an hour, macrophages depleted against intact", signal_change("macrophages_depleted"), direction("+")),
        Line("signal in blood, CD47 knock-out against native", signal_change("no_cd47"), direction("-")),
        Line("particles in blood, the same dose under another label", between_labels, null()),
    ),
    note="Both sets are one experiment here; the first half-life was read with gLuc-lactadherin, which masks phosphatidylserine. Without them the half-life rests on "
    "M-0471 of the same laboratory, and the volume on a wide prior (M-1305).",
)
