"""E3: stem-cell vesicles on T cells, regulatory and helper cells; purified against a mixture, and the way over monocytes and dendritic cells."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vesicle.evidence.library import Library
from vesicle.mechanisms.immune.kinds import LUMEN
from vesicle.model.immunity import BLOOD, PURIFIED, STEM_CELL, Cargo, Culture
from vesicle.systems.base import Check, Experiment, told
from vesicle.systems.immune_panel import SHARED, claims_of, interval, panel_checks, relative, words

T_CELLS, MOST, MOVED = "T_cell_activity:t_cell", 0.9, 1e-3
OTHERS = ("monocyte", "dendritic_cell")
SAME = 1e-9
FORCED, NAMED, FEW = 100.0, 4, 20


class TCells(Experiment):
    """Rows of Table 2 about T cells are judged; the same T cells purified, in a mixture, and in a mixture in which vesicles act on monocytes and dendritic cells alone are told."""

    system = "E3"
    asks = "What do stem-cell vesicles do to T, Treg and helper cells, does a mixture differ from purified T cells, and is there a way over monocytes and dendritic cells?"
    takes_away = "what the vesicles bring"
    used = ("C-0675",)
    predicts = claims_of("E3")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The rows, then purified against mixed."""
        cargo = {} if knocked_out else STEM_CELL
        mixed, alone, around = (
            SHARED.run(culture, library)
            for culture in (Culture(kinds=BLOOD, cargo=cargo), Culture(kinds=PURIFIED, cargo=cargo), Culture(kinds=BLOOD, cargo=cargo, only_in=OTHERS if cargo else ()))
        )  # fmt: skip
        in_mixture, purified, indirect = (run.change(T_CELLS) for run in (mixed, alone, around))
        took = {name: float(np.median(mixed.treated[f"held:{name}"])) for name in ("t_cell", "monocyte")}
        shown = "; ".join(f"{name} {words(change)}" for name, change in (
            ("in a mixture", in_mixture), ("purified", purified), ("in a mixture, by way of monocytes and dendritic cells alone", indirect),
        ))  # fmt: skip
        return [
            *panel_checks(self.system, library, knocked_out),
            told("change of T cells", shown, "told, not judged; X72 found none in purified ones"),
            told("T cells in a mixture against purified ones", words(relative(in_mixture, purified))),
            told("share of the change in a mixture that comes by way of monocytes and dendritic cells", _share(indirect, in_mixture)),
            told("sign of that way", f"more active in {np.mean(indirect > SAME):.0%}, less in {np.mean(indirect < -SAME):.0%} of draws"),
            told(
                "does it explain that PBMC are held back and purified T cells are not?",
                _contradiction(in_mixture, purified),
                "told, not judged; the sources have it the other way round",
            ),
            told(f"what changes purified T cells, one cargo at a time at {FORCED:g} times the counted delivery", _by_cargo(library, cargo)),
            told("vesicles per monocyte over those per T cell beside it", took["monocyte"] / took["t_cell"], "told, not judged; uptake is put in"),
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


def _by_cargo(library: Library, carried: Mapping[str, Cargo]) -> str:
    """The strongest cargoes on purified T cells, each alone, of those outside: what is in the lumen hardly arrives."""
    outside = {name: cargo for name, cargo in carried.items() if cargo.place != LUMEN}
    runs = {name: SHARED.run(Culture(kinds=PURIFIED, cargo={name: cargo}, imposed=False, gain=FORCED), library, FEW) for name, cargo in outside.items()}
    changes = {name: interval(run.change(T_CELLS)) for name, run in runs.items() if T_CELLS in run.rest}
    first = sorted(changes, key=lambda name: -abs(changes[name][1]))[:NAMED]
    return "; ".join(f"{name} {changes[name][1]:+.2g} ({changes[name][0]:+.2g} to {changes[name][2]:+.2g})" for name in first) or "nothing is brought"
