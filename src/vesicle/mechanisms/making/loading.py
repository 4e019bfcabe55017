"""From the cytosol into a forming vesicle: what all kinds of cargo share.

A vesicle of route r closes around a volume V of cytosol, so that without any sorting it takes the concentration of the cell:

    copies per vesicle = E_r V/V_cell n,      V = pi/6 (d - 2 w)^3 exp(9/2 ln^2 s)

n copies per cell, V_cell its cytosol, d and s median and geometric SD of the diameters, w the wall; the mean of d^3 over a log-normal is that of the median times
exp(9/2 ln^2 s). E_r is the enrichment: 1 is passive, more is selective. So vesicles mirror their parent (copies ~ n) and are selective (E differs) at once.

    cytosol -> vesicle     at E_r V/V_cell n B_r         B_r vesicles of route r made per hour
    d(cytosol)/dt = k (n0 N - cytosol) + export at rest - export          k = ln 2/half-life, n0 copies per cell at rest, N cells

A cell is measured while it exports, so what it makes anew covers what it loses and what it exports at rest; a block of sorting then lets the content rise.
A gain g of a way is the mean over all vesicles of a donor at rest; route r has the part a_r/sum_q(w_q a_q) of it, w_q the shares of the routes and a_q their
affinities. Once in a vesicle the cargo goes where the vesicle goes. Copies: at the start + made anew = cytosol + in vesicles + lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy

from vesicle.mechanisms.base import Site
from vesicle.mechanisms.making.budding import MVB_PLACE, made_rate, route_share
from vesicle.mechanisms.making.regulation import level
from vesicle.mechanisms.making.release import OUTSIDE
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species
from vesicle.network.types import Observable, Part, Particle, Reaction, Species

WAYS = ("SMPD3", "hnRNP", "3' end", "miRISC", "targets", "zip-code", "ubiquitin", "tetraspanin")
"""Ways of sorting that can be switched (a level of 0 switches off): four for miRNA and what targets hold back, one for mRNA, two for protein."""


def route_of(particle: Particle) -> str:
    """The route whose vesicles a particle is."""
    return particle.id.removeprefix("exosome_")


def way(site: Site, name: str) -> float:
    """Level of a way; 1 where nothing is said."""
    ways: Mapping[str, float] = site.settings.get("ways", {})
    return float(ways.get(name, 1.0))


def lumen(site: Site) -> sympy.Expr:
    """Mean volume inside a vesicle [nm3/EV]."""
    inner = site.quantity("ev_diameter", "nm", product="exosome") - 2 * site.quantity("bilayer_thickness", "nm")
    return sympy.pi / 6 * inner**3 * _mean_over_sizes(site, 9) / site.given("one_vesicle", 1.0, "EV")


def whole(site: Site) -> sympy.Expr:
    """Mean volume of a vesicle with its wall [nm3/EV]."""
    return sympy.pi / 6 * site.quantity("ev_diameter", "nm", product="exosome") ** 3 * _mean_over_sizes(site, 9) / site.given("one_vesicle", 1.0, "EV")


def surface(site: Site) -> sympy.Expr:
    """Mean area of a vesicle [nm2/EV]."""
    return sympy.pi * site.quantity("ev_diameter", "nm", product="exosome") ** 2 * _mean_over_sizes(site, 4) / site.given("one_vesicle", 1.0, "EV")


def _mean_over_sizes(site: Site, twice: int) -> sympy.Expr:
    return sympy.exp(sympy.Rational(twice, 2) * sympy.log(site.quantity("ev_diameter_gsd", "1", product="exosome")) ** 2)


def cytosol_share(site: Site) -> sympy.Expr:
    """Cytosol in one vesicle over that of one cell, V/V_cell [cell/EV]."""
    return lumen(site) * site.conversion("pL", "nm3") / site.quantity("cytosol_volume", "pL") * site.given("one_cell", 1.0, "cell")


def in_route(site: Site, route: str, affinities: Mapping[str, sympy.Expr]) -> sympy.Expr:
    """Part of a gain that a route has, a_r/sum(w_q a_q); routes that are not named have no affinity."""
    total = sum((route_share(site, name) * affinity for name, affinity in affinities.items()), sympy.Integer(0))
    return affinities.get(route, sympy.Integer(0)) / total


def only(route: str) -> dict[str, sympy.Expr]:
    """Affinities of a way that acts in one route only."""
    return {route: sympy.Integer(1)}


def active(site: Site, name: str, *components: str) -> sympy.Expr:
    """Activity of a way: its level times that of the components it needs."""
    value = way(site, name) * level(site, *components)
    if site.settings.get("sorting_at_rest"):
        return sympy.Integer(1)
    if value in (0, 1):
        return sympy.Integer(int(value))
    identity = "way_" + "_".join("".join(c for c in word if c.isalnum()) for word in (name, *components))
    return site.given(identity, value, "1")


def resting(site: Site) -> Site:
    """The same site with every way of sorting at rest."""
    return replace(site, settings={**site.settings, "sorting_at_rest": True})


def at_rest(site: Site, name: str, per_cell: sympy.Expr) -> sympy.Expr:
    """Copies per cell at rest: measured or given, times engineering, times what the state of the donor does [copy/cell]."""
    found = per_cell * site.given(f"engineered__{name}", site.settings.get("engineered", {}).get(name, 1.0), "1")
    for effect in site.settings.get("effects", {}).get(name, ()):
        fold = site.quantity("state_cargo_fold", "1", label=effect.label, cell=site.settings.get("donor_cell", ""))
        through = site.given(f"{effect.through}_level", level(site, effect.through), "1") if effect.through else sympy.Integer(1)
        found = found * (1 + through * (fold - 1))
    return found


def load(site: Site, particle: Particle, name: str, copies: Callable[[Site], sympy.Expr], rest: sympy.Expr, loss: sympy.Expr, is_renewed: bool = True) -> Part:
    """Species and reactions of one kind of molecule for the vesicles of one route.

    Parameters
    ----------
    copies : what gives, at a site, the copies per vesicle for each copy per cell, E_r V/V_cell [cell/EV].
    rest : copies per cell at rest [copy/cell].
    loss : rate of loss in the cell [1/h].
    is_renewed : whether the cell makes it anew.
    """
    cells = symbol(site.settings["cells"])
    cytosol, lost, renewed = (f"{where}__{name}" for where in ("in_cytosol", "lost", "made_anew"))
    made = symbol(made_rate(particle))
    inside = passenger_species(particle.id, name, MVB_PLACE)
    reactions = [
        Reaction(f"load__{name}__{particle.id}", {cytosol: -1, inside: 1}, copies(site) * symbol(cytosol) / cells * made),
        Reaction(f"lose__{name}", {cytosol: -1, lost: 1}, loss * symbol(cytosol)),
    ]
    if is_renewed:
        reactions.append(Reaction(f"renew__{name}", {cytosol: 1, renewed: 1}, loss * rest * cells))
        exported = copies(resting(site)) * rest * symbol(f"made_at_rest__{particle.id}")
        reactions.append(Reaction(f"renew_exported__{name}__{particle.id}", {cytosol: 1, renewed: 1}, exported))
    species = (Species(cytosol, name, "donor", "copy", rest * cells), Species(lost, name, "donor", "copy"), Species(renewed, name, "donor", "copy"))
    return Part(species=species, reactions=tuple(reactions), observables=observables(name, particle))


def observables(name: str, particle: Particle) -> tuple[Observable, ...]:
    """Where the copies are: in the cell, lost, made anew, and with the vesicles of a route in bodies and in the medium."""
    found = [Observable(f"cargo:{name}:{where}", "copy", symbol(f"{where}__{name}")) for where in ("in_cytosol", "lost", "made_anew")]
    found += [Observable(f"cargo:{name}:{place}:{particle.id}", "copy", symbol(passenger_species(particle.id, name, place))) for place in (MVB_PLACE, OUTSIDE)]
    return tuple(found)
