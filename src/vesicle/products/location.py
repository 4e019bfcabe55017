"""Where the cargo of a preparation sits, and what nuclease, protease and detergent leave of it.

Four places: the *lumen* of a vesicle, its *outer* surface, *free* beside the vesicles (with protein or naked), and in an *aggregate*. Copies are means per vesicle
of the preparation, wherever they sit. A nuclease takes the naked molecules of its own kind that it reaches:

    left of what is reached      q = r + (1 - r) s          r residual of naked molecules, s share that protein shields (s p after a protease)
    outer, free                  n' = n q
    aggregate                    n' = n (g + (1 - g) q)     g share inside the aggregate
    lumen                        n' = n (1 - b (1 - q))     b share of vesicles whose membrane is broken

A detergent opens the share d of the vesicles: d n of lumen and outer surface becomes free before the nuclease acts, and those vesicles are gone. Without a
nuclease no molecule is lost. So DNase takes DNA of the outer surface and not of the lumen, with a detergent both, and never RNA.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.site import Site

LUMEN, OUTER, FREE, AGGREGATE = "lumen", "outer", "free", "aggregate"
PLACES = (LUMEN, OUTER, FREE, AGGREGATE)
DNA_KINDS = ("DNA", "mtDNA")
RNA_KINDS = ("miRNA", "siRNA", "mRNA", "anti-miRNA", "RNA")
NUCLEASES = {"DNase": DNA_KINDS, "RNase": RNA_KINDS, "benzonase": (*DNA_KINDS, *RNA_KINDS)}
"""Nuclease -> the kinds of molecule that it cuts."""


@dataclass(frozen=True)
class Located:
    """Molecules of one name at one place.

    Attributes
    ----------
    name : the molecule.
    kind : one of :data:`DNA_KINDS` or :data:`RNA_KINDS`, or any other class (protein, lipid), which no nuclease cuts.
    place : one of :data:`PLACES`.
    copies : mean copies per vesicle of the preparation [copy/EV].

    Raises
    ------
    UnknownName
        For a place that is none.
    """

    name: str
    kind: str
    place: str
    copies: sympy.Expr

    def __post_init__(self) -> None:
        if self.place not in PLACES:
            raise unknown_name("place of cargo", self.place, PLACES)


@dataclass(frozen=True)
class Treatment:
    """What is added to a preparation before use: a nuclease (or none), a protease, a detergent.

    Raises
    ------
    UnknownName
        For a nuclease that nobody knows.
    """

    nuclease: str = ""
    detergent: bool = False
    protease: bool = False

    def __post_init__(self) -> None:
        if self.nuclease and self.nuclease not in NUCLEASES:
            raise unknown_name("nuclease", self.nuclease, NUCLEASES)

    def cuts(self, kind: str) -> bool:
        """Whether the nuclease cuts this kind of molecule."""
        return kind in NUCLEASES.get(self.nuclease, ())


def treat(site: Site, cargo: Iterable[Located], nuclease: str = "", detergent: bool = False, protease: bool = False) -> tuple[Located, ...]:
    """What a treatment leaves of a preparation: the same molecules, fewer of them, and elsewhere where vesicles were opened.

    Raises
    ------
    UnknownName
        For a nuclease that nobody knows.
    """
    treatment = Treatment(nuclease, detergent, protease)
    return _merged(replace(part, copies=part.copies * left(site, part.kind, part.place, treatment)) for item in cargo for part in _opened(site, item, treatment))


def left(site: Site, kind: str, place: str, treatment: Treatment) -> sympy.Expr:
    """Share of the molecules at a place that the nuclease of a treatment leaves; 1 for those that it does not cut."""
    if not treatment.cuts(kind):
        return sympy.Integer(1)
    return _REACH[place](site, _reached(site, kind, treatment))


def intact(site: Site, treatment: Treatment) -> sympy.Expr:
    """Share of the vesicles that a treatment leaves closed; only these can be bound and taken up as vesicles."""
    return 1 - site.quantity("detergent_lysis_share", "1") if treatment.detergent else sympy.Integer(1)


def _reached(site: Site, kind: str, treatment: Treatment) -> sympy.Expr:
    """q of the module."""
    label = "DNA" if kind in DNA_KINDS else "RNA"
    residual, shield = site.quantity("nuclease_residual", "1"), site.quantity("nuclease_shielded_share", "1", label=label)
    if treatment.protease:
        shield = shield * site.quantity("protease_shield_residual", "1")
    return residual + (1 - residual) * shield


def _in_lumen(site: Site, reached: sympy.Expr) -> sympy.Expr:
    return 1 - site.quantity("broken_vesicle_share", "1") * (1 - reached)


def _in_aggregate(site: Site, reached: sympy.Expr) -> sympy.Expr:
    inside = site.quantity("aggregate_unreached_share", "1")
    return inside + (1 - inside) * reached


def _exposed(_: Site, reached: sympy.Expr) -> sympy.Expr:
    return reached


_REACH: dict[str, Callable[[Site, sympy.Expr], sympy.Expr]] = {LUMEN: _in_lumen, OUTER: _exposed, FREE: _exposed, AGGREGATE: _in_aggregate}


def _opened(site: Site, item: Located, treatment: Treatment) -> tuple[Located, ...]:
    """Lumen and surface of a vesicle that the detergent opens become free."""
    if not treatment.detergent or item.place not in (LUMEN, OUTER):
        return (item,)
    closed = intact(site, treatment)
    return replace(item, copies=item.copies * closed), replace(item, place=FREE, copies=item.copies * (1 - closed))


def _merged(parts: Iterable[Located]) -> tuple[Located, ...]:
    """Molecules of one name and kind at one place, added up."""
    found: dict[tuple[str, str, str], sympy.Expr] = {}
    for part in parts:
        key = (part.name, part.kind, part.place)
        found[key] = found[key] + part.copies if key in found else part.copies
    return tuple(Located(*key, copies) for key, copies in found.items())
