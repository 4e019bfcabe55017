"""B5: vesicles mirror their parent and are selective at once; what a knock-out leaves differs in composition."""

from __future__ import annotations

import math
import statistics

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.loading import WAYS
from vesicle.model.donor import Donor
from vesicle.model.donor_profile import COMPUTED, STATED, UNKNOWN, Loaded, donor_composition, profile
from vesicle.products.cargo import Cargo, MicroRNA, Protein
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import DonorRun, follow

SAME = 1e-6
MIRRORS = 0.8  # rank correlation
SELECTIVE = 1.5  # largest enrichment over smallest
MOVED = 0.05  # a difference below 5 per cent counts as none
TENFOLD = 10.0
STEM = "mesenchymal stem cell"
RNA, UBIQUITINATED, TETRASPANIN = MicroRNA("hsa-miR-21-5p"), Protein("EGFR", is_in_membrane=True, ubiquitinated=0.5), Protein("CD63", is_in_membrane=True, binds_tetraspanin=True)
FOLLOWED: tuple[Cargo, ...] = (RNA, UBIQUITINATED, TETRASPANIN)


class DonorComposition(Experiment):
    """Every miRNA with a measured share of the cell, three molecules through three knock-outs, and a composition with overrides."""

    system = "B5"
    asks = "Do vesicles follow the profile of their donor and still select, and does a lost route leave other vesicles than a lost fusion?"
    takes_away = "every way of sorting: vesicles are droplets of cytosol"
    used = ("C-0014", "C-0441", "C-0436")
    predicts = ("C-0413", "C-0456", "C-0443")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Mirroring, selection, knock-outs, defaults and overrides."""
        self.library, self.off = library, dict.fromkeys(WAYS, 0.0) if knocked_out else {}
        return [*self._mirror(), *self._lost_routes(), *self._defaults()]

    def _mirror(self) -> list[Check]:
        every = tuple(MicroRNA(name) for name in dict.fromkeys(m.label for m in self.library.of("mirna_share_of_cell")))
        loaded = list(profile(Donor(cargo=every, ways=self.off), self.library).values())
        one, more = (profile(Donor(cargo=(RNA,), ways=self.off, engineering=e), self.library)[RNA.name] for e in ({}, {RNA.name: TENFOLD}))
        enriched, content = [item.enrichment or 0.0 for item in loaded], [item.per_cell or 0.0 for item in loaded]
        cd63 = profile(Donor(cargo=(TETRASPANIN,), ways=self.off), self.library)["CD63"]
        spread = self.library.of("mirna_enrichment_log_sd")[0]
        measured = match(self.library, "tetraspanin_copies_per_ev", {"product": "exosome"}).records[0]
        return [
            above(f"rank correlation of vesicle and cell over {len(loaded)} miRNAs", rank_correlation([x.per_vesicle for x in loaded], content), MIRRORS),
            above("largest enrichment of a miRNA over the smallest", max(enriched) / min(enriched), SELECTIVE),
            above("rank correlation of the enrichments with the cell, away from one", 1 - _follows(loaded), MOVED),
            below(
                f"SD of log10 enrichment against that of sequenced vesicles ({spread.value:g}, {spread.id}): the rest of the selection is unexplained",
                _spread(enriched),
                spread.value,
            ),
            between("ten times more of a miRNA in the cell: per vesicle over before", more.per_vesicle / one.per_vesicle, TENFOLD * (1 - MOVED), TENFOLD * (1 + MOVED)),
            between(f"CD63 per vesicle at a median protein's content, against {measured.id} (not used)", cd63.per_vesicle, *measured.range()),
        ]

    def _lost_routes(self) -> list[Check]:
        """Copies per vesicle of the population after a knock-out over before."""
        rest = self._run()
        without = self._run({"escrt_0": 0.0})
        ceramide, escrt = self._over(self._run({"SMPD3": 0.0}), rest), self._over(without, rest)
        kept = float(without.in_cell(UBIQUITINATED)[-1] / rest.in_cell(UBIQUITINATED)[-1])
        fusion = self._over(self._run({}, "RAB27A knock-down"), rest)
        return [
            below("without SMPD3: miRNA per vesicle over before", ceramide[RNA.name], 1 - MOVED),
            above("without SMPD3: tetraspanin partner per vesicle over before", ceramide[TETRASPANIN.name], 1 + MOVED),
            below("without ESCRT-0: ubiquitinated protein per vesicle over that of the cell, over before", escrt[UBIQUITINATED.name] / kept, 1 - MOVED),
            above("without ESCRT-0: the same protein in the cell over before (it is no longer exported)", kept, 1 + MOVED),
            below("RAB27A knock-down: largest change of any copies per vesicle", max(abs(fold - 1) for fold in fusion.values()), MOVED),
            below("RAB27A knock-down: secretion over before", self._run({}, "RAB27A knock-down").secretion()[-1] / rest.secretion()[-1], 0.6),
        ]

    def _run(self, levels: dict[str, float] | None = None, *regulators: str) -> DonorRun:
        return follow(Donor(cargo=FOLLOWED, ways=self.off, levels=levels or {}, regulators=regulators), self.library)

    @staticmethod
    def _over(run: DonorRun, rest: DonorRun) -> dict[str, float]:
        return {cargo.name: run.carried(cargo) / rest.carried(cargo) for cargo in FOLLOWED}

    def _defaults(self) -> list[Check]:
        stem = {e.name: e for e in donor_composition(Donor(cell=STEM, cargo=(RNA,)), self.library, {"CD63": 5.0})}
        fat, bone = (profile(Donor(tissue=tissue, cargo=(RNA,)), self.library)[RNA.name].per_vesicle for tissue in ("adipocyte", "bone"))
        general = {e.name for e in donor_composition(Donor(), self.library)}
        return [
            above(f"{RNA.name} per vesicle of a donor from bone over one from fat, everything else the same", bone / fat, 1 + MOVED),
            above("molecules that a stem cell adds to those of exosomes in general", len(stem.keys() - general), 1),
            Check("CD63, stated", stem["CD63"].basis, STATED, stem["CD63"].basis == STATED and stem["CD63"].copies == 5.0),
            Check(f"{RNA.name}, followed", stem[RNA.name].basis, COMPUTED, stem[RNA.name].basis == COMPUTED),
            Check("CD44, named by claims only", f"{stem['CD44'].basis}, copies {stem['CD44'].copies}", UNKNOWN, stem["CD44"].basis == UNKNOWN and stem["CD44"].copies is None),
        ]


def rank_correlation(a: list[float], b: list[float]) -> float:
    """Spearman's, on values without ties."""
    from scipy.stats import spearmanr

    return float(spearmanr(a, b).statistic)


def _spread(enriched: list[float]) -> float:
    return statistics.pstdev(math.log10(x) for x in enriched)


def _follows(loaded: list[Loaded]) -> float:
    """How far the enrichment is only a matter of the content of the cell; 1 where all are enriched alike."""
    enriched = [item.enrichment or 0.0 for item in loaded]
    if max(enriched) / min(enriched) < 1 + SAME:
        return 1.0
    return abs(rank_correlation(enriched, [item.per_cell or 0.0 for item in loaded]))
