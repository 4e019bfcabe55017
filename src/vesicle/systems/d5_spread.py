"""D5: migration, invasion, extravasation and the number of foci are four outputs, each with levels of its own.

Which level moves which output is written in :mod:`vesicle.mechanisms.phenotype.spread` and asked in its tests; here it is asked what cargo makes of that.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter

import numpy as np

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.matching import parameter
from vesicle.evidence.priors.edges import core
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.model.vessels import Tissue
from vesicle.prediction.ensemble import SURE
from vesicle.systems.base import Check, Experiment, above, below, told
from vesicle.systems.vessel_runs import CELLS, DRAWS, NO_DIFFERENCE, SEED, Tissues, as_reported, in_words, levels_by, receiving, said

SIGN_DRAWS, EVERY = 200, 3
"""Draws behind a sign, and which of the core's miRNAs are asked for: every so many, by name, so that nobody chose them."""
MONTH = 720.0  # h
SHARES = ("circulating_survival_share", "extravasation_share", "metastatic_seeding_share")
OUTPUTS = ("migration_speed", "invasion", "extravasation", "foci")
READ = {  # claim -> what was read in tumour cells; one claim for each work, none whose work says the opposite (``queries.FLIPPED``)
    "C-0529": "migration", "C-0267": "migration", "C-0297": "migration", "C-0753": "migration", "C-0527": "metastasis", "C-0757": "metastasis",
}  # fmt: skip


class SpreadOfTumourCells(Experiment):
    """miRNAs that nobody chose, held in tumour cells and endothelium, output by output; foci counted and compared with patients; signs of reports."""

    system = "D5"
    asks = "Do migration, invasion, extravasation and foci move apart under cargo, is the number of foci a count, and how many reported signs come out?"
    takes_away = "the cargo: no miRNA holds a target, and no vesicle carries tissue factor"
    used = ("C-0229", "C-0230")
    told = tuple(READ)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Separate outputs, the count of foci, coagulation, the sign table."""
        tissues, copies = Tissues(library), 0.0 if knocked_out else math.inf
        return [*self._apart(library, tissues, copies), *self._foci(library, tissues), *self._clotting(tissues, 0.0 if knocked_out else 1e9), *self._table(library, copies)]

    @staticmethod
    def _apart(library: Library, tissues: Tissues, copies: float) -> list[Check]:
        """Pairs of outputs, and how many miRNAs move one of the two alone."""
        rest = tissues.settled(Tissue())
        moved = []
        for name in _unchosen():
            tissue = Tissue()
            for kind in (TUMOUR, ENDOTHELIUM):
                tissue = receiving(tissue, levels_by(library, [name], kind, copies=copies, samples=1), kind)
            found = tissues.settled(tissue)
            moved.append({output: found[output] / rest[output] - 1 for output in OUTPUTS})
        alone = {
            pair: sum((abs(m[pair[0]]) >= NO_DIFFERENCE) != (abs(m[pair[1]]) >= NO_DIFFERENCE) for m in moved) for pair in itertools.combinations(OUTPUTS, 2)
        }  # fmt: skip
        against = sum(m[one] * m[other] < 0 for m in moved for one, other in alone if min(abs(m[one]), abs(m[other])) >= NO_DIFFERENCE)
        shown = ", ".join(f"{one} and {other} {number}" for (one, other), number in alone.items())
        return [
            above(f"fewest of {len(moved)} miRNAs that move one of two outputs by {NO_DIFFERENCE:.0%} and not the other, over all pairs ({shown})", float(min(alone.values())), 0),
            *(above(f"of them, those that move {output}", float(sum(abs(m[output]) >= NO_DIFFERENCE for m in moved)), 0) for output in OUTPUTS),
            told(f"pairs of outputs, over all miRNAs, of which one rises and the other falls by {NO_DIFFERENCE:.0%}", float(against)),
        ]

    @staticmethod
    def _foci(library: Library, tissues: Tissues) -> list[Check]:
        (run,) = tissues.follow(Tissue(), MONTH)
        last = {name: float(run.amount(name)[-1]) for name in ("shed", "circulating", "died_in_blood", "extravasated")}
        draws = [parameter(library, q, q, "1", {}) for q in SHARES]
        shares = np.prod([[p.draw(SEED, i) for i in range(1000)] for p in draws], axis=0)
        low, high = (float(np.quantile(shares, q)) for q in (0.05, 0.95))
        foci = np.array([float(r.amount("foci")[-1]) for r in tissues.follow(Tissue(), MONTH, range(DRAWS))])
        spread = (float(np.quantile(foci, 0.05)), float(np.quantile(foci, 0.5)), float(np.quantile(foci, 0.95)))
        patients = next(m.value for m in library.of("metastasis_efficiency"))
        ended = last["died_in_blood"] + last["extravasated"]
        return [
            below("shed cells in balance, relative error", abs(last["circulating"] + ended - last["shed"]) / last["shed"], 1e-6),
            told(f"foci of 1e6 tumour cells in a month, over {DRAWS} draws", in_words(spread)),
            told(
                "foci per shed cell",
                f"q05 {low:.2g}, q95 {high:.2g}, {math.log10(high / low):.1f} decades; in patients {patients:.2g}, {'inside' if low <= patients <= high else 'outside'}: "
                "so wide an interval decides nothing",
            ),
        ]

    @staticmethod
    def _clotting(tissues: Tissues, carrying: float) -> list[Check]:
        """Folds of thrombin are records (C-0229, C-0230 are used): what is asked is whether the measured copies of tissue factor move a whole tissue."""
        rest, clotting = (tissues.settled(Tissue(tissue_factor_vesicles=vesicles)) for vesicles in (0.0, carrying))
        return [above(f"{name} with 1e9 tissue factor vesicles per mL of blood over none", clotting[name] / rest[name], 1) for name in ("foci", "vessel_density", "permeability")]

    @staticmethod
    def _table(library: Library, copies: float) -> list[Check]:
        """Signs with probabilities, called from a probability on, and how often any miRNA would be called so. Told: no list of falls tells a network from a habit."""
        asked = _reports(library)
        usual = _usual(library, sorted({phenotype for _, phenotype in asked}), copies)
        words, called, right, by_chance = [], 0, 0, 1.0
        for claim, phenotype in asked:
            wanted = said(claim, phenotype)
            found = levels_by(library, claim.cargo.split(";"), TUMOUR, as_reported(claim), copies=copies, claim=claim, samples=SIGN_DRAWS)
            sign, (rises, falls), chain = found.sign(phenotype), found.sign_probability(phenotype), found.chain(phenotype)
            called, right = called + (sign != 0), right + (sign == wanted)
            by_chance *= usual[phenotype].get(wanted, 0) / max(1, sum(usual[phenotype].values())) if sign else 1
            words.append(f"{claim.id} {phenotype} {_shown(wanted)}: P(+) {rises:.2f}, P(-) {falls:.2f}, called {_shown(sign)}, by {chain.words if chain else 'no way'}")
        base = "; ".join(f"{node} {counts.get(1, 0)} raised, {counts.get(-1, 0)} lowered" for node, counts in usual.items())
        lowered = sum(said(claim, phenotype) < 0 for claim, phenotype in asked)
        return [
            told("reported signs", "; ".join(words)),
            told(
                f"signs called as reported (from P {SURE:g} on)",
                f"{right} of {called} called, {len(asked)} asked; always saying - would be right in {lowered} of {len(asked)}, so this list cannot tell a network from that habit",
            ),
            told(f"signs called for every third of the core's miRNAs in a {CELLS[TUMOUR]}", base),
            told("chance that calls at these rates would all be as reported (not small: falls are what most cargo does here)", f"{by_chance:.2g}"),
        ]


def _reports(library: Library) -> list[tuple[Claim, str]]:
    """Reports and what was read."""
    return [(claim, node) for name, node in READ.items() if isinstance(claim := library.by_id[name], Claim)]


def _unchosen() -> list[str]:
    """Some of the core's miRNAs, by name."""
    return sorted({e.source for e in core() if e.kind == "mirna_target"})[::EVERY]


def _usual(library: Library, phenotypes: list[str], copies: float) -> dict[str, Counter[int]]:
    """Phenotype -> how often each sign is called for miRNAs that nobody chose."""
    found: dict[str, Counter[int]] = {phenotype: Counter() for phenotype in phenotypes}
    for name in _unchosen():
        given = levels_by(library, [name], TUMOUR, copies=copies)
        for phenotype, counts in found.items():
            counts.update([sign] if (sign := given.sign(phenotype)) else [])
    return found


def _shown(sign: int) -> str:
    return {1: "+", -1: "-", 0: "?"}[sign]
