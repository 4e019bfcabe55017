"""E3: stem-cell vesicles on T cells, regulatory and helper cells; purified against a mixture, and the way over monocytes and dendritic cells."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import BLOOD, PURIFIED, Culture
from vesicle.systems.base import Check, Experiment, above, between
from vesicle.systems.immune_panel import DRAWS, SHARED, interval, panel_checks

T_CELLS, MOST, MOVED = "T_cell_activity:t_cell", 0.9, 1e-3
OTHERS = ("monocyte", "dendritic_cell")
SAME = 1e-9


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
            above("vesicles per monocyte over those per T cell beside it", took["monocyte"] / took["t_cell"], 1),
            above("draws in which T cells in a mixture differ from purified ones", float(np.mean(np.abs(in_mixture - purified) > MOVED)), MOST),
            above("draws in which T cells change though vesicles act on monocytes and dendritic cells alone", float(np.mean(np.abs(indirect) > SAME)), MOST),
            between("purified T cells have no such way", float("t_cell" in OTHERS), 0, 0),
        ]
