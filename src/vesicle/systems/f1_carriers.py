"""F1: exosome, liposome and free molecule on one body, for an siRNA and for a small drug: does the printed order hold, where, and which assumption decides it."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.mechanisms.travelling.clearance import PHAGOCYTIC_ORGANS
from vesicle.readouts.carried_drug import Carried, carried
from vesicle.readouts.drawn import drawn, told
from vesicle.readouts.ensemble import Array, rank_shares
from vesicle.systems.base import Check, Experiment, above, between
from vesicle.systems.base import told as said
from vesicle.systems.body_runs import DRAWS, Stays, bodies, depleted, stays

SCENARIO, DRUG = "mouse-carriers", "curcumin"
EXOSOME, LIPOSOME, PEG, SIRNA, FREE = "exosome", "liposome", "peg_liposome", "naked_sirna", "drug"
ARMS = (EXOSOME, LIPOSOME, PEG, SIRNA, FREE)
TUMOUR = ("tumour_interstitium", "tumour_pericellular", "tumour_surface", "tumour_endosome", "tumour_stroma")
HELD, NOT = 0.8, 0.2
EXACT = 1e-6


class Carriers(Experiment):
    """Five carriers in one mouse by vein, the same draws; an siRNA by blood, tumour and cytosol, a drug on carriers that let it go, against the drug alone."""

    system = "F1"
    asks = "Does the order exosome before liposome before free molecule hold on one body, for which measure and molecule, and which assumption decides?"
    takes_away = "the carriers: what is given on them is given free"
    used = ("C-0237", "C-0771")
    told = ("C-0772", "C-0774")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Orders for siRNA and drug, what decides each, and the signs that must hold whatever the numbers."""
        self.found = stays(bodies(library, SCENARIO, arms=(*ARMS, EXOSOME)))
        self.off, self.left = _release(library)
        free = FREE if knocked_out else ""
        self.drug = {arm: self._carried(free or arm) for arm in (EXOSOME, LIPOSOME, PEG)}
        return [*self._sirna(), *self._drug(knocked_out), *self._signs(library), *_absent()]

    def _carried(self, arm: str) -> Carried:
        """A molecule of the drug given on a carrier; on itself, where there is no carrier."""
        drug = self.found.arms[FREE]
        if arm == FREE:
            return Carried(np.zeros_like(drug.hours), drug.places, drug.hours, drug.places)
        return carried(self.found.arms[arm], drug, self.off, self.left)

    def _sirna(self) -> list[Check]:
        """By blood, by entry into the tumour, by release into the cytosol of its cells; per molecule or carrier given."""
        measures = {
            "hours in blood": {arm: self.found.exposure(arm) for arm in (EXOSOME, LIPOSOME, PEG, SIRNA)},
            "entries into the tumour": {arm: self.found.arms[arm].entering("tumour_interstitium") for arm in (EXOSOME, LIPOSOME, PEG, SIRNA)},
            "releases into the cytosol of cancer cells": {arm: self.found.arms[arm].entering("unpacked") for arm in (EXOSOME, LIPOSOME, PEG, SIRNA)},
        }
        return [check for name, values in measures.items() for check in self._order(f"siRNA, {name}", values, SIRNA)]

    def _drug(self, knocked_out: bool) -> list[Check]:
        """The drug in blood and in the tumour, on the carrier and off it, and its loss to phagocytes."""
        free = self.found.arms[FREE]
        blood = {arm: c.time_in(VASCULAR) for arm, c in self.drug.items()} | {FREE: free.time_in(VASCULAR)}
        tumour = {arm: c.time_in(TUMOUR) for arm, c in self.drug.items()} | {FREE: free.time_in(TUMOUR)}
        kept = tumour[EXOSOME] / tumour[FREE]
        out = [*self._order(f"{DRUG}, hours in blood", blood, FREE), *self._order(f"{DRUG}, hours in the tumour (accumulation, C-0772)", tumour, FREE)]
        return [
            *out,
            Check(f"{DRUG} in the tumour on exosomes over free, q50 (q05 to q95)", told(kept), "told: above 1 for C-0772, C-0774", True),
            above("draws in which carrier and free drug differ in the tumour by more than a tenth", float(np.mean(np.abs(np.log(kept[1:])) > 0.1)), 0.5),
        ]

    def _order(self, what: str, values: dict[str, Array], free: str) -> list[Check]:
        """Share of the draws with the printed order and with each half of it, and what decides the first half."""
        first, second, third = values[EXOSOME][1:], values[LIPOSOME][1:], values[free][1:]
        whole = float(np.mean((first > second) & (second > third)))
        halves = f"exosome > liposome {np.mean(first > second):.0%}, exosome > free {np.mean(first > third):.0%}, liposome > free {np.mean(second > third):.0%}"
        peg = f", exosome > PEG liposome {np.mean(first > values[PEG][1:]):.0%}" if PEG in values else ""
        columns = {name: column[1:] for arm in (EXOSOME, LIPOSOME, free) for name, column in self.found.arms[arm].parameters.items()}
        columns |= {"drug_release_rate": self.off[1:]} if free == FREE else {}
        deciders = [_decider(columns, first, other) for other in (second, third)]
        return [
            Check(f"{what}: exosome > liposome > free", f"{_call(whole)}: {whole:.0%} of the draws ({halves}{peg})", "told, whatever it is", True),
            Check(f"{what}: what decides exosome against liposome, against free", "; ".join(deciders), "told", True),
        ]

    def _signs(self, library: Library) -> list[Check]:
        """What must hold: a carrier that lets go at once is the free drug; one that never does is the carrier; phagocytes take what has a carrier."""
        carrier, drug = self.found.arms[EXOSOME], self.found.arms[FREE]
        at_once = carried(carrier, drug, np.full_like(self.off, 1e9), self.left)
        never = carried(carrier, drug, np.full_like(self.off, 1e-12), self.left)
        organs = tuple(f"{organ}_phagocytes" for organ in PHAGOCYTIC_ORGANS)
        taken = {arm: c.time_in(organs) for arm, c in self.drug.items()}
        spared = _without_macrophages(library)
        return [
            between(
                "drug that leaves its carrier at once over free drug, hours in blood, nominal",
                float(at_once.time_in(VASCULAR)[0] / drug.time_in(VASCULAR)[0]),
                1 - EXACT,
                1 + EXACT,
            ),
            between(
                "hours on the carrier of a drug that never leaves it over those of the carrier, in blood, nominal",
                _in_blood(never) / float(self.found.exposure(EXOSOME)[0]),
                1 - EXACT,
                1 + EXACT,
            ),
            above("hours of the drug in phagocytes of liver, spleen and lung, on exosomes, nominal: what a carrier costs", float(taken[EXOSOME][0]), 0),
            above("exosomes' hours in blood without macrophages over with them, nominal: their loss is what an advantage would have to avoid", spared, 1),
            said(
                "release rate of the drug, 95 over 5 % point of its prior (M-1302, assumed): slow release (C-0771) is a word here",
                float(np.quantile(self.off[1:], 0.95) / np.quantile(self.off[1:], 0.05)),
            ),
        ]


def _in_blood(found: Carried) -> float:
    """Hours on the carrier in blood, nominal."""
    return float(sum(found.on[0, i] for i, place in enumerate(found.on_places) if place in VASCULAR))


def _release(library: Library) -> tuple[Array, Array]:
    """(1 + n,) rate at which the drug comes off, and the share that phagocytes leave whole; the draws of the bodies."""
    site = Site(library, {})
    off, left = site.quantity("drug_release_rate", "1/h", label=DRUG), site.quantity("drug_share_left_by_phagocytes", "1")
    found = drawn(site, {"off": off, "left": left}, DRAWS)
    return found["off"], found["left"]


def _without_macrophages(library: Library) -> float:
    """Exposure of exosomes in a body whose macrophages were depleted, over that in a whole one."""
    both = [Stays(stays(bodies(library, SCENARIO, changes, arms=(EXOSOME, LIPOSOME)), draws=1).arms) for changes in ({}, depleted(SCENARIO))]
    return float(both[1].exposure(EXOSOME)[0] / both[0].exposure(EXOSOME)[0])


def _call(share: float) -> str:
    return "held" if share >= HELD else ("not held" if share <= NOT else "undecided")


def _decider(columns: dict[str, Array], one: Array, other: Array) -> str:
    """The parameter whose rank explains most of the ratio of two measures."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = rank_shares(columns, np.log(one) - np.log(other))
    if not shares:
        return "nothing varies"
    name, (share, correlation) = next(iter(shares.items()))
    return f"{name} ({share:.0%} of the spread, rank correlation {correlation:+.2f})"


def _absent() -> list[Check]:
    return [
        Check("living MSC as carriers", "no cells that migrate and release a drug are in the model", "told", True),
        Check("rigid barriers (C-0236)", "the brain is a target of its own (scenario brain-bace1); here only vessels of a tumour are crossed", "told", True),
        Check("toxicity and immunity (C-0234, C-0240)", "no response of the host is in the model", "told", True),
    ]
