"""C2: parallel routes into a cell, each with its inhibitor, fusion that needs no escape, and a cold well where vesicles only bind."""

from __future__ import annotations

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.entering.internalisation import ROUTES
from vesicle.model.assembly import assemble
from vesicle.model.scenario import Assumed
from vesicle.model.scenario_file import load
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.nominal import crossed, followed

WELL, ARM = "breast-mir100-well", "natural_exosome"
CELL = "epithelial tumour cell"
EXACT = 1e-9
FEW, MANY = "1e2 EV", "1e5 EV"  # per cell: endosomes nearly empty, and full
HOURS, DAY, LONG = "4 h", "24 h", "240 h"
CLOSE = 0.05
"""What is still in endosomes after ten days (arrivals of the last half-life, 12 h of 240 h) has not released yet: the share comes out larger by about that."""


class Uptake(Experiment):
    """Natural exosomes in a well, with no inhibitor, with each, with all, and with acidification blocked."""

    system = "C2"
    asks = "Do the routes add up, does each inhibitor lower uptake by its own route, and does fusion go on without acid?"
    takes_away = "the inhibitors: the same cells without any"
    used = ("C-0018", "C-0020", "C-0021")
    predicts = ("C-0179",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Shares of routes, vesicles internalised and released after a day."""

        def well(*inhibitors: str, amount: str = FEW, duration: str = DAY, acidification: str = "normal") -> Trajectory:
            imposed = {} if knocked_out else {"inhibitors": inhibitors, "acidification": acidification}
            return _well(library, Assumed.model_validate(imposed), amount, duration)

        def left(amount: str, duration: str) -> float:
            """What acidification leaves of the release when it is blocked."""
            blocked = well(amount=amount, duration=duration, acidification="blocked")
            return crossed(blocked, "released") / crossed(well(amount=amount, duration=duration), "released")

        shares = {route: match(library, "route_fraction", {"label": route, "cell": CELL}).records[0].value for route in (*ROUTES, "fusion")}
        fusing = match(library, "fusion_share_of_release", {"product": "exosome"}).records[0].value
        rest, every = well(), well(*ROUTES)
        found = [
            between("shares of the five routes of a tumour cell, sum", sum(shares.values()), 1 - EXACT, 1 + EXACT),
            between("released without acid, share of before, ten days, few vesicles", left(FEW, LONG), fusing, fusing * (1 + CLOSE)),
            above("the same after a day with full endosomes, which fusion passes by", left(MANY, DAY), fusing),
            above("released while every endocytic route is inhibited, vesicles", crossed(every, "released"), 0),
        ]
        for route in ROUTES:
            one = well(route)
            found.append(below(f"internalised under an inhibitor of {route}, share of before", crossed(one, "internalised") / crossed(rest, "internalised"), 1 - EXACT))
        found += self._cold(library, knocked_out)
        found.append(below("internalised under all four, share of under any one", crossed(every, "internalised") / crossed(one, "internalised"), 1 - EXACT))
        return found

    def _cold(self, library: Library, knocked_out: bool) -> list[Check]:
        """4 C against 37 C after four hours, as uptake assays count: what is on cells and in them. The measured residual enters no model."""
        warm = _well(library, Assumed(), FEW, HOURS)
        cold = _well(library, Assumed() if knocked_out else Assumed(temperature="4 C"), FEW, HOURS)
        published = next(m for m in library.of("uptake_residual_at_4c") if m.role == "check")
        low, high = published.range()
        whole = _held(cold, "on", "in") / _held(warm, "on", "in")
        return [
            between("vesicles on cells and in them at 4 C, share of 37 C", whole, low, high),
            above("of what cells hold at 4 C, share on the surface", _held(cold, "on") / _held(cold, "on", "in"), 0.5),
            below("inside cells at 4 C, share of 37 C", _held(cold, "in") / _held(warm, "in"), whole),
        ]


def _held(run: Trajectory, *where: str) -> float:
    """Vesicles on or in a cell at the end."""
    return float(sum(run.outputs[-1, i] for i, name in enumerate(run.program.observables) if name.split("_cell:")[0] in where))


def _well(library: Library, assume: Assumed, amount: str, duration: str) -> Trajectory:
    changes = {f"arms.{ARM}.doses.0.amount": amount, "duration": duration, "question.at": duration}
    scenario = load(WELL, changes).model_copy(update={"assume": assume})
    model = assemble(scenario, library)[ARM]
    return followed(model, scenario.duration, scenario.duration, WELL)
