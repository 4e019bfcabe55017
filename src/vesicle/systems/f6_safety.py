"""F6: every design gets a list of risks from the base that also predicts its effect; nothing known is not safe."""

from __future__ import annotations

from dataclasses import replace

from vesicle.evidence.library import Library
from vesicle.products.payloads import payloads
from vesicle.products.risks import ELSEWHERE, HERE, NONE_KNOWN, Assessment, Design, Risk, assess
from vesicle.systems.base import Check, Experiment, above, below, between

LUNG, GASTRIC, BLADDER, PANCREAS = "lung adenocarcinoma", "gastric cancer", "urinary bladder cancer", "malignant pancreatic neoplasm"
DESIGNS = {
    "miR-410 in umbilical MSC vesicles, lung": Design(LUNG, "umbilical cord mesenchymal stem cell", "hsa-miR-410-3p", "donor transfection"),
    "paclitaxel in BMSC vesicles, stomach": Design(GASTRIC, "bone marrow mesenchymal stem cell", "paclitaxel", "donor preloading"),
    "PLK1 siRNA in BMSC vesicles, bladder": Design(BLADDER, "bone marrow mesenchymal stem cell", "PLK1 siRNA", "electroporation"),
    "KRAS siRNA in MSC vesicles, pancreas": Design(PANCREAS, "mesenchymal stem cell", "KRAS G12D siRNA", "electroporation"),
    "the same of the patient's own cells": Design(PANCREAS, "mesenchymal stem cell", "KRAS G12D siRNA", "electroporation", is_autologous=True),
    "doxorubicin in liposomes, bladder": Design(BLADDER, "", "doxorubicin", "", carrier="liposome"),
}


class Safety(Experiment):
    """Six designs, from one that gives a pro-tumour miRNA to one that no cell made."""

    system = "F6"
    asks = "Does every design get the risks that its own evidence base holds, with claims, and does one without known risk say so without being called safe?"
    takes_away = "the claims and records on harm"
    used = ("C-0063", "C-0066", "C-0428", "C-0518", "C-0799")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """The lists, what moves them, and that no design is called safe."""
        base = replace(library, claims=(), measurements=()) if knocked_out else library
        found = {name: assess(base, design) for name, design in DESIGNS.items()}
        alone = assess(_without(base, "C-0063"), DESIGNS["paclitaxel in BMSC vesicles, stomach"])
        return [
            *_told(found), *_signs(found), *_harmless(found), _of_all(base),
            Check("what still flags that donor in gastric cancer without every claim of the work behind C-0063", _of(alone, "donor", HERE),
                  "told: the list repeats works, it foresees nothing", True),
        ]  # fmt: skip


def _without(library: Library, claim: str) -> Library:
    """The library without any claim on the works that a claim cites."""
    cited = {key for c in library.claims if c.id == claim for key in c.references}
    return replace(library, claims=tuple(c for c in library.claims if not cited & set(c.references)))


def _told(found: dict[str, Assessment]) -> list[Check]:
    return [Check(f"{name}: risks", _line(a), "told, with claims", True) for name, a in found.items()]


def _line(a: Assessment) -> str:
    return "; ".join(f"{r.kind} {r.where} ({_cited(r)})" for r in a.risks) or a.summary


def _cited(risk: Risk) -> str:
    """The first sources of a risk, and whether all of them are in doubt."""
    more = " ..." if len(risk.sources) > 4 else ""
    doubt = "; all doubted" if risk.doubted and set(risk.doubted) == set(risk.sources) else ""
    return f"{', '.join(risk.sources[:4])}{more}{doubt}"


def _signs(found: dict[str, Assessment]) -> list[Check]:
    harmful, stomach, bladder, pancreas, own, liposome = found.values()
    payload = [r for r in harmful.risks if r.kind == "payload" and r.where == HERE]
    gained = {r.kind for r in pancreas.risks} - {r.kind for r in own.risks}
    return [
        Check("pro-tumour payload flagged in its disease by", ", ".join(s for r in payload for s in r.sources) or "nothing", "C-0066", any("C-0066" in r.sources for r in payload)),
        Check("native vesicles of the donor flagged in gastric cancer by", _of(stomach, "donor", HERE), "C-0063 among others", "C-0063" in _of(stomach, "donor", HERE)),
        Check(
            "the same donor in bladder cancer: effects in other tumours by", _of(bladder, "donor", ELSEWHERE), "C-0063 among others", "C-0063" in _of(bladder, "donor", ELSEWHERE)
        ),
        Check("what a donor who is not the patient adds", ", ".join(gained) or "nothing", "allogeneic", gained == {"allogeneic"}),
        Check("a carrier that no cell made", liposome.summary, NONE_KNOWN, liposome.summary == NONE_KNOWN),
        below("designs called safe", sum("safe" in a.summary for a in found.values()), 0.5),
        above("risks without a claim or record behind them, of all risks, none: share with", _sourced(found), 0.999),
    ]


def _of(a: Assessment, kind: str, where: str) -> str:
    return ", ".join(s for r in a.risks if r.kind == kind and r.where == where for s in r.sources) or "nothing"


def _sourced(found: dict[str, Assessment]) -> float:
    risks = [r for a in found.values() for r in a.risks]
    return sum(bool(r.sources) for r in risks) / len(risks) if risks else 0.0


def _harmless(found: dict[str, Assessment]) -> list[Check]:
    seen = found["KRAS siRNA in MSC vesicles, pancreas"]
    return [
        above("claims that looked for harm and found none or less; they take no risk from the list", len(seen.found_harmless), 3),
        Check("which", ", ".join(seen.found_harmless), "told; every one is about animals, a phase I of another product, or a review's sentence", True),
    ]


def _of_all(library: Library) -> Check:
    """How many payloads in vesicles of MSC have no risk beyond those of all vesicles."""
    lists = [assess(library, Design("cancer", "mesenchymal stem cell", name)) for name in payloads(library)]
    free = sum(not any(r.kind == "payload" for r in a.risks) for a in lists)
    return between("payloads without a risk of their own, share", free / len(lists), 0.3, 0.99)
