"""Loading of a payload into vesicles: whether it works at all, how many copies, what fits, what stays whole.

By the way of loading, with m copies offered per vesicle:

    efficiency           n = m e                      e the measured share of the offered that ends in vesicles
    capacity             n = C / (P M)                C mass of drug per mass of vesicle protein, P vesicles per protein, M mass of a molecule; used before an efficiency
    fold over incubation n = min(m, f m e_inc)
    electroporation      n = m ((1 - r) e_true + r e_app),  r a rival; what counts as loaded and is not is aggregated: (m e_app - n) / copies per aggregate
    overexpression       n = n_native f               in the donor
    surface              n = copies of a fusion protein on its scaffold
    sorting switch       n = n_native s               with the tag and the regulator, n_native without either

No more than fits: for guides and DNA the RNA capacity of the lumen over the length; for proteins the packed lumen, phi (pi/6) (d - 2h)^3 / (v M); for small molecules that and the
membrane, x times its lipids, pi (d^2 + (d - 2h)^2) / a; for what sits in the outer leaflet x pi d^2 / a. The share of vesicles that stays whole is a record of the method;
vesicles that their donor loads are made whole.

A pair is *refused* where a claim says that it does not work or not one copy fits, *unknown* where nothing was measured and no claim speaks,
else *feasible*, perhaps with a warning.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sympy

from vesicle import reading
from vesicle.errors import InputError, unknown_name
from vesicle.evidence.library import RECORDS, Library
from vesicle.evidence.site import Site
from vesicle.products.claimed_effects import is_kind_of
from vesicle.products.composition import copies_offered

WAY_COLUMNS = ("method", "where", "payload_class", "quantity", "label", "note")
REFUSAL_COLUMNS = ("donor", "method", "payload", "payload_class", "claim", "reason", "is_certain")
FEASIBLE, REFUSED, UNKNOWN = "feasible", "refused", "unknown"
GUIDES = ("siRNA", "miRNA", "anti-miRNA")
OUTER_METHODS = ("cholesterol co-incubation",)
SWITCH = "WW tag"
SWITCH_CLAIMS = ("C-0763", "C-0764")
EXOSOME = "exosome"


@dataclass(frozen=True)
class Way:
    """How a method loads a class of payload: in the donor or in the vesicle, the quantity that answers and its label."""

    method: str
    where: str
    payload_class: str
    quantity: str
    label: str
    note: str


@dataclass(frozen=True)
class Refusal:
    """A loading that a claim says does not work (certain) or works badly."""

    donor: str
    method: str
    payload: str
    payload_class: str
    claim: str
    reason: str
    is_certain: str


@dataclass(frozen=True)
class Attempt:
    """What is to be loaded, from which donor, how.

    Attributes
    ----------
    payload, payload_class : name and class; the class is one of the table's.
    donor : cell as claims name it.
    method : way of loading.
    offered : copies offered per vesicle; None as recorded, where there is a record (siRNA in electroporation).
    length : base pairs of DNA.
    has_tag, has_regulator : a WW tag on the protein, NDFIP1 in the donor.
    """

    payload: str
    payload_class: str
    donor: str
    method: str
    offered: float | None = None
    length: float = 0.0
    has_tag: bool = True
    has_regulator: bool = True


@dataclass(frozen=True)
class Feasibility:
    """Whether a loading works: outcome, why, and the claims or records behind it."""

    outcome: str
    reason: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Loaded:
    """Expressions over the parameters of a site, per vesicle offered: copies, what fits in the lumen and in the membrane, share whole, aggregates beside."""

    copies: sympy.Expr
    lumen: sympy.Expr
    membrane: sympy.Expr
    whole: sympy.Expr
    aggregates: sympy.Expr


@functools.cache
def ways() -> tuple[Way, ...]:
    """Every way of the records."""
    return tuple(Way(**row.cells) for row in reading.rows(RECORDS / "loading_ways.tsv", WAY_COLUMNS))


@functools.cache
def refusals() -> tuple[Refusal, ...]:
    """Every refusal of the records."""
    return tuple(Refusal(**row.cells) for row in reading.rows(RECORDS / "loading_refusals.tsv", REFUSAL_COLUMNS))


def way_of(attempt: Attempt) -> Way | None:
    """The way that answers, or none.

    Raises
    ------
    UnknownName
        For a method that no class of payload has.
    """
    methods = dict.fromkeys(way.method for way in ways())
    if attempt.method not in methods:
        raise unknown_name("way of loading", attempt.method, methods, advice="A way is a line in loading_ways.tsv.")
    return next((way for way in ways() if (way.method, way.payload_class) == (attempt.method, attempt.payload_class)), None)


def feasibility(library: Library, attempt: Attempt) -> Feasibility:
    """Whether a loading works, before any number.

    Raises
    ------
    UnknownName
        For a method that is none.
    """
    way = way_of(attempt)
    known = {claim.id for claim in library.claims}
    spoken = [r for r in refusals() if _refuses(r, attempt) and r.claim in known]
    for refusal in spoken:
        if refusal.is_certain == "yes":
            return Feasibility(REFUSED, f"{attempt.payload}: {refusal.reason}", (refusal.claim,))
    if way is None:
        return Feasibility(UNKNOWN, f"nothing was recorded of {attempt.payload_class} by {attempt.method}", ())
    if attempt.length:
        site = Site(library, {})
        fits = lumen_cap(site, attempt)
        nominal = float(fits.xreplace({s: site.parameters[str(s)].value for s in fits.free_symbols}))
        if nominal < 1:
            why = f"{attempt.length:g} base pairs are more than a lumen holds: {nominal:.2g} copies fit"
            return Feasibility(REFUSED, why, tuple(dict.fromkeys(r for p in site.parameters.values() for r in p.records)))
    words = "; ".join(filter(None, (way.note, *(r.reason for r in spoken))))
    return Feasibility(FEASIBLE, words, tuple(r.claim for r in spoken) or (SWITCH_CLAIMS if attempt.method == SWITCH else ()))


def load(site: Site, attempt: Attempt) -> Loaded:
    """Copies and caps as expressions over the site's parameters.

    Raises
    ------
    InputError
        For a loading that is refused or unknown, or without the copies that are offered.
    ModelError
        Where a measurement is missing.
    """
    found = feasibility(site.library, attempt)
    if found.outcome != FEASIBLE:
        raise InputError(f"{attempt.payload} into vesicles of {attempt.donor} by {attempt.method} is {found.outcome}: {found.reason} ({', '.join(found.sources) or 'no record'}).")
    way = way_of(attempt)
    assert way is not None
    lumen, membrane = lumen_cap(site, attempt), membrane_cap(site, attempt)
    n, aggregates = _WAYS[way.quantity](site, attempt, way)
    outside = attempt.method in OUTER_METHODS or way.quantity == "surface"
    most = membrane if outside else (lumen + membrane if attempt.payload_class == "small_molecule" else lumen)
    whole = site.quantity("integrity_after_loading", "1", product=EXOSOME, method=attempt.method) if way.where == "vesicle" else sympy.Integer(1)
    return Loaded(sympy.Min(most, n), lumen, membrane, whole, aggregates)


def lumen_cap(site: Site, attempt: Attempt) -> sympy.Expr:
    """Copies that fit into a lumen [copy/EV]."""
    if attempt.payload_class in GUIDES:
        return site.quantity("lumen_rna_capacity", "nt/EV", product=EXOSOME) / site.quantity("guide_length", "nt/copy", label=attempt.payload_class)
    if attempt.payload_class == "DNA":
        if not attempt.length > 0:
            raise InputError(f"{attempt.payload} has the length {attempt.length:g}; expected its number of base pairs.")
        return site.quantity("lumen_rna_capacity", "nt/EV", product=EXOSOME) / site.condition("nucleotides", 2 * attempt.length, "nt/copy")
    inner = site.quantity("ev_diameter", "nm", product=EXOSOME) - 2 * site.quantity("bilayer_thickness", "nm")
    mass = _mass(site, attempt)
    room = site.quantity("lumen_packing_limit", "1") * sympy.pi / 6 * inner**3 * site.conversion("mL", "nm3") / site.given("one_vesicle", 1.0, "EV")
    return room / (site.quantity("protein_specific_volume", "mL/ug") * mass)


def membrane_cap(site: Site, attempt: Attempt) -> sympy.Expr:
    """Copies that the membrane holds without crystals [copy/EV]; of the outer leaflet alone for what is put on from outside."""
    outer = site.quantity("ev_diameter", "nm", product=EXOSOME)
    inner = outer - 2 * site.quantity("bilayer_thickness", "nm")
    leaflets = outer**2 if attempt.method in OUTER_METHODS else outer**2 + inner**2
    lipids = sympy.pi * leaflets / site.quantity("lipid_area", "nm2/copy") / site.given("one_vesicle", 1.0, "EV")
    return site.quantity("drug_per_lipid_limit", "1") * lipids


def _mass(site: Site, attempt: Attempt) -> sympy.Expr:
    """Mass of a molecule [ug/copy]."""
    if attempt.payload_class == "protein":
        return site.quantity("protein_molar_mass", "ug/copy", label=attempt.payload)
    return site.quantity("drug_molar_mass", "ug/copy", label=attempt.payload)


def _offered(site: Site, attempt: Attempt) -> sympy.Expr:
    if attempt.offered is not None:
        return site.condition("offered", attempt.offered, "copy/EV")
    if attempt.method == "electroporation" and attempt.payload_class in GUIDES:
        return copies_offered(site)
    raise InputError(f"{attempt.payload} by {attempt.method}: say how many copies are offered per vesicle (`offered`); only siRNA in electroporation has a record.")


def _refuses(refusal: Refusal, attempt: Attempt) -> bool:
    payload = refusal.payload in ("", attempt.payload) and refusal.payload_class in ("", attempt.payload_class)
    return payload and refusal.method == attempt.method and is_kind_of(attempt.donor, refusal.donor)


Counted = tuple[sympy.Expr, sympy.Expr]
NOTHING = sympy.Integer(0)


def _measured(site: Site, quantity: str, attempt: Attempt) -> bool:
    """Whether the payload itself has a record for this method."""
    return any(m.label == attempt.payload and m.method == attempt.method and m.role == "input" for m in site.library.of(quantity))


def _by_efficiency(site: Site, attempt: Attempt, way: Way) -> Counted:
    if _measured(site, "loading_capacity", attempt):
        capacity = site.quantity("loading_capacity", "1", product=EXOSOME, label=attempt.payload, method=attempt.method)
        return capacity / site.quantity("particles_per_protein", "EV/ug", product=EXOSOME) / _mass(site, attempt), NOTHING
    label = attempt.payload if _measured(site, "loading_efficiency", attempt) else way.label
    return _offered(site, attempt) * site.quantity("loading_efficiency", "1", product=EXOSOME, label=label, method=attempt.method), NOTHING


def _by_fold(site: Site, attempt: Attempt, way: Way) -> Counted:
    offered = _offered(site, attempt)
    passive = site.quantity("loading_efficiency", "1", product=EXOSOME, label=way.label, method="incubation")
    return sympy.Min(offered, offered * passive * site.quantity("loading_fold_over_incubation", "1", product=EXOSOME, label=way.label, method=attempt.method)), NOTHING


def _by_electroporation(site: Site, attempt: Attempt, way: Way) -> Counted:
    """What is left after aggregates are removed against what seems to be loaded, as rivals; the rest of the latter is aggregated."""
    del way
    rival = site.rival("electroporation", ("electroporation_true_retention", "electroporation_apparent_efficiency"))
    true = site.quantity("electroporation_true_retention", "1", product=EXOSOME, label="siRNA")
    apparent = site.quantity("electroporation_apparent_efficiency", "1", product=EXOSOME, label="siRNA")
    offered = _offered(site, attempt)
    kept = sympy.Min(lumen_cap(site, attempt), offered * ((1 - rival) * true + rival * apparent))
    return kept, sympy.Max(0, offered * apparent - kept) / site.quantity("sirna_copies_per_particle", "copy/EV", product="sirna_aggregate")


def _by_overexpression(site: Site, attempt: Attempt, way: Way) -> Counted:
    del attempt, way
    return site.quantity("mirna_copies_per_ev", "copy/EV", product=EXOSOME) * site.quantity("overexpression_enrichment", "1", product=EXOSOME, method="donor transfection"), NOTHING


def _by_surface(site: Site, attempt: Attempt, way: Way) -> Counted:
    del way
    return site.quantity("surface_ligand_copies_per_ev", "copy/EV", product=EXOSOME, label=attempt.payload), NOTHING


def _by_switch(site: Site, attempt: Attempt, way: Way) -> Counted:
    """Copies of the untagged protein; more by the switch where tag and regulator are there."""
    native = site.quantity("cargo_copies_per_ev", "copy/EV", product=EXOSOME, label="protein")
    if not (attempt.has_tag and attempt.has_regulator):
        return native, NOTHING
    return native * site.quantity("sorting_switch_fold", "1", product=EXOSOME, label=way.label, method=attempt.method), NOTHING


_WAYS: Mapping[str, Callable[[Site, Attempt, Way], Counted]] = {
    "efficiency": _by_efficiency,
    "fold_over_incubation": _by_fold,
    "electroporation": _by_electroporation,
    "overexpression": _by_overexpression,
    "surface": _by_surface,
    "sorting_switch": _by_switch,
}
