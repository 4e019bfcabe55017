"""``vesicle evidence``: what is known, who disagrees, what does not hold, and the user's own records and imports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from vesicle.cli.options import Json, pair

evidence_app = typer.Typer(help="Search, show and check the evidence base; add to it and import databases.", no_args_is_help=True)


@evidence_app.callback()
def _root(
    permissive_only: Annotated[bool, typer.Option("--permissive-only", help="Leave copyleft and restricted tables out (also VESICLE_PERMISSIVE_ONLY=1).")] = False,
) -> None:
    """Search, show and check the evidence base; add to it and import databases."""
    if permissive_only:
        from vesicle.evidence.sources import ask_for_permissive_only

        ask_for_permissive_only()


@evidence_app.command("search")
def search_command(
    words: Annotated[list[str] | None, typer.Argument(help="Words; all must occur.")] = None,
    where: Annotated[list[str] | None, typer.Option("--where", help="Only claims with field=words, like phenotype=tumor_growth or sign=-. May be repeated.")] = None,
    limit: int = 20,
    json: Json = False,
) -> None:
    """Find claims, measurements, references, edges and imported rows by words, or claims by field."""
    from vesicle import api
    from vesicle.cli import show

    fields = dict(pair(text, "--where", "field=words, like --where phenotype=tumor_growth") for text in where or [])
    show.table(api.search_evidence(" ".join(words or []), limit, fields), ("id", "kind", "text", "where"), json)


@evidence_app.command("show")
def show_command(name: Annotated[str, typer.Argument(help="An id like C-0036, M-0037 or E-0001, a reference key, or the id of an imported row.")], json: Json = False) -> None:
    """Show one record, what it rests on, and who uses it."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.show_evidence(name), json)


@evidence_app.command("stats")
def stats_command(json: Json = False) -> None:
    """Count claims per review, section and system, what was checked, and what the core holds."""
    from vesicle import api
    from vesicle.cli import show

    show.tree(api.evidence_stats(), json)


@evidence_app.command("audit")
def audit_command(json: Json = False) -> None:
    """List every claim whose citation, identifier or wording does not hold."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.evidence_audit(), ("record", "kind", "reason", "locator", "reference"), json)


@evidence_app.command("conflicts")
def conflicts_command(topic: Annotated[str, typer.Argument(help="Words of the outcome, like 'tumour growth'; all by default.")] = "", json: Json = False) -> None:
    """Show where comparable vesicles are said to do opposite things, and what separates the sides."""
    from vesicle import api
    from vesicle.cli import show

    show.conflicts(api.evidence_conflicts(topic), json)


@evidence_app.command("retractions")
def retractions_command(json: Json = False) -> None:
    """List retracted and corrected works and the records that rest on them."""
    from vesicle import api
    from vesicle.cli import show

    none = "no work of the base is marked; `vesicle evidence import retraction-watch FILE` reads a table of notices."
    show.table(api.evidence_retractions(), ("reference", "state", "enters_predictions", "claims", "measurements", "citation"), json, none)


@evidence_app.command("sources")
def sources_command(json: Json = False) -> None:
    """List every shipped, imported and importable table with its terms and whether it is used now."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.evidence_sources(), ("name", "state", "licence_class", "used", "terms", "what"), json)


@evidence_app.command("edges")
def edges_command(name: Annotated[str, typer.Argument(help="A gene, miRNA, chemical or phenotype, like p53 or angiogenesis.")], json: Json = False) -> None:
    """List signed edges from and to a node, each with its origin."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.evidence_edges(name), ("source", "sign", "target", "kind", "context", "pmids", "status", "origin", "note"), json)


@evidence_app.command("targets")
def targets_command(mirna: Annotated[str, typer.Argument(help="A miRNA, like miR-21.")], json: Json = False) -> None:
    """List the targets of a miRNA and the genes that were tested and are none."""
    from vesicle import api
    from vesicle.cli import show

    found = api.evidence_targets(mirna)
    if json:
        show.record(found, json)
        return
    for kind, rows in found.items():
        show.heading(f"{kind.replace('_', ' ')}: {len(rows)}")
        if rows:
            show.table(rows, ("target", "evidence", "functional", "pmids", "sites", "origin"), json)


@evidence_app.command("trials")
def trials_command(
    payload: Annotated[str, typer.Option("--payload", help="Words of the payload, like curcumin.")] = "",
    disease: Annotated[str, typer.Option("--disease", help="Words of the indication, like colorectal.")] = "",
    json: Json = False,
) -> None:
    """List trials of vesicles with phase, status at its date, and outcome; the table is no registry."""
    from vesicle import api
    from vesicle.cli import show

    show.table(api.evidence_trials(payload, disease), ("id", "phase", "product", "indication", "status", "outcome", "source"), json)


@evidence_app.command("expression")
def expression_command(
    recipient: Annotated[str, typer.Argument(help="A cell, line or tissue, like 'T cell' or HepG2.")],
    genes: Annotated[list[str] | None, typer.Argument(help="Genes to show.")] = None,
    json: Json = False,
) -> None:
    """Say what a recipient expresses at rest and which sample stands for it."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.evidence_expression(recipient, tuple(genes or ())), json)


@evidence_app.command("export")
def export_command(format_name: Annotated[str, typer.Option("--format", help="tsv, jsonl, indra, cx2, graphml or sif; schema is the JSON Schema of jsonl.")] = "tsv") -> None:
    """Print the claims in a format of the field; claims that do not hold are marked."""
    from vesicle import api

    sys.stdout.write(api.export_evidence(format_name))


@evidence_app.command("resolve")
def resolve_command(name: Annotated[str, typer.Argument(help="A miRNA or gene in any style, like miRNA-21 or PD-L1.")], json: Json = False) -> None:
    """Say which current name a miRNA or gene name leads to; an ambiguous one is refused with its candidates."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.resolve_name(name), json)


@evidence_app.command("check")
def check_command(file: Annotated[Path, typer.Argument(help="A TSV of claims, measurements or references.")], json: Json = False) -> None:
    """Validate your own records; the first problem is named with file, line and column."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.check_evidence(file), json)


@evidence_app.command("add")
def add_command(
    fields: Annotated[list[str], typer.Argument(help="field=value, like source='Smith 2024' quote='...' as_written='...' locator='Fig. 2' system=D1.")], json: Json = False
) -> None:
    """Add one claim of your own; a table of them goes in by `import claims FILE`."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.add_claim(dict(pair(text, "", "field=value, like quote='...'") for text in fields)), json)


@evidence_app.command("import")
def import_command(
    database: Annotated[str, typer.Argument(help="A database of `sources`, or `claims` for a table of your own records.")],
    file: Annotated[Path, typer.Argument(help="The file as the database publishes it; gzip is read.")],
    release: Annotated[str, typer.Option(help="The database's version, for your own record.")] = "",
    json: Json = False,
) -> None:
    """Import a database table, a retraction table or your own records, whole or not at all."""
    from vesicle import api
    from vesicle.cli import show

    with show.progress() as report:
        found = api.import_evidence(database, file, release, report)
    show.record(found, json)


@evidence_app.command("forget")
def forget_command(database: Annotated[str, typer.Argument(help="A database that was imported.")], json: Json = False) -> None:
    """Remove what was imported from a database."""
    from vesicle import api
    from vesicle.cli import show

    show.record(api.forget_import(database), json)
