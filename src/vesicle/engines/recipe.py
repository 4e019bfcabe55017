"""How the numbers of a draw follow from its parameters, without symbolic algebra."""

from __future__ import annotations

from collections.abc import Sequence
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

    def values(self, matrix: np.ndarray, keys: Sequence[tuple[int, int]] | None = None) -> list[Values]:
        """The numbers of every draw of a (n_draws, n_parameters) matrix; ``keys`` are their (seed, sample)."""
        return split(np.array(self.tape.play(matrix)).reshape(-1, matrix.shape[0]), self.constants, self.initials, keys)


def split(results: np.ndarray, constants: int, initials: int, keys: Sequence[tuple[int, int]] | None = None) -> list[Values]:
    """(n_results, n_draws) numbers in the order of a recipe, cut into one :class:`Values` per draw."""
    first, second = constants, constants + initials
    columns = np.ascontiguousarray(results.T)
    return [Values(column[:first], column[first:second], column[second:], keys[i] if keys else (0, i - 1)) for i, column in enumerate(columns)]
