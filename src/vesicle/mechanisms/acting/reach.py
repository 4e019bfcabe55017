"""Which cells a cargo reaches, and how many copies sit in one of them.

Release is per vesicle and, below about one vesicle per cell, random: with L live releases per cell (loads / N) the share of cells reached is

    F = 1 - exp(-L),      copies in a reached cell  x_F = x / (N F)

with x the copies of the whole population. In code N F + 1 stands for N F: fewer than one reached cell is none. A load lives as long as its copies. Where a
scenario holds copies in the cytosol (``site.settings['held_copies']``), every cell has as many for good: F = 1, x = held N.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from vesicle.mechanisms.base import Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Reaction, Rule, Species

FULL_REACH = 50.0
"""Releases per cell beyond which 1 - exp(-L) is 1 in double precision; keeps exp from overflowing."""


IN_NUCLEUS = ("DNA", "mtDNA")
"""Payloads that act elsewhere than in the cytosol."""


@dataclass(frozen=True)
class Payload:
    """A cargo that is no guide RNA: its kind, and the gene, miRNA or receptor that it is about (may be empty)."""

    id: str
    kind: str
    target: str = ""


def in_cell(site: Site, quantity: str, unit: str, label: str = "") -> sympy.Symbol:
    """A quantity of the recipient cell: asked for in the cell's own species."""
    return site.quantity(quantity, unit, label=label, species=site.settings["cell_species"])


def share_reached(site: Site, loads: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
    """1 - exp(-L), written so that a tiny L keeps its digits: 2 exp(-L/2) sinh(L/2)."""
    mean = sympy.Min(sympy.Max(0, loads / cells), site.given("full_reach", FULL_REACH, "EV/cell"))
    return sympy.Min(1, 2 * sympy.exp(-mean / 2) * sympy.sinh(mean / 2))


def in_reached_cell(site: Site, total: sympy.Expr, share: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
    """Copies per reached cell [copy/cell] of a total [copy]."""
    return sympy.Max(0, total / cells) / (share + site.quantity("cell_floor", "cell") / cells)


def held(site: Site, payload: Payload) -> sympy.Expr | None:
    """Copies per cell that a scenario holds in the cytosol of every cell [copy/cell]; none where it holds none. What acts in the nucleus is not held."""
    copies = site.settings.get("held_copies")
    return None if copies is None or payload.kind in IN_NUCLEUS else site.condition(f"held__{payload.id}", copies, "copy/cell")


def cytosolic(site: Site, payload: Payload) -> sympy.Expr:
    """x: copies of a payload in the cytosol of all cells [copy]."""
    kept = held(site, payload)
    return symbol(f"{payload.id}_cytosol") if kept is None else kept * symbol(site.settings["cells"])


def arrival(site: Site, payload: Payload, loss: sympy.Expr) -> Part:
    """Copies in the cytosol that are lost at ``loss`` [1/h], the loads they came by, and the share of cells reached."""
    cells = symbol(site.settings["cells"])
    cytosol, loads = (Species(f"{payload.id}_{where}", payload.id, site.settings["cells"], unit) for where, unit in (("cytosol", "copy"), ("loads", "EV")))
    share, kept = symbol(f"reached__{payload.id}"), held(site, payload)
    reached = share_reached(site, symbol(loads.id), cells) if kept is None else site.given("reached_all", 1.0, "1")
    return Part(
        species=(cytosol, loads),
        rules=(
            Rule(f"reached__{payload.id}", "1", reached),
            Rule(f"copies_per_reached_cell__{payload.id}", "copy/cell", in_reached_cell(site, symbol(cytosol.id), share, cells) if kept is None else kept),
        ),
        reactions=(
            Reaction(f"lose_cytosolic__{payload.id}", {cytosol.id: -1}, loss * symbol(cytosol.id)),
            Reaction(f"lose_load__{payload.id}", {loads.id: -1}, loss * symbol(loads.id)),
        ),
        observables=(
            Observable(f"reached_cells:{payload.id}", "1", share, "cell", f"share of cells reached by {payload.id}"),
            Observable(f"cytosolic:{payload.id}", "copy/cell", cytosolic(site, payload) / cells, "cell", f"{payload.id} in the cytosol per cell"),
        ),
    )


def payloads(site: Site, kinds: tuple[str, ...]) -> tuple[Payload, ...]:
    """The payloads of some kinds that an arm's particles can bring."""
    given: tuple[Payload, ...] = site.settings.get("payloads", ())
    return tuple(p for p in given if p.kind in kinds)
