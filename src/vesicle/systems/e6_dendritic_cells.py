"""E6: stem-cell vesicles on dendritic cells, row by row of Table 2 (:mod:`vesicle.systems.immune_panel`)."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.systems.base import Check, Experiment
from vesicle.systems.immune_panel import claims_of, panel_checks


class DendriticCells(Experiment):
    """Rows of Table 2 about dendritic cells, each predicted without its own source."""

    system = "E6"
    asks = "What do stem-cell vesicles do to dendritic cells?"
    takes_away = "what the vesicles bring"
    predicts = claims_of("E6")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The rows."""
        return panel_checks(self.system, library, knocked_out)
