"""Floating-point errors raise, and properties draw the same examples on every run."""

import numpy
from hypothesis import settings

numpy.seterr(all="raise", under="ignore")
settings.register_profile("vesicle", deadline=None, derandomize=True)
settings.load_profile("vesicle")
