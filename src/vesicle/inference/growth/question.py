"""What a fit of growth is asked for, and the units it is made in: time in days, volume in mm3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vesicle.errors import InputError
from vesicle.inference.courses import Course

TIME, VOLUME = "d", "mm3"
LAWS = ("exponential", "exponential_linear", "gompertz", "logistic")
"""What is compared when no law is asked for."""
LEAST, MOST = 1e-30, 1e30
"""Volumes and times that a computer squares and divides without loss; no tumour is near these ends."""


@dataclass(frozen=True)
class Asked:
    """What is to be fitted.

    Attributes
    ----------
    laws : names, in order.
    error : ``both``, ``proportional`` or ``additive``.
    arms : of the table; all when empty.
    species, cell : context of the records that are asked for priors, and of the rows.
    priors : whether what the records say about the population median goes into the fit.
    inoculum : time [d] and volume [mm3] from which every tumour began; None where each begins at its first value.
    starts, seed : random starts and their seed.
    held_out : how many last values of each subject are predicted.
    """

    laws: tuple[str, ...] = LAWS
    error: str = "both"
    arms: tuple[str, ...] = ()
    species: str = ""
    cell: str = ""
    priors: bool = False
    inoculum: tuple[float, float] | None = None
    starts: int = 3
    seed: int = 1
    held_out: int = 1


def must_have_grown(courses: Sequence[Course], asked: Asked) -> None:
    """Refuse subjects without a tumour, values from before the inoculum, and numbers that cannot be computed with.

    Raises
    ------
    InputError
        With the subject.
    """
    for course in courses:
        if asked.inoculum is not None and course.times[0] <= asked.inoculum[0]:
            raise InputError(
                f"{course.where}subject '{course.subject}' has a value at {course.times[0]:g} {TIME}, expected times after the inoculum at {asked.inoculum[0]:g} {TIME}."
            )
        spans, sizes = np.diff(course.times), course.values[course.values > 0]
        for what, unit, numbers in (("volumes", VOLUME, sizes), ("differences of times", TIME, spans)):
            if len(numbers) and not (numbers.min() >= LEAST and numbers.max() <= MOST):
                raise InputError(
                    f"{course.where}subject '{course.subject}' has {what} of {numbers.min():.3g} to {numbers.max():.3g} {unit}, expected {LEAST:g} to {MOST:g}; look at the unit."
                )
        if not np.any(course.values > 0):
            raise InputError(f"{course.where}all values of subject '{course.subject}' are zero, expected a tumour; leave this subject out.")
