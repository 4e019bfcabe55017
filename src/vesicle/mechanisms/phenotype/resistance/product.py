"""Ways of resistance multiply.

    ic50_shift = f_export f_survival f_transporter          for a drug
    ic50_shift = f_decoy f_survival                         for an antibody

as each acts on another link: how much is free, how much of that is inside, how much of that it takes to kill. Growth and kill read the product
as the factor of the IC50 (``ic50_shift__DRUG``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.decoy import Binder
from vesicle.mechanisms.phenotype.resistance.antibody_decoy import AntibodyDecoy
from vesicle.mechanisms.phenotype.resistance.export import VesicleExport
from vesicle.mechanisms.phenotype.resistance.survival import SurvivalSignal
from vesicle.mechanisms.phenotype.resistance.transporter import TransporterInduction
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

WAYS: dict[str, type[Mechanism]] = {"export": VesicleExport, "decoy": AntibodyDecoy, "survival": SurvivalSignal, "transporter": TransporterInduction}
"""Way of resistance -> its mechanism."""
OF_DRUGS, OF_ANTIBODIES = ("export", "survival", "transporter"), ("decoy", "survival")


def shifted(site: Site) -> tuple[str, ...]:
    """Drugs and antibodies whose IC50 some way of resistance of this arm can shift."""
    return tuple(name for name, ways in _met(site) if ways)


def _met(site: Site) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every drug and antibody around the cells with the ways that apply to it, in the order of the scenario."""
    named = site.settings.get("resistance", ())
    for drug in site.settings.get("drugs", ()):
        yield drug, tuple(way for way in named if way in OF_DRUGS)
    for binder in site.settings.get("binders", ()):
        yield binder.id, tuple(way for way in named if way in OF_ANTIBODIES)


class Resistance(Mechanism):
    """All ways of resistance that a recipient has, multiplied."""

    name: ClassVar[str] = "resistance"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "nothing is moved: factors of an IC50"
    claims: ClassVar[tuple[str, ...]] = ("C-0538", "C-0539")
    absent: ClassVar[str] = "cells stand what their line stands"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The ways are ``site.settings['resistance']``; the particle is not asked for."""
        binders: dict[str, Binder] = {b.id: b for b in site.settings.get("binders", ())}
        rules: list[Rule] = []
        seen: list[Observable] = []
        for name, ways in _met(site):
            site.settings = {**site.settings, "drug": name, "binder": binders.get(name)}
            parts = [WAYS[way]().contribute(site, particle) for way in ways]
            rules += [rule for part in parts for rule in part.rules]
            seen += [item for part in parts for item in part.observables]
            if ways:
                rules.append(Rule(f"ic50_shift__{name}", "1", sympy.Mul(*(symbol(f"resistance_{way}__{name}") for way in ways))))
                seen.append(Observable(f"ic50_shift:{name}", "1", symbol(f"ic50_shift__{name}"), "", f"factor of the IC50 of {name}"))
        return Part(rules=tuple(rules), observables=tuple(seen))
