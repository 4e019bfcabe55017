"""D2: the same engine gives the opposite sign, by cargo, recipient and the state of the donor."""

from __future__ import annotations

import math

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.prediction.ensemble import SURE, Levels, levels, silenced
from vesicle.systems.base import Check, Experiment, above
from vesicle.systems.queries import ask, questions, score

NODE, CELL = "proliferation", "MM.1S"
DONOR, STATE, MIRNA, CYTOKINE = "bone marrow mesenchymal stem cell", "tumour", "hsa-miR-15a-5p", "IL6"
DRAWS = 100
OWN_SOURCE = ("Roccaro2013",)
VESICLES = 1e4
TOLD = "reported, whatever it is"


class Promotion(Experiment):
    """Claims of promotion asked as in D1, and myeloma under vesicles of healthy and of patients' stem cells."""

    system = "D2"
    asks = "Does one network, with no sign written for a donor or a miRNA, say both that vesicles promote and that they suppress, and does the donor's state decide?"
    takes_away = "what differs between donors: the patients' vesicles carry what healthy ones carry"
    used = ()
    predicts = ("C-0064", "C-0066")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Calls of both signs, promotion claims, and the donor's state."""
        return [*_both_signs(library), *_donors(library, knocked_out)]


def _both_signs(library: Library) -> list[Check]:
    growth = [ask(library, *q) for system in ("D1", "D2") for q in questions(library, system) if q[1] in ("proliferation", "tumor_growth", "cell_cycle")]
    right, wrong, silent = score(growth)
    promoting = [a for a in growth if a.reported > 0]
    habit = sum(a.reported < 0 for a in growth)
    return [
        above("growth called to rise, over claims of both systems", float(sum(a.called > 0 for a in growth)), 0),
        above("growth called to fall", float(sum(a.called < 0 for a in growth)), 0),
        Check("of these claims on growth", f"{right} called as reported, {wrong} the other way, {silent} not called", TOLD, True),
        Check("always saying 'falls' would be right in", f"{habit} of {len(growth)}", TOLD, True),
        *(Check("promotion reported", a.words, TOLD, True) for a in promoting),
    ]  # fmt: skip


def _fold(library: Library, cargo: str) -> float:
    """Cargo of vesicles of patients over that of healthy donors, as recorded."""
    found = match(library, "state_cargo_fold", {"label": f"{STATE}, {cargo}", "cell": DONOR})
    return float(np.median([m.value for m in found.records]))


def _brought(library: Library) -> float:
    """Copies of the miRNA per cell if every one of ``VESICLES`` vesicles of a healthy donor delivered all it holds."""
    held = match(library, "mirna_share_of_ev", {"cell": DONOR, "label": MIRNA, "product": "exosome"}).records[0].value
    return VESICLES * match(library, "total_mirna_per_ev", {"product": "exosome"}).records[0].value * held


def _under(library: Library, copies: float, cytokine: float) -> Levels:
    """Vesicles that bring copies of the miRNA to each cell, and so many times the cell's own of the cytokine."""
    held = silenced(library, (MIRNA,), (NODE,), CELL, copies, samples=DRAWS)
    return levels(library, {**held, **({CYTOKINE: cytokine} if cytokine > 1 else {})}, (NODE,), CELL, samples=DRAWS)


def _donors(library: Library, knocked_out: bool) -> list[Check]:
    """Vesicles of both donors bring the miRNA, those of a patient more of the cytokine; without the records of the work to be judged."""
    for key in OWN_SOURCE:
        library = library.without(reference=key)
    less, more, copies = _fold(library, MIRNA), 1.0 if knocked_out else _fold(library, CYTOKINE), _brought(library)
    healthy, patient = _under(library, copies, 1.0), _under(library, copies, more)
    full, both = _under(library, math.inf, 1.0), _under(library, math.inf, more)
    chain = patient.chain(NODE)
    alike = f"{less:g}: that patients' vesicles hold less of it is shown by the work to be judged alone, so both bring as much"
    with_full = float(np.mean(both.draws(NODE) > full.draws(NODE)))
    return [
        above(f"proliferation of {CELL} where every target of {MIRNA} is held, which healthy donors bring: draws in which it falls", full.sign_probability(NODE)[1], SURE),
        Check(f"{VESICLES:g} vesicles per cell, all delivered, hold", f"{copies:.2g} copies of it per cell: proliferation {healthy.quantiles(NODE)[1] - 1:.1e}", TOLD, True),
        above(f"under what patients bring, the same copies and {more:g} times {CYTOKINE}: draws in which it rises", patient.sign_probability(NODE)[0], SURE),
        Check("median change", f"{patient.quantiles(NODE)[1] - 1:.1e} if so much of it arrives, which nobody counted", TOLD, True),
        Check("way of the rise", chain.words if chain else "none", TOLD, True),
        Check("were every target held, patients' vesicles would lower it too; draws in which they lower it less", f"{with_full:.2f}", TOLD, True),
        Check(f"fold of {MIRNA} in patients", alike, TOLD, True),
    ]
