"""What the evidence base holds, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from vesicle.evidence.claim import MISMATCHES, SETTINGS, Claim, Reference
from vesicle.evidence.library import Library
from vesicle.evidence.measurement import ROLES, STATUSES

# The systems that the two reviews describe, by letter and number: A1-A7, B1-B5, ..., G5.
SYSTEM_SIZES = {"A": 7, "B": 5, "C": 5, "D": 10, "E": 9, "F": 6, "G": 5}
SYSTEMS = tuple(f"{letter}{number}" for letter, size in SYSTEM_SIZES.items() for number in range(1, size + 1))
# Beginnings or parts of `checked_how` that say that nobody looked at the work itself.
NOT_LOOKED_AT = ("not_checked", "no source", "not seen")


def stats(library: Library) -> dict[str, Any]:
    """Counts over claims, measurements and references, with the version they hold for.

    Returns
    -------
    ``version``, ``content``, ``claims`` (``total``, ``per_source``, ``per_section`` by source,
    ``per_system`` with every system, ``systems_without_claims``, ``other_systems``,
    ``per_mismatch``, ``per_setting``), ``measurements`` (``total``, ``per_status``,
    ``per_role``) and ``references`` (``total``, ``with_pmid``, ``with_doi``, ``checked``).
    """
    return {
        "version": library.version,
        "content": library.content,
        "claims": _claims(library.claims),
        "measurements": {
            "total": len(library.measurements),
            "per_status": _counted((m.status for m in library.measurements), STATUSES),
            "per_role": _counted((m.role for m in library.measurements), ROLES),
        },
        "references": _references(library.references),
    }


def section(locator: str) -> str:
    """The section of a locator: what stands before its first comma; a heading in capitals may hold commas itself."""
    heading = locator.split(", para", 1)[0]
    return heading.strip() if heading.isupper() else locator.split(",", 1)[0].strip()


def _counted(words: Iterable[str], known: Iterable[str] = ()) -> dict[str, int]:
    """How often each word stands; the known ones first and in their order, also at zero."""
    found = Counter(words)
    return {**{word: found.pop(word, 0) for word in known}, **dict(found.items())}


def _claims(claims: tuple[Claim, ...]) -> dict[str, Any]:
    systems = _counted((name for c in claims for name in c.system.split(";")), SYSTEMS)
    per_system = {name: systems.pop(name) for name in SYSTEMS}
    return {
        "total": len(claims),
        "per_source": _counted(c.source for c in claims),
        "per_section": _per_section(claims),
        "per_system": per_system,
        "systems_without_claims": [name for name, number in per_system.items() if not number],
        "other_systems": systems,
        "per_mismatch": _counted((c.mismatch_kind for c in claims), MISMATCHES),
        "per_setting": _counted((c.setting for c in claims), SETTINGS),
    }


def _per_section(claims: tuple[Claim, ...]) -> dict[str, dict[str, int]]:
    """Source -> section -> claims; sections that differ only in capitals are one, as first written."""
    out: dict[str, dict[str, int]] = {}
    written: dict[tuple[str, str], str] = {}
    for c in claims:
        name = written.setdefault((c.source, section(c.locator).casefold()), section(c.locator))
        counts = out.setdefault(c.source, {})
        counts[name] = counts.get(name, 0) + 1
    return out


def _references(references: tuple[Reference, ...]) -> dict[str, int]:
    return {
        "total": len(references),
        "with_pmid": sum(r.pmid.isdigit() for r in references),
        "with_doi": sum(r.doi.startswith("10.") for r in references),
        "checked": sum(not any(words in r.checked_how for words in NOT_LOOKED_AT) for r in references),
    }
