"""B3: RNA enters vesicles by selection: four ways that can be switched, a zip-code, and copies that are conserved."""

from __future__ import annotations

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.making.sorting import MIRNA_WAYS
from vesicle.model.donor import Donor
from vesicle.model.donor_profile import Loaded, profile
from vesicle.products.cargo import Cargo, MessengerRNA, MicroRNA
from vesicle.products.sequences import scrambled
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.donor_runs import follow

EXACT = 1e-9
BALANCE = 1e-6
AGREE = 0.01
"""The copies in bodies lag behind the content of the cell by the life of a body; at rest both stand still."""
FEW = 0.001
"""Targets of an activated cell over rest, so few that a miRNA is no longer all on them."""
EXO, HEXO, PLAIN, ABUNDANT = "hsa-miR-1246", "hsa-miR-210-3p", "hsa-miR-21-5p", "hsa-let-7a-5p"
ZIP = "ACCCUGCCGCCUGGACUCCGCCUGU"  # 25 nt with the core CUGCC and a site for miR-1289
SHORT, LONG = 1000.0, 20_000.0  # nt; the second is longer than what a lumen holds


class Sorting(Experiment):
    """miRNAs with and without motifs, tails and targets; mRNAs with and without a zip-code; every way off in turn."""

    system = "B3"
    asks = "Does each way enrich what carries its signal, only that, and by an amount that is gone when the way is off or the signal scrambled?"
    takes_away = "every way of sorting: what is left closes in with the cytosol"
    used = ("C-0015", "C-0269", "C-0270", "C-0271", "C-0272", "C-0273", "C-0474")
    predicts = ("C-0014", "C-0274")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Enrichment with the contribution of each way, controls, conservation, and the measured mean."""
        self.library, self.off = library, dict.fromkeys((*MIRNA_WAYS, "zip-code"), 0.0) if knocked_out else {}
        exo, hexo, plain = (MicroRNA(name) for name in (EXO, HEXO, PLAIN))
        return [*self._ways(exo, hexo, plain), *self._signals(exo, hexo, plain), *self._messengers(), *self._copies(exo, plain)]

    def _loaded(self, *cargo: MicroRNA | MessengerRNA, **donor: object) -> list[Loaded]:
        ways = {**self.off, **dict(donor.pop("ways", {}))}  # type: ignore[call-overload]
        return list(profile(Donor(cargo=cargo, ways=ways, **donor), self.library).values())  # type: ignore[arg-type]

    def _ways(self, *cargo: MicroRNA) -> list[Check]:
        """Each way off: what it contributed is gone, nothing else is."""
        exo, hexo, plain = full = self._loaded(*cargo)
        found = [
            above(f"enrichment of {EXO} (EXO motif) over {PLAIN} (none)", exo.enrichment / plain.enrichment, 1),  # type: ignore[operator]
            above(f"of it by hnRNP: {EXO}", exo.ways["hnRNP"], 0),
            above(f"of it by hnRNP: {HEXO} (hEXO motif)", hexo.ways["hnRNP"], 0),
            between(f"of it by hnRNP: {PLAIN}", plain.ways["hnRNP"], 0, 0),
            above(f"of it by SMPD3: {PLAIN}", plain.ways["SMPD3"], 0),
            above(f"of it by miRISC: {PLAIN}", plain.ways["miRISC"], 0),
            below(f"of it by what its targets hold back: {PLAIN}", plain.ways["targets"], 0),
        ]
        for name in MIRNA_WAYS:
            without = self._loaded(*cargo, ways={name: 0.0})
            wrong = max(abs(a.enrichment - b.enrichment - a.ways[name]) for a, b in zip(full, without, strict=True))  # type: ignore[operator]
            found.append(below(f"{name} off: enrichment lost less contribution, largest of three", wrong, EXACT))
            found.append(between(f"{name} off: what it still contributes, largest of three", max(abs(b.ways[name]) for b in without), 0, 0))
        (rest,), (bare,) = self._loaded(cargo[2]), self._loaded(cargo[2], levels={"SMPD3": 0.5})
        found.append(between("half of SMPD3: copies in vesicles of the ESCRT route over rest", bare.by_route["escrt"] / rest.by_route["escrt"], 1 - EXACT, 1 + EXACT))
        found.append(below("half of SMPD3: copies in vesicles of the ceramide route over rest", bare.by_route["ceramide"] / rest.by_route["ceramide"], 1 - AGREE))
        return found

    def _signals(self, exo: MicroRNA, hexo: MicroRNA, plain: MicroRNA) -> list[Check]:
        """The same nucleotides in another order, tails, and fewer targets."""
        found = []
        for rna, word in ((exo, "EXO motif"), (hexo, "hEXO motif")):
            (kept,), (mixed,) = self._loaded(rna), self._loaded(rna.scrambled())
            (plain_tail,) = self._loaded(MicroRNA(rna.name, rna.sequence, ""))
            found.append(below(f"{word} scrambled ({rna.scrambled().sequence}): copies over before", mixed.per_vesicle / plain_tail.per_vesicle, 1 - AGREE))
            found.append(between(f"{word} scrambled: enrichment by hnRNP left of {kept.ways['hnRNP']:.3g}", mixed.ways["hnRNP"], 0, 0))
        untailed = MicroRNA(plain.name, plain.sequence, "")
        (before,), (mixed,) = self._loaded(untailed), self._loaded(untailed.scrambled())
        found.append(between(f"{PLAIN}, which has no motif, scrambled: copies over before", mixed.per_vesicle / before.per_vesicle, 1 - EXACT, 1 + EXACT))
        (with_u,), (with_a,), (none,) = (self._loaded(MicroRNA(PLAIN, tail=tail)) for tail in ("U", "A", ""))
        (lost,) = self._loaded(MicroRNA(PLAIN, tail="U").scrambled())
        found.append(above("uridylated isoform: copies over the one without a tail", with_u.per_vesicle / none.per_vesicle, 1 + AGREE))
        found.append(below("adenylated isoform: the same", with_a.per_vesicle / none.per_vesicle, 1 - AGREE))
        found.append(between("uridylated isoform scrambled: the same", lost.per_vesicle / none.per_vesicle, 1 - EXACT, 1 + EXACT))
        (few,), (rest,) = self._loaded(MicroRNA(PLAIN, targets=FEW)), self._loaded(plain)
        found.append(above(f"targets at {FEW:g} of rest: copies over rest", few.per_vesicle / rest.per_vesicle, 1 + AGREE))
        (no_ago,) = self._loaded(plain, levels={"AGO2": 0.0})
        found.append(below("without AGO2: copies over rest", no_ago.per_vesicle / rest.per_vesicle, 1 - AGREE))
        return found

    def _messengers(self) -> list[Check]:
        zipped, mixed = self._loaded(MessengerRNA("zipped", SHORT, ZIP), MessengerRNA("mixed", SHORT, scrambled(ZIP)))
        (long,) = self._loaded(MessengerRNA("long", LONG, ZIP))
        return [
            above("mRNA with the zip-code: copies over scrambled", zipped.per_vesicle / mixed.per_vesicle, 1 + AGREE),
            between(f"intact mRNA of {LONG:g} nt, longer than a lumen holds: copies", long.per_vesicle, 0, 0),
        ]

    def _copies(self, *cargo: MicroRNA) -> list[Check]:
        """Conservation, the network against the closed form, and the measured mean, which the model does not use."""
        everything: tuple[Cargo, ...] = (*cargo, MicroRNA(ABUNDANT), MessengerRNA("zipped", SHORT, ZIP))
        donor = Donor(cargo=everything, ways=self.off)
        run, closed = follow(donor, self.library), profile(donor, self.library)
        found = [below("copies in balance, largest relative error", max(run.cargo_balance(c) for c in everything), BALANCE)]
        found += [between(f"{c.name} per vesicle in the network over the closed form", run.carried(c) / closed[c.name].per_vesicle, 1 - AGREE, 1 + AGREE) for c in everything]
        measured = match(self.library, "mirna_copies_per_ev", {"product": "exosome"}).records[0]
        low, high = measured.range()
        for name in (ABUNDANT, PLAIN):
            copies = profile(Donor(cargo=(MicroRNA(name),), ways=self.off), self.library)[name].per_vesicle
            found.append(between(f"{name} per vesicle ({copies / measured.value:.2g} of the measured mean {measured.id}, against its range)", copies, low, high))
        return found
