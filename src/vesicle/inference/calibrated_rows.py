"""What a fit found, as records: rows with the columns of ``measurements.tsv`` and the status ``calibrated``, ready for a person to review.

A row names its data (file and SHA-256 in ``locator``, the experiment in ``source_experiment``), so that nothing that is judged by the same
data uses it (:meth:`vesicle.evidence.library.Library.without_fitted_to`, ``without(experiment=...)``). ``low`` and ``high`` are the ends of the 90 % profile
interval. A parameter whose interval is open gives no row: what the data do not say is not written down as a number. A fit with priors gives no
row at all: its result holds the records of its priors, and as a row beside them it would count them twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from vesicle.errors import InputError
from vesicle.evidence.library import Library, data_mark
from vesicle.evidence.measurement import COLUMNS, CONTEXT, Measurement
from vesicle.reading import check_cell

DIGITS = 4
SPREAD = "_spread_between_subjects"
WITH_PRIORS = "priors took part in the fit, so that a record of its result beside theirs would count them twice; fit without --priors for records"
FEW = "no population was fitted (fewer than five subjects)"
Data = Mapping[str, Any]
Found = tuple[list[dict[str, str]], list[str]]


def rows_of(document: Data, library: Library, experiment: str = "", laboratory: str = "") -> Found:
    """Rows without ids, and why other parameters give none."""
    if document["settings"]["priors"]:
        return [], [WITH_PRIORS]
    found = (_growth if document["what"] == "growth" else _scenario)(document, library)
    data = document["data"]
    fixed = {
        "reference": "calibrated", "locator": f"{data['file']} {data_mark(data['sha256'])}", "status": "calibrated", "spread_status": "calibrated", "level": "uncertainty",
        "role": "input", "source_experiment": experiment or data["file"].partition(".")[0], "laboratory": laboratory,
    }  # fmt: skip
    return [{**dict.fromkeys(COLUMNS, ""), **row, **fixed} for row in found[0]], found[1]


def check_word(text: str, option: str) -> None:
    """Refuse a text that a cell of the table cannot hold.

    Raises
    ------
    InputError
        With the option that gave it.
    """
    if not text.isprintable():
        raise InputError(f"{option} {text!r}: expected one line of text without tabs, because it becomes a cell of calibrated.tsv.")
    check_cell(text, f"{option}: ")


def table(rows: Sequence[Mapping[str, str]], letters: str, first: int) -> bytes:
    """The rows as a table with ids from the given one on."""
    lines = ["\t".join(COLUMNS)]
    lines += ["\t".join({**row, "id": f"{letters}{first + i:04d}"}[c] for c in COLUMNS) for i, row in enumerate(rows)]
    return ("\n".join(lines) + "\n").encode()


def _growth(document: Data, library: Library) -> Found:
    rows, reasons = [], []
    for group in document["groups"]:
        arm = group["arm"] or "all"
        if group["method"] != "population":
            reasons.append(f"arm '{arm}': {FEW}")
            continue
        best = group["laws"][0]
        for parameter in best["parameters"]:
            if "record" not in parameter or parameter.get("held"):
                continue
            if parameter.get("low_90") is None or parameter.get("high_90") is None:
                reasons.append(f"arm '{arm}', {best['law']}: {parameter['name']} is {parameter.get('words', 'not profiled')}")
                continue
            rows.append(_growth_row(document, group, best, parameter))
    return rows, reasons


def _growth_row(document: Data, group: Data, law: Data, parameter: Data) -> dict[str, str]:
    record, settings = parameter["record"], document["settings"]
    points = [parameter["low_90"], parameter["value"], parameter["high_90"]]
    if record["is_spread"]:
        quantity, unit = record["quantity"] + SPREAD, "1"
    else:
        quantity, unit = record["quantity"], record["unit"]
        points = sorted((p / record["factor"]) ** record["power"] for p in points)
    low, value, high = (f"{p:.{DIGITS}g}" for p in points)
    volumes = [v for one in group["data"] for v in one["value"]]
    times = [t for one in group["data"] for t in one["time"]]
    what = "SD of the logarithm between subjects" if record["is_spread"] else "median of subjects"
    size = f"{group['values']} volumes of {min(volumes):.3g} to {max(volumes):.3g} mm3, {min(times):g} to {max(times):g} d"
    beside = _beside(group, law)
    start = f"from {settings['inoculum'][1]:g} mm3 at {settings['inoculum'][0]:g} d" if settings["inoculum"] else "first volume of each subject free"
    at = f"rate at {group['reference_volume']:g} mm3; " if record["quantity"] in ("growth_rate_at_first_volume", "gompertz_initial_growth_rate") else ""
    return {
        "quantity": quantity, "symbol": parameter["name"] if not record["is_spread"] else "", "value": value, "unit": unit, "low": low, "high": high, "distribution": "lognormal",
        "species": settings["species"], "cell": settings["cell"], "method": "in vivo",
        "conditions": f"{what}, {group['subjects']} subjects, {size}, arm '{group['arm']}'; law {law['law']}, {start}",
        "note": f"{at}fitted by `vesicle fit`; low and high are the 90 % profile interval; {beside}; no priors were used",
    }  # fmt: skip


def _beside(group: Data, law: Data) -> str:
    """How the other laws did."""
    if same := [n for n in group["cannot_be_told_apart"] if n != law["law"]]:
        return f"{', '.join(same)} cannot be told apart"
    others = [f"{one['law']} {one['aicc_difference']:.1f}" for one in group["laws"][1:] if one["aicc_difference"] is not None]
    return f"AICc of other laws higher by: {', '.join(others)}" if others else "only this law was fitted"


def _scenario(document: Data, library: Library) -> Found:
    rows, reasons = [], []
    for parameter in document["parameters"]:
        if "quantity" not in parameter:
            continue
        if parameter.get("low_90") is None or parameter.get("high_90") is None:
            reasons.append(f"{parameter['name']} is {parameter['words']}")
            continue
        priors = [r for name in parameter["records"] if isinstance(r := library.by_id.get(name), Measurement)]
        shared = {c: getattr(priors[0], c) for c in CONTEXT if len({getattr(r, c) for r in priors}) == 1} if priors else {}
        low, value, high = (f"{parameter[k]:.{DIGITS}g}" for k in ("low_90", "value", "high_90"))
        kinds = {r.distribution for r in priors}
        arms = ", ".join(dict.fromkeys(f"{c['observable']} in {c['arm']}" for c in document["courses"]))
        rows.append({
            **shared, "quantity": parameter["quantity"], "value": value, "unit": parameter["unit"], "low": low, "high": high,
            "distribution": "logitnormal" if kinds == {"logitnormal"} else "lognormal",
            "conditions": f"fitted in scenario {document['scenario']} to {arms}; {document['values']} values; the other parameters nominal",
            "note": f"{document['method']}; would stand beside {', '.join(parameter['records'])}; low and high are the 90 % profile interval",
        })  # fmt: skip
    return rows, reasons
