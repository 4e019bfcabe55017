"""What each section of the page says: plain data for the template, from the run and its summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from vesicle import provenance
from vesicle.evidence.claim import Reference
from vesicle.readouts.custody import BESIDE, STEPS
from vesicle.report import curves, words
from vesicle.runs.execute import Outcome

UNSOURCED = {"assumed": "assumed, with a stated range", "computed": "computed from other records", "synthesis": "field practice or a synthesis of several sources"}
"""References that are no publication."""
NO_CITATION = "see the "
"""In a citation that only points to the records."""
BINDS_AGAIN = 1.01
"""Kept shares from here on say that some vesicles took a step twice."""
SYMBOL = {"plausible": "✓", "implausible": "✗", "undetermined": "?"}
FALLS = {"-": "falls", "+": "rises", "0": "does not change"}
Data = Mapping[str, Any]


def question(outcome: Outcome, summary: Data) -> str:
    """The question as one plain sentence."""
    asked = summary["question"]
    verb = "lower" if asked["change"] < 0 else "raise"
    readout = curves.observable_words(outcome, asked["readout"])
    arm, control = (curves.label_of(outcome, asked[name]) for name in ("arm", "control"))
    return f"Does “{arm}” {verb} {readout} by {abs(asked['change']):.0%} or more against “{control}” at {words.time(asked['at_h'])}?".replace("%", f"{words.FIRM_SPACE}%")


def verdict(summary: Data) -> Markup:
    """Call, probability, gap, limiting step and deciding parameter in one paragraph."""
    found = summary["verdict"]
    parts = [_probability(found), _gap(found), _limit(found, chance(summary))]
    return Markup(" ").join(part for part in parts if part)


def _probability(found: Data) -> Markup:
    n = found.get("draws", 0)
    if not n:
        return Markup("No draw ended with a value of the readout.")
    hits = round((found.get("probability") or 0.0) * n)
    low, high = found.get("wilson") or (None, None)
    return Markup("The asked change is reached in {} of {} parameter draws (P = {}, 90 % Wilson interval {} to {}).").format(
        hits, n, words.number(found["probability"]), words.number(low, 2), words.number(high, 2)
    )


def _gap(found: Data) -> Markup:
    gap = found.get("gap_orders")
    if not gap:
        why = found.get("gap_reason") or found.get("reason")
        return Markup("There is no gap to print: {}.").format(why) if why else Markup("")
    if gap["q50"] is None:
        return Markup("In at least half of the draws no number of guides reaches the change (gap 5–95 %: {} orders of magnitude).").format(words.ends(gap, "orders"))
    if gap["q50"] < 0:
        return Markup("The guides held in AGO exceed the need by {} orders of magnitude (median; gap 5–95 %: {}).").format(words.orders(-gap["q50"]), words.ends(gap, "orders"))
    return Markup("The guides held in AGO fall short of the need by {} orders of magnitude (median; 5–95 %: {}).").format(words.orders(gap["q50"]), words.ends(gap, "orders"))


def chance(summary: Data) -> float:
    """The rank correlation that the luckiest of all varying parameters reaches by chance: sqrt(2 ln m / (n - 1))."""
    varying = sum(1 for p in summary["parameters"] if p.get("range") and p["range"][0] != p["range"][1])
    draws = summary["verdict"].get("draws", 0)
    return min(1.0, float(np.sqrt(2 * np.log(max(varying, 2)) / max(draws - 1, 1))))


def _limit(found: Data, by_chance: float) -> Markup:
    step = found.get("limiting_step")
    if not step:
        return Markup("")
    text = Markup("The step that loses most is “{}”, in {} of the draws").format(curves.step_words(step), words.percent(found.get("limiting_share_of_draws")))
    first = found.get("deciding_parameter")
    if not first:
        return text + "."
    kind = words.certainty(first.get("status", ""), first.get("spread_status", ""))
    weak = ", no more than chance gives at this number of draws" if abs(first.get("correlation") or 0.0) < by_chance else ""
    return text + Markup("; the parameter that decides most is “{}” ({} of the spread, {}{}).").format(
        words.plain_name(first["parameter"]), words.percent(first["share"]), kind, weak
    )


def levers(outcome: Outcome, summary: Data) -> list[tuple[str, Markup]]:
    """What would close the gap, one lever at a time."""
    found = summary["verdict"]
    out = [("Dose", _dose(found.get("dose_needed") or {}))]
    known = found.get("levers") or {}
    for key, name in (("release", "Release from the endosome"), ("copies_per_particle", "Copies per particle")):
        if key in known:
            out.append((name, _lever(known[key], key)))
    if (together := _together(known)) is not None:
        out.append(("Release and copies together", together))
    routes = known.get("other_arms_gap_q50") or {}
    if routes:
        out.append(("Route or vehicle", _routes(outcome, summary, routes)))
    return out


def _dose(found: Data) -> Markup:
    if "factor" not in found:
        return Markup("{}.").format(found.get("reason", "not searched"))
    factor, now = found["factor"], (found.get("per_dose_now") or {}).get("value")
    share = found.get("not_reachable_share")
    text = (
        Markup("{} times the given dose reaches the change").format(words.interval(factor))
        if factor.get("q50") is not None
        else Markup("no dose that was searched reaches the change in the median draw (5–95 %: {} times the given dose)").format(words.ends(factor))
    )
    if factor.get("q50") is not None and now:
        text += Markup(", {} particles per dose").format(words.number(now * factor["q50"]))
    text += Markup(" (now {} particles per dose; {} draws searched on the whole model)").format(words.number(now), found.get("draws", 0))
    if share:
        text += Markup("; not reachable at any dose in {} of them").format(words.percent(share))
    if failed := found.get("failed_searches"):
        text += Markup("; {} searches failed").format(failed)
    return text + _most(found.get("largest_factor") or {}) + "."


def _most(found: Data) -> Markup:
    if found.get("nominal") is None:
        return Markup("")
    return Markup("; the largest dose is {} times the given one{}").format(words.number(found["nominal"]), f" ({found['meaning']})" if found.get("meaning") else "")


def _lever(found: Data, key: str) -> Markup:
    end = "can close the gap alone" if found.get("closes_alone") else "cannot close the gap alone"
    unit = "" if key == "release" else " copies per particle"
    text = Markup("now {}{}, needed {}").format(words.number(found.get("now")), unit, words.number(found.get("needed")))
    cap = found.get("cap")
    text += Markup(", most possible {}").format(words.number(cap)) if cap is not None else Markup(", no cap is known")
    return text + (f": {end}." if cap is not None else ".")


def _together(known: Data) -> Markup | None:
    pair = [known.get(key) or {} for key in ("release", "copies_per_particle")]
    if not all(lever.get("cap") and lever.get("now") for lever in pair) or not known.get("factor_q50"):
        return None
    most = sum(float(np.log10(max(lever["cap"] / lever["now"], 1.0))) for lever in pair)
    return Markup("both at their most give at most {} of the {} orders.").format(words.orders(most), words.orders(float(np.log10(known["factor_q50"]))))


def _routes(outcome: Outcome, summary: Data, routes: Data) -> Markup:
    here = summary["question"]["arm"]
    others = sorted((gap, arm) for arm, gap in routes.items() if arm != here and arm in outcome.scenario.arms)
    if not others:
        return Markup("no other arm has a gap to compare.")
    told = Markup("; ").join(Markup("{} {}").format(curves.label_of(outcome, arm), words.orders(gap)) for gap, arm in others)
    return Markup("median gap in orders in the other arms: {} (this arm {}).").format(told, words.orders(routes.get(here)))


def reports(outcome: Outcome, summary: Data) -> list[dict[str, Any]]:
    """What was published, and whether the chain carries it."""
    return [
        {"head": _report_head(outcome, mark), "carry": mark["carry"], "tail": _report_tail(summary, outcome, i, mark)}
        for i, mark in enumerate(summary["verdict"].get("evidence_says", []))
    ]


def _report_head(outcome: Outcome, mark: Data) -> Markup:
    readout = curves.observable_words(outcome, mark["readout"])
    return Markup("{} reports: “{}” (here scored as: {} {}). Simulated: {} {}, change {}; direction {}.").format(
        mark["reference"], mark["statement"], readout, FALLS.get(mark["reported_direction"], mark["reported_direction"]), readout,
        FALLS.get(mark["simulated_direction"], mark["simulated_direction"]), words.interval(mark["simulated_change"], "change"),
        "agrees" if mark["agreement"] == "pass" else "does not agree",
    )  # fmt: skip


def _report_tail(summary: Data, outcome: Outcome, index: int, mark: Data) -> Markup:
    arm = outcome.scenario.reports[index].arm
    gap = (summary["arms"].get(arm, {}).get("verdict", {}) or {}).get("gap_orders") or {}
    if mark["carry"] == "carried" and outcome.scenario.environment.kind == "culture":
        return Markup("The chain from the donor to the count can carry it (carried).")
    if mark["carry"] == "carried":
        return Markup("Cytosolic transfer at this dose can carry it (carried).")
    if mark["carry"] == "not carried":
        word = "unexplained" if mark.get("unexplained") else "not carried"
        return Markup("Cytosolic transfer at this dose does not explain it ({}; the gap is above {} orders in 95 % of the draws).").format(word, words.orders(gap.get("q05")))
    return Markup("Whether cytosolic transfer at this dose can carry it is undetermined{}.").format(
        Markup(" (gap 5–95 %: {} orders)").format(words.ends(gap, "orders")) if gap else ""
    )


def headline(summary: Data) -> list[dict[str, Any]]:
    """The three numbers in large type."""
    found = summary.get("headline", {})
    verdict_ = summary["verdict"]
    dose = found.get("particles_in_reach_per_cell_per_dose") or {}
    why = verdict_.get("gap_reason") or verdict_.get("reason") or "not asked"
    held, needed, gap = found.get("copies_held_per_cell"), found.get("copies_needed_per_cell"), found.get("gap_orders")
    place = curves.step_words(dose["step"]) if "step" in dose else "in reach"
    return [
        {"value": words.middle(dose or None), "unit": "particles per recipient cell and dose", "what": place, "interval": _five(dose)},
        {
            "value": words.middle(held), "unit": "copies per cell", "what": "guides held in AGO, time average", "interval": _five(held),
            "against": Markup("needed: {} copies per cell").format(words.interval(needed)) if needed else why,
        },
        {
            "value": words.middle(gap, "orders"), "unit": "orders of magnitude", "what": "gap = log₁₀ (needed / held)", "interval": _five(gap, "orders"),
            "against": None if gap else why,
        },
    ]  # fmt: skip


def _five(found: Data | None, kind: str = "number") -> Markup:
    return Markup("5–95 %: {}").format(words.ends(found, kind)) if found else Markup("")


def custody(outcome: Outcome, summary: Data, arm: str) -> dict[str, Any]:
    """The custody table of one arm."""
    told = summary["arms"][arm]
    by_id = {p.id: p.records for p in outcome.models[arm].network.parameters}
    rows = [_custody_row(row, by_id) for row in told["custody"] if row["step"] in STEPS or row["step"] in ("held", "needed", BESIDE)]
    again = any((row.get("fraction_kept") or {}).get("q50") is not None and row["fraction_kept"]["q50"] > BINDS_AGAIN for row in told["custody"])
    return {"arm": arm, "label": told.get("label", arm), "rows": rows, "again": again, "why": told["verdict"].get("reason") or told["verdict"].get("gap_reason")}


def single_cells(summary: Data) -> list[dict[str, Any]]:
    """Per arm with a guide: the loss of mRNA averaged over cells, and that of the cell with the mean number of copies."""
    return [
        {"label": told.get("label", arm), "asked": arm == summary["question"]["arm"], **found}
        for arm, told in summary["arms"].items()
        if (found := told.get("single_cells")) and found["copies"]["nominal"]
    ]


def _custody_row(row: Data, by_id: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    setters = [(words.plain_name(name), list(by_id.get(name, ()))) for name in row.get("parameters", [])]
    return {
        "words": row.get("words", row["step"]),
        "product": "all kinds" if row["product"] == "all" else row["product"].replace("_", " "),
        "particles": row.get("particles_per_cell"),
        "copies": row.get("copies_per_cell"),
        "kept": None if row["step"] == "made" else row.get("fraction_kept"),
        "setters": setters,
    }


def rivals(summary: Data) -> list[dict[str, Any]]:
    """Rival structures: what each gives, by record."""
    return [
        dict(item, rival=words.plain_name(item["rival"].removeprefix("rival__")), structure=words.plain_name(item["structure"])) for item in summary["verdict"].get("rivals", [])
    ]


def arms(summary: Data) -> list[dict[str, Any]]:
    """One line per arm."""
    out = []
    for name, told in summary["arms"].items():
        found = told["verdict"]
        worst = max((e for e in told.get("mass_balance", {}).values() if e is not None), default=None)
        given = not (found.get("reason") and not told["custody"])
        out.append(
            {
                "label": told.get("label", name),
                "asked": name == summary["question"]["arm"],
                "verdict": found,
                "hit": found.get("hit", {}),
                "balance": worst,
                "failed": told.get("failed_draws", 0),
                "given": given,
            }
        )
    return out


def parameters(summary: Data) -> list[dict[str, Any]]:
    """All parameters, those that rest on assumptions first."""
    ranks = {name: i for i, name in enumerate(words.STATUS_ORDER)}
    rows = [dict(p, certainty=words.certainty(p["status"], p["spread_status"])) for p in summary["parameters"]]
    order = {"assumed": 0, "recalled": 1, "found": 2}
    return sorted(rows, key=lambda p: (order[p["certainty"]], ranks.get(p["status"], len(ranks)), p["id"]))


def counts(rows: Sequence[Data]) -> dict[str, int]:
    """How many parameters of each certainty."""
    return {kind: sum(row["certainty"] == kind for row in rows) for kind in ("assumed", "recalled", "found")}


def references(outcome: Outcome, summary: Data) -> tuple[list[dict[str, Any]], list[tuple[str, str, list[str]]]]:
    """Publications that the run used, and records that rest on none."""
    used = _records_by_reference(outcome, summary)
    cited, unsourced = [], []
    for item in summary.get("evidence", []):
        key = item["id"]
        if "citation" not in item:
            continue
        records = used.get(key, [])
        if key in UNSOURCED:
            unsourced.append((key, UNSOURCED[key], records))
            continue
        known = isinstance(outcome.library.by_id.get(key), Reference)
        where = sorted({text.replace("https://", "").replace("http://", "") for r in records if (text := getattr(outcome.library.by_id[r], "locator", ""))})
        cited.append(
            {
                **item,
                "citation": item["citation"].rstrip(". ") if known and NO_CITATION not in item["citation"] else "",
                "where": where if not _told(item.get("doi")) else [],
                "doi": _told(item.get("doi")),
                "retraction": str(item.get("retraction", "")).replace("_", " "),
                "records": records,
            }
        )
    return cited, unsourced


def _told(text: str | None) -> str:
    return "" if not text or text == "not_checked" else text


def _records_by_reference(outcome: Outcome, summary: Data) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for record in sorted({r for p in summary["parameters"] for r in p["records"]}):
        key = getattr(outcome.library.by_id.get(record), "reference", "")
        out.setdefault(key, []).append(record)
    return out


def provenance_rows(outcome: Outcome, summary: Data) -> list[tuple[str, str]]:
    """What made this page; no clock, so that equal runs give equal pages."""
    changes = "; ".join(f"{path} = {value}" for path, value in sorted(outcome.changes.items())) or "none"
    keys = (
        ("scenario", "scenario"),
        ("scenario hash", "scenario_hash"),
        ("run identity", "identity"),
        ("seed", "seed"),
        ("parameter draws beside the nominal run", "samples"),
        ("engine", "engine"),
    )
    rows = [(words_, str(summary.get(key, ""))) for words_, key in keys]
    rows += [("changes to the scenario", changes), ("evidence version", str(summary.get("evidence_version", ""))), ("summary schema", str(summary.get("schema", "")))]
    return rows + list(provenance.versions().items())


def checkpoints(band: curves.Band) -> dict[str, dict[str, float]]:
    """Start, middle and end of a band, for the table beside a figure."""
    last = len(band.times) - 1
    return {words.time(float(band.times[i])): band.at(i) for i in dict.fromkeys((0, last // 2, last))}


def peak(band: curves.Band) -> tuple[str, dict[str, float]]:
    """Time and interval of the highest median."""
    i = int(np.argmax(band.middle))
    return words.time(float(band.times[i])), band.at(i)
