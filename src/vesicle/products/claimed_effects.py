"""What claims say that a cargo, or a donor in a state, does to a recipient.

A claim that a cargo raises a phenotype says, for vesicles with more of it, the same sign, and for vesicles with less of it the other one; how much is in no claim. A
reported absence of an effect stays zero. Doubted claims are kept and marked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vesicle.evidence.audit import is_doubted
from vesicle.evidence.claim import Claim, identified, names
from vesicle.evidence.library import Library

OPPOSITE = {"+": "-", "-": "+", "0": "0"}
_ARM = re.compile(r"^hsa-|-[35]p$")
_LETTER = re.compile(r"(?<=\d)[a-z]$")


@dataclass(frozen=True)
class ClaimedEffect:
    """A phenotype with its sign, the recipient, the claim, and whether that claim is in doubt."""

    phenotype: str
    sign: str
    recipient: str
    claim: str
    is_doubted: bool


def cargo_effects(library: Library, cargo: str, is_more: bool = True, recipient: str = "") -> tuple[ClaimedEffect, ...]:
    """What more (or less) of a cargo does, by every claim that names it.

    Parameters
    ----------
    recipient : beginning of a recipient's name; empty for any.
    """
    return tuple(
        ClaimedEffect(phenotype, sign if is_more else OPPOSITE[sign], claim.recipient, claim.id, is_doubted(claim, library.retracted))
        for claim in library.claims
        if any(is_same(name, cargo) for name in names(claim.cargo)) and claim.recipient.startswith(recipient)
        for phenotype, sign in claim.signed("phenotypes").items()
    )


def state_effects(library: Library, donor: str, state: str) -> tuple[ClaimedEffect, ...]:
    """What vesicles of a donor in a state do, whatever is in them, by claims on that donor and state."""
    return tuple(
        ClaimedEffect(phenotype, sign, claim.recipient, claim.id, is_doubted(claim, library.retracted))
        for claim in library.claims
        if _is_about(claim, donor, state)
        for phenotype, sign in claim.signed("phenotypes").items()
    )


def is_same(claimed: str, cargo: str) -> bool:
    """Whether a name in a claim means a cargo; a claim may leave out species, arm and letter (miR-365 for hsa-miR-365a-3p)."""
    if claimed == cargo:
        return True
    stem = _ARM.sub("", _ARM.sub("", cargo))
    return claimed in (stem, _LETTER.sub("", stem))


def is_kind_of(donor: str, other: str) -> bool:
    """Whether a donor is another one or a kind of it (bone marrow mesenchymal stem cell, mesenchymal stem cell)."""
    mine, theirs = identified(donor)[0], identified(other)[0]
    return bool(theirs) and (mine == theirs or mine.endswith(f" {theirs}"))


def _is_about(claim: Claim, donor: str, state: str) -> bool:
    return claim.donor_state == state and (not claim.donor or claim.donor.startswith(donor))
