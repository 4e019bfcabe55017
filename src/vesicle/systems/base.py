"""What an experiment on a system is, and what it finds."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from vesicle.evidence.library import Library


@dataclass(frozen=True)
class Check:
    """One thing that must hold: what was looked at, the number, what was expected, whether it held."""

    what: str
    value: float | str
    expected: str
    holds: bool


@dataclass(frozen=True)
class Finding:
    """The outcome of an experiment.

    Attributes
    ----------
    system : A1 to G5.
    works : whether every check held.
    checks : all of them.
    knocked_out : what was taken away, empty in the experiment itself.
    """

    system: str
    works: bool
    checks: tuple[Check, ...]
    knocked_out: str = ""

    @property
    def reasons(self) -> list[str]:
        """The checks that did not hold, in words."""
        return [f"{c.what}: {_shown(c.value)}, expected {c.expected}" for c in self.checks if not c.holds]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        return {
            "system": self.system, "works": self.works, "knocked_out": self.knocked_out,
            "numbers": [{"what": c.what, "value": c.value, "expected": c.expected, "holds": c.holds} for c in self.checks], "reasons": self.reasons,
        }  # fmt: skip


class Experiment(ABC):
    """A small in-silico experiment on one system.

    Class attributes
    ----------------
    system : A1 to G5.
    asks : the question, in one sentence.
    takes_away : what the twin lacks; without it the experiment must not work.
    used : ids of claims that set structure or sign and are not tested by this.
    predicts : ids of claims that a check of the experiment decides; none of them sets what is tested.
    told : ids of claims whose answer is said, right or wrong, and decides nothing.
    """

    system: ClassVar[str]
    asks: ClassVar[str]
    takes_away: ClassVar[str]
    used: ClassVar[tuple[str, ...]] = ()
    predicts: ClassVar[tuple[str, ...]] = ()
    told: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Perform it, or its twin."""

    def perform(self, library: Library, knocked_out: bool = False) -> Finding:
        """The experiment, or its twin, judged."""
        found = tuple(self.checks(library, knocked_out))
        return Finding(self.system, all(c.holds for c in found), found, self.takes_away if knocked_out else "")


def _shown(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"


def told(what: str, value: float | str, words: str = "told, not judged") -> Check:
    """Something that is said and decides nothing."""
    return Check(what, value, words, True)


def between(what: str, value: float, low: float, high: float) -> Check:
    """Holds when a number lies in a range, ends included."""
    return Check(what, float(value), f"{low:g} to {high:g}", bool(low <= value <= high))


def above(what: str, value: float, bound: float) -> Check:
    """Holds when a number is larger than a bound."""
    return Check(what, float(value), f"more than {bound:g}", bool(value > bound))


def below(what: str, value: float, bound: float) -> Check:
    """Holds when a number is smaller than a bound."""
    return Check(what, float(value), f"less than {bound:g}", bool(value < bound))
