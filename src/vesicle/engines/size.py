"""How large a network becomes when it is compiled.

libRoadRunner puts every assignment rule in place wherever it is named, again and again. With n_r the terms of rule r as it is written and u the rules that it names,

    N_r = n_r + sum over u (N_u - 1),        D_r = nesting of r + the largest D_u

N is what LLVM gets to compile and D how deep its compiler recurses: rules that each name the last one twice double N with every step, and a stack of 8 MB ended at 5700
levels, where the process died (3600 neither died nor ended within a minute). Both are counted on the text, in a hundredth of the time that compiling takes, and a network
past either is refused before.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from vesicle.errors import LimitError

MOST_TERMS = 4_000_000
"""Two minutes and 7 GB, at 30 us and 1.8 kB a term; the largest arm that was measured has a fortieth of it."""
MOST_LEVELS = 1_000
"""Less than a fifth of what killed a stack of 8 MB; arms that were measured have 50."""
_TOKEN = re.compile(
    r'<assignmentRule\b[^>]*?\bvariable="(?P<rule>[^"]+)"|<(?P<other>kineticLaw|rateRule|trigger|eventAssignment|initialAssignment|delay|priority)\b'
    r"|<(?P<end>/?)(?:apply|piecewise|piece|otherwise)>|<ci[^>]*>\s*(?P<name>[^<\s]+)\s*</ci>|<(?:cn|csymbol)\b"
)


@dataclass
class _Formula:
    """Terms of a formula as it is written, its nesting, and what it names at which level."""

    terms: int = 0
    levels: int = 0
    names: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class WrittenOut:
    """Terms of all formulas with every rule put in place, and how deep the deepest nests."""

    terms: int
    levels: int


def _formulas(text: str) -> dict[str, _Formula]:
    """Every formula of an SBML text; those of rules by what they say."""
    found: dict[str, _Formula] = {}
    formula, level = _Formula(), 0
    for token in _TOKEN.finditer(text):
        if token["rule"] or token["other"]:
            formula, level = found.setdefault(token["rule"] or f"#{len(found)}", _Formula()), 0
            continue
        if token["end"] == "/":
            level -= 1
            continue
        formula.terms += 1
        formula.levels = max(formula.levels, level + 1)
        if token["end"] is not None:
            level += 1
        elif token["name"]:
            formula.names.append((token["name"], level + 1))
    return found


def written_out(text: str) -> WrittenOut:
    """The size of an SBML text with every rule put in place where it is named; see the module."""
    formulas = _formulas(text)
    size: dict[str, WrittenOut] = {}
    begun: set[str] = set()
    for root in formulas:
        path = [root]
        while path:
            name = path[-1]
            formula = formulas[name]
            below = [] if name in begun else [n for n, _ in formula.names if n in formulas and n not in size and n not in begun]
            begun.add(name)
            if below:
                path.extend(dict.fromkeys(below))
                continue
            path.pop()
            inner = [(size[n], level) for n, level in formula.names if n in size]
            size[name] = WrittenOut(formula.terms + sum(s.terms - 1 for s, _ in inner), max([formula.levels, *(level + s.levels for s, level in inner)]))
    return WrittenOut(sum(s.terms for s in size.values()), max((s.levels for s in size.values()), default=0))


@functools.lru_cache(maxsize=8)
def refuse_too_large(text: str) -> None:
    """Say that a network cannot be compiled, before the compiler dies of it.

    Raises
    ------
    LimitError
        For an SBML text whose formulas, written out, are too many or too deep.
    """
    size = written_out(text)
    for count, most, what in ((size.levels, MOST_LEVELS, "levels of nesting"), (size.terms, MOST_TERMS, "terms")):
        if count > most:
            raise LimitError(
                f"the network has {count:,} {what} with every rule written out and at most {most:,} can be compiled; "
                "follow fewer nodes, put fewer populations beside each other, or name big expressions in fewer places."
            )
