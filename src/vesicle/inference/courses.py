"""Measured courses over time: what a fit is made to. One course is one subject in one arm, seen by one observable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vesicle.errors import SchemaError

Array = npt.NDArray[np.float64]
EXACT, BELOW, ABOVE = 0, -1, 1
"""Kinds of a value: as measured, below (not detected above) it, above it."""


@dataclass(frozen=True)
class Course:
    """The values of one subject over time, in order of time.

    Attributes
    ----------
    arm, subject, observable : who was measured, and by what; empty where the table has no such column.
    times, values : (n,) in the units that the reader was asked for.
    kinds : (n,) :data:`EXACT`, :data:`BELOW` or :data:`ABOVE`.
    sds : (n,) standard deviations of the measurement, or empty where they are to be estimated.
    where : ``file:line: `` of the first value.
    """

    arm: str
    subject: str
    observable: str
    times: Array
    values: Array
    kinds: npt.NDArray[np.int_]
    sds: Array
    where: str = ""

    def before(self, count: int) -> Course:
        """The course without its last values."""
        return self.part(slice(0, len(self.times) - count))

    def part(self, kept: slice) -> Course:
        """Some of the values."""
        sds = self.sds[kept] if len(self.sds) else self.sds
        return Course(self.arm, self.subject, self.observable, self.times[kept], self.values[kept], self.kinds[kept], sds, self.where)


@dataclass(frozen=True)
class Courses:
    """The courses of one table.

    Attributes
    ----------
    name, checksum : of the file; the SHA-256 of its bytes.
    time_unit, value_unit : of all courses; the value's is empty where each course is in the unit of its observable.
    courses : in the order of the table.
    """

    name: str
    checksum: str
    time_unit: str
    value_unit: str
    courses: tuple[Course, ...]

    @property
    def arms(self) -> tuple[str, ...]:
        """Arms in the order of the table."""
        return tuple(dict.fromkeys(c.arm for c in self.courses))

    def of(self, arm: str) -> tuple[Course, ...]:
        """The courses of an arm."""
        return tuple(c for c in self.courses if c.arm == arm)


@dataclass(frozen=True)
class Padded:
    """Courses side by side: (n_subject, n_time) arrays with a mask; each subject's clock begins at its first value, or all at one time."""

    times: Array
    values: Array
    kinds: npt.NDArray[np.int_]
    here: npt.NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many values there are."""
        return int(self.here.sum())


def padded(courses: Sequence[Course], begin: float | None = None) -> Padded:
    """Courses of different length as arrays; missing places repeat the last time. The clock of all begins at ``begin``, if it is given."""
    most = max(len(c.times) for c in courses)
    shape = (len(courses), most)
    times, values, kinds, here = np.zeros(shape), np.ones(shape), np.zeros(shape, int), np.zeros(shape, bool)
    for i, course in enumerate(courses):
        n = len(course.times)
        times[i, :n], values[i, :n], kinds[i, :n], here[i, :n] = course.times - (course.times[0] if begin is None else begin), course.values, course.kinds, True
        times[i, n:] = times[i, n - 1]
    return Padded(times, values, kinds, here)


def must_have_times(courses: Sequence[Course], least: int = 2) -> None:
    """Refuse a subject that was measured too seldom to say anything about growth.

    Raises
    ------
    SchemaError
    """
    for course in courses:
        if len(course.times) < least:
            raise SchemaError(
                f"{course.where}subject '{course.subject}' of arm '{course.arm}' has only {len(course.times)} time, expected at least {least}; "
                "one volume says nothing about growth: add its other times or remove it."
            )
