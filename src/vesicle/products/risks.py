"""Risks of a design, from the same claims and records as its effect.

    payload      claims give what is loaded effects for a tumour, in this disease or in another
    donor        claims give native vesicles of the donor (or of its kind) effects for a tumour, in this disease or in another
    native cargo a miRNA measured in the donor's vesicles is for tumours by chains of the core
    transfer     vesicles of cells may move genetic material
    allogeneic   the donor is not the patient
    residue      what the loading leaves beside the vesicles

A design without any of these has *no known risk in this base*, which is not the same as being safe; claims that found no harm are listed beside and take no risk away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vesicle.evidence.audit import is_doubted
from vesicle.evidence.claim import Claim, identified, names
from vesicle.evidence.library import Library
from vesicle.products.carriers import CARRIERS
from vesicle.products.claimed_effects import is_kind_of
from vesicle.products.payloads import Entry, Finding, by_core, entries, helps, payload

NONE_KNOWN = "none known in this base"
TRANSFER_PHENOTYPE, IMMUNE_PHENOTYPE = "other:horizontal_gene_transfer", "other:immunogenicity"
NATIVE = ("native", "tumour", "")
"""States of a donor that nobody engineered or primed."""
HARMLESS = ("other:toxicity", "other:renal_toxicity", "other:hepatic_toxicity", "other:weight_loss")
REJECTION = ("C-0428",)
AGGREGATES = "electroporation_true_retention"
HERE, GENERAL, ELSEWHERE = "in this disease", "in cancer as such or in no named disease", "in another disease"


@dataclass(frozen=True)
class Design:
    """What is to be given: donor cell, payload, disease, how it is loaded, whether the donor is the patient, and the kind of carrier.

    ``donor`` is a cell as claims name it, such as ``umbilical cord mesenchymal stem cell``; empty for a carrier that no cell made.
    """

    disease: str
    donor: str = ""
    payload: str = ""
    loading: str = ""
    is_autologous: bool = False
    carrier: str = "exosome"


@dataclass(frozen=True)
class Risk:
    """One risk: its kind, why, where it was seen, the claims or records behind it, and which of those are doubted."""

    kind: str
    why: str
    where: str
    sources: tuple[str, ...]
    doubted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """All risks of a design, and the claims that looked for harm and found none."""

    risks: tuple[Risk, ...]
    found_harmless: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Kinds of risk, or that none is known; never that a design is safe."""
        return ", ".join(dict.fromkeys(r.kind for r in self.risks)) or NONE_KNOWN


def assess(library: Library, design: Design) -> Assessment:
    """The risks of a design.

    Raises
    ------
    UnknownName
        For a payload or a carrier that is none.
    """
    made_by_cells = CARRIERS[design.carrier].has_cd47
    risks = [*_of_payload(library, design)]
    if made_by_cells:
        risks += [*_of_donor(library, design), *_of_native_cargo(library, design), *_of_transfer(library), *_of_other_person(library, design)]
    return Assessment((*risks, *_of_residue(library, design)), tuple(c.id for c in library.claims if _is_harmless(c, made_by_cells)))


def _of_payload(library: Library, design: Design) -> Iterable[Risk]:
    if design.payload:
        found = payload(library, design.payload)
        antagonist = f"; its antagonist is {found.suggestion}" if found.suggestion else ""
        yield from _by_place("payload", design, found.harms, f"{design.payload} has effects for a tumour", antagonist)


def _of_donor(library: Library, design: Design) -> Iterable[Risk]:
    """Native vesicles of the donor, whatever is in them."""
    harms = [
        Finding(claim.id, disease, tuple(claim.signed("phenotypes").items()), claim.setting, is_doubted(claim, library.retracted))
        for claim in library.claims
        if is_kind_of(design.donor, claim.donor) and claim.donor_state in NATIVE and helps(claim.signed("phenotypes").items()) > 0
        for disease in names(claim.disease) or [""]
    ]
    yield from _by_place("donor", design, harms, f"native vesicles of {design.donor} have effects for a tumour")


def _by_place(kind: str, design: Design, harms: Iterable[Finding], why: str, more: str = "") -> Iterable[Risk]:
    """One risk for this disease, one for cancer as such, one for others."""
    places: dict[str, list[Finding]] = {HERE: [], GENERAL: [], ELSEWHERE: []}
    for harm in harms:
        named = identified(harm.disease)[0]
        places[HERE if named == design.disease else GENERAL if named in ("", "cancer") else ELSEWHERE].append(harm)
    for where, found in places.items():
        if found:
            doubted = tuple(dict.fromkeys(f.claim for f in found if f.is_doubted))
            yield Risk(kind, f"{why} ({_words(found)}){more}", where, tuple(dict.fromkeys(f.claim for f in found)), doubted)


def _of_native_cargo(library: Library, design: Design) -> Iterable[Risk]:
    """Measured miRNAs of the donor's vesicles that the core holds to be for tumours."""
    for record in library.of("mirna_share_of_ev"):
        if record.cell == design.donor and record.label:
            entry = entries().get(record.label) or Entry(record.label, "miRNA", "", record.label, 1, "")
            score, chains = by_core(entry)
            if score > 0:
                why = f"{record.label} is {record.value:.2g} of the miRNA of these vesicles; {score:+d} chains of the core for tumours ({'; '.join(chains[:2])} ...)"
                yield Risk("native cargo", why, "by the core", (record.id,))


def _of_transfer(library: Library) -> Iterable[Risk]:
    claims = [c for c in library.claims if c.signed("phenotypes").get(TRANSFER_PHENOTYPE) == "+"]
    if claims:
        yield Risk("transfer", "vesicles of cells may move genetic material to other cells", "any", tuple(c.id for c in claims), _doubtful(library, claims))


def _of_other_person(library: Library, design: Design) -> Iterable[Risk]:
    if not design.donor or design.is_autologous:
        return
    claims = [c for c in library.claims if c.id in REJECTION]
    against = [c.id for c in library.claims if IMMUNE_PHENOTYPE in c.signed("phenotypes")]
    if claims:
        yield Risk(
            "allogeneic",
            f"cells of another person may be rejected; that vesicles are not is said by {', '.join(against)}",
            "any",
            tuple(c.id for c in claims),
            _doubtful(library, claims),
        )


def _of_residue(library: Library, design: Design) -> Iterable[Risk]:
    if design.loading == "electroporation":
        records = tuple(m.id for m in library.of(AGGREGATES))
        yield Risk("residue", "aggregates of siRNA stay beside the vesicles and are given with them", "any", records)


def _is_harmless(claim: Claim, made_by_cells: bool) -> bool:
    return made_by_cells and any(claim.signed("phenotypes").get(name) in ("0", "-") for name in HARMLESS)


def _words(found: Iterable[Finding]) -> str:
    return ", ".join(dict.fromkeys(f"{name} {sign}" for f in found for name, sign in f.phenotypes))


def _doubtful(library: Library, claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(c.id for c in claims if is_doubted(c, library.retracted))
