"""Resistant and sensitive cells that share a medium, as one checked network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.resistance.spread import TransporterSpread
from vesicle.model.assembled import Model, without_unused
from vesicle.network.checks import check
from vesicle.network.types import Arm, Network, Particle


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
    network = without_unused(replace(network, parameters=tuple(site.parameters.values())))
    return Model("mixture", network, check(network), ())
