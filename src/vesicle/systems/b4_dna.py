"""B4: DNA with vesicles has a form, a length, a place and a duration; mitochondrial genomes can wake dormant cells."""

from __future__ import annotations

import math

from vesicle.engines.base import Trajectory
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.site import Site
from vesicle.model.donor import Donor
from vesicle.model.dormant import CELLS, assemble_waking
from vesicle.network.expressions import symbol
from vesicle.products.dna import DNA, TRANSIENT, duration, fitting_share, left_after, length_of, located
from vesicle.products.location import LUMEN, treat
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import follow
from vesicle.systems.nominal import followed

WEEK, MONTH = 168.0, 720.0  # h
GENOMES = 1e3  # mitochondrial genomes freed per cell: nearly every cell establishes one
MOST, LITTLE = 0.5, 0.1
EXACT = 1e-6
MTDNA_CLAIM = "C-0493"


class VesicleDna(Experiment):
    """DNase, RNase and detergent on genomic DNA of a preparation; dormant cells with and without genomes from outside."""

    system = "B4"
    asks = "Does DNase take the outer DNA and not the luminal, does the effect pass, and do mitochondrial genomes wake cells that respire too little?"
    takes_away = "the nuclease (RNase in its place) and the mitochondrial genomes"
    used = ("C-0484", "C-0491", "C-0493")
    predicts = ("C-0486",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Treatments, duration, length against room, waking with the vesicles that it takes."""
        return [*self._treatments(library, "RNase" if knocked_out else "DNase"), *self._pieces(library), *self._waking(library, 0.0 if knocked_out else GENOMES)]

    @staticmethod
    def _treatments(library: Library, nuclease: str) -> list[Check]:
        inside, outside = (_left(library, nuclease, detergent=False, of=place) for place in ("inside", "outside"))
        opened = _left(library, nuclease, detergent=True, of="inside")
        return [
            below(f"outer genomic DNA after {nuclease}, share of before", outside, MOST),
            above(f"luminal genomic DNA after {nuclease}, share of before", inside, 1 - LITTLE),
            below(f"luminal genomic DNA after {nuclease} with detergent, share of before", opened, MOST),
            between("luminal genomic DNA after RNase with detergent, share of before", _left(library, "RNase", detergent=True, of="inside"), 1 - EXACT, 1 + EXACT),
        ]

    @staticmethod
    def _pieces(library: Library) -> list[Check]:
        """Duration, what fits, and the share of vesicles that carry a piece in a donor's run."""
        dna = DNA("KRAS G12D")
        run = follow(Donor(cargo=(dna,)), library)
        stays = match(library, "dna_integrated_share", {}).records[0].value
        length = length_of(library, dna)
        fits = fitting_share(library, length)
        return [
            Check("effect in the recipient", duration(library), TRANSIENT, duration(library) == TRANSIENT),
            below("DNA of a nucleus left after a week", left_after(library, WEEK), LITTLE),
            above("the same after a month against what is integrated", left_after(library, MONTH) / stays, 1),
            above(f"small vesicles that could hold {length:g} bp by the recorded room, against those that carry it", fits / run.carried(dna), 1),
            between("pieces per vesicle in vesicles of the three routes, smallest over largest", _evenness(run.carried(dna, r) for r in ("escrt", "ceramide", "tetraspanin")),
                    1 - EXACT, 1),
        ]  # fmt: skip

    @staticmethod
    def _waking(library: Library, genomes: float) -> list[Check]:
        """Cells awake after a month; how many vesicles it would take; the two readings of the donor."""
        woken, none = (_awake(library, freed) for freed in (genomes, 0.0))
        per_vesicle = match(library, "dna_carrying_share", {"label": "mitochondrial"}).records[0].value
        established = match(library, "mtdna_establishment_share", {}).records[0].value
        held = match(library, "ev_inventory_per_cell", {"product": "exosome"}).records[0].value
        needed = math.log(2) / established / per_vesicle
        claim = library.by_id[MTDNA_CLAIM]
        assert isinstance(claim, Claim)
        says = f"{MTDNA_CLAIM} names {claim.donor or 'no donor'}; the cited work: {'fibroblast' if 'fibroblast' in claim.as_supported else 'another'} ({claim.mismatch_kind})"
        return [
            above("dormant cells awake after a month with mitochondrial genomes, share", woken, MOST),
            below("the same without", none, EXACT),
            above("vesicles opened per cell for half of the cells to wake, over those that a cell holds: not carried by native vesicles", needed / held, 1),
            Check("donor of the mitochondrial DNA", says, "both readings kept", not claim.donor and "fibroblast" in claim.as_supported),
        ]


def _left(library: Library, nuclease: str, detergent: bool, of: str) -> float:
    """Share of the luminal or outer DNA that a treatment leaves anywhere."""
    site = Site(library, {})
    cargo = next(item for item in located(site, DNA("KRAS G12D")) if (item.place == LUMEN) == (of == "inside"))
    after = treat(site, (cargo,), nuclease, detergent)
    values = {symbol(p.id): p.value for p in site.parameters.values()}
    return float(sum(item.copies.xreplace(values) for item in after) / cargo.copies.xreplace(values))


def _evenness(numbers: object) -> float:
    found = [float(x) for x in numbers]  # type: ignore[attr-defined]
    return min(found) / max(found)


def _awake(library: Library, genomes: float) -> float:
    """Share of dormant cells awake after a month."""
    return float(waking(library, genomes, MONTH).amount("awake")[-1]) / CELLS


def waking(library: Library, genomes: float, hours: float) -> Trajectory:
    """Dormant cells followed in time.

    Raises
    ------
    SolverError
        If the engine fails.
    """
    return followed(assemble_waking(genomes, library), hours, hours / 60, "dormant cells")
