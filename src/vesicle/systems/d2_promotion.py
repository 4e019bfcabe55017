"""D2: the same engine gives the opposite sign, by cargo, recipient and the state of the donor."""

from __future__ import annotations

import math

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.prediction.ensemble import SURE, Levels, levels, silenced
from vesicle.systems.base import Check, Experiment, above, told
from vesicle.systems.queries import ask, questions, score

NODE, CELL = "proliferation", "MM.1S"
DONOR, STATE, MIRNA, CYTOKINE = "bone marrow mesenchymal stem cell", "tumour", "hsa-miR-15a-5p", "IL6"
DRAWS = 100
OWN_SOURCE = ("Roccaro2013",)
VESICLES = 1e4
GROWTH = ("proliferation", "tumor_growth", "cell_cycle")


class Promotion(Experiment):
    """Claims of promotion asked as in D1, and myeloma under vesicles of healthy and of patients' stem cells."""

    system = "D2"
    asks = "Does one network, with no sign written for a donor or a miRNA, say both that vesicles promote and that they suppress, and does the donor's state decide?"
    takes_away = "the cargo: no target is held, and patients' vesicles carry what healthy ones carry"
    used = ()
    predicts = ("C-0066",)
    told = ("C-0064",)

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Calls of both signs, promotion claims, and the donor's state."""
        return [*_both_signs(library, 0.0 if knocked_out else math.inf), *_donors(library, knocked_out)]


def _both_signs(library: Library, copies: float) -> list[Check]:
    asked = [(system, q) for system in ("D1", "D2") for q in questions(library, system) if q[1] in GROWTH]
    growth = [ask(library, *q, copies=copies) for _, q in asked]
    right, wrong, silent = score(growth)
    promoting, suppressing = ([a for a in growth if a.reported == sign] for sign in (1, -1))
    return [
        above(f"promotion called as promotion, of {len(promoting)} that report it", float(sum(a.is_right for a in promoting)), 0),
        above(f"suppression called as suppression, of {len(suppressing)} that report it", float(sum(a.is_right for a in suppressing)), 0),
        told("of these claims on growth", f"{right} called as reported, {wrong} the other way, {silent} not called"),
        told("always saying 'falls' would be right in", f"{len(suppressing)} of {len(growth)}"),
        told("rises called where a fall is reported", float(sum(a.called > 0 for a in suppressing))),
        *(told("promotion reported", a.words) for a in promoting),
    ]


def _fold(library: Library, cargo: str) -> float:
    """Cargo of vesicles of patients over that of healthy donors, as recorded."""
    found = match(library, "state_cargo_fold", {"label": f"{STATE}, {cargo}", "cell": DONOR})
    return float(np.median([m.value for m in found.records]))


def _brought(library: Library) -> float:
    """Copies of the miRNA per cell if every one of ``VESICLES`` vesicles of a healthy donor delivered all it holds."""
    held = match(library, "mirna_share_of_ev", {"cell": DONOR, "label": MIRNA, "product": "exosome"}).records[0].value
    return VESICLES * match(library, "total_mirna_per_ev", {"product": "exosome"}).records[0].value * held


def _under(library: Library, copies: float) -> Levels:
    """Vesicles that bring copies of the miRNA to each cell."""
    return levels(library, silenced(library, (MIRNA,), (NODE,), CELL, copies, samples=DRAWS), (NODE,), CELL, samples=DRAWS)


def _donors(library: Library, knocked_out: bool) -> list[Check]:
    """Vesicles of both donors bring the miRNA, counted; without the records of the work to be judged."""
    reported = 1.0 if knocked_out else _fold(library, MIRNA)
    for key in OWN_SOURCE:
        library = library.without(reference=key)
    less, copies = 1.0 if knocked_out else _fold(library, MIRNA), 0.0 if knocked_out else _brought(library)
    healthy, patient, full = _under(library, copies), _under(library, copies * less), _under(library, 0.0 if knocked_out else math.inf)
    as_reported = _under(library, copies * reported)
    gained = (as_reported.quantiles(NODE)[1] - healthy.quantiles(NODE)[1]) / healthy.quantiles(NODE)[1]
    return [
        above(f"proliferation of {CELL} where every target of {MIRNA} is held, which healthy donors bring: draws in which it falls", full.sign_probability(NODE)[1], SURE),
        above(
            f"draws in which {CELL} proliferate more under {VESICLES:g} vesicles per cell of patients than under as many of healthy donors, by what is counted ({MIRNA}, "
            f"{copies * less:.2g} against {copies:.2g} copies per cell if all are delivered; that patients' hold less is shown by the work to be judged alone)",
            float(np.mean(patient.draws(NODE) > healthy.draws(NODE))), SURE,
        ),
        told(f"with the fold of {MIRNA} that this work itself reports ({reported:g}), median gain of proliferation over healthy donors' vesicles", f"{gained:.1e}"),
        _cytokine(library),
    ]  # fmt: skip


def _cytokine(library: Library) -> Check:
    """What is known of the cytokine on vesicles: no count, so no level follows from it."""
    (held,) = match(library, "cargo_copies_per_ev", {"cell": DONOR, "label": CYTOKINE, "product": "exosome"}).records
    arrived, fold = VESICLES * held.value, _fold(library, CYTOKINE)
    words = (
        f"{held.value:g} copies per vesicle ({held.id}, {held.status}): {arrived:g} per cell from healthy donors, {fold * arrived:g} from patients "
        f"if vesicles follow the messenger of their donors ({fold:g}-fold, assumed); neither these nor the own {CYTOKINE} of {CELL} were counted, so no level follows"
    )
    return told(f"{CYTOKINE} that {VESICLES:g} vesicles bring", words)
