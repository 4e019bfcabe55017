"""The files of a run as bytes: summary.json, custody.tsv, trajectories.parquet, model.xml, run.json.

Numbers in ``summary.json`` are rounded to six digits; ``custody.tsv`` keeps every draw with all
its digits, so that each figure can be recomputed. Only ``run.json`` holds a clock time.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vesicle import provenance
from vesicle.evidence.claim import NO_SOURCE, Claim, Reference
from vesicle.mechanisms.travelling.circulation import TUMOUR
from vesicle.model import sbml
from vesicle.model.settings import recipient_of
from vesicle.network.spread import Spread
from vesicle.readouts import compound
from vesicle.readouts import verdict as verdicts
from vesicle.readouts.custody import BESIDE, STEPS, WORDS, Row, copies_of, main_guide
from vesicle.readouts.ensemble import Ensemble, interval, rank_shares, rounded, with_nominal
from vesicle.runs.execute import Outcome

SCHEMA = "vesicle-summary/1"
_CONTRADICTS = re.compile(r"contradicts((?:[ ,]+M-\d+)+)")
_RECORD = re.compile(r"M-\d+")


def summary(outcome: Outcome) -> dict[str, Any]:
    """The content of ``summary.json``."""
    scenario = outcome.scenario
    question = scenario.question
    arms = {arm: _arm(outcome, arm) for arm in outcome.ensembles}
    asked = arms[question.arm]["verdict"]
    top = {**outcome.verdicts[question.arm], "in_words": asked["in_words"], "dose_needed": outcome.dose, "levers": asked["levers"], "evidence_says": outcome.marks}
    used = parameters(outcome)
    return {
        "schema": SCHEMA,
        "status": status(outcome),
        "scenario": scenario.name,
        "title": scenario.title,
        "scenario_hash": scenario.content,
        "identity": outcome.identity,
        "seed": outcome.seed,
        "samples": outcome.samples,
        "engine": outcome.engine,
        "evidence_version": f"{outcome.library.version}+{outcome.library.content}",
        "question": {"arm": question.arm, "control": question.control, "readout": question.readout, "change": rounded(question.change / 100), "at_h": question.at},
        "arms": arms,
        "verdict": top,
        "headline": headline(outcome),
        "warnings": warnings(outcome),
        "evidence": evidence(outcome, used),
        "parameters": used,
        "unmeasured_share": top.get("unmeasured_share"),
        "unverified_share": top.get("unverified_share"),
        "notice": "Research use only; not medical advice.",
    }


def status(outcome: Outcome) -> str:
    """``ok``, or how many draws failed."""
    failed = sum(int((~e.good).sum()) for e in outcome.ensembles.values())
    return "ok" if failed == 0 else f"{failed} of {sum(len(e.statuses) for e in outcome.ensembles.values())} draws failed"


def _arm(outcome: Outcome, arm: str) -> dict[str, Any]:
    ensemble = outcome.ensembles[arm]
    end = ensemble.at(outcome.scenario.question.at)
    return {
        "label": outcome.scenario.arms[arm].label or arm,
        "custody": [custody_row(row, target_tissue(outcome, arm)) for row in outcome.rows[arm]],
        "readouts": {name: with_nominal(ensemble.observable(name)[:, end]) for name in ensemble.program.observables},
        "verdict": {**outcome.verdicts[arm], "levers": levers(outcome, arm), "in_words": in_words(outcome, arm)},
        "mass_balance": {name: rounded(error, 3) for name, error in ensemble.balance.items()},
        "failed_draws": int((~ensemble.good).sum()),
        "single_cells": single_cells(outcome, arm),
    }


def single_cells(outcome: Outcome, arm: str) -> dict[str, Any]:
    """Loss of the target mRNA averaged over cells that few vesicles reach, beside that of the cell with the mean number of copies.

    For the arm's guide, at the question's time; empty where no guide with a site is given, or copies are imposed.
    """
    ensemble, scenario = outcome.ensembles[arm], outcome.scenario
    guide = main_guide(ensemble, scenario.question.readout.partition(":")[2])
    imposed = scenario.arms[arm].assume or scenario.assume
    if guide is None or not guide.matches or imposed.cytosolic_copies is not None:
        return {}
    good = [int(i) for i in np.flatnonzero(ensemble.good)]
    found = compound.of_arm(ensemble, guide, scenario.question.at, good)
    return {"guide": guide.id, "target": guide.target, "at_h": scenario.question.at, **compound.summary(found)}


def target_tissue(outcome: Outcome, arm: str) -> str:
    """Where the recipient cells of an arm are, for words about its steps."""
    return recipient_of(outcome.scenario, outcome.scenario.arms[arm]).tissue if outcome.scenario.recipients else TUMOUR


def custody_row(row: Row, tissue: str = TUMOUR) -> dict[str, Any]:
    """One line of the custody table as plain data."""
    words = WORDS.get(row.step, row.step).replace(TUMOUR, tissue)
    out: dict[str, Any] = {"step": row.step, "words": words, "product": row.product, "parameters": list(row.parameters)}
    for name, values in (("particles_per_cell", row.particles), ("copies_per_cell", row.copies), ("fraction_kept", row.kept)):
        if not np.all(np.isnan(values)):
            out[name] = with_nominal(values)
    return out


def headline(outcome: Outcome) -> dict[str, Any]:
    """The three numbers: vesicles per cell and dose, copies engaged against needed, the gap."""
    arm = outcome.scenario.question.arm
    verdict = outcome.verdicts[arm]
    by_arm = {name: found for name in outcome.ensembles if (found := per_dose(outcome, name))}
    return {
        "particles_in_reach_per_cell_per_dose": by_arm.get(arm, {}),
        "copies_held_per_cell": verdict.get("held_copies_per_cell"),
        "copies_needed_per_cell": verdict.get("needed_copies_per_cell"),
        "gap_orders": verdict.get("gap_orders"),
        "left_the_medium": uptake_shares(outcome),
        "by_arm": by_arm,
    }


def in_words(outcome: Outcome, arm: str) -> str:
    """One sentence for the verdict of an arm."""
    verdict, question = outcome.verdicts[arm], outcome.scenario.question
    if not outcome.ensembles[arm].model.network.particles:
        return "control: nothing is given"
    gap = verdict.get("gap_orders")
    if not gap:
        return f"{verdict['call']}: {verdict.get('gap_reason', 'no guide acts on the asked target')}"
    if gap["q05"] is not None and gap["q05"] > verdicts.CARRIED_GAP:
        middle = "no number of copies is enough in the median draw" if gap["q50"] is None else f"{gap['q50']:.1f} orders below need in the median draw"
        return f"no detectable repression by cytosolic transfer: {middle} ({question.readout}, {question.change:g} %)"
    return f"{verdict['call']}: P = {verdict['probability']:.2g} for {question.readout} by {question.change:g} %"


def uptake_shares(outcome: Outcome) -> dict[str, Any]:
    """In a well: share of the given particles that has left the medium, per arm, at 1 h (where that was observed) and at the question's time.

    With a perfect sink this is arrival, the upper bound; with cells it is what cells hold or used.
    """
    out: dict[str, Any] = {}
    for arm, ensemble in outcome.ensembles.items():
        if not ensemble.has("in_medium"):
            continue
        given = np.sum([ensemble.extent("given", particle.id) for particle in ensemble.model.network.particles], axis=0)
        left = 1 - ensemble.observable("in_medium") / given
        asked = {min(1.0, outcome.scenario.question.at), outcome.scenario.question.at}
        times = sorted(t for t in asked if np.any(np.isclose(ensemble.program.times, t)))
        out[arm] = {f"{t:g} h": with_nominal(left[:, ensemble.at(t)]) for t in times}
    return out


def per_dose(outcome: Outcome, arm: str) -> dict[str, Any]:
    """Particles that reach the tumour (or the floor of a well) per recipient cell after the first dose; nothing where only drugs are given.

    Counted up to the second dose, or to the end when there is one dose; per cell at the start.
    """
    ensemble = outcome.ensembles[arm]
    network = ensemble.model.network
    particle = network.particles[0].id if network.particles else ""
    times = sorted({dose.time for dose in network.arm.doses if particle and dose.species.partition("__")[0] == particle})
    if not times:
        return {}
    until = times[1] if len(times) > 1 else outcome.scenario.question.at
    step = "at_tumour" if ensemble.extent("at_tumour", particle).any() else "in_reach"
    values = ensemble.extent(step, particle)[:, ensemble.at(until)] / ensemble.observable("cells")[:, 0]
    out = {"step": step, "particle": particle, "until_h": until, **with_nominal(values)}
    return out | _entry(ensemble, values)


def _entry(ensemble: Ensemble, values: np.ndarray) -> dict[str, Any]:
    """Which permeability record decides how many particles enter a tumour."""
    network = ensemble.model.network
    rival = next((p for p in network.parameters if p.id == "rival__tumour_entry"), None)
    if rival is None or rival.spread is None:
        return {}
    drawn = ensemble.parameter(rival.id)[1:]
    by_rival = []
    for position, component in enumerate(rival.spread.components):
        records = [r for p in network.parameters if p.quantity == component.record for r in p.records]
        by_rival.append({"structure": component.record, "records": records, **interval(values[1:][drawn == position])})
    names = ("rival__tumour_entry", *(p.id for p in network.parameters if p.quantity in {c.record for c in rival.spread.components}))
    with np.errstate(divide="ignore"):
        shares = rank_shares({name: ensemble.parameter(name)[1:] for name in names}, np.log10(values[1:]))
    return {"by_permeability": by_rival, "deciding_permeability": next(iter(shares), None)}


def levers(outcome: Outcome, arm: str) -> dict[str, Any]:
    """What would close the gap of an arm alone, in proportion (below saturation), at the median draw."""
    gap = outcome.verdicts[arm].get("gap_orders")
    if not gap or gap["q50"] is None:
        return {}
    ensemble = outcome.ensembles[arm]
    factor = 10.0 ** gap["q50"]
    out: dict[str, Any] = {"factor_q50": rounded(factor)}
    particle = ensemble.model.network.particles[0]
    release = f"cytosolic_release_fraction__{particle.product}"
    names = [p.id for p in ensemble.model.network.parameters]
    if release in names:
        now = float(np.median(ensemble.parameter(release)[1:]))
        out["release"] = _lever(now, factor, 1.0, "share of internalised particles that release, as if all copies came by them; cannot exceed 1")
    guide = main_guide(ensemble, outcome.scenario.question.readout.partition(":")[2])
    if guide is not None:
        now = float(np.median(copies_of(ensemble, particle, guide.id)[1:]))
        cap = None
        if "lumen_rna_capacity__exosome" in names:
            cap = float(np.median(ensemble.parameter("lumen_rna_capacity__exosome")[1:] / ensemble.parameter("sirna_length")[1:]))
        out["copies_per_particle"] = _lever(now, factor, cap, "copies per particle, as if all copies came by them; the cap is the RNA capacity of the lumen")
    routes = {name: v["gap_orders"]["q50"] for name, v in outcome.verdicts.items() if v.get("gap_orders") and v["gap_orders"]["q50"] is not None}
    out["other_arms_gap_q50"] = routes
    return out


def _lever(now: float, factor: float, cap: float | None, meaning: str) -> dict[str, Any]:
    """One lever; whether it closes the gap alone is unknown (null) where no cap is known."""
    wanted = now * factor
    closes = True if factor <= 1 else (None if cap is None else wanted <= cap)
    return {"now": rounded(now), "needed": rounded(wanted), "cap": rounded(cap) if cap is not None else None, "closes_alone": closes, "meaning": meaning}


def warnings(outcome: Outcome) -> list[str]:
    """What a reader must know before using a figure."""
    out = []
    borrowed = sorted({f"{p.id} is borrowed ({p.borrowed})" for m in outcome.models.values() for p in m.network.parameters if p.borrowed})
    out += [f"{text}." for text in borrowed]
    if (share := outcome.verdicts[outcome.scenario.question.arm].get("unmeasured_share")) is not None:
        out.append(f"{share:.0%} of the spread of the guides in AGO comes from parameters whose value or range is assumed.")
    out += list(outcome.scenario.notes)
    if status(outcome) != "ok":
        out.append(status(outcome) + "; they are left out of every quantile.")
    return out


def parameters(outcome: Outcome) -> list[dict[str, Any]]:
    """Every parameter that the run used, with its records and contradictions."""
    seen: dict[str, dict[str, Any]] = {}
    for model in outcome.models.values():
        for p in model.network.parameters:
            if p.id in seen or p.id.startswith(("layer_thickness_", "per_", "one_")):
                continue
            notes = [getattr(outcome.library.by_id[r], "note", "") for r in p.records if r in outcome.library.by_id]
            contradicted = sorted({name for note in notes for group in _CONTRADICTS.findall(note) for name in _RECORD.findall(group)})
            seen[p.id] = {
                "id": p.id, "unit": p.unit, "value": rounded(p.value), "status": p.status, "spread_status": p.spread_status,
                "records": list(p.records), "borrowed": p.borrowed, "contradicted_by": contradicted,
                **({"range": _range(p.spread)} if p.spread else {}),
            }  # fmt: skip
    return list(seen.values())


def _range(spread: Spread) -> list[Any]:
    """The lowest and the highest end of all records of a parameter."""
    return [rounded(min(c.low * c.scale for c in spread.components)), rounded(max(c.high * c.scale for c in spread.components))]


def evidence(outcome: Outcome, used: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Claims that the scenario rests on and references of the parameters used, nothing else."""
    library = outcome.library
    claim_ids = dict.fromkeys(outcome.scenario.mimics.claims)
    keys = dict.fromkeys([outcome.scenario.mimics.reference, *(r.reference for r in outcome.scenario.reports)])
    for item in used:
        for record in item["records"]:
            keys[getattr(library.by_id[record], "reference", "")] = None
    out: list[dict[str, Any]] = []
    for name in claim_ids:
        claim = library.by_id.get(name)
        if isinstance(claim, Claim):
            out.append({"id": claim.id, "source": claim.source, "locator": claim.locator, "quote": claim.quote, "mismatch": claim.mismatch_kind})
    for key in keys:
        reference = library.by_id.get(key)
        if isinstance(reference, Reference):
            is_work = reference.checked_how != NO_SOURCE
            out.append({"id": key, "citation": reference.citation, "doi": reference.doi, "retraction": reference.retraction, "is_work": is_work})
        elif key:
            out.append({"id": key, "citation": "see the records that name it", "doi": "", "retraction": "not_checked"})
    return out


def as_json(document: Any) -> bytes:
    """JSON bytes that a person can read."""
    return (json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def custody_tsv(outcome: Outcome) -> bytes:
    """The custody table of all arms, one line per quantity, every draw in the last column."""
    header = ["arm", "step", "product", "quantity", "unit", "nominal", "q05", "q50", "q95", "kept_nominal", "kept_q05", "kept_q50", "kept_q95", "parameters", "records", "per_draw"]
    lines = ["\t".join(header)]
    for arm, rows in outcome.rows.items():
        by_id = {p.id: p for p in outcome.models[arm].network.parameters}
        for row in rows:
            records = ",".join(dict.fromkeys(r for name in row.parameters for r in by_id[name].records))
            for quantity, unit, values in _quantities(row):
                lines.append(
                    "\t".join(
                        [
                            arm,
                            row.step,
                            row.product,
                            quantity,
                            unit,
                            repr(float(values[0])),
                            *_quantiles(values[1:]),
                            *_kept(row),
                            ",".join(row.parameters),
                            records,
                            ",".join(repr(float(v)) for v in values[1:]),
                        ]
                    )
                )
    return ("\n".join(lines) + "\n").encode()


def _quantities(row: Row) -> list[tuple[str, str, np.ndarray]]:
    if row.step == "gap":
        return [("orders", "1", row.copies)]
    if row.step in ("target", "phenotype"):
        return [("relative_change", "1", row.copies)]
    out = []
    if row.step in (*STEPS, BESIDE) and not np.all(np.isnan(row.particles)):
        out.append(("particles", "EV/cell", row.particles))
    if not np.all(np.isnan(row.copies)):
        out.append(("copies", "copy/cell", row.copies))
    return out


def _quantiles(values: np.ndarray) -> list[str]:
    found = interval(values, digits=17)
    return ["" if found[q] is None else repr(found[q]) for q in ("q05", "q50", "q95")]


def _kept(row: Row) -> list[str]:
    if np.all(np.isnan(row.kept)):
        return ["", "", "", ""]
    return ["" if np.isnan(row.kept[0]) else repr(float(row.kept[0])), *_quantiles(row.kept[1:])]


def trajectories(outcome: Outcome) -> bytes:
    """Parquet: arm, observable, unit, time, nominal and quantiles over draws."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns: dict[str, list[Any]] = {name: [] for name in ("arm", "observable", "unit", "label", "time_h", "nominal", "q05", "q50", "q95")}
    for arm, ensemble in outcome.ensembles.items():
        for observable in ensemble.model.network.observables:
            _append(columns, arm, ensemble, observable)
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns), buffer, compression="zstd")
    return buffer.getvalue()


def _append(columns: dict[str, list[Any]], arm: str, ensemble: Ensemble, observable: Any) -> None:
    values = ensemble.observable(observable.id)
    bands = np.nanquantile(values[1:], [0.05, 0.5, 0.95], axis=0, method="inverted_cdf")
    times = ensemble.program.times
    for name, content in (("arm", arm), ("observable", observable.id), ("unit", observable.unit), ("label", observable.label)):
        columns[name] += [content] * len(times)
    columns["time_h"] += list(times)
    for name, row in (("nominal", values[0]), ("q05", bands[0]), ("q50", bands[1]), ("q95", bands[2])):
        columns[name] += [float(v) for v in row]


def model_xml(outcome: Outcome) -> bytes:
    """The network of the question's arm as SBML with its doses as events."""
    model = outcome.models[outcome.scenario.question.arm]
    own = tuple(replace(p, value=model.network.arm.set.get(p.id, p.value)) for p in model.network.parameters)
    return sbml.write(replace(model.network, parameters=own), model.flat).encode()


def run_json(outcome: Outcome) -> bytes:
    """What made the run, with the clock."""
    return as_json(
        {
            "identity": outcome.identity,
            "scenario": outcome.scenario.name,
            "source": outcome.source,
            "scenario_hash": outcome.scenario.content,
            "evidence_version": f"{outcome.library.version}+{outcome.library.content}",
            "seed": outcome.seed,
            "samples": outcome.samples,
            "engine": outcome.engine,
            "changes": outcome.changes,
            "versions": provenance.versions(),
            "made": provenance.stamp(),
        }
    )
