"""D6: a tumour of cycling, dormant and dead cells; vesicles move the transitions, and a drug that kills what divides spares what sleeps."""

from __future__ import annotations

import numpy as np

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.evidence.priors.edges import core
from vesicle.model.three_states import Tumour, assemble_tumour
from vesicle.systems.base import Check, Experiment, above, below, between, told
from vesicle.systems.drug_runs import InCells, levels_of
from vesicle.systems.given_networks import Followed

DORMANCY, LEVEL = "dormancy", "given_level__dormancy"
GIVEN_LEVEL = 3.0
"""Level of dormancy that vesicles are given to make: an input, larger than what the network of the recipient gives, so that the states show."""
BREAST, COPIES = "MDA-MB-231", 1e4
"""The recipient and copies of a miRNA held in each of its cells: an input, more than any vesicles bring."""
FEW_DRAWS = range(30)
KILL = 0.1
"""Kill rate of the dose [1/h], half of it gone after 48 h: three decades of cycling cells. An input: no record of a drug's kill enters here."""
MONTHS = 2400.0
DRAWS = 30
EXACT, TINY = 1e-9, 1e-6
MOSTLY = 0.9
MIR23B, MIR222, MIR223 = "hsa-miR-23b-3p", "hsa-miR-222-3p", "hsa-miR-223-3p"


class Dormancy(Experiment):
    """One tumour with vesicles that raise the level of dormancy and one without, each with and without a drug that kills dividing cells."""

    system = "D6"
    asks = "Do vesicles that make cells dormant slow a tumour and at once spare it from a drug that kills dividing cells, and what does the host gain?"
    takes_away = "the signal: vesicles leave the level of dormancy at rest"
    used = ("C-0072", "C-0297", "C-0544", "C-0493")
    told = ("C-0531",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Signs of the chains, transitions, kill by state, survival, and over how many draws it holds."""
        self.tumour = Followed(assemble_tumour(Tumour(levels={DORMANCY: 1.0}), library), MONTHS)
        self.silent = Followed(assemble_tumour(Tumour(), library), MONTHS)
        level = 1.0 if knocked_out else GIVEN_LEVEL
        return [*self._chains(), *self._compiled(library, 0.0 if knocked_out else COPIES), *self._growth(level), *self._kill(level), *self._certain(level)]

    def _chains(self) -> list[Check]:
        """What the targets of each miRNA say, without any edge that states the answer itself."""
        found = []
        for mirna, reported in ((MIR23B, "+ by C-0072, whose links come from the same work (used)"), (MIR222, "+ by C-0531"), (MIR223, "+ by C-0531")):
            signs, said = chains(mirna, DORMANCY)
            found.append(told(f"sign of {mirna} on dormancy through its targets, reported {reported}", said))
            if mirna == MIR23B:
                found.append(Check(f"the same for {mirna} alone", ", ".join(sorted(signs)), "+", signs == {"+"}))
        return found

    def _compiled(self, library: Library, copies: float) -> list[Check]:
        """What the compiled network of the recipient makes of each miRNA, by all its targets with strong evidence."""
        found = []
        for mirna, reported in ((MIR23B, "C-0072"), (MIR222, "C-0531"), (MIR223, "C-0531")):
            levels = levels_of(library, InCells(mirna, copies, is_anti=False), DORMANCY, BREAST, FEW_DRAWS)
            rises, (low, middle, high) = float(np.mean(levels > 1 + TINY)), np.quantile(levels, (0.05, 0.5, 0.95))
            said = f"(level {middle:.4g}, {low:.4g} to {high:.4g}), reported + by {reported}"
            what = f"share of {len(FEW_DRAWS)} draws in which {COPIES:g} copies of {mirna} raise dormancy in the network of {BREAST} {said}"
            found.append(above(what, rises, 0.5) if mirna == MIR23B else told(what, rises))
        return found

    def _growth(self, level: float) -> list[Check]:
        rest, signalled, woken = (self._run(x) for x in (1.0, level, 1 / level))
        plain = self.silent.run()
        return [
            above(f"dormant share after a month at {GIVEN_LEVEL:g} times the signal of rest (given), over that at rest", share(signalled, 720.0) / share(rest, 720.0), 1),
            below("the same with the inverse signal, which wakes (mitochondrial DNA wakes cells that respire too little: B4)", share(woken, 720.0) / share(rest, 720.0), 1),
            above("hours that the untreated host lives, more with the signal", survival(signalled) - survival(rest), 0),
            between("cells at rest with a level of 1 over those with no level", float(rest.amount("cells")[-1] / plain.amount("cells")[-1]), 1 - EXACT, 1 + EXACT),
            between("cells at the start and born, over cycling, dormant, dead and cleared", conserved(signalled), 1 - EXACT, 1 + EXACT),
        ]

    def _kill(self, level: float) -> list[Check]:
        rest, signalled = (self._run(x, kill_at_start=KILL) for x in (1.0, level))
        same_rest, same = (self._run(x, kill_at_start=KILL, dormant_kill_share=1.0) for x in (1.0, level))
        untreated, untouched = self._run(level), self._run(1.0)
        return [
            above("dormant share of the living at the lowest point under the drug, over that before", at_nadir(rest, "dormant_share") / share(rest, 0.0), 1),
            above("living cells at the lowest point with the signal, over those without", at_nadir(signalled, "cells") / at_nadir(rest, "cells"), 1),
            below("the same for a drug that kills both states alike", at_nadir(same, "cells") / at_nadir(same_rest, "cells"), 1 + EXACT),
            above("hours that the drug gives the host without the signal (a number of this dose, not of a drug)", survival(rest) - survival(untouched), 0),
            above("hours that the drug gives it with the signal held throughout", survival(signalled) - survival(untreated), 0),
        ]

    def _certain(self, level: float) -> list[Check]:
        """The two signs over draws of all records."""
        lowest = [self.tumour.over_draws(DRAWS, lambda run: at_nadir(run, "cells"), kill_at_start=KILL, **{LEVEL: x}) for x in (1.0, level)]
        return [above(f"share of {DRAWS} draws in which the signal leaves more cells alive", float(np.mean(lowest[1] > lowest[0])), MOSTLY)]

    def _run(self, level: float, **numbers: float) -> Trajectory:
        return self.tumour.run(**{LEVEL: level}, **numbers)


def chains(start: str, phenotype: str) -> tuple[set[str], str]:
    """Signs from a miRNA over one target to a phenotype by edges of the core, and the chains in words; never an edge from the miRNA to the phenotype itself."""
    first = [e for e in core() if e.source == start and e.kind == "mirna_target" and e.sign]
    ends = {e.source: e for e in core() if e.target == phenotype and e.sign and e.source != start}
    ways = [(e, ends[e.target]) for e in first if e.target in ends]
    signs = ["-+"[a.sign * b.sign > 0] for a, b in ways]
    said = "; ".join(f"{start} {'-+'[a.sign > 0]} {a.target} {'-+'[b.sign > 0]} {phenotype}: {sign}" for (a, b), sign in zip(ways, signs, strict=True))
    return set(signs), said or "no chain over one target"


def share(run: Trajectory, hours: float) -> float:
    """Dormant share of the living cells at a time."""
    return float(np.interp(hours, run.times, run.amount("dormant_share")))


def at_nadir(run: Trajectory, observable: str) -> float:
    """An observable when the fewest cells live."""
    return float(run.amount(observable)[int(np.argmin(run.amount("cells")))])


def survival(run: Trajectory) -> float:
    """Hours until the tumour reached the size at which the host is lost."""
    return float(run.amount("survival_time")[-1])


def conserved(run: Trajectory) -> float:
    """Cells that came over cells that are somewhere."""
    came = run.amount("cells")[0] + run.amount("born_cells")[-1]
    return float(came / sum(run.amount(name)[-1] for name in ("cycling_cells", "dormant_cells", "dead_cells", "cleared_cells")))
