"""D5: migration, invasion, extravasation and the number of foci are four outputs, each with levels of its own."""

from __future__ import annotations

from collections import Counter

import numpy as np

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.matching import parameter
from vesicle.evidence.priors.edges import core
from vesicle.mechanisms.phenotype.vessels.cells import TUMOUR
from vesicle.model.vessels import Tissue
from vesicle.prediction.ensemble import SURE
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.vessel_runs import CELLS, DRAWS, SEED, Tissues, as_reported, in_words, levels_by, said

EXACT = 1e-9
SIGN_DRAWS, EVERY = 200, 3
"""Draws behind a sign, and which of the core's miRNAs are asked for how often a sign is called at all."""
DOUBLED = 2.0
MONTH = 720.0  # h
SHARES = ("circulating_survival_share", "extravasation_share", "metastatic_seeding_share")
OUTPUTS = ("migration_speed", "invasion", "EMT", "extravasation", "shed", "foci")
MOVES = {  # node -> the outputs that its doubling moves
    "tumour:migration": {"migration_speed"},
    "tumour:invasion": {"invasion", "shed", "foci"},
    "tumour:EMT": {"EMT", "shed", "foci"},
    "endothelium:vascular_permeability": {"extravasation", "foci"},
    "tumour:metastasis": {"foci"},
}
REPORTED = {  # claim -> what was read in tumour cells; one claim for each work
    "C-0529": "migration", "C-0267": "migration", "C-0297": "migration", "C-0753": "migration", "C-0527": "metastasis", "C-0757": "metastasis", "C-0073": "metastasis",
}  # fmt: skip
AGAINST_ITS_WORK = ("C-0073",)
"""The cited work says the opposite of the claim (mismatch of sign): it is the work's sign that counts."""


class SpreadOfTumourCells(Experiment):
    """Levels doubled one at a time; foci counted and compared with patients; signs of reports that set nothing."""

    system = "D5"
    asks = "Do migration, invasion, extravasation and foci move apart, is the number of foci a count, and how many reported signs come out?"
    takes_away = "signalling: every level stays at rest and no circuit is made"
    used = ("C-0229", "C-0230")
    predicts = (*REPORTED, "C-0044")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Separate outputs, the count of foci, coagulation, the sign table."""
        tissues = Tissues(library)
        return [*self._apart(tissues, 1.0 if knocked_out else DOUBLED), *self._foci(library, tissues), *self._clotting(tissues), *self._table(library, knocked_out)]

    @staticmethod
    def _apart(tissues: Tissues, level: float) -> list[Check]:
        rest = tissues.settled(Tissue())
        out = []
        for node, expected in MOVES.items():
            changed = tissues.settled(Tissue(levels={node: level}))
            moved = {name for name in OUTPUTS if abs(changed[name] / rest[name] - 1) > EXACT}
            out.append(Check(f"moved by {node} doubled", ", ".join(sorted(moved)) or "nothing", ", ".join(sorted(expected)), moved == expected))
        return out

    @staticmethod
    def _foci(library: Library, tissues: Tissues) -> list[Check]:
        (run,) = tissues.follow(Tissue(), MONTH)
        last = {name: float(run.amount(name)[-1]) for name in ("shed", "foci", "circulating", "died_in_blood", "extravasated")}
        draws = [parameter(library, q, q, "1", {}) for q in SHARES]
        shares = np.prod([[p.draw(SEED, i) for i in range(1000)] for p in draws], axis=0)
        nominal = float(np.prod([p.value for p in draws]))
        low, high = (float(np.quantile(shares, q)) for q in (0.05, 0.95))
        foci = np.array([float(r.amount("foci")[-1]) for r in tissues.follow(Tissue(), MONTH, range(DRAWS))])
        spread = (float(np.quantile(foci, 0.05)), float(np.quantile(foci, 0.5)), float(np.quantile(foci, 0.95)))
        patients = next(m.value for m in library.of("metastasis_efficiency"))
        ended = last["died_in_blood"] + last["extravasated"]
        return [
            below("shed cells in balance, relative error", abs(last["circulating"] + ended - last["shed"]) / last["shed"], 1e-6),
            between("foci per cell that ended in blood over survival x extravasation x seeding", last["foci"] / ended / nominal, 1 - 1e-6, 1 + 1e-6),
            Check(f"foci of 1e6 tumour cells in a month, over {DRAWS} draws", in_words(spread), "an interval, not a number", spread[2] > spread[0] >= 0),
            Check("foci per shed cell", f"q05 {low:.2g}, q95 {high:.2g}; in patients {patients:.2g}", "that of patients in the interval", low <= patients <= high),
        ]

    @staticmethod
    def _clotting(tissues: Tissues) -> list[Check]:
        rest, clotting = (tissues.settled(Tissue(tissue_factor_vesicles=vesicles)) for vesicles in (0.0, 1e9))
        return [above(f"{name} with 1e9 tissue factor vesicles per mL of blood over none", clotting[name] / rest[name], 1) for name in ("foci", "vessel_density", "permeability")]

    @staticmethod
    def _table(library: Library, knocked_out: bool) -> list[Check]:
        """Signs with probabilities, called from a probability on, and how often any miRNA would be called so."""
        words, called, right, lowered, by_chance = [], 0, 0, 0, 1.0
        usual = {} if knocked_out else _usual(library, sorted(set(REPORTED.values())))
        for name, phenotype in REPORTED.items():
            claim = library.by_id[name]
            assert isinstance(claim, Claim)
            wanted = -said(claim, phenotype) if name in AGAINST_ITS_WORK else said(claim, phenotype)
            lowered += wanted < 0
            if knocked_out:
                continue
            found = levels_by(library, claim.cargo.split(";"), TUMOUR, as_reported(claim), claim=claim, samples=SIGN_DRAWS)
            sign, (rises, falls), chain = found.sign(phenotype), found.sign_probability(phenotype), found.chain(phenotype)
            called, right = called + (sign != 0), right + (sign == wanted)
            by_chance *= usual[phenotype].get(wanted, 0) / max(1, sum(usual[phenotype].values())) if sign else 1
            words.append(f"{name} {phenotype} {_shown(wanted)}: P(+) {rises:.2f}, P(-) {falls:.2f}, called {_shown(sign)}, by {chain.words if chain else 'no way'}")
        base = "; ".join(f"{node} {counts.get(1, 0)} raised, {counts.get(-1, 0)} lowered" for node, counts in usual.items())
        return [
            Check("reported signs", "; ".join(words), "each said, none left out", len(words) == len(REPORTED)),
            above(
                f"share of the signs called (P of {SURE:g} or more) that are right (always saying - would be right in {lowered} of {len(REPORTED)})",
                right / called if called else 0.0,
                0.5,
            ),
            above("share of the reports whose sign is called", called / len(REPORTED), 0.5),
            Check(f"signs called for every third of the core's miRNAs in a {CELLS[TUMOUR]}", base, "shown", bool(base)),
            Check("chance that calls at these rates would all be as reported", f"{by_chance:.2g}", "shown: not small means that falls are what most cargo does here", bool(base)),
        ]


def _usual(library: Library, phenotypes: list[str]) -> dict[str, Counter[int]]:
    """Phenotype -> how often each sign is called for miRNAs that nobody chose."""
    found: dict[str, Counter[int]] = {phenotype: Counter() for phenotype in phenotypes}
    for name in sorted({e.source for e in core() if e.kind == "mirna_target"})[::EVERY]:
        given = levels_by(library, [name], TUMOUR)
        for phenotype, counts in found.items():
            counts.update([sign] if (sign := given.sign(phenotype)) else [])
    return found


def _shown(sign: int) -> str:
    return {1: "+", -1: "-", 0: "?"}[sign]
