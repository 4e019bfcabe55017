"""D10: the same records and the same compiler asked about clotting, a virus, a wound and a heart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.evidence.priors.edges import can_have, core
from vesicle.prediction.ensemble import Levels, levels, silenced
from vesicle.systems.base import Check, Experiment, told

SAMPLES = 100
NO_EVIDENCE, UNDECIDED = "no evidence", "undecided"
WORDS = {1: "+", -1: "-", 0: UNDECIDED}
CANCER = ("cancer", "carcinoma", "leukemia", "lymphoma", "myeloma", "melanoma", "glioma", "glioblastoma", "tumor", "neoplasm", "sarcoma", "hepatoma")
OTHERS = ("other:coagulation", "other:HCV_replication", "tissue_regeneration")
VIRUS_MIRNAS = ("hsa-let-7f-5p", "hsa-miR-145-5p", "hsa-miR-199a-3p", "hsa-miR-221-3p")
RAISED = 2.0
"""A probe: the gene is twice as active; only the sign of what follows is read."""
STEM = "bone marrow mesenchymal stem cell"


@dataclass(frozen=True)
class Asked:
    """A question: miRNAs brought or genes raised, in a cell, and the node whose sign is asked for; with a claim, without what its works show."""

    node: str
    cell: str
    mirnas: tuple[str, ...] = ()
    raises: tuple[str, ...] = ()
    claim: str = ""


@dataclass(frozen=True)
class Answer:
    """``+``, ``-``, undecided or no evidence, the share of draws that rise and fall, and the shortest chain in words."""

    sign: str
    rises: float = 0.0
    falls: float = 0.0
    chain: str = ""


ABSENT, ABSENT_TARGET = "hsa-miR-152-3p", "HLA-G"
"""A miRNA, and its one recorded target that leads to migration, which fibroblasts do not express."""
TISSUE_FACTOR = Asked("other:coagulation", "blood plasma", raises=("F3",), claim="C-0229")
INHIBITOR = Asked("other:coagulation", "blood plasma", raises=("TFPI",))
INTERFERON = Asked("other:HCV_replication", "liver", raises=("IFNAR1",))
WNT = Asked("proliferation", "fibroblast", raises=("FZD7",), claim="C-0520")
REPAIR = Asked("tissue_regeneration", "liver", raises=("HGF",))
JUDGED: Mapping[str, tuple[Asked, str]] = {  # a claim that is named is asked without its own works
    "tissue factor on vesicles in plasma, coagulation (C-0229)": (TISSUE_FACTOR, "+"),
    "its inhibitor TFPI, coagulation": (INHIBITOR, "-"),
    "interferon receptor of liver cells, replication of hepatitis C virus": (INTERFERON, "-"),
    "receptor of Wnt3a on fibroblasts, proliferation (C-0520)": (WNT, "+"),
    "HGF in liver, regeneration": (REPAIR, "+"),
    "T-cell activity of a liver cell": (Asked("T_cell_activity", "liver", raises=("HGF",)), NO_EVIDENCE),
    f"{ABSENT} on fibroblasts, whose one recorded target that leads there ({ABSENT_TARGET}) they do not express, migration": (
        Asked("migration", "fibroblast", (ABSENT,)),
        NO_EVIDENCE,
    ),
}


class BeyondCancer(Experiment):
    """Seven questions with an answer that must come, and two on stem cell exosomes that are told."""

    system = "D10"
    asks = "Do the records and the compiler answer questions on other diseases, with a sign or with the words that there is no evidence?"
    takes_away = "the edges of the core that lead to phenotypes outside cancer, and those of Wnt receptors"
    used = ("C-0519",)
    predicts = ("C-0229", "C-0520")
    told = ("C-0301", "C-0478")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Answers, what is told, and how many claims are on other diseases."""
        dropped = frozenset(e.id for e in core() if e.target in OTHERS or e.source == "FZD7") if knocked_out else frozenset()
        found = []
        for words, (asked, expected) in JUDGED.items():
            given = answer(library, asked, dropped)
            found.append(Check(words, _shown(given), expected, given.sign == expected))
        return [*found, *_on_stem_cells(library, dropped), told("claims that name a disease which is no cancer", float(others(library)))]


def _on_stem_cells(library: Library, dropped: frozenset[str]) -> list[Check]:
    heart = tuple(m.label for m in library.of("mirna_share_of_ev") if m.cell == STEM)
    asked = {
        "four miRNAs of cord exosomes on hepatitis C virus, reported - (C-0301)": Asked("other:HCV_replication", "liver", VIRUS_MIRNAS, claim="C-0301"),
        "miRNAs of stem cell exosomes on heart muscle, proliferation, reported + (C-0478)": Asked("proliferation", "cardiac muscle cell", heart, claim="C-0478"),
    }
    return [told(words, _shown(answer(library, one, dropped))) for words, one in asked.items()]


def answer(library: Library, asked: Asked, dropped: frozenset[str] = frozenset()) -> Answer:
    """What the evidence says; ``dropped`` are edges of the core that it does not take."""
    if not can_have(asked.cell, asked.node):
        return Answer(NO_EVIDENCE)
    if isinstance(claim := library.by_id.get(asked.claim), Claim):
        for key in claim.references:
            library = library.without(reference=key)
    held = dict(silenced(library, asked.mirnas, (asked.node,), asked.cell, samples=SAMPLES)) | dict.fromkeys(asked.raises, RAISED)
    if not held:
        return Answer(NO_EVIDENCE)
    found: Levels = levels(library, held, (asked.node,), asked.cell, SAMPLES, dropped=dropped)
    if not found.circuit.edges:
        return Answer(NO_EVIDENCE)
    chain = found.chain(asked.node)
    return Answer(WORDS[found.sign(asked.node)], *found.sign_probability(asked.node), chain.words if chain else "")


def others(library: Library) -> int:
    """Claims whose disease is named and is no cancer."""
    return sum(bool(claim.disease) and not any(word in claim.disease.lower() for word in CANCER) for claim in library.claims)


def _shown(given: Answer) -> str:
    if given.sign == NO_EVIDENCE:
        return NO_EVIDENCE
    return f"{given.sign} (rises in {given.rises:.0%}, falls in {given.falls:.0%}; {given.chain or 'no chain'})"
