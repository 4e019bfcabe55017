"""D4: VEGF that tumour cells make and the answer of endothelium are two things, so the same cargo may lower vessels in one and raise them in the other."""

from __future__ import annotations

from collections.abc import Callable

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.model.vessels import Tissue, receiving
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.vessel_runs import NO_DIFFERENCE, Tissues, in_words, said, sign_of

EXACT = 1e-9
AIR, TUMOUR_OXYGEN = 21.0, 1.0
MIR16, MIR100, MIR125A = "hsa-miR-16-5p", "hsa-miR-100-5p", "hsa-miR-125a-5p"
REPORTED = {"C-0057": (MIR16, TUMOUR), "C-0055": (MIR100, TUMOUR), "C-0521": (MIR125A, ENDOTHELIUM)}
"""Claim -> miRNA, and the cells that received it in the report; one claim for each work."""
SAME_WORKS = ("C-0298", "C-0303")
"""The first two works, as the other review tells them."""
Treatment = Callable[..., dict[str, float]]
"""Cargo, the kinds of cell that receive it and per cent oxygen -> every output relative to the control."""


class AngiogenesisLowered(Experiment):
    """The same miRNAs in tumour cells, in endothelium and in both, in a tumour at 1 % oxygen and in air."""

    system = "D4"
    asks = "Does cargo in tumour cells act through the VEGF that they make and cargo in endothelium through its answer, so that one cargo can have both signs?"
    takes_away = "VEGF of the tumour cells"
    used = ("C-0203", "C-0204")
    predicts = (*REPORTED, *SAME_WORKS, "C-0515", "C-0516")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Who makes VEGF, who answers, both signs of one cargo, what HIF carries in air, and the reports."""
        tissues = Tissues(library)
        lost = {"tumour:VEGFA": 0.0} if knocked_out else {}

        def treated(cargo: str, recipients: list[str], oxygen: float = TUMOUR_OXYGEN) -> dict[str, float]:
            tissue = Tissue(oxygen=oxygen, rest_oxygen=oxygen, levels=lost)
            for recipient in recipients:
                tissue = receiving(tissue, library, [cargo], recipient)
            return _relative(tissues.settled(tissue), tissues.settled(Tissue(oxygen=oxygen, rest_oxygen=oxygen, levels=lost)))

        base = Tissue(oxygen=TUMOUR_OXYGEN, rest_oxygen=TUMOUR_OXYGEN, levels=lost)
        drawn = {kind: tissues.interval(receiving(base, library, [MIR125A], kind), "vessel_density") for kind in (TUMOUR, ENDOTHELIUM)}
        separate = self._separate(treated(MIR16, [TUMOUR]), treated(MIR16, [ENDOTHELIUM]))
        return [*separate, *self._signs(treated), *self._over_draws(drawn), self._reports(library, treated), self._balance(tissues, lost)]

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
    def _signs(treated: Treatment) -> list[Check]:
        """One cargo with both signs, its sum, and how much of miR-100 goes over HIF."""
        both = {where: treated(MIR125A, kinds)["vessel_density"] for where, kinds in (("tumour", [TUMOUR]), ("endothelium", [ENDOTHELIUM]), ("both", [TUMOUR, ENDOTHELIUM]))}
        low, high = sorted((both["tumour"], both["endothelium"]))
        hypoxic, air = (treated(MIR100, [TUMOUR], gas)["vessel_density"] for gas in (TUMOUR_OXYGEN, AIR))
        return [
            below("vessel density, miR-125a in tumour cells", both["tumour"], 1 - NO_DIFFERENCE),
            above("vessel density, miR-125a in endothelium", both["endothelium"], 1 + NO_DIFFERENCE),
            between("vessel density, miR-125a in both", both["both"], low, high),
            below("vessel density, miR-100 in tumour cells at 1 % oxygen", hypoxic, 1 - NO_DIFFERENCE),
            above("vessel density, miR-100 in tumour cells in air over that at 1 % oxygen: by HIF less can be lowered in air", air / hypoxic, 1),
        ]

    @staticmethod
    def _over_draws(drawn: dict[str, tuple[float, float, float]]) -> list[Check]:
        tumour, endothelium = drawn[TUMOUR], drawn[ENDOTHELIUM]
        return [
            Check("vessel density over draws, miR-125a in tumour cells", in_words(tumour), "below 1 up to q95", tumour[2] < 1),
            Check("vessel density over draws, miR-125a in endothelium", in_words(endothelium), "above 1 from q05 on", endothelium[0] > 1),
        ]

    @staticmethod
    def _reports(library: Library, treated: Treatment) -> Check:
        words, right = [], 0
        for name, (cargo, recipient) in REPORTED.items():
            claim = library.by_id[name]
            assert isinstance(claim, Claim)
            density = treated(cargo, [recipient])["vessel_density"]
            agrees = sign_of(density) == said(claim, "angiogenesis")
            right += agrees
            words.append(f"{name} {cargo} in {recipient}: x {density:.2f} ({'agrees' if agrees else 'does not agree'})")
        return Check("reports of both signs, all targets held, at 1 % oxygen", "; ".join(words), "more than half agree", 2 * right > len(REPORTED))

    @staticmethod
    def _balance(tissues: Tissues, lost: dict[str, float]) -> Check:
        (run,) = tissues.follow(Tissue(oxygen=TUMOUR_OXYGEN, levels=lost))
        made, start = sum(run.amount(f"vegf_made:{kind}")[-1] for kind in (TUMOUR, ENDOTHELIUM)), run.amount("vegf_amount")[0]
        return below("VEGF in balance, relative error", abs(start + made - run.amount("vegf_amount")[-1] - run.amount("vegf_lost")[-1]) / (start + made), 1e-6)


def _relative(treated: dict[str, float], control: dict[str, float]) -> dict[str, float]:
    """Every output over that of the control; 1 where the control has none of it and the treated neither."""
    return {name: value / control[name] if control[name] else (1.0 if value == 0 else float("inf")) for name, value in treated.items()}
