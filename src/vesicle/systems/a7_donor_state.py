"""A7: the state of a donor alone changes what its vesicles hold, and with it what they are predicted to do."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.states import CONTENT, STATES, ContentEffect
from vesicle.model.donor import Donor
from vesicle.model.donor_profile import folds, profile
from vesicle.products.cargo import MicroRNA
from vesicle.products.claimed_effects import ClaimedEffect, cargo_effects, state_effects
from vesicle.systems.base import Check, Experiment, above, between

SAME = 1e-9
MORE = 1.05  # a difference below 5 per cent counts as none
STEM, MYELOMA, LEUKAEMIA = "mesenchymal stem cell", "multiple myeloma cell", "chronic myeloid leukemia cell"
HYPOXIC, MYELOMIC, RESISTANT, PLAIN = "hsa-miR-210-3p", "hsa-miR-135b-5p", "hsa-miR-365a-3p", "hsa-miR-21-5p"
CARGO = tuple(MicroRNA(name) for name in (HYPOXIC, MYELOMIC, RESISTANT, PLAIN))


class DonorState(Experiment):
    """Three donors, native and in a state; nothing else differs."""

    system = "A7"
    asks = "Does the state tag of a donor alone change its cargo and, through claims on that cargo, the predicted phenotype?"
    takes_away = "the state tags: every donor is native"
    used = ("C-0191", "C-0219", "C-0225", "C-0192")
    predicts = ("C-0011", "C-0190", "C-0446")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Folds of copies per vesicle by state, nulls, and the phenotypes that follow."""
        self.library, self.native = library, knocked_out
        stem, myeloma, leukaemia = (self._folds(*pair) for pair in ((STEM, "hypoxia"), (MYELOMA, "hypoxia"), (LEUKAEMIA, "drug_resistant")))
        other = self._folds(STEM, "drug_resistant")
        without = self._folds(STEM, "hypoxia", HIF1A=0.0)
        found = [
            above(f"hypoxic {STEM}: {HYPOXIC} per vesicle over native", stem[HYPOXIC], MORE),
            between(f"the same without HIF1A: {HYPOXIC}", without[HYPOXIC], 1 - SAME, 1 + SAME),
            between(f"hypoxic {STEM}: {PLAIN} over native", stem[PLAIN], 1 - SAME, 1 + SAME),
            between(f"hypoxic {STEM}: {MYELOMIC} over native (reported for myeloma only, unknown here)", stem[MYELOMIC], 1 - SAME, 1 + SAME),
            above(f"hypoxic {MYELOMA}: {MYELOMIC} over native", myeloma[MYELOMIC], MORE),
            above(f"drug-resistant {LEUKAEMIA}: {RESISTANT} over native", leukaemia[RESISTANT], MORE),
            between(f"drug-resistant {STEM}: {RESISTANT} over native (reported for leukaemia only, unknown here)", other[RESISTANT], 1 - SAME, 1 + SAME),
        ]
        found += [
            self._predicted(f"hypoxic {STEM}", stem, "angiogenesis", "+", "C-0011"),
            self._predicted(f"hypoxic {MYELOMA}", myeloma, "angiogenesis", "+", "C-0219"),
            self._predicted(f"drug-resistant {LEUKAEMIA}", leukaemia, "drug_resistance(imatinib)", "+", "C-0190"),
        ]
        found += [self._sized(effect) for effect in CONTENT]
        primed = state_effects(library, STEM, STATES["primed:TLR"].claimed_as)
        changed = [name for name, fold in self._folds(STEM, "primed:TLR").items() if abs(fold - 1) > SAME]
        said = "; ".join(f"{e.phenotype}:{e.sign} ({e.claim})" for e in primed) or "nothing"
        found.append(Check("TLR-primed: what claims say, while what changes inside is unknown", said, "a phenotype, and no cargo moved", bool(primed) and not changed))
        return found

    def _folds(self, cell: str, state: str, **levels: float) -> dict[str, float]:
        """Copies per vesicle in the state over native, the same donor otherwise."""
        before = profile(Donor(cell=cell, levels=levels, cargo=CARGO), self.library)
        after = profile(Donor(cell=cell, levels=levels, cargo=CARGO, states=("native",) if self.native else (state,)), self.library)
        return folds(before, after)

    def _predicted(self, who: str, changed: dict[str, float], phenotype: str, sign: str, reported: str) -> Check:
        """The sign that changed cargo gives a phenotype, through claims on the cargo; all chains must agree."""
        chains: list[tuple[str, ClaimedEffect]] = []
        for name, fold in changed.items():
            if fold > MORE or fold < 1 / MORE:
                chains += [(name, e) for e in cargo_effects(self.library, name, is_more=fold > 1) if e.phenotype == phenotype]
        said = "; ".join(f"{name} -> {e.phenotype}:{e.sign} ({e.claim}{', doubted' if e.is_doubted else ''})" for name, e in chains) or "no chain"
        itself = " (itself a link of the chain)" if any(e.claim == reported for _, e in chains) else ""
        return Check(
            f"{who}: predicted {phenotype}, reported {sign} by {reported}{itself}", said, f"{sign} by every chain", bool(chains) and all(e.sign == sign for _, e in chains)
        )

    def _sized(self, effect: ContentEffect) -> Check:
        """The fold of a state has the sign that its evidence says; who measured its size is printed."""
        record = match(self.library, "state_cargo_fold", {"label": effect.label, "cell": effect.donor}).records[0]
        return above(f"fold of the cell's content, {effect.label} ({record.id}, {record.status}; sign from {', '.join(effect.evidence)})", record.value, 1)
