"""A2: endosomes mature by a Rab switch; without SAND1 nothing further down is made."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.model.donor import Donor
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import STEADY, follow
from vesicle.systems.single_endosome import Switch

CLEAR = 0.5  # Rab activity that tells the two states apart
TOLERANCE = 0.2
"""How far the whole equations may lie from the formula, which is the first order of a slow passage; the next is smaller by (relaxation share)^(1/3)."""


class Maturation(Experiment):
    """Pools of a donor with and without SAND1, and one endosome by itself."""

    system = "A2"
    asks = "Does SAND1 decide whether endosomes mature, by a switch with two stable states?"
    takes_away = "SAND1"
    used = ("C-0168", "C-0169", "C-0170")
    predicts = ("C-0167",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Pools after two days; states, hysteresis and switch time of one endosome."""
        level = 0.0 if knocked_out else 1.0
        run = follow(Donor(levels={"SAND1": level}), library)
        without = follow(Donor(levels={"SAND1": 0.0}), library)
        one = Switch.measured(library, level)
        return [
            above("exosomes secreted per cell and hour", run.secretion()[-1], 0),
            above("multivesicular bodies per cell", run.pool("endosome_mvb")[-1], 0),
            below("early endosomes per cell, share of those without SAND1", run.pool("endosome_early")[-1] / without.pool("endosome_early")[-1], CLEAR),
            below("Rab5 of one endosome in the end", one.end()[0], CLEAR),
            above("Rab7 of one endosome in the end", one.end()[1], CLEAR),
            between("stable states of one endosome below the critical drive", len(one.states(drive=0.0)), 2, 2),
            between("stable states of one endosome at the full drive", len(one.states(drive=one.drive * level)), 1, 1),
            above("Rab7 after SAND1 is withdrawn from a late endosome", one.after_withdrawal()[1], CLEAR),
            between("switch time of the whole equations over that of the pools", one.switch_time() / one.formula_time(), 1 - TOLERANCE, 1 + TOLERANCE),
            below(f"vesicles in balance after {STEADY:g} h, relative error", run.balance(), 1e-6),
        ]
