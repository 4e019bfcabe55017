"""E9: the same stem cells at rest, primed through TLR4, TLR3 or interferon gamma, or made to express IDO1."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import STEM_CELL, Culture
from vesicle.systems.base import Check, Experiment, above
from vesicle.systems.immune_panel import DRAWS, SHARED, interval

KINDS, T_CELLS, TREG = ("t_cell", "monocyte"), "T_cell_activity:t_cell", "Treg:t_cell"
MOST, SMALL = 0.9, 1e-9
PRIMED = ("TLR4", "TLR3", "interferon gamma", "engineered")


class Priming(Experiment):
    """What priming does to the cargo is an assumed input; what that does to T cells comes from the wiring."""

    system = "E9"
    asks = "Does priming of the donor alone, through its cargo, turn what its vesicles do to T cells?"
    takes_away = "the vesicles' cargo"
    used = ("C-0731",)
    predicts = ("C-0732", "C-0694", "C-0695", "C-0741")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """T cells under vesicles of donors in each state, against those of donors at rest, at the same delivery."""
        cargo = {} if knocked_out else STEM_CELL
        runs = {state: SHARED.run(Culture(kinds=KINDS, cargo=cargo, state=state), library, DRAWS) for state in ("", *PRIMED)}
        change = {state: run.change(T_CELLS) for state, run in runs.items()}
        treg = {state: run.change(TREG) for state, run in runs.items()}
        rest = change.pop("")
        words = "; ".join(f"{state} {interval(one)[1]:+.2g}" for state, one in {"at rest": rest, **change}.items())
        share = {state: float(np.mean((one - rest) * (1 if state == "TLR4" else -1) > SMALL)) for state, one in change.items()}
        return [
            Check("T cells under vesicles of donors", words, "said; the folds of cargo by state are assumed, the sum of what they do is not", True),
            *(above(f"draws in which T cells are {'less' if state == 'TLR4' else 'more'} held back than at rest: {state}", share[state], MOST) for state in PRIMED),
            Check(
                "does priming through TLR4 turn suppression into its opposite?",
                f"{'yes' if np.median(change['TLR4']) > 0 else 'no, it weakens it'}: {interval(change['TLR4'])[1]:+.2g} for {interval(rest)[1]:+.2g}", "said", True,
            ),
            Check("regulatory cells, engineered with IDO1 and at rest", f"{interval(treg['engineered'])[1]:+.2g} for {interval(treg[''])[1]:+.2g} (sources: more)", "said", True),
        ]  # fmt: skip
