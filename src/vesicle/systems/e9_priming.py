"""E9: the same stem cells at rest, primed through TLR4, TLR3 or interferon gamma, or made to express IDO1."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.immunity import STEM_CELL, Culture
from vesicle.systems.base import Check, Experiment, told
from vesicle.systems.immune_panel import OPPOSITE, SHARED, interval, leaning, relative, says, sign_of, with_even_folds, without_sources, words

KINDS, T_CELLS, TREG = ("t_cell", "monocyte"), "T_cell_activity:t_cell", "Treg:t_cell"
TLR, PRIMED = ("TLR4",), ("TLR4", "TLR3", "interferon gamma", "engineered")
TURNS, LOWERED, REGULATORY = "C-0732", "C-0695", "C-0694"


class Priming(Experiment):
    """What priming through TLR does to the cargo is a guess that restates the claim; what the sum of it does to T cells comes from the wiring and is judged. Donors made to
    express IDO1 are predicted without their source.
    """

    system = "E9"
    asks = "Does priming of the donor alone, through its cargo, turn what its vesicles do to T cells?"
    takes_away = "the vesicles' cargo"
    used = ("C-0731", TURNS)
    predicts = (LOWERED, REGULATORY)
    told = ("C-0741",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """T cells under vesicles of donors in each state, against untreated and against those of donors at rest, at the same delivery."""
        self.cargo = {} if knocked_out else STEM_CELL
        change = self._changes(library, ("", *PRIMED))
        against = _against(change)
        apart = _against(self._changes(without_sources(library, (LOWERED, REGULATORY)), ("", PRIMED[-1])))
        untold, even = (_against({"": change[""], **self._changes(one, states)}) for one, states in ((without_sources(library, (TURNS,)), TLR), (with_even_folds(library), PRIMED)))
        levels = "; ".join(f"{state or 'at rest'} {interval(one[T_CELLS])[1]:+.2g}" for state, one in change.items())
        return [
            says("priming through TLR4 turns the outcome: T cells, against untreated", change["TLR4"][T_CELLS], OPPOSITE[sign_of(library, TURNS, "immune_suppression")]),
            says("T cells under vesicles of donors made to express IDO1, against donors at rest", apart["engineered"][T_CELLS], sign_of(library, LOWERED, "T_cell_activity")),
            says("regulatory cells under vesicles of donors made to express IDO1, against donors at rest", apart["engineered"][TREG], sign_of(library, REGULATORY, "Treg")),
            told("T cells under vesicles of donors, median change", levels),
            told("the same against donors at rest; the folds of TLR4 and TLR3 restate what is asked", _said(against)),
            told("leanings that are left when every fold is 1 (0.1 to 10)", _left(against, even)),
            told("the same through TLR4 without the source of its folds (interleukin 6 is left)", _said(untold)),
            told("regulatory cells, interferon gamma (C-0741: more, with TGF-beta besides)", words(against["interferon gamma"][TREG])),
        ]

    def _changes(self, library: Library, states: tuple[str, ...]) -> dict[str, dict[str, np.ndarray]]:
        """State of the donor -> what is read -> (draws,) change; empty vesicles are the same in every state."""
        runs = {state: SHARED.run(Culture(kinds=KINDS, cargo=self.cargo, state=state if self.cargo else ""), library) for state in states}
        return {state: {name: run.change(name) for name in (T_CELLS, TREG)} for state, run in runs.items()}


def _against(change: Mapping[str, Mapping[str, np.ndarray]]) -> dict[str, dict[str, np.ndarray]]:
    """The same against donors at rest."""
    return {state: {name: relative(value, change[""][name]) for name, value in one.items()} for state, one in change.items() if state}


def _said(against: Mapping[str, Mapping[str, np.ndarray]]) -> str:
    return "; ".join(f"{state}: {words(one[T_CELLS])}" for state, one in against.items())


def _left(against: Mapping[str, Mapping[str, np.ndarray]], even: Mapping[str, Mapping[str, np.ndarray]]) -> str:
    """How many leanings of T cells are the same with folds that know no direction."""
    signs = [(leaning(against[state][T_CELLS]), leaning(even[state][T_CELLS])) for state in against]
    return f"{sum(bool(one) and one == other for one, other in signs)} of {sum(bool(one) for one, _ in signs)}"
