"""Table 2 of the second review as one experiment: each row predicted without its own primary reference.

A row says which cells, which stimulus, which donor, and what was read (``table2.tsv``). The sign comes from the wiring of each kind of cell
(:mod:`vesicle.model.immunity`), run with and without the vesicles in the same draws, *as if delivery were effective*; whether counted copies carry it is asked apart. A
prediction is

    no evidence     nothing that the vesicles bring leads to what was read
    0               90 % of the draws within 10 % of untreated
    + or -          nine draws of ten agree in sign, and the median is beyond 10 %
    undecided       else

Beside it stands where the draws lean, whatever the size: + or - where nine of ten agree. Every judged "more" or "less" of E1 to E9 asks this law: a sign without size does
not hold.

``no evidence`` answers nothing, also where zero is expected; how many expected zeros were met so is counted by itself.

The printed sign is what the review's row says, the supported one what its own source says (as curated); they differ where the review is wrong.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from vesicle import reading
from vesicle.engines.program import draw_matrix, with_held
from vesicle.engines.settling import Settling
from vesicle.errors import SolverError
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.model.immunity import Culture, assemble_culture, talk_of
from vesicle.systems.base import Check, told

TABLE = Path(__file__).parent / "table2.tsv"
COLUMNS = ("row", "reference", "claims", "system", "donor", "state", "cells", "stimuli", "kind", "node", "printed", "supported", "note")
DRAWS, SEED = 60, 1
ZERO, AGREE, INTERVAL = 0.10, 0.9, (0.05, 0.5, 0.95)
NO_EVIDENCE, UNDECIDED = "no evidence", "undecided"
MARKS = {"hit": "right", "miss": "wrong", "abstained": "abstained"}
TABLE_NAME = "Table 2 (experiment K03 in docs/verification.md)"
EVEN_FOLD, EVEN_LOW, EVEN_HIGH = 1.0, 0.1, 10.0
"""What a fold is taken to be where its direction is forgotten."""
OPPOSITE = {"+": "-", "-": "+"}
UNMOVED = 1e-5
"""Below a hundred times what settling leaves open: nothing leads there."""


@dataclass(frozen=True)
class Statement:
    """One signed statement of a row."""

    row: str
    reference: str
    claims: tuple[str, ...]
    system: str
    donor: str
    state: str
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
    """What the wiring says of a statement: the sign, where the draws lean (empty: nowhere), and relative changes at 5, 50 and 95 % of the draws."""

    statement: Statement
    said: str
    leaning: str
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


def _statement(cells: Mapping[str, str]) -> Statement:
    several = {name: tuple(filter(None, cells[name].split(";"))) for name in ("claims", "cells", "stimuli")}
    return Statement(**{**{name: cells[name] for name in COLUMNS if name not in several}, **several})  # type: ignore[arg-type]


def claims_of(system: str) -> tuple[str, ...]:
    """Ids of the claims that the rows of a system make, in the order of the table."""
    return tuple(dict.fromkeys(claim for s in statements() if s.system == system for claim in s.claims))


def culture_of(statement: Statement, imposed: bool = True, level: float = 10.0) -> Culture:
    """The culture of a statement."""
    return Culture(
        kinds=statement.cells, donor=statement.donor, state=statement.state, stimuli=statement.stimuli, imposed=imposed, imposed_level=level,
    )  # fmt: skip


@dataclass(frozen=True)
class Run:
    """A culture in every draw, without what vesicles bring, with it as the culture says, and with it as counted: observable -> (draws,)."""

    rest: dict[str, np.ndarray]
    treated: dict[str, np.ndarray]
    counted: dict[str, np.ndarray]

    def change(self, name: str, as_counted: bool = False) -> np.ndarray:
        """(draws,) change of an observable relative to untreated, in the same draws."""
        return np.asarray((self.counted if as_counted else self.treated)[name] / self.rest[name] - 1)


class Cultures:
    """Cultures that were run; one that is the same in wiring, numbers and draws is run once."""

    def __init__(self) -> None:
        self._runs: list[tuple[object, Run]] = []
        self._asked: list[tuple[object, Run]] = []

    def run(self, culture: Culture, library: Library, draws: int = DRAWS) -> Run:
        """A culture without and with its vesicles.

        Raises
        ------
        SolverError
            If a draw does not settle.
        """
        asked = (culture, library.content, draws)
        found = next((run for other, run in self._asked if other == asked), None)
        if found is None:
            found = self._wired(culture, library, draws)
            self._asked.append((asked, found))
        return found

    def _wired(self, culture: Culture, library: Library, draws: int) -> Run:
        """The same for cultures of the same wiring, whatever library made it."""
        talk = talk_of(culture, library)
        key = (talk, culture, library.measurements, draws)
        found = next((run for other, run in self._runs if other == key), None)
        if found is None:
            model = assemble_culture(culture, library, talk)
            network, parameters = Settling(model), model.network.parameters
            held: tuple[dict[str, float], ...] = ({"given": 0.0}, {}, {"imposed": 0.0, "gain": 1.0})
            drawn = draw_matrix(parameters, SEED, range(draws))
            settled = network.settle(np.vstack([with_held(drawn, parameters, numbers) for numbers in held]))
            if not settled.at_rest.all():
                raise SolverError("a culture of immune cells does not settle in every draw.")
            found = Run(*({name: values[i * draws : (i + 1) * draws] for name, values in settled.observables.items()} for i in range(len(held))))
            self._runs.append((key, found))
        return found


SHARED = Cultures()
"""What this process has run; experiments on E1 to E9 ask for the same cultures."""


class Panel:
    """The whole table with one library.

    Parameters
    ----------
    library : what is known.
    excluded : whether every row is predicted without its own reference.
    imposed, level : whether delivery is set, and to how many times the half effect of the strongest cargo.
    without : the vesicles carry nothing, whoever made them: the twin.
    """

    def __init__(self, library: Library, *, excluded: bool = True, imposed: bool = True, level: float = 10.0, without: bool = False, draws: int = DRAWS):
        self._library, self._excluded, self._imposed, self._level, self._without, self._draws = library, excluded, imposed, level, without, draws

    def predict(self, asked: Iterable[Statement] | None = None) -> list[Prediction]:
        """A prediction for every statement, or for these."""
        return [self._predict(s) for s in (statements() if asked is None else asked)]

    def change(self, statement: Statement, as_counted: bool = False) -> np.ndarray | None:
        """(draws,) change of what a statement reads; None where nothing leads to it."""
        library = self._library.without(reference=statement.reference) if self._excluded else self._library
        culture = culture_of(statement, self._imposed, self._level)
        found = SHARED.run(replace(culture, cargo={}, donor="", state="") if self._without else culture, library, self._draws)
        return found.change(statement.read, as_counted) if statement.read in found.rest else None

    def _predict(self, statement: Statement) -> Prediction:
        change = self.change(statement)
        if change is None:
            return Prediction(statement, NO_EVIDENCE, "", (0.0, 0.0, 0.0))
        return Prediction(statement, said(change), leaning(change), interval(change))


def interval(change: np.ndarray) -> tuple[float, float, float]:
    """5, 50 and 95 % of the draws."""
    low, middle, high = (float(np.quantile(change, q)) for q in INTERVAL)
    return low, middle, high


def said(change: np.ndarray) -> str:
    """The prediction from (draws,) relative changes."""
    low, middle, high = interval(change)
    if no_way(change):
        return NO_EVIDENCE
    if max(abs(low), abs(high)) < ZERO:
        return "0"
    return leaning(change) if leaning(change) and abs(middle) >= ZERO else UNDECIDED


def leaning(change: np.ndarray) -> str:
    """The sign in which enough draws agree, whatever the size; empty for none."""
    if no_way(change):
        return ""
    return next((sign for sign, agreeing in (("+", change > 0), ("-", change < 0)) if np.mean(agreeing) >= AGREE), "")


def score(predictions: Iterable[Prediction]) -> dict[str, int]:
    """How many hits, misses and abstentions."""
    marks = [p.mark for p in predictions]
    return {mark: marks.count(mark) for mark in MARKS}


def no_way(change: np.ndarray) -> bool:
    """Whether nothing leads to what changed by this, in any draw."""
    return bool(np.all(np.abs(change) < UNMOVED))


def always_suppressed(statement: Statement) -> str:
    """The trivial prediction: what activates falls, what suppresses rises."""
    suppressing = ("Treg", "M2_polarization", "other:Breg", "IL10", "TGFB1", "apoptosis", "other:Th17_to_macrophage_conversion")
    return "+" if statement.node in suppressing else "-"


def trivial(asked: Iterable[Statement] | None = None) -> int:
    """Hits of the trivial prediction."""
    return sum(always_suppressed(s) == s.supported for s in (statements() if asked is None else asked))


def relative(change: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """(draws,) change of what changed by ``change`` relative to what changed by ``reference``, both against the same untreated."""
    return np.asarray((1 + change) / (1 + reference) - 1)


def words(change: np.ndarray, expected: str = "") -> str:
    """What is said of a change, its median and 5 to 95 %, and whether only the size is missing; beside an expected sign, whether it leans the other way."""
    low, middle, high = interval(change)
    lean = leaning(change)
    small = "; the sign is there, the size is not" if lean and lean != said(change) else ""
    return f"{said(change)}, {middle:+.2g} ({low:+.2g} to {high:+.2g}){'; it leans the other way' if expected and lean not in ('', expected) else small}"


def says(what: str, change: np.ndarray, sign: str) -> Check:
    """Holds when a change is said with a sign, by the law of the panel."""
    return Check(what, words(change, sign), f"{sign} (nine draws of ten, and beyond {ZERO:.0%} at the median)", said(change) == sign)


def sign_of(library: Library, claim: str, phenotype: str) -> str:
    """``+`` or ``-``, as a claim says of a phenotype."""
    record = library.by_id[claim]
    assert isinstance(record, Claim)
    return record.signed("phenotypes")[phenotype]


def with_even_folds(library: Library) -> Library:
    """A library that forgets in which direction the states of donors move their cargo: every fold 1, 0.1 to 10."""
    even = tuple(replace(m, value=EVEN_FOLD, low=EVEN_LOW, high=EVEN_HIGH, distribution="lognormal") if m.quantity == "state_cargo_fold" else m for m in library.measurements)
    return replace(library, measurements=even, content=hashlib.sha256(f"{library.content}|even folds".encode()).hexdigest()[:16])


def without_sources(library: Library, claims: Iterable[str]) -> Library:
    """A library without the works that these claims cite."""
    for reference in sorted({key for name in claims for key in library.by_id[name].references}):  # type: ignore[union-attr]
        library = library.without(reference=reference)
    return library


def panel_checks(system: str, library: Library, knocked_out: bool) -> list[Check]:
    """What every experiment on rows of the table shares.

    Judged: more statements right than wrong, and at least as many right as not, because to abstain is no answer. Told: every statement, the habit, where draws lean, expected
    zeros to which nothing leads, and whether counts carry it.
    """
    mine = [s for s in statements() if s.system == system]
    panel = Panel(library, without=knocked_out)
    predictions = panel.predict(mine)
    found, signed = score(predictions), [p for p in predictions if p.statement.supported in "+-"]
    right, wrong = (sum(bool(p.leaning) and (p.leaning == p.statement.supported) is same for p in signed) for same in (True, False))
    zeros = [p.said for p in predictions if p.statement.supported == "0"]
    counted = [change for s in mine if (change := panel.change(s, as_counted=True)) is not None]
    moved = [f"{np.median(change):.2g}" for change in counted]
    carried = max((float(np.mean(np.abs(change) >= ZERO)) for change in counted), default=0.0)
    answers = ", ".join(f"{found[mark]} {name} ({_rows(p.statement for p in predictions if p.mark == mark)})" for mark, name in MARKS.items())
    return [
        Check(
            f"statements of {TABLE_NAME}, each without its own source",
            f"{answers}; always suppressing has {trivial(mine)} of {len(mine)} right",
            "more right than wrong",
            found["hit"] > found["miss"],
        ),
        Check(
            f"statements of {TABLE_NAME} answered right, of all",
            f"{found['hit']} of {len(mine)}; {_rows(p.statement for p in predictions if p.mark != 'hit')} wrong or abstained in part or whole",
            "at least half, because to abstain is no answer",
            2 * found["hit"] >= len(mine),
        ),
        told("the same", "; ".join(f"row {p.statement.row} {p.statement.read} {p.said} (source {p.statement.supported})" for p in predictions)),
        told("where nine draws of ten lean, whatever the size", f"{right} right, {wrong} wrong of {len(signed)}"),
        told("zeros that are expected", f"{len(zeros)}: {zeros.count('0')} answered by 0, {zeros.count(NO_EVIDENCE)} by no way that leads there (no hit)"),
        told(
            "the same at the copies and half effects of the records, 300 vesicles per cell",
            f"median changes {', '.join(moved)}; beyond 10 % in at most {carried:.0%} of draws",
            "told, not judged; nearly all of these numbers are assumed",
        ),
    ]


def _rows(asked: Iterable[Statement]) -> str:
    """``rows 1, 6``, as the table names them; ``text`` is the zero of the running text."""
    rows = list(dict.fromkeys(s.row for s in asked))
    return f"row{'s' * (len(rows) > 1)} {', '.join(rows)}" if rows else "no row"
