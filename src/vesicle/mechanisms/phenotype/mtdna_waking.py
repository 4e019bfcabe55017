"""Mitochondrial DNA from outside wakes a dormant cell that respires too little.

A genome freed in a cell is established with the chance eta (reaches a mitochondrion and replicates). Below about one genome per cell the mean says nothing, so
cells are counted: with m genomes freed per cell, a share F = 1 - exp(-eta m) of the dormant cells has at least one (Poisson), the others stay as they are.
In a cell that has one, the incoming genome replicates until there are M with the old ones, as in a proliferating cell, and respiration follows with a threshold:

    dG/dt = (ln 2/t_double) G (1 - x),      x = x0 + G/M, G incoming genomes of one such cell, 1 at the start
    H(x) = x^h/(x^h + theta^h)
    d(waking)/dt = - k_wake H(x) waking,    d(awake)/dt = + k_wake H(x) waking

theta is the share of genomes at which respiration is half restored, x0 the share that a dormant cell has left; these are held to be unfit to replicate, otherwise the cell
would wake alone. Cells in which respiration is intact have nothing to gain and are no part of this.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

GENOMES, WAITING, DORMANT, AWAKE = "mtdna_genomes", "cells_with_genome", "cells_dormant", "cells_awake"


class MtdnaWaking(Mechanism):
    """Dormant cells that respire too little are woken by mitochondrial genomes that establish themselves."""

    name: ClassVar[str] = "mtdna_waking"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "B4"
    conserves: ClassVar[str] = "cells: dormant + with a genome + awake = all"
    claims: ClassVar[tuple[str, ...]] = ("C-0493",)
    quantities: ClassVar[tuple[str, ...]] = (
        "mtdna_copies_per_cell", "mtdna_establishment_share", "mtdna_doubling_time", "oxphos_threshold", "oxphos_steepness", "dormant_waking_rate", "dormant_mtdna_share",
    )  # fmt: skip
    absent: ClassVar[str] = "dormant cells stay dormant"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Cells and genomes freed per cell are ``site.settings``; the particle is not asked for."""
        cells = site.given("dormant_cells", site.settings["dormant_cells"], "cell")
        freed = site.given("genomes_freed", site.settings["genomes_freed"], "copy/cell")
        one = site.given("one_cell", 1.0, "cell")
        reached = 1 - sympy.exp(-site.quantity("mtdna_establishment_share", "1") * freed * one)
        normal = site.quantity("mtdna_copies_per_cell", "copy/cell") * one
        first = site.given("one_genome", 1.0, "copy")
        left = site.quantity("dormant_mtdna_share", "1")
        share, threshold, steep = left + symbol(GENOMES) / normal, site.quantity("oxphos_threshold", "1"), site.quantity("oxphos_steepness", "1")
        growth = sympy.log(2) / site.quantity("mtdna_doubling_time", "h")
        wake = site.quantity("dormant_waking_rate", "1/h") * symbol("respiration") * symbol(WAITING)
        return Part(
            rules=(Rule("respiration", "1", 1 / (1 + (threshold / share) ** steep)),),
            species=(
                Species(GENOMES, "mtDNA", "dormant", "copy", first), Species(DORMANT, "cells", "dormant", "cell", cells * (1 - reached)),
                Species(WAITING, "cells", "dormant", "cell", cells * reached), Species(AWAKE, "cells", "dormant", "cell"),
            ),
            reactions=(Reaction("mtdna_replication", {GENOMES: 1}, growth * symbol(GENOMES) * (1 - share)), Reaction("waking", {WAITING: -1, AWAKE: 1}, wake)),
            observables=(
                Observable("awake", "cell", symbol(AWAKE)), Observable("dormant", "cell", symbol(DORMANT) + symbol(WAITING)), Observable("respiration", "1", symbol("respiration")),
            ),
        )  # fmt: skip
