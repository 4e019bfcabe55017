"""What the vesicles of a donor hold, by molecule, with copies per vesicle where they were measured and *unknown* where not.

A composition is a list of names from claims that hold (systems B1, B2, B5): a class of molecule, a name, where it sits, which claims say so.
How many copies one vesicle has is a measurement or it is unknown. Numbers of kinds ("4,934 miRNAs") are totals over studies: how many different
molecules were ever seen, never how many one vesicle holds. They are kept apart, and asking for copies where none were measured is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vesicle.errors import ModelError
from vesicle.evidence.audit import is_doubted
from vesicle.evidence.claim import Claim, names
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import Measurement
from vesicle.evidence.terms import curie

SYSTEMS = ("B1", "B2", "B5")
TETRASPANINS = ("CD9", "CD63", "CD81")
# which measured quantity answers for a name or a class; a name goes before its class
COPIES_OF = {
    **dict.fromkeys(TETRASPANINS, "tetraspanin_copies_per_ev"),
    "CD274": "pdl1_copies_per_ev",
    "CD47": "cd47_copies_per_ev",
    "miRNA": "mirna_copies_per_ev",
}
_TOTAL = re.compile(r"([\d,]+) (proteins|lipids|miRNAs|mRNAs)")


@dataclass(frozen=True)
class Constituent:
    """One molecule: its class, name, identifier, place (may be empty), and the claims that name it."""

    kind: str
    name: str
    curie: str
    location: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Total:
    """A number of kinds printed by a claim, over all studies."""

    claim: str
    kind: str
    number: int


def composition(library: Library, donor: str = "") -> tuple[Constituent, ...]:
    """What claims name in the vesicles of a donor (and of exosomes in general), by class and name.

    Parameters
    ----------
    donor : beginning of a donor's name, like ``mesenchymal stem cell``; empty for exosomes in general only.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for claim in library.claims:
        if _speaks(claim, library, donor):
            for kind in names(claim.cargo_type):
                for name in names(claim.cargo) or [kind]:
                    found.setdefault((kind, name, claim.location), []).append(claim.id)
    return tuple(Constituent(kind, name, curie(name), place, tuple(ids)) for (kind, name, place), ids in sorted(found.items()))


def totals(library: Library) -> tuple[Total, ...]:
    """Numbers of kinds that claims print."""
    return tuple(
        Total(claim.id, kind.removesuffix("s"), int(number.replace(",", "")))
        for claim in library.claims
        if "B2" in names(claim.system)
        for number, kind in _TOTAL.findall(claim.effect_size)
    )


def copies(library: Library, constituent: Constituent) -> list[Measurement]:
    """Measured copies per vesicle of a molecule; several records where they disagree.

    Raises
    ------
    ModelError
        If nobody measured them.
    """
    quantity = COPIES_OF.get(constituent.name) or COPIES_OF.get(constituent.kind, "")
    found = [m for m in library.of(quantity) if m.role == "input" and m.reference not in library.retracted] if quantity else []
    if not found:
        raise ModelError(f"copies of {constituent.name} per vesicle are unknown: nobody measured them here, and totals of databases are no copies. Add a measurement.")
    return found


def has_known_copies(library: Library, constituent: Constituent) -> bool:
    """Whether copies per vesicle were measured."""
    try:
        return bool(copies(library, constituent))
    except ModelError:
        return False


def _speaks(claim: Claim, library: Library, donor: str) -> bool:
    about = not claim.donor or (donor and claim.donor.startswith(donor))
    return bool(about and claim.cargo_type and set(names(claim.system)) & set(SYSTEMS) and not is_doubted(claim, library.retracted))
