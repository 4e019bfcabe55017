"""What a ligand on vesicles adds at a cell, and between two kinds of cells.

At the surface of a cell vesicles bind natively at k_0 and by the ligand at k_L = k_on n_L a R (see entering.attachment, entering.ligands). What is bound is taken in at k_int or
lets go, by the native way at k_off, by one ligand bond at k_on K_D; what lets go is at the surface again. With D the diffusion limit, in a steady state,

    k = k_0 phi_0 + k_L phi_L,     phi = k_int / (k_int + letting go),     u = D k / (D + k)     volume cleared per cell and hour

With several bonds it does not let go (phi_L = 1); one bond and many are rivals. Then

    gain = u(R) / u(0),  exactly 1 without the receptor,  at most D / u(0) ;     selectivity = u(R tumour) / u(R elsewhere)

which is about cells in one fluid. In a body the way there comes before it (C4).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from vesicle.errors import unknown_name
from vesicle.evidence.site import Site
from vesicle.mechanisms.entering.attachment import diffusion_limit, native_rate
from vesicle.mechanisms.entering.ligands import LIGANDS
from vesicle.network.types import Particle

EXOSOME = Particle("exosome", "exosome")


@dataclass(frozen=True)
class Targeting:
    """A ligand with its copies per vesicle; None as recorded for a fusion on a scaffold.

    Raises
    ------
    UnknownName
        For a ligand that is none.
    """

    ligand: str
    copies: float | None = None

    def __post_init__(self) -> None:
        if self.ligand not in LIGANDS:
            raise unknown_name("ligand", self.ligand, LIGANDS)

    @property
    def receptor(self) -> str:
        """What the ligand binds."""
        return LIGANDS[self.ligand].receptor


def receptors_of(site: Site, targeting: Targeting, cell: str = "", stated: float | None = None) -> sympy.Expr:
    """Receptors per cell [copy/cell], as stated or as measured on a cell."""
    if stated is not None:
        return site.condition(f"receptors__{targeting.receptor}", stated, "copy/cell")
    return site.quantity("receptors_per_cell", "copy/cell", label=targeting.receptor, cell=cell)


def uptake(site: Site, targeting: Targeting, receptors: sympy.Expr) -> sympy.Expr:
    """u of the module [mL/(cell*h)]."""
    driven = _on(site, targeting) * _copies(site, targeting) * receptors * site.given("one_ev_per_copy", 1.0, "EV/copy")
    kept, limit = _native(site) + driven * _share_by_ligand(site, targeting), diffusion_limit(site, EXOSOME)
    return limit * kept / (limit + kept)


def most(site: Site) -> sympy.Expr:
    """The gain that no ligand can exceed: every encounter is taken in."""
    return (diffusion_limit(site, EXOSOME) + _native(site)) / _native(site)


def _inside(site: Site) -> sympy.Expr:
    return site.quantity("internalisation_rate", "1/h", product="exosome")


def _native(site: Site) -> sympy.Expr:
    """k_0 phi_0 of the module."""
    return native_rate(site, EXOSOME) * _inside(site) / (_inside(site) + site.quantity("unbinding_rate", "1/h"))


def _on(site: Site, targeting: Targeting) -> sympy.Expr:
    return site.quantity("ligand_association_rate", "mL/(copy*h)", label=targeting.ligand)


def _copies(site: Site, targeting: Targeting) -> sympy.Expr:
    """Ligands per vesicle that are free of the corona."""
    free = site.quantity("ligand_free_of_corona", "1", product="exosome")
    if targeting.copies is not None:
        return free * site.condition("ligands", targeting.copies, "copy/EV")
    return free * site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome")


def _share_by_ligand(site: Site, targeting: Targeting) -> sympy.Expr:
    """phi_L: with one bond, or with many that do not let go."""
    lets_go = _on(site, targeting) * site.quantity("ligand_dissociation_constant", "copy/mL", label=targeting.ligand)
    many = site.rival("bonds", ("ligand_dissociation_constant", "surface_ligand_copies_per_ev"))
    return many + (1 - many) * _inside(site) / (_inside(site) + lets_go)
