"""Ligands on a carrier and the receptor that each finds on a cell.

    k_L = k_on n_L a R        ligand-driven rate per cell [mL/(cell h)]

with n_L copies of the ligand on a carrier, a the share of them that the protein corona leaves
free, R receptors per cell and k_on the association of one with one. No receptor, no gain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy

from vesicle.evidence.site import Site
from vesicle.network.types import Particle


@dataclass(frozen=True)
class Ligand:
    """What a ligand binds, and whether endothelium shows that receptor on the side of the blood."""

    receptor: str
    on_vessels: bool = False


LIGANDS: Mapping[str, Ligand] = {
    "GE11": Ligand("EGFR"),
    "EGF": Ligand("EGFR"),
    "HER2 affibody": Ligand("ERBB2"),
    "RVG": Ligand("nAChR", on_vessels=True),
    "iRGD": Ligand("ITGAV", on_vessels=True),
}


def receptors(site: Site, name: str, cell: str = "") -> sympy.Expr:
    """Receptors per cell [copy/cell]: of the recipient as the scenario says, else measured on it or on another ``cell``."""
    stated = site.settings.get("receptors", {})
    if name in stated and not cell:
        return site.condition(f"receptors__{name}", stated[name], "copy/cell")
    return site.quantity("receptors_per_cell", "copy/cell", label=name, cell=cell or site.settings.get("cell_line", ""))


def ligand_rate(site: Site, particle: Particle, cell: str = "") -> sympy.Expr:
    """k_L of the module's equations [mL/(cell*h)] on the recipient, or on another ``cell``; zero without a ligand."""
    name = site.settings.get("ligands", {}).get(particle.id, "")
    if not name:
        return sympy.Integer(0)
    copies = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome")
    free = site.quantity("ligand_free_of_corona", "1", product="exosome")
    on = site.quantity("ligand_association_rate", "mL/(copy*h)", label=name)
    one = site.given("one_ev_per_copy", 1.0, "EV/copy")
    return on * copies * free * receptors(site, LIGANDS[name].receptor, cell) * one
