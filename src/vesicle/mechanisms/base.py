"""What a mechanism is.

A mechanism is a small class that answers fixed questions: which process it is, what it
conserves, which claims give it structure and sign, which quantities give it size. It
contributes a partial network to a *site*: the place where it acts, with its settings. It
knows no solver, no file and no arm's name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import sympy

from vesicle.evidence.site import Site
from vesicle.network.expressions import symbol
from vesicle.network.flat import particle_species
from vesicle.network.types import Part, Particle

__all__ = ["Mechanism", "Site", "amount"]


def amount(particle: Particle | str, place: str) -> sympy.Symbol:
    """The amount of a particle in a place [EV]."""
    return symbol(particle_species(particle if isinstance(particle, str) else particle.id, place))


class Mechanism(ABC):
    """One process of the field.

    Class attributes
    ----------------
    name : unique, lower snake case.
    chapter : making, travelling, entering, acting, signalling, phenotype, immune or drug.
    system : the system A1-G5 that it belongs to.
    conserves : the conservation statement, in words.
    claims : ids of the claims that give structure and sign.
    quantities : names of the measured quantities that it asks for.
    absent : what happens where the mechanism is left out.
    """

    name: ClassVar[str]
    chapter: ClassVar[str]
    system: ClassVar[str]
    conserves: ClassVar[str]
    claims: ClassVar[tuple[str, ...]] = ()
    quantities: ClassVar[tuple[str, ...]] = ()
    absent: ClassVar[str] = "nothing moves by this process"

    @abstractmethod
    def contribute(self, site: Site, particle: Particle) -> Part:
        """The partial network of this process for one kind of particle."""
