"""What a product is made of: particles per dose unit and copies per particle.

Loading of a guide RNA:

    endogenous       n = measured copies per vesicle (rarely above 0.01 for one miRNA)
    overexpression   n = measured copies * stated fold
    electroporation  n = min(cap, offered * e);  offered = siRNA mass per vesicle / molar mass,
                     cap = RNA capacity of the lumen / siRNA length. e is a rival: what is left
                     after aggregates are removed, or the apparent efficiency
    encapsulation    n = measured copies per particle (liposomes)
    none             n = 1 (a free molecule is its own particle)

siRNA that counts as loaded but does not fit is aggregated; aggregates travel as particles of
their own, (offered * apparent - n) / copies per aggregate of them per vesicle.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sympy

from vesicle.errors import UnsupportedFeature
from vesicle.evidence.site import Site
from vesicle.network.types import Particle, Passenger
from vesicle.products.carriers import CARRIERS

LOADINGS = ("endogenous", "overexpression", "electroporation", "encapsulation", "none")
KINDS = tuple(CARRIERS)
FRACTIONS = ("whole", "vesicles", "ev_depleted")


@dataclass(frozen=True)
class Cargo:
    """One guide RNA of a product.

    Attributes
    ----------
    id : identifier of the guide.
    kind : siRNA or miRNA.
    loading : one of :data:`LOADINGS`.
    fold : factor over the endogenous copies, for overexpression.
    """

    id: str
    kind: str
    loading: str
    fold: float = 1.0


@dataclass(frozen=True)
class Preparation:
    """A product as given: its kind, its cargo, which fraction of the preparation, its label, and its drug with copies per particle."""

    name: str
    kind: str
    cargo: tuple[Cargo, ...] = ()
    fraction: str = "whole"
    label: str = ""
    drug: str = ""
    drug_copies: float = 1.0


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
    if cargo.loading in CARRIERS[kind].loadings:
        return _COPIES[cargo.loading](site, cargo)
    takes = f"vesicles take {', '.join(LOADINGS[:3])}, liposomes 'encapsulation', free siRNA 'none'"
    raise UnsupportedFeature(f"cargo '{cargo.id}': loading '{cargo.loading}' does not go with a product of kind '{kind}'; {takes}.")


def _endogenous(site: Site, cargo: Cargo) -> sympy.Expr:
    return site.quantity("mirna_copies_per_ev", "copy/EV", product="exosome")


_COPIES: Mapping[str, Callable[[Site, Cargo], sympy.Expr]] = {
    "endogenous": _endogenous,
    "overexpression": lambda site, cargo: _endogenous(site, cargo) * site.given(f"fold__{cargo.id}", cargo.fold, "1"),
    "electroporation": lambda site, cargo: _electroporated(site),
    "encapsulation": lambda site, cargo: site.quantity("sirna_copies_per_particle", "copy/EV", product="liposome"),
    "none": lambda site, cargo: site.given("one_copy_per_molecule", 1.0, "copy/EV"),
}


def _passengers(site: Site, kind: str, cargo: tuple[Cargo, ...]) -> tuple[Passenger, ...]:
    out = []
    for item in cargo:
        copies = copies_per_particle(site, kind, item)
        out.append(Passenger(item.id, "guide", copies))
        out.append(Passenger(f"{item.id}_loads", "load", 1 - sympy.exp(-copies)))
    return tuple(out)


def compose(site: Site, preparation: Preparation) -> list[Component]:
    """The particles of a product and how many of each one vesicle of nominal dose stands for."""
    recovery = site.quantity("handling_recovery", "1", product="exosome")
    label = (Passenger(f"label_{preparation.label}", "label", site.given("one_label", 1.0, "copy/EV"), tracked=True),) if preparation.label else ()
    label = (*label, *_drug(site, preparation))
    electroporated = tuple(c for c in preparation.cargo if c.loading == "electroporation")
    components = []
    if preparation.kind == "sirna_aggregate":
        share = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
        passengers = _passengers(site, "sirna_aggregate", preparation.cargo)
        particle = Particle(f"{preparation.name}", "sirna_aggregate", passengers, "siRNA aggregate")
        return [Component(particle, recovery * copies_offered(site) * share / passengers[0].copies)]
    if preparation.fraction != "ev_depleted":
        passengers = (*_passengers(site, preparation.kind, preparation.cargo), *label)
        components.append(Component(Particle(preparation.name, preparation.kind, passengers, preparation.kind.replace("_", " ")), recovery))
    if electroporated and preparation.fraction != "vesicles":
        components.append(_aggregates(site, preparation, electroporated, recovery))
    return components


def _drug(site: Site, preparation: Preparation) -> tuple[Passenger, ...]:
    """The drug of a product, followed on and off its carrier; a free drug is its own carrier."""
    if not preparation.drug:
        return ()
    copies = 1.0 if CARRIERS[preparation.kind].is_molecule else preparation.drug_copies
    return (Passenger(f"drug_{preparation.drug}", "drug", site.given(f"drug_copies__{preparation.name}", copies, "copy/EV"), tracked=True),)


def _aggregates(site: Site, preparation: Preparation, cargo: tuple[Cargo, ...], recovery: sympy.Expr) -> Component:
    apparent = site.quantity("electroporation_apparent_efficiency", "1", product="exosome", label="siRNA")
    excess = sympy.Max(0, copies_offered(site) * apparent - _electroporated(site))
    passengers = _passengers(site, "sirna_aggregate", cargo)
    particle = Particle(f"{preparation.name}_aggregates", "sirna_aggregate", passengers, "siRNA aggregate")
    return Component(particle, recovery * excess / passengers[0].copies)
