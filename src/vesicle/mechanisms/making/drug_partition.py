"""Small drugs enter with the cytosol and dissolve in the membrane; nothing sorts them.

    copies per vesicle = (V + P W)/V_cell n,      W = pi/6 d^3 exp(9/2 ln^2 s) - V

W is the volume of the wall, P the partition between bilayer and water. What a cell was given is lost by efflux and metabolism at k_loss = ln 2/half-life and not made anew.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.loading import at_rest, load, lumen, whole
from vesicle.network.types import Part, Particle, join
from vesicle.products.cargo import Drug, identity


def drug_share(site: Site, drug: Drug) -> sympy.Expr:
    """Of the drug of a cell, what one vesicle takes [cell/EV]."""
    wall = whole(site) - lumen(site)
    cell = site.quantity("cytosol_volume", "pL") / site.conversion("pL", "nm3") / site.given("one_cell", 1.0, "cell")
    return (lumen(site) + site.quantity("drug_membrane_partition", "1", label=drug.name) * wall) / cell


class DrugPartition(Mechanism):
    """Passive loading of a drug, by partition."""

    name: ClassVar[str] = "drug_partition"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "B3"
    conserves: ClassVar[str] = "drug molecules: at the start = cytosol + in vesicles + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0780",)
    quantities: ClassVar[tuple[str, ...]] = (
        "drug_membrane_partition", "drug_cell_half_life", "ev_diameter", "ev_diameter_gsd", "bilayer_thickness", "cytosol_volume", "state_cargo_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "vesicles close without drug"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The drugs among ``site.settings['cargo']``, for the vesicles of one route."""
        part = Part()
        for drug in site.settings.get("cargo", ()):
            if isinstance(drug, Drug):
                part = join(part, self._one(site, particle, drug))
        return part

    @staticmethod
    def _one(site: Site, particle: Particle, drug: Drug) -> Part:
        name = identity(drug)
        given = at_rest(site, name, site.given(f"per_cell__{name}", drug.per_cell, "copy/cell"))
        loss = sympy.log(2) / site.quantity("drug_cell_half_life", "h")
        return load(site, particle, name, lambda at: drug_share(at, drug), given, loss, is_renewed=False)
