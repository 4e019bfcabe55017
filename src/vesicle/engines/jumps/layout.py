"""The shape of what the kernel reads and moves: plain arrays, so that a table can be sent to a worker."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

POISSON, FIXED, JACKPOT, PRESENT, SHARE = range(5)
LAWS = {"poisson": POISSON, "fixed": FIXED, "jackpot": JACKPOT, "zero_inflated": JACKPOT, "present": PRESENT, "share": SHARE}
"""How often something happens within one event: the laws of passengers, and the two that follow from others."""
T, T_REF, E_LEFT, TOTAL = range(4)
"""Places in ``State.clock``: the time, the time at which E was counted, what is left of E, the sum of rates; then a spare and the last step."""
ARMED_PENDING = 3
MOST_PENDING = 256
DONE, TOO_MANY, BAD_RATE, BUSY_TRIGGERS = range(4)


class Table(NamedTuple):
    """A network as events. Expressions are numbered: kept ones (rules, rates, drifts, conditions, moments), shown ones, then the rest.

    ``X_at[j]`` to ``X_at[j + 1]`` are the entries of event (trigger, draw) j.
    """

    code: np.ndarray
    start: np.ndarray
    kind: np.ndarray
    target: np.ndarray
    n_kept: int
    n_shown: int
    first_rate: int
    n_rates: int
    rate_slot: int
    time_slot: int
    need_at: np.ndarray
    need_slot: np.ndarray
    need: np.ndarray
    change_at: np.ndarray
    change_slot: np.ndarray
    change: np.ndarray
    draw_at: np.ndarray
    draw_law: np.ndarray
    draw_mean: np.ndarray
    draw_size: np.ndarray
    draw_of: np.ndarray
    drawn_at: np.ndarray
    drawn_slot: np.ndarray
    drawn_by: np.ndarray
    follow_at: np.ndarray
    follow: np.ndarray
    moving: np.ndarray
    n_moving: int
    drift_slot: int
    wild: np.ndarray
    drifting: bool
    n_triggers: int
    condition_slot: int
    persistent: np.ndarray
    at_once: np.ndarray
    delay: np.ndarray
    priority: np.ndarray
    set_at: np.ndarray
    set_slot: np.ndarray
    set_value: np.ndarray
    set_whole: np.ndarray
    n_moments: int
    moment_slot: int
    record: np.ndarray


class State(NamedTuple):
    """Where a run stands; every array is the run's own."""

    v: np.ndarray
    clock: np.ndarray
    rng: np.ndarray
    tally: np.ndarray
    armed: np.ndarray
    due: np.ndarray
    whose: np.ndarray
    written: np.ndarray
    kept: np.ndarray
    drawn: np.ndarray
    stack: np.ndarray
