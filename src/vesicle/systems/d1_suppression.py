"""D1: what vesicles' miRNAs take from tumour growth, asked claim by claim without the claim's own source, and what a tumour makes of it."""

from __future__ import annotations

import math

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.three_states import Tumour, assemble_tumour
from vesicle.prediction.ensemble import levels, silenced
from vesicle.systems.base import Check, Experiment, above, below, told
from vesicle.systems.given_networks import Followed
from vesicle.systems.queries import Answer, ask, questions, score

CARGO, CELL = "hsa-miR-302b-3p", "lung cancer cell"
FOLLOWED = ("proliferation", "apoptosis")
COPIES = (0.0, 1e2, 1e3, 1e4, 1e5)
MONTH = 720.0
DRAWS = 100
EXACT = 1e-9
SEEN = 0.05
"""A difference below this share counts as none."""


class Suppression(Experiment):
    """Every claim of growth suppression with a named miRNA, and one of them as a dose response of a tumour."""

    system = "D1"
    asks = "Does the signed network, without a claim's own source, name the phenotype that the claim reports, and does a tumour shrink with the copies delivered?"
    takes_away = "the cargo: no target is held"
    used = ()
    predicts = ("C-0059", "C-0067", "C-0068", "C-0070", "C-0071", "C-0266", "C-0268", "C-0296", "C-0313", "C-0320", "C-0499", "C-0506", "C-0507")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Calls against reports, chains, dose response, null."""
        copies = 0.0 if knocked_out else math.inf
        answers = [ask(library, *question, copies=copies) for question in questions(library, self.system)]
        return [*_called(answers), *_dose_response(library, knocked_out)]


def _called(answers: list[Answer]) -> list[Check]:
    right, wrong, silent = score(answers)
    called = [a for a in answers if a.called]
    return [
        above(f"signs called as reported, of {len(answers)} asked ({wrong} called the other way, {silent} not called), less those called the other way", float(right - wrong), 0),
        told("always saying that vesicles suppress would be right in", f"{len(answers)} of {len(answers)}: this list alone cannot tell a network from a habit; see D2"),
        below("called signs without a chain of signed edges", float(sum(a.chain is None for a in called)), 1),
        told("called signs whose whole chain is cited", f"{sum(a.chain is not None and all(e.pmids for e in a.chain.edges) for a in called)} of {len(called)}"),
        *(told("wrong call", a.words) for a in called if not a.is_right),
    ]  # fmt: skip


def _dose_response(library: Library, knocked_out: bool) -> list[Check]:
    """Volume of a tumour after a month at copies in AGO per cell, over one without; medians of levels over draws."""
    tumour = Followed(assemble_tumour(Tumour(dormant=None, levels=dict.fromkeys(FOLLOWED, 1.0)), library), MONTH)
    volumes = []
    for copies in COPIES:
        found = levels(library, silenced(library, (CARGO,), FOLLOWED, CELL, 0.0 if knocked_out else copies, samples=DRAWS), FOLLOWED, CELL, samples=DRAWS)
        held = {f"given_level__{node}": found.quantiles(node)[1] if copies else 1.0 for node in FOLLOWED}
        volumes.append(float(tumour.run(**held).amount("tumour_volume")[-1]))
    ratio = np.array(volumes) / volumes[0]
    without = levels(library, silenced(library, (CARGO,), FOLLOWED, CELL, 0.0, samples=DRAWS), FOLLOWED, CELL, samples=DRAWS)
    moved = max(float(np.nanmax(np.abs(without.draws(node) - 1))) for node in FOLLOWED)
    shown = ", ".join(f"{copies:g}: {r:.3g}" for copies, r in zip(COPIES, ratio, strict=True))
    return [
        below(f"volume after a month with the most copies of {CARGO} in AGO of each {CELL}, over none ({shown})", float(ratio[-1]), 1 - SEEN),
        below("largest rise of that ratio from one dose to the next", float(np.max(np.diff(ratio))), EXACT),
        below("change of any level without cargo, any draw", moved, EXACT),
    ]
