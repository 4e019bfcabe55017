"""An anti-miRNA holds its own miRNA off the targets, as long as it lasts.

In a cell with A copies of the anti-miRNA and R guides of its miRNA in AGO (delivered or the cell's own), the tight-binding law gives the complexes

    c = ((A + R + K_A) - sqrt((A + R + K_A)^2 - 4 A R)) / 2,      free guides  R' = R - c = R (1 - 2 A / (b + sqrt(b^2 - 4 A R))),  b = A + R + K_A

and only R' acts on targets (:mod:`vesicle.mechanisms.acting.silencing`). Binding is fast against turnover, so it is held in equilibrium; the miRNA is
not destroyed and comes back as the anti-miRNA is lost. Another miRNA has no site, so nothing else changes.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import arrival, in_cell, payloads
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, join

KINDS = ("anti-miRNA",)


def free_share(site: Site, anti: str, guides: sympy.Expr) -> sympy.Expr:
    """R' / R in a cell that an anti-miRNA (by id) has reached and that holds R guides of its miRNA [copy/cell]."""
    held = symbol(f"copies_per_reached_cell__{anti}")
    constant = in_cell(site, "anti_mirna_dissociation", "copy/pL") * in_cell(site, "cytosol_volume", "pL") / site.given("one_cell", 1.0, "cell")
    b = held + guides + constant
    return sympy.Max(0, 1 - 2 * held / (b + sympy.sqrt(sympy.Max(0, b**2 - 4 * held * guides))))


class AntiMirna(Mechanism):
    """Arrival and loss of anti-miRNA in the cytosol; what it does is done where its miRNA acts."""

    name: ClassVar[str] = "anti_mirna"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "C3"
    conserves: ClassVar[str] = "anti-miRNA copies: released = free + on their miRNA + lost; no miRNA is lost to them"
    claims: ClassVar[tuple[str, ...]] = ("C-0306", "C-0308")
    quantities: ClassVar[tuple[str, ...]] = ("cell_floor", "anti_mirna_half_life")
    absent: ClassVar[str] = "anti-miRNA in the cytosol does nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Anti-miRNAs come from ``site.settings['payloads']``; the particle is not asked for."""
        loss = sympy.log(2) / in_cell(site, "anti_mirna_half_life", "h")
        return join(*(arrival(site, payload, loss) for payload in payloads(site, KINDS)))
