"""Laws of tumour growth fitted to courses of volume: per arm one population of subjects, or each subject alone where there are few.

What is done with each arm:

1. every law is fitted (``one_law``; as a population, :mod:`vesicle.inference.mixed`,
   or with fewer than five subjects each alone, with one error for all) and compared by AICc (``comparison``);
2. the parameters of the best law, and of those that cannot be told apart from it, get a profile likelihood and a sentence (``profiles``);
3. the last values of each subject are taken away, the law is fitted again to the rest, and what was taken away is predicted with its interval, beside two
   predictions that know no law: the last value stays, and the line through the logarithms of the last ones goes on (``held_out``);
4. each subject is fitted alone with the error of the population, and the medians of these are stated beside it (``two_stages``).

Time is in days, volume in mm3.
"""

from __future__ import annotations

from vesicle.inference.growth.document import fit_growth
from vesicle.inference.growth.question import LAWS, TIME, VOLUME, Asked

__all__ = ["LAWS", "TIME", "VOLUME", "Asked", "fit_growth"]
