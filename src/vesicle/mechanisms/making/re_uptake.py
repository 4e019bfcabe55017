"""Vesicles in the medium are taken up again by the cells that made them.

A cell clears c = p 4 pi D a of medium per hour (:mod:`vesicle.mechanisms.entering.attachment`). What sticks lets go at k_off or is taken in at
k_int, and a share r of what was taken in comes back out. Far from saturation the surface is quasi-steady, so that a vesicle in a volume V with N
cells is lost for good at

    h = c N/V  k_int/(k_int + k_off)  (1 - r)

and is digested at ln 2/t_lys. Nothing else is assumed of the donor: the same records answer for any recipient. Medium is taken as mixed, which
makes this the most that can come back: under a still layer of depth L an exosome needs L^2/2D, days for millimetres.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import encounter_clearance
from vesicle.mechanisms.making.release import OUTSIDE
from vesicle.network.expressions import symbol
from vesicle.network.types import Part, Particle, Place, Transfer

BACK = "donor_endosome"


class ReUptake(Mechanism):
    """From the medium back into the donor cells, and digestion there."""

    name: ClassVar[str] = "re_uptake"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "A6"
    conserves: ClassVar[str] = "vesicles: released = in the medium + in donor cells + digested"
    claims: ClassVar[tuple[str, ...]] = ("C-0016",)
    quantities: ClassVar[tuple[str, ...]] = (
        "ev_diameter", "thermal_energy", "sticking_probability", "relative_uptake", "cell_diameter", "medium_viscosity", "unbinding_rate", "internalisation_rate",
        "recycling_fraction", "lysosomal_half_life", "surface_ligand_copies_per_ev", "ligand_free_of_corona", "ligand_association_rate", "receptors_per_cell",
    )  # fmt: skip
    absent: ClassVar[str] = "all that was released stays in the medium"

    def contribute(self, site: Site, particle: Particle) -> Part:
        cells, volume = symbol(site.settings["cells"]), symbol("V_medium")
        taken, let_go = site.quantity("internalisation_rate", "1/h", product="exosome"), site.quantity("unbinding_rate", "1/h")
        stays = 1 - site.quantity("recycling_fraction", "1")
        hazard = encounter_clearance(site, particle) * cells / volume * taken / (taken + let_go) * stays
        digested = sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        return Part(
            places=(Place(OUTSIDE, "medium"), Place(BACK, "site")),
            transfers=(
                Transfer(f"re_uptake__{particle.id}", particle.id, OUTSIDE, BACK, hazard),
                Transfer(f"digest_by_donor__{particle.id}", particle.id, BACK, None, digested, sink="digested_by_donor"),
            ),
        )
