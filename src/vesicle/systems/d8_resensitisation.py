"""D8: an edge of resistance is turned round, and the drug acts again.

Three edges in time (anti-miR-9 and the pump before temozolomide; anti-miR-222/223 and dormancy before carboplatin; an inhibitor of CDK9 with TRAIL), and all of
the core as a list of proposals. What an anti-miRNA does to the pump or to dormancy is what the compiled network gives by all targets, without the works of the claim that it
should find; where that contradicts the claim it is said, and kill and best gap are asked for on condition that the claim holds: that miR-9 acts on the pump through PTCH1 is
given (C-0305, C-0306), and how far dormancy falls (C-0531). A response counts as restored from a tenth more kill on.

What is not here: two drugs that the model joins by nothing (TRAIL with carboplatin, temozolomide with radiation) are independent by construction, since their kill rates add, so
their excess over Bliss is no finding. Cisplatin below its toxic dose is reported to raise killing by TRAIL in A549 cells (PubMed 23826494): that is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import Measurement
from vesicle.evidence.priors.edges import core, core_nodes
from vesicle.evidence.priors.inversions import Inversion, inversions
from vesicle.mechanisms.drug.interaction import bliss_excess, interval
from vesicle.model.cargo import EVIDENCE
from vesicle.model.scenario import FreeDrugSpec, RadiationSpec
from vesicle.systems.base import Check, Experiment, above, below, told
from vesicle.systems.drug_runs import Array, InCells, Runs, Treatment, assemble_treatment, levels_of

DRAWS = range(100)
GLIOBLASTOMA, BREAST, LUNG = "T98G", "MDA-MB-231", "A549"
HALF_LIFE = "protein_half_life__ABCB1"
READ, FACTORS = "M-2328", (0.5, 1.0, 2.0)
"""The half-life of ABCB1 that was read, at the cell surface, and the factors by which it is varied."""
GAPS = tuple(float(gap) for gap in range(0, 420, 20))
TEMOZOLOMIDE = "dosed__temozolomide__medium"
AFTER = 48.0
"""Time after temozolomide at which its kill is read [h]: it has decayed by 2^-27."""
MIR9 = "hsa-miR-9-5p"
CLOCKS = ("anti_mirna_half_life", "protein_half_life__PTCH1", "gate_time_constant__transcription")
"""Other clocks between anti-miR-9 and the pump."""
CHANCE = 1.645 / (len(DRAWS) - 1) ** 0.5
"""Rank correlation that 5 % of independent samples of as many draws exceed."""
FEW_DRAWS = range(30)
HELD = 10.0
"""Copies held for good over those put in once, so that every guide of the miRNA is held and the sign of the network shows."""
MOSTLY = 0.9
PER_CELL = 3e3
"""Anti-miRNA per cell: one for every guide of an abundant miRNA (M-1180); more holds the miRNA longer and moves the best gap later."""
STATED = ("E-1302", "E-1468", "E-1524", "E-1698")
"""Edges that state the answer, kept out of what should find it: miR-9 on PTCH1, on ABCB1 and on resistance to temozolomide (the work to be found), ABCA3 on resistance."""
SENSITISED = "C-0308"
"""The claim that anti-miR-9 sensitises; its works are left out of the network that should find it."""
IC50, BREAST_IC50 = "M-0751", "M-0717"
"""The IC50 of temozolomide in T98G, and of carboplatin in breast lines."""
LEAST = 0.1
"""Share by which a response must rise to count as restored; less the panel of immunity (E1 to E8) calls nothing."""
RESISTANCE = ("drug_resistance", "drug_resistance(temozolomide)", "drug_resistance(rituximab)")
EXACT = 1e-6
NOTHING = 5e-5
"""Draws are integrated to 1e-6 per step; a day under a drug that decays takes some tens of steps."""


def drug(name: str, concentration: str, start: float = 0.0, duration: float = 0.0) -> FreeDrugSpec:
    """A drug in a well."""
    words = {"name": name, "route": "well", "concentration": concentration, "start": f"{start:g} h"}
    return FreeDrugSpec.model_validate(words | ({"duration": f"{duration:g} h"} if duration else {}))


def times_ic50(library: Library, record: str, fold: float = 1.0) -> str:
    """A concentration as a multiple of a recorded IC50."""
    found = library.by_id[record]
    assert isinstance(found, Measurement)
    return f"{fold * found.value:g} {found.unit}"


class Resensitisation(Experiment):
    """Anti-miR-9 before temozolomide at many gaps, anti-miR-222/223 before carboplatin, TRAIL with an inhibitor of CDK9, and proposals from the core."""

    system = "D8"
    asks = "Does turning round an edge of resistance restore the response, when, and is the kill more than that of two drugs which know nothing of each other?"
    takes_away = "the anti-miRNAs (none in the vesicles), the block of transcription by the inhibitor, and the edges into resistance"
    used = ("C-0182", "C-0305", "C-0306", "C-0531", "C-0767")
    predicts = ("C-0304", "C-0308", "C-0309", "C-0768")
    told = ("C-0759",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """All four; the twin has every part without what it takes away."""
        copies = 0.0 if knocked_out else PER_CELL
        return [
            *pump(library, copies), *dormancy(library, copies), *apoptosis(library, blocks=not knocked_out), *proposals(knocked_out),
        ]  # fmt: skip


# anti-miR-9, the pump and temozolomide -----------------------------------------------------------


def anti_mir9(copies: float, target: str = "PTCH1") -> InCells:
    """Anti-miR-9 put into every cell once; miR-9 of the cell holds PTCH1, or all that strong evidence names."""
    return InCells(MIR9, copies, target=target, times=(0.0,))


def best_gaps(library: Library, copies: float, gaps: Sequence[float] = GAPS) -> tuple[Array, Array]:
    """Kill by temozolomide at its IC50 for every half-life of ABCB1 and every gap after anti-miR-9, where miR-9 acts on PTCH1.

    Returns
    -------
    (n_factors,) best gaps [h] and (n_factors, n_gaps) kill in natural logarithms, at the nominal values.
    """
    record = library.by_id[READ]
    assert isinstance(record, Measurement)
    halves = [record.value * factor for factor in FACTORS]
    kill = np.empty((len(halves), len(gaps)))
    end = max(gaps) + AFTER
    given = Treatment(GLIOBLASTOMA, (drug("temozolomide", times_ic50(library, IC50)),), put_in=anti_mir9(copies), follows=("ABCB1",))
    runs = Runs(assemble_treatment(library, given), end, end)
    for column, gap in enumerate(gaps):
        for row, half in enumerate(halves):
            kill[row, column] = runs.at(held={HALF_LIFE: half}, later={TEMOZOLOMIDE: gap})[0].amount("log_kill")[-1]
    return np.array([gaps[int(np.argmax(row))] for row in kill]), kill


def pump(library: Library, copies: float) -> list[Check]:
    """What the compiled network makes of anti-miR-9, the best gap for three half-lives, what it gains, and how it follows the half-life over draws."""
    best, kill = best_gaps(library, copies)
    lowest, ranks = _lowest(library, copies)
    others = [f"{name} {rank:.2f}" for name, rank in ranks.items() if name != HALF_LIFE]
    held = replace(anti_mir9(copies * HELD), times=())
    one = levels_of(library, replace(held, target="PTCH1"), "ABCB1", GLIOBLASTOMA, FEW_DRAWS)
    every = levels_of(without_works_of(library, SENSITISED), replace(held, target=EVIDENCE), "ABCB1", GLIOBLASTOMA, FEW_DRAWS)
    gain = float(np.max(kill[1]) / kill[1, 0])
    return [
        above(
            f"share of {len(FEW_DRAWS)} draws in which anti-miR-9 lowers ABCB1, by all targets of miR-9 with strong evidence but for what the works of {SENSITISED} alone show "
            f"(level {_told(every)}: NFKB1 and others are freed and raise it)",
            falls(every), MOSTLY,
        ),
        told(f"the same through PTCH1 alone, which these works state (level {_told(one)})", falls(one)),
        above(
            f"kill by temozolomide at its IC50, anti-miR-9 through PTCH1 (given) at the best gap ({best[1]:g} h), over the kill when both come together, before the pump answers",
            gain, 1 + LEAST,
        ),
        above("the same given, best gap at twice the half-life of ABCB1 over the best gap (below 2: gates and PTCH1 lag as well)", float(best[2] / max(best[1], 1.0)), 1),
        above("best gap over that at half of the half-life", float(best[1] / max(best[0], 1.0)), 1),
        above(
            f"rank correlation of half-life and best gap over {len(DRAWS)} draws (best gap {_told(lowest)} h), beyond chance; other lags decide with it: {', '.join(others)}",
            ranks[HALF_LIFE], CHANCE,
        ),
    ]  # fmt: skip


def without_works_of(library: Library, claim: str) -> Library:
    """The library without what the works that a claim cites show alone."""
    found = library.by_id[claim]
    assert isinstance(found, Claim)
    for key in found.references:
        library = library.without(reference=key)
    return library


def falls(levels: Array) -> float:
    """Share of draws in which a level is below rest by more than the solver's tolerance."""
    return float(np.mean(levels < 1 - EXACT))


def _lowest(library: Library, copies: float) -> tuple[Array, dict[str, float]]:
    """(n_draws,) times [h] at which the IC50 of temozolomide is lowest after anti-miR-9, and their rank correlation with the clocks on the way."""
    model = assemble_treatment(library, Treatment(GLIOBLASTOMA, put_in=anti_mir9(copies), follows=("ABCB1",)), follow=("temozolomide",))
    runs = Runs(model, 600.0, 2.0)
    found = runs.at(DRAWS)
    best = np.array([run.times[int(np.argmin(run.amount("ic50_shift:temozolomide")))] for run in found])
    return best, {name: _ranked(runs.drawn(name, DRAWS), best) for name in (HALF_LIFE, *CLOCKS)}


# anti-miR-222/223, dormancy and carboplatin ------------------------------------------------------

BEFORE, EXPOSED = 72.0, 72.0  # h
FOLD_OF_IC50 = 4.0
SLEEPING = 0.05
"""Share of cells that sleeps at the start: an input."""
CLAIMED = "M-2340"
"""The share of the entry into dormancy that goes with miR-222/223 if C-0531 holds: assumed, used only as an if."""


def survivors(library: Library, lowered: float) -> dict[str, tuple[Array, Array]]:
    """(cycling, dormant) cells of (n_draws,) after carboplatin, with the level of dormancy at rest or lowered by a share in the three days before and during it."""
    given = (drug("carboplatin", times_ic50(library, BREAST_IC50, FOLD_OF_IC50), BEFORE, EXPOSED),)
    out = {}
    for name, drugs, level in (("none", (), 1.0), ("drug", given, 1.0), ("anti", (), 1 - lowered), ("both", given, 1 - lowered)):
        arm = Treatment(BREAST, drugs, levels={"dormancy": level}, dormant=SLEEPING)
        runs = Runs(assemble_treatment(library, arm), BEFORE + EXPOSED, BEFORE + EXPOSED).at(DRAWS)
        out[name] = (np.array([run.amount("cycling_cells")[-1] for run in runs]), np.array([run.amount("dormant_cells")[-1] for run in runs]))
    return out


def dormancy(library: Library, copies: float) -> list[Check]:
    """What the network makes of anti-miR-222 and anti-miR-223; and if dormancy falls as claimed, what carboplatin leaves."""
    record = library.by_id[CLAIMED]
    assert isinstance(record, Measurement)
    left = survivors(library, record.value if copies else 0.0)
    total = {name: p + d for name, (p, d) in left.items()}
    spared = (left["drug"][1] / total["drug"]) / (left["none"][1] / total["none"])
    fewer = left["both"][1] / left["drug"][1]
    independent_of = (total["both"] / total["anti"]) / (total["drug"] / total["none"])
    more = float(np.mean(total["both"] > total["drug"] * (1 + NOTHING)))
    return [
        *(_woken(library, mirna, copies) for mirna in ("hsa-miR-222-3p", "hsa-miR-223-3p")),
        above("dormant share after carboplatin alone over that without it, 5 % point of draws", interval(spared).low, 1),
        below(f"dormant cells left by carboplatin with dormancy lowered as claimed (given) over carboplatin alone, median ({_told(fewer)})", interval(fewer).median, 1),
        below(f"survival of both over that of independent action, 95 % point ({_told(independent_of)})", interval(independent_of).high, 1 - NOTHING),
        told("draws in which both leave more cells in all than carboplatin alone, since woken cells grow", more),
        told("proliferating cells that 60 mg/kg of carboplatin leave in a mouse by these records, too many to judge C-0759 there", _mouse(library)),
    ]


def _woken(library: Library, mirna: str, copies: float) -> Check:
    found = levels_of(library, InCells(mirna, copies * HELD), "dormancy", BREAST, FEW_DRAWS)
    what = f"share of {len(FEW_DRAWS)} draws in which an anti-miRNA of {mirna} lowers dormancy (level {_told(found)}); C-0531 needs most"
    return told(what, falls(found))


def _mouse(library: Library) -> float:
    """Share of proliferating cells of a mouse that one intraperitoneal dose leaves, growth apart."""
    spec = FreeDrugSpec.model_validate({"name": "carboplatin", "route": "intraperitoneal", "dose": "60 mg/kg"})
    runs = Runs(assemble_treatment(library, Treatment(BREAST, (spec,), species="mouse")), BEFORE, BEFORE)
    return float(np.exp(-runs.at()[0].amount("log_kill")[-1]))


# TRAIL and an inhibitor of CDK9 ------------------------------------------------------------------

DAY = 24.0
TRAIL, BLOCKER = ("TRAIL", "1.7 nM"), ("SNS-032", "300 nM")


def killed(library: Library, given: Sequence[tuple[str, str]], line: str = LUNG, blocks: bool = True, gray: float = 0.0) -> Array:
    """(n_draws,) share of cells that some drugs, and one fraction of radiation, kill in a day."""
    beam = (RadiationSpec.model_validate({"dose": f"{gray:g} Gy"}),) if gray else ()
    treatment = Treatment(line, tuple(drug(*one) for one in given), beam, blocks_transcription=blocks)
    return np.array([-np.expm1(-run.amount("log_kill")[-1]) for run in Runs(assemble_treatment(library, treatment), DAY, DAY).at(DRAWS)])


def apoptosis(library: Library, blocks: bool) -> list[Check]:
    """TRAIL and SNS-032 against Bliss."""
    one, other, both = (killed(library, given, blocks=blocks) for given in ((TRAIL,), (BLOCKER,), (TRAIL, BLOCKER)))
    excess = bliss_excess(both, one, other)
    return [
        above(f"kill by TRAIL with SNS-032 beyond Bliss, 5 % point of draws ({_told(excess)})", interval(excess).low, NOTHING),
        above("the same, median", interval(excess).median, LEAST),
    ]


# proposals ---------------------------------------------------------------------------------------


def levers(longest: int = 3, without: Sequence[str] = STATED) -> list[Inversion]:
    """What lowers resistance to drugs, by edges of the core other than those that state it."""
    return inversions(core(), RESISTANCE, {name: node.kind for name, node in core_nodes().items()}, longest, without)


def proposals(knocked_out: bool) -> list[Check]:
    """Anti-miR-9 and a block of CDK9 are found without the edges that state them; what the core says against them is counted."""
    into = [edge.id for edge in core() if edge.target in RESISTANCE] if knocked_out else []
    found = {(p.act, p.lever): p for p in levers(without=[*STATED, *into])}
    nine = found.get(("anti-miRNA", "hsa-miR-9-5p"))
    abca3 = ("inhibitor or siRNA", "ABCA3")
    antagonised, mirnas = sum(act == "anti-miRNA" for act, _ in found), len({edge.source for edge in core() if edge.kind == "mirna_target"})
    only_stated = abca3 in {(p.act, p.lever) for p in levers(without=into)} and abca3 not in found
    return [
        Check("anti-miR-9 is proposed through", _chain(nine), "a chain without the edges that state it", nine is not None),
        Check("block of CDK9 is proposed through", _chain(found.get(("inhibitor or siRNA", "CDK9"))), "a chain", ("inhibitor or siRNA", "CDK9") in found),
        Check("block of ABCA3 is proposed only by the edge that states it (E-1698)", str(only_stated).lower(), "true", only_stated),
        told("chains of the core that speak against anti-miR-9", float(len(nine.against)) if nine else 0.0),
        told("miRNAs of the core whose antagonist is proposed so", f"{antagonised} of {mirnas}"),
    ]  # fmt: skip


def _chain(proposal: Inversion | None) -> str:
    """``A -> B -| C (E-0001, E-0002; PubMed 1)``."""
    if proposal is None:
        return "nothing"
    first, *_ = proposal.chain
    path = first.source + "".join(f" {'->' if edge.sign > 0 else '-|'} {edge.target}" for edge in proposal.chain)
    return f"{path} ({', '.join(edge.id for edge in proposal.chain)}; PubMed {', '.join(proposal.pmids) or 'none'})"


def _told(values: Array) -> str:
    """Median with 5 and 95 % points."""
    found = interval(values)
    return f"{found.median:.3g}, {found.low:.3g} to {found.high:.3g}"


def _ranked(one: Array, other: Array) -> float:
    """Spearman's rank correlation; 0 where one of them does not vary."""
    if np.ptp(one) == 0 or np.ptp(other) == 0:
        return 0.0
    return float(np.corrcoef(np.argsort(np.argsort(one)), np.argsort(np.argsort(other)))[0, 1])
