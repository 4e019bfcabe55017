"""How the numbers of a draw follow from its parameters, without symbolic algebra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vesicle.engines.base import Values
from vesicle.engines.tape import Tape


@dataclass(frozen=True)
class Recipe:
    """How the numbers of a draw follow from its parameters: one tape for constants, initial amounts and doses, in this order.

    Attributes
    ----------
    tape : the steps.
    constants, initials : how many of its results are constants, and how many initial amounts.
    """

    tape: Tape
    constants: int
    initials: int

    def values(self, matrix: np.ndarray) -> list[Values]:
        """The numbers of every draw of a (n_draws, n_parameters) matrix."""
        results = np.array(self.tape.play(matrix)).reshape(-1, matrix.shape[0])
        first, second = self.constants, self.constants + self.initials
        return [Values(column[:first], column[first:second], column[second:]) for column in np.ascontiguousarray(results.T)]
