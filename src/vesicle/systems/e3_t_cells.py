"""E3: stem-cell vesicles on T cells, regulatory and helper cells; purified against a mixture, and the way over monocytes and dendritic cells."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import BLOOD, PURIFIED, STEM_CELL, Culture
from vesicle.systems.base import Check, Experiment, above, between
from vesicle.systems.immune_panel import DRAWS, SHARED, interval, panel_checks

T_CELLS, MOST, MOVED = "T_cell_activity:t_cell", 0.9, 1e-3
OTHERS = ("monocyte", "dendritic_cell")
SAME = 1e-9
FORCED, NAMED = 100.0, 4


class TCells(Experiment):
    """Rows of Table 2 about T cells; the same T cells purified, in a mixture, and in a mixture in which vesicles act on monocytes and dendritic cells alone."""

    system = "E3"
    asks = "What do stem-cell vesicles do to T, Treg and helper cells, does a mixture differ from purified T cells, and is there a way over monocytes and dendritic cells?"
    takes_away = "what the vesicles bring"
    used = ("C-0675",)
    predicts = ("C-0678", "C-0636", "C-0637", "C-0638", "C-0639", "C-0640", "C-0641", "C-0642", "C-0647", "C-0668", "C-0671", "C-0672")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The rows, then purified against mixed."""
        mixed, alone, around = (
            SHARED.run(culture, library) for culture in (Culture(kinds=BLOOD), Culture(kinds=PURIFIED), Culture(kinds=BLOOD, only_in=OTHERS))
        )  # fmt: skip
        silent = np.zeros(DRAWS) if knocked_out else None
        in_mixture, purified, indirect = (run.change(T_CELLS) if silent is None else silent for run in (mixed, alone, around))
        took = {name: float(np.median(mixed.treated[f"held:{name}"])) for name in ("t_cell", "monocyte")}
        words = "; ".join(f"{name} {interval(change)[1]:.3g} ({interval(change)[0]:.3g} to {interval(change)[2]:.3g})" for name, change in (
            ("in a mixture", in_mixture), ("purified", purified), ("in a mixture, by way of monocytes and dendritic cells alone", indirect),
        ))  # fmt: skip
        return [
            *panel_checks(self.system, library, knocked_out),
            Check("change of T cells", words, "said; X72 found none in purified ones", True),
            Check(
                "share of the change in a mixture that comes by way of monocytes and dendritic cells",
                _share(indirect, in_mixture),
                "said: over draws in which both have a size",
                True,
            ),
            Check("sign of that way", f"more active in {np.mean(indirect > SAME):.0%}, less in {np.mean(indirect < -SAME):.0%} of draws", "said", True),
            Check(
                "does it explain that PBMC are held back and purified T cells are not?", _contradiction(in_mixture, purified), "said: the sources have it the other way round", True
            ),
            Check(f"what changes purified T cells, one cargo at a time at {FORCED:g} times the counted delivery", _by_cargo(library, knocked_out), "said", True),
            above("vesicles per monocyte over those per T cell beside it", took["monocyte"] / took["t_cell"], 1),
            above("draws in which T cells in a mixture differ from purified ones", float(np.mean(np.abs(in_mixture - purified) > MOVED)), MOST),
            above("draws in which T cells change though vesicles act on monocytes and dendritic cells alone", float(np.mean(np.abs(indirect) > SAME)), MOST),
            between("purified T cells have no such way", float("t_cell" in OTHERS), 0, 0),
        ]


def _share(indirect: np.ndarray, whole: np.ndarray) -> str:
    """Share of a change that another explains, over draws in which there is any."""
    sized = np.abs(whole) > MOVED
    if not sized.any():
        return "there is no change"
    low, middle, high = interval(indirect[sized] / whole[sized])
    return f"{middle:.2g} ({low:.2g} to {high:.2g}) in {np.mean(sized):.0%} of draws"


def _contradiction(mixture: np.ndarray, purified: np.ndarray) -> str:
    """Whether a mixture is held back more than purified cells."""
    more = float(np.mean(mixture < purified - SAME))
    return f"{'yes' if more > MOST else 'no'}: the mixture is held back more in {more:.0%} of draws, by {interval(mixture - purified)[1]:+.2g} at the median"


def _by_cargo(library: Library, silent: bool) -> str:
    """The strongest cargoes on purified T cells, each alone, and their vesicles per cell."""
    if silent:
        return "nothing is brought"
    runs = {name: SHARED.run(Culture(kinds=PURIFIED, cargo={name: cargo}, imposed=False, gain=FORCED), library, DRAWS) for name, cargo in STEM_CELL.items()}
    changes = {name: interval(run.change(T_CELLS)) for name, run in runs.items() if T_CELLS in run.rest}
    first = sorted(changes, key=lambda name: -abs(changes[name][1]))[:NAMED]
    return "; ".join(f"{name} {changes[name][1]:+.2g} ({changes[name][0]:+.2g} to {changes[name][2]:+.2g})" for name in first)
