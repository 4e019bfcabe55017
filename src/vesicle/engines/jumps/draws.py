"""Keyed random numbers and the laws drawn from them, for the kernel.

    u_i = mix(key + i g)         splitmix64: a counter, not a state that others can move

so the path of a run depends on its key and on nothing else.

    Poisson      by inversion below a mean of 30, above it Hormann's transformed rejection (PTRS, 1993)
    binomial     by inversion, in parts whose mean is below 30
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from vesicle.engines.jumps.layout import COUNTER, KEY

_STEP = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_BY_INVERSION = 30.0


@njit(cache=True, error_model="numpy")
def uniform(q):  # type: ignore[no-untyped-def]
    """A number strictly between 0 and 1; ``q`` holds the key and the counter."""
    q[COUNTER] += 1
    word = np.uint64(q[KEY]) + np.uint64(q[COUNTER]) * _STEP
    word = (word ^ (word >> np.uint64(30))) * _FIRST
    word = (word ^ (word >> np.uint64(27))) * _SECOND
    word = word ^ (word >> np.uint64(31))
    return (float(word >> np.uint64(12)) + 0.5) * 2.0**-52


@njit(cache=True, error_model="numpy")
def exponential(q):  # type: ignore[no-untyped-def]
    """An exponential number of mean 1."""
    return -math.log(uniform(q))


@njit(cache=True, error_model="numpy")
def whole(value, q):  # type: ignore[no-untyped-def]
    """A whole number whose mean is ``value``: one of the two next to it; a whole value uses no draw."""
    low = math.floor(value)
    if value - low < 1e-9 * max(1.0, abs(value)):
        return low
    if low + 1.0 - value < 1e-9 * max(1.0, abs(value)):
        return low + 1.0
    return low + (1.0 if uniform(q) < value - low else 0.0)


@njit(cache=True, error_model="numpy")
def poisson(mean, q):  # type: ignore[no-untyped-def]
    """A Poisson number."""
    if not mean > 0.0:
        return 0.0
    if mean < _BY_INVERSION:
        u = uniform(q)
        chance = math.exp(-mean)
        below, k = chance, 0.0
        while u > below and k < 1000.0:
            k += 1.0
            chance *= mean / k
            below += chance
        return k
    scale = math.sqrt(mean)
    b = 0.931 + 2.53 * scale
    a = -0.059 + 0.02483 * b
    squeeze = 1.1239 + 1.1328 / (b - 3.4)
    fast = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        u = uniform(q) - 0.5
        v = uniform(q)
        us = 0.5 - abs(u)
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= fast:
            return k
        if k < 0.0 or (us < 0.013 and v > us):
            continue
        if math.log(v) + math.log(squeeze) - math.log(a / (us * us) + b) <= k * math.log(mean) - mean - math.lgamma(k + 1.0):
            return k


@njit(cache=True, error_model="numpy")
def binomial(trials, share, q):  # type: ignore[no-untyped-def]
    """How many of ``trials`` succeed, each with chance ``share``."""
    if not share > 0.0 or trials < 1.0:
        return 0.0
    if share >= 1.0:
        return trials
    if share > 0.5:
        return trials - binomial_part(trials, 1.0 - share, q)
    return binomial_part(trials, share, q)


@njit(cache=True, error_model="numpy")
def binomial_part(trials, share, q):  # type: ignore[no-untyped-def]
    """The same for a chance of at most a half, in parts with a small mean."""
    left, found = trials, 0.0
    largest = max(1.0, math.floor(_BY_INVERSION / share))
    while left > 0.0:
        n = min(left, largest)
        left -= n
        u = uniform(q)
        chance = math.exp(n * math.log1p(-share))
        below, k = chance, 0.0
        while u > below and k < n:
            k += 1.0
            chance *= (n - k + 1.0) / k * share / (1.0 - share)
            below += chance
        found += k
    return found
