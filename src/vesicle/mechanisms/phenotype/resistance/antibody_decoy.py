"""An antibody on vesicles is not on cells.

Of T copies given, F are free in the medium (:mod:`vesicle.mechanisms.entering.decoy`). A cell answers to the free ones, so that as a concentration given its IC50 rises by

    f = T / F

With n copies of the antigen on each of P vesicles in a volume v and the dissociation constant K, well below saturation f = 1 + n P/(K v).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.decoy import medium_volume
from vesicle.network.expressions import symbol
from vesicle.network.flat import released_passenger
from vesicle.network.types import Observable, Part, Particle, Rule

LEAST_FREE = 1.0
"""Copies: fewer free ones than this are this many."""


class AntibodyDecoy(Mechanism):
    """Antibody that vesicles hold and that cells then miss."""

    name: ClassVar[str] = "antibody_decoy"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "antibody: given = free + on vesicles + taken into cells"
    claims: ClassVar[tuple[str, ...]] = ("C-0187",)
    quantities: ClassVar[tuple[str, ...]] = ()
    absent: ClassVar[str] = "all of the antibody meets cells"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The antibody is ``site.settings['binder']``; the particle is not asked for."""
        binder = site.settings["binder"]
        given = site.condition(f"solute__{binder.id}", binder.concentration, "copy/mL") * medium_volume(site)
        free = sympy.Max(symbol(released_passenger(binder.id, "medium")), site.given("least_free", LEAST_FREE, "copy"))
        rule = Rule(f"resistance_decoy__{binder.id}", "1", given / free)
        return Part(
            rules=(rule,), observables=(Observable(f"ic50_shift_by:decoy:{binder.id}", "1", symbol(rule.id), "", f"factor of the IC50 of {binder.name} by vesicles that hold it"),)
        )
