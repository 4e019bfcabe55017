"""Death by ligands on vesicles: receptors occupied, caspase-8, dead cells.

Each death receptor r (DR4, DR5) that bound vesicles occupy gives a signal s_r by the law of the surface (tight binding in the contact, then a
Hill function of the density of complexes; receptors must meet in groups of three or more, which is what its steepness stands for). Either
receptor starts the same chain, so

    caspase-8   a = 1 - prod_r (1 - s_r),       dN/dt = ... - k_d a N max(0, 1 - N_1 / N)

with N_1 one cell (the last cell of a mean is no cell) and k_d the hazard of a cell whose caspase-8 is fully active. A cell that dies takes
along what is bound to it and in it, its mRNA, protein and guides. Nothing here needs uptake, acid or release into the cytosol; a vesicle
without the ligand does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.surface import symbol_of
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Transfer

DEATH_RECEPTORS = ("DR4", "DR5")
"""Death receptors of TRAIL; the one of FasL on lymphocytes is left to the immune chapter."""
CASPASE = "caspase_8"


class DeathLigand(Mechanism):
    """Recipient cells killed through their death receptors."""

    name: ClassVar[str] = "death_ligand"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D1"
    conserves: ClassVar[str] = "cells: change = growth - death; what a dead cell held is lost with it"
    claims: ClassVar[tuple[str, ...]] = ("C-0766", "C-0767")
    quantities: ClassVar[tuple[str, ...]] = ("death_receptor_kill_rate", "cell_floor")
    absent: ClassVar[str] = "death ligands bind and kill nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Receptors come from ``site.settings['signal_receptors']``, carriers that reach the cell from ``site.settings['particles']``; the particle is not asked for."""
        signals = [symbol(f"signal__{symbol_of(name)}") for name in site.settings["signal_receptors"] if name in DEATH_RECEPTORS]
        quiet: sympy.Expr = sympy.Integer(1)
        for signal in signals:
            quiet = quiet * (1 - signal)
        cells = site.settings["cells"]
        die = symbol("death_rate")
        left = sympy.Max(0, 1 - site.quantity("cell_floor", "cell") / symbol(cells))
        rules = (Rule(CASPASE, "1", 1 - quiet), Rule(str(die), "1/h", site.quantity("death_receptor_kill_rate", "1/h") * symbol(CASPASE) * left))
        reactions = [Reaction("die", {cells: -1}, die * symbol(cells))]
        reactions += [Reaction(f"die_with__{name}", {name: -1}, die * symbol(name)) for name in contents(site)]
        places = (site.settings["bound"], site.settings["endosome"])
        gone = [Transfer(f"die_with_{place}__{p.id}", p.id, place, None, die, sink="died_with_cell") for p in site.settings["particles"] for place in places]
        observables = (
            Observable("caspase-8", "1", symbol(CASPASE), "cell", "active caspase-8, share of the most"),
            Observable("death_rate", "1/h", die, "cell", "hazard of death by death receptors"),
        )
        return Part(rules=rules, reactions=tuple(reactions), transfers=tuple(gone), observables=observables)


def contents(site: Site) -> Iterator[str]:
    """Amounts that sit in recipient cells: mRNA and protein of genes, guides."""
    guides = [g for g in site.settings["guides"] if g.own is None]
    for gene in sorted({g.target for g in site.settings["guides"] if g.target} | set(site.settings["genes"])):
        yield f"{gene}_mRNA"
        yield f"{gene}_protein"
    for guide in guides:
        yield from (f"{guide.id}_cytosol", f"{guide.id}_risc", f"{guide.id}_loads")
