"""D4: VEGF that tumour cells make and the answer of endothelium are two things, so the same cargo may lower vessels in one and raise them in the other."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

from vesicle.evidence.library import Library
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.model.vessels import Tissue
from vesicle.prediction.ensemble import Levels
from vesicle.systems.base import Check, Experiment, above, below, between, told
from vesicle.systems.vessel_runs import DRAWS, NO_DIFFERENCE, Tissues, called, density_reports, levels_by, probability_words, receiving

EXACT = 1e-9
AIR, TUMOUR_OXYGEN = 21.0, 1.0
LEFT = 0.6
"""Level that a cargo leaves; about what a miRNA leaves of a target at the measured most."""
MIR16, MIR100, MIR125A = "hsa-miR-16-5p", "hsa-miR-100-5p", "hsa-miR-125a-5p"
REPORTED = {"C-0057": (MIR16, TUMOUR), "C-0055": (MIR100, TUMOUR), "C-0521": (MIR125A, ENDOTHELIUM)}
"""Claim -> miRNA, and the cells that received it in the report; one claim for each work."""
Treatment = Callable[..., dict[str, float]]
"""Cargo, the kinds of cell that receive it and per cent oxygen -> every output relative to the control."""


class AngiogenesisLowered(Experiment):
    """The same miRNAs in tumour cells, in endothelium and in both, in a tumour at 1 % oxygen and in air."""

    system = "D4"
    asks = "Does cargo in tumour cells act through the VEGF that they make and cargo in endothelium through its answer, so that one cargo can have both signs?"
    takes_away = "VEGF of the tumour cells"
    used = ("C-0203", "C-0204")
    told = tuple(REPORTED)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Who makes VEGF, who answers, both signs of one cargo, what HIF carries in air, and the reports."""
        tissues = Tissues(library)
        lost = {"tumour:VEGFA": 0.0} if knocked_out else {}

        @functools.cache
        def found(cargo: str, recipient: str) -> Levels:
            return levels_by(library, [cargo], recipient)

        def treated(cargo: str, recipients: list[str], oxygen: float = TUMOUR_OXYGEN) -> dict[str, float]:
            tissue = Tissue(oxygen=oxygen, rest_oxygen=oxygen, levels=lost)
            for recipient in recipients:
                tissue = receiving(tissue, found(cargo, recipient), recipient)
            return _relative(tissues.settled(tissue), tissues.settled(Tissue(oxygen=oxygen, rest_oxygen=oxygen, levels=lost)))

        base = Tissue(oxygen=TUMOUR_OXYGEN, rest_oxygen=TUMOUR_OXYGEN, levels=lost)
        separate = self._separate(treated(MIR16, [TUMOUR]), treated(MIR16, [ENDOTHELIUM]))
        reports = density_reports(tissues, library, {name: (*what, base) for name, what in REPORTED.items()})
        shown = [*self._over_draws(tissues, base, found), told(f"reports, all targets held, without their own works: {reports.counted}", "; ".join(reports.words))]
        return [*separate, *self._signs(tissues, base, treated), *shown, self._balance(tissues, lost)]

    @staticmethod
    def _separate(tumour: dict[str, float], endothelium: dict[str, float]) -> list[Check]:
        return [
            below("VEGF made by tumour cells, miR-16 in them", tumour["vegf_made:tumour"], 1 - NO_DIFFERENCE),
            between("VEGF made by tumour cells, miR-16 in endothelium", endothelium["vegf_made:tumour"], 1 - EXACT, 1 + EXACT),
            between("VEGF made by endothelium, miR-16 in tumour cells", tumour["vegf_made:endothelium"], 1 - EXACT, 1 + EXACT),
            below("activity of VEGFR2 over VEGF, miR-16 in endothelium", endothelium["vegfr2_activity"] / endothelium["vegf"], 1 - NO_DIFFERENCE),
            below("vessel density, miR-16 in tumour cells", tumour["vessel_density"], 1 - NO_DIFFERENCE),
        ]

    @staticmethod
    def _signs(tissues: Tissues, base: Tissue, treated: Treatment) -> list[Check]:
        """One cargo with both signs, its sum, and how much of miR-100 goes over HIF."""
        control = tissues.settled(base)["vessel_density"]

        def density(*kinds: str) -> float:
            taken = {f"{kind}:{node}": LEFT for kind in kinds for node in ("VEGFA", "DLL4")}
            return tissues.settled(replace(base, levels={**taken, **base.levels}))["vessel_density"] / control

        tumour, endothelium, both = density(TUMOUR), density(ENDOTHELIUM), density(TUMOUR, ENDOTHELIUM)
        hypoxic, air = (treated(MIR100, [TUMOUR], gas)["vessel_density"] for gas in (TUMOUR_OXYGEN, AIR))
        return [
            below(f"vessel density, a cargo that leaves {LEFT:g} of VEGFA and of DLL4, in tumour cells", tumour, 1 - NO_DIFFERENCE),
            above("vessel density, the same in endothelium", endothelium, 1 + NO_DIFFERENCE),
            between("vessel density, the same in both", both, *sorted((tumour, endothelium))),
            below("vessel density, miR-100 in tumour cells at 1 % oxygen", hypoxic, 1 - NO_DIFFERENCE),
            above("vessel density, miR-100 in tumour cells in air over that at 1 % oxygen: by HIF less can be lowered in air", air / hypoxic, 1),
        ]

    @staticmethod
    def _over_draws(tissues: Tissues, base: Tissue, found: Callable[[str, str], Levels]) -> list[Check]:
        tumour, endothelium = (tissues.folds(receiving(base, found(MIR125A, kind), kind), base, "vessel_density", DRAWS) for kind in (TUMOUR, ENDOTHELIUM))
        return [
            Check("vessel density over draws, miR-125a in tumour cells", probability_words(tumour), "falls", called(tumour) < 0),
            told("vessel density over draws, miR-125a in endothelium (DLL4 as its target is what the report itself found)", probability_words(endothelium)),
        ]

    @staticmethod
    def _balance(tissues: Tissues, lost: dict[str, float]) -> Check:
        (run,) = tissues.follow(Tissue(oxygen=TUMOUR_OXYGEN, levels=lost))
        made, start = sum(run.amount(f"vegf_made:{kind}")[-1] for kind in (TUMOUR, ENDOTHELIUM)), run.amount("vegf_amount")[0]
        return below("VEGF in balance, relative error", abs(start + made - run.amount("vegf_amount")[-1] - run.amount("vegf_lost")[-1]) / (start + made), 1e-6)


def _relative(treated: dict[str, float], control: dict[str, float]) -> dict[str, float]:
    """Every output over that of the control; 1 where the control has none of it and the treated neither."""
    return {name: value / control[name] if control[name] else (1.0 if value == 0 else float("inf")) for name, value in treated.items()}
