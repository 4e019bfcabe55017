"""E2: DNA of treated tumour cells and what mature dendritic cells show, against what tumour vesicles suppress with."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import MATURE_DENDRITIC, TUMOUR_WITH_DNA, Cargo, Culture
from vesicle.systems.base import Check, Experiment, above
from vesicle.systems.immune_panel import SHARED, interval

DRAWS, GAIN, MOST = 40, 100.0, 0.9
KINDS = ("t_cell", "dendritic_cell")
DENDRITIC, T_CELLS = "DC_maturation:dendritic_cell", "T_cell_activity:t_cell"
DNA = "dsDNA"


class Stimulation(Experiment):
    """Vesicles with DNA, of untreated, topotecan-treated and irradiated donors, with and without what suppresses; vesicles of mature and immature dendritic cells."""

    system = "E2"
    asks = "Does DNA in tumour vesicles raise dendritic and T cells, more after topotecan or irradiation of the donor, and does it turn what their surface does?"
    takes_away = "the DNA"
    used = ("C-0488", "C-0604")
    predicts = ("C-0489", "C-0618", "C-0619", "C-0616")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """DNA alone, by treatment of the donor; DNA with the surface; maturity of a dendritic donor."""
        self.library = library
        dna = {} if knocked_out else {DNA: TUMOUR_WITH_DNA[DNA]}
        surface = {name: cargo for name, cargo in TUMOUR_WITH_DNA.items() if name != DNA}
        plain, *treated = (self._change(dna, state=state) for state in ("", "topotecan", "irradiation"))
        found = [
            above(f"DNA alone: draws in which dendritic cells mature more {_words(plain[DENDRITIC])}", _share(plain[DENDRITIC]), MOST),
            above(f"DNA alone: draws in which T cells, by way of dendritic cells, are more active {_words(plain[T_CELLS])}", _share(plain[T_CELLS]), MOST),
        ]
        found += [
            above(
                f"donors under {name}: draws in which dendritic cells mature more than with DNA of untreated ones {_words(one[DENDRITIC])}",
                _share(one[DENDRITIC] - plain[DENDRITIC]),
                MOST,
            )
            for name, one in zip(("topotecan", "irradiation"), treated, strict=True)
        ]
        both, without = self._change({**surface, **dna}, state="topotecan"), self._change(surface)
        turned = float(np.median(both[T_CELLS])) > 0
        return [*found,
            above("draws in which DNA of treated donors gives dendritic cells something back from what the surface takes", _share(both[DENDRITIC] - without[DENDRITIC]), MOST),
            Check("does it turn suppression into stimulation?", f"{'yes' if turned else 'no'}: T cells {_words(both[T_CELLS])} with DNA, {_words(without[T_CELLS])} without", "said", True),
            self._maturity(),
        ]  # fmt: skip

    def _change(self, cargo: dict[str, Cargo], state: str = "", donor: str = "malignant cell") -> dict[str, np.ndarray]:
        culture = Culture(kinds=KINDS, cargo=cargo, donor=donor, state=state, stimuli=("CD3",), imposed=False, gain=GAIN)
        run = SHARED.run(culture, self.library, DRAWS)
        return {name: run.change(name) for name in (DENDRITIC, T_CELLS)}

    def _maturity(self) -> Check:
        mature, immature = (self._change(dict(MATURE_DENDRITIC), state, "dendritic cell")[T_CELLS] for state in ("", "immature"))
        said = f"mature {_words(mature)}, immature {_words(immature)}; the sources find stimulation: CD86 speaks to CTLA4 as well as to CD28 in the core, and the sign is lost"
        return Check("vesicles of dendritic cells on T cells", said, "said", True)


def _share(change: np.ndarray) -> float:
    """Share of draws in which something rises."""
    return float(np.mean(change > 0))


def _words(change: np.ndarray) -> str:
    low, middle, high = interval(change)
    return f"({middle:+.2g}, {low:+.2g} to {high:+.2g})"
