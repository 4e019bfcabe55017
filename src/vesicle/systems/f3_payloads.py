"""F3: the payloads that the reviews name, with target, sign, indication and evidence; what helps tumours is no payload."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vesicle.evidence.library import Library
from vesicle.evidence.priors.edges import core, core_nodes, shown_by_claims
from vesicle.products.payloads import Entry, Payload, by_core, payload, payloads
from vesicle.systems.base import Check, Experiment, above, below, between

HARMFUL, TWO_SIDED = "hsa-miR-410-3p", "hsa-miR-222-3p"
LISTED = 20
"""Payloads that the design page names one by one at least."""


class Payloads(Experiment):
    """The library of payloads, asked for what it says of each, and the core asked for the same without the works behind it."""

    system = "F3"
    asks = "Does every payload carry class, target with sign, indication and evidence, is what helps tumours flagged, and would other works have named the same targets?"
    takes_away = "the claims"
    used = ("C-0036", "C-0066", "C-0067", "C-0545")
    predicts = ("C-0054", "C-0057", "C-0266", "C-0268", "C-0319")
    told = ("C-0499", "C-0527", "C-0754")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """What stands in it, what is flagged, and what the core says."""
        known = payloads(replace(library, claims=()) if knocked_out else library)
        return [*_filled(known), *_flagged(library if not knocked_out else replace(library, claims=()), known), *_core(known)]


def _filled(known: dict[str, Payload]) -> list[Check]:
    supported = [p for p in known.values() if p.indications]
    unsupported = [name for name, p in known.items() if not p.indications and not p.harms]
    levels = {level: sum(p.evidence == level for p in known.values()) for level in ("clinical", "in_vivo", "in_vitro", "review_statement", "doubted", "none")}
    return [
        above("payloads with an indication by at least one claim", len(supported), LISTED),
        above(
            "payloads with a signed target, of those with a node of the core, share",
            sum(bool(p.targets) for p in known.values()) / sum(bool(p.entry.node) for p in known.values()),
            0.99,
        ),
        between("sign of KRAS under its siRNA", known["KRAS G12D siRNA"].targets["KRAS"][0], -1, -1),
        Check("evidence behind the payloads, best setting of the claims that hold", ", ".join(f"{level} {n}" for level, n in levels.items()), "told, not judged", True),
        Check("payloads of which no claim says an effect on a tumour", ", ".join(unsupported) or "none", "told, not judged", True),
    ]


def _flagged(library: Library, known: dict[str, Payload]) -> list[Check]:
    harmful, two_sided = known[HARMFUL], known[TWO_SIDED]
    unsafe = [f"{name} ({', '.join(f.claim + (', doubted' if f.is_doubted else '') for f in p.harms)})" for name, p in known.items() if p.is_unsafe]
    antagonist = bool(payload(library, "anti-miR-222").harms_in("acute myeloid leukemia"))
    sides = (two_sided.harms_in("breast cancer"), two_sided.harms_in("acute myeloid leukemia"))
    return [
        Check("flagged as unsafe", "; ".join(unsafe) or "none", HARMFUL, harmful.is_unsafe),
        Check(f"suggested in place of {HARMFUL}", harmful.suggestion or "nothing", f"anti-{HARMFUL}", harmful.suggestion == f"anti-{HARMFUL}"),
        Check(f"{TWO_SIDED} is flagged in breast cancer and not in acute myeloid leukaemia, by claims", f"{len(sides[0])} and {len(sides[1])}", "some and none",
              bool(sides[0]) and not sides[1]),
        Check("anti-miR-222 is flagged in acute myeloid leukaemia", str(antagonist).lower(), "true", antagonist),
    ]  # fmt: skip


def _core(known: dict[str, Payload]) -> list[Check]:
    """Targets and side of each miRNA by the core, without the edges that only its claims show; and how often a miRNA of the core has that side anyway."""
    named, found, wrong = _targets(known)
    one_sided = [p for p in known.values() if p.entry.kind == "miRNA" and bool(p.indications) != bool(p.harms)]
    said = {p.entry.name: by_core(p.entry, _behind(p))[0] for p in one_sided}
    agree = [p for p in one_sided if said[p.entry.name] * (-1 if p.indications else 1) > 0]
    harmful = by_core(known[HARMFUL].entry, _behind(known[HARMFUL])) if known[HARMFUL].harms else (0, ())
    against = [name for name, p in known.items() if p.entry.kind != "anti-miRNA" and p.indications and by_core(p.entry)[0] > 0]
    return [
        above(f"targets of miRNAs by claims that other works show too, of {named} pairs", found, 0.5),
        below("of these, with the other sign", wrong, 0.5),
        Check("miRNAs whose side the core gives without the edges that only their claims show, share", len(agree) / max(len(one_sided), 1), "told, not judged: see the next", True),
        Check("the same side, against tumours, for any miRNA of the core, share: what chance would give", _base_rate(), "told: the side is no prediction", True),
        Check(
            f"what the core says of {HARMFUL} without the edge that C-0066 shows",
            f"{harmful[0]:+d} ({'; '.join(harmful[1]) or 'no chain'})",
            "told: it would not have been flagged",
            True,
        ),
        Check("payloads that the core holds to be for tumours while claims are against", ", ".join(against) or "none", "told, not judged", True),
    ]


def _targets(known: dict[str, Payload]) -> tuple[int, int, int]:
    """Pairs of a miRNA and a target that claims name; how many of them other works show; how many of those with the other sign."""
    named = found = wrong = 0
    for p in known.values():
        for target, (sign, origin) in p.targets.items():
            if p.entry.kind != "miRNA" or not origin.startswith("C-"):
                continue
            shown = shown_by_claims().get(origin, frozenset())
            others = {e.sign for e in core() if e.source == p.entry.node and e.target == target and e.id not in shown}
            named, found, wrong = named + 1, found + bool(others), wrong + bool(others and sign not in others)
    return named, found, wrong


def _behind(p: Payload) -> Iterable[str]:
    return [f.claim for f in (*p.indications, *p.harms)]


def _base_rate() -> float:
    """Share of the miRNAs of the core, with any chain, whose chains are against tumours in sum."""
    scores = [by_core(Entry(name, "miRNA", "", name, 1, ""))[0] for name in sorted({e.source for e in core() if core_nodes()[e.source].kind == "miRNA"})]
    told = [s for s in scores if s]
    return sum(s < 0 for s in told) / len(told)
