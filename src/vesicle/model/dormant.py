"""Dormant cells that receive mitochondrial DNA, as one checked network."""

from __future__ import annotations

from dataclasses import replace

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.mtdna_waking import MtdnaWaking
from vesicle.model.assembly import Model
from vesicle.network.checks import check
from vesicle.network.types import Arm, Network, Particle

CELLS = 1e6


def assemble_waking(genomes_freed: float, library: Library, cells: float = CELLS) -> Model:
    """Dormant OXPHOS-low cells into each of which so many mitochondrial genomes were freed on average.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    site = Site(library, {"dormant_cells": cells, "genomes_freed": genomes_freed})
    network = Network("dormant", Arm("dormant")).with_part(MtdnaWaking().contribute(site, Particle("none", "exosome")))
    network = replace(network, parameters=tuple(site.parameters.values()))
    return Model("dormant", network, check(network), ())
