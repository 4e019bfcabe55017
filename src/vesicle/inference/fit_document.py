"""What the documents of all fits share: their schema, how numbers are rounded, and the cells of a profiled parameter."""

from __future__ import annotations

import math
from typing import Any

from vesicle.inference import fitting
from vesicle.inference.fitting import Profile
from vesicle.readouts.ensemble import rounded

SCHEMA = "vesicle-fit/1"
DIGITS = 4
Plain = dict[str, Any]


def profile_cells(profile: Profile, unit: str, partner: tuple[str, float] | None) -> Plain:
    """Intervals, the sentence and the curve of a profiled parameter, in its unit; ``partner`` as in :func:`vesicle.inference.fitting.in_words`."""
    cells: Plain = {}
    for level, key in ((0.95, "95"), (0.90, "90")):
        low, high = profile.intervals[level]
        cells[f"low_{key}"], cells[f"high_{key}"] = (rounded(math.exp(v), DIGITS) if v is not None else None for v in (low, high))
    cells["identifiable"] = profile.is_identifiable
    cells["words"] = fitting.in_words(profile, lambda v: f"{math.exp(v):.3g}{'' if unit == '1' else ' ' + unit}", partner)
    cells["profile"] = {"value": [rounded(math.exp(v), 5) for v in profile.points], "rise": [rounded(float(v), 4) for v in profile.rises]}
    return cells
