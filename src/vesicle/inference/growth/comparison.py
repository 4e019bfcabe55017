"""Laws compared by AICc, as a ranking and as a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from vesicle.inference import fitting
from vesicle.inference.growth.one_law import Fit

WITH_PRIORS = (
    "AICc is of the likelihood alone, without the priors, at the most probable point of the fit with them; a law whose priors contradict the data stands worse than it could"
)
Scores = Mapping[str, float | None]
"""Law -> AICc; None where there are too few values for it."""


def difference(scores: Scores, first: str, name: str) -> float:
    """How much higher the AICc of a law is than that of the first; infinite where one has none."""
    a, b = scores[first], scores[name]
    return b - a if a is not None and b is not None else (0.0 if name == first else math.inf)


def compared(ranking: Sequence[str], scores: Scores, fits: Mapping[str, Fit], left_out: Sequence[str] = (), has_priors: bool = False) -> str:
    """The comparison of laws as a sentence; ``left_out`` are laws that have as many parameters as there are values, or more."""
    first = ranking[0]
    if len(ranking) == 1:
        return f"Only {in_words(first)} was fitted; nothing is said about other laws{_too_few(left_out)}."
    if scores[first] is None:
        return f"There are too few values to compare laws{_too_few(left_out)}; {in_words(first)}, with the fewest parameters, stands first."
    same = [in_words(n) for n in ranking[1:] if difference(scores, first, n) < fitting.CANNOT_BE_TOLD]
    worse = [f"{in_words(n)} by {difference(scores, first, n):.1f}" for n in ranking[1:] if fitting.CANNOT_BE_TOLD <= difference(scores, first, n) < math.inf]
    none = [in_words(n) for n in ranking if scores[n] is None]
    text = f"{in_words(first)} has the lowest AICc"
    text += f"; {' and '.join(same)} cannot be told apart from it (less than {fitting.CANNOT_BE_TOLD:g} higher)" if same else ""
    text += f"; worse are {', '.join(worse)}" if worse else ""
    text += f"; too few values for {', '.join(none + [in_words(n) for n in left_out])}" if none or left_out else ""
    if spare := [in_words(n) for n in _same_fit(ranking, fits) if in_words(n) not in same]:
        text += f". Of these {', '.join(spare)} fit{'s' if len(spare) == 1 else ''} as well and only ha{'s' if len(spare) == 1 else 've'} more parameters than these data need"
    text += f". {WITH_PRIORS}" if has_priors else ""
    return text + "."


def _too_few(names: Sequence[str]) -> str:
    return f"; too few values for {', '.join(in_words(n) for n in names)}" if names else ""


def in_words(name: str) -> str:
    """A law as it stands in a sentence."""
    return name.replace("_", "-")


def _same_fit(ranking: Sequence[str], fits: Mapping[str, Fit]) -> list[str]:
    """Laws that fit no worse than the first and are only punished for parameters that the data do not need."""
    first = fits[ranking[0]]
    return [n for n in ranking[1:] if fits[n].parameters > first.parameters and abs(fits[n].minus_2_ln_likelihood - first.minus_2_ln_likelihood) < fitting.CHI2[0.95]]
