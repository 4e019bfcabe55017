"""A lean network as a table of events; what cannot be counted is named and refused.

    flow that changes a count       an event: its rate is the chance per hour, its changes are whole
    flow within another's event     a draw of that event (copies of a vesicle that unpacks)
    flow of what is no count        moves between events, dy/dt = A + B y, with A and B constant between them
    rate c x^n that uses x up       c x (x - 1) ...; written out by a network from elsewhere, it is taken as it stands
    too few of a reactant           the event cannot happen, whatever its rate says

Refused: a rate that is negative without its reactants (reversible: write both directions), changes that
are not whole, a moving quantity whose equation is not linear in itself or that depends on another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import sympy

from vesicle.engines.jumps.layout import LAWS, PRESENT, SHARE, packed
from vesicle.engines.jumps.tape import PRODUCT, Slots, Written, compile_expression, powers
from vesicle.engines.lean import Lean
from vesicle.errors import UnsupportedFeature
from vesicle.network.expressions import TIME, TIME_NAME, symbol
from vesicle.network.flat import Draw, Flat, Flow
from vesicle.network.types import Network

MARK = sympy.Float(1.0 + 1.0 / 7.0)
"""A value for every symbol when a sign is asked for; any positive one would do."""


@dataclass(frozen=True)
class Counted:
    """A network as the kernel reads it, and where a draw writes its numbers.

    Attributes
    ----------
    table : see ``layout``.
    values : (n_slot,) values before a draw sets its own.
    rates : slots of the rates of the events.
    slots : name -> slot of every species and constant.
    events : names of the events, for messages.
    uncounted : species that are no counts; their amounts need not be whole.
    was_true : per trigger, whether its condition counts as true before the start.
    """

    table: np.ndarray
    values: np.ndarray
    rates: slice
    slots: Mapping[str, int]
    events: tuple[str, ...]
    uncounted: frozenset[str]
    was_true: tuple[bool, ...]


@dataclass
class Event:
    """A flow with a clock of its own and the draws within it."""

    flow: Flow
    rate: sympy.Expr
    draws: list[Flow] = field(default_factory=list)


def build(lean: Lean, shown: Sequence[sympy.Expr], counters: Sequence[str], counts: Iterable[str]) -> Counted:
    """The table of a network; ``shown`` are the outputs, ``counts`` the units of what is counted.

    Raises
    ------
    UnsupportedFeature
        Naming what the engine cannot carry, and why.
    """
    return _Builder(lean, frozenset(counts)).build(shown, counters)


class _Builder:
    def __init__(self, lean: Lean, counts: frozenset[str]):
        self.lean, self.network = lean, lean.network
        labelled = not lean.network.has_units
        units = {name: unit for name, (unit, _, _) in lean.flat.species.items()}
        no_counts = {s.id for s in self.network.species if not s.is_count}
        self.uncounted = frozenset(name for name, unit in units.items() if name in no_counts or (unit not in counts and not labelled))
        self.verbatim = labelled
        self.rules = {symbol(rule.id): rule.expression for rule in self.network.rules}
        self.slots = Slots()
        for name in (*lean.flat.species, *lean.constants, TIME_NAME, *(rule.id for rule in self.network.rules)):
            self.slots.name(name)
        self.written: list[Written] = []
        self.targets: list[int] = []
        self.depends: list[frozenset[sympy.Symbol]] = []

    # what happens ---------------------------------------------------------------------------------

    def build(self, shown: Sequence[sympy.Expr], counters: Sequence[str]) -> Counted:
        events, drifts = self._sorted_flows()
        moving = self._moving(drifts)
        conditions = [t.when for t in self.network.triggers]
        self._check_conditions(conditions, set(moving))
        moments = self._moments([*conditions, *(e.rate for e in events), *self.rules.values()], set(moving))
        inner = [e for event in events for d in event.draws for e in _drawn_from(d) if e is not None]
        kept_rules = self._needed([*(e.rate for e in events), *(x for pair in moving.values() for x in pair), *conditions, *moments, *inner, *self._written_by_triggers()])
        shown_rules = [rule.id for rule in self.network.rules if rule.id not in kept_rules]

        for name in kept_rules:
            self._add(self.rules[symbol(name)], self.slots.names[name])
        first_rate, rate_slot = len(self.written), len(self.slots.values)
        for _ in events:
            self.slots.new()
        for i, event in enumerate(events):
            used_up = _used_up(event.flow, self.uncounted)
            number = self._add(event.rate, rate_slot + i, {} if self.verbatim else used_up)
            self.depends[number] |= {symbol(name) for name in used_up}
        drift_slot = self._block([x for pair in moving.values() for x in pair])
        condition_slot = self._block(conditions)
        moment_slot = self._block(moments)
        n_kept = len(self.written)
        for name in shown_rules:
            self._add(self.rules[symbol(name)], self.slots.names[name])
        outputs = [self._add(expression, self.slots.new()) for expression in shown]
        n_shown = len(self.written) - n_kept

        wild = self._wild({TIME, *(symbol(name) for name in moving)}, n_kept)
        lists = self._events(events, first_rate, n_kept) | self._triggers()
        code, start = _joined([w.rows for w in self.written])
        lists |= {"code": code, "start": start, "kind": [w.kind for w in self.written], "target": self.targets, "wild": wild}
        lists["moving"] = [self.slots.names[name] for name in moving]
        lists["record"] = [*(self.targets[e] for e in outputs), *(self.slots.names[name] for name in counters)]
        single = {
            "n_kept": n_kept, "n_shown": n_shown, "first_rate": first_rate, "n_rates": len(events), "rate_slot": rate_slot, "time_slot": self.slots.names[TIME_NAME],
            "n_moving": len(moving), "drift_slot": drift_slot, "n_wild": len(wild), "drifting": any(first_rate <= e < first_rate + len(events) for e in wild),
            "n_triggers": len(conditions), "condition_slot": condition_slot, "n_moments": len(moments), "moment_slot": moment_slot, "n_record": len(lists["record"]),
            "widest_set": max((len(t.set) for t in self.network.triggers), default=0),
        }  # fmt: skip
        table = packed(single, lists, max((w.depth for w in self.written), default=0) + 1)
        was_true = tuple(trigger.was_true for trigger in self.network.triggers)
        rates = slice(rate_slot, rate_slot + len(events))
        return Counted(table, np.array(self.slots.values), rates, dict(self.slots.names), tuple(e.flow.id for e in events), self.uncounted, was_true)

    def _sorted_flows(self) -> tuple[list[Event], list[Flow]]:
        """Events with their draws, and the flows that move what is no count."""
        events: dict[str, Event] = {}
        drifts = []
        known = {flow.id for flow in self.lean.flat.flows}
        for flow in self.lean.flat.flows:
            if flow.draw is not None and flow.draw.within in known:
                if flow.draw.within not in events:
                    raise UnsupportedFeature(f"'{flow.id}' is drawn within '{flow.draw.within}', which does not come before it; put it after.")
                events[flow.draw.within].draws.append(flow)
            elif flow.changes.keys() <= self.uncounted:
                drifts.append(flow)
            else:
                self._check_event(flow)
                events[flow.id] = Event(flow, flow.rate)
        return list(events.values()), drifts

    def _check_event(self, flow: Flow) -> None:
        for name, change in flow.changes.items():
            if not change.is_number or (name not in self.uncounted and float(change) % 1):
                raise UnsupportedFeature(
                    f"the reaction '{flow.id}' changes '{name}' by {change} per event; the stochastic engine counts, and needs a whole number. Use the engine ode."
                )

    def _moving(self, drifts: Sequence[Flow]) -> dict[str, tuple[sympy.Expr, sympy.Expr]]:
        """Species that move between events -> (A, B) of dy/dt = A + B y."""
        slopes: dict[str, sympy.Expr] = {}
        for flow in drifts:
            for name, change in flow.changes.items():
                slopes[name] = slopes.get(name, sympy.Integer(0)) + change * flow.rate
        moving = {symbol(name) for name in slopes}
        found = {}
        for name, slope in slopes.items():
            y = symbol(name)
            reaching = self._in_full(slope)
            if y in reaching.free_symbols:
                slope = reaching
            b = sympy.diff(slope, y) if y in slope.free_symbols else sympy.Integer(0)
            others = sorted(str(s) for s in reaching.free_symbols & ((moving - {y}) | {TIME}))
            if others or y in b.free_symbols:
                why = f"depends on '{others[0]}', which moves too" if others else "is not linear in it"
                raise UnsupportedFeature(
                    f"'{name}' is no count and moves between events, and its rate of change {why}; the stochastic engine cannot carry that. Use the engine ode."
                )
            found[name] = (slope.subs(y, 0) if b != 0 else slope, b)
        return found

    def _in_full(self, expression: sympy.Expr) -> sympy.Expr:
        """An expression with every rule put in."""
        while present := expression.free_symbols & self.rules.keys():
            expression = expression.xreplace({s: self.rules[s] for s in present})
        return expression

    def _check_conditions(self, conditions: Sequence[sympy.Expr], moving: set[str]) -> None:
        for trigger, condition in zip(self.network.triggers, conditions, strict=True):
            found = sorted({str(s) for s in self._in_full(condition).free_symbols} & moving)
            if found:
                raise UnsupportedFeature(
                    f"the trigger '{trigger.id}' waits for '{found[0]}', which is no count and moves between events; the stochastic engine finds only counts and times."
                )
            lost = sorted(trigger.set.keys() - self.lean.flat.species.keys())
            if lost:
                raise UnsupportedFeature(f"the trigger '{trigger.id}' sets '{lost[0]}', which is no species; the stochastic engine sets amounts only.")

    def _moments(self, expressions: Sequence[sympy.Expr], moving: set[str]) -> list[sympy.Expr]:
        """The times at which a comparison with the time turns, where that is linear in the time."""
        found: dict[sympy.Expr, None] = {}
        hidden = {symbol(name) for name in moving} | {TIME}
        for expression in expressions:
            for relation in self._in_full(expression).atoms(sympy.core.relational.Relational):
                gap = relation.lhs - relation.rhs
                slope = sympy.diff(gap, TIME) if TIME in gap.free_symbols else sympy.Integer(0)
                at = -gap.subs(TIME, 0) / slope if slope != 0 else None
                if at is not None and not (slope.free_symbols | at.free_symbols) & hidden:
                    found[at] = None
                elif at is not None and expression in [t.when for t in self.network.triggers]:
                    raise UnsupportedFeature(f"a trigger waits for '{relation}', which is not linear in the time; the stochastic engine cannot find its moment.")
        return list(found)

    def _needed(self, expressions: Sequence[sympy.Expr]) -> list[str]:
        """Rules that those expressions use, in the order of the network."""
        wanted: set[sympy.Symbol] = set()
        new = {s for e in expressions for s in e.free_symbols} & self.rules.keys()
        while new - wanted:
            wanted |= new
            new = {s for name in new for s in self.rules[name].free_symbols} & self.rules.keys()
        return [rule.id for rule in self.network.rules if symbol(rule.id) in wanted]

    def _written_by_triggers(self) -> list[sympy.Expr]:
        return [e for t in self.network.triggers for e in (t.delay, t.priority, *t.set.values()) if e is not None]

    # arrays ---------------------------------------------------------------------------------------

    def _add(self, expression: sympy.Expr, target: int, used_up: Mapping[str, int] | None = None) -> int:
        """Write an expression; returns its number."""
        self.written.append(compile_expression(sympy.sympify(expression), self.slots, used_up))
        self.targets.append(target)
        self.depends.append(frozenset(expression.free_symbols))
        return len(self.written) - 1

    def _block(self, expressions: Sequence[sympy.Expr]) -> int:
        """Expressions whose values lie side by side; returns the first slot."""
        first = len(self.slots.values)
        for _ in expressions:
            self.slots.new()
        for i, expression in enumerate(expressions):
            self._add(expression, first + i)
        return first

    def _followers(self, changed: set[sympy.Symbol], n_kept: int) -> list[int]:
        """Kept expressions that change with some symbols, in order."""
        dirty = set(changed)
        names = {slot: symbol(name) for name, slot in self.slots.names.items()}
        found = []
        for e in range(n_kept):
            if self.depends[e] & dirty:
                found.append(e)
                if self.targets[e] in names:
                    dirty.add(names[self.targets[e]])
        return found

    def _wild(self, moved: set[sympy.Symbol], n_kept: int) -> list[int]:
        return self._followers(moved, n_kept)

    def _events(self, events: Sequence[Event], first_rate: int, n_kept: int) -> dict[str, Sequence[int]]:
        tracked = set(self.lean.flat.counters.values()) | set(self.lean.flat.sinks.values())
        draws = [flow for event in events for flow in event.draws]
        place = {flow.id: i for i, flow in enumerate(draws)}
        compiled = [self._draw(flow, place) for flow in draws]
        follow = [self._followers({symbol(n) for f in (event.flow, *event.draws) for n in f.changes}, n_kept) for event in events]
        needs = [self._needs(event, self.written[first_rate + i], tracked) for i, event in enumerate(events)]
        lists: dict[str, Sequence[int]] = {"draw_at": _bounds([event.draws for event in events]), "follow_at": _bounds(follow), "follow": [e for f in follow for e in f]}
        for i, name in enumerate(("draw_law", "draw_mean", "draw_size", "draw_of")):
            lists[name] = [d[i] for d in compiled]
        pairs = (("need_at", "need_slot", "need", needs), ("change_at", "change_slot", "change_by", [self._changes(e.flow) for e in events]))
        for at, slot, by, found in (*pairs, ("drawn_at", "drawn_slot", "drawn_by", [self._changes(flow) for flow in draws])):
            lists |= {at: _bounds(found), slot: [s for part in found for s, _ in part], by: [b for part in found for _, b in part]}
        return lists

    def _changes(self, flow: Flow) -> list[tuple[int, int]]:
        """(slot, slot of the number that is added to it)."""
        return [(self.slots.names[name], self.slots.literal(float(change))) for name, change in flow.changes.items()]

    def _needs(self, event: Event, written: Written, tracked: set[str]) -> list[tuple[int, int]]:
        """Reactants that must be there, where the rate does not see to it by itself."""
        found = powers(event.rate) if written.kind == PRODUCT else {}
        out = []
        for name, used in _used_up(event.flow, self.uncounted | tracked).items():
            falls = used == 1 or not self.verbatim
            if not (falls and found.get(name, 0) >= used):
                out.append((self.slots.names[name], used))
        return out

    def _draw(self, flow: Flow, place: Mapping[str, int]) -> tuple[int, int, int, int]:
        """(law, mean, size, of) of a draw."""
        draw = flow.draw
        assert isinstance(draw, Draw)
        if draw.law not in LAWS:
            raise UnsupportedFeature(f"'{flow.id}': the copies per vesicle follow '{draw.law}'; the stochastic engine draws {', '.join(LAWS)}.")
        law = LAWS[draw.law]
        of = {PRESENT: lambda: place[draw.of], SHARE: lambda: self.slots.names[draw.of]}.get(law, lambda: -1)()
        if draw.law in ("jackpot", "zero_inflated") and draw.size is None:
            raise UnsupportedFeature(f"'{flow.id}': the law '{draw.law}' needs the copies of a loaded vesicle (copies_if_loaded).")
        return law, self._free(draw.mean), -1 if draw.size is None else self._free(draw.size), of

    def _free(self, expression: sympy.Expr) -> int:
        """An expression that is computed only when it is asked for."""
        return self._add(expression, self.slots.new())

    def _triggers(self) -> dict[str, Sequence[int]]:
        triggers = self.network.triggers
        sets = [list(t.set.items()) for t in triggers]
        optional = [[-1 if e is None else self._free(e) for e in (t.delay, t.priority)] for t in triggers]
        return {
            "persistent": [int(t.persistent) for t in triggers], "at_once": [int(t.at_once) for t in triggers],
            "delay": [o[0] for o in optional], "priority": [o[1] for o in optional],
            "set_at": _bounds(sets), "set_slot": [self.slots.names[name] for s in sets for name, _ in s],
            "set_value": [self._free(e) for s in sets for _, e in s], "set_whole": [int(n not in self.uncounted) for s in sets for n, _ in s],
        }  # fmt: skip


def _drawn_from(flow: Flow) -> tuple[sympy.Expr | None, ...]:
    return () if flow.draw is None else (flow.draw.mean, flow.draw.size)


def _used_up(flow: Flow, left_out: frozenset[str] | set[str]) -> dict[str, int]:
    return {name: -int(change) for name, change in flow.changes.items() if change < 0 and name not in left_out}


def refuse_backward(network: Network, flat: Flat) -> None:
    """Refuse a reaction whose rate, at the nominal values, is negative once its reactants are gone.

    Raises
    ------
    UnsupportedFeature
        With the name of the reaction.
    """
    rules = {symbol(rule.id): rule.expression for rule in network.rules}
    nominal = {symbol(p.id): sympy.Float(p.value) for p in network.parameters}
    for flow in flat.flows:
        gone = {symbol(name): sympy.Integer(0) for name, change in flow.changes.items() if change.is_number and change < 0}
        left = flow.rate.xreplace(gone) if gone and flow.draw is None else sympy.Integer(0)
        while left != 0 and (present := left.free_symbols & rules.keys()):
            left = left.xreplace({s: rules[s].xreplace(gone) for s in present})
        if left != 0 and _sign(left.xreplace(nominal)) < 0:
            raise UnsupportedFeature(f"the reaction '{flow.id}' also runs backwards (its rate is negative without its reactants); write the two directions as two reactions.")


def _sign(expression: sympy.Expr) -> float:
    """The sign of an expression with every symbol at one positive number; 0 where that is no number."""
    try:
        found = complex(expression.xreplace(dict.fromkeys(expression.free_symbols, MARK)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    return float(np.sign(found.real)) if np.isfinite(found.real) and found.imag == 0 else 0.0


def _bounds(parts: Sequence[Sequence[object]]) -> list[int]:
    """Where each part begins in the list of all, and the end."""
    return [0, *np.cumsum([len(p) for p in parts], dtype=int).tolist()]


def _joined(rows: Sequence[Sequence[tuple[int, int]]]) -> tuple[list[int], list[int]]:
    return [number for part in rows for row in part for number in row], _bounds(rows)
