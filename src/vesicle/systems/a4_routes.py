"""A4: routes beside ESCRT, each with a subpopulation of its own, and an interaction of either sign."""

from __future__ import annotations

import math
from dataclasses import replace

from vesicle.evidence.library import Library
from vesicle.model.donor import Donor
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import follow

ROUTE = "ilv_route_interaction"
STRENGTH = 0.4  # inside the prior of the interaction (M-1043)


class ParallelRoutes(Experiment):
    """GW4869 (no ceramide) on two kinds of donor, and both readings of the word synergy."""

    system = "A4"
    asks = "Does a lost route leave a smaller and different population, and can the routes help or hinder each other?"
    takes_away = "the difference between routes: what is taken away is not there to begin with"
    used = ("C-0006", "C-0175")
    predicts = ("C-0443", "C-0442")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Output and composition after the knock-out, and the interaction recovered from three of them."""
        donor = Donor(levels={"SMPD3": 0.0}) if knocked_out else Donor()
        rest = follow(donor, library)
        without = follow(Donor(levels={"SMPD3": 0.0}), library)
        line = "ESCRT-driven line"
        driven = follow(Donor(cell=line), library).secretion()[-1]
        driven_without = follow(Donor(cell=line, levels={"SMPD3": 0.0}), library).secretion()[-1]
        left = without.secretion()[-1] / rest.secretion()[-1]
        moved = sum(abs(without.shares()[route] - rest.shares()[route]) for route in rest.shares()) / 2
        found = [
            between("output without ceramide, share of before", left, 0.1, 0.8),
            above("output without ceramide in an ESCRT-driven line, share of before", driven_without / driven, 0.85),
            above("composition moved by the knock-out (half the sum of changed shares)", moved, 0.1),
            below("ceramide subpopulation without SMPD3, share of what leaves", without.shares()["ceramide"], 1e-9),
        ]
        for sign in (+1, -1):
            # without ESCRT and ceramide together the tetraspanin route is alone; e = ln S_AB - ln S_A - ln S_B of a common gain is that of the gain
            asked = _with_interaction(library, sign * STRENGTH)
            base = follow(donor, asked).secretion("tetraspanin")[-1]
            alone = follow(Donor(levels={"SMPD3": 0.0}), asked).secretion("tetraspanin")[-1]
            expected = sign * STRENGTH
            value = math.log(base / alone)
            found.append(between(f"interaction {expected:+g} read back from the tetraspanin route", value, expected - 1e-6, expected + 1e-6))
        return found


def _with_interaction(library: Library, strength: float) -> Library:
    """The library with the interaction held at one value."""
    records = tuple(replace(m, value=strength, low=None, high=None, distribution="fixed") if m.quantity == ROUTE else m for m in library.measurements)
    return replace(library, measurements=records)
