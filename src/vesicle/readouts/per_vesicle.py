"""How a mean number of copies per vesicle is spread over single vesicles: two variants that the mean cannot tell apart.

    by chance (Poisson)     share with a copy  1 - exp(-n)          copies in a loaded vesicle  n/(1 - exp(-n))
    jackpot                 share with a copy  n/J, at most 1       copies in a loaded vesicle  J

J is the number of copies in a vesicle that has any. At n far below one Poisson gives n vesicles with one copy each, the jackpot n/J with J.
"""

from __future__ import annotations

import numpy as np

from vesicle.readouts.ensemble import Array


def share_loaded(mean: Array, jackpot: float | None = None) -> Array:
    """Share of vesicles that carry at least one copy.

    Parameters
    ----------
    mean : (n,) mean copies per vesicle [copy/EV].
    jackpot : J [copy/EV]; none for Poisson.
    """
    if jackpot is None:
        return np.asarray(-np.expm1(-mean))
    return np.minimum(mean / max(jackpot, 1.0), 1.0)
