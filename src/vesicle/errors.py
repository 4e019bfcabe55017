"""The error tree of Vesicle.

Every message is one sentence that holds five things: what is wrong, where, what was
expected, the nearest valid thing, and what to do.

    VesicleError
      InputError (ValueError)          something a person wrote is wrong; exit code 2
        SchemaError                    a key, a column or a shape
        UnitError                      a missing or a wrong unit
        UnknownName (KeyError)         a name nobody knows; carries the nearest one
          AmbiguousName                a name that may mean several things; carries them
        UnsupportedFeature             understood, but not offered
      ModelError                       the assembled model does not hold together
      SolverError (RuntimeError)       the numbers could not be computed
      StoreError (OSError)             a file could not be written or does not fit
      LimitError                       larger than what is safe to read or compute
      Interrupted                      stopped by the user; finished work is kept; exit code 3
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class VesicleError(Exception):
    """Root of everything Vesicle raises on purpose."""

    exit_code = 1

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InputError(VesicleError, ValueError):
    """What a person wrote cannot be used."""

    exit_code = 2


class SchemaError(InputError):
    """A key, a column or a shape is not what the format says."""


class UnitError(InputError):
    """A unit is missing, unknown, or of the wrong dimension."""


class UnknownName(InputError, KeyError):
    """A name that is not in the list of valid names."""


class AmbiguousName(UnknownName):
    """A name that may mean several things."""


class UnsupportedFeature(InputError):
    """The request is understood but not offered."""


class ModelError(VesicleError):
    """The assembled network breaks one of its own rules."""


class SolverError(VesicleError, RuntimeError):
    """An engine could not finish."""


class StoreError(VesicleError, OSError):
    """A result could not be written or does not fit where it should go."""


class LimitError(InputError):
    """Larger than what is safe to read or compute."""


class Interrupted(VesicleError):
    """The user stopped the run; what was finished is kept."""

    exit_code = 3


def nearest(word: str, known: Iterable[str]) -> str:
    """`` Did you mean 'x'?`` for the closest known word, else the list of known words.

    Parameters
    ----------
    word : what was written.
    known : the valid words.

    Returns
    -------
    A sentence that starts with a space, or an empty string when nothing is known.
    """
    choices = sorted({str(k) for k in known})
    lowered = {c.lower(): c for c in choices}
    close = difflib.get_close_matches(str(word).lower(), list(lowered), n=1, cutoff=0.5)
    if close:
        return f" Did you mean '{lowered[close[0]]}'?"
    if not choices:
        return ""
    shown = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
    return f" Known: {shown}."


def unknown_name(kind: str, word: str, known: Iterable[str], where: str = "", advice: str = "") -> UnknownName:
    """An :class:`UnknownName` with its place, the nearest valid word and what to do."""
    place = f"{where}: " if where else ""
    tail = f" {advice}" if advice else ""
    return UnknownName(f"{place}unknown {kind} '{word}'.{nearest(word, known)}{tail}")
