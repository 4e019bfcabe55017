"""Residence of a particle in every place, without integrating: exposure and final shares of a small dose.

A small dose saturates nothing, so every particle moves by itself. With K the hazards between places
(tumour at its starting size) and e the place of the dose,

    T = -K^-1 e             mean hours that a particle spends in each place, from now to the end
    AUC_0_inf / dose = sum of T over the places of blood (/ V_plasma for a concentration)
    share that ever enters b from a = h_ab T_a

Larger doses fill phagocytes and need the engine; the two agree in the limit (a test compares them).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sympy

from vesicle.engines.lean import evaluate
from vesicle.engines.program import draw_matrix
from vesicle.model.assembly import Model
from vesicle.network.expressions import symbol
from vesicle.network.flat import visited
from vesicle.network.types import Transfer, Unpack
from vesicle.readouts.ensemble import Array


@dataclass(frozen=True)
class Stay:
    """Where particles of one arm spend their time, draw by draw.

    Attributes
    ----------
    places : the places that a particle can visit.
    hours : (n, n_place) mean hours in each.
    ways : transfer or unpack id -> (source, target or sink).
    hazards : transfer or unpack id -> (n,) [1/h].
    parameters : parameter -> (n,) values.
    """

    places: tuple[str, ...]
    hours: Array
    ways: dict[str, tuple[str, str]]
    hazards: dict[str, Array]
    parameters: dict[str, Array]

    def time_in(self, places: Sequence[str]) -> Array:
        """(n,) mean hours in some places together."""
        chosen = [i for i, place in enumerate(self.places) if place in places]
        return np.asarray(self.hours[:, chosen].sum(axis=1))

    def entering(self, place: str) -> Array:
        """(n,) mean number of times that a particle enters a place or sink; a share where nothing comes back."""
        found = np.zeros(self.hours.shape[0])
        for way, (source, target) in self.ways.items():
            if target == place:
                found = found + self.hazards[way] * self.hours[:, self.places.index(source)]
        return found


def stay(model: Model, draws: int, seed: int = 1) -> Stay:
    """Residence of the first particle of an arm, from its first dose; row 0 is nominal.

    Raises
    ------
    ValueError
        If nothing is given in the arm.
    """
    network = model.network
    if not network.arm.doses:
        raise ValueError(f"arm '{model.arm}': nothing is given, so nothing stays anywhere.")
    particle = network.particles[0].id
    places = tuple(visited(network, particle))
    matrix = draw_matrix(network.parameters, seed, [-1, *range(draws)], network.arm.set)
    empty = _empty_body(model)
    every: tuple[Transfer | Unpack, ...] = (*network.transfers, *network.unpacks)
    moves = [move for move in every if move.particle == particle]
    hazards = evaluate({move.id: _plain(move.hazard, empty) for move in moves}, network.parameters, matrix)
    ways = {move.id: _way(move) for move in moves}
    rates = np.zeros((matrix.shape[0], len(places), len(places)))
    for name, (source, target) in ways.items():
        i = places.index(source)
        rates[:, i, i] -= hazards[name]
        if target in places:
            rates[:, places.index(target), i] += hazards[name]
    first = np.zeros(len(places))
    first[places.index(network.arm.doses[0].species.partition("__")[2])] = 1.0
    hours = -np.linalg.solve(rates, np.broadcast_to(first[:, None], (matrix.shape[0], len(places), 1)))[..., 0]
    return Stay(places, np.asarray(hours, dtype=np.float64), ways, hazards, {p.id: matrix[:, i] for i, p in enumerate(network.parameters)})


def _way(move: Transfer | Unpack) -> tuple[str, str]:
    if isinstance(move, Unpack):
        return move.place, "unpacked"
    return move.source, move.target or move.sink or move.id


def _empty_body(model: Model) -> dict[sympy.Symbol, sympy.Expr]:
    """Every species at its start (particles absent), then every rule in those terms."""
    known: dict[sympy.Symbol, sympy.Expr] = {symbol(name): initial for name, (_, initial, _) in model.flat.species.items()}
    waiting = {symbol(rule.id): rule.expression for rule in model.network.rules}
    while waiting:
        ready = [name for name, expression in waiting.items() if not expression.free_symbols & waiting.keys()]
        for name in ready:
            known[name] = _plain(waiting.pop(name), known)
    return known


def _plain(expression: sympy.Expr, known: dict[sympy.Symbol, sympy.Expr]) -> sympy.Expr:
    return expression.xreplace({s: known[s] for s in expression.free_symbols & known.keys()})
