"""Gillespie's direct method for any table of events, compiled once per machine.

    event times        next = t + E / a0, E exponential of mean 1, a0 the sum of all rates
    which event        j with probability a_j / a0
    what moves alone   dy/dt = A + B y between events: y e^(B s) + A (e^(B s) - 1) / B, exact
    rates that drift   E = integral of a0 ds, by the trapezium on steps over which a0 changes by at most 1 %

E is kept when a stop (an output, a dose, a trigger) falls between two events, so where a run is cut
plays no part in its path.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vesicle.engines.jumps.draws import binomial, exponential, poisson, uniform, whole
from vesicle.engines.jumps.layout import (
    ARMED_PENDING,
    BAD_RATE,
    BUSY_TRIGGERS,
    DONE,
    E_LEFT,
    JACKPOT,
    MOST_PENDING,
    POISSON,
    PRESENT,
    SHARE,
    T_REF,
    TOO_MANY,
    TOTAL,
    T,
)  # fmt: skip
from vesicle.engines.jumps.tape import (
    ABS,
    ACOS,
    ACOSH,
    ADD,
    AND,
    ASIN,
    ASINH,
    ATAN,
    ATANH,
    CEIL,
    COS,
    COSH,
    EQ,
    EXP,
    FACTORIAL,
    FLOOR,
    INVERT,
    LE,
    LOG,
    LT,
    MAX,
    MIN,
    MUL,
    NE,
    NOT,
    OR,
    POW,
    PRODUCT,
    PUSH,
    SELECT,
    SIN,
    SINH,
    SQRT,
    TAN,
    TANH,
    WHOLE_POWER,
)  # fmt: skip

NOISE = 1e-9
"""A rate that is negative by no more than this [1/h] is rounding, and is zero."""
DRIFT = 0.01
AFTER = 1e-11
"""A time condition is read this share of the time after its moment, so that both > and >= hold."""


@njit(cache=True, error_model="numpy")
def single(code, x):  # type: ignore[no-untyped-def]
    """A function of one argument."""
    if code == EXP:
        return math.exp(x)
    if code == LOG:
        return math.log(x)
    if code == SINH:
        return math.sinh(x)
    if code == COSH:
        return math.cosh(x)
    if code == TANH:
        return math.tanh(x)
    if code == SIN:
        return math.sin(x)
    if code == COS:
        return math.cos(x)
    if code == TAN:
        return math.tan(x)
    if code == ASIN:
        return math.asin(x)
    if code == ACOS:
        return math.acos(x)
    if code == ATAN:
        return math.atan(x)
    if code == ASINH:
        return math.asinh(x)
    if code == ACOSH:
        return math.acosh(x)
    if code == ATANH:
        return math.atanh(x)
    if code == ABS:
        return abs(x)
    if code == FLOOR:
        return float(math.floor(x))
    if code == CEIL:
        return float(math.ceil(x))
    if code == FACTORIAL:
        return math.gamma(x + 1.0)
    return 0.0 if x != 0.0 else 1.0


@njit(cache=True, error_model="numpy")
def paired(code, x, y):  # type: ignore[no-untyped-def]
    """A function of two arguments."""
    if code == POW:
        return x**y
    if code == MAX:
        return max(x, y)
    if code == MIN:
        return min(x, y)
    if code == LT:
        return 1.0 if x < y else 0.0
    if code == LE:
        return 1.0 if x <= y else 0.0
    if code == EQ:
        return 1.0 if x == y else 0.0
    if code == NE:
        return 1.0 if x != y else 0.0
    if code == AND:
        return 1.0 if x != 0.0 and y != 0.0 else 0.0
    if code == OR:
        return 1.0 if x != 0.0 or y != 0.0 else 0.0
    return 1.0 if (x != 0.0) != (y != 0.0) else 0.0


@njit(cache=True, error_model="numpy")
def value(table, e, v, stack):  # type: ignore[no-untyped-def]
    """The value of one expression."""
    code, first, last = table.code, table.start[e], table.start[e + 1]
    if table.kind[e] == PRODUCT:
        product = 1.0
        for i in range(first, last):
            product *= v[code[i, 0]] - code[i, 1]
        return product
    top = -1
    for i in range(first, last):
        o = code[i, 0]
        if o == PUSH:
            top += 1
            stack[top] = v[code[i, 1]]
        elif o == ADD:
            top -= 1
            stack[top] += stack[top + 1]
        elif o == MUL:
            top -= 1
            stack[top] *= stack[top + 1]
        elif o == INVERT:
            stack[top] = 1.0 / stack[top]
        elif o == SQRT:
            stack[top] = math.sqrt(stack[top])
        elif o == WHOLE_POWER:
            base, result = stack[top], 1.0
            for _ in range(code[i, 1]):
                result *= base
            stack[top] = result
        elif o == SELECT:
            top -= 2
            stack[top] = stack[top + 1] if stack[top + 2] != 0.0 else stack[top]
        elif o == NOT or EXP <= o <= FACTORIAL:
            stack[top] = single(o, stack[top])
        else:
            top -= 1
            stack[top] = paired(o, stack[top], stack[top + 1])
    return stack[0]


@njit(cache=True, error_model="numpy")
def refresh(table, state, e):  # type: ignore[no-untyped-def]
    """Compute one kept expression; a rate whose reactants are short is zero, one that is negative is a fault."""
    v = state.v
    x = value(table, e, v, state.stack)
    j = e - table.first_rate
    if 0 <= j < table.n_rates:
        for i in range(table.need_at[j], table.need_at[j + 1]):
            if v[table.need_slot[i]] < table.need[i]:
                x = 0.0
        if not x >= 0.0 or x == np.inf:
            if -NOISE <= x < 0.0:
                x = 0.0
            else:
                state.tally[1] = j
                return False
    v[table.target[e]] = x
    return True


@njit(cache=True, error_model="numpy")
def total(table, state):  # type: ignore[no-untyped-def]
    """The sum of all rates; they lie side by side."""
    found = 0.0
    for i in range(table.rate_slot, table.rate_slot + table.n_rates):
        found += state.v[i]
    return found


@njit(cache=True, error_model="numpy")
def drift(table, state, until):  # type: ignore[no-untyped-def]
    """Move the time, and what moves between events, to ``until``."""
    v, clock = state.v, state.clock
    s = until - clock[T]
    if s > 0.0:
        for i in range(table.n_moving):
            a, b = v[table.drift_slot + 2 * i], v[table.drift_slot + 2 * i + 1]
            y = table.moving[i]
            v[y] = v[y] + a * s if b == 0.0 else v[y] * math.exp(b * s) + a * math.expm1(b * s) / b
    clock[T] = until
    v[table.time_slot] = until


@njit(cache=True, error_model="numpy")
def settle(table, state):  # type: ignore[no-untyped-def]
    """The rates have changed now: what is left of E is kept, the total is new."""
    clock = state.clock
    clock[E_LEFT] = max(clock[E_LEFT] - clock[TOTAL] * (clock[T] - clock[T_REF]), 0.0)
    clock[T_REF] = clock[T]
    clock[TOTAL] = total(table, state)
    return clock[TOTAL] < np.inf


@njit(cache=True, error_model="numpy")
def refresh_all(table, state):  # type: ignore[no-untyped-def]
    """Compute every kept expression anew, after a dose or a trigger."""
    for e in range(table.n_kept):
        if not refresh(table, state, e):
            return False
    return settle(table, state)


@njit(cache=True, error_model="numpy")
def refresh_wild(table, state):  # type: ignore[no-untyped-def]
    """Compute what depends on the time or on what moves between events."""
    for i in range(table.wild.size):
        if not refresh(table, state, table.wild[i]):
            return False
    return True


@njit(cache=True, error_model="numpy")
def notice(table, state):  # type: ignore[no-untyped-def]
    """Conditions that have become true are put down for their time; others may take theirs back."""
    v, clock = state.v, state.clock
    for k in range(table.n_triggers):
        holds = v[table.condition_slot + k] != 0.0
        if holds and not state.armed[k]:
            n = state.tally[ARMED_PENDING]
            if n >= MOST_PENDING:
                return False
            wait = value(table, table.delay[k], v, state.stack) if table.delay[k] >= 0 else 0.0
            state.due[n] = clock[T] + max(wait, 0.0)
            state.whose[n] = k
            for i in range(table.set_at[k], table.set_at[k + 1]):
                state.written[n, i - table.set_at[k]] = value(table, table.set_value[i], v, state.stack)
            state.tally[ARMED_PENDING] += 1
        if not holds and not table.persistent[k]:
            n = 0
            while n < state.tally[ARMED_PENDING]:
                if state.whose[n] == k:
                    forget(state, n)
                else:
                    n += 1
        state.armed[k] = holds
    return True


@njit(cache=True, error_model="numpy")
def forget(state, n):  # type: ignore[no-untyped-def]
    """Strike one pending trigger off the list."""
    last = state.tally[ARMED_PENDING] - 1
    for i in range(n, last):
        state.due[i] = state.due[i + 1]
        state.whose[i] = state.whose[i + 1]
        state.written[i] = state.written[i + 1]
    state.tally[ARMED_PENDING] = last


@njit(cache=True, error_model="numpy")
def act(table, state):  # type: ignore[no-untyped-def]
    """Carry out every trigger that is due, the highest priority first, until none is left."""
    v, clock = state.v, state.clock
    for _ in range(MOST_PENDING * 16):
        if not notice(table, state):
            return False
        best, rank = -1, -np.inf
        for n in range(state.tally[ARMED_PENDING]):
            if state.due[n] <= clock[T] * (1.0 + AFTER) + AFTER:
                k = state.whose[n]
                own = value(table, table.priority[k], v, state.stack) if table.priority[k] >= 0 else 0.0
                if best < 0 or own > rank:
                    best, rank = n, own
        if best < 0:
            return True
        k = state.whose[best]
        first = table.set_at[k]
        width = table.set_at[k + 1] - first
        if not table.at_once[k]:
            for i in range(width):
                state.written[best, i] = value(table, table.set_value[first + i], v, state.stack)
        for i in range(width):
            found = state.written[best, i]
            v[table.set_slot[first + i]] = whole(found, state.rng) if table.set_whole[first + i] else found
        forget(state, best)
        state.tally[2] += 1
        if not refresh_all(table, state):
            return False
    return False


@njit(cache=True, error_model="numpy")
def drawn_number(table, state, d):  # type: ignore[no-untyped-def]
    """How often a draw happens within the event."""
    v, law = state.v, table.draw_law[d]
    if law == PRESENT:
        return 1.0 if state.drawn[table.draw_of[d]] > 0.0 else 0.0
    mean = value(table, table.draw_mean[d], v, state.stack)
    if law == POISSON:
        return poisson(mean, state.rng)
    if law == SHARE:
        here = v[table.draw_of[d]]
        return binomial(here, mean / here, state.rng) if here > 0.0 else 0.0
    if law == JACKPOT:
        size = max(value(table, table.draw_size[d], v, state.stack), mean)
        return whole(size, state.rng) if size > 0.0 and uniform(state.rng) < mean / size else 0.0
    return whole(mean, state.rng)


@njit(cache=True, error_model="numpy")
def happen(table, state, j):  # type: ignore[no-untyped-def]
    """One event: its draws, its changes, and the expressions that follow from them."""
    v = state.v
    for d in range(table.draw_at[j], table.draw_at[j + 1]):
        state.drawn[d] = drawn_number(table, state, d)
    for d in range(table.draw_at[j], table.draw_at[j + 1]):
        if state.drawn[d] != 0.0:
            for i in range(table.drawn_at[d], table.drawn_at[d + 1]):
                v[table.drawn_slot[i]] += state.drawn[d] * table.drawn_by[i]
    for i in range(table.change_at[j], table.change_at[j + 1]):
        v[table.change_slot[i]] += table.change[i]
    for i in range(table.follow_at[j], table.follow_at[j + 1]):
        if not refresh(table, state, table.follow[i]):
            return False
    return True


@njit(cache=True, error_model="numpy")
def choose(table, state):  # type: ignore[no-untyped-def]
    """Which event: j with probability a_j / a0."""
    v, first, n = state.v, table.rate_slot, table.n_rates
    left = uniform(state.rng) * total(table, state)
    last = -1
    for j in range(n):
        a = v[first + j]
        if a > 0.0:
            last = j
            left -= a
            if left <= 0.0:
                return j
    return last


@njit(cache=True, error_model="numpy")
def next_moment(table, state):  # type: ignore[no-untyped-def]
    """The next time at which a condition on time turns or a delayed trigger acts."""
    now, found = state.clock[T], np.inf
    for i in range(table.n_moments):
        at = state.v[table.moment_slot + i]
        if now * (1.0 + 2 * AFTER) + 2 * AFTER < at < found:
            found = at
    for n in range(state.tally[ARMED_PENDING]):
        found = min(found, max(state.due[n], now))
    return found


@njit(cache=True, error_model="numpy")
def try_step(table, state, limit):  # type: ignore[no-untyped-def]
    """A step with drifting rates towards ``limit``: (went well, whether an event is due at its end)."""
    v, clock = state.v, state.clock
    start, before = clock[T], clock[TOTAL]
    for i in range(table.n_moving):
        state.kept[i] = v[table.moving[i]]
    step = min(limit - start, state.clock[5])
    while True:
        drift(table, state, start + step)
        if not refresh_wild(table, state):
            return False, False
        after = total(table, state)
        if abs(after - before) <= DRIFT * max(before, after) or step <= 1e-9 * (1.0 + start) or max(before, after) * step < 1e-6:
            break
        back(table, state, start)
        step *= 0.5
    gained = 0.5 * (before + after) * step
    if gained < clock[E_LEFT]:
        clock[E_LEFT] -= gained
        clock[T_REF], clock[TOTAL] = clock[T], after
        clock[5] = step * 2.0
        return after < np.inf, False
    slope = (after - before) / step
    e = clock[E_LEFT]
    root = math.sqrt(max(before * before + 2.0 * slope * e, 0.0))
    s = 2.0 * e / (before + root) if before + root > 0.0 else step
    back(table, state, start)
    drift(table, state, start + min(s, step))
    clock[5] = step * 2.0
    return refresh_wild(table, state), True


@njit(cache=True, error_model="numpy")
def back(table, state, start):  # type: ignore[no-untyped-def]
    """Take a trial step back; the rates are computed by the next one."""
    for i in range(table.n_moving):
        state.v[table.moving[i]] = state.kept[i]
    state.clock[T] = start
    state.v[table.time_slot] = start


@njit(cache=True, error_model="numpy")
def fire(table, state):  # type: ignore[no-untyped-def]
    """Choose an event, let it happen, draw the next waiting time, look at the triggers."""
    clock = state.clock
    j = choose(table, state)
    if j >= 0:
        if not happen(table, state, j):
            return False
        state.tally[0] += 1
    clock[E_LEFT] = exponential(state.rng)
    clock[T_REF] = clock[T]
    clock[TOTAL] = total(table, state)
    return clock[TOTAL] < np.inf and (table.n_triggers == 0 or act(table, state))


@njit(cache=True, error_model="numpy")
def at_moment(table, state, now):  # type: ignore[no-untyped-def]
    """A condition on time has turned: read everything just after it."""
    drift(table, state, now)
    state.v[table.time_slot] = now * (1.0 + AFTER) + AFTER
    return refresh_wild(table, state) and settle(table, state) and act(table, state)


@njit(cache=True, error_model="numpy")
def write_row(table, state, row):  # type: ignore[no-untyped-def]
    """Compute what is only shown, and write the outputs."""
    for e in range(table.n_kept, table.n_kept + table.n_shown):
        state.v[table.target[e]] = value(table, e, state.v, state.stack)
    for i in range(table.record.size):
        row[i] = state.v[table.record[i]]


@njit(cache=True, error_model="numpy")
def run(table, state, until, times, k, rows, most):  # type: ignore[no-untyped-def]
    """Events up to ``until``, a row at every output time; returns (how it ended, rows written)."""
    clock = state.clock
    while True:
        target = min(times[k], until) if k < times.size else until
        moment = next_moment(table, state)
        limit = min(target, moment)
        if table.drifting:
            well, event = True, False
            near = min(limit, moment * (1.0 - AFTER) - AFTER)
            while well and not event and clock[T] < near:
                well, event = try_step(table, state, near)
            if not well:
                return BAD_RATE, k
        else:
            due = clock[T_REF] + clock[E_LEFT] / clock[TOTAL] if clock[TOTAL] > 0.0 else np.inf
            event = due <= limit
            drift(table, state, due if event else limit)
        if event:
            if not fire(table, state):
                return BAD_RATE if state.tally[1] >= 0 else BUSY_TRIGGERS, k
            if state.tally[0] >= most:
                return TOO_MANY, k
        elif moment <= target:
            if not at_moment(table, state, moment):
                return BAD_RATE if state.tally[1] >= 0 else BUSY_TRIGGERS, k
        else:
            if k < times.size and times[k] <= until:
                write_row(table, state, rows[k])
                k += 1
            if target >= until and (k >= times.size or times[k] > until):
                return DONE, k
