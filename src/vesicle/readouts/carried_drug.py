"""A small molecule on a carrier in a body, at a small dose: where it is, on the carrier and off it, from two residences.

With K the hazards of the carrier between places, e the place of its dose, and k_off the rate at which the molecule comes off in fluid and in cells,

    T_on  = -(K - k_off)^-1 e               hours of a molecule on its carrier, by place
    r     = (k_off + k_end) T_on            where it comes off; k_end the hazard that a cell digests or opens the carrier, which leaves the molecule there
    T_off = -K_d^-1 m(r)                    hours of it as a free molecule, K_d the hazards of the free drug

m puts what comes off into the fluid where it is: in a cell of the target into the fluid around it, in other cells into theirs with the share that is not broken down,
at the wall of vessels into blood with the share k_wall / (k_wall + k_blood) that is not eliminated before it lets go. Linear, so it holds while nothing saturates; the
engine does the same with doses (see mechanisms.travelling.drug_cargo), and a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vesicle.mechanisms.travelling.drug_cargo import RETURNS
from vesicle.readouts.ensemble import Array
from vesicle.readouts.exposure import Stay

ENDS = ("digested", "unpacked")
"""Ends of a carrier in a cell that leave the molecule in that cell."""
WALL, BESIDE_WALL = "vessel_wall", "rest"
FROM_TARGET = {"tumour_surface": "tumour_pericellular", "tumour_endosome": "tumour_pericellular"}


@dataclass(frozen=True)
class Carried:
    """(n, n_place) hours of a molecule, on the carrier and off it."""

    on: Array
    on_places: tuple[str, ...]
    off: Array
    off_places: tuple[str, ...]

    def time_in(self, places: tuple[str, ...]) -> Array:
        """(n,) hours in some places, on the carrier or off it."""
        on = self.on[:, [i for i, place in enumerate(self.on_places) if place in places]].sum(axis=1)
        return np.asarray(on + self.off[:, [i for i, place in enumerate(self.off_places) if place in places]].sum(axis=1))


def carried(carrier: Stay, drug: Stay, comes_off: Array, left_by_cells: Array) -> Carried:
    """Residence of a molecule given on a carrier.

    Parameters
    ----------
    carrier, drug : residences of the carrier and of the free drug, the same draws.
    comes_off : (n,) k_off [1/h].
    left_by_cells : (n,) share of what comes off in cells other than the target's that leaves them whole.
    """
    rates = _rates(carrier)
    n_place = len(carrier.places)
    start = -np.einsum("nij,nj->ni", rates, carrier.hours)
    on = -np.linalg.solve(rates - comes_off[:, None, None] * np.eye(n_place), start[..., None])[..., 0]
    off_here = (comes_off[:, None] + _ended(carrier)) * on
    arriving = np.zeros((on.shape[0], len(drug.places)))
    for i, place in enumerate(carrier.places):
        goal = FROM_TARGET.get(place) or RETURNS.get(place) or (BESIDE_WALL if place == WALL else place)
        kept = left_by_cells if place in RETURNS else _from_wall(carrier, drug) if place == WALL else np.ones(on.shape[0])
        arriving[:, drug.places.index(goal)] += kept * off_here[:, i]
    off = -np.linalg.solve(_rates(drug), arriving[..., None])[..., 0]
    return Carried(np.asarray(on, dtype=np.float64), carrier.places, np.asarray(off, dtype=np.float64), drug.places)


def _from_wall(carrier: Stay, drug: Stay) -> Array:
    """(n,) share of what comes off at the wall of vessels that returns to blood."""
    back = _hazard(carrier, WALL, (BESIDE_WALL,))
    return np.asarray(back / (back + sum(h for name, h in drug.hazards.items() if drug.ways[name][0] == BESIDE_WALL and drug.ways[name][1] not in drug.places)))


def _hazard(stay: Stay, source: str, targets: tuple[str, ...]) -> Array:
    """(n,) hazard from a place to some others [1/h]."""
    return np.asarray(sum((stay.hazards[name] for name, (a, b) in stay.ways.items() if a == source and b in targets), np.zeros(stay.hours.shape[0])))


def _ended(stay: Stay) -> Array:
    """(n, n_place) hazard that a carrier ends in a cell [1/h]."""
    return np.stack([_hazard(stay, place, ENDS) for place in stay.places], axis=1)


def _rates(stay: Stay) -> Array:
    """(n, n_place, n_place) hazards between places [1/h]."""
    rates = np.zeros((stay.hours.shape[0], len(stay.places), len(stay.places)))
    for name, (source, target) in stay.ways.items():
        i = stay.places.index(source)
        rates[:, i, i] -= stay.hazards[name]
        if target in stay.places:
            rates[:, stay.places.index(target), i] += stay.hazards[name]
    return rates
