"""``vesicle``: every command is one public call; heavy imports happen inside the commands.

Exit codes: 0 ok, 1 failed, 2 bad input, 3 interrupted (run again to go on).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from vesicle._version import VERSION
from vesicle.errors import InputError, UnsupportedFeature, VesicleError

app = typer.Typer(
    name="vesicle",
    help="The exosome in cancer, executable: evidence, mechanisms, custody, verdicts. Research use only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
evidence_app = typer.Typer(help="Search, show and check the evidence base.", no_args_is_help=True)
app.add_typer(evidence_app, name="evidence")

Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else.")]
ENGINES = ("ode",)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"vesicle {VERSION}")
        raise typer.Exit


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False) -> None:
    """The exosome in cancer, executable: evidence, mechanisms, custody, verdicts. Research use only."""


@app.command("run")
def run_command(
    scenario: Annotated[str, typer.Argument(help="A shipped scenario or a YAML file.")],
    out: Annotated[Path | None, typer.Option(help="Run folder; results/NAME-HASH by default.")] = None,
    engine: Annotated[str, typer.Option(help="ode.")] = "ode",
    samples: Annotated[int, typer.Option(help="Parameter draws beside the nominal run.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    until: Annotated[str | None, typer.Option(help="Another duration, like '48 h'.")] = None,
    change: Annotated[list[str] | None, typer.Option("--set", help="Change the scenario: path=value. May be repeated.")] = None,
    workers: Annotated[int | None, typer.Option(help="Worker processes; all processors by default.")] = None,
    json: Json = False,
) -> None:
    """Run a scenario: custody table, verdict with its gap, run folder with report.html."""
    from vesicle import api
    from vesicle.cli import show

    if engine not in ENGINES:
        raise UnsupportedFeature(f"--engine {engine}: not offered yet; this version has {', '.join(ENGINES)}.")
    changes = dict(_change(text) for text in change or [])
    folder = out or api.default_folder(scenario, samples, seed, changes, until)
    with show.progress() as report:
        result = api.run(scenario, folder, samples=samples, seed=seed, workers=workers, changes=changes, until=until, progress=report)
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


def _change(text: str, option: str = "--set", like: str = "path=value, like --set duration='10 d'") -> tuple[str, str]:
    path, sign, value = text.partition("=")
    if not sign or not path.strip():
        raise InputError(f"{option} {text}: expected {like}.")
    return path.strip(), value.strip()


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


@evidence_app.command("search")
def evidence_search(
    words: Annotated[list[str] | None, typer.Argument(help="Words; all must occur.")] = None,
    where: Annotated[list[str] | None, typer.Option("--where", help="Only claims with field=words, like phenotype=tumor_growth or sign=-. May be repeated.")] = None,
    limit: int = 20,
    json: Json = False,
) -> None:
    """Find claims, measurements and references by words, or claims by field."""
    from vesicle import api
    from vesicle.cli import show

    fields = dict(_change(text, "--where", "field=words, like --where phenotype=tumor_growth") for text in where or [])
    show.table(api.search_evidence(" ".join(words or []), limit, fields), ("id", "kind", "text", "where"), json)


@evidence_app.command("show")
def evidence_show(name: Annotated[str, typer.Argument(help="An id like C-0036 or M-0037, or a reference key.")], json: Json = False) -> None:
    """Show one record, what it rests on, and who uses it."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.show_evidence(name), json)


@evidence_app.command("stats")
def evidence_stats(json: Json = False) -> None:
    """Count claims per review, section and system, and what was checked."""
    from vesicle import api
    from vesicle.cli import show

    show.tree(api.evidence_stats(), json)


@evidence_app.command("audit")
def evidence_audit(json: Json = False) -> None:
    """List every claim whose citation, identifier or wording does not hold."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.evidence_audit(), ("record", "kind", "reason", "locator", "reference"), json)


@evidence_app.command("conflicts")
def evidence_conflicts(topic: Annotated[str, typer.Argument(help="Words of the outcome, like 'tumour growth'; all by default.")] = "", json: Json = False) -> None:
    """Show where comparable vesicles are said to do opposite things, and what separates the sides."""
    from vesicle import api
    from vesicle.cli import show

    show.conflicts(api.evidence_conflicts(topic), json)


@evidence_app.command("export")
def evidence_export(format_name: Annotated[str, typer.Option("--format", help="tsv, jsonl, indra, cx2, graphml or sif.")] = "tsv") -> None:
    """Print the claims in a format of the field; claims that do not hold are marked."""
    from vesicle import api

    sys.stdout.write(api.export_evidence(format_name))


@evidence_app.command("resolve")
def evidence_resolve(name: Annotated[str, typer.Argument(help="A miRNA name of any style, like miR-21 or miRNA-21.")], json: Json = False) -> None:
    """Say which current miRNA a name leads to; an ambiguous one is refused with its candidates."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.resolve_mirna(name), json)


@evidence_app.command("check")
def evidence_check(file: Annotated[Path, typer.Argument(help="A TSV of claims, measurements or references.")], json: Json = False) -> None:
    """Validate your own records; the first problem is named with file, line and column."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.check_evidence(file), json)


def main() -> None:
    """Entry point: one sentence and an exit code for every error."""
    try:
        app()
    except VesicleError as problem:
        typer.echo(f"vesicle: {problem}", err=True)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        typer.echo("vesicle: stopped.", err=True)
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
