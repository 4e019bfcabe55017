"""C3: cargo, target, effect: each link cited, each undone by what takes its cargo away."""

from __future__ import annotations

from collections import deque

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.priors.edges import Edge, core, core_nodes
from vesicle.evidence.priors.targets import targets_of
from vesicle.products.copies import probabilities, sample
from vesicle.readouts.compound import Source, over_cells
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.well_runs import Wells

WELL = "cargo-well"
MIRNA, ITS_TARGET, OTHER_TARGET = "hsa-miR-21-5p", "PTEN", "MTOR"
NOTHING = 1e-9
"""The engine's relative tolerance: a smaller difference is none."""
CLOSE = 0.05
SEED, FEW, MANY = 1, 10**4, 10**6
HOLD_NONE = 0.991
SPARSE = 0.1
RELEASE, MOST_RELEASE = "parameters.cytosolic_release_fraction__exosome", "0.3"
"""The upper end of the prior on release (M-0933)."""
PRODUCTS = (
    "mir100_exosome",
    "sirna_exosome",
    "sirna_rnase_exosome",
    "sirna_rnase_detergent_exosome",
    "anti_mir100_exosome",
    "anti_mir21_exosome",
    "mrna_exosome",
    "protein_exosome",
)


class CytosolicAction(Experiment):
    """A miRNA, its anti-miRNA, another anti-miRNA, an siRNA; with RNase before dosing; with no copies at all."""

    system = "C3"
    asks = "Is the chain from cargo to effect cited link by link, does each cargo move its own target only, and does nothing follow from no cargo?"
    takes_away = "the cargo: the same vesicles with no copy of it"
    used = ("C-0017",)
    predicts = ("C-0306",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Loss of target mRNA by arm, against what each control leaves."""
        none = {f"products.{name}.cargo.0.copies": "0 copy/EV" for name in PRODUCTS}
        wells = Wells(WELL, library, none if knocked_out else {})
        empty = Wells(WELL, library, none)
        reaching = Wells(WELL, library, {**(none if knocked_out else {}), RELEASE: MOST_RELEASE})
        natural = [] if knocked_out else self._natural(library)
        return [*self._chain(), *self._own_target_only(wells), *self._anti(wells, reaching), *self._controls(wells, empty, library), *natural]

    def _chain(self) -> list[Check]:
        found = [edge for edge in core() if (edge.source, edge.target) == (MIRNA, ITS_TARGET) and edge.pmids][:1] + cited_chain(ITS_TARGET)
        words = " -> ".join([MIRNA, *(edge.target for edge in found)])
        strong = [t for t in targets_of(MIRNA)["targets"] if t.target == ITS_TARGET and t.pmids]
        return [
            above(f"links of a cited chain from cargo over target to phenotype ({words})", float(len(found)), 1),
            below("links of it without a work", float(sum(not edge.pmids for edge in found)), 1),
            above(f"works that show {ITS_TARGET} as a target of {MIRNA}", float(len(strong)), 0),
        ]

    def _own_target_only(self, wells: Wells) -> list[Check]:
        return [
            above("MTOR mRNA lost to its siRNA", lost(wells, "sirna", "MTOR"), NOTHING),
            below("PTEN mRNA moved by the same siRNA", abs(lost(wells, "sirna", "PTEN")), NOTHING),
            above("MTOR mRNA lost to miR-100", lost(wells, "mir100", "MTOR"), NOTHING),
        ]

    def _anti(self, wells: Wells, reaching: Wells) -> list[Check]:
        plain = lost(wells, "mir100", "MTOR")
        left = lost(wells, "mir100_and_anti", "MTOR") / plain if plain else 1.0
        everywhere = lost(reaching, "mir100_and_anti", "MTOR") / lost(reaching, "mir100", "MTOR") if plain else 1.0
        other = lost(wells, "mir100_and_other_anti", "MTOR") / plain if plain else 1.0
        return [
            below("loss that the anti-miRNA leaves, where it reaches some of the cells", left, 1 - CLOSE),
            below("the same where every cell is reached (release set to the most reported)", everywhere, 2 * CLOSE),
            between("loss that an anti-miRNA of another miRNA leaves", other, 1 - CLOSE, 1 + CLOSE),
            below("PTEN mRNA lost to the anti-miRNA of the cell's own miR-21 (it rises)", lost(wells, "anti_mir21", "PTEN"), -NOTHING),
            below("MTOR mRNA moved by it", abs(lost(wells, "anti_mir21", "MTOR")), NOTHING),
        ]

    def _controls(self, wells: Wells, empty: Wells, library: Library) -> list[Check]:
        plain = lost(wells, "sirna", "MTOR")

        def after(arm: str) -> float:
            return lost(wells, arm, "MTOR") / plain if plain else 0.0

        broken = match(library, "broken_vesicle_share", {}).records[0].value
        resisting = 1 - match(library, "detergent_lysis_share", {}).records[0].value
        return [
            between("loss after RNase, which finds no luminal cargo but that of broken vesicles", after("sirna_rnase"), 1 - broken - CLOSE, 1),
            below("loss after RNase with detergent", after("sirna_rnase_detergent"), resisting + CLOSE),
            below("MTOR mRNA moved by vesicles with no copies", abs(lost(empty, "sirna", "MTOR")), NOTHING),
        ]

    def _natural(self, library: Library) -> list[Check]:
        """Vesicles without a copy of one abundant miRNA, and what single cells do against the cell of the mean."""
        mean = match(library, "mirna_copies_per_ev", {"product": "exosome"}).records[0].value
        size = match(library, "jackpot_copies", {"product": "exosome"}).records[0].value
        spread = sample(SEED, MIRNA, FEW, "poisson", mean)
        lumped = sample(SEED, MIRNA, MANY, "jackpot", mean, size)
        cells = over_cells([Source(SPARSE, probabilities("poisson", size))], lambda copies: copies / (copies + size))
        return [
            above(f"of {FEW:,} vesicles, share without a copy of one abundant miRNA, copies alike by chance", float(np.mean(spread == 0)), HOLD_NONE),
            above(f"of {MANY:,} vesicles, share without one, copies lumped in few (as many copies in all)", float(np.mean(lumped == 0)), HOLD_NONE),
            below(
                f"answer averaged over single cells at {SPARSE:g} vesicles per cell, over that of the mean cell ({cells.mean:.3g} against {cells.mean_field:.3g})",
                cells.mean / cells.mean_field, 1 - CLOSE,
            ),
        ]  # fmt: skip


def lost(wells: Wells, arm: str, gene: str) -> float:
    """Share of a gene's mRNA that an arm has lost at the end."""
    return 1 - wells.end(arm, f"mRNA:{gene}")


def cited_chain(start: str) -> list[Edge]:
    """The shortest way over signed core edges with works, from a cargo to a phenotype; empty if there is none."""
    nodes = core_nodes()
    leaving: dict[str, list[Edge]] = {}
    for edge in core():
        if edge.pmids and edge.sign:
            leaving.setdefault(edge.source, []).append(edge)
    before: dict[str, Edge] = {}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here in nodes and nodes[here].kind == "phenotype" and here != start:
            return _back(here, start, before)
        for edge in leaving.get(here, ()):
            if edge.target not in before and edge.target != start:
                before[edge.target] = edge
                waiting.append(edge.target)
    return []


def _back(here: str, start: str, before: dict[str, Edge]) -> list[Edge]:
    way: list[Edge] = []
    while here != start:
        way.insert(0, before[here])
        here = before[here].source
    return way
