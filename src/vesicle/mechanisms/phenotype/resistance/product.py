"""Ways of resistance multiply.

    ic50_shift = f_export f_survival f_transporter          for a drug
    ic50_shift = f_decoy f_survival                         for an antibody

as each acts on another link: how much is free, how much of that is inside, how much of that it takes to kill. The product is the rule ``resistance__DRUG``. What
multiplies the IC50 of a drug, ``ic50_shift__DRUG``, is this beside thresholds that proteins set (records of ``resistance_share``;
:mod:`vesicle.mechanisms.drug.resistance`); a way whose protein has such a record for a drug is left to it, so that nothing is counted twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import drugs_met
from vesicle.mechanisms.entering.decoy import Binder
from vesicle.mechanisms.phenotype.resistance.antibody_decoy import AntibodyDecoy
from vesicle.mechanisms.phenotype.resistance.export import VesicleExport
from vesicle.mechanisms.phenotype.resistance.survival import SURVIVAL_NODES, SurvivalSignal
from vesicle.mechanisms.phenotype.resistance.transporter import PUMP, TransporterInduction
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule, join

WAYS: dict[str, type[Mechanism]] = {"export": VesicleExport, "decoy": AntibodyDecoy, "survival": SurvivalSignal, "transporter": TransporterInduction}
"""Way of resistance -> its mechanism."""
OF_DRUGS, OF_ANTIBODIES = ("export", "survival", "transporter"), ("decoy", "survival")


@dataclass(frozen=True)
class Met:
    """Something that cells meet and may resist: its id in the network, its name in the records, and the ways that apply."""

    id: str
    name: str
    ways: tuple[str, ...]


def met(site: Site) -> tuple[Met, ...]:
    """Every drug and antibody around the cells that some way of resistance of this arm applies to, in the order of the scenario."""
    named = site.settings.get("resistance", ())
    found = [Met(d.id, d.name, tuple(w for w in named if w in OF_DRUGS and not _elsewhere(site, w, d.name))) for d in drugs_met(site)]
    found += [Met(b.id, b.name, tuple(w for w in named if w in OF_ANTIBODIES)) for b in site.settings.get("binders", ())]
    return tuple(item for item in found if item.ways)


def _elsewhere(site: Site, way: str, drug: str) -> bool:
    """Whether a protein of this way already sets a threshold of a drug."""
    proteins = {"transporter": (PUMP,), "survival": SURVIVAL_NODES}.get(way, ())
    labels = {record.label for record in site.library.of("resistance_share") if record.role == "input"}
    return any(f"{protein}/{drug}" in labels for protein in proteins)


def by_vesicles(site: Site, name: str) -> sympy.Expr:
    """Factor of the IC50 of a drug (by id) by the ways of resistance of this arm [1]; exactly 1 where there is none."""
    return symbol(f"resistance__{name}") if name in {item.id for item in met(site)} else sympy.Integer(1)


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
        parts = []
        for item in met(site):
            site.settings = {**site.settings, "drug": item.name, "drug_id": item.id, "binder": binders.get(item.id)}
            parts += [WAYS[way]().contribute(site, particle) for way in item.ways]
            product = sympy.Mul(*(symbol(f"resistance_{way}__{item.id}") for way in item.ways))
            rule = Rule(f"resistance__{item.id}", "1", product)
            seen = Observable(f"resistance:{item.name}", "1", symbol(rule.id), "", f"factor of the IC50 of {item.name} by resistance")
            parts.append(Part(rules=(rule,), observables=(seen,)))
        return join(*parts)
