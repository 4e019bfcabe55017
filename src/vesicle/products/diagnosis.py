"""What a measured panel says: hypotheses with their chance by Bayes' rule, and when to say nothing.

With pi_h the share of persons of a setting who have h, and s_mh the share of persons with h in whom marker m is found,

    P(h | panel) = pi_h prod_m L_mh / sum over h',      L = s where the marker was found, 1 - s where it was looked for and not found

given h the markers count as independent (naive). *None of these* has the rest of the setting and the shares of healthy persons. Of N persons tested with one marker

    true positives  N pi_h s_mh,     false positives  N sum over the others of pi s,     PPV = true / (true + false)

A hypothesis for which a marker of the panel was never measured is not judged, and no call is made while one is not judged. All shares are records, drawn over their ranges;
records of two laboratories that disagree are a mixture. A call needs a chance of 0.9 in 95 % of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.errors import InputError, unknown_name
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site

Array = npt.NDArray[np.float64]
NONE, HEALTHY = "none of these", "healthy"
UNDETERMINED = "undetermined"
SURE = 0.9
SHARE, PRIOR = "marker_found_share", "hypothesis_prior_share"


@dataclass(frozen=True)
class Panel:
    """Markers that were looked for (name -> found), and the setting whose persons are tested.

    Raises
    ------
    InputError
        For an empty panel.
    """

    markers: Mapping[str, bool]
    setting: str

    def __post_init__(self) -> None:
        if not self.markers:
            raise InputError("the panel has no marker; expected at least one, like {'KRAS G12D DNA': True}.")


@dataclass(frozen=True)
class Diagnosis:
    """The outcome over draws.

    Attributes
    ----------
    ranked : hypothesis -> (median, 5 %, 95 %) of its chance, the likeliest first.
    call : the likeliest, or ``undetermined``.
    not_judged : hypotheses for which a marker of the panel has no record.
    """

    ranked: dict[str, tuple[float, float, float]]
    call: str
    not_judged: tuple[str, ...]


def known_markers(library: Library) -> list[str]:
    """Markers with a share."""
    return sorted({m.label.partition("/")[0] for m in library.of(SHARE)})


def settings(library: Library) -> list[str]:
    """Settings in which persons are tested."""
    return sorted({m.label.partition("/")[2] for m in library.of(PRIOR)})


def hypotheses(library: Library, panel: Panel) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Hypotheses of the setting that the panel can judge, and those that it cannot; *none of these* among them.

    Raises
    ------
    UnknownName
        For a marker or a setting without records.
    """
    for marker in panel.markers:
        if marker not in known_markers(library):
            raise unknown_name("marker", marker, known_markers(library), advice="A marker needs records of `marker_found_share`.")
    if panel.setting not in settings(library):
        raise unknown_name("setting", panel.setting, settings(library), advice="A setting needs records of `hypothesis_prior_share`.")
    of_setting = [m.label.partition("/")[0] for m in library.of(PRIOR) if m.label.partition("/")[2] == panel.setting]
    measured = {m.label for m in library.of(SHARE)}
    judged: list[str] = []
    open_: list[str] = []
    for name in (*dict.fromkeys(of_setting), NONE):
        has_all = all(f"{marker}/{HEALTHY if name == NONE else name}" in measured for marker in panel.markers)
        (judged if has_all else open_).append(name)
    return tuple(judged), tuple(open_)


def chances(site: Site, panel: Panel) -> dict[str, sympy.Expr]:
    """Chance of each hypothesis that can be judged, over the parameters of a site; they sum to one.

    Raises
    ------
    InputError
        When the panel can judge none.
    """
    judged, _ = hypotheses(site.library, panel)
    if not judged:
        raise InputError(f"no hypothesis of '{panel.setting}' has records for all of {', '.join(panel.markers)}.")
    weights = {name: prior(site, name, panel.setting) * _likelihood(site, name, panel.markers) for name in judged}
    total = reduce(lambda a, b: a + b, weights.values())
    return {name: weight / total for name, weight in weights.items()}


def prior(site: Site, name: str, setting: str) -> sympy.Expr:
    """pi of the module; what the named hypotheses leave for *none of these*, at least 0."""
    if name != NONE:
        return site.quantity("hypothesis_prior_share", "1", label=f"{name}/{setting}")
    named = [m.label.partition("/")[0] for m in site.library.of(PRIOR) if m.label.partition("/")[2] == setting]
    return sympy.Max(0, 1 - sum(site.quantity("hypothesis_prior_share", "1", label=f"{other}/{setting}") for other in dict.fromkeys(named)))


def share(site: Site, marker: str, name: str) -> sympy.Expr:
    """s of the module."""
    return site.quantity("marker_found_share", "1", product="exosome", label=f"{marker}/{HEALTHY if name == NONE else name}")


def positives(site: Site, marker: str, setting: str, disease: str) -> tuple[sympy.Expr, sympy.Expr]:
    """Share of the tested persons who are true and false positives of a marker for a disease, over the hypotheses that it can judge."""
    judged, _ = hypotheses(site.library, Panel({marker: True}, setting))
    found = {name: prior(site, name, setting) * share(site, marker, name) for name in judged}
    return found[disease], sum((weight for name, weight in found.items() if name != disease), sympy.Integer(0))


def rank(drawn: Mapping[str, Array], not_judged: tuple[str, ...]) -> Diagnosis:
    """Hypotheses by their median chance over draws (row 0, the nominal one, is left out); a call only where nothing stands open and 95 % of the draws are sure."""
    spread = {name: tuple(float(q) for q in np.quantile(values[1:], (0.5, 0.05, 0.95))) for name, values in drawn.items()}
    ranked = dict(sorted(spread.items(), key=lambda item: -item[1][0]))
    best, (_, low, _) = next(iter(ranked.items()))
    return Diagnosis(ranked, best if low >= SURE and not not_judged else UNDETERMINED, not_judged)  # type: ignore[arg-type]


def _likelihood(site: Site, name: str, markers: Mapping[str, bool]) -> sympy.Expr:
    out = sympy.Integer(1)
    for marker, found in markers.items():
        s = share(site, marker, name)
        out = out * (s if found else 1 - s)
    return out
