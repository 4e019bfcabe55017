"""B1: what a panel of markers says about vesicle and donor."""

from __future__ import annotations

from dataclasses import replace

from vesicle.evidence.claim import names
from vesicle.evidence.library import Library
from vesicle.products.identity import IDENTITY, SURE, classify, donor_of
from vesicle.systems.base import Check, Experiment, above, below

GENERAL = {"CD9": True, "CD63": True, "CD81": True, "TSG101": True, "PDCD6IP": True}
STEM = {**GENERAL, "NT5E": True, "CD44": True, "THY1": True}
DENDRITIC = {**GENERAL, "CD86": True, "ICAM1": True}
NONE = dict.fromkeys(GENERAL, False)
MIXED = {**GENERAL, "CD63": False, "NT5E": True, "THY1": False, "CD44": True}


class Identity(Experiment):
    """Panels of a stem cell, a dendritic cell, of nothing, and one that contradicts itself."""

    system = "B1"
    asks = "Does a panel of markers tell exosome or not, and the likely donor, with what contradicts?"
    takes_away = "the claims on identity markers"
    used = ("C-0012", "C-0133", "C-0453", "C-0455", "C-0466", "C-0467", "C-0615")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Chances of class and donor."""
        if knocked_out:
            library = replace(library, claims=tuple(c for c in library.claims if IDENTITY not in names(c.system)))
        stem, dendritic, mixed = donor_of(library, STEM), donor_of(library, DENDRITIC), donor_of(library, MIXED)
        return [
            above("five exosome markers: chance of exosome", classify(library, markers=GENERAL).chances["exosome"], SURE),
            below("none of the five: chance of exosome", classify(library, markers=NONE).chances["exosome"], 1 - SURE),
            above("with CD73, CD44, CD90: chance of a mesenchymal stem cell", stem.chances["mesenchymal stem cell"], SURE),
            above("with CD86, ICAM1: chance of a mature dendritic cell over the next", _odds(dendritic.chances, "mature dendritic cell"), 1),
            Check("contradictory panel: call", mixed.call, "undetermined", mixed.call == "undetermined"),
            Check("contradictory panel: warnings", "; ".join(mixed.warnings) or "nothing", "names what is missing", any("THY1" in w for w in mixed.warnings)),
            Check("contradictory panel as vesicle: warnings", "; ".join(classify(library, markers=MIXED).warnings) or "nothing", "names CD63",
                  any("CD63" in w for w in classify(library, markers=MIXED).warnings)),
        ]  # fmt: skip


def _odds(chances: object, name: str) -> float:
    found = dict(chances)  # type: ignore[call-overload]
    return float(found.pop(name) / max(found.values()))
