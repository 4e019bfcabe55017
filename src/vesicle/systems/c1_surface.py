"""C1: a bound vesicle signals without entering, and a vesicle binds an antibody without any cell."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.well_runs import Wells

WELL = "surface-well"
SIGNAL = "surface_signal:ligand_exosome"
EXACT = 1e-6
UNTOUCHED = 0.05
"""A difference below this counts as none: blocked acidification changes binding only by the vesicles that recycle."""


class SurfaceChannel(Experiment):
    """Fas ligand exosomes on cells under five conditions; CD20 exosomes and rituximab with no cell."""

    system = "C1"
    asks = "Does a surface signal need binding and nothing else, and do vesicles hold an antibody with no recipient there?"
    takes_away = "the ligand: the same vesicles with no copy of it"
    used = ("C-0199", "C-0200")
    predicts = ("C-0016", "C-0187")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Signals against the plain arm, what goes into the cytosol meanwhile, and the antibody bound."""
        products = ("ligand_exosome", "protease_exosome", "cd20_exosome")
        changes = {f"products.{name}.ligand.copies": "0 copy/EV" for name in products} if knocked_out else {}
        wells = Wells(WELL, library, changes)
        plain = wells.end("ligand", SIGNAL)
        none = wells.count("ligand_no_uptake", "internalised") / wells.count("ligand", "internalised")

        def over(arm: str) -> float:
            return wells.end(arm, SIGNAL) / plain if plain else 0.0

        cold = wells.count("ligand_cold", "internalised") / wells.count("ligand", "internalised")
        return [
            above("surface signal after a day, share of the full one", plain, 0),
            below("the same vesicles without the ligand", wells.end("bare", "surface_signal:bare_exosome"), EXACT),
            between("signal with acidification blocked over plain", over("ligand_no_acid"), 1 - UNTOUCHED, 1 + UNTOUCHED),
            below("vesicles released meanwhile over plain", wells.count("ligand_no_acid", "released") / wells.count("ligand", "released"), 1 / 2),
            above("signal with endocytic routes inhibited over plain", over("ligand_no_uptake"), 1),
            below("vesicles internalised meanwhile over plain", none, 1),
            above("signal at 4 C over plain", over("ligand_cold"), 1),
            below("vesicles internalised at 4 C over plain", cold, match(library, "membrane_traffic_residual_at_4c", {}).records[0].range()[1] * 2),
            below("signal after a protease over plain", wells.end("protease", "surface_signal:protease_exosome") / plain if plain else 1.0, 1),
            *self._decoy(wells, library, changes),
        ]

    def _decoy(self, wells: Wells, library: Library, changes: dict[str, str]) -> list[Check]:
        bound, half = wells.end("decoy", "antibody_bound:cd20_exosome"), wells.end("decoy", "vesicles_for_half:cd20_exosome")
        recovery = match(library, "handling_recovery", {"product": "exosome"}).records[0].value
        at_half = Wells(WELL, library, {**changes, "arms.decoy.doses.0.amount": f"{half / recovery!r} EV"})
        return [
            above("rituximab bound by vesicles with CD20, no cell there, share", bound, 0),
            between("share bound by the printed number for half", at_half.end("decoy", "antibody_bound:cd20_exosome"), 0.5 - UNTOUCHED, 0.5 + UNTOUCHED),
            below("vesicles internalised meanwhile", wells.count("decoy", "internalised"), EXACT),
        ]
