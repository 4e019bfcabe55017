"""``vesicle fit``: a recorded calibration made again, or parameters fitted to a table of data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vesicle.cli.options import Json, pair

Many = list[str] | None


def fit_command(
    scenario: Annotated[str, typer.Argument(metavar="[SCENARIO]", help="A scenario or 'growth', with DATA; without DATA a recorded calibration.")] = "secretion",
    data: Annotated[Path | None, typer.Argument(metavar="[DATA]", help="A table with time, value and units; arm, subject, observable, censored, sd as needed.")] = None,
    free: Annotated[Many, typer.Option(help="A parameter of the scenario to fit. May be repeated.")] = None,
    law: Annotated[Many, typer.Option(help="A law of growth: exponential, exponential_linear, gompertz, logistic, hahnfeldt. May be repeated; the first four by default.")] = None,
    arm: Annotated[Many, typer.Option(help="An arm of the table; all by default. May be repeated.")] = None,
    error: Annotated[str, typer.Option(help="Error of a value: both, proportional or additive.")] = "",
    priors: Annotated[bool, typer.Option("--priors", help="Let the records of the parameters take part (maximum a posteriori).")] = False,
    inoculum: Annotated[str, typer.Option(help="Growth from a known start, like '0 d=1 mm3'.")] = "",
    species: Annotated[str, typer.Option(help="Species, for priors and records.")] = "",
    cell: Annotated[str, typer.Option(help="Cell or tumour, for priors and records.")] = "",
    time_unit: Annotated[str, typer.Option(help="Unit of times that state none.")] = "",
    value_unit: Annotated[str, typer.Option(help="Unit of values that state none.")] = "",
    starts: Annotated[int, typer.Option(help="Starts of the search.")] = 3,
    seed: Annotated[int, typer.Option(help="Seed of the starts.")] = 1,
    held_out: Annotated[int, typer.Option(help="Last values of each subject to predict from the others.")] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder for fit.json, calibrated.tsv and report.html.")] = None,
    first_id: Annotated[str, typer.Option(help="Id of the first row of calibrated.tsv.")] = "",
    experiment: Annotated[str, typer.Option(help="Name of the experiment, for the rows; the file's by default.")] = "",
    laboratory: Annotated[str, typer.Option(help="Laboratory key, for the rows.")] = "",
    change: Annotated[Many, typer.Option("--set", help="Change the scenario: path=value. May be repeated.")] = None,
    json: Json = False,
) -> None:
    """Fit parameters to data, with profiles, comparison of laws and held-out values; without DATA make a recorded calibration again."""
    from vesicle import api
    from vesicle.cli import show

    if data is None:
        show.calibration(api.fit(scenario), json)
        return
    options: dict[str, Any] = {
        "free": free or (), "laws": law or (), "arms": arm or (), "error": error, "priors": priors, "inoculum": inoculum, "species": species, "cell": cell,
        "time_unit": time_unit, "value_unit": value_unit, "starts": starts, "seed": seed, "held_out": held_out, "out": out, "first_id": first_id,
        "experiment": experiment, "laboratory": laboratory, "changes": dict(pair(text) for text in change or []),
    }  # fmt: skip
    with show.progress() as report:
        found = api.fit_data(scenario, data, progress=report, **options)
    if json:
        from vesicle.runs.documents import as_json

        sys.stdout.write(as_json(found.document).decode())
        return
    for line in lines(found.document):
        typer.echo(line)
    typer.echo(f"{len(found.rows)} calibrated records" + (f" and the report in {out}." if out else "; --out DIR writes them with a report."))


def lines(document: dict[str, Any]) -> list[str]:
    """A fit as sentences."""
    out = []
    groups = document["groups"] if document["what"] == "growth" else []
    for group in groups:
        out += ["", f"Arm '{group['arm'] or 'all'}': {group['subjects']} subjects, {group['values']} values, {group['method']}.", group["comparison"]]
        for law in group["laws"]:
            if law["law"] in group["cannot_be_told_apart"]:
                score = f"AICc {law['aicc']}" if law["aicc"] is not None else "too few values for AICc"
                out += [f"  {law['law']} ({score}, {law['starts_agreeing']} of {law['starts']} starts agree)"]
                out += [f"    {p['name']}: {p['words']}" for p in law["parameters"] if p.get("words")]
                out += [f"    {note}" for note in law["notes"]]
        out.append(f"  Held out: {_held_out(group['held_out'])}")
    if document["what"] == "scenario":
        out += [
            f"{document['scenario']}: {document['method']}, {document['values']} values; -2 ln L {document['minus_2_ln']}, "
            f"with nominal values {document['minus_2_ln_at_nominal'] if document['minus_2_ln_at_nominal'] is not None else 'it cannot be computed'}."
        ]
        out += [f"  {p['name']}: {p.get('words') or p['value']}" + (f" (nominal {p['nominal']})" if "nominal" in p else "") for p in document["parameters"]]
        out.append(f"  Held out: {document['held_out']['words']}")
    return out + [f"  No record: {reason}" for reason in document["rows_left_out"]]


def _held_out(found: dict[str, Any]) -> str:
    if not found["values"]:
        return str(found["words"])
    from vesicle.inference.growth.held_out import fold

    told = [f"{name} {fold(one)}" + (f" ({one['inside_90']} of {one['of']} inside 90 %)" if one["inside_90"] is not None else "") for name, one in found["predictions"].items()]
    return f"{found['values']} values; median error: {', '.join(told)}; an internal check, not a validation."


def add_to(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("fit")(fit_command)
