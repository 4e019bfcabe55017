"""What a product is made of: particles per dose unit and copies per particle.

Loading of a guide RNA:

    endogenous       n = copies per vesicle of that donor in its state (:mod:`vesicle.products.origin`); rarely above 0.01 for one miRNA
    overexpression   n = measured copies * stated fold
    electroporation  n = min(cap, offered * e);  offered = siRNA mass per vesicle / molar mass,
                     cap = RNA capacity of the lumen / siRNA length. e is a rival: what is left
                     after aggregates are removed, or the apparent efficiency
    encapsulation    n = measured copies per particle (liposomes)
    none             n = 1 (a free molecule is its own particle)
    stated           n = the copies that the scenario states, as counted in its batch

Treatments (:mod:`vesicle.products.location`) act before dosing: a nuclease takes what it reaches of its own kind, a detergent opens vesicles, which are then none. Cargo
that is free beside the vesicles is not followed further; that of the outer surface goes with them and is not released.

siRNA that counts as loaded but does not fit is aggregated; aggregates travel as particles of
their own, (offered * apparent - n) / copies per aggregate of them per vesicle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce

import sympy

from vesicle.errors import UnsupportedFeature
from vesicle.evidence.site import Site
from vesicle.network.types import Particle, Passenger
from vesicle.products.carriers import CARRIERS
from vesicle.products.copies import loaded_share, size_of
from vesicle.products.location import AGGREGATE, LUMEN, OUTER, Treatment, intact, left
from vesicle.products.origin import Origin, natural_copies, natural_mirna

LOADINGS = ("endogenous", "overexpression", "electroporation", "encapsulation", "none", "stated")
GUIDES = ("siRNA", "miRNA")
CARGO_TYPES = (*GUIDES, "anti-miRNA", "mRNA", "protein", "DNA", "mtDNA")
KINDS = tuple(CARRIERS)
FRACTIONS = ("whole", "vesicles", "ev_depleted")
OUTSIDE = "outside"
"""Role of what sits on the outer surface: it goes with the vesicle and is not released into the cytosol."""


@dataclass(frozen=True)
class Cargo:
    """One cargo of a product.

    Attributes
    ----------
    id : identifier of the cargo.
    kind : one of :data:`CARGO_TYPES`.
    loading : one of :data:`LOADINGS`.
    fold : factor over the endogenous copies, for overexpression.
    copies : copies per vesicle, for ``stated``.
    distribution : law of the copies over vesicles, one of :data:`vesicle.products.copies.DISTRIBUTIONS`.
    target : the gene that it is about.
    place : where it sits, one of :data:`vesicle.products.location.PLACES`.
    name : the molecule as records spell it.
    origin : the donor and its state.
    """

    id: str
    kind: str
    loading: str
    fold: float = 1.0
    copies: float = 0.0
    distribution: str = "poisson"
    target: str = ""
    place: str = LUMEN
    name: str = ""
    origin: Origin = Origin()


@dataclass(frozen=True)
class Preparation:
    """A product as given: its kind, its cargo, which fraction of the preparation, its label, what it was treated with."""

    name: str
    kind: str
    cargo: tuple[Cargo, ...] = ()
    fraction: str = "whole"
    label: str = ""
    treatments: tuple[Treatment, ...] = ()


@dataclass(frozen=True)
class Component:
    """One kind of particle in a product and how many there are per vesicle of nominal dose."""

    particle: Particle
    per_dose: sympy.Expr


def copies_offered(site: Site) -> sympy.Expr:
    """siRNA copies in the electroporation cuvette per vesicle [copy/EV]."""
    offered = site.quantity("electroporation_sirna_offered", "ug/EV", product="exosome")
    return offered / site.quantity("sirna_molar_mass", "ug/copy")


def _electroporated(site: Site) -> sympy.Expr:
    rival = site.rival("electroporation", ("electroporation_true_retention", "electroporation_apparent_efficiency"))
    true = site.quantity("electroporation_true_retention", "1", product="exosome", label="siRNA")
    apparent = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
    cap = site.quantity("lumen_rna_capacity", "nt/EV", product="exosome") / site.quantity("sirna_length", "nt/copy")
    return sympy.Min(cap, copies_offered(site) * ((1 - rival) * true + rival * apparent))


def copies_per_particle(site: Site, kind: str, cargo: Cargo) -> sympy.Expr:
    """Mean copies of a guide per particle [copy/EV].

    Raises
    ------
    UnsupportedFeature
        For a loading that this kind of particle does not have.
    """
    if kind == "sirna_aggregate":
        return site.quantity("sirna_copies_per_particle", "copy/EV", product="sirna_aggregate")
    takes = CARRIERS[kind].loadings
    if cargo.loading in takes:
        return _COPIES[cargo.loading](site, cargo)
    words = f"it takes {', '.join(takes)}" if takes else "it takes no cargo"
    raise UnsupportedFeature(f"cargo '{cargo.id}': loading '{cargo.loading}' does not go with a product of kind '{kind}'; {words}.")


def _endogenous(site: Site, cargo: Cargo) -> sympy.Expr:
    """Copies that vesicles of this donor carry by nature."""
    if cargo.kind in GUIDES:
        return natural_mirna(site, cargo.name, cargo.origin)
    return natural_copies(site, cargo.name, cargo.kind, cargo.origin)


_COPIES: Mapping[str, Callable[[Site, Cargo], sympy.Expr]] = {
    "endogenous": _endogenous,
    "overexpression": lambda site, cargo: _endogenous(site, cargo) * site.given(f"fold__{cargo.id}", cargo.fold, "1"),
    "electroporation": lambda site, cargo: _electroporated(site),
    "encapsulation": lambda site, cargo: site.quantity("sirna_copies_per_particle", "copy/EV", product="liposome"),
    "none": lambda site, cargo: site.given("one_copy_per_molecule", 1.0, "copy/EV"),
    "stated": lambda site, cargo: site.given(f"copies__{cargo.id}", cargo.copies, "copy/EV"),
}


def _passengers(site: Site, preparation: Preparation, kind: str, cargo: tuple[Cargo, ...]) -> tuple[Passenger, ...]:
    """What a particle carries after the treatments: its lumen is unpacked at a release, its outer surface never is."""
    out = []
    for item in cargo:
        copies = copies_per_particle(site, kind, item)
        size = size_of(site, item.distribution, copies)
        if kind == "sirna_aggregate":
            out += _carried(item, "guide", copies, size)
            continue
        kept = reduce(lambda share, treatment: share * left(site, item.kind, item.place, treatment), preparation.treatments, sympy.Integer(1))
        role = OUTSIDE if item.place != LUMEN else ("guide" if item.kind in GUIDES else "cargo")
        if item.place in (LUMEN, OUTER):
            out += _carried(item, role, copies * kept, size)
    return tuple(out)


def _carried(item: Cargo, role: str, copies: sympy.Expr, size: sympy.Expr | None) -> list[Passenger]:
    carried = [Passenger(item.id, role, copies, distribution=item.distribution, copies_if_loaded=size)]
    if role != OUTSIDE:
        carried.append(Passenger(f"{item.id}_loads", "load", loaded_share(item.distribution, copies, size)))
    return carried


def compose(site: Site, preparation: Preparation) -> list[Component]:
    """The particles of a product and how many of each one vesicle of nominal dose stands for."""
    recovery = site.quantity("handling_recovery", "1", product="exosome")
    label = (Passenger(f"label_{preparation.label}", "label", site.given("one_label", 1.0, "copy/EV"), tracked=True),) if preparation.label else ()
    electroporated = tuple(c for c in preparation.cargo if c.loading == "electroporation" and c.kind in GUIDES)
    closed = reduce(lambda share, treatment: share * intact(site, treatment), preparation.treatments, sympy.Integer(1))
    components = []
    if preparation.kind == "sirna_aggregate":
        share = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
        passengers = _passengers(site, preparation, "sirna_aggregate", preparation.cargo)
        particle = Particle(f"{preparation.name}", "sirna_aggregate", passengers, "siRNA aggregate")
        return [Component(particle, recovery * copies_offered(site) * share / passengers[0].copies * _aggregates_left(site, preparation))]
    if preparation.fraction != "ev_depleted":
        passengers = (*_passengers(site, preparation, preparation.kind, preparation.cargo), *label)
        components.append(Component(Particle(preparation.name, preparation.kind, passengers, preparation.kind.replace("_", " ")), recovery * closed))
    if electroporated and preparation.fraction != "vesicles":
        components.append(_aggregates(site, preparation, electroporated, recovery))
    return components


def _aggregates(site: Site, preparation: Preparation, cargo: tuple[Cargo, ...], recovery: sympy.Expr) -> Component:
    apparent = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
    excess = sympy.Max(0, copies_offered(site) * apparent - _electroporated(site))
    passengers = _passengers(site, preparation, "sirna_aggregate", cargo)
    particle = Particle(f"{preparation.name}_aggregates", "sirna_aggregate", passengers, "siRNA aggregate")
    return Component(particle, recovery * excess / passengers[0].copies * _aggregates_left(site, preparation))


def _aggregates_left(site: Site, preparation: Preparation) -> sympy.Expr:
    """Share of siRNA aggregates that the treatments leave."""
    return reduce(lambda share, treatment: share * left(site, "siRNA", AGGREGATE, treatment), preparation.treatments, sympy.Integer(1))
