"""E4: stem-cell vesicles on NK cells, row by row of Table 2 (:mod:`vesicle.systems.immune_panel`)."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.systems.base import Check, Experiment
from vesicle.systems.immune_panel import claims_of, panel_checks


class NkCells(Experiment):
    """Rows of Table 2 about NK cells, each predicted without its own source."""

    system = "E4"
    asks = "What do stem-cell vesicles do to NK cells?"
    takes_away = "what the vesicles bring"
    predicts = claims_of("E4")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The rows."""
        return panel_checks(self.system, library, knocked_out)
