"""D3: vesicles, VEGF and oxygen set the five steps of angiogenesis and the density of vessels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.matching import parameter
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM
from vesicle.mechanisms.phenotype.vessels.steps import STEPS
from vesicle.model.vessels import Tissue
from vesicle.prediction.ensemble import half_held
from vesicle.systems.base import Check, Experiment, above, below, told
from vesicle.systems.vessel_runs import NO_DIFFERENCE, RELATIVE, Tissues, density_reports, in_words, levels_by, receiving

EXACT = 1e-9
"""At rest nothing changes but by the rounding of sums and the integrator's relative tolerance."""
GASES = (21.0, 10.0, 5.0, 3.0, 2.0, 1.0, 0.5, 0.1, 0.0)
HYPOXIC, AIR = 1.0, 21.0
VEGF = (0.0, 1.0, 10.0, 50.0)  # ng/mL that the medium holds
COPIES = (0.0, 1e3, 1e4, 1e5)  # of the miRNA in AGO of each endothelial cell
LEFT = 0.6
"""Level of FIH that is tried; about what a miRNA leaves of a target at the measured most."""
FIH_GAINS_LITTLE = 0.1
"""What loss of FIH gains in air, as a share of the most that it gains at any oxygen."""
EXOSOME = {"product": "exosome"}
REPORTED = {"C-0521": ("hsa-miR-125a-5p", AIR), "C-0225": ("hsa-miR-210-3p", AIR), "C-0219": ("hsa-miR-135b-5p", HYPOXIC), "C-0223": ("hsa-miR-92a-3p", AIR)}
"""Claim -> miRNA, and the oxygen under which endothelium was looked at."""


class AngiogenesisRaised(Experiment):
    """A tissue under VEGF, oxygen, loss of DLL4, Notch, FIH and PHD, and miRNAs of vesicles in its endothelium."""

    system = "D3"
    asks = "Do dose and kind of vesicle, VEGF and oxygen set each step and the density of vessels, with Notch as a brake and FIH only as far as oxygen allows?"
    takes_away = "VEGFR2 of the endothelium"
    used = ("C-0203", "C-0204", "C-0205", "C-0206")
    told = tuple(REPORTED)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Rest, VEGF, oxygen, the brake, the two hydroxylases, dose and kind of vesicle."""
        base = Tissue(levels={"endothelium:KDR": 0.0} if knocked_out else {})
        tissues = Tissues(library)
        return [*self._drive(tissues, base), *self._brake(tissues, base), *self._oxygen(tissues), *self._dose(library, tissues, base), *self._reports(library, tissues, base)]

    @staticmethod
    def _drive(tissues: Tissues, base: Tissue) -> list[Check]:
        rest = tissues.settled(Tissue())
        by_vegf = [tissues.settled(replace(base, vegf=held)) for held in VEGF]
        by_oxygen = [tissues.settled(replace(base, oxygen=gas))["vessel_density"] for gas in GASES]
        hypoxic = tissues.interval(replace(base, oxygen=HYPOXIC), "vessel_density")
        steps = min(late[step.name] / early[step.name] for step in STEPS for early, late in zip(by_vegf, by_vegf[1:], strict=False))
        return [
            below("largest change of any relative output where nothing was done", max(abs(rest[name] - 1) for name in RELATIVE), EXACT),
            above(f"vessel density at {VEGF[-1]:g} ng/mL VEGF over that at none", _ratio(by_vegf[-1]["vessel_density"], by_vegf[0]["vessel_density"]), 1.05),
            above("smallest rise of any of the five steps from one VEGF to the next", steps, 1.0),
            above("vessel density at 1 % oxygen over that in air", _ratio(by_oxygen[GASES.index(1.0)], by_oxygen[0]), 1.05),
            Check("the same over draws", in_words(hypoxic), "above 1 from q05 on", hypoxic[0] > 1),
            Check("vessel density over per cent oxygen", _curve(by_oxygen), "never falls with falling oxygen", all(b >= a for a, b in zip(by_oxygen, by_oxygen[1:], strict=False))),
        ]

    @staticmethod
    def _brake(tissues: Tissues, base: Tissue) -> list[Check]:
        def tips(**levels: float) -> float:
            return tissues.settled(replace(base, levels={**base.levels, **{f"endothelium:{node}": value for node, value in levels.items()}}))["tips"]

        rest, strong = tips(), tissues.settled(replace(base, vegf=VEGF[-1]))["tips"]
        free = tissues.settled(replace(base, vegf=VEGF[-1], levels={**base.levels, "endothelium:DLL4": 0.0}))["tips"]
        half = tissues.interval(replace(base, levels={**base.levels, "endothelium:DLL4": 0.5}), "tips")
        return [
            above("tip cells with half of DLL4, relative to untreated", tips(DLL4=0.5), 1.05),
            Check("the same over draws", in_words(half), "above 1 from q05 on", half[0] > 1),
            above("tip cells without DLL4 over those with half of it", _ratio(tips(DLL4=0.0), tips(DLL4=0.5)), 1.05),
            above(f"rise of tips by {VEGF[-1]:g} ng/mL VEGF without DLL4 over the rise with it: the brake on what VEGF drives", _ratio(free, strong), 1.05),
            above("tip cells at rest, relative to untreated", rest, 0.5),
        ]

    @staticmethod
    def _oxygen(tissues: Tissues) -> list[Check]:
        def activity(gas: float, **levels: float) -> float:
            lost = {f"endothelium:{node}": value for node, value in levels.items()}
            return tissues.settled(Tissue(oxygen=gas, levels=lost))["hif_rise:endothelium"]

        def vessels(gas: float) -> float:
            """Vessel density of endothelium alone with the FIH that a miRNA leaves, relative to that with all of it."""
            alone = Tissue(oxygen=gas, rest_oxygen=gas, tumour_cells=0.0)
            left, all_of_it = (tissues.settled(replace(alone, levels={"endothelium:HIF1AN": level})) for level in (LEFT, 1.0))
            return left["vessel_density"] / all_of_it["vessel_density"]

        gains = [activity(gas, HIF1AN=0.0) - activity(gas) for gas in GASES]
        return [
            Check("HIF activity that loss of FIH adds, over per cent oxygen (1 = the rise of air to 1 %)", _curve(gains), "never less than none", min(gains) >= 0),
            below("that gain in air as a share of the most at any oxygen", gains[0] / max(gains), FIH_GAINS_LITTLE),
            below("that gain without oxygen, where FIH does not work, as a share of the most", gains[-1] / max(gains), EXACT),
            above(f"vessel density of endothelium alone with {LEFT:g} of its FIH at 1 % oxygen, over the same in air", vessels(HYPOXIC) / vessels(AIR), 1.0),
            above("HIF activity in air without PHD over that without FIH", activity(AIR, EGLN1=0.0) / max(activity(AIR, HIF1AN=0.0), EXACT), 1.0),
        ]

    @staticmethod
    def _dose(library: Library, tissues: Tissues, base: Tissue) -> list[Check]:
        """Each reported miRNA by its copies per endothelial cell, without its claim's works; and how many native vesicles that would take."""
        curves = {cargo: _by_dose(library, tissues, base, name, cargo, gas) for name, (cargo, gas) in REPORTED.items()}
        per_vesicle = parameter(library, "n", "mirna_copies_per_ev", "copy/EV", EXOSOME).value * parameter(library, "r", "cytosolic_release_fraction", "1", EXOSOME).value
        held = parameter(library, "h", "ev_inventory_per_cell", "EV/cell", EXOSOME).value
        most = max(abs(curve[-1] - 1) for curve in curves.values())
        shown = "; ".join(f"{cargo} {_by_copies(curve)}" for cargo, curve in curves.items())
        return [
            below("vessel density with no copies of a reported miRNA over that of the control, largest difference", max(abs(curve[0] - 1) for curve in curves.values()), EXACT),
            above(f"reported miRNAs, all their targets, by which each tenfold dose moves vessel density further, either way, of {len(curves)} ({shown})",
                  float(sum(_moves_further(curve) for curve in curves.values())), len(curves) - 1),
            above(f"largest change of vessel density at {COPIES[-1]:g} copies", most, NO_DIFFERENCE),
            above("native vesicles whose cargo holds half of the targets, over those that a cell holds: not carried", half_held(library) / per_vesicle / held, 1),
        ]  # fmt: skip

    @staticmethod
    def _reports(library: Library, tissues: Tissues, base: Tissue) -> list[Check]:
        """Vessel density with all targets held, against the sign that each report gives angiogenesis."""
        found = density_reports(tissues, library, {name: (cargo, ENDOTHELIUM, replace(base, oxygen=gas, rest_oxygen=gas)) for name, (cargo, gas) in REPORTED.items()})
        return [
            told("signs of kinds of cargo against their reports, all targets held, without their own works", found.counted),
            told("these reports", "; ".join(found.words)),
        ]


def _by_dose(library: Library, tissues: Tissues, base: Tissue, name: str, cargo: str, gas: float) -> list[float]:
    """Vessel density at each number of copies over that of the control, at the nominal values, without the works of the claim."""
    claim = library.by_id[name]
    assert isinstance(claim, Claim)
    control = replace(base, oxygen=gas, rest_oxygen=gas)
    given = [levels_by(library, [cargo], ENDOTHELIUM, copies=copies, claim=claim, samples=1) for copies in COPIES]
    rest = tissues.settled(control)["vessel_density"]
    return [_ratio(tissues.settled(receiving(control, found, ENDOTHELIUM))["vessel_density"], rest) for found in given]


def _moves_further(curve: list[float]) -> bool:
    """Whether a curve only rises or only falls with dose, from its first point on."""
    steps = np.diff(curve)
    return bool(np.all(steps > EXACT) or np.all(steps < -EXACT))


def _ratio(a: float, b: float) -> float:
    """a/b; 1 where both are nothing."""
    return a / b if b > EXACT else (1.0 if a <= EXACT else float("inf"))


def _by_copies(values: list[float]) -> str:
    return "; ".join(f"{copies:g}: {value:.3f}" for copies, value in zip(COPIES, values, strict=True))


def _curve(values: list[float]) -> str:
    return "; ".join(f"{gas:g} %: {value:.3f}" for gas, value in zip(GASES, values, strict=True))
