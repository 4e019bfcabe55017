"""E2: an antigen on vesicles of dendritic cells and DNA of treated tumour cells, against what tumour vesicles suppress with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import MATURE_DENDRITIC, PURIFIED, TUMOUR, TUMOUR_WITH_DNA, Cargo, Culture
from vesicle.systems.base import Check, Experiment, above, below
from vesicle.systems.immune_panel import SHARED, Run, interval

DRAWS, GAIN, MOST, NEGLIGIBLE = 40, 100.0, 0.9, 0.01
COUNTED = 1.0
KINDS = ("t_cell", "dendritic_cell")
DENDRITIC, T_CELLS = "DC_maturation:dendritic_cell", "T_cell_activity:t_cell"
DNA, DONOR = "dsDNA", "dendritic cell"


class Stimulation(Experiment):
    """Vesicles with DNA, of untreated, topotecan-treated and irradiated donors, with and without what suppresses; vesicles of mature and immature dendritic cells with a
    peptide that the T cells recognise, at the counted copies, and of tumours on the same cells.
    """

    system = "E2"
    asks = "Do vesicles of mature dendritic cells with an antigen stimulate the T cells that tumour vesicles suppress; does DNA, more after topotecan or irradiation, turn those?"
    takes_away = "the antigen and the DNA"
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
        words = f"{'yes' if turned else 'no'}: T cells {_words(both[T_CELLS])} with DNA, {_words(without[T_CELLS])} without; dendritic cells {_words(without[DENDRITIC])} without"
        return [*found,
            above("draws in which DNA of treated donors gives dendritic cells something back from what the surface takes", _share(both[DENDRITIC] - without[DENDRITIC]), MOST),
            Check("does it turn suppression into stimulation?", words, "said", True),
            *self._presentation(not knocked_out),
        ]  # fmt: skip

    def _change(self, cargo: dict[str, Cargo], state: str = "", donor: str = "malignant cell") -> dict[str, np.ndarray]:
        run = self._run(Culture(kinds=KINDS, cargo=cargo, donor=donor, state=state, stimuli=("CD3",), imposed=False, gain=GAIN))
        return {name: run.change(name) for name in (DENDRITIC, T_CELLS)}

    def _run(self, culture: Culture) -> Run:
        return SHARED.run(culture, self.library, DRAWS)

    def _resting(self, cargo: Mapping[str, Cargo], donor: str, specific: bool = True, **other: Any) -> Run:
        """T cells that nothing but the vesicles drives, at the counted copies."""
        return self._run(Culture(**{"kinds": KINDS, "gain": COUNTED, **other}, cargo=cargo, donor=donor, stimuli=(), specific=specific, imposed=False))

    def _presentation(self, has_antigen: bool) -> list[Check]:
        """Vesicles of dendritic cells, mature and not, with the peptide and without, on T cells that recognise it; tumour vesicles on the same."""
        mature = self._resting(MATURE_DENDRITIC, DONOR, has_antigen)
        with_it, immature, without, tumour, direct, way, more = (
            run.change(T_CELLS)
            for run in (
                mature, self._resting(MATURE_DENDRITIC, DONOR, has_antigen, state="immature"), self._resting(MATURE_DENDRITIC, DONOR, specific=False),
                self._resting(TUMOUR, "malignant cell"), self._resting(MATURE_DENDRITIC, DONOR, has_antigen, kinds=PURIFIED),
                self._resting(MATURE_DENDRITIC, DONOR, has_antigen, only_in=("dendritic_cell",)), self._resting(MATURE_DENDRITIC, DONOR, has_antigen, gain=GAIN),
            )
        )  # fmt: skip
        polyclonal = [self._run(Culture(kinds=KINDS, cargo=MATURE_DENDRITIC, donor=DONOR, stimuli=("CD3",), imposed=False, gain=gain)) for gain in (COUNTED, GAIN)]
        driven = "; ".join(f"{_words(run.change(T_CELLS))} at {gain:g} times the counted delivery" for run, gain in zip(polyclonal, (COUNTED, GAIN), strict=True))
        sign = "yes" if np.median(immature) < 0 else "no, the size"
        ways = f"over dendritic cells alone {_words(way)}; purified T cells, met by the vesicles themselves {_words(direct)}"
        return [
            above(f"specific T cells, 300 vesicles of mature dendritic cells per cell: draws in which they are more active {_words(with_it)}", _share(with_it), MOST),
            below(f"the same without the peptide: largest change of the draws {_words(without)}", float(np.max(np.abs(without))), NEGLIGIBLE),
            above(f"draws in which those vesicles stimulate what tumour vesicles hold back {_words(tumour)}", float(np.mean((with_it > 0) & (tumour < 0))), MOST),
            above(f"draws in which mature donors stimulate more than immature ones {_words(immature)}", _share(with_it - immature), MOST),
            Check("does maturity of the donor turn the sign?", f"{sign}: what turns it is the peptide, and PD-L1 and Fas ligand that are not there", "said", True),
            Check("the way", f"{ways}; at a hundred times the delivery {_words(more)}", "said; Thery2002: naive T cells need the dendritic cell", True),
            Check("signals by count in resting T cells", _signals(mature), "said: signal 1 is within reach of counted vesicles, signal 2 by CD86 is not", True),
            Check("the same in T cells under anti-CD3", _signals(polyclonal[0]), "said", True),
            Check("T cells under anti-CD3 that do not recognise the peptide", driven, "said: CD86 goes to CD28 and CTLA4; the sign is open", True),
        ]


def _signals(run: Run) -> str:
    """Median engaged receptors, signal, and vesicles for half of it."""
    names = [name.split(":")[1] for name in run.treated if name.startswith("signal:") and name.endswith(":t_cell")]
    middle = {(what, name): float(np.median(run.treated[f"{what}:{name}:t_cell"])) for name in names for what in ("engaged", "signal", "half_held")}
    return "; ".join(
        f"{name}: {middle['engaged', name]:.2g} engaged, signal {middle['signal', name]:.2g}, half takes {middle['half_held', name]:.2g} vesicles per cell" for name in names
    )


def _share(change: np.ndarray) -> float:
    """Share of draws in which something rises."""
    return float(np.mean(change > 0))


def _words(change: np.ndarray) -> str:
    low, middle, high = interval(change)
    return f"({middle:+.2g}, {low:+.2g} to {high:+.2g})"
