"""Stochastic engine: Gillespie's direct method (1977), exact, on the same lean network.

Every vesicle, copy and cell is counted. A vesicle that unpacks brings a number of copies drawn from
its passenger's law, a label moves with the vesicle it sits on, cells divide one by one. What is no
count (exposure in EV*h, a protein level relative to rest) moves between events by its own linear
equation, which is solved exactly. Initial amounts and doses that are not whole become one of the two
whole numbers next to them, by a keyed draw that keeps the mean.

A path depends on (seed, sample) and on nothing else: not on the number of workers, nor on where the
time axis is cut. Nothing is compiled per model; one kernel reads tables (``engines.jumps``).

The cost is one step per event, a fraction of a microsecond to a few. A run of more than ``MOST_EVENTS``
is refused before it starts where the deterministic engine can foresee it, and ends with a status
where it cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from vesicle.engines.base import FAILED, OK, Engine, Program, Trajectory, Values
from vesicle.engines.jumps import layout
from vesicle.engines.jumps.table import Counted
from vesicle.errors import UnsupportedFeature
from vesicle.streams import word

MOST_EVENTS = 1_000_000_000
SOON = 1e-9
"""Times [h] closer than this are the same time."""
ROUNDING, PATH = "whole amounts", "path"


@dataclass
class _State:
    program: Program
    values: Values
    now: tuple[np.ndarray, np.ndarray, np.ndarray]
    rows: np.ndarray
    written: int = 0
    next_dose: int = 0
    status: str = OK

    @property
    def time(self) -> float:
        return float(self.now[1][layout.T])


class SsaEngine(Engine):
    """See the module."""

    name: ClassVar[str] = "ssa"
    counts: ClassVar[bool] = True

    def __init__(self, most: int = MOST_EVENTS):
        self.most = most

    def init(self, program: Program, values: Values, amounts: Mapping[str, float] | None = None) -> _State:
        kernel, counted = _kernel(), _counted(program)
        values = whole_amounts(program, values)
        now = v, w, q = layout.begin(counted.table, counted.values, word(values.key[0], PATH, values.key[1]), counted.was_true)
        for names, numbers in ((program.constants, values.constants), (program.initials, values.initials)):
            v[[counted.slots[name] for name in names]] = numbers
        for name, amount in (amounts or {}).items():
            v[counted.slots[name]] = amount
        state = _State(program, values, now, np.full((len(program.times), len(program.observables) + len(program.counters)), np.nan))
        self._dose(state)
        w[layout.E_LEFT] = kernel.exponential(q)
        self._renew(state)
        if state.status == OK and program.times[:1] == (0.0,):
            kernel.write_row(counted.table, v, w, state.rows[0])
            state.written = 1
        return state

    def _dose(self, state: _State) -> None:
        """Add every dose that is due now."""
        doses, slots = state.program.doses, _counted(state.program).slots
        while state.next_dose < len(doses) and doses[state.next_dose][0] <= state.time + SOON:
            state.now[0][slots[doses[state.next_dose][1]]] += state.values.doses[state.next_dose]
            state.next_dose += 1

    def _renew(self, state: _State) -> None:
        """The amounts were changed from outside: rates anew, then the triggers."""
        kernel, table = _kernel(), _counted(state.program).table
        if not (kernel.refresh_all(table, *state.now) and kernel.act(table, *state.now)):
            state.status = self._problem(state, layout.BAD_RATE if state.now[2][layout.FAULT] >= 0 else layout.BUSY_TRIGGERS)

    def advance(self, state: _State, until: float) -> _State:
        doses = state.program.doses
        while state.status == OK:
            due = doses[state.next_dose][0] if state.next_dose < len(doses) else until
            self._segment(state, min(due, until))
            if state.status != OK or state.next_dose >= len(doses) or due > until + SOON:
                break
            self._dose(state)
            self._renew(state)
        return state

    def _segment(self, state: _State, end: float) -> None:
        kernel, times = _kernel(), np.array(state.program.times)
        times[np.abs(times - end) < SOON] = end
        ended, state.written = kernel.run(_counted(state.program).table, *state.now, float(end), times, state.written, state.rows, self.most)
        if ended != layout.DONE:
            state.status = self._problem(state, ended)

    def _problem(self, state: _State, ended: int) -> str:
        at, counted = f"at t = {state.time:g} h", _counted(state.program)
        if ended == layout.TOO_MANY:
            return f"{FAILED}: {at}, more than {self.most:,} events"
        if ended == layout.BUSY_TRIGGERS:
            return f"{FAILED}: {at}, the rates grow beyond every number or triggers set each other off without end"
        return f"{FAILED}: {at}, the rate of '{counted.events[state.now[2][layout.FAULT]]}' is negative or not finite"

    def result(self, state: _State) -> Trajectory:
        program, split = state.program, len(state.program.observables)
        slots = _counted(program).slots
        if state.status == OK and not np.all(np.isfinite(state.rows[: state.written])):
            state.status = f"{FAILED}: a result is not finite"
        final = {name: float(state.now[0][slots[name]]) for name in program.amounts} if state.status == OK else {}
        rows = state.rows.copy()
        return Trajectory(program, np.array(program.times), rows[:, :split], rows[:, split:], final, state.status)

    def events(self, state: _State) -> int:
        """Events so far."""
        return int(state.now[2][layout.EVENTS])

    def given(self, program: Program, values: Values) -> Values:
        return whole_amounts(program, values)

    def foresee(self, program: Program, values: Values) -> float:
        expected, fastest = expected_events(program, values)
        if expected > self.most:
            raise UnsupportedFeature(
                f"arm '{program.arm}': about {expected:.2g} events per run are to be expected, most of them '{fastest}'; the stochastic engine takes at most {self.most:.1g}. "
                "Give it fewer cells and vesicles (a well: --set environment.area='7e-6 cm2' and 'recipients.NAME.cells=1 cell'), a shorter time, or use --engine ode."
            )
        return expected


def _kernel() -> Any:
    """The compiled kernel, imported when first needed."""
    from vesicle.engines.jumps import kernel

    return kernel


def _counted(program: Program) -> Counted:
    if program.counted is None:
        raise UnsupportedFeature(f"arm '{program.arm}': the program was made for the engine ode; compile it with counts=True.")
    return program.counted


def whole_amounts(program: Program, values: Values) -> Values:
    """Initial amounts and doses as whole numbers, the same mean, drawn by the run's key.

    A custody counter that a dose crosses is rounded with its dose; whole numbers stay as they are.
    """
    uncounted, crossed = _counted(program).uncounted, set(program.counters)
    initials = [_whole(x, values.key, f"initial {name}") if name not in uncounted else x for name, x in zip(program.initials, values.initials, strict=True)]
    doses: list[float] = []
    for i, ((_, name), amount) in enumerate(zip(program.doses, values.doses, strict=True)):
        with_its_dose = name in crossed and doses
        doses.append(doses[-1] if with_its_dose else amount if name in uncounted else _whole(amount, values.key, f"dose {i}"))
    return replace(values, initials=np.array(initials, dtype=float), doses=np.array(doses, dtype=float))


def _whole(amount: float, key: tuple[int, int], name: str) -> float:
    if not np.isfinite(amount) or abs(amount - round(amount)) < 1e-9 * max(1.0, abs(amount)):
        return float(np.rint(amount))
    low = float(np.floor(amount))
    return low + (word(key[0], f"{ROUNDING} {name}", key[1]) / 2.0**64 < amount - low)


def expected_events(program: Program, values: Values) -> tuple[float, str]:
    """(events that a run will have, the most frequent one), from the deterministic engine.

    Where that one cannot follow the network, from the rates at the start.
    """
    from vesicle.engines.ode import OdeEngine

    counted = _counted(program)
    state = SsaEngine().init(program, values)
    if state.status != OK or not counted.events:
        return 0.0, ""
    at_start = state.now[0][counted.rates] * program.times[-1]
    fastest = counted.events[int(np.argmax(at_start))]
    if not program.rate_sum:
        return float(at_start.sum()), fastest
    short = replace(program, observables=(program.rate_sum,), observable_ids=(program.rate_sum,), counters=())
    run = OdeEngine().run(short, values)
    if run.status != OK:
        return float(at_start.sum()), fastest
    return float(np.trapezoid(run.outputs[:, 0], run.times)), fastest
