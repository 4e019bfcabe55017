"""A tumour whose vesicles show PD-L1, with T cells in it, in its draining node and in blood, as a checked network at rest in time."""

from __future__ import annotations

from dataclasses import dataclass

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.immune.distance import CheckpointAtDistance
from vesicle.model.assembled import Model, alone
from vesicle.network.types import Arm, Network, Particle

RELEASED = Particle("tumour_exosome", "exosome", label="vesicles of a tumour")


@dataclass(frozen=True)
class Tumour:
    """What is asked of a tumour.

    Attributes
    ----------
    volume : [mL].
    release_level : secretion relative to what was measured; less without RAB27A.
    has_ligand : whether its vesicles show PD-L1.
    antibody : antibody to PD-L1 relative to treatment; 0 is none.
    distance : how far beyond the rim the concentration is asked for [um].
    species : mouse or human.
    """

    volume: float = 0.5
    release_level: float = 1.0
    has_ligand: bool = True
    antibody: float = 0.0
    distance: float = 100.0
    species: str = "mouse"


def assemble_checkpoint(tumour: Tumour, library: Library) -> Model:
    """The network, in which nothing moves.

    Raises
    ------
    ModelError
        If a measurement is missing or units do not hold.
    """
    settings = {
        "tumour_volume": tumour.volume, "release_level": tumour.release_level, "has_ligand": tumour.has_ligand, "antibody_level": tumour.antibody,
        "distance": tumour.distance, "sized_cell": "",
    }  # fmt: skip
    site = Site(library, settings, {"species": tumour.species})
    network = Network("checkpoint", Arm("tumour")).with_part(CheckpointAtDistance().contribute(site, RELEASED))
    return alone("tumour", site, network)
