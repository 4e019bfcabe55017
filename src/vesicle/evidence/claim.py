"""A claim: one statement of one source, never merged with another, in three layers.

``as_written`` is what the text says, the normalised fields are what it means in standard
names, and ``as_supported`` is what the cited work supports, with ``mismatch_kind`` where the
two differ. A reference is the cited work itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vesicle.errors import SchemaError, UnknownName, nearest
from vesicle.reading import Row

COLUMNS = (
    "id", "source", "locator", "quote", "reference", "as_written", "donor", "donor_state", "donor_species", "cargo_type", "cargo",
    "location", "recipient", "disease", "targets", "pathways", "phenotypes", "drug", "setting", "effect_size", "evidence_code",
    "confidence", "as_supported", "mismatch_kind", "checked_how", "system", "note",
)  # fmt: skip
REFERENCE_COLUMNS = ("key", "citation", "title", "year", "pmid", "doi", "laboratory", "retraction", "checked_how", "note")
MISMATCHES = (
    "none", "negation", "wrong_source_cell", "wrong_recipient", "sign", "context_not_cancer", "over_general", "identifier_error",
    "misprint", "attribution", "unchecked",
)  # fmt: skip
SETTINGS = ("in_vitro", "in_vivo", "clinical", "review_statement")
MAX_QUOTE_WORDS = 20
_RETRACTED = re.compile(r"retract(ed|ion)\b(?!\W*(not|none|unknown|unchecked)(?![a-z]))", re.IGNORECASE)
_SIGNED = re.compile(r"(other:)?[^;:\t]+:[-+0](;(other:)?[^;:\t]+:[-+0])*")


_BRACKETED = re.compile(r"(?P<name>.*?)\s*\[(?P<identifier>[^\[\]]+)\]")


def names(text: str) -> list[str]:
    """The names of a list joined by ``;``, each once, in their order."""
    return list(dict.fromkeys(name.strip() for name in text.split(";") if name.strip()))


def identified(text: str) -> tuple[str, str]:
    """``endothelial cell [CL:0000115]`` as name and identifier; the identifier is empty where there is none."""
    found = _BRACKETED.fullmatch(text.strip())
    return (found["name"], found["identifier"]) if found and found["name"] else (text.strip(), "")


NO_SOURCE = "no source to check"
"""How a reference was checked that stands for no work: assumed, synthesis."""


@dataclass(frozen=True)
class Claim:
    """One record of ``claims.tsv``."""

    id: str
    source: str
    locator: str
    quote: str
    reference: str
    as_written: str
    donor: str
    donor_state: str
    donor_species: str
    cargo_type: str
    cargo: str
    location: str
    recipient: str
    disease: str
    targets: str
    pathways: str
    phenotypes: str
    drug: str
    setting: str
    effect_size: str
    evidence_code: str
    confidence: str
    as_supported: str
    mismatch_kind: str
    checked_how: str
    system: str
    note: str

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of the cited works."""
        return tuple(names(self.reference))

    def signed(self, field: str) -> dict[str, str]:
        """A signed list (targets, pathways or phenotypes) as name -> ``+``, ``-`` or ``0``."""
        text = getattr(self, field)
        return dict(part.rsplit(":", 1) for part in text.split(";")) if text else {}


@dataclass(frozen=True)
class Reference:
    """One cited work: where it is, whose laboratory, whether it was retracted, and who checked."""

    key: str
    citation: str
    title: str
    year: str
    pmid: str
    doi: str
    laboratory: str
    retraction: str
    checked_how: str
    note: str

    @property
    def is_retracted(self) -> bool:
        """Whether the work was retracted; a correction is no retraction."""
        return is_retracted(self.retraction)


def is_retracted(state: str) -> bool:
    """Whether a text on the state of a work says that it was retracted."""
    return _RETRACTED.match(state.strip()) is not None


def claim(row: Row) -> Claim:
    """A claim from one row of a table; errors name file, line and column."""
    for column in ("id", "source", "locator", "quote", "as_written", "setting", "mismatch_kind", "checked_how", "system"):
        if not row[column]:
            raise SchemaError(f"{row.where}column '{column}' is empty, expected a value.")
    for column, known in (("mismatch_kind", MISMATCHES), ("setting", SETTINGS)):
        if row[column] not in known:
            raise UnknownName(f"{row.where}column '{column}': unknown word '{row[column]}'.{nearest(row[column], known)}")
    if len(row["quote"].split()) > MAX_QUOTE_WORDS:
        raise SchemaError(f"{row.where}the quote has {len(row['quote'].split())} words, expected at most {MAX_QUOTE_WORDS}; shorten it.")
    for column in ("targets", "pathways", "phenotypes"):
        if row[column] and not _SIGNED.fullmatch(row[column]):
            raise SchemaError(f"{row.where}column '{column}': '{row[column]}' is no signed list; write it like 'MTOR:-;VEGFA:-'.")
        names = [part.rsplit(":", 1)[0] for part in row[column].split(";") if part]
        for name in names:
            if names.count(name) > 1:
                raise SchemaError(f"{row.where}column '{column}': '{name}' stands twice; one name has one sign per claim, split the claim.")
    return Claim(**row.cells)


def reference(row: Row) -> Reference:
    """A reference from one row of a table."""
    for column in ("key", "citation", "checked_how"):
        if not row[column]:
            raise SchemaError(f"{row.where}column '{column}' is empty, expected a value (write 'not_checked' where nobody looked).")
    return Reference(**row.cells)
