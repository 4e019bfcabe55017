"""Commands that look at a scenario without a full run: one trajectory, other tools' formats, sensitivity."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vesicle.cli.options import Json, pair

Changes = Annotated[list[str] | None, typer.Option("--set", help="Change the scenario: path=value. May be repeated.")]
Arm = Annotated[str | None, typer.Option(help="One arm.")]


def export_command(
    source: Annotated[str, typer.Argument(metavar="SCENARIO_OR_RUN", help="A shipped scenario, a YAML file, or a run folder.")],
    format: Annotated[str, typer.Option(help="sbml, antimony, omex, petab or ro-crate.")] = "sbml",
    arm: Arm = None,
    out: Annotated[Path | None, typer.Option(help="File or folder; named after the scenario by default.")] = None,
    change: Changes = None,
    data: Annotated[Path | None, typer.Option(help="Own measurements for petab: a table of arm, readout, time_h, value, sd.")] = None,
    json: Json = False,
) -> None:
    """Write a scenario, or what a run was made from, in another tool's format."""
    from vesicle import api
    from vesicle.cli import show

    written = api.export(source, format, out, arm=arm, changes=dict(pair(text) for text in change or []), data=data)
    show.table(written, ("file", "bytes", "sha256"), json)


def simulate_command(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario or a YAML file.")],
    arm: Arm = None,
    readout: Annotated[list[str] | None, typer.Option(help="A readout; all by default. May be repeated.")] = None,
    until: Annotated[str | None, typer.Option(help="Another duration, like '48 h'.")] = None,
    change: Changes = None,
    keep: Annotated[bool, typer.Option(help="Keep the assembled arm for the next time.")] = True,
    json: Json = False,
) -> None:
    """One arm, once, with nominal values: readout, unit, time and value as a table."""
    from vesicle.api.simulation import simulate

    rows = simulate(scenario, arm or "", changes=dict(pair(text) for text in change or []), until=until, keep=keep).rows(*readout or ())
    if json:
        _print_json(rows)
        return
    sys.stdout.write("readout\tunit\ttime_h\tvalue\n")
    sys.stdout.writelines(f"{row['readout']}\t{row['unit']}\t{row['time_h']:g}\t{row['value']:.6g}\n" for row in rows)


def sensitivity_command(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario or a YAML file.")],
    readout: Annotated[str | None, typer.Option(help="change, held, or a readout of the arm; the question's change by default.")] = None,
    method: Annotated[str, typer.Option(help="local, morris or sobol.")] = "local",
    samples: Annotated[int | None, typer.Option(help="Base points of sobol (a power of two), paths of morris.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the points.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Worker processes; all processors by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the table and the figure.")] = None,
    change: Changes = None,
    json: Json = False,
) -> None:
    """Which parameters decide a readout: elasticities, Morris screening, or Sobol indices with intervals."""
    from vesicle import api
    from vesicle.cli import show

    changes = dict(pair(text) for text in change or [])
    with show.progress() as report:
        found = api.sensitivity(scenario, method, readout=readout, samples=samples, seed=seed, workers=workers, out=out, changes=changes, progress=report)
    if json:
        _print_json(found.document)
        return
    show.sensitivity(found)


def _print_json(document: Any) -> None:
    from json import dumps

    sys.stdout.write(dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def add_to(app: typer.Typer) -> None:
    """Put these commands into the program."""
    for name, command in (("simulate", simulate_command), ("export", export_command), ("sensitivity", sensitivity_command)):
        app.command(name)(command)
