"""From the cell surface into the cell, by parallel routes, and out of the endosome.

Bound particles are taken in at k_int, split over routes w_r (clathrin, macropinocytosis,
raft/caveolin, phagocytosis; they sum to one with fusion). The endosomal inventory E saturates
at N_max per cell, so the flux has the cap N_max (k_lys + k_rec).

The measured prior is on the *total* cytosolic release f. A share s of it is fusion at the
plasma membrane, which needs no acid: a fraction s f of internalised particles releases at
once. The endosome releases the rest:

    f_e = (1 - s) f / (1 - s f),    k_rel = f_e / (1 - f_e) (k_lys + k_rec)

with k_rec from the recycled share of what is not released, k_rec = k_lys r / (1 - r). Blocking
acidification leaves s f. Release is per particle: all its copies at once. At 4 C every rate of
this module is multiplied by the measured residual of endocytosis; binding is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.mechanisms.entering.attachment import surroundings
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Rule, Transfer, Unpack

FULL_REACH = 50.0
"""Vesicles per cell beyond which 1 - exp(-mean) is 1 in double precision; keeps exp from underflowing."""
UNPACKED = ("guide", "cargo", "load")
"""Roles of passengers that a cell gets at a release; labels stay with what is left of the vesicle."""
ROUTES = ("clathrin", "macropinocytosis", "caveolin", "phagocytosis")


def traffic_left(site: Site) -> sympy.Expr:
    """Share of membrane traffic that is left: one at 37 C."""
    return site.quantity("internalisation_residual_at_4c", "1") if site.settings.get("cold") else sympy.Integer(1)


class Internalisation(Mechanism):
    """Uptake by route, endosomal fate, release into the cytosol."""

    name: ClassVar[str] = "internalisation"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C2"
    conserves: ClassVar[str] = "particles: internalised = in endosomes + released + recycled + digested"
    claims: ClassVar[tuple[str, ...]] = ("C-0017", "C-0018", "C-0019", "C-0020", "C-0021", "C-0022", "C-0023")
    quantities: ClassVar[tuple[str, ...]] = (
        "internalisation_rate", "route_fraction", "ev_inventory_per_cell", "lysosomal_half_life", "recycling_fraction",
        "cytosolic_release_fraction", "fusion_share_of_release", "route_inhibition_residual", "internalisation_residual_at_4c",
    )  # fmt: skip
    absent: ClassVar[str] = "particles stay on the surface"

    def contribute(self, site: Site, particle: Particle) -> Part:
        rates = self._rates(site, particle)
        names = {key: symbol(f"{key}__{particle.product}") for key in rates}
        rules = tuple(Rule(f"{key}__{particle.product}", unit, value) for key, (unit, value) in rates.items())
        endosome = Place(site.settings["endosome"], "cells", symbol(site.settings["cells"]), "cell", "endosomes")
        return Part(
            rules=rules,
            places=(endosome,),
            transfers=(*self._take_in(site, particle, names), *self._fates(site, particle, names)),
            unpacks=self._releases(site, particle, names),
            observables=self._counts(site, particle),
        )

    def _counts(self, site: Site, particle: Particle) -> tuple[Observable, ...]:
        """Vesicles per cell, on it and in it, and the share of cells that hold at least one, 1 - exp(-mean): arrivals are independent."""
        cells = symbol(site.settings["cells"])
        inside = amount(particle, site.settings["endosome"]) / cells
        whole = inside + amount(particle, site.settings["bound"]) / cells
        return (
            Observable(f"on_cell:{particle.id}", "EV/cell", whole - inside, "cell", f"{particle.label} on the surface of a cell"),
            Observable(f"in_cell:{particle.id}", "EV/cell", inside, "cell", f"{particle.label} inside a cell"),
            Observable(
                f"positive_cells:{particle.id}",
                "1",
                1 - sympy.exp(-sympy.Max(0, sympy.Min(whole, site.given("many", FULL_REACH, "EV/cell")))),
                "",
                f"share of cells with at least one {particle.label}",
            ),
        )

    def _rates(self, site: Site, particle: Particle) -> dict[str, tuple[str, sympy.Expr]]:
        total = site.quantity("cytosolic_release_fraction", "1", product=particle.product)
        fusion = site.quantity("fusion_share_of_release", "1", product="exosome")
        digest = traffic_left(site) * sympy.log(2) / site.quantity("lysosomal_half_life", "h")
        recycled = site.quantity("recycling_fraction", "1")
        recycle = digest * recycled / (1 - recycled)
        from_endosome = (1 - fusion) * total / (1 - fusion * total)
        acid = sympy.Integer(0 if site.settings.get("acidification") == "blocked" else 1)
        return {
            "k_digest": ("1/h", digest),
            "k_recycle": ("1/h", recycle),
            "k_release": ("1/h", acid * from_endosome / (1 - from_endosome) * (digest + recycle)),
            "f_fusion": ("1", fusion * total),
        }

    def hazard(self, site: Site, particle: Particle) -> sympy.Expr:
        """Hazard of a bound vesicle to enter an endosome by any route [1/h]."""
        names = {"f_fusion": symbol(f"f_fusion__{particle.product}")}
        return sum((transfer.hazard for transfer in self._take_in(site, particle, names)), sympy.Integer(0))

    def _take_in(self, site: Site, particle: Particle, names: Mapping[str, sympy.Symbol]) -> list[Transfer]:
        bound, endosome = site.settings["bound"], site.settings["endosome"]
        cells = symbol(site.settings["cells"])
        full = amount(particle, endosome) / (site.quantity("ev_inventory_per_cell", "EV/cell", product="exosome") * cells)
        rate = traffic_left(site) * site.quantity("internalisation_rate", "1/h", product="exosome") * sympy.Max(0, 1 - full) * (1 - names["f_fusion"])
        weights = {route: site.quantity("route_fraction", "1", label=route, cell=site.settings.get("route_cell", "")) for route in ROUTES}
        total = sum(weights.values(), sympy.Integer(0))
        inhibitors = site.settings.get("inhibitors", ())
        transfers = []
        for route, weight in weights.items():
            left = site.quantity("route_inhibition_residual", "1", label=route) if route in inhibitors else sympy.Integer(1)
            transfers.append(Transfer(f"take_in_{route}__{particle.id}", particle.id, bound, endosome, rate * weight / total * left, step="internalised"))
        return transfers

    def _fates(self, site: Site, particle: Particle, names: Mapping[str, sympy.Symbol]) -> list[Transfer]:
        endosome = site.settings["endosome"]
        digest = Transfer(f"digest_cell__{particle.id}", particle.id, endosome, None, names["k_digest"], sink="digested")
        return [
            digest,
            *(
                Transfer(f"recycle{which}__{particle.id}", particle.id, endosome, near, names["k_recycle"] * share, step="internalised", backward=True)
                for which, near, share in surroundings(site)
            ),
        ]

    def _releases(self, site: Site, particle: Particle, names: Mapping[str, sympy.Symbol]) -> tuple[Unpack, ...]:
        into = {p.entity: f"{p.entity}_cytosol" if p.role != "load" else p.entity for p in particle.passengers if p.role in UNPACKED}
        fuse = traffic_left(site) * site.quantity("internalisation_rate", "1/h", product="exosome") * names["f_fusion"]
        return (
            Unpack(f"release__{particle.id}", particle.id, site.settings["endosome"], into, names["k_release"], step="released"),
            Unpack(f"fuse__{particle.id}", particle.id, site.settings["bound"], into, fuse, step="released", also=("internalised",)),
        )
