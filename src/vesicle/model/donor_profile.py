"""What a donor's vesicles hold, in closed form: the cell's profile times an enrichment.

    copies per vesicle = enrichment * V/V_cell * copies per cell

at the nominal values, per route and as the mean over the vesicles made, with what each way of sorting contributes. For a donor at rest it is what the network of
:mod:`vesicle.model.donor` settles at; a run also follows how the content of the cell answers. A molecule whose copies nobody measured stays in the list with copies unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sympy

from vesicle.errors import ModelError
from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.making.budding import ROUTES, STAGES, route_share
from vesicle.mechanisms.making.drug_partition import drug_share
from vesicle.mechanisms.making.loading import at_rest, cytosol_share
from vesicle.mechanisms.making.protein_sorting import protein_copies, protein_share
from vesicle.mechanisms.making.regulation import level
from vesicle.mechanisms.making.sorting import cell_copies, enrichment, mirna_share
from vesicle.mechanisms.making.zip_code import mrna_copies, mrna_share
from vesicle.model.donor import Donor, site_of
from vesicle.network.expressions import symbol
from vesicle.products.bulk import composition
from vesicle.products.cargo import Cargo, Drug, MessengerRNA, MicroRNA, Protein, identity
from vesicle.products.dna import DNA, located

COMPUTED, STATED, UNKNOWN = "computed", "stated", "unknown"
RUNS_ON = {"escrt": (*STAGES, "VPS4", "VTA1"), "ceramide": ("SMPD3",), "tetraspanin": ("tetraspanins",)}
"""Route -> the components without which it makes nothing."""


@dataclass(frozen=True)
class Loaded:
    """One molecule of a donor in its vesicles.

    Attributes
    ----------
    per_cell : copies per donor cell; None for DNA, which has no pool.
    per_vesicle : copies per vesicle, mean over the routes.
    by_route : route -> copies per vesicle.
    enrichment : over what would close in with the cytosol; None without a pool.
    ways : for a miRNA, what each way adds to the enrichment (mean over the routes).
    """

    name: str
    kind: str
    per_cell: float | None
    per_vesicle: float
    by_route: Mapping[str, float]
    enrichment: float | None
    ways: Mapping[str, float]


@dataclass(frozen=True)
class Entry:
    """One molecule of a donor's composition: copies per vesicle with where they come from, and the claims that name it."""

    kind: str
    name: str
    copies: float | None
    basis: str
    claims: tuple[str, ...]


def profile(donor: Donor, library: Library) -> dict[str, Loaded]:
    """Name -> how a cargo of the donor is loaded, at the nominal values.

    Raises
    ------
    UnknownName, ModelError
        As for :func:`vesicle.model.donor.assemble_donor`; a donor that makes no vesicles has no profile.
    """
    site = site_of(donor, library)
    weights = {route: route_share(site, route) * level(site, *RUNS_ON[route]) for route in ROUTES}
    if all(weight == 0 for weight in weights.values()):
        raise ModelError("this donor makes no vesicles by any route, so they hold nothing; raise a component that a route runs on.")
    total = sum(weights.values(), sympy.Integer(0))
    shares = {route: weight / total for route, weight in weights.items()}
    return {cargo.name: _loaded(site, cargo, shares) for cargo in donor.cargo}


def donor_composition(donor: Donor, library: Library, stated: Mapping[str, float] | None = None) -> tuple[Entry, ...]:
    """What the vesicles of a donor hold: what claims name for its type, what is computed for its cargo, and what is stated instead.

    Parameters
    ----------
    stated : name -> copies per vesicle; goes before everything else.
    """
    stated = stated or {}
    claimed = {c.name: c for c in composition(library, donor.cell)}
    computed = profile(donor, library) if donor.cargo else {}
    out = []
    for name in sorted({*claimed, *computed, *stated}):
        kind = claimed[name].kind if name in claimed else computed[name].kind if name in computed else UNKNOWN
        copies = stated.get(name, computed[name].per_vesicle if name in computed else None)
        basis = STATED if name in stated else COMPUTED if name in computed else UNKNOWN
        out.append(Entry(kind, name, copies, basis, claimed[name].claims if name in claimed else ()))
    return tuple(out)


def folds(before: Mapping[str, Loaded], after: Mapping[str, Loaded]) -> dict[str, float]:
    """Name -> copies per vesicle after over before."""
    return {name: after[name].per_vesicle / before[name].per_vesicle for name in before if name in after and before[name].per_vesicle}


def _loaded(site: Site, cargo: Cargo, shares: Mapping[str, sympy.Expr]) -> Loaded:
    if isinstance(cargo, DNA):
        inside = located(site, cargo)[0].copies
        return _evaluated(site, cargo, shares, None, dict.fromkeys(shares, inside), {})
    per_cell, taken = _READ[type(cargo)](site, cargo)
    copies = {route: taken(route) * per_cell for route in shares}
    ways: dict[str, Any] = {}
    if isinstance(cargo, MicroRNA):
        each = {route: enrichment(site, cargo, route).ways for route in shares}
        ways = {way: sum((shares[route] * each[route][way] for route in shares), sympy.Integer(0)) for way in next(iter(each.values()))}
    return _evaluated(site, cargo, shares, per_cell, copies, ways)


def _evaluated(site: Site, cargo: Cargo, shares: Mapping[str, Any], per_cell: Any, copies: Mapping[str, Any], ways: Mapping[str, Any]) -> Loaded:
    passive = cytosol_share(site)
    mean = sum((shares[route] * copies[route] for route in shares), sympy.Integer(0))
    values = {symbol(p.id): p.value for p in site.parameters.values()}

    def number(expression: Any) -> float:
        return float(sympy.sympify(expression).xreplace(values))

    content = None if per_cell is None else number(per_cell)
    return Loaded(
        cargo.name, cargo.kind, content, number(mean), {route: number(c) for route, c in copies.items()},
        number(mean / (passive * per_cell)) if content else None, {way: number(e) for way, e in ways.items()},
    )  # fmt: skip


Taken = Callable[[str], sympy.Expr]


def _mirna(site: Site, cargo: MicroRNA) -> tuple[sympy.Expr, Taken]:
    return cell_copies(site, cargo), lambda route: mirna_share(site, cargo, route)


def _mrna(site: Site, cargo: MessengerRNA) -> tuple[sympy.Expr, Taken]:
    return mrna_copies(site, cargo), lambda route: mrna_share(site, cargo)


def _protein(site: Site, cargo: Protein) -> tuple[sympy.Expr, Taken]:
    return protein_copies(site, cargo), lambda route: protein_share(site, cargo, route)


def _drug(site: Site, cargo: Drug) -> tuple[sympy.Expr, Taken]:
    name = identity(cargo)
    return at_rest(site, name, site.given(f"per_cell__{name}", cargo.per_cell, "copy/cell")), lambda route: drug_share(site, cargo)


_READ: dict[type, Callable[[Site, Any], tuple[sympy.Expr, Taken]]] = {MicroRNA: _mirna, MessengerRNA: _mrna, Protein: _protein, Drug: _drug}
