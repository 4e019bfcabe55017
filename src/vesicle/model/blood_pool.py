"""A body and the vesicles of its own that it keeps in blood, as one checked network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import sympy

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.travelling.blood_pool import BloodPool
from vesicle.model.assembly import Model
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Network, Particle

OWN = Particle("own", "exosome", label="vesicles of the body itself")


@dataclass(frozen=True)
class BloodDonors:
    """Whose blood it is.

    Attributes
    ----------
    species : human or mouse.
    tumour_cells : cells of a tumour that feeds blood like a tissue, with the secretion of cultured tumour cells.
    elimination : factor on the elimination from blood; 1 at rest.
    """

    species: Literal["human", "mouse"] = "human"
    tumour_cells: float = 0.0
    elimination: float = 1.0


def assemble_blood(donors: BloodDonors, library: Library) -> Model:
    """The network of the vesicles in blood, which begins empty.

    Raises
    ------
    ModelError
        If a measurement is missing or units do not hold.
    """
    site = Site(library, {"tumour_cells": donors.tumour_cells, "elimination": donors.elimination}, {"species": donors.species})
    network = Network("blood", Arm(donors.species), particles=(OWN,)).with_part(BloodPool().contribute(site, OWN))
    network = replace(network, parameters=tuple(site.parameters.values()))
    return Model(donors.species, network, check(network), ())


def at_rest(model: Model) -> sympy.Expr:
    """The level in plasma at rest [EV/mL], in parameters alone: what enters over what is eliminated, per volume."""
    known = {symbol(rule.id): rule.expression for rule in model.network.rules}
    entering = next(o.value for o in model.network.observables if o.id == "into_blood")
    leaving = sum((t.hazard for t in model.network.transfers), sympy.Integer(0))
    return (entering / leaving / symbol("V_plasma")).subs(known)


def entering(model: Model) -> sympy.Expr:
    """Vesicles that enter blood [EV/h], in parameters alone."""
    known = {symbol(rule.id): rule.expression for rule in model.network.rules}
    return next(o.value for o in model.network.observables if o.id == "into_blood").subs(known)
