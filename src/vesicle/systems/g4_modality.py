"""G4: cells or their vesicles for a stated need, with the row and the citation that decide, and whether that citation carries it."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.products.loading import FEASIBLE, REFUSED, Attempt, feasibility
from vesicle.products.modality import EITHER, VESICLES, Choice, choose, needs
from vesicle.systems.base import Check, Experiment, below

PEMETREXED, NUCLEIC, ALLOGENEIC, SCALE = "carry a drug that MSC do not take up", "carry a nucleic acid", "use an allogeneic donor", "be made at large scale"
MSC = "mesenchymal stem cell"


class Modality(Experiment):
    """Every need of the table, the four that decide something, and the caps of loading as a second opinion."""

    system = "G4"
    asks = "For a stated need, are cells or their vesicles chosen with the row and citation that decide, and does that citation carry the choice?"
    takes_away = "the claims on vesicles: those on cells stand for both"
    used = ("C-0032", "C-0422", "C-0423", "C-0424", "C-0425", "C-0428", "C-0433")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The choices, their citations, and what the loading module says of the same drugs."""
        choices = {need: choose(library, need, alike=knocked_out) for need in needs()}
        against = ", ".join(f"{need}: {', '.join(c.against)}" for need, c in choices.items() if c.against) or "none"
        supported = [need for need, c in choices.items() if c.supported]
        return [
            *(_decided(choices[need], VESICLES) for need in (PEMETREXED, NUCLEIC, ALLOGENEIC, SCALE)),
            *(Check(need, _line(c), "told, with row and claims", True) for need, c in choices.items() if c.modality == EITHER),
            below("needs whose choice both cited works carry, share: the table is weaker than it reads", len(supported) / len(choices), 0.6),
            Check("which", "; ".join(supported) or "none", "told, not judged", True),
            Check("claims of the same review against a choice", against, "C-0051 at the scale", choices[SCALE].against == ("C-0051",)),
            *_loaded(library),
        ]  # fmt: skip


def _decided(choice: Choice, expected: str) -> Check:
    return Check(f"{choice.need}: chosen", _line(choice), expected, choice.modality == expected)


def _line(c: Choice) -> str:
    carried = "both carried by what is cited" if c.supported else f"cells {c.cells.mismatch_kind}, vesicles {c.vesicles.mismatch_kind}"
    return f"{c.modality} by {c.row} ({c.cells.id}, {c.vesicles.id}; {', '.join(c.references)}; {carried})"


def _loaded(library: Library) -> list[Check]:
    """Pemetrexed and paclitaxel by way of the donor: refused where MSC do not take the drug up; and the cargo that a dose of cells could bring."""
    outcomes = {drug: feasibility(library, Attempt(drug, "small_molecule", MSC, "donor preloading")).outcome for drug in ("pemetrexed", "paclitaxel")}
    per_cell = match(library, "ev_inventory_per_cell", {"product": "exosome"}).records[0]
    return [
        Check("pemetrexed by way of the donor", outcomes["pemetrexed"], REFUSED, outcomes["pemetrexed"] == REFUSED),
        Check("paclitaxel by way of the donor", outcomes["paclitaxel"], FEASIBLE, outcomes["paclitaxel"] == FEASIBLE),
        Check(f"vesicles that one cell holds ({per_cell.id}): what a dose of vesicles costs in cells", per_cell.value, "told, not judged", True),
    ]
