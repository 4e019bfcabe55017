"""``vesicle``: every command is one public call; heavy imports happen inside the commands.

Exit codes: 0 ok, 1 failed, 2 bad input, 3 interrupted (run again to go on).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from vesicle._version import VERSION
from vesicle.cli.evidence import evidence_app
from vesicle.cli.exchange import add_to as add_exchange
from vesicle.cli.fit import add_to as add_fit
from vesicle.cli.options import Json, pair
from vesicle.errors import VesicleError

app = typer.Typer(
    name="vesicle",
    help="The exosome in cancer, executable: evidence, mechanisms, custody, verdicts. Research use only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(evidence_app, name="evidence")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"vesicle {VERSION}")
        raise typer.Exit


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False) -> None:
    """The exosome in cancer, executable: evidence, mechanisms, custody, verdicts. Research use only."""


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario, a YAML file, or a model as SBML.")],
    out: Annotated[Path | None, typer.Option(help="Run folder; results/NAME-HASH by default.")] = None,
    engine: Annotated[str, typer.Option(help="ode (the mean course) or ssa (every event counted).")] = "ode",
    samples: Annotated[int, typer.Option(help="Parameter draws beside the nominal run.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    until: Annotated[str | None, typer.Option(help="Another duration, like '48 h'.")] = None,
    change: Annotated[list[str] | None, typer.Option("--set", help="Change the scenario: path=value. May be repeated.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; all processors by default.")] = None,
    sensitivity: Annotated[str | None, typer.Option(help="Add to the report which parameters decide: local, morris or sobol.")] = None,
    json: Json = False,
) -> None:
    """Run a scenario: custody table, verdict with its gap, run folder with report.html. A model as SBML: its trajectories."""
    from vesicle import api
    from vesicle.cli import show

    changes = dict(pair(text) for text in change or [])
    if api.is_model(scenario):
        show.model_run(api.run_model(scenario, out or "", until=until, changes=changes), json)
        return
    folder = out or api.default_folder(scenario, samples, seed, changes, until, engine)
    with show.progress() as report:
        result = api.run(scenario, folder, engine=engine, samples=samples, seed=seed, workers=workers, changes=changes, until=until, sensitivity=sensitivity, progress=report)
    _print_run(result, json)


@app.command("resume")
def resume_command(
    folder: Annotated[Path, typer.Argument(help="The run folder that was interrupted.")],
    workers: Annotated[int | None, typer.Option(help="Worker processes.")] = None,
    json: Json = False,
) -> None:
    """Go on with an interrupted run."""
    from vesicle import api
    from vesicle.cli import show

    with show.progress() as report:
        result = api.resume(folder, workers=workers, progress=report)
    _print_run(result, json)


def _print_run(result: Any, json: bool) -> None:
    from vesicle.cli import show
    from vesicle.runs.documents import as_json

    if json:
        sys.stdout.write(as_json(result.summary).decode())
    else:
        show.run(result)
    if result.summary["status"] != "ok":
        typer.echo(f"vesicle: {result.summary['status']}; the run is partial.", err=True)
        raise typer.Exit(3)


@app.command("scenarios")
def scenarios_command(json: Json = False) -> None:
    """List the shipped scenarios and the published work that each mimics."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.list_scenarios(), ("name", "title", "mimics", "question"), json)


@app.command("mechanisms")
def mechanisms_command(name: Annotated[str | None, typer.Argument(help="Show one with its equations.")] = None, json: Json = False) -> None:
    """List the mechanisms, or show one with its equations."""
    from vesicle import api
    from vesicle.cli import show

    if name is None:
        show.table(api.list_mechanisms(), ("name", "chapter", "system", "does", "conserves"), json)
    else:
        show.mechanism(name, json)


@app.command("systems")
def systems_command(
    system: Annotated[str, typer.Argument(help="One system, like A5; all by default.")] = "",
    run: Annotated[bool, typer.Option("--run", help="Perform the experiment and its knocked-out twin.")] = False,
    json: Json = False,
) -> None:
    """List the systems that the reviews describe, or show by experiment whether they work."""
    from vesicle import api
    from vesicle.cli import show

    if not run:
        found = api.list_systems(system)
        if system:
            show.tree(found[0], json)
        else:
            rows = found if json else [{**row, "parameters": len(row["parameters"])} for row in found]
            show.table(rows, ("system", "title", "claims", "mechanisms", "parameters", "experiment"), json)
        return
    with show.progress() as report:
        rows = api.run_systems(system, report)
    show.systems(rows, json)


add_exchange(app)
add_fit(app)


TYPER_STOPPED = 130
"""How Typer ends a program on Ctrl-C, without a word."""


def _run_app() -> None:
    """The commands, with Ctrl-C given back as what it is."""
    try:
        app()
    except SystemExit as end:
        if end.code == TYPER_STOPPED:
            raise KeyboardInterrupt from None
        raise


def _stop_once(number: int, frame: FrameType | None) -> None:
    """Ctrl-C ends the program once: pressed again while it ends, it would end with a traceback, and leave workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def main() -> None:
    """Entry point: one sentence and an exit code for every error."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop_once)
    try:
        _run_app()
    except VesicleError as problem:
        typer.echo(f"vesicle: {problem}", err=True)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        typer.echo("vesicle: stopped; run the same command again.", err=True)
        sys.exit(3)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as problem:
        if os.environ.get("VESICLE_DEBUG"):
            raise
        typer.echo(f"vesicle: internal error ({type(problem).__name__}: {problem}); this is a fault of Vesicle, please report it. VESICLE_DEBUG=1 shows where.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
