"""E1: tumour vesicles on T, NK, regulatory and myeloid cells and on the kill of a tumour; PD-L1 at a distance, counted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vesicle.evidence.library import Library
from vesicle.mechanisms.immune.distance import PLACES
from vesicle.model.checkpoint import Tumour, assemble_checkpoint
from vesicle.model.donor import Donor
from vesicle.model.immunity import TUMOUR, Cargo, Culture, Infiltrate, assemble_infiltrate
from vesicle.systems.base import Check, Experiment, above, below, told
from vesicle.systems.donor_runs import follow
from vesicle.systems.given_networks import Followed, at_rest
from vesicle.systems.immune_panel import INTERVAL, OPPOSITE, SHARED, ZERO, Run, interval, says, sign_of, without_sources, words

DRAWS = 40
LIGAND, FASL, FAS = "PD-L1", "FasL", "Fas"
MIXTURE = ("t_cell", "nk_cell", "monocyte")
LEVELS = {
    "T_cell_activity": "T_cell_activity:t_cell", "other:T_cell_exhaustion": "other:T_cell_exhaustion:t_cell", "apoptosis": "apoptosis:t_cell", "Treg": "Treg:t_cell",
    "NK_activity": "NK_activity:nk_cell", "nk_apoptosis": "apoptosis:nk_cell", "M2_polarization": "M2_polarization:monocyte",
    "other:M1_polarization": "other:M1_polarization:monocyte", "other:MDSC_accumulation": "other:MDSC_accumulation:monocyte",
}  # fmt: skip
"""What the counts ask for -> what a culture gives."""
FORTNIGHT = 336.0
NEGLIGIBLE, MOST = 0.01, 0.9
COUNTED, TENFOLD, HUNDREDFOLD = 1.0, 10.0, 100.0
RAB27A = "RAB27A knock-down"
T_CELLS, NK_CELLS, REGULATORY, BY_LIGAND, GROWTH = "C-0196", "C-0197", "C-0198", "C-0624", "C-0625"


class TumourSuppression(Experiment):
    """Tumour vesicles with PD-L1, Fas ligand, TRAIL and TGF-beta, as if delivery were effective and as counted; the same without PD-L1; and PD-L1 in tumour, node and blood."""

    system = "E1"
    asks = "Do tumour vesicles hold back T and NK cells and the kill of a tumour, does loss of PD-L1 give it back, and does the count allow PD-L1 to act at a distance?"
    takes_away = "what the vesicles show: no PD-L1, no death ligand, no TGF-beta"
    used = ("C-0199", "C-0200", "C-0622")
    predicts = (T_CELLS, NK_CELLS, REGULATORY, BY_LIGAND, GROWTH)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Signs, counts, and the distance."""
        self.library = without_sources(library, self.predicts)
        cargo = {} if knocked_out else TUMOUR
        self.cargo = cargo
        whole, bare = self._levels(cargo), self._levels({name: c for name, c in cargo.items() if name != LIGAND})
        return [*self._signs(whole, bare), *self._counts(whole, bare), *self._dose(cargo), *self._fas(whole), *self._distance(not knocked_out)]

    def _run(self, cargo: Mapping[str, Cargo], gain: float) -> Run:
        culture = Culture(kinds=MIXTURE, cargo=cargo, donor="malignant cell", stimuli=("CD3/CD28", "IL-15"), imposed=False, gain=gain)
        return SHARED.run(culture, self.library, DRAWS)

    def _levels(self, cargo: Mapping[str, Cargo], gain: float = HUNDREDFOLD) -> dict[str, np.ndarray]:
        """Node -> (draws,) level, delivery a stated number of times what was counted, the same with and without PD-L1; death of T cells without Fas ligand, which is counted."""
        found, no_fas = self._run(cargo, gain), self._run({name: c for name, c in cargo.items() if name != FASL}, gain)
        levels = {}
        for node, name in LEVELS.items():
            run = no_fas if node == "apoptosis" else found
            levels[node] = run.treated[name] / run.rest[name] if name in run.rest else np.ones(DRAWS)
        return levels

    def _fas_signal(self, gain: float) -> np.ndarray:
        """(draws,) signal of Fas in T cells."""
        return self._run(self.cargo, gain).treated.get(f"signal:{FAS}:t_cell", np.zeros(DRAWS))

    def _sign(self, claim: str, phenotype: str) -> str:
        return sign_of(self.library, claim, phenotype)

    def _held(self) -> tuple[float, float]:
        """Vesicles per T cell in a dish at the median, and in a tumour."""
        return float(np.median(self._run(self.cargo, 1.0).treated["held:t_cell"])), at_rest(assemble_checkpoint(Tumour(), self.library))["held:tumour"]

    def _fas_signals(self) -> tuple[float, float, float]:
        """Median in a dish; median and 95 % point at the vesicles per T cell of a tumour."""
        dish, tumour = self._held()
        there = self._fas_signal(tumour / dish)
        return float(np.median(self._fas_signal(1.0))), float(np.median(there)), float(np.quantile(there, INTERVAL[-1]))

    def _signs(self, whole: Mapping[str, np.ndarray], bare: Mapping[str, np.ndarray]) -> list[Check]:
        change = {node: level - 1 for node, level in whole.items()}
        return [
            says("T cells at a hundred times the counted delivery", change["T_cell_activity"], self._sign(T_CELLS, "T_cell_activity")),
            says("NK cells at a hundred times the counted delivery", change["NK_activity"], self._sign(NK_CELLS, "NK_activity")),
            says("regulatory T cells at a hundred times the counted delivery", change["Treg"], self._sign(REGULATORY, "Treg")),
            says(
                "T cells at a hundred times the counted delivery of vesicles without PD-L1, against with it",
                bare["T_cell_activity"] / whole["T_cell_activity"] - 1,
                OPPOSITE[self._sign(BY_LIGAND, "T_cell_activity")],
            ),
            told("monocytes that go to M2, by TGF-beta; an edge was added because nothing could move", words(change["M2_polarization"])),
            told("suppressors that accumulate, by PGE2; edges were added because nothing could move", words(change["other:MDSC_accumulation"])),
        ]

    def _counts(self, whole: Mapping[str, np.ndarray], bare: Mapping[str, np.ndarray]) -> list[Check]:
        """Counts of cells after a fortnight at the median levels: untouched, with the vesicles, with vesicles without PD-L1."""
        network = Followed(assemble_infiltrate(Infiltrate(dict.fromkeys(LEVELS, 1.0)), self.library), FORTNIGHT)

        def end(levels: Mapping[str, np.ndarray], death_signal: float = 0.0) -> dict[str, float]:
            middle = {f"given_level__{''.join(c if c.isalnum() else '_' for c in node)}": float(np.median(level)) for node, level in levels.items()}
            found = network.run(death_signal=death_signal, **middle)
            return {name: float(found.amount(f"cells:{name}")[-1]) for name in ("effector", "memory", "treg", "nk", "m2", "mdsc", "killed", "tumour")}

        free, held, back = end({node: np.ones(1) for node in LEVELS}), end(whole), end(bare)
        self.left_by_fas = [max(0.0, end(dict.fromkeys(LEVELS, np.ones(1)), signal)["effector"] / free["effector"]) for signal in self._fas_signals()]
        shown = ", ".join(f"{name} {held[name]:.3g} of {free[name]:.3g}" for name in ("treg", "nk", "m2", "mdsc", "tumour"))
        return [
            below("effector T cells with the vesicles, of those without, death by Fas apart", held["effector"] / free["effector"], 1 - ZERO),
            below("tumour cells killed with the vesicles, of those without", held["killed"] / free["killed"], 1 - ZERO),
            above("memory T cells with vesicles without PD-L1, over those with PD-L1", back["memory"] / held["memory"], 1 + ZERO),
            above("tumour cells killed with vesicles without PD-L1, over those with PD-L1", back["killed"] / held["killed"], 1 + ZERO),
            told("cells with the vesicles, of those without", shown, "told, not judged; M2 and suppressors act on nothing here"),
        ]

    def _dose(self, cargo: Mapping[str, Cargo]) -> list[Check]:
        """Ten times less does less; at the counted copies the change is told."""
        one, ten, hundred = (self._levels(cargo, gain)["T_cell_activity"] for gain in (COUNTED, TENFOLD, HUNDREDFOLD))
        return [
            says("T cells at ten times the counted delivery, against a hundred times", ten / hundred - 1, OPPOSITE[self._sign(T_CELLS, "T_cell_activity")]),
            told("T cells at the counted copies, 300 vesicles per cell", words(one - 1)),
        ]

    def _fas(self, whole: Mapping[str, np.ndarray]) -> list[Check]:
        """Death of T cells by Fas ligand on vesicles, by the counting law of surface ligands; in a dish, and at the density of a tumour."""
        counted = self._run(self.cargo, 1.0).treated
        if f"half_held:{FAS}:t_cell" not in counted:
            return [told("Fas ligand on vesicles", "there is none")]
        needed, (held, in_tumour) = float(np.median(counted[f"half_held:{FAS}:t_cell"])), self._held()
        low, middle, high = interval(self._fas_signal(1.0))
        _, there, most = self._fas_signals()
        dish, median, far = (f"{left:.2g}" for left in self.left_by_fas)
        killing = "told, not judged: nothing at the median, killing where ligands are tens per vesicle"
        return [
            told(f"signal of Fas in T cells of a dish, {held:.3g} vesicles per T cell (5 to 95 %: {low:.2g} to {high:.2g}); half takes {needed:.3g}", middle),
            told("effector T cells after a fortnight at that signal, of those without Fas ligand", dish, "told, not judged; copies of Fas ligand are assumed"),
            below(f"the same signal at the {in_tumour:.2g} vesicles per T cell of a tumour: negligible (95 % of draws below {most:.2g})", there, NEGLIGIBLE),
            told("effector T cells of a tumour after a fortnight, of those without Fas ligand", f"{median}; in the draw at 95 % {far}", killing),
        ]

    def _distance(self, has_ligand: bool) -> list[Check]:
        """PD-L1 in tumour, node and blood; without RAB27A; under an antibody; as a sink."""
        kept = float(follow(Donor(regulators=(RAB27A,)), self.library).secretion()[-1] / follow(Donor(), self.library).secretion()[-1])

        def place(release_level: float = 1.0, antibody: float = 0.0) -> dict[str, float]:
            return at_rest(assemble_checkpoint(Tumour(has_ligand=has_ligand, release_level=release_level, antibody=antibody), self.library))

        rest, less, treated = place(), place(release_level=kept), place(antibody=1.0)
        needed = rest["half_held"] / max(rest[f"held:{name}"] for name in PLACES)
        return [
            told("PD-1 engaged by vesicles in the tumour [per um2]", rest["engaged:tumour"]),
            below("held back by vesicular PD-L1, most of tumour, node and blood: negligible", max(rest[f"held_back:{name}"] for name in PLACES), NEGLIGIBLE),
            above(f"vesicles per T cell for half of the effect ({rest['half_held']:.3g}) over those it holds in the tumour ({rest['held:tumour']:.3g})", needed, 1),
            above("the same law for PD-L1 of a tumour cell in a synapse", rest["held_back_by_cell"], MOST),
            told(f"what is left 100 um beyond the rim (length {rest['length']:.3g} um)", rest["at_distance"]),
            below(f"PD-1 engaged without RAB27A ({kept:.2g} of the vesicles), of with it", _ratio(less["engaged:tumour"], rest["engaged:tumour"]), 1 - ZERO),
            below("PD-1 engaged under the antibody, of without", _ratio(treated["engaged:tumour"], rest["engaged:tumour"]), NEGLIGIBLE),
            below(f"share of the antibody that vesicles hold in blood; half takes {rest['half_sink:blood']:.2g} times as many vesicles", rest["antibody_bound:blood"], NEGLIGIBLE),
        ]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole > 0 else 1.0
