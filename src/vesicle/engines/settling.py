"""Where the gates of a network settle, for all draws at once.

Every gate relaxes to its aim, tau dy/dt = Y(y) - y. A state in which nothing moves solves y = Y(y); from rest, the damped iteration

    y <- y + (Y(y) - y) / 2

follows the same way as the equations with all time constants alike. It stops when no gate of a draw would move by more than a tolerance; draws that do not get there within
the steps allowed are named, not dropped. It answers only for networks in which nothing but gates changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sympy

from vesicle.engines.tape import Tape, record
from vesicle.errors import ModelError
from vesicle.model.assembled import Model
from vesicle.network.expressions import symbol

TOLERANCE = 1e-7
MOST_STEPS = 600


@dataclass(frozen=True)
class Settled:
    """Where a network settled.

    Attributes
    ----------
    observables : name -> (draws,) value.
    at_rest : whether each draw got there.
    """

    observables: dict[str, np.ndarray]
    at_rest: np.ndarray


class Settling:
    """A network of gates, compiled once.

    Raises
    ------
    ModelError
        For a network in which something else moves.
    """

    def __init__(self, model: Model):
        network = model.network
        if network.transfers or network.reactions or network.unpacks or network.triggers or network.arm.doses:
            raise ModelError(f"network '{network.id}' has more than gates: where it settles is not asked for; integrate it.")
        self.parameters = tuple(p.id for p in network.parameters)
        self._gates = tuple(gate.id for gate in network.gates)
        self._observables = tuple(o.id for o in network.observables)
        ordered, fixed = _ordered({rule.id: rule.expression for rule in network.rules}, set(self._gates))
        once = [name for name in ordered if name in fixed]
        moving = {name: ordered[name] for name in ordered if name not in fixed}
        known = {*self.parameters, *once}
        wanted = [gate.aim for gate in network.gates] + [o.value for o in network.observables]
        used = {str(s) for e in (*moving.values(), *wanted) for s in e.free_symbols}
        self._kept = tuple(sorted(used & known))
        self._first: Tape = record([symbol(name) for name in self._kept] + [gate.rest for gate in network.gates], self.parameters, {name: ordered[name] for name in once})
        self._again: Tape = record(wanted, (*self._kept, *self._gates), moving)

    def settle(self, matrix: np.ndarray) -> Settled:
        """From (draws, parameters) numbers to where every draw settles."""
        first = self._first.play(matrix)
        kept, y = np.array(first[: len(self._kept)]).T, np.array(first[len(self._kept) :]).T
        kept = kept.reshape(len(matrix), len(self._kept))
        count = len(self._gates)
        off = np.full(len(matrix), np.inf)
        found: list[np.ndarray] = []
        for _ in range(MOST_STEPS):
            found = self._again.play(np.hstack([kept, y]))
            aim = np.array(found[:count]).T
            off = np.max(np.abs(aim - y), axis=1, initial=0.0)
            if np.all(off < TOLERANCE):
                break
            y = y + (aim - y) / 2
        return Settled({name: found[count + i].copy() for i, name in enumerate(self._observables)}, off < TOLERANCE)


def _ordered(rules: dict[str, sympy.Expr], moving: set[str]) -> tuple[dict[str, sympy.Expr], set[str]]:
    """Rules, each after those that it needs, and which of them depend on no gate."""
    pending, done, fixed = dict(rules), {}, set()
    needs = {name: {str(s) for s in e.free_symbols} for name, e in rules.items()}
    while pending:
        ready = [name for name in pending if not needs[name] & pending.keys()]
        if not ready:
            raise ModelError(f"rules need each other: {', '.join(sorted(pending)[:5])}.")
        for name in ready:
            done[name] = pending.pop(name)
            if not needs[name] & moving and all(n in fixed for n in needs[name] if n in rules):
                fixed.add(name)
    return done, fixed
