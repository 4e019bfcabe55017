"""Gillespie's direct method for any table of events, compiled once per machine.

    event times        next = t + E / a0, E exponential of mean 1, a0 the sum of all rates
    which event        j with probability a_j / a0
    what moves alone   dy/dt = A + B y between events: y e^(B s) + A (e^(B s) - 1) / B, exact
    rates that drift   E = integral of a0 ds, by the trapezium on steps over which a0 changes by at most 1 %

E is kept when a stop (an output, a dose, a trigger) falls between two events, so where a run is cut
plays no part in its path.
"""

# ruff: noqa: I001, SIM110 - numba compiles plain loops, and a list of constants reads better in lines than in a column
from __future__ import annotations

import math

import numpy as np
from numba import njit

from vesicle.engines.jumps.draws import binomial, exponential, poisson, uniform, whole
from vesicle.engines.jumps.layout import (
    ARMED, AT_ONCE, BAD_RATE, BEFORE_AT, BUSY_TRIGGERS, CHANGE_AT, CHANGE_BY, CHANGE_SLOT, CODE, CONDITION_SLOT, DELAY, DONE, DRAWN_AT, DRAWS_AT,
    DRAWS_BY, DRAWS_SLOT, DRAW_AT, DRAW_LAW, DRAW_MEAN, DRAW_OF, DRAW_SIZE, DRIFTING, DRIFT_SLOT, DUE_AT, E_LEFT, EVENTS, FAULT, FIRST_RATE, FOLLOW,
    FOLLOW_AT, JACKPOT, KIND, MOMENT_SLOT, MOST_PENDING, MOVING, NEED, NEED_AT, NEED_SLOT, N_KEPT, N_MOMENTS, N_MOVING, N_PENDING, N_RATES, N_RECORD,
    N_SHOWN, N_TRIGGERS, N_WILD, PERSISTENT, POISSON, PRESENT, PRIORITY, RATE_SLOT, RECORD, SET_AT, SET_SLOT, SET_VALUE, SET_WHOLE, SHARE, STACK_AT,
    START, STEP, T, TARGET, TIME_SLOT, TOO_MANY, TOTAL, T_REF, WIDEST_SET, WILD, WRITTEN_AT,
)  # fmt: skip
from vesicle.engines.jumps.tape import (
    ABS, ACOS, ACOSH, ADD, AND, ASIN, ASINH, ATAN, ATANH, CEIL, COS, COSH, EQ, EXP, FACTORIAL, FLOOR, INVERT, LE, LOG, LT, MAX, MIN, MUL, NE, NOT, OR,
    POW, PRODUCT, PUSH, SELECT, SIN, SINH, SQRT, TAN, TANH, WHOLE_POWER,
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
def value(p, v, w, e):  # type: ignore[no-untyped-def]
    """The value of one expression."""
    row, last, top = p[CODE] + 2 * p[p[START] + e], p[CODE] + 2 * p[p[START] + e + 1], p[STACK_AT] - 1
    if p[p[KIND] + e] == PRODUCT:
        product = 1.0
        while row < last:
            product *= v[p[row]] - p[row + 1]
            row += 2
        return product
    while row < last:
        o = p[row]
        if o == PUSH:
            top += 1
            w[top] = v[p[row + 1]]
        elif o == ADD:
            top -= 1
            w[top] += w[top + 1]
        elif o == MUL:
            top -= 1
            w[top] *= w[top + 1]
        elif o == INVERT:
            w[top] = 1.0 / w[top]
        elif o == SQRT:
            w[top] = math.sqrt(w[top])
        elif o == WHOLE_POWER:
            base, result = w[top], 1.0
            for _ in range(p[row + 1]):
                result *= base
            w[top] = result
        elif o == SELECT:
            top -= 2
            w[top] = w[top + 1] if w[top + 2] != 0.0 else w[top]
        elif o == NOT or EXP <= o <= FACTORIAL:
            w[top] = single(o, w[top])
        else:
            top -= 1
            w[top] = paired(o, w[top], w[top + 1])
        row += 2
    return w[top]


@njit(cache=True, error_model="numpy")
def refresh(p, v, w, q, e):  # type: ignore[no-untyped-def]
    """Compute one kept expression; a rate whose reactants are short is zero, one that is negative is a fault."""
    x = value(p, v, w, e)
    j = e - p[FIRST_RATE]
    if 0 <= j < p[N_RATES]:
        for i in range(p[p[NEED_AT] + j], p[p[NEED_AT] + j + 1]):
            if v[p[p[NEED_SLOT] + i]] < p[p[NEED] + i]:
                x = 0.0
        if not x >= 0.0 or x == np.inf:
            if -NOISE <= x < 0.0:
                x = 0.0
            else:
                q[FAULT] = j
                return False
    v[p[p[TARGET] + e]] = x
    return True


@njit(cache=True, error_model="numpy")
def total(p, v):  # type: ignore[no-untyped-def]
    """The sum of all rates; they lie side by side."""
    found = 0.0
    for i in range(p[RATE_SLOT], p[RATE_SLOT] + p[N_RATES]):
        found += v[i]
    return found


@njit(cache=True, error_model="numpy")
def drift(p, v, w, until):  # type: ignore[no-untyped-def]
    """Move the time, and what moves between events, to ``until``."""
    s = until - w[T]
    if s > 0.0:
        for i in range(p[N_MOVING]):
            a, b, y = v[p[DRIFT_SLOT] + 2 * i], v[p[DRIFT_SLOT] + 2 * i + 1], p[p[MOVING] + i]
            v[y] = v[y] + a * s if b == 0.0 else v[y] * math.exp(b * s) + a * math.expm1(b * s) / b
    w[T] = until
    v[p[TIME_SLOT]] = until


@njit(cache=True, error_model="numpy")
def settle(p, v, w):  # type: ignore[no-untyped-def]
    """The rates have changed now: what is left of E is kept, the total is new."""
    w[E_LEFT] = max(w[E_LEFT] - w[TOTAL] * (w[T] - w[T_REF]), 0.0)
    w[T_REF] = w[T]
    w[TOTAL] = total(p, v)
    return w[TOTAL] < np.inf


@njit(cache=True, error_model="numpy")
def refresh_all(p, v, w, q):  # type: ignore[no-untyped-def]
    """Compute every kept expression anew, after a dose or a trigger."""
    for e in range(p[N_KEPT]):
        if not refresh(p, v, w, q, e):
            return False
    return settle(p, v, w)


@njit(cache=True, error_model="numpy")
def refresh_wild(p, v, w, q):  # type: ignore[no-untyped-def]
    """Compute what depends on the time or on what moves between events."""
    for i in range(p[N_WILD]):
        if not refresh(p, v, w, q, p[p[WILD] + i]):
            return False
    return True


@njit(cache=True, error_model="numpy")
def put_down(p, v, w, q, k):  # type: ignore[no-untyped-def]
    """A condition has become true: its trigger waits for its time, with the values it will set."""
    n = q[N_PENDING]
    if n >= MOST_PENDING:
        return False
    delay = p[p[DELAY] + k]
    w[p[DUE_AT] + n] = w[T] + (max(value(p, v, w, delay), 0.0) if delay >= 0 else 0.0)
    q[ARMED + p[N_TRIGGERS] + n] = k
    q[N_PENDING] += 1
    write_down(p, v, w, n, k)
    return True


@njit(cache=True, error_model="numpy")
def write_down(p, v, w, n, k):  # type: ignore[no-untyped-def]
    """The values that a pending trigger will set, as they are now."""
    first = p[p[SET_AT] + k]
    for i in range(p[p[SET_AT] + k + 1] - first):
        w[p[WRITTEN_AT] + n * p[WIDEST_SET] + i] = value(p, v, w, p[p[SET_VALUE] + first + i])


@njit(cache=True, error_model="numpy")
def forget(p, w, q, n):  # type: ignore[no-untyped-def]
    """Strike one pending trigger off the list."""
    whose, wide = ARMED + p[N_TRIGGERS], p[WIDEST_SET]
    q[N_PENDING] -= 1
    for i in range(n, q[N_PENDING]):
        w[p[DUE_AT] + i] = w[p[DUE_AT] + i + 1]
        q[whose + i] = q[whose + i + 1]
        for j in range(wide):
            w[p[WRITTEN_AT] + i * wide + j] = w[p[WRITTEN_AT] + (i + 1) * wide + j]


@njit(cache=True, error_model="numpy")
def notice(p, v, w, q):  # type: ignore[no-untyped-def]
    """Conditions that have become true are put down; those no longer true may take theirs back."""
    for k in range(p[N_TRIGGERS]):
        holds = v[p[CONDITION_SLOT] + k] != 0.0
        if holds and q[ARMED + k] == 0 and not put_down(p, v, w, q, k):
            return False
        if not holds and p[p[PERSISTENT] + k] == 0:
            n = 0
            while n < q[N_PENDING]:
                if q[ARMED + p[N_TRIGGERS] + n] == k:
                    forget(p, w, q, n)
                else:
                    n += 1
        q[ARMED + k] = 1 if holds else 0
    return True


@njit(cache=True, error_model="numpy")
def first_due(p, v, w, q):  # type: ignore[no-untyped-def]
    """The pending trigger that acts now, the highest priority first; -1 for none."""
    best, rank = -1, -np.inf
    for n in range(q[N_PENDING]):
        if w[p[DUE_AT] + n] <= w[T] * (1.0 + AFTER) + AFTER:
            priority = p[p[PRIORITY] + q[ARMED + p[N_TRIGGERS] + n]]
            own = value(p, v, w, priority) if priority >= 0 else 0.0
            if best < 0 or own > rank:
                best, rank = n, own
    return best


@njit(cache=True, error_model="numpy")
def act(p, v, w, q):  # type: ignore[no-untyped-def]
    """Carry out every trigger that is due until none is left."""
    for _ in range(MOST_PENDING * 16):
        if not notice(p, v, w, q):
            return False
        n = first_due(p, v, w, q)
        if n < 0:
            return True
        k = q[ARMED + p[N_TRIGGERS] + n]
        if p[p[AT_ONCE] + k] == 0:
            write_down(p, v, w, n, k)
        first = p[p[SET_AT] + k]
        for i in range(p[p[SET_AT] + k + 1] - first):
            found = w[p[WRITTEN_AT] + n * p[WIDEST_SET] + i]
            v[p[p[SET_SLOT] + first + i]] = whole(found, q) if p[p[SET_WHOLE] + first + i] else found
        forget(p, w, q, n)
        if not refresh_all(p, v, w, q):
            return False
    return False


@njit(cache=True, error_model="numpy")
def drawn_number(p, v, w, q, d):  # type: ignore[no-untyped-def]
    """How often a draw happens within the event."""
    law, of = p[p[DRAW_LAW] + d], p[p[DRAW_OF] + d]
    if law == PRESENT:
        return 1.0 if w[p[DRAWN_AT] + of] > 0.0 else 0.0
    mean = value(p, v, w, p[p[DRAW_MEAN] + d])
    if law == POISSON:
        return poisson(mean, q)
    if law == SHARE:
        return binomial(v[of], mean / v[of], q) if v[of] > 0.0 else 0.0
    if law == JACKPOT:
        size = max(value(p, v, w, p[p[DRAW_SIZE] + d]), mean)
        return whole(size, q) if size > 0.0 and uniform(q) < mean / size else 0.0
    return whole(mean, q)


@njit(cache=True, error_model="numpy")
def draw_all(p, v, w, q, first, last):  # type: ignore[no-untyped-def]
    """The draws of an event, all from the amounts before it, then their changes."""
    for d in range(first, last):
        w[p[DRAWN_AT] + d] = drawn_number(p, v, w, q, d)
    for d in range(first, last):
        times = w[p[DRAWN_AT] + d]
        if times != 0.0:
            for i in range(p[p[DRAWS_AT] + d], p[p[DRAWS_AT] + d + 1]):
                v[p[p[DRAWS_SLOT] + i]] += times * v[p[p[DRAWS_BY] + i]]


@njit(cache=True, error_model="numpy")
def happen(p, v, w, q, j):  # type: ignore[no-untyped-def]
    """One event: its draws, its changes, and the expressions that follow from them."""
    first, last = p[p[DRAW_AT] + j], p[p[DRAW_AT] + j + 1]
    if last > first:
        draw_all(p, v, w, q, first, last)
    for i in range(p[p[CHANGE_AT] + j], p[p[CHANGE_AT] + j + 1]):
        v[p[p[CHANGE_SLOT] + i]] += v[p[p[CHANGE_BY] + i]]
    for i in range(p[p[FOLLOW_AT] + j], p[p[FOLLOW_AT] + j + 1]):
        if not refresh(p, v, w, q, p[p[FOLLOW] + i]):
            return False
    return True


@njit(cache=True, error_model="numpy")
def choose(p, v, w, q):  # type: ignore[no-untyped-def]
    """Which event: j with probability a_j / a0."""
    first, last = p[RATE_SLOT], -1
    left = uniform(q) * w[TOTAL]
    for j in range(p[N_RATES]):
        a = v[first + j]
        if a > 0.0:
            last = j
            left -= a
            if left <= 0.0:
                return j
    return last


@njit(cache=True, error_model="numpy")
def fire(p, v, w, q):  # type: ignore[no-untyped-def]
    """Choose an event, let it happen, draw the next waiting time, look at the triggers."""
    j = choose(p, v, w, q)
    if j >= 0:
        if not happen(p, v, w, q, j):
            return False
        q[EVENTS] += 1
    w[E_LEFT] = exponential(q)
    w[T_REF] = w[T]
    w[TOTAL] = total(p, v)
    return w[TOTAL] < np.inf and (p[N_TRIGGERS] == 0 or act(p, v, w, q))


@njit(cache=True, error_model="numpy")
def next_moment(p, v, w, q):  # type: ignore[no-untyped-def]
    """The next time at which a condition on time turns or a delayed trigger acts."""
    now, found = w[T], np.inf
    for i in range(p[N_MOMENTS]):
        at = v[p[MOMENT_SLOT] + i]
        if now * (1.0 + 2 * AFTER) + 2 * AFTER < at < found:
            found = at
    for n in range(q[N_PENDING]):
        found = min(found, max(w[p[DUE_AT] + n], now))
    return found


@njit(cache=True, error_model="numpy")
def back(p, v, w, start):  # type: ignore[no-untyped-def]
    """Take a trial step back; the rates are computed by the next one."""
    for i in range(p[N_MOVING]):
        v[p[p[MOVING] + i]] = w[p[BEFORE_AT] + i]
    w[T] = start
    v[p[TIME_SLOT]] = start


@njit(cache=True, error_model="numpy")
def try_step(p, v, w, q, limit):  # type: ignore[no-untyped-def]
    """A step with drifting rates towards ``limit``: (went well, whether an event is due at its end)."""
    start, before = w[T], w[TOTAL]
    for i in range(p[N_MOVING]):
        w[p[BEFORE_AT] + i] = v[p[p[MOVING] + i]]
    step = min(limit - start, w[STEP])
    while True:
        drift(p, v, w, limit if step == limit - start else start + step)
        if not refresh_wild(p, v, w, q):
            return False, False
        after = total(p, v)
        if abs(after - before) <= DRIFT * max(before, after) or step <= 1e-9 * (1.0 + start) or max(before, after) * step < 1e-6:
            break
        back(p, v, w, start)
        step *= 0.5
    w[STEP] = step * 2.0
    gained = 0.5 * (before + after) * step
    if gained < w[E_LEFT]:
        w[E_LEFT] -= gained
        w[T_REF], w[TOTAL] = w[T], after
        return after < np.inf, False
    root = math.sqrt(max(before * before + 2.0 * (after - before) / step * w[E_LEFT], 0.0))
    s = 2.0 * w[E_LEFT] / (before + root) if before + root > 0.0 else step
    back(p, v, w, start)
    drift(p, v, w, start + min(s, step))
    well = refresh_wild(p, v, w, q)
    w[TOTAL] = total(p, v)
    return well, True


@njit(cache=True, error_model="numpy")
def at_moment(p, v, w, q, now):  # type: ignore[no-untyped-def]
    """A condition on time has turned: read everything just after it."""
    drift(p, v, w, now)
    v[p[TIME_SLOT]] = now * (1.0 + AFTER) + AFTER
    return refresh_wild(p, v, w, q) and settle(p, v, w) and act(p, v, w, q)


@njit(cache=True, error_model="numpy")
def write_row(p, v, w, row):  # type: ignore[no-untyped-def]
    """Compute what is only shown, and write the outputs."""
    for e in range(p[N_KEPT], p[N_KEPT] + p[N_SHOWN]):
        v[p[p[TARGET] + e]] = value(p, v, w, e)
    for i in range(p[N_RECORD]):
        row[i] = v[p[p[RECORD] + i]]


@njit(cache=True, error_model="numpy")
def step_to(p, v, w, q, limit, moment):  # type: ignore[no-untyped-def]
    """Go to the next event or to ``limit``: (went well, whether an event is due)."""
    if p[DRIFTING] == 0:
        due = w[T_REF] + w[E_LEFT] / w[TOTAL] if w[TOTAL] > 0.0 else np.inf
        event = due <= limit
        drift(p, v, w, max(due, w[T]) if event else limit)
        return True, event
    near = min(limit, moment * (1.0 - AFTER) - AFTER)
    well, event = True, False
    while well and not event and w[T] < near:
        well, event = try_step(p, v, w, q, near)
    return well, event


@njit(cache=True, error_model="numpy")
def run(p, v, w, q, until, times, k, rows, most):  # type: ignore[no-untyped-def]
    """Events up to ``until``, a row at every output time; returns (how it ended, rows written)."""
    while True:
        output = k < times.size and times[k] <= until
        target = times[k] if output else until
        moment = next_moment(p, v, w, q) if p[N_MOMENTS] + q[N_PENDING] > 0 else np.inf
        well, event = step_to(p, v, w, q, min(target, moment), moment)
        if well and event:
            well = fire(p, v, w, q)
            if q[EVENTS] >= most:
                return TOO_MANY, k
        elif well and moment <= target:
            well = at_moment(p, v, w, q, moment)
        elif well and output:
            write_row(p, v, w, rows[k])
            k += 1
        elif well:
            return DONE, k
        if not well:
            return BAD_RATE if q[FAULT] >= 0 else BUSY_TRIGGERS, k
