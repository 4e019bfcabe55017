"""Proteins by ubiquitin and ESCRT, and by a tetraspanin partner.

    in the cytosol     copies per vesicle = E_r V/V_cell n
    in the membrane    copies per vesicle = E_r pi d^2 exp(2 ln^2 s)/(pi d_cell^2) n          area of a vesicle over that of the cell

    E_r = 1 + g_u a_u q p_r(ESCRT) + g_t a_t t p_r(tetraspanin)

q is the share of the protein that carries ubiquitin, a_u the level of ESCRT-0, which recognises it; t is 1 for a partner of CD9, CD63 or CD81, a_t their
level. Each acts in the vesicles of its own route only (see :mod:`vesicle.mechanisms.making.loading`). Ruffles and inner membranes are left out of the area of the cell.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.loading import active, at_rest, cytosol_share, in_route, load, only, route_of, surface
from vesicle.network.types import Part, Particle, join
from vesicle.products.cargo import Protein, identity


def protein_enrichment(site: Site, protein: Protein, route: str) -> sympy.Expr:
    """E_r of the module."""
    found = sympy.Integer(1)
    if protein.ubiquitinated:
        share = site.given(f"ubiquitinated__{identity(protein)}", protein.ubiquitinated, "1")
        found += site.quantity("sorting_gain", "1", label="ubiquitin") * active(site, "ubiquitin", "escrt_0") * share * in_route(site, route, only("escrt"))
    if protein.binds_tetraspanin:
        found += site.quantity("sorting_gain", "1", label="tetraspanin partner") * active(site, "tetraspanin", "tetraspanins") * in_route(site, route, only("tetraspanin"))
    return found


def protein_share(site: Site, protein: Protein, route: str) -> sympy.Expr:
    """Of the protein of a cell, what one vesicle of a route takes [cell/EV]."""
    return protein_enrichment(site, protein, route) * _unsorted(site, protein)


def _unsorted(site: Site, protein: Protein) -> sympy.Expr:
    """The same without sorting."""
    if not protein.is_in_membrane:
        return cytosol_share(site)
    cell = sympy.pi * site.quantity("cell_diameter", "nm") ** 2 / site.given("one_cell", 1.0, "cell")
    return surface(site) / cell


def protein_copies(site: Site, protein: Protein) -> sympy.Expr:
    """Copies of a protein per donor cell at rest [copy/cell]."""
    name = identity(protein)
    measured = site.quantity("protein_copies_per_cell", "copy/cell") if protein.per_cell is None else site.given(f"per_cell__{name}", protein.per_cell, "copy/cell")
    return at_rest(site, name, measured)


class ProteinSorting(Mechanism):
    """Loading of proteins of cytosol and membrane, with ubiquitin and tetraspanins as signals."""

    name: ClassVar[str] = "protein_sorting"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "B5"
    conserves: ClassVar[str] = "protein copies: at the start + made anew = cell + in vesicles + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0441", "C-0436")
    quantities: ClassVar[tuple[str, ...]] = (
        "sorting_gain", "ilv_route_share", "protein_copies_per_cell", "protein_half_life", "ev_diameter", "ev_diameter_gsd", "bilayer_thickness", "cytosol_volume",
        "cell_diameter", "state_cargo_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "vesicles close without protein"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The proteins among ``site.settings['cargo']``, for the vesicles of one route."""
        part = Part()
        for protein in site.settings.get("cargo", ()):
            if isinstance(protein, Protein):
                part = join(part, self._one(site, particle, protein))
        return part

    @staticmethod
    def _one(site: Site, particle: Particle, protein: Protein) -> Part:
        loss = sympy.log(2) / site.quantity("protein_half_life", "h")
        return load(site, particle, identity(protein), lambda at: protein_share(at, protein, route_of(particle)), protein_copies(site, protein), loss)
