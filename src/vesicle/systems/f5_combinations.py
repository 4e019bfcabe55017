"""F5: two agents by schedule and dose: tumour, survival and synergy in a mouse; what the model does not hold is said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vesicle.evidence.library import Library
from vesicle.model.resistant import Resisting, assemble_resisting
from vesicle.readouts.ensemble import Array
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.drug_runs import InCells
from vesicle.systems.given_networks import at_rest
from vesicle.systems.regimens import BOTH, FIRST, NOTHING, SECOND, Agent, Combination, Outcome, drug, fractions, outcome

SAMPLES = tuple(range(12))
START = 72.0
"""Hour of the first dose."""
PER_CELL = 3e3
"""Anti-miRNA copies per cell at each time: an input, one for every guide of an abundant miRNA; how vesicles would bring them is another question (D8, D25)."""
NOTHING_MORE = 1e-4
"""Integration of draws to 1e-6 a step over some tens of steps, on effects that are shares."""
MIR9 = Agent(anti=InCells("hsa-miR-9-5p", PER_CELL, target="PTCH1", times=(0.0, START, START + 48)))
COMBINATIONS = {
    "radiotherapy and temozolomide": Combination(
        "U87-MG", Agent(radiation=(fractions("2 Gy", START, 5),)), Agent((drug("temozolomide", "oral", "50 mg/kg", START, count=5),)), 120, 14
    ),
    "temozolomide and anti-miR-9": Combination(
        "U87-MG", Agent((drug("temozolomide", "oral", "50 mg/kg", START, count=5),)), MIR9, 120, 14, ("ABCB1",), state="resistant to temozolomide"
    ),
    "TRAIL and SNS-032": Combination(
        "A549", Agent((drug("TRAIL", "intravenous", "5 mg/kg", START, count=5),)), Agent((drug("SNS-032", "intraperitoneal", "15 mg/kg", START, count=5),)), 160, 14
    ),
}
INDEPENDENT, PUMP, DEATH = COMBINATIONS


class Combinations(Experiment):
    """Three combinations in mice, one of agents that share nothing, one in two orders; export by vesicles; and two that are not in the model."""

    system = "F5"
    asks = "Do schedule and dose of two agents give tumour, survival and a synergy score, and where is the whole more than independence gives?"
    takes_away = "what one agent does to the other: no anti-miRNA, no block of transcription"
    used = ("C-0182", "C-0305", "C-0306", "C-0767")
    predicts = ("C-0183", "C-0768")
    told = ("C-0308",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Outcomes, signs, schedule, and what is missing."""
        chosen = {name: _without(c) for name, c in COMBINATIONS.items()} if knocked_out else COMBINATIONS
        found = {name: outcome(library, c, SAMPLES) for name, c in chosen.items()}
        return [*(check for name, o in found.items() for check in _told(name, o)), *_signs(found), *_schedule(library, chosen[PUMP]), *_export(library), *_absent()]


def _without(c: Combination) -> Combination:
    """The twin: copies of an anti-miRNA are none, an inhibitor blocks nothing."""
    anti = c.second.anti
    return replace(c, second=replace(c.second, anti=replace(anti, copies=0.0) if anti else None), blocks_transcription=False)


def _told(name: str, o: Outcome) -> list[Check]:
    effects = ", ".join(f"{arm} {_spread(o.effect[arm])}" for arm in (FIRST, SECOND, BOTH))
    days = ", ".join(f"{arm} {_spread(o.survival[arm])}" for arm in (NOTHING, FIRST, SECOND, BOTH))
    return [
        Check(f"{name}: share of cells removed against nothing, q50 (q05 to q95)", effects, "told", True),
        Check(f"{name}: days until the end point", days, "told", True),
        Check(f"{name}: excess over Bliss", _spread(o.excess), "told", True),
    ]


def _signs(found: dict[str, Outcome]) -> list[Check]:
    alone, pump, death = found[INDEPENDENT], found[PUMP], found[DEATH]
    longer = float(np.mean(death.survival[BOTH][1:] > death.survival[FIRST][1:]))
    return [
        between(f"{INDEPENDENT}: excess over Bliss, largest of draws: agents that share nothing", float(np.max(np.abs(alone.excess))), 0, NOTHING_MORE),
        Check(f"{PUMP}: draws with an excess over Bliss that could be told from integration (C-0308)", f"{np.mean(pump.excess[1:] > NOTHING_MORE):.0%}", "told", True),
        above(f"{DEATH}: excess over Bliss, median (C-0768)", float(np.median(death.excess[1:])), NOTHING_MORE),
        above(f"{DEATH}: draws in which the host lives longer with both than with TRAIL alone", longer, 0.9),
        below(f"{INDEPENDENT}: days of the untreated host, nominal, over those with both", float(alone.survival[NOTHING][0] / alone.survival[BOTH][0]), 1),
    ]  # fmt: skip


def _schedule(library: Library, c: Combination) -> list[Check]:
    """The same anti-miRNA before, with and after temozolomide."""
    anti = c.second.anti
    assert anti is not None
    excess = {}
    for name, start in (("three days before", START - 72), ("with", START), ("a week after", START + 168)):
        moved = replace(c, second=Agent(anti=replace(anti, times=(start, start + 48))))
        excess[name] = float(outcome(library, moved, ()).excess[0])
    return [
        above("anti-miR-9 before temozolomide over a week after, excess over Bliss, nominal, difference", excess["three days before"] - excess["a week after"], NOTHING_MORE),
        Check("excess by schedule, nominal", ", ".join(f"{name} {value:.2g}" for name, value in excess.items()), "told", True),
    ]


def _export(library: Library) -> list[Check]:
    """Chemotherapy and a block of ABCA3: vesicles that carry a drug out, counted."""
    name = "ic50_shift_by:export:doxorubicin"
    whole, blocked = (at_rest(assemble_resisting(Resisting("doxorubicin", ("export",), levels, True), library))[name] for levels in ({}, {"ABCA3": 0.0}))
    return [
        above("IC50 of doxorubicin with ABCA3 over without, less one: the sign of C-0183", whole / blocked - 1, 0),
        below("the same, against a shift of a tenth: vesicles carry too little drug out for a synergy that anyone could see", whole / blocked - 1, 0.1),
    ]


def _absent() -> list[Check]:
    return [
        Check("carboplatin and anti-miR-222/223 (C-0758, C-0759)", "followed in a well by D8, where woken cells grow; not in a mouse here", "told", True),
        Check("GM-CSF and ascites exosomes (C-0790)", "not in the model: no myeloid cells; the trial is in the table (Dai2008)", "told", True),
        Check(
            "radiotherapy and MSC exosomes (C-0523, C-0524)", "not in the model: nothing of native MSC vesicles acts on radiosensitivity here; radiotherapy alone is", "told", True
        ),
    ]


def _spread(values: Array) -> str:
    """Median with 5 and 95 % points of the draws; a host that outlives what was followed is said."""
    low, middle, high = np.quantile(values[1:], (0.05, 0.5, 0.95), method="inverted_cdf")
    return f"{middle:.3g} ({low:.3g} to {high:.3g})".replace("inf", "beyond")
