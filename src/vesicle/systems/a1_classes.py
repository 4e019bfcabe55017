"""A1: the class of a vesicle by size, origin and markers, with the overlap of sizes said."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.products.identity import SURE, classify, sizes
from vesicle.systems.base import Check, Experiment, above, between

TYPICAL, LARGE, HUGE = 70.0, 700.0, 3000.0  # nm
TETRASPANINS = {"CD63": True, "CD81": True, "CD9": True}


class Classes(Experiment):
    """Three vesicles that everybody would call alike, and one known by its size alone."""

    system = "A1"
    asks = "Do size, origin and markers together tell the class, and is size alone said not to?"
    takes_away = "origin and markers: only the size is known"
    used = ("C-0001", "C-0002", "C-0003", "C-0125", "C-0158", "C-0405", "C-0406", "C-0407")
    predicts = ("C-0404",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Chances, calls and warnings."""
        known = not knocked_out
        small = classify(library, TYPICAL, "endosome" if known else "", TETRASPANINS if known else {})
        middle = classify(library, LARGE, "plasma membrane" if known else "")
        large = classify(library, HUGE, "dying cell" if known else "")
        alone = classify(library, TYPICAL)
        return [
            above("70 nm from endosomes with CD9, CD63, CD81: chance of exosome", small.chances["exosome"], SURE),
            above("700 nm from the plasma membrane: chance of ectosome", middle.chances["ectosome"], SURE),
            above("3000 nm from a dying cell: chance of apoptotic body", large.chances["apoptotic_body"], SURE),
            Check("70 nm, nothing else known: call", alone.call, "undetermined", alone.call == "undetermined"),
            _said("70 nm, nothing else known: warning", alone.warnings, "size overlaps"),
            between("printed sizes of exosomes, kept apart", len(sizes(library, "exosome")), 3, 3),
            _said("155 nm: sources disagree", classify(library, 155.0).warnings, "sources disagree"),
        ]


def _said(what: str, warnings: tuple[str, ...], words: str) -> Check:
    return Check(what, "; ".join(warnings) or "nothing", f"says '{words}'", any(words in warning for warning in warnings))
