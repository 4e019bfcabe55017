"""Numbers and names as a reader of the page meets them: short, with unit, never a long float.

Numbers have three significant digits, orders of magnitude one decimal; powers of ten are set
as superscripts. A value that is infinite in a draw is printed as *not reachable*.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup, escape

DIGITS = 3
PLAIN_FROM, PLAIN_TO = 1e-3, 1e4
"""Between these a number is printed without a power of ten."""
NOISE = 1e-12
"""Relative amounts below this are rounding of the solver, not results."""
LEAST_CHANGE = 1e-4
"""Relative changes below this are printed as a bound."""
LONG_RUN_H = 72
"""Times from here on are printed in days."""
HOURS_PER_DAY = 24
FOLD_FROM = 9.0
"""Relative rises from here on are printed as fold."""
NOT_REACHABLE = "not reachable"
NO_VALUE = "no value"
DASH = "–"
MINUS = "−"
FIRM_SPACE = "\u00a0"

STATUS_ORDER = ("assumed", "recalled", "computed", "calibrated", "found", "set")
_SPELLING = {"ago": "AGO", "ev": "EV", "kras": "KRAS", "mirna": "miRNA", "mps": "MPS", "mrna": "mRNA", "risc": "RISC", "rna": "RNA", "sirna": "siRNA"}
_SUPERSCRIPTS = {"2": "²", "3": "³"}


def number(value: float | None, digits: int = DIGITS, reason: str = NOT_REACHABLE) -> Markup:
    """``0.0123``, ``380`` or ``3.2 × 10<sup>−4</sup>``; None is the reason."""
    if not isinstance(value, int | float) or math.isnan(value):
        return Markup(escape(reason))
    if math.isinf(value):
        return Markup(NOT_REACHABLE)
    if value == 0 or abs(value) < NOISE**2:
        return Markup("0")
    mantissa, exponent = _scientific(value, digits)
    if PLAIN_FROM <= abs(float(f"{value:.{digits}g}")) < PLAIN_TO:
        return Markup(_signed(_plain(value, digits)))
    power = f"10<sup>{_signed(str(exponent))}</sup>"
    return Markup(_signed(power if mantissa == "1" else f"{mantissa}{FIRM_SPACE}×{FIRM_SPACE}{power}"))


def _scientific(value: float, digits: int) -> tuple[str, int]:
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa), int(exponent)


def _plain(value: float, digits: int) -> str:
    rounded = float(f"{value:.{digits}g}")
    if abs(rounded) >= 10 ** (digits - 1):
        return f"{rounded:.0f}"
    decimals = digits - 1 - math.floor(math.log10(abs(rounded)))
    text = f"{rounded:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(text: str) -> str:
    return MINUS + text[1:] if text.startswith("-") else text


def orders(value: float | None, reason: str = NOT_REACHABLE) -> Markup:
    """Orders of magnitude with one decimal."""
    return Markup(escape(reason)) if value is None else Markup(_signed(f"{value:.1f}"))


def percent(value: float | None, reason: str = NOT_REACHABLE) -> Markup:
    """A share as a whole per cent, or with more digits where it is small."""
    if value is None:
        return Markup(escape(reason))
    scaled = 100 * value
    return Markup(f"{_signed(f'{scaled:.0f}') if abs(scaled) >= 10 or scaled == 0 else number(scaled, 2)}{FIRM_SPACE}%")


def share(value: float | None, reason: str = NOT_REACHABLE) -> Markup:
    """A share between 0 and 1 as a number; solver noise is a bound."""
    if value is not None and abs(value) < NOISE:
        return Markup("0") if value == 0 else Markup(f"&lt;{FIRM_SPACE}10<sup>−12</sup>")
    return number(value, reason=reason)


def change(value: float | None, reason: str = NO_VALUE) -> Markup:
    """A relative change as a signed per cent; tiny ones are a bound, large rises a fold."""
    if value is None:
        return Markup(escape(reason))
    if abs(value) < LEAST_CHANGE:
        return Markup(f"&lt;{FIRM_SPACE}0.01{FIRM_SPACE}%")
    if value >= FOLD_FROM:
        return Markup(number(1 + value) + "-fold")
    return Markup(("+" if value > 0 else "") + percent(value))


def _reason(found: Mapping[str, Any]) -> str:
    return NO_VALUE if str(found.get("reason", "")).startswith("no draw") else NOT_REACHABLE


def interval(found: Mapping[str, Any] | None, kind: str = "number") -> Markup:
    """``q50 (q05 to q95)`` of an interval; one word when all three agree or none exists."""
    if not found or "q50" not in found:
        return Markup(DASH)
    write = _WRITERS[kind]
    reason = _reason(found)
    low, middle, high = (write(found.get(q), reason=reason) for q in ("q05", "q50", "q95"))
    if low == middle == high:
        return middle
    return Markup("{} <span class='interval'>({} to {})</span>").format(middle, low, high)


def ends(found: Mapping[str, Any] | None, kind: str = "number") -> Markup:
    """``q05 to q95`` of an interval."""
    if not found or "q50" not in found:
        return Markup(DASH)
    write = _WRITERS[kind]
    return Markup("{} to {}").format(write(found.get("q05"), reason=_reason(found)), write(found.get("q95"), reason=_reason(found)))


def middle(found: Mapping[str, Any] | None, kind: str = "number") -> Markup:
    """The median of an interval."""
    if not found or "q50" not in found:
        return Markup(DASH)
    return _WRITERS[kind](found["q50"], reason=_reason(found))


def amount(value: float | None, reason: str = NOT_REACHABLE) -> Markup:
    """A count of particles; below a thousandth of one it is none, whatever the solver left."""
    if value is not None and value < PLAIN_FROM:
        return Markup(f"&lt;{FIRM_SPACE}0.001")
    return number(value, reason=reason)


_WRITERS: dict[str, Callable[..., Markup]] = {"amount": amount, "number": number, "orders": orders, "percent": percent, "share": share, "change": change}


def unit(text: str) -> str:
    """A unit as printed: ``copy/cell``, ``µm²/h``, nothing for 1."""
    if text == "1":
        return ""
    text = re.sub(r"(?<![A-Za-z])u(?=[mgM])", "µ", text)
    text = re.sub(r"(?<=m)[23]\b", lambda found: _SUPERSCRIPTS[found.group()], text)
    return text.replace("*", "·")


def time(hours: float) -> str:
    """``20 d`` or ``36 h``."""
    if hours >= LONG_RUN_H:
        return f"{hours / HOURS_PER_DAY:.4g} d"
    return f"{hours:.4g} h"


def breakable(name: str) -> Markup:
    """An id that may be broken after ``__`` and ``_``."""
    return Markup(str(escape(name)).replace("__", "__<wbr>").replace(":", ":<wbr>"))


def ids(names: Iterable[str]) -> Markup:
    """Record ids, none broken at its hyphen; a dash where there are none."""
    return Markup(", ").join(Markup("<span class='keep'>{}</span>").format(name) for name in names) or Markup(DASH)


def plain_name(name: str) -> str:
    """A parameter id as words: ``siRNA copies per particle · liposome``."""
    return " · ".join(" ".join(_SPELLING.get(word, word) for word in part.split("_")) for part in name.split("__"))


def mathtext(written: Markup) -> str:
    """A written number as the label of a figure, its power of ten as mathtext."""
    return re.sub(r"10<sup>(.*?)</sup>", lambda found: f"$10^{{{found[1].replace(MINUS, '-')}}}$", written.replace("&lt;", "<"))


def certainty(status: str, spread_status: str) -> str:
    """The class of a parameter: assumed (value or range), recalled, or found (computed, calibrated, set included)."""
    if "assumed" in (status, spread_status):
        return "assumed"
    return "recalled" if status == "recalled" else "found"
