"""The report: one self-contained HTML page that opens offline and prints.

It is written for a reader who believes no simulation: the verdict in words, the numbers behind
it with intervals and units, the parameters that decide and what they rest on, and what made
the run. Equal runs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import Markup

from vesicle.report import culture, curves, figures, sections, sensitivities, words
from vesicle.runs.execute import Outcome, control_of

TEMPLATE = "page.html.j2"
LABEL_UNIT, PARTICLE_UNIT = "label copies", "particles (EV)"
Data = Mapping[str, Any]


def build(outcome: Outcome, summary: dict[str, Any], sensitivity: Data | None = None) -> bytes:
    """The report of a run.

    Parameters
    ----------
    outcome : the run, draw by draw.
    summary : the content of its ``summary.json``.
    sensitivity : the content of its ``sensitivity.json``, if one was made.

    Returns
    -------
    The page as UTF-8 bytes. Nothing is saved.
    """
    page: str = _environment().get_template(TEMPLATE).render({**content(outcome, summary), "sensitivity": sensitivities.content(sensitivity)})
    return page.encode()


def _environment() -> Any:
    from jinja2 import Environment, FileSystemLoader

    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    for name in ("number", "orders", "percent", "share", "change", "interval", "ends", "middle", "breakable", "ids", "unit", "time", "plain_name"):
        environment.filters[name] = getattr(words, name)
    environment.filters["step_words"] = curves.step_words
    return environment


def content(outcome: Outcome, summary: dict[str, Any]) -> dict[str, Any]:
    """Everything the template prints."""
    rows = sections.parameters(summary)
    cited, unsourced = sections.references(outcome, summary)
    return {
        "summary": summary,
        "verdict": summary["verdict"],
        "least_change": words.LEAST_CHANGE,
        "symbol": sections.SYMBOL.get(summary["verdict"]["call"], "?"),
        "story": outcome.scenario.story,
        "question": sections.question(outcome, summary),
        "sentence": sections.verdict(summary),
        "levers": sections.levers(outcome, summary),
        "reports": sections.reports(outcome, summary),
        "headline": culture.headline(outcome, summary) if culture.is_culture(outcome) else sections.headline(summary),
        "is_culture": culture.is_culture(outcome),
        "per_cell": culture.PER_CELL[culture.is_culture(outcome)],
        "decided": culture.DECIDED[culture.is_culture(outcome)],
        "sizes": sizes(outcome, summary),
        "chain": chain(outcome, summary),
        "tornado": tornado(summary, culture.DECIDED[culture.is_culture(outcome)]),
        "rivals": sections.rivals(summary),
        "places": places(outcome),
        "arms": sections.arms(summary),
        "asked_in_words": curves.observable_words(outcome, summary["question"]["readout"]),
        "parameters": rows,
        "counts": sections.counts(rows),
        "claims": [item for item in summary.get("evidence", []) if "quote" in item],
        "cited": cited,
        "unsourced": unsourced,
        "provenance": sections.provenance_rows(outcome, summary),
    }


def sizes(outcome: Outcome, summary: Data) -> dict[str, Any]:
    """Curves of tumour volume or cells and of the readout, with their table."""
    groups, readout = curves.size_groups(outcome), curves.readout_bands(outcome)
    name = curves.observable_words(outcome, curves.size_readout(outcome))
    asked = _asked_level(outcome, summary)
    worst, where = curves.largest_difference(outcome)
    label = f"Curves over time: {name} of all arms with 5 to 95 % bands, and the readout of the question; values in the table below."
    figure = figures.size_and_readout(groups, readout, asked, (name, curves.observable_words(outcome, summary["question"]["readout"])), label) if groups else None
    return {
        "figure": figure, "name": name, "groups": groups, "unit": groups[0].band.unit if groups else "", "overlap": len(groups) == 1,
        "worst": worst, "where": where, "same_within": curves.SAME_WITHIN,
        "table": [(g.legend, sections.checkpoints(g.band)) for g in groups],
        "readout": [(b.label, b.unit, sections.checkpoints(b)) for b in readout],
    }  # fmt: skip


def _asked_level(outcome: Outcome, summary: Data) -> float | None:
    """The level of the readout that is asked: the control's median, changed."""
    question = outcome.scenario.question
    control = outcome.ensembles[control_of(question.arm, outcome.scenario)]
    if not control.has(question.readout):
        return None
    middle = curves.observed(control, question.readout, "").middle[control.at(question.at)]
    return float(middle) * (1.0 + float(summary["question"]["change"]))


def chain(outcome: Outcome, summary: Data) -> dict[str, Any]:
    """The chain of custody: figures and tables, the question's arm first."""
    asked = summary["question"]["arm"]
    quantity = curves.quantity_of(summary["arms"][asked])
    chains = [curves.chain(arm, told, quantity) for arm, told in summary["arms"].items()]
    mine = next(c for c in chains if c.arm == asked)
    medians = {arm: found for arm, rows in outcome.rows.items() if (found := curves.total_medians(rows, quantity)) and any(v > 0 for v in found.values())}
    others = [arm for arm in summary["arms"] if arm != asked]
    return {
        "quantity": "copies" if quantity == "copies_per_cell" else "particles",
        "figure": figures.waterfall(mine, f"Chain of custody of {mine.label}: {quantity.replace('_', ' ')} at every step, median and 5 to 95 %; values in the custody table.")
        if mine.drawable
        else None,
        "others": figures.arms_chains(chains, medians, asked, "Medians of every step in the other arms; values in their custody tables.")
        if asked in medians and len(medians) > 1
        else None,
        "asked": sections.custody(outcome, summary, asked),
        "tables": [sections.custody(outcome, summary, arm) for arm in others],
        "cells": sections.single_cells(summary),
    }


def tornado(summary: Data, decided: str = culture.DECIDED[False]) -> dict[str, Any]:
    """The parameters that decide, and how much of the spread rests on no measurement."""
    rows = [row for row in summary["verdict"].get("tornado", []) if row.get("correlation") is not None]
    return {
        "figure": figures.tornado(
            rows, sections.chance(summary), f"Rank correlation of the deciding parameters with {decided}, coloured by what they rest on; values in the table below.", decided
        )
        if rows
        else None,
        "rows": rows,
        "unmeasured": summary.get("unmeasured_share"),
        "unverified": summary.get("unverified_share"),
    }


def places(outcome: Outcome) -> dict[str, Any]:
    """Where the particles (or the label) of the question's arm are over time."""
    kind, found, unit, least = _panels(outcome)
    drawn = any(np.max(band.high) > least for panel in found for band in panel.bands)
    label = f"Small panels over time: {kind} in the question's arm, median and 5 to 95 %; values in the table below."
    figure: Markup | None = figures.panels("places", found, unit, label, least) if drawn else None
    rows = [(panel.title, band.label, band.unit, *sections.peak(band), band.at(-1)) for panel in found for band in panel.bands]
    last = words.time(float(found[0].bands[0].times[-1])) if rows else ""
    return {"kind": kind, "figure": figure, "rows": rows, "last": last, "label": curves.label_of(outcome, outcome.scenario.question.arm), "least": least}


def _panels(outcome: Outcome) -> tuple[str, list[curves.Panel], str, float]:
    """What is shown: a donor culture, a well, label signals, or particles by organ."""
    if culture.is_culture(outcome):
        return "vesicles of the donor by the route that made them", culture.panels(outcome), "per donor cell", 0.0
    if well := curves.well_panels(outcome):
        return "particles in the medium and arrival at the cells", well, "particles per recipient cell (EV/cell)", 0.0
    if signals := curves.signal_panels(outcome):
        return "label signal by organ and its states", signals, LABEL_UNIT, figures.LEAST_PARTICLES
    return "particles by organ", curves.organ_panels(outcome), PARTICLE_UNIT, figures.LEAST_PARTICLES
