"""The amounts inside donor cells that have lived in their condition for some time when the medium is changed.

Cells grow at mu. A pool that fills at a rate a and loses x = loss + mu per hour holds, a time T after it was empty,

    a phi(x),     phi(x) = (1 - exp(-x T))/x

which is a/x when x T is large and a T when nothing is lost: so a knock-out that lets early endosomes pile up, or leaves no way out of bodies, has a finite start. ESCRT sets are
many times faster than T and stand in balance. With a the entries per free set and hour, c_i the rates of the stages and of recycling,

    stage_0 = F a/(c_0 + mu),   stage_i = stage_(i-1) c_(i-1)/(c_i + mu),   F + sum of stages = M

so that a stage that is knocked out holds every set, and nothing passes it. Acute stimuli (:mod:`vesicle.mechanisms.making.stimuli`) have not acted yet.
"""

from __future__ import annotations

from collections.abc import Mapping

import sympy

from vesicle.mechanisms.base import Site
from vesicle.mechanisms.making.budding import FREE, MVB_PLACE, ROUTES, SPENT, STAGES, made_rate
from vesicle.mechanisms.making.endosomes import BODY, EARLY, LATE
from vesicle.mechanisms.making.release import BodyFate
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species, passenger_species
from vesicle.network.types import Network

LEAST = 1e-9
"""A rate [1/h] that loses nothing within any experiment, added to every loss; keeps the formula finite."""


def settled(site: Site, network: Network, growth: sympy.Expr, lead_in: sympy.Expr, start: sympy.Expr) -> dict[str, sympy.Expr]:
    """Species of the donor -> amount at the change of medium.

    Parameters
    ----------
    network : the donor's network; its reactions give the rates.
    growth : mu [1/h].
    lead_in : T [h].
    start : number of cells at the change of medium.
    """
    rates = {r.id: r.rate for r in network.reactions}
    rules = {symbol(rule.id): rule.expression for rule in network.rules} | {symbol(site.settings["cells"]): start}
    least = site.given("negligible_rate", LEAST, "1/h")

    def phi(loss: sympy.Expr) -> sympy.Expr:
        x = loss + growth + least
        return (1 - sympy.exp(-x * lead_in)) / x

    def per(name: str, species: str) -> sympy.Expr:
        return rates[name] / symbol(species)

    found: dict[str, sympy.Expr] = {}
    found[EARLY] = rates["endocytosis"] * phi(per("rab_switch", EARLY))
    found[LATE] = per("rab_switch", EARLY) * found[EARLY] * phi(per("mvb_formation", LATE))
    gone = BodyFate().fusion(site, acute=False) + symbol("k_lysosome")
    found[BODY] = per("mvb_formation", LATE) * found[LATE] * phi(gone)
    found |= _sets(rates, found[LATE], next(s.initial for s in network.species if s.id == FREE), growth, least)
    made = {LATE: found[LATE], STAGES[-1]: found[STAGES[-1]]}
    for route in ROUTES:
        found[particle_species(f"exosome_{route}", MVB_PLACE)] = _put(_resolved(rates[f"{route}_made"], rules), made) * phi(gone)
    found |= _loaded(network, found)
    return {name: _resolved(amount, rules) for name, amount in found.items()}


def _loaded(network: Network, found: Mapping[str, sympy.Expr]) -> dict[str, sympy.Expr]:
    """Cargo of the vesicles in bodies: what the cell at its start puts into as many vesicles."""
    content = {symbol(s.id): s.initial for s in network.species if s.initial is not None}
    out = {}
    for particle in network.particles:
        vesicles = {symbol(made_rate(particle)): found[particle_species(particle.id, MVB_PLACE)]}
        for item in particle.passengers:
            loading = next((r.rate for r in network.reactions if r.id == f"load__{item.entity}__{particle.id}"), sympy.Integer(0))
            out[passenger_species(particle.id, item.entity, MVB_PLACE)] = loading.xreplace(vesicles).xreplace(content)
    return out


def _sets(rates: Mapping[str, sympy.Expr], late: sympy.Expr, everything: sympy.Expr, growth: sympy.Expr, least: sympy.Expr) -> dict[str, sympy.Expr]:
    """ESCRT sets in balance."""
    names = {STAGES[-1]: "escrt_scission", SPENT: "escrt_recycling"} | {a: f"{a}_to_{b}" for a, b in zip(STAGES, STAGES[1:], strict=False)}
    entry = _put(rates["escrt_entry"], {LATE: late}) / symbol(FREE)
    inflow, shares = entry, {}
    for stage in (*STAGES, SPENT):
        onward = rates[names[stage]] / symbol(stage)
        shares[stage] = inflow / (onward + growth + least)
        inflow = shares[stage] * onward
    free = everything / (1 + sum(shares.values(), sympy.Integer(0)))
    return {FREE: free, **{stage: free * share for stage, share in shares.items()}}


def _put(expression: sympy.Expr, amounts: Mapping[str, sympy.Expr]) -> sympy.Expr:
    return expression.xreplace({symbol(name): amount for name, amount in amounts.items()})


def _resolved(expression: sympy.Expr, rules: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    while present := expression.free_symbols & rules.keys():
        expression = expression.xreplace({s: rules[s] for s in present})
    return expression
