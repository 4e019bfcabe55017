"""The kinds of carrier and what tells them apart in a body, as data.

A kind says which loadings it takes, by which ways it leaves blood, whether cells take it up as a
particle, whether it carries CD47, and whose absorption from a depot it shares. Rates are not here: they are records of the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PARTICLE_WAYS = ("phagocytes", "endothelium", "vessel_wall")


@dataclass(frozen=True)
class Carrier:
    """One kind of carrier.

    Attributes
    ----------
    loadings : ways to load a cargo, see :mod:`vesicle.products.composition`.
    leaves_by : ways out of blood: phagocytes, endothelium, vessel_wall, kidney, nucleases, metabolism.
    enters_cells : whether cells bind it and take it in as a particle.
    has_cd47 : whether it carries CD47 by nature, at the density on which the half-life was measured.
    absorbed_like : the kind whose absorption from a depot it shares.
    is_molecule : one molecule is one particle.
    """

    loadings: tuple[str, ...]
    leaves_by: tuple[str, ...]
    enters_cells: bool = True
    has_cd47: bool = False
    absorbed_like: str = "exosome"
    is_molecule: bool = False


CARRIERS: Mapping[str, Carrier] = {
    "exosome": Carrier(("endogenous", "overexpression", "electroporation", "stated"), PARTICLE_WAYS, has_cd47=True),
    "liposome": Carrier(("encapsulation", "stated"), PARTICLE_WAYS),
    "peg_liposome": Carrier(("encapsulation", "stated"), ("phagocytes", "endothelium")),
    "free_sirna": Carrier(("none",), ("kidney", "nucleases"), is_molecule=True),
    "sirna_aggregate": Carrier((), PARTICLE_WAYS),
    "free_drug": Carrier((), ("metabolism",), enters_cells=False, absorbed_like="free_drug", is_molecule=True),
}
