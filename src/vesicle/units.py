"""Quantities at the edge of the program.

Inside, time is in hours, length in micrometres, volume in millilitres, and everything that
is counted (vesicles, cells, copies) in items. Vesicles (``EV``), cells (``cell``), copies
(``copy``), nucleotides (``nt``) are dimensions of their own, so that "per vesicle" and "per
cell" cannot be mixed; SBML, which has no such dimensions, sees all of them as items.

A unit is text such as ``mL/(cell*h)`` in a small grammar (symbols, powers, ``*``, ``/``, one
level of parentheses). pint does the conversion; no text reaches an evaluator.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from vesicle.errors import UnitError, nearest

COUNTED = ("EV", "cell", "copy", "nt")
"""Dimensions that are pure numbers: a Poisson law may take them as its argument."""

_DEFINITIONS = """
second = [time] = s
minute = 60 * second = min
hour = 60 * minute = h
day = 24 * hour = d
month = 30.4375 * day
meter = [length] = m
cm = 1e-2 * meter
mm = 1e-3 * meter
um = 1e-6 * meter
nm = 1e-9 * meter
um2 = um ** 2
nm2 = nm ** 2
mm2 = mm ** 2
cm2 = cm ** 2
um3 = um ** 3
nm3 = nm ** 3
mm3 = mm ** 3
cm3 = cm ** 3
liter = 1e-3 * meter ** 3 = L
mL = 1e-3 * liter
uL = 1e-6 * liter
nL = 1e-9 * liter
pL = 1e-12 * liter
fL = 1e-15 * liter
aL = 1e-18 * liter
kg = [mass]
g = 1e-3 * kg
mg = 1e-6 * kg
ug = 1e-9 * kg
ng = 1e-12 * kg
pg = 1e-15 * kg
copy = [copy]
molecule = copy
mol = 6.02214076e23 * copy
mmol = 1e-3 * mol
umol = 1e-6 * mol
nmol = 1e-9 * mol
pmol = 1e-12 * mol
fmol = 1e-15 * mol
M = mol / liter
mM = 1e-3 * M
uM = 1e-6 * M
nM = 1e-9 * M
pM = 1e-12 * M
Da = g / mol
kDa = 1e3 * Da
EV = [EV]
MVB = [MVB]
ILV = [ILV]
cell = [cell]
nt = [nt]
item = []
fold = []
percent = 0.01
Newton = kg * meter / second ** 2
Pa = Newton / meter ** 2
kPa = 1e3 * Pa
mmHg = 133.322387415 * Pa
mPa = 1e-3 * Pa
joule = Newton * meter = J
kelvin = [temperature] = K
degC = [celsius]
volt = [potential] = V
mV = 1e-3 * volt
Gy = [absorbed_dose]
radian = []
"""

_TOKEN = re.compile(r"\s*(?:([A-Za-z]+|%)(\^?-?[1-9](?!\d))?|(1)|([*/()]))")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_POWER_IN_NAME = {"um2", "nm2", "mm2", "cm2", "um3", "nm3", "mm3", "cm3"}


@functools.cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(_DEFINITIONS.strip().splitlines(), cache_folder=None, autoconvert_offset_to_baseunit=False)


@functools.cache
def known_symbols() -> tuple[str, ...]:
    """Every unit symbol that Vesicle reads."""
    symbols = []
    for line in _DEFINITIONS.strip().splitlines():
        names = [part.strip() for part in line.split("=")]
        symbols.append(names[0])
        if len(names) > 2:
            symbols.append(names[-1])
    return tuple(sorted(set(symbols) - {"meter", "second", "minute", "hour", "day", "liter", "Newton", "joule", "kelvin", "volt", "radian"}))


@dataclass(frozen=True)
class Unit:
    """A unit: its text, its factor to internal units and its dimension.

    Attributes
    ----------
    text : as written, e.g. ``mL/(cell*h)``.
    factor : how many coherent units (h, um, mg, items) one of this unit is; um3 is 1, mL is 1e12.
    dimension : sorted pairs of base dimension and exponent.
    """

    text: str
    factor: float
    dimension: tuple[tuple[str, Fraction], ...]


def dimension(powers: dict[str, Fraction]) -> tuple[tuple[str, Fraction], ...]:
    """Canonical form of a dimension: no zeros, sorted."""
    return tuple(sorted((name, Fraction(power)) for name, power in powers.items() if power != 0))


def _pint_text(text: str, where: str) -> str:
    """Translate the small grammar into text that pint reads, checking every symbol."""
    position, out = 0, []
    stripped = text.strip()
    if not stripped:
        raise UnitError(f"{where}a unit is missing; write one such as 'mL/h', or '1' for a pure number.")
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if not match:
            raise UnitError(f"{where}cannot read the unit '{text}' at '{stripped[position:]}'; expected symbols joined by * and /, like 'mL/(cell*h)'.")
        name, power, one, sign = match.groups()
        if name is not None:
            out.append(_symbol(name, power or "", text, where))
        else:
            out.append(one or sign)
        position = match.end()
    return " ".join(out)


def _symbol(name: str, power: str, text: str, where: str) -> str:
    name = "percent" if name == "%" else name
    if name + power in _POWER_IN_NAME:
        return name + power
    if name not in known_symbols():
        raise UnitError(f"{where}unknown unit symbol '{name}' in '{text}'.{nearest(name, known_symbols())}")
    exponent = power.lstrip("^")
    return f"{name} ** {exponent}" if exponent else name


_BASES = {"[time]": "time", "[length]": "length", "[mass]": "mass", "[EV]": "EV", "[cell]": "cell", "[copy]": "copy",
          "[nt]": "nt", "[MVB]": "MVB", "[ILV]": "ILV", "[temperature]": "temperature", "[celsius]": "celsius",
          "[potential]": "potential", "[absorbed_dose]": "absorbed_dose"}  # fmt: skip
# seconds, metres, kilograms to hours, micrometres, milligrams
_BASE_FACTOR = {"time": 1 / 3600.0, "length": 1e6, "mass": 1e6}


@functools.cache
def parse(text: str, where: str = "") -> Unit:
    """Read a unit.

    Raises
    ------
    UnitError
        If a symbol is unknown or the text is not in the grammar.
    """
    registry = _registry()
    try:
        base = registry.Quantity(1.0) * registry.parse_expression(_pint_text(text, where))
        base = base.to_base_units()
    except UnitError:
        raise
    except Exception:  # pint has many error types; all mean the same here
        raise UnitError(f"{where}cannot read the unit '{text}'; expected symbols joined by * and /, like 'mL/(cell*h)'.") from None
    powers = {_BASES[name]: Fraction(power).limit_denominator(12) for name, power in base.dimensionality.items()}
    factor = float(base.magnitude)
    for name, power in powers.items():
        factor *= _BASE_FACTOR.get(name, 1.0) ** float(power)
    return Unit(text.strip(), factor, dimension(powers))


def convert(value: float, unit: str, to: str, where: str = "") -> float:
    """Convert a number from one unit to another.

    Raises
    ------
    UnitError
        If the two do not measure the same thing; both are named.
    """
    source, target = parse(unit, where), parse(to, where)
    if source.dimension != target.dimension:
        raise UnitError(f"{where}'{unit}' does not convert to '{to}': {describe(source.dimension)} is not {describe(target.dimension)}.")
    return value * source.factor / target.factor


def describe(dim: tuple[tuple[str, Fraction], ...]) -> str:
    """A dimension in words, e.g. ``length^3/time``."""
    if not dim:
        return "a pure number"
    above = [n if p == 1 else f"{n}^{p}" for n, p in dim if p > 0]
    below = [n if p == -1 else f"{n}^{-p}" for n, p in dim if p < 0]
    return "*".join(above or ["1"]) + ("/" + "/".join(below) if below else "")


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, as a person wrote it."""

    value: float
    unit: str

    def to(self, unit: str) -> float:
        """The number in another unit."""
        return convert(self.value, self.unit, unit)

    def __str__(self) -> str:
        return f"{self.value:g} {self.unit}" if self.unit != "1" else f"{self.value:g}"


def number(text: str, where: str = "") -> float:
    """Read a finite decimal number; ``1_000``, ``.inf``, ``nan`` and words are refused."""
    stripped = str(text).strip()
    if not _NUMBER.fullmatch(stripped):
        raise UnitError(f"{where}'{text}' is not a plain finite number; write it like 1000, 0.5 or 1e3.")
    value = float(stripped)
    if not math.isfinite(value):
        raise UnitError(f"{where}'{text}' is too large to be a number here; write a finite value like 1e12.")
    return value


def quantity(text: str, like: str, where: str = "") -> Quantity:
    """Read ``"48 h"`` where a unit that converts to ``like`` is demanded.

    Raises
    ------
    UnitError
        If the unit is missing or measures something else.
    """
    match = re.fullmatch(r"(?s)\s*([-+]?[\d.][\d._]*(?:[eE][-+]?\d+)?|\S*)\s*(.*?)\s*", str(text))
    assert match is not None  # the pattern matches any single line
    value = number(match.group(1), where)
    unit = match.group(2).strip()
    expected = parse(like)
    if not unit:
        if not expected.dimension:
            return Quantity(value, "1")
        raise UnitError(f"{where}'{text}' has no unit; expected one that converts to '{like}', e.g. '{text} {like}'.")
    if parse(unit, where).dimension != expected.dimension:
        raise UnitError(f"{where}'{text}' has the unit '{unit}' ({describe(parse(unit, where).dimension)}); expected one that converts to '{like}'.")
    return Quantity(value, unit)
