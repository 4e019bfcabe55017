"""How the copies of a cargo are spread over vesicles: three laws with one mean n.

    poisson         P(0) = exp(-n)
    zero_inflated   a share w of the vesicles can be loaded and holds Poisson(n / w):      P(0) = 1 - w + w exp(-n / w)
    jackpot         a vesicle holds j copies or none:                                       P(0) = 1 - n / j

``size`` is n / w for a zero-inflated law and j for a jackpot: the mean of a vesicle that can be, or is, loaded. Which law holds for natural miRNA
is open: with n near 0.01 the same mean fits one copy in a hundred vesicles or ten copies in a thousand.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.errors import InputError, unknown_name
from vesicle.evidence.site import Site

POISSON, ZERO_INFLATED, JACKPOT, FIXED = "poisson", "zero_inflated", "jackpot", "fixed"
DISTRIBUTIONS = (POISSON, ZERO_INFLATED, JACKPOT)
Counts = npt.NDArray[np.int64]
Array = npt.NDArray[np.float64]
TAIL = 12.0
"""Standard deviations beyond the mean at which a law is cut; a Poisson tail there is below 1e-15 for means above 10."""
LEAST_TAIL = 40


def size_of(site: Site, distribution: str, copies: sympy.Expr) -> sympy.Expr | None:
    """``size`` of the module as a symbol expression; none for a Poisson law."""
    if distribution == ZERO_INFLATED:
        return copies / site.quantity("loadable_vesicle_share", "1", product="exosome")
    if distribution == JACKPOT:
        return sympy.Max(site.quantity("jackpot_copies", "copy/EV", product="exosome"), copies)
    return None


def loaded_share(distribution: str, copies: sympy.Expr, size: sympy.Expr | None = None) -> sympy.Expr:
    """Share of vesicles with at least one copy."""
    if distribution == ZERO_INFLATED and size is not None:
        return copies / size * (1 - sympy.exp(-size))
    if distribution == JACKPOT and size is not None:
        return copies / size
    return 1 - sympy.exp(-copies)


def probabilities(distribution: str, mean: float, size: float = 0.0, survive: float = 1.0) -> Array:
    """P(0), P(1), ... copies in a vesicle of which each is kept with a chance, cut where the rest is negligible.

    Raises
    ------
    UnknownName, InputError
        For a law that nobody knows, or a size below the mean.
    """
    if distribution not in (*DISTRIBUTIONS, FIXED):
        raise unknown_name("distribution of copies", distribution, (*DISTRIBUTIONS, FIXED))
    if distribution in (ZERO_INFLATED, JACKPOT) and size < mean:
        raise InputError(f"a {distribution} law with mean {mean:g} and {size:g} copies in a loaded vesicle; expected at least the mean.")
    return _LAWS[distribution](mean, size, survive)


def sample(seed: int, name: str, vesicles: int, distribution: str, mean: float, size: float = 0.0) -> Counts:
    """Copies in each of n vesicles, by a stream of its own: (seed, name) give the same vesicles anywhere, and more of them change none.

    Returns
    -------
    (vesicles,) [copy].
    """
    word = hashlib.blake2b(f"{seed}|copies|{name}".encode(), digest_size=16).digest()
    uniform = np.random.Generator(np.random.Philox(key=int.from_bytes(word, "big"))).random(vesicles)
    steps = np.cumsum(probabilities(distribution, mean, size))
    return np.minimum(np.searchsorted(steps, uniform, side="right"), len(steps) - 1).astype(np.int64)


def _poisson(mean: float, size: float, survive: float) -> Array:
    del size
    kept = mean * survive
    last = math.ceil(kept + TAIL * math.sqrt(kept)) + LEAST_TAIL
    k = np.arange(last + 1)
    if kept == 0:
        return np.array(k == 0, dtype=float)
    log_factorials = np.concatenate([[0.0], np.cumsum(np.log(k[1:]))])
    with np.errstate(under="ignore"):
        return np.asarray(np.exp(k * math.log(kept) - kept - log_factorials))


def _zero_inflated(mean: float, size: float, survive: float) -> Array:
    share = mean / size if size else 0.0
    inside = share * _poisson(size, 0.0, survive)
    inside[0] += 1 - share
    return inside


def _binomial(n: float, chance: float) -> Array:
    """A number n that is not whole lies between its neighbours."""
    low, rest = int(n), n - int(n)
    out = np.zeros(low + 2)
    for number, weight in ((low, 1 - rest), (low + 1, rest)):
        k = np.arange(number + 1)
        out[: number + 1] += weight * np.array([math.comb(number, int(i)) * chance**i * (1 - chance) ** (number - i) for i in k])
    return out


def _jackpot(mean: float, size: float, survive: float) -> Array:
    share = mean / size if size else 0.0
    inside = share * _binomial(size, survive)
    inside[0] += 1 - share
    return inside


_LAWS: Mapping[str, Callable[[float, float, float], Array]] = {
    POISSON: _poisson,
    ZERO_INFLATED: _zero_inflated,
    JACKPOT: _jackpot,
    FIXED: lambda mean, _, survive: _binomial(mean, survive),
}
