"""A6: what regulates secretion, each on the step it is known for."""

from __future__ import annotations

import math

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.regulation import REGULATORS
from vesicle.model.donor import Donor
from vesicle.products.cargo import MicroRNA
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import follow

EXACT = 1e-6
SAME = 1e-6
RAB27A = (0.2, 0.6)  # 40 to 80 % lower, as the issue of knocking RAB27A down is reported
DISPUTED = "mTORC1 inhibition"
HYPOXIC = "hsa-miR-210-3p"
NONE = 0.05  # a smaller difference counts as none
CLOSE = 1e-4  # of a run from empty bodies, whose content is still settling


class Regulation(Experiment):
    """Every regulator on the donor at rest: sign, size, cargo, and what it acts through."""

    system = "A6"
    asks = "Does each regulator change secretion with its sign, on its own step, without changing what is inside?"
    takes_away = "the step of fusion, on which most regulators act"
    used = tuple(sorted({claim for r in REGULATORS.values() for claim in r.claims}))
    predicts = ("C-0178",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """One sign test per regulator, then RAB27A, hypoxia, RAB7 and the dispute about mTOR."""
        lost = {"fusion": 0.0} if knocked_out else {}
        rest = follow(Donor(levels=lost), library)
        before = rest.secretion()[-1]
        found = []
        folds = {}
        for name, regulator in REGULATORS.items():
            run = follow(Donor(levels=lost, regulators=(name,)), library)
            folds[name] = run.secretion()[-1] / before if before else math.nan
            measured = match(library, "secretion_fold", {"label": regulator.label}).records[0]
            sign = "+" if measured.value > 1 else "-"
            found.append(
                _signed(f"{name}: fold of the output ({measured.id}, {measured.status}; claim says {_claimed(library, regulator.claims, regulator.claimed)})", folds[name], sign)
            )
            if name == "RAB27A knock-down":
                moved = max(abs(run.shares()[route] - rest.shares()[route]) for route in rest.shares())
                found.append(below("RAB27A knock-down: change of composition", moved, SAME))
        found.append(between("RAB27A knock-down: output left", folds["RAB27A knock-down"], *RAB27A))
        without = follow(Donor(levels={**lost, "HIF1A": 0.0}, regulators=("hypoxia",)), library).secretion()[-1]
        found.append(between("hypoxia without HIF1A: fold of the output", without / before if before else math.nan, 1 - EXACT, 1 + EXACT))
        found += self._mirna(library, lost)
        found += self._rab7(library, lost, before)
        found.append(self._dispute(library, folds[DISPUTED]))
        return found

    @staticmethod
    def _mirna(library: Library, lost: dict[str, float]) -> list[Check]:
        """Hypoxia as a state raises miR-210 in each vesicle as long as HIF1A is there; fewer vesicles by RAB27A hold what they held."""
        cargo = MicroRNA(HYPOXIC)
        rest = follow(Donor(levels=lost, cargo=(cargo,)), library).carried(cargo)
        hypoxic, without = (follow(Donor(levels={**lost, **more}, cargo=(cargo,), states=("hypoxia",)), library).carried(cargo) for more in ({}, {"HIF1A": 0.0}))
        fewer = follow(Donor(levels=lost, cargo=(cargo,), regulators=("RAB27A knock-down",)), library).carried(cargo)
        return [
            above(f"hypoxia: {HYPOXIC} per vesicle over normoxia", hypoxic / rest, 1 + NONE),
            between(f"hypoxia without HIF1A: {HYPOXIC} per vesicle over normoxia", without / rest, 1 - CLOSE, 1 + CLOSE),
            between(f"RAB27A knock-down: {HYPOXIC} per vesicle over rest", fewer / rest, 1 - CLOSE, 1 + CLOSE),
        ]

    @staticmethod
    def _rab7(library: Library, lost: dict[str, float], before: float) -> list[Check]:
        """RAB7 on both branches: no maturation without it, and less degradation with less of it."""
        none = follow(Donor(levels={**lost, "RAB7A": 0.0}), library).secretion()[-1]
        some = follow(Donor(levels={**lost, "RAB7A": 0.5}), library).secretion()[-1]
        return [
            below("without RAB7: secretion per cell and hour", none, EXACT),
            above("half of RAB7: secretion over rest (maturation holds, the lysosome is slower)", some / before if before else math.nan, 1),
        ]

    @staticmethod
    def _dispute(library: Library, fold: float) -> Check:
        """Claim and measurement on mTOR have opposite signs; both are shown, neither is moved."""
        regulator = REGULATORS[DISPUTED]
        claim = library.by_id[regulator.claims[0]]
        assert isinstance(claim, Claim)
        says = f"claim {claim.id} ({claim.mismatch_kind}): mTOR is needed, so its inhibition would lower secretion; measured under inhibition: {fold:.3g}-fold"
        return Check("mTOR: claim against measurement", says, "opposite signs, both shown", fold > 1 and regulator.claimed == "-")


def _claimed(library: Library, claims: tuple[str, ...], sign: str) -> str:
    return f"{sign}, {', '.join(claims)}" if claims else "nothing"


def _signed(what: str, value: float, sign: str) -> Check:
    return above(what, value, 1) if sign == "+" else below(what, value, 1)
