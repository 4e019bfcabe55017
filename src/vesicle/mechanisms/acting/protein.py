"""Protein brought by vesicles: a burst at each release, then turnover.

    dP/dt = released copies - d_P P,      d_P = ln 2 / half-life

All copies of a vesicle arrive at once, so below one release per cell the mean P / N hides a few cells with P / (N F) copies and many with none (F the
share of cells reached). Where the recipient makes the same protein, the gain is P / (N P_0), with P_0 its own copies at rest.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import Payload, arrival, cytosolic, in_cell, payloads
from vesicle.mechanisms.acting.translation import own_protein
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, join

KINDS = ("protein",)


class ProteinTransfer(Mechanism):
    """Delivered protein: bursts and turnover."""

    name: ClassVar[str] = "protein_transfer"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "C3"
    conserves: ClassVar[str] = "protein copies: released = cytosolic + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0017",)
    quantities: ClassVar[tuple[str, ...]] = ("cell_floor", "protein_half_life", "mrna_half_life", "proteins_per_mrna_lifetime", "mrna_copies_per_cell")
    absent: ClassVar[str] = "protein in the cytosol is not counted"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Proteins come from ``site.settings['payloads']``; the particle is not asked for."""
        return join(*(self._one(site, payload) for payload in payloads(site, KINDS)))

    def _one(self, site: Site, payload: Payload) -> Part:
        cells = symbol(site.settings["cells"])
        loss = sympy.log(2) / in_cell(site, "protein_half_life", "h", label=payload.target)
        burst = symbol(f"copies_per_reached_cell__{payload.id}")
        observables = [Observable(f"in_reached_cell:{payload.id}", "copy/cell", burst, "cell", f"{payload.id} per cell that it reached")]
        if payload.target:
            gain = cytosolic(site, payload) / (cells * own_protein(site, payload.target))
            observables.append(Observable(f"protein_gain:{payload.id}", "1", gain, "cell", f"{payload.target} protein added by {payload.id}, relative to the cell's own"))
        return join(arrival(site, payload, loss), Part(observables=tuple(observables)))
