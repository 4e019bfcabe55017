"""E5: stem-cell vesicles on B cells and regulatory B cells, row by row of Table 2 (:mod:`vesicle.systems.immune_panel`)."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.systems.base import Check, Experiment
from vesicle.systems.immune_panel import claims_of, panel_checks


class BCells(Experiment):
    """Rows of Table 2 about B cells and regulatory B cells, each predicted without its own source."""

    system = "E5"
    asks = "What do stem-cell vesicles do to B cells, and is nothing said of regulatory B cells where the cited work denies it?"
    takes_away = "what the vesicles bring"
    predicts = claims_of("E5")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The rows."""
        return panel_checks(self.system, library, knocked_out)
