"""Records for tests: what a test does not name is empty or the least that a record can hold."""

from vesicle.evidence.claim import COLUMNS, REFERENCE_COLUMNS, Claim, Reference
from vesicle.evidence.library import Library

LEAST = {"source": "nafar2022", "locator": "Abstract", "mismatch_kind": "none", "setting": "in_vitro", "system": "A1"}


def claim(name: str, **cells: str) -> Claim:
    return Claim(**{**dict.fromkeys(COLUMNS, ""), **LEAST, "id": name, **cells})


def reference(key: str, **cells: str) -> Reference:
    return Reference(**{**dict.fromkeys(REFERENCE_COLUMNS, ""), "key": key, "checked_how": "not_checked", **cells})


def library(*claims: Claim, references: tuple[Reference, ...] = ()) -> Library:
    return Library(claims, (), references, "1", "abc")
