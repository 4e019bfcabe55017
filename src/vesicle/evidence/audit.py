"""Which claims do not hold, and why: the curators' findings and checks that any reader can redo.

A finding is not a verdict on the authors. It says that citation, identifier or wording of one
claim needs care, and it always gives its reason. Printed names are judged leniently (reviews
write ``miR451``), normalised ones strictly (``miR-451``); notes are never judged, they discuss.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import asdict, dataclass

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library

HOLDS = ("none", "unchecked")
IDENTIFIER = "identifier_error"
RETRACTED = "retracted"
# Human caspases by HGNC; CASP11 is a gene of mouse and rat only.
CASPASES = frozenset({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14})
RODENT_CASPASES = frozenset({11})
RODENTS = ("mouse", "rat")
NCT_DIGITS = 8
PRINTED = ("quote", "as_written")
MOLECULES = ("cargo", "targets")
NORMALISED = (*MOLECULES, "pathways")

_CASPASE = re.compile(r"\bcasp(?:ase)?s?[ -]?(\d+)((?:/-?\d+)*)", re.IGNORECASE)
_TRIAL = re.compile(r"\bNCT[ :-]?(\w*\d\w*)")
# What is meant as the name of one miRNA: the word, and a number or let-7 after it.
_MIRNA = re.compile(r"(?<![\w-])(?:[a-z]{3}-)?(?:(?:anti-)?(?:miRNA|miR|microRNA)[- ]?(?:let)?-?(?=\w*\d)[\w*-]*|let[- ]?\d[\w*-]*)", re.IGNORECASE)
_ARM = r"(?:-[35]p)?\*?"
_STRICT = re.compile(rf"(?:anti-)?(?:(?:hsa|mmu|rno)-)?(?:anti-)?(?:miR-[1-9]\d*[a-z]*(?:-\d+)?|let-7[a-k]?(?:-\d)?){_ARM}")
_LENIENT = re.compile(rf"(?:(?:hsa|mmu|rno)-)?(?:anti-)?(?:(?:miRNA|miR|microRNA)[- ]?[1-9]\d*[a-z]{{0,2}}(?:-\d+)?|let[- ]?7[a-k]?(?:-\d)?){_ARM}(?:-[a-z]{{3,}})*", re.IGNORECASE)


@dataclass(frozen=True)
class Finding:
    """One reason to distrust one record.

    Attributes
    ----------
    record : id of the claim.
    kind : word of ``mismatch_kind``, or ``retracted``.
    reason : why, in words; never empty.
    source, locator : where the claim is printed.
    reference : keys of the cited works, as in the record.
    """

    record: str
    kind: str
    reason: str
    source: str
    locator: str
    reference: str

    def as_dict(self) -> dict[str, str]:
        """Plain values, ready for JSON."""
        return asdict(self)


def audit(library: Library) -> list[Finding]:
    """Every claim whose citation, identifier or wording does not hold, by kind and id; one finding per claim and kind."""
    retracted = retracted_works(library)
    findings = [_finding(claim, kind, reasons) for claim in library.claims for kind, reasons in _reasons(claim, retracted).items()]
    return sorted(findings, key=lambda f: (f.kind, f.record))


def retracted_works(library: Library) -> dict[str, str]:
    """Key -> retraction column of the references that were retracted."""
    return {r.key: r.retraction for r in library.references if r.is_retracted}


def is_doubted(claim: Claim, retracted: Container[str]) -> bool:
    """Whether the curators found that a claim does not hold, or a work it cites was retracted."""
    return claim.mismatch_kind not in HOLDS or any(key in retracted for key in claim.references)


def _finding(claim: Claim, kind: str, reasons: Iterable[str]) -> Finding:
    return Finding(claim.id, kind, "; ".join(dict.fromkeys(reasons)), claim.source, claim.locator, claim.reference)


def _reasons(claim: Claim, retracted: dict[str, str]) -> dict[str, list[str]]:
    """Kind -> reasons of one claim."""
    out: dict[str, list[str]] = {}
    if claim.mismatch_kind not in HOLDS:
        out[claim.mismatch_kind] = [_curated(claim)]
    if wrong := [*_caspases(claim), *_trials(claim), *_mirnas(claim)]:
        out.setdefault(IDENTIFIER, []).extend(wrong)
    if withdrawn := [f"rests on {key}, which is marked: {retracted[key]}" for key in claim.references if key in retracted]:
        out[RETRACTED] = withdrawn
    return out


def _curated(claim: Claim) -> str:
    """The curators' reason: the note, and what the cited work supports."""
    supported = f"the cited work supports: {claim.as_supported.rstrip('. ')}" if claim.as_supported else ""
    return "; ".join(filter(None, (claim.note, supported))) or f"marked {claim.mismatch_kind} in the record without a reason; read the cited work"


def _texts(claim: Claim, fields: Iterable[str]) -> str:
    return " ; ".join(getattr(claim, field) for field in fields)


def _caspases(claim: Claim) -> Iterator[str]:
    """Caspases that do not exist, also within lists like caspase-3/7."""
    known = CASPASES | RODENT_CASPASES if claim.donor_species in RODENTS else CASPASES
    for first, others in _CASPASE.findall(_texts(claim, (*PRINTED, *NORMALISED))):
        for number in map(int, re.findall(r"\d+", f"{first}{others}")):
            if number not in known:
                yield f"caspase-{number} does not exist; the caspases are {', '.join(map(str, sorted(known)))}"


def _trials(claim: Claim) -> Iterator[str]:
    """Trial numbers that ClinicalTrials.gov cannot have given."""
    for number in _TRIAL.findall(_texts(claim, (*PRINTED, "drug", "effect_size"))):
        if not re.fullmatch(rf"[0-9]{{{NCT_DIGITS}}}", number):
            yield f"'NCT{number}' is no trial number; NCT is followed by {NCT_DIGITS} digits"


def _mirnas(claim: Claim) -> Iterator[str]:
    """Names that no version of miRBase can hold, such as miR-let7."""
    names = [(name, _LENIENT) for name in _MIRNA.findall(claim.quote)]
    names += [(name, _STRICT) for name in _MIRNA.findall(_texts(claim, MOLECULES))]
    for name, form in names:
        if not form.fullmatch(name.rstrip("-")):
            yield f"'{name}' is no miRNA name; miRBase writes miR-21, hsa-miR-21-5p, let-7a"
