"""mRNA by its zip-code, as far as it fits.

    copies per vesicle = E phi(L) V/V_cell n,      E = 1 + a (g_z z + g_s z s),      phi(L) = max(0, 1 - L/L_max)

z is 1 where the sequence has the core CUGCC, s where it also has a site for miR-1289; a is the level of the way. L_max is the RNA that the lumen can
hold: an intact mRNA of L nucleotides finds room in the share phi of it, and none longer than L_max is loaded whole. No preference of a route is known, so E is the same in all.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.loading import active, at_rest, cytosol_share, load
from vesicle.network.types import Part, Particle, join
from vesicle.products.cargo import MessengerRNA, identity
from vesicle.products.sequences import ZIP_MIRNA, has_site, has_zip_core


def mrna_enrichment(site: Site, rna: MessengerRNA) -> sympy.Expr:
    """E of the module."""
    found = sympy.Integer(1)
    if has_zip_core(rna.sequence):
        found += active(site, "zip-code") * site.quantity("sorting_gain", "1", label="zip-code")
        if has_site(rna.sequence, ZIP_MIRNA):
            found += active(site, "zip-code") * site.quantity("sorting_gain", "1", label="zip-code with miR-1289")
    return found


def room(site: Site, rna: MessengerRNA) -> sympy.Expr:
    """phi of the module."""
    length = site.given(f"length__{identity(rna)}", rna.length, "nt/EV")
    return sympy.Max(0, 1 - length / site.quantity("lumen_rna_capacity", "nt/EV", product="exosome"))


def mrna_share(site: Site, rna: MessengerRNA) -> sympy.Expr:
    """Of the copies of a cell, what one vesicle takes [cell/EV]."""
    return mrna_enrichment(site, rna) * room(site, rna) * cytosol_share(site)


def mrna_copies(site: Site, rna: MessengerRNA) -> sympy.Expr:
    """Copies of a mRNA per donor cell at rest [copy/cell]."""
    name = identity(rna)
    measured = site.quantity("mrna_copies_per_cell", "copy/cell") if rna.per_cell is None else site.given(f"per_cell__{name}", rna.per_cell, "copy/cell")
    return at_rest(site, name, measured)


class ZipCodeSorting(Mechanism):
    """Loading of mRNA with the cytosol, more of it with a zip-code, none that does not fit."""

    name: ClassVar[str] = "zip_code_sorting"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "B3"
    conserves: ClassVar[str] = "mRNA copies: at the start + made anew = cytosol + in vesicles + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0014", "C-0474")
    quantities: ClassVar[tuple[str, ...]] = (
        "sorting_gain", "lumen_rna_capacity", "mrna_copies_per_cell", "mrna_half_life", "ev_diameter", "ev_diameter_gsd", "bilayer_thickness", "cytosol_volume",
        "state_cargo_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "vesicles close without mRNA"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The mRNAs among ``site.settings['cargo']``, for the vesicles of one route."""
        part = Part()
        for rna in site.settings.get("cargo", ()):
            if isinstance(rna, MessengerRNA):
                part = join(part, self._one(site, particle, rna))
        return part

    @staticmethod
    def _one(site: Site, particle: Particle, rna: MessengerRNA) -> Part:
        loss = sympy.log(2) / site.quantity("mrna_half_life", "h")
        return load(site, particle, identity(rna), lambda at: mrna_share(at, rna), mrna_copies(site, rna), loss)
