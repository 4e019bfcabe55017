"""Claims asked as questions: what does this cargo do to this cell, by everything but the claim's own source?

A claim with named miRNAs, a recipient and a phenotype with its sign becomes a question; every work that the claim cites is left out of the evidence, targets and edges
included; the compiled circuit answers over draws, as if delivery were no obstacle (every target held as far as a miRNA can). A sign is called where 80 % of the draws agree,
otherwise the answer is an abstention.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from vesicle.errors import InputError, UnknownName
from vesicle.evidence.claim import Claim, names
from vesicle.evidence.library import Library
from vesicle.evidence.names import is_mirna, resolve
from vesicle.prediction.ensemble import Chain, levels, silenced

SIGNS = {"+": 1, "-": -1}
ANY_CELL = "malignant cell"
DRAWS = 100
FLIPPED = ("negation", "sign")
"""Kinds of mismatch by which the cited work says the opposite of the claim; such claims ask nothing."""


@dataclass(frozen=True)
class Answer:
    """One question and what the circuit said.

    Attributes
    ----------
    claim, cargo, cell, node, reported : the question; reported is +1 or -1.
    called : +1, -1, or 0 for an abstention.
    rises, falls : shares of the draws.
    chain : the shortest way by which the node moves as in the median draw.
    """

    claim: str
    cargo: tuple[str, ...]
    cell: str
    node: str
    reported: int
    called: int
    rises: float
    falls: float
    chain: Chain | None

    @property
    def is_right(self) -> bool:
        """Whether the called sign is the reported one."""
        return self.called == self.reported

    @property
    def words(self) -> str:
        """In one line."""
        said = {1: "+", -1: "-", 0: "no call"}[self.called]
        way = f"; {self.chain.words}" if self.chain and self.called else ""
        asked = f"{self.claim} {'+'.join(self.cargo)} on {self.cell}, {self.node}: reported {'+' if self.reported > 0 else '-'}"
        return f"{asked}, called {said} ({max(self.rises, self.falls):.0%} of draws{way})"


def mirnas_of(claim: Claim) -> tuple[str, ...]:
    """The miRNAs that a claim names and that are one thing; an ambiguous name is none."""
    found = []
    for name in (word for word in names(claim.cargo) if is_mirna(word)):
        try:
            found.append(resolve(name).name)
        except InputError:
            continue
    return tuple(dict.fromkeys(found))


def cell_of(claim: Claim) -> str:
    """The recipient without its identifier; any malignant cell where none is named."""
    return re.sub(r"\s*\[.*", "", names(claim.recipient)[0]) if claim.recipient else ANY_CELL


def questions(library: Library, system: str) -> list[tuple[Claim, str, int]]:
    """Claims of a system that can be asked: claim, phenotype, reported sign."""
    out = []
    for claim in library.claims:
        if system in names(claim.system) and mirnas_of(claim) and claim.mismatch_kind not in FLIPPED:
            out += [(claim, node, SIGNS[sign]) for node, sign in claim.signed("phenotypes").items() if sign in SIGNS]
    return out


def ask(library: Library, claim: Claim, node: str, reported: int, draws: int = DRAWS, copies: float = math.inf) -> Answer:
    """The answer of everything but the claim's own source, with so many copies of each miRNA per cell; an abstention where the node is no part of the core."""
    for key in claim.references:
        library = library.without(reference=key)
    cargo, cell = mirnas_of(claim), cell_of(claim)
    try:
        found = levels(library, silenced(library, cargo, (node,), cell, copies, samples=draws), (node,), cell, samples=draws)
    except UnknownName:
        return Answer(claim.id, cargo, cell, node, reported, 0, 0.0, 0.0, None)
    rises, falls = found.sign_probability(node)
    return Answer(claim.id, cargo, cell, node, reported, found.sign(node), rises, falls, found.chain(node))


def score(answers: Iterable[Answer]) -> tuple[int, int, int]:
    """Right, wrong, and not called."""
    answers = list(answers)
    right = sum(a.is_right for a in answers)
    silent = sum(a.called == 0 for a in answers)
    return right, len(answers) - right - silent, silent
