"""What a donor cell holds that may enter its vesicles: miRNA, mRNA, protein, drug.

Each says how many copies a cell has (measured, where nothing is given) and what sorting can read in it. DNA has a page of its own, :mod:`vesicle.products.dna`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Protocol

from vesicle.errors import InputError
from vesicle.products import sequences

TAIL_LETTERS = "AU"


class Cargo(Protocol):
    """What every molecule of a donor has: a name, a kind, and copies per cell (None: as measured)."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def per_cell(self) -> float | None: ...


def identity(cargo: Cargo) -> str:
    """The name as it stands in a network."""
    return re.sub(r"\W+", "_", cargo.name, flags=re.ASCII).strip("_")


@dataclass(frozen=True)
class MicroRNA:
    """A miRNA of the donor.

    Attributes
    ----------
    name : such as hsa-miR-210-3p; its sequence is looked up where none is given.
    sequence : templated sequence.
    tail : non-templated nucleotides of this isoform (U or A); None where the isoforms are mixed as measured, empty for none.
    per_cell : copies per donor cell.
    targets : target sites of this miRNA in the donor over rest.

    Raises
    ------
    UnknownName, InputError
        Without a sequence, or for other letters.
    """

    name: str
    sequence: str = ""
    tail: str | None = None
    per_cell: float | None = None
    targets: float = 1.0
    kind = "miRNA"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sequence", sequences.as_rna(self.sequence or sequences.sequence_of(self.name)))
        if self.tail is not None and set(self.tail) - set(TAIL_LETTERS):
            raise InputError(f"the tail '{self.tail}' of {self.name} has other letters than {' and '.join(TAIL_LETTERS)}; longer extensions are templated sequence.")

    def scrambled(self) -> MicroRNA:
        """The control: the same nucleotides, tail included, in another order without a signal and without a tail."""
        return replace(self, sequence=sequences.scrambled(self.sequence + (self.tail or "")), tail="")


@dataclass(frozen=True)
class MessengerRNA:
    """A mRNA of the donor: its length [nt], and the part of its sequence in which a zip-code is looked for."""

    name: str
    length: float
    sequence: str = ""
    per_cell: float | None = None
    kind = "mRNA"

    def __post_init__(self) -> None:
        object.__setattr__(self, "sequence", sequences.as_rna(self.sequence))
        if not self.length > 0:
            raise InputError(f"the mRNA {self.name} has the length {self.length}; expected a number of nucleotides above 0.")

    def scrambled(self) -> MessengerRNA:
        """The control without a zip-code."""
        return replace(self, sequence=sequences.scrambled(self.sequence))


@dataclass(frozen=True)
class Protein:
    """A protein of the donor: in the membrane or the cytosol, the share that carries ubiquitin, whether it binds a tetraspanin."""

    name: str
    is_in_membrane: bool = False
    ubiquitinated: float = 0.0
    binds_tetraspanin: bool = False
    per_cell: float | None = None
    kind = "protein"

    def __post_init__(self) -> None:
        if not 0 <= self.ubiquitinated <= 1:
            raise InputError(f"the ubiquitinated share of {self.name} is {self.ubiquitinated}; expected a number from 0 to 1.")


@dataclass(frozen=True)
class Drug:
    """A drug in the donor, by its copies in the cytosol of a cell at the start; it is not made anew."""

    name: str
    per_cell: float
    kind = "small_molecule"
