"""Units of an SBML file as text of ours, where they convert; labels, never conversions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vesicle import units
from vesicle.errors import UnitError

TIMES = {1.0: "s", 60.0: "min", 3600.0: "h", 86400.0: "d"}
_KINDS = {"litre": "L", "liter": "L", "mole": "mol", "item": "item", "second": "s", "gram": "g", "metre": "m", "meter": "m", "dimensionless": "1", "kelvin": "K"}
_PREFIXES = {"L": {-3: "mL", -6: "uL", -9: "nL", -12: "pL", -15: "fL", 0: "L"}, "mol": {0: "mol", -3: "mmol", -6: "umol", -9: "nmol", -12: "pmol", -15: "fmol"},
             "g": {3: "kg", 0: "g", -3: "mg", -6: "ug", -9: "ng", -12: "pg"}, "m": {0: "m", -2: "cm", -3: "mm", -6: "um", -9: "nm"}}  # fmt: skip


def unit_text(data: Mapping[str, Any], name: str) -> str:
    """The unit of an element as text of ours, or ``1`` where it has none or one that we do not know."""
    if not name:
        return "1"
    parts = data["unit_definitions"].get(name) or [[name, 1.0, 0, 1.0]]
    above: list[str] = []
    below: list[str] = []
    for kind, exponent, scale, multiplier in parts:
        word = _word(kind, scale, multiplier)
        if word is None or isinstance(exponent, str) or exponent != int(exponent) or not 0 < abs(exponent) <= 9:
            return "1"
        if word != "1":
            (above if exponent > 0 else below).append(word if abs(exponent) == 1 else f"{word}^{abs(int(exponent))}")
    text = "*".join(above or ["1"]) + (f"/({'*'.join(below)})" if len(below) > 1 else f"/{below[0]}" if below else "")
    try:
        units.parse(text)
    except UnitError:
        return "1"
    return text


def _word(kind: str, scale: int, multiplier: Any) -> str | None:
    symbol = _KINDS.get(kind)
    if symbol is None or isinstance(multiplier, str):
        return None
    if symbol == "s":
        return TIMES.get(multiplier * 10.0**scale) if abs(scale) < 20 else None
    if multiplier != 1:
        return None
    return _PREFIXES[symbol].get(scale) if symbol in _PREFIXES else (symbol if scale == 0 else None)


def time_unit(data: Mapping[str, Any]) -> str:
    """The unit of time of a model, or nothing where it gives none that we know."""
    text = unit_text(data, data["units"]["time"])
    return text if text in TIMES.values() else ""
