"""Kinds of immune cells in a culture, what is known of each, and what vesicles carry to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vesicle.evidence.priors.edges import Edge

SURFACE, CONTACT, LUMEN = "surface", "contact", "lumen"
COMPARED_WITH = "T cell"
"""The cell that relative uptake was compared with."""


@dataclass(frozen=True)
class Act:
    """What one cargo does to one node: +1 brings it or works as it, -1 takes it away.

    ``receptor`` is the counted receptor by which it does so, as the records spell it; empty where the half effect of the cargo is asked for. ``direct`` says whether the
    vesicles that the cell holds do it; ``by`` which other kinds take vesicles and show the cargo to it.
    """

    cargo: str
    node: str
    sign: int
    receptor: str = ""
    direct: bool = True
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carried:
    """A cargo of the vesicles.

    Attributes
    ----------
    name : as the records spell it.
    quantity : which quantity has its copies.
    place : surface, contact or lumen.
    donor : cell that made the vesicles.
    half : label of its half effect.
    state : of the donor, where a record says how it changes the copies.
    peptide : whether only the share of it that holds the peptide acts.
    """

    name: str
    quantity: str
    place: str
    donor: str
    half: str
    state: str = ""
    peptide: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of cell in a culture.

    Attributes
    ----------
    name, cell : an identifier, and the cell as the records name it.
    number : cells.
    edges : signed edges that hold in it.
    acts : what the cargo does in it.
    expression : gene -> expression, where a table holds it; at least what counts as there.
    stimuli : nodes that the culture's stimulus drives in it.
    follows : nodes that are asked for.
    surface : the cell whose receptors it has, as the records name it.
    experience : naive or effector, for how many complexes of MHC and peptide it takes.
    together : (source, target, other): a raising edge that counts only together with another node.
    """

    name: str
    cell: str
    number: float
    edges: tuple[Edge, ...]
    acts: tuple[Act, ...] = ()
    expression: Mapping[str, float] = field(default_factory=dict)
    stimuli: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    surface: str = ""
    experience: str = ""
    together: tuple[tuple[str, str, str], ...] = ()

    @property
    def gated(self) -> tuple[str, ...]:
        """Nodes with an input, sorted."""
        return tuple(sorted({e.target for e in self.edges}))

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node, sorted."""
        return tuple(sorted({e.source for e in self.edges} | {e.target for e in self.edges} | set(self.follows)))

    @property
    def counted(self) -> tuple[Act, ...]:
        """Acts by a receptor that was counted."""
        return tuple(act for act in self.acts if act.receptor)


@dataclass(frozen=True)
class Talk:
    """A culture: its kinds of cells, what is heard by all, and what the vesicles carry."""

    kinds: tuple[Kind, ...]
    shared: tuple[str, ...]
    carried: tuple[Carried, ...]
