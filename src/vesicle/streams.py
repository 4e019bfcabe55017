"""Named random streams: the same (seed, name, sample) gives the same number anywhere.

A draw is a hash of its key, so it does not depend on order, on the number of workers or
on which other parameters exist: a new parameter moves no other one, and two arms that ask
for the same parameter in the same sample share the draw.
"""

from __future__ import annotations

import hashlib
from numbers import Integral
from statistics import NormalDist

from vesicle.errors import InputError

_RESOLUTION = 2**52
_STANDARD_NORMAL = NormalDist()


def check_seed(seed: int) -> None:
    """Refuse a seed that is no whole number of 0 or more.

    Raises
    ------
    InputError
    """
    if not isinstance(seed, Integral) or isinstance(seed, bool) or seed < 0:
        raise InputError(f"--seed {seed}: expected a whole number of 0 or more, like --seed 1.")


def uniform(seed: int, name: str, sample: int) -> float:
    """A number strictly between 0 and 1, keyed by ``(seed, name, sample)``."""
    return ((word(seed, name, sample) >> 12) + 0.5) / _RESOLUTION


def word(seed: int, name: str, sample: int) -> int:
    """64 bits keyed by ``(seed, name, sample)``, e.g. the key of a stochastic path."""
    key = f"{seed}|{name}|{sample}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "big")


def normal(seed: int, name: str, sample: int) -> float:
    """A standard normal number with the same key rules as :func:`uniform`."""
    return _STANDARD_NORMAL.inv_cdf(uniform(seed, name, sample))


def choice(seed: int, name: str, sample: int, options: int) -> int:
    """An index below ``options``, each equally likely."""
    return min(int(uniform(seed, name, sample) * options), options - 1)
