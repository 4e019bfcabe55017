"""The level of vesicles in blood over draws, against what is published.

The published level of man and the measured secretion into the blood of mice are compared with and enter no model.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vesicle.engines.base import Trajectory
from vesicle.engines.program import draw_matrix, parameter_values
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import Measurement
from vesicle.model.assembly import Model
from vesicle.model.blood_pool import BloodDonors, assemble_blood, at_rest, entering
from vesicle.network.spread import Spread
from vesicle.readouts.ensemble import Array, rank_shares
from vesicle.systems.nominal import followed

DRAWS, SEED = 1000, 1
PUBLISHED = "commonly reported"


@dataclass(frozen=True)
class BloodLevels:
    """Draws of the level at rest.

    Attributes
    ----------
    model : the network.
    level : (n,) vesicles per mL of plasma.
    entering : (n,) vesicles that enter blood per hour.
    shares : parameter -> (share of the variance of log level, rank correlation), largest first.
    """

    model: Model
    level: Array
    entering: Array
    shares: dict[str, tuple[float, float]]

    def quantile(self, q: float) -> float:
        """A quantile of the level [EV/mL]."""
        return float(np.quantile(self.level, q, method="inverted_cdf"))

    @property
    def deciding(self) -> str:
        """The parameter that explains most of the spread, with its share, status and records."""
        name, (share, correlation) = next(iter(self.shares.items()))
        one = next(p for p in self.model.network.parameters if p.id == name)
        return f"{name} ({share:.0%} of the spread, rank correlation {correlation:+.2f}; {one.status}, {', '.join(one.records)})"


def levels(library: Library, donors: BloodDonors, draws: int = DRAWS) -> BloodLevels:
    """The level at rest over draws of every parameter that is not known."""
    model = assemble_blood(donors, library)
    parameters = model.network.parameters
    matrix = draw_matrix(parameters, SEED, range(draws))
    level = parameter_values(at_rest(model), parameters, matrix)
    columns = {p.id: matrix[:, i] for i, p in enumerate(parameters)}
    return BloodLevels(model, level, parameter_values(entering(model), parameters, matrix), rank_shares(columns, np.log10(level)))


def published(library: Library) -> tuple[float, float]:
    """The range that is commonly reported for human plasma [EV/mL]."""
    record = next(m for m in library.of("plasma_ev_concentration") if m.label == PUBLISHED)
    return record.range()


def missing_orders(library: Library, found: BloodLevels) -> Array:
    """(n,) log10 of the measured secretion into the blood of mice over the modelled one; protein is turned into vesicles draw by draw."""
    measured = library.of("endogenous_ev_secretion_into_blood")[0]
    per_protein = library.of("particles_per_protein")
    mass = _draws((measured,), "ug/h", len(found.entering))
    vesicles = _draws(tuple(per_protein), "EV/ug", len(found.entering))
    return np.asarray(np.log10(mass * vesicles / found.entering))


def _draws(records: tuple[Measurement, ...], unit: str, n: int) -> Array:
    spread = Spread(tuple(m.component(unit, 1 / len(records)) for m in records))
    return np.array([spread.draw(SEED, records[0].quantity, i) for i in range(n)])


def follow_blood(library: Library, donors: BloodDonors, duration: float, every: float) -> Trajectory:
    """The level in time at the nominal values, from blood without vesicles.

    Raises
    ------
    SolverError
        If the engine fails.
    """
    return followed(assemble_blood(donors, library), duration, every, f"blood of a {donors.species}")
