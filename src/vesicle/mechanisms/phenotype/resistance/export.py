"""A cell that secretes vesicles loses the drug in them.

Wherever free drug is in equilibrium, a vesicle holds as much as (V + P W) of medium and a cell as kappa V_c, so one vesicle takes the share and a cell exports at

    phi = (V + P W)/(kappa V_c),      k_x = S phi,      S = k_sec (1 - a (1 - A))

V is the lumen and W the wall of a vesicle, P the partition between bilayer and water, kappa drug in a cell over drug in medium; a is the share of the secretion that
needs ABCA3 and A its level. Drug in a cell at rest in medium c enters at g c and leaves at k_o = g (1 + e)/(kappa V_c) per molecule (:mod:`vesicle.mechanisms.acting.drug`),
so that its inside concentration falls to k_o/(k_o + k_x) of what it was and its IC50 rises by

    f = 1 + k_x/k_o

kappa cancels: what holds drug inside slows both ways out alike. Drug that acidic bodies trap or a pump in their membrane takes up is left out. Half of
the drug is gone when S = k_o/phi vesicles leave per hour.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.drug import DrugInCells, in_cell_volume
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.loading import lumen, whole
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule


def secretion(site: Site) -> sympy.Expr:
    """S: vesicles that a cell sends out [EV/(cell*h)]; none where ``site.settings['vesicles_leave']`` is false."""
    if not site.settings.get("vesicles_leave", True):
        return sympy.Integer(0)
    needs = site.quantity("abca3_secretion_share", "1")
    return site.quantity("secretion_rate", "EV/(cell*h)", product="exosome") * (1 - needs * (1 - level(site, "ABCA3")))


def share_per_vesicle(site: Site, drug: str) -> sympy.Expr:
    """phi: of the drug of a cell, what one vesicle takes [cell/EV]."""
    wall = whole(site) - lumen(site)
    holds = lumen(site) + site.quantity("drug_membrane_partition", "1", label=drug) * wall
    return holds * site.conversion("mL", "nm3") / in_cell_volume(site, drug)


def leaving(site: Site, drug: str) -> sympy.Expr:
    """k_o: rate at which a molecule leaves a cell through its membrane and by its pump at rest [1/h]."""
    return DrugInCells().leaving(site, drug)


class VesicleExport(Mechanism):
    """Drug that leaves a cell in the vesicles that the cell secretes."""

    name: ClassVar[str] = "vesicle_export"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "drug: what leaves in vesicles is what one vesicle holds times the vesicles"
    claims: ClassVar[tuple[str, ...]] = ("C-0182", "C-0538")
    quantities: ClassVar[tuple[str, ...]] = (
        "secretion_rate", "abca3_secretion_share", "drug_membrane_partition", "ev_diameter", "ev_diameter_gsd", "bilayer_thickness", "drug_cell_to_medium_ratio", "cytosol_volume",
    )  # fmt: skip
    absent: ClassVar[str] = "vesicles leave without drug"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The drug is ``site.settings['drug']``, its id ``site.settings['drug_id']``; the particle is not asked for."""
        drug, here = site.settings["drug"], site.settings["drug_id"]
        share, out = share_per_vesicle(site, drug), leaving(site, drug)
        exported = secretion(site) * share
        return Part(
            rules=(Rule(f"resistance_export__{here}", "1", 1 + exported / out),),
            observables=(
                Observable(f"ic50_shift_by:export:{drug}", "1", symbol(f"resistance_export__{here}"), "", f"factor of the IC50 of {drug} by export in vesicles"),
                Observable(f"vesicles_to_halve:{drug}", "EV/(cell*h)", out / share, "", f"vesicles per cell and hour that would halve {drug} in a cell"),
            ),
        )
