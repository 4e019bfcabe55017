"""Resistant and sensitive cells that share a medium, and one cell line that resists in given ways, as checked networks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.resistance.product import Resistance
from vesicle.mechanisms.phenotype.resistance.spread import TransporterSpread
from vesicle.mechanisms.signalling.levels import held
from vesicle.model.assembled import Model, alone
from vesicle.network.types import Arm, Network, Part, Particle


@dataclass(frozen=True)
class Mixture:
    """A culture of two kinds of cells of one line.

    Attributes
    ----------
    resistant, sensitive : cells at the start.
    medium : its volume [mL].
    drug, concentration : what is in it [copy/mL]; it does not change.
    vesicles_leave : whether resistant cells secrete vesicles.
    induction : fold of a sensitive cell's own synthesis of the transporter once a vesicle fused with it, as a signalling network gives it (1: none).
    cell_line : whose doubling time is taken.
    """

    resistant: float = 5e5
    sensitive: float = 5e5
    medium: float = 2.0
    drug: str = "doxorubicin"
    concentration: float = 0.0
    vesicles_leave: bool = True
    induction: float = 1.0
    cell_line: str = "MDA-MB-231"


def assemble_mixture(mixture: Mixture, library: Library) -> Model:
    """The network of a mixed culture.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    settings = {
        "resistant_cells": mixture.resistant, "sensitive_cells": mixture.sensitive, "medium": mixture.medium, "drug": mixture.drug, "concentration": mixture.concentration,
        "vesicles_leave": mixture.vesicles_leave, "induction": mixture.induction, "cell_line": mixture.cell_line, "cell_species": "human",
    }  # fmt: skip
    site = Site(library, settings)
    network = Network("mixture", Arm("mixture")).with_part(TransporterSpread().contribute(site, Particle("exosome", "exosome")))
    return alone("mixture", site, network)


@dataclass(frozen=True)
class Resisting:
    """Cells in a drug, and what makes them stand more of it.

    Attributes
    ----------
    drug : its name.
    ways : names of ways of resistance.
    levels : node -> level (1 at rest), held; what a signalling network would give.
    vesicles_leave : whether the cells secrete vesicles.
    """

    drug: str = "doxorubicin"
    ways: tuple[str, ...] = ("export", "survival", "transporter")
    levels: Mapping[str, float] = field(default_factory=dict)
    vesicles_leave: bool = True


def assemble_resisting(cells: Resisting, library: Library) -> Model:
    """Factors of an IC50, at rest in time.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    settings = {
        "drugs": {cells.drug: 0.0}, "resistance": cells.ways, "nodes": tuple(cells.levels), "vesicles_leave": cells.vesicles_leave, "transporters": {}, "cell_species": "human",
    }  # fmt: skip
    site = Site(library, settings)
    network = Network("resisting", Arm("resisting")).with_part(Resistance().contribute(site, Particle("none", "none")))
    network = network.with_part(Part(rules=held(site, cells.levels)))
    return alone("resisting", site, network)
