"""States of a donor: which regulators they bring, and which content of the cell they change.

A fold F of the content n0 of a cell is measured (or assumed, with the sign of a claim): n = n0 F, or n0 (1 + level (F - 1)) where the state acts through a component.
An effect that claims report for one donor holds for that donor only; for every other cell it is unknown and nothing is changed. A state without an effect
here (priming, inflammation) has claims on what its vesicles do, but nobody measured what it changes in them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class State:
    """A tag of a donor: the regulators of secretion that it brings (names of REGULATORS), and its name in claims."""

    name: str
    regulators: tuple[str, ...] = ()
    claimed_as: str = ""


@dataclass(frozen=True)
class ContentEffect:
    """A state changes the copies of a cargo in the cell.

    Attributes
    ----------
    state, cargo : which state, which molecule.
    evidence : claims (C-) and edges of the core (E-) that give it.
    claimed : the sign that they say.
    through : component that it needs, or empty.
    donor : the only donor that claims report it for, or empty for any.
    """

    state: str
    cargo: str
    evidence: tuple[str, ...]
    claimed: str
    through: str = ""
    donor: str = ""

    @property
    def label(self) -> str:
        """Label of its fold among the measurements."""
        return f"{self.state}, {self.cargo}"


STATES = {
    state.name: state
    for state in (
        State("native", (), "native"),
        State("tumour", (), "tumour"),
        State("hypoxia", ("hypoxia",), "hypoxia"),
        State("low pH", ("low pH",), "primed:low pH"),
        State("inflammation", (), "primed:inflammation"),
        State("primed:TLR", (), "primed:TLR"),
        State("primed:TGF-beta+IFN-gamma", (), "primed:TGF-beta+IFN-gamma"),
        State("drug_resistant", (), "drug_resistant"),
    )
}
CONTENT = (
    ContentEffect("hypoxia", "hsa-miR-210-3p", ("E-1484",), "+", through="HIF1A"),
    ContentEffect("hypoxia", "hsa-miR-135b-5p", ("C-0219",), "+", donor="multiple myeloma cell"),
    ContentEffect("drug_resistant", "hsa-miR-365a-3p", ("C-0191",), "+", donor="chronic myeloid leukemia cell"),
)


def effects(states: Iterable[str], donor: str, cargo: str) -> tuple[ContentEffect, ...]:
    """What the states of a donor do to its copies of a cargo."""
    return tuple(e for e in CONTENT if e.state in states and e.cargo == cargo and e.donor in ("", donor))
