"""The shape of what the kernel reads and moves.

    p    the table: whole numbers, first single ones, then where each list begins, then the lists
    v    values: a slot for every species, constant, literal, rule, rate, output
    w    what a run works with: its clock, a stack, values kept during a trial step, draws, pending triggers
    q    whole numbers of a run: key and counter of its random numbers, events so far, triggers

Four arrays and no more, because every call of the kernel hands them on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

POISSON, FIXED, JACKPOT, PRESENT, SHARE = range(5)
LAWS = {"poisson": POISSON, "fixed": FIXED, "jackpot": JACKPOT, "zero_inflated": JACKPOT, "present": PRESENT, "share": SHARE}
"""How often something happens within one event: the laws of passengers, and the two that follow from others."""

SINGLE = (
    "n_kept", "n_shown", "first_rate", "n_rates", "rate_slot", "time_slot", "n_moving", "drift_slot", "n_wild", "drifting",
    "n_triggers", "condition_slot", "n_moments", "moment_slot", "n_record", "widest_set", "stack", "before", "drawn", "due", "written",
)  # fmt: skip
LISTS = (
    "code", "start", "kind", "target", "need_at", "need_slot", "need", "change_at", "change_slot", "change_by", "draw_at", "draw_law", "draw_mean",
    "draw_size", "draw_of", "drawn_at", "drawn_slot", "drawn_by", "follow_at", "follow", "moving", "wild", "persistent", "at_once", "delay",
    "priority", "set_at", "set_slot", "set_value", "set_whole", "record",
)  # fmt: skip
(
    N_KEPT, N_SHOWN, FIRST_RATE, N_RATES, RATE_SLOT, TIME_SLOT, N_MOVING, DRIFT_SLOT, N_WILD, DRIFTING,
    N_TRIGGERS, CONDITION_SLOT, N_MOMENTS, MOMENT_SLOT, N_RECORD, WIDEST_SET, STACK_AT, BEFORE_AT, DRAWN_AT, DUE_AT, WRITTEN_AT,
) = range(len(SINGLE))  # fmt: skip
(
    CODE, START, KIND, TARGET, NEED_AT, NEED_SLOT, NEED, CHANGE_AT, CHANGE_SLOT, CHANGE_BY, DRAW_AT, DRAW_LAW, DRAW_MEAN,
    DRAW_SIZE, DRAW_OF, DRAWS_AT, DRAWS_SLOT, DRAWS_BY, FOLLOW_AT, FOLLOW, MOVING, WILD, PERSISTENT, AT_ONCE, DELAY,
    PRIORITY, SET_AT, SET_SLOT, SET_VALUE, SET_WHOLE, RECORD,
) = range(len(SINGLE), len(SINGLE) + len(LISTS))  # fmt: skip

T, T_REF, E_LEFT, TOTAL, STEP = range(5)
"""Places in ``w``: the time, the time at which E was counted, what is left of E, the sum of rates, the last step with drifting rates."""
KEY, COUNTER, EVENTS, FAULT, N_PENDING, ARMED = range(6)
"""Places in ``q``; after ARMED one per trigger, then whose the pending ones are."""
MOST_PENDING = 256
DONE, TOO_MANY, BAD_RATE, BUSY_TRIGGERS = range(4)


def packed(single: Mapping[str, int], lists: Mapping[str, Sequence[int]], depth: int) -> np.ndarray:
    """The table as one array."""
    at = 5
    work = {}
    sizes = (("stack", depth), ("before", single["n_moving"]), ("drawn", len(lists["draw_law"])), ("due", MOST_PENDING), ("written", MOST_PENDING * single["widest_set"]))
    for name, size in sizes:
        work[name] = at
        at += size
    every = {**single, **work}
    parts = [np.asarray(lists[name], dtype=np.int64).ravel() for name in LISTS]
    first = len(SINGLE) + len(LISTS)
    begins = first + np.concatenate([[0], np.cumsum([len(part) for part in parts])])[:-1]
    return np.concatenate([[every[name] for name in SINGLE], begins, *parts]).astype(np.int64)


def begin(table: np.ndarray, values: np.ndarray, key: int, was_true: Sequence[bool]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fresh (v, w, q) of a run."""
    w = np.zeros(int(table[WRITTEN_AT]) + MOST_PENDING * int(table[WIDEST_SET]))
    w[STEP] = 1e300
    q = np.zeros(ARMED + len(was_true) + MOST_PENDING, dtype=np.int64)
    q[KEY] = np.array([key], dtype=np.uint64).view(np.int64)[0]
    q[FAULT] = -1
    q[ARMED : ARMED + len(was_true)] = was_true
    return values.copy(), w, q
