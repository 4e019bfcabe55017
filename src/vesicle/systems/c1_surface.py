"""C1: two channels at a cell, its surface and its inside, and a decoy that needs no cell."""

from __future__ import annotations

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.entering.internalisation import ROUTES
from vesicle.model.assembly import assemble
from vesicle.model.scenario import Assumed, Scenario
from vesicle.model.scenario_file import load
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.nominal import at_end, crossed, followed

WELL, SIGNAL, DECOY = "surface-signal-well", "fasl_exosome", "decoy"
BARE = "bare_exosome"
OCCUPIED, BOUND, HALF = "occupied:Fas", "bound:rituximab", "half_binding:rituximab"
UNTOUCHED = 0.95
"""Vesicles that were not released come back to the surface by recycling: the occupancy may move by a few per cent when acid is blocked."""
NEAR_HALF = 0.02
"""At k_off = k_on K_D of 1.8 per hour a day is far beyond equilibrium; what is left is vesicles that settle into layers while the binder stays mixed."""


class Surface(Experiment):
    """Exosomes with Fas ligand on T cells, with acid or endocytosis blocked and in the cold; CD20 vesicles and rituximab without cells."""

    system = "C1"
    asks = "Does a ligand on the vesicle act on a receptor without uptake, while what is inside needs uptake and acid, and does a decoy work without any cell?"
    takes_away = "the ligands: the same vesicles without Fas ligand and without CD20"
    used = ("C-0016", "C-0122", "C-0187")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Both channels relative to an untouched well, and the decoy at its predicted half."""

        def well(**imposed: object) -> Trajectory:
            scenario = _arm(SIGNAL, knocked_out)
            return _run(scenario.model_copy(update={"assume": Assumed.model_validate(imposed)}), SIGNAL, library)

        rest = well()
        blocked = {"acid": well(acidification="blocked"), "endocytosis": well(inhibitors=ROUTES), "warmth": well(temperature="4 C")}
        found = [above("Fas receptors occupied on a T cell after a day", at_end(rest, OCCUPIED), 1)]
        least = {"acid": UNTOUCHED, "endocytosis": UNTOUCHED, "warmth": _slower(library)}
        for without, run in blocked.items():
            found.append(above(f"occupied without {without}, share of before", _share(at_end(run, OCCUPIED), at_end(rest, OCCUPIED)), least[without]))
            found.append(below(f"vesicles that released their content without {without}, share of before", crossed(run, "released") / crossed(rest, "released"), UNTOUCHED))
        return [*found, *self._decoy(library, knocked_out)]

    def _decoy(self, library: Library, knocked_out: bool) -> list[Check]:
        intact = _arm(DECOY, knocked_out=False)
        needed = at_end(_run(intact, DECOY, library), HALF) / match(library, "handling_recovery", {"product": "exosome"}).records[0].value
        run = _run(_arm(DECOY, knocked_out, f"{needed:.6g} EV"), DECOY, library)
        return [
            between("share of rituximab on the vesicles that should hold half, no cells", at_end(run, BOUND), 0.5 - NEAR_HALF, 0.5 + NEAR_HALF),
            below("vesicles bound to any cell meanwhile", float(sum(run.crossings[-1, i] for i, name in enumerate(run.program.counters) if name.startswith("n_bound"))), 1),
        ]


def _slower(library: Library) -> float:
    """Diffusion at 4 C over that at 37 C, k_B T / eta: binding cannot fall below it, for nothing else of it changes."""
    warm, cold = ([match(library, q, {"label": label}).records[0].value for q in ("thermal_energy", "medium_viscosity")] for label in ("", "4 C"))
    return cold[0] / warm[0] * warm[1] / cold[1]


def _arm(arm: str, knocked_out: bool, amount: str = "") -> Scenario:
    """The scenario with one product of an arm, as it is or without its ligand."""
    changes = {f"arms.{arm}.doses.0.product": BARE} if knocked_out else {}
    if amount:
        changes[f"arms.{arm}.doses.0.amount"] = amount
    return load(WELL, changes)


def _run(scenario: Scenario, arm: str, library: Library) -> Trajectory:
    kept = {name: spec for name, spec in scenario.arms.items() if name in (arm, scenario.question.arm, scenario.question.control)}
    model = assemble(scenario.model_copy(update={"arms": kept}), library)[arm]
    return followed(model, scenario.duration, scenario.duration, WELL)


def _share(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 0.0
