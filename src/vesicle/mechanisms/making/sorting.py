"""Four ways of a miRNA into a vesicle, on top of what closes in with the cytosol, and what its targets hold back.

For vesicles of route r (see :mod:`vesicle.mechanisms.making.loading` for V/V_cell and for how a gain is divided over routes):

    E_r = [1 + g1 a1 p1_r + sum_m g_m a_m x_m p2_r + g3 a3 u p3_r + g4 a4 p4_r] (1 - l a3 v) (1 - h b)

1 *SMPD3*: a1 its level; acts in vesicles of the ceramide route only. 2 *hnRNP*: x_m is 1 where the sequence has the motif m beyond its seed, a_m the level of the
reader (HNRNPA2B1 with SUMO for the EXO motif, SYNCRIP for the hEXO motif). 3 *3' end*: u and v are the shares of isoforms with a non-templated U (which
adds) and A (which holds back). 4 *miRISC*: what AGO2 at level a4 brings along. *Targets*: b is the share that sits on them, by tight binding of n copies to S f sites
with K_D (f target abundance over rest), held back by h; other AGOs bind targets too, so this does not need AGO2. An activity of 0 switches a way off, with all that it
adds and holds.

The contribution of a way is E_r with all ways less E_r without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.making.budding import ROUTES
from vesicle.mechanisms.making.loading import active, at_rest, cytosol_share, in_route, load, only, route_of
from vesicle.network.types import Part, Particle, join
from vesicle.products.cargo import MicroRNA, identity
from vesicle.products.sequences import MOTIFS, has_motif

MIRNA_WAYS = ("SMPD3", "hnRNP", "3' end", "miRISC", "targets")
NEEDS = {"EXO motif": ("HNRNPA2B1", "SUMO"), "hEXO motif": ("SYNCRIP",)}
"""Motif -> the components that have to be there to read it."""


@dataclass(frozen=True)
class Enrichment:
    """Enrichment of a miRNA in vesicles of one route: all together, and what each way contributes."""

    total: sympy.Expr
    ways: dict[str, sympy.Expr]


def enrichment(site: Site, rna: MicroRNA, route: str) -> Enrichment:
    """E_r of the module, with the contribution of each way."""
    total = _together(site, rna, route, MIRNA_WAYS)
    return Enrichment(total, {name: total - _together(site, rna, route, tuple(w for w in MIRNA_WAYS if w != name)) for name in MIRNA_WAYS})


def _together(site: Site, rna: MicroRNA, route: str, ways: tuple[str, ...]) -> sympy.Expr:
    adds, holds = sympy.Integer(1), sympy.Integer(1)
    if "SMPD3" in ways:
        adds += site.quantity("sorting_gain", "1", label="SMPD3") * active(site, "SMPD3", "SMPD3") * in_route(site, route, only("ceramide"))
    if "hnRNP" in ways:
        adds += _motifs(site, rna) * in_route(site, route, _affinities(site, "hnRNP"))
    if "3' end" in ways:
        on = active(site, "3' end")
        adds += site.quantity("sorting_gain", "1", label="3' uridylation") * on * _tailed(site, rna, "uridylated", "U") * in_route(site, route, _affinities(site, "3' end"))
        holds *= 1 - site.quantity("sorting_hold", "1", label="3' adenylation") * on * _tailed(site, rna, "adenylated", "A")
    if "miRISC" in ways:
        adds += site.quantity("sorting_gain", "1", label="miRISC") * active(site, "miRISC", "AGO2") * in_route(site, route, _affinities(site, "miRISC"))
    if "targets" in ways:
        holds *= 1 - site.quantity("sorting_hold", "1", label="target-bound") * active(site, "targets") * bound_share(site, rna)
    return adds * holds


def _affinities(site: Site, name: str) -> dict[str, sympy.Expr]:
    return {route: site.quantity("sorting_affinity", "1", label=f"{name}, {route}") for route in ROUTES}


def _motifs(site: Site, rna: MicroRNA) -> sympy.Expr:
    """Gain by all motifs in the sequence."""
    found: sympy.Expr = sympy.Integer(0)
    for motif in MOTIFS:
        if has_motif(rna.sequence, motif):
            found = found + site.quantity("sorting_gain", "1", label=motif) * active(site, "hnRNP", *NEEDS[motif])
    return found


def _tailed(site: Site, rna: MicroRNA, label: str, letter: str) -> sympy.Expr:
    """Share of isoforms with a tail of one letter: as measured, or all or none of a given isoform."""
    if rna.tail is None:
        return site.quantity("mirna_tail_share", "1", label=label)
    return sympy.Integer(1 if rna.tail.endswith(letter) else 0)


def mirna_share(site: Site, rna: MicroRNA, route: str) -> sympy.Expr:
    """Of the copies of a cell, what one vesicle of a route takes [cell/EV]."""
    return _together(site, rna, route, MIRNA_WAYS) * cytosol_share(site)


def bound_share(site: Site, rna: MicroRNA) -> sympy.Expr:
    """b of the module: the share of the copies that sits on targets, by the law of tight binding (the root that stays finite without copies)."""
    copies = cell_copies(site, rna)
    sites = site.quantity("competing_target_sites", "copy/cell") * site.given(f"targets__{identity(rna)}", rna.targets, "1")
    one = site.given("one_cell", 1.0, "cell")
    constant = site.quantity("mirna_target_dissociation", "nM") * site.conversion("copy/pL", "nM") * site.quantity("cytosol_volume", "pL") / one
    total = copies + sites + constant
    return 2 * sites / (total + sympy.sqrt(total**2 - 4 * copies * sites))


def cell_copies(site: Site, rna: MicroRNA) -> sympy.Expr:
    """Copies of a miRNA per donor cell at rest [copy/cell]."""
    name = identity(rna)
    if rna.per_cell is not None:
        return at_rest(site, name, site.given(f"per_cell__{name}", rna.per_cell, "copy/cell"))
    where = {"species": site.settings.get("species", "human"), "tissue": site.settings.get("tissue", ""), "cell": site.settings.get("donor_cell", "")}
    share = site.quantity("mirna_share_of_cell", "1", label=rna.name, **where)
    return at_rest(site, name, site.quantity("endogenous_mirna_per_cell", "copy/cell") * share)


class MirnaSorting(Mechanism):
    """Loading of miRNA by four ways, each with its own switch and its own preference among the routes."""

    name: ClassVar[str] = "mirna_sorting"
    chapter: ClassVar[str] = "making"
    system: ClassVar[str] = "B3"
    conserves: ClassVar[str] = "miRNA copies: at the start + made anew = cytosol + in vesicles + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0014", "C-0015", "C-0269", "C-0270", "C-0271", "C-0272", "C-0273", "C-0274")
    quantities: ClassVar[tuple[str, ...]] = (
        "sorting_gain", "sorting_hold", "sorting_affinity", "mirna_tail_share", "competing_target_sites", "mirna_target_dissociation", "cytosol_volume",
        "mirna_share_of_cell", "endogenous_mirna_per_cell", "mirna_half_life", "ev_diameter", "ev_diameter_gsd", "bilayer_thickness", "ilv_route_share",
        "state_cargo_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "vesicles close without miRNA"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The miRNAs among ``site.settings['cargo']``, for the vesicles of one route."""
        part = Part()
        for rna in site.settings.get("cargo", ()):
            if isinstance(rna, MicroRNA):
                part = join(part, self._one(site, particle, rna))
        return part

    @staticmethod
    def _one(site: Site, particle: Particle, rna: MicroRNA) -> Part:
        loss = sympy.log(2) / site.quantity("mirna_half_life", "h")
        return load(site, particle, identity(rna), lambda at: mirna_share(at, rna, route_of(particle)), cell_copies(site, rna), loss)
