"""A3: the ESCRT pipeline; loss of an early complex stops it at once, loss of recycling stalls it progressively."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.mechanisms.making.budding import STAGES
from vesicle.model.donor import Donor
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import DonorRun, follow

SOON, LATER = 0.25, 4.0  # hours after the loss
STOPPED = 0.05  # of the rate before
STILL = 0.5
CONSERVED = 1e-8


class EscrtPipeline(Experiment):
    """A donor at rest loses one component; what it makes is followed from then on."""

    system = "A3"
    asks = "Does each ESCRT complex do its own step, and does the loss of recycling stall the pipeline rather than scale it?"
    takes_away = "the order of the pipeline: VPS4 is lost where an early complex should be, and the other way round"
    used = ("C-0176", "C-0436")
    predicts = ("C-0005", "C-0437")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Rates of making after the loss, the machinery in balance."""
        rest = follow(Donor(), library)
        early, recycling = ("VPS4", "escrt_1") if knocked_out else ("escrt_1", "VPS4")
        without_early = self._after(early, rest, library)
        without_recycling = self._after(recycling, rest, library)
        before = made_rate(rest)[-1]
        found = [
            below("rate 15 min after an early complex is lost, share of before", at(without_early, SOON) / before, STOPPED),
            above("rate 15 min after recycling is lost, share of before", at(without_recycling, SOON) / before, STILL),
            below("rate 4 h after recycling is lost, share of before", at(without_recycling, LATER) / before, STOPPED),
            above("rate falls at every quarter of an hour after recycling is lost, share of steps", falling(without_recycling), 0.99),
            between("spent machinery after recycling is lost, share of all", without_recycling.pool("escrt_spent")[-1] / sets(rest), 0.9, 1.0),
            below("machinery in balance, relative error", machinery_error(without_recycling), CONSERVED),
        ]
        for stage in STAGES:
            found.append(below(f"rate 4 h after {stage.replace('_', '-')} is lost, share of before", at(self._after(stage, rest, library), LATER) / before, STOPPED))
        return found

    @staticmethod
    def _after(component: str, rest: DonorRun, library: Library) -> DonorRun:
        return follow(Donor(levels={component: 0.0}), library, duration=LATER, every=SOON, start=rest)


def made_rate(run: DonorRun) -> np.ndarray:
    """(n_time - 1,) vesicles of the ESCRT route made per hour between output times."""
    return np.asarray(np.diff(run.made("escrt")) / np.diff(run.times))


def at(run: DonorRun, time: float) -> float:
    """The rate over the step after a time (before the last output: the last step)."""
    step = min(int(np.searchsorted(run.times, time)), len(run.times) - 2)
    return float(made_rate(run)[step])


def falling(run: DonorRun) -> float:
    """Share of steps over which the rate falls."""
    return float(np.mean(np.diff(made_rate(run)) < 0))


def sets(run: DonorRun) -> float:
    """All sets of machinery."""
    return float(run.pool("escrt_free")[-1] + run.pool("escrt_engaged")[-1] + run.pool("escrt_spent")[-1])


def machinery_error(run: DonorRun) -> float:
    """Largest relative change of free + engaged + spent."""
    total = run.pool("escrt_free") + run.pool("escrt_engaged") + run.pool("escrt_spent")
    return float(np.max(np.abs(total / total[0] - 1)))
