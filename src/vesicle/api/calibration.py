"""Calibration: perform a recorded one again and compare."""

from __future__ import annotations

from typing import Any

from vesicle.evidence.own import current

AGREES = 0.02
"""Largest relative difference between a recorded point and the same fit made again: rounding to four digits, and numbers of another release of numpy."""


def fit(name: str = "secretion") -> dict[str, Any]:
    """Perform a calibration again from its priors and data, and say whether the records agree.

    Returns
    -------
    Factors before and after with 5, 50 and 95 % points, their correlation, the product before and after, the data, and ``recorded``.

    Raises
    ------
    UnknownName
        With the nearest calibration.
    """
    from vesicle.inference import calibration

    library = current()
    what = calibration.act(name)
    found = calibration.calibrate(what, library)
    out = calibration.as_table(what, library, found)
    stands = calibration.recorded(library, name)
    measured = {m.id: m for m in library.measurements}
    worst = 0.0
    for factor in stands.factors if stands else ():
        record = measured[factor.record]
        points = (*record.range(), record.value)
        again = (found.quantiles[factor.prior][0], found.quantiles[factor.prior][2], found.quantiles[factor.prior][1])
        worst = max(worst, *(abs(a / b - 1) for a, b in zip(points, again, strict=True)))
    return {**out, "recorded": [f.record for f in stands.factors] if stands else [], "largest_difference": worst, "agrees": bool(stands) and worst < AGREES}
