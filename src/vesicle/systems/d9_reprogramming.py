"""D9: what the same exosome does to a tumour cell and to the normal cell beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.evidence.library import Library
from vesicle.mechanisms.acting.reach import in_cell
from vesicle.mechanisms.acting.silencing import Guide, affinity, mrna_at_rest_loss
from vesicle.model.signalling import evidence_targets
from vesicle.prediction.ensemble import NO_CHANGE, DrawnSite, Levels, levels, silenced
from vesicle.systems.base import Check, Experiment, above, told

Array = npt.NDArray[np.float64]
LIVER_MIRNA = "hsa-miR-122-5p"
CARGO = ("hsa-miR-451a", "hsa-miR-223-3p", "hsa-miR-24-3p", "hsa-miR-125b-5p", "hsa-miR-31-5p", "hsa-miR-214-3p", LIVER_MIRNA)
"""What claim C-0313 names in vesicles of liver stem cells."""
FOLLOWS = ("proliferation", "apoptosis")
TUMOUR, NORMAL = "hepatoma cell", "liver"
SAMPLES = 200
OWN = "own_mirna_per_cell"


class Reprogramming(Experiment):
    """miR-122 and all seven miRNAs of liver stem cell vesicles on hepatoma and on liver."""

    system = "D9"
    asks = "Does the same exosome do less to a normal cell, and does what the normal cell is and holds decide that?"
    takes_away = "the state of the normal cell: it expresses what the tumour cell does and lacks the miRNA too"
    used = ("C-0313",)
    predicts = ("C-0315",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The miRNA that a hepatocyte already holds, judged; the whole cargo, told."""
        normal = TUMOUR if knocked_out else NORMAL
        return [*one_mirna(library, normal), *whole_cargo(library, normal)]


def left_by(library: Library, mirna: str, cell: str) -> dict[str, Array]:
    """Target -> (1 + samples,) share left by as many more copies as an abundant miRNA has, in a cell that holds its own.

    With E own and c delivered copies in AGO, l = (1 - loss(E + c)) / (1 - loss(E)).
    """
    site = DrawnSite(library, SAMPLES)
    own: Any = site.quantity(OWN, "copy/cell", label=mirna, cell=cell)
    more: Any = site.quantity(OWN, "copy/cell")
    found = {}
    for gene in evidence_targets(library, mirna, FOLLOWS, cell):
        most: Any = in_cell(site, "mirna_max_repression", "1", label=gene)
        mrna: Any = in_cell(site, "mrna_copies_per_cell", "copy/cell", label=gene)
        constant: Any = affinity(site, Guide("mirna", "miRNA", gene, True))
        before, after = (mrna_at_rest_loss(copies, mrna, constant, 1 - most, most) for copies in (own, own + more))
        found[gene] = (1 - after) / (1 - before)
    return found


def one_mirna(library: Library, normal: str) -> list[Check]:
    """A hepatocyte holds so much miR-122 that a little more changes little."""
    cells = (TUMOUR, normal)
    left = {cell: left_by(library, LIVER_MIRNA, cell) for cell in cells}
    lost = {cell: 1 - np.mean(list(left[cell].values()), axis=0)[1:] for cell in cells}
    found = {cell: levels(library, left[cell], FOLLOWS, cell, SAMPLES) for cell in cells}
    return [
        above("miR-122, share of its targets lost in hepatoma over that lost in liver, median of draws", float(np.median(lost[TUMOUR] / lost[normal])), 1),
        *(above(f"miR-122, change of {node} in hepatoma over that in liver, median of draws", index(found, node, cells), 1) for node in FOLLOWS),
        *signs("miR-122", found),
    ]


def whole_cargo(library: Library, normal: str) -> list[Check]:
    """All seven miRNAs, every target held: what else a hepatocyte holds of them was not counted, so this is told."""
    found = {cell: levels(library, silenced(library, CARGO, FOLLOWS, cell, samples=SAMPLES), FOLLOWS, cell, SAMPLES) for cell in (TUMOUR, normal)}
    selective = [told(f"seven miRNAs, selectivity for hepatoma in {node}, median of draws", index(found, node, (TUMOUR, normal))) for node in FOLLOWS]
    return [*selective, *signs("seven miRNAs", found)]


def index(found: Mapping[str, Levels], node: str, cells: Sequence[str]) -> float:
    """Size of the change in the first cell over that in the second, median of the draws in which the first moves; what does not move counts as the least change seen."""
    one, other = (np.abs(found[cell].draws(node) - 1) for cell in cells)
    moved = one > NO_CHANGE
    return float(np.median(one[moved] / np.maximum(other[moved], NO_CHANGE))) if moved.any() else 0.0


def signs(what: str, found: Mapping[str, Levels]) -> list[Check]:
    """How often a node rises and falls, per cell."""
    out = []
    for cell, levels_of in found.items():
        for node in FOLLOWS:
            rises, falls = levels_of.sign_probability(node)
            out.append(told(f"{what} in {cell}, {node}", f"rises in {rises:.0%}, falls in {falls:.0%} of draws"))
    return out
