"""Table 2 of the second review as one experiment: each row predicted without its own primary reference.

A row says which cells, which stimulus, which donor, and what was read (``table2.tsv``). The sign comes from the wiring of each kind of cell (:mod:`vesicle.model.immunity`), run with and without
the vesicles in the same draws, *as if delivery were effective*; whether counted copies carry it is asked apart. A prediction is

    no evidence     nothing that the vesicles bring leads to what was read
    0               90 % of the draws within 10 % of untreated
    + or -          nine draws of ten agree in sign, and the median is beyond 10 %
    undecided       else

The printed sign is what the review's row says, the supported one what its own source says (as curated); they differ where the review is wrong.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vesicle import reading
from vesicle.engines.program import draw_matrix
from vesicle.engines.settling import Settling
from vesicle.errors import SolverError
from vesicle.evidence.library import Library
from vesicle.model.immunity import KINDS, Culture, assemble_culture

TABLE = Path(__file__).parent / "table2.tsv"
COLUMNS = ("row", "reference", "claims", "system", "donor", "more", "cells", "stimuli", "kind", "node", "printed", "supported", "note")
DRAWS, SEED = 100, 1
ZERO, AGREE, INTERVAL = 0.10, 0.9, (0.05, 0.5, 0.95)
NO_EVIDENCE, UNDECIDED = "no evidence", "undecided"
UNMOVED = 1e-9
PRIMED = 100.0
"""Fold of a cargo that the donor was made to express; a stated condition."""


@dataclass(frozen=True)
class Statement:
    """One signed statement of a row."""

    row: str
    reference: str
    claims: tuple[str, ...]
    system: str
    donor: str
    more: tuple[str, ...]
    cells: tuple[str, ...]
    stimuli: tuple[str, ...]
    kind: str
    node: str
    printed: str
    supported: str
    note: str

    @property
    def read(self) -> str:
        """What is read, as an observable."""
        return f"{self.node}:{self.kind}"


@dataclass(frozen=True)
class Prediction:
    """What the wiring says of a statement: the sign, and relative changes at 5, 50 and 95 % of the draws."""

    statement: Statement
    said: str
    interval: tuple[float, float, float]

    @property
    def mark(self) -> str:
        """Against what the source supports: hit, miss or abstained."""
        if self.said in (NO_EVIDENCE, UNDECIDED):
            return "abstained"
        return "hit" if self.said == self.statement.supported else "miss"


@functools.cache
def statements() -> tuple[Statement, ...]:
    """The rows of the table, as signed statements."""
    return tuple(_statement(row.cells) for row in reading.rows(TABLE, COLUMNS))


def _statement(cells: dict[str, str]) -> Statement:
    several = {name: tuple(filter(None, cells[name].split(";"))) for name in ("claims", "more", "cells", "stimuli")}
    return Statement(**{**{name: cells[name] for name in COLUMNS if name not in several}, **several})  # type: ignore[arg-type]


def culture_of(statement: Statement, imposed: bool = True, level: float = 10.0) -> Culture:
    """The culture of a statement."""
    return Culture(
        kinds=statement.cells, donor=statement.donor, folds=dict.fromkeys(statement.more, PRIMED), stimuli=statement.stimuli, imposed=imposed, imposed_level=level,
    )  # fmt: skip


class Panel:
    """The whole table with one library; cultures that are alike are run once.

    Parameters
    ----------
    library : what is known.
    excluded : whether every row is predicted without its own reference.
    imposed, level : whether delivery is set, and to how many times the half effect of the strongest cargo.
    without : nothing is brought: the twin.
    """

    def __init__(self, library: Library, *, excluded: bool = True, imposed: bool = True, level: float = 10.0, without: bool = False, draws: int = DRAWS):
        self._library, self._excluded, self._imposed, self._level, self._without, self._draws = library, excluded, imposed, level, without, draws
        self._runs: dict[object, dict[str, np.ndarray]] = {}

    def predict(self, asked: Iterable[Statement] | None = None) -> list[Prediction]:
        """A prediction for every statement, or for these."""
        return [self._predict(s) for s in (statements() if asked is None else asked)]

    def changes(self, culture: Culture, library: Library) -> dict[str, np.ndarray]:
        """Observable -> (draws,) change relative to untreated, in the same draws.

        Raises
        ------
        SolverError
            If a draw does not settle.
        """
        key = (repr(culture), library.pmids_left_out, library.content if library.left_out and self._lost(library) else "")
        if key not in self._runs:
            model = assemble_culture(culture, library)
            network, parameters = Settling(model), model.network.parameters
            found = [network.settle(draw_matrix(parameters, SEED, range(self._draws), {"given": given})) for given in (0.0, 0.0 if self._without else 1.0)]
            if not all(one.at_rest.all() for one in found):
                raise SolverError("a culture of immune cells does not settle in every draw.")
            rest, treated = (one.observables for one in found)
            self._runs[key] = {name: treated[name] / rest[name] - 1 for name in rest if not name.startswith("held:")}
        return self._runs[key]

    def _lost(self, library: Library) -> bool:
        """Whether leaving a reference out took measurements away."""
        return len(library.measurements) != len(self._library.measurements)

    def _predict(self, statement: Statement) -> Prediction:
        library = self._library.without(reference=statement.reference) if self._excluded else self._library
        found = self.changes(culture_of(statement, self._imposed, self._level), library)
        if statement.read not in found:
            return Prediction(statement, NO_EVIDENCE, (0.0, 0.0, 0.0))
        return Prediction(statement, said(found[statement.read]), interval(found[statement.read]))


def interval(change: np.ndarray) -> tuple[float, float, float]:
    """5, 50 and 95 % of the draws."""
    low, middle, high = (float(np.quantile(change, q)) for q in INTERVAL)
    return low, middle, high


def said(change: np.ndarray) -> str:
    """The prediction from (draws,) relative changes."""
    low, middle, high = interval(change)
    if np.all(np.abs(change) < UNMOVED):
        return NO_EVIDENCE
    if max(abs(low), abs(high)) < ZERO:
        return "0"
    for sign, agreeing in (("+", change > 0), ("-", change < 0)):
        if np.mean(agreeing) >= AGREE and abs(middle) >= ZERO:
            return sign
    return UNDECIDED


def score(predictions: Iterable[Prediction]) -> dict[str, int]:
    """How many hits, misses and abstentions."""
    marks = [p.mark for p in predictions]
    return {mark: marks.count(mark) for mark in ("hit", "miss", "abstained")}


def always_suppressed(statement: Statement) -> str:
    """The trivial prediction: what activates falls, what suppresses rises."""
    suppressing = ("Treg", "M2_polarization", "other:Breg", "IL10", "TGFB1", "apoptosis", "other:Th17_to_macrophage_conversion")
    return "+" if statement.node in suppressing else "-"


def trivial(asked: Iterable[Statement] | None = None) -> int:
    """Hits of the trivial prediction."""
    return sum(always_suppressed(s) == s.supported for s in (statements() if asked is None else asked))


def kinds_of(statement: Statement) -> tuple[str, ...]:
    """Cells of the culture in the records' words."""
    return tuple(KINDS[name].cell for name in statement.cells)
