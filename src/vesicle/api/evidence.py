"""The evidence base: search, show, disagreements, faults, the user's own records and imports, prior networks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vesicle.errors import InputError, Interrupted, unknown_name
from vesicle.evidence.claim import Claim, Reference
from vesicle.evidence.measurement import Measurement
from vesicle.evidence.own import current

OWN = "claims"
Progress = Callable[[int, int, str], None]


def search_evidence(words: str, limit: int = 20, fields: Mapping[str, str] | None = None) -> list[dict[str, str]]:
    """Claims, measurements, references, core edges and imported rows that contain the words, best first; with ``fields`` only claims that match them.

    Records of the base come before imported rows.

    Raises
    ------
    UnknownName
        For a field that claims do not have.
    InputError
        For a limit below 1.
    """
    from vesicle.evidence.search import by_fields, search, search_imports

    if limit < 1:
        raise InputError(f"--limit {limit}: expected at least 1.")
    if not fields:
        found = search(current(), words, limit)
        return found + search_imports(words, limit - len(found))
    claims = {claim.id: claim for claim in by_fields(current(), fields)}
    ranked = [row["id"] for row in search(current(), words, None)] if words else list(claims)
    return [{"id": name, "kind": "claim", "text": claims[name].as_written, "where": f"{claims[name].source}, {claims[name].locator}"} for name in ranked if name in claims][:limit]


def show_evidence(name: str) -> dict[str, Any]:
    """One record with the chain from claim over quotation and reference to the mechanisms and scenarios that use it.

    Raises
    ------
    UnknownName
        With the nearest id, or the successor of a withdrawn one.
    """
    from vesicle.evidence.priors.edges import core
    from vesicle.evidence.search import imported_row

    if ":" in name:
        return imported_row(name)
    edges = {edge.id: edge for edge in core()}
    if name in edges:
        return asdict(edges[name])
    record = current().show(name)
    out: dict[str, Any] = {k: v for k, v in asdict(record).items() if v not in ("", None) and k != "where"}
    if isinstance(record, Claim):
        return {**out, **_chain(record)}
    if isinstance(record, Reference):
        return {**out, **_resting_on(record.key)}
    return {**out, **_users_of(record)}


def _chain(claim: Claim) -> dict[str, Any]:
    """What a claim rests on and who uses it."""
    from vesicle.evidence.terms import identifiers
    from vesicle.mechanisms import all_mechanisms

    works = [current().by_id.get(key) for key in claim.references]
    return {
        "identifiers": identifiers(claim),
        "cited": [f"{w.key}: {w.citation} (PMID {w.pmid}, doi {w.doi}; retraction: {w.retraction})" for w in works if isinstance(w, Reference)],
        "used_by_mechanisms": [name for name, kind in all_mechanisms().items() if claim.id in kind.claims],
        "used_by_scenarios": _scenarios(claim.id),
    }


def _resting_on(key: str) -> dict[str, Any]:
    return {
        "claims": [c.id for c in current().claims if key in c.references],
        "measurements": [m.id for m in current().measurements if m.reference == key],
    }


def _users_of(record: Measurement) -> dict[str, Any]:
    from vesicle.mechanisms import all_mechanisms

    mechanisms = [name for name, kind in all_mechanisms().items() if record.quantity in kind.quantities and record.role == "input"]
    work = current().by_id.get(record.reference)
    cited = [f"{work.citation} (PMID {work.pmid}, doi {work.doi}; retraction: {work.retraction})"] if isinstance(work, Reference) else []
    return {"cited": cited, "used_by_scenarios": _scenarios(record.id), "used_by_mechanisms": mechanisms}


def _scenarios(name: str) -> list[str]:
    from vesicle.model import scenario_file

    return [s for s in scenario_file.shipped_names() if name in scenario_file.load(s).mimics.claims]


def evidence_stats() -> dict[str, Any]:
    """Claims per review, section, system and mismatch kind; measurements per status and role; references checked; the core."""
    from vesicle.evidence.priors.statistics import core_stats
    from vesicle.evidence.quotes import unfound
    from vesicle.evidence.stats import stats

    return {**stats(current()), "quotes_not_found": unfound(current()), "core": core_stats()}


def evidence_audit() -> list[dict[str, Any]]:
    """Every claim whose citation, identifier or wording does not hold, with kind and reason."""
    from vesicle.evidence.audit import audit

    return [finding.as_dict() for finding in audit(current())]


def evidence_conflicts(topic: str = "") -> list[dict[str, Any]]:
    """Questions that comparable vesicles answer with opposite or zero signs, and what separates the sides."""
    from vesicle.evidence.conflicts import conflicts

    return [conflict.as_dict() for conflict in conflicts(current(), topic)]


def evidence_retractions() -> list[dict[str, Any]]:
    """Retracted and corrected works and the records that rest on them."""
    from vesicle.evidence.retractions import report

    return report(current())


def evidence_sources() -> list[dict[str, Any]]:
    """Every shipped, imported and importable table with its terms, class and whether it is used now."""
    from vesicle.evidence.imports.listing import sources

    return sources()


def evidence_edges(name: str) -> list[dict[str, Any]]:
    """Signed edges from and to a gene, miRNA, chemical or phenotype, each with its origin."""
    from vesicle.evidence.priors import edges_of

    return [asdict(edge) for edge in edges_of(name)]


def evidence_trials(payload: str = "", disease: str = "") -> list[dict[str, Any]]:
    """Trials whose payload and indication hold some words, each status with its date.

    Raises
    ------
    UnknownName
        For a payload or a disease of which no trial is recorded.
    """
    from vesicle.evidence.trials import find

    return [trial.as_dict() for trial in find(payload, disease)]


def evidence_targets(mirna: str) -> dict[str, list[dict[str, Any]]]:
    """Targets of a miRNA, its tested negatives, and the pairs that are both.

    Raises
    ------
    UnknownName
        For an ambiguous or unknown name.
    """
    from vesicle.evidence.priors import targets_of

    return {kind: [asdict(target) for target in found] for kind, found in targets_of(mirna).items()}


def evidence_expression(recipient: str, genes: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a recipient expresses at rest, and which sample stands for it.

    Raises
    ------
    UnknownName
        For an unknown recipient.
    """
    from vesicle.evidence.genes import resolve
    from vesicle.evidence.priors import expression_in, stands_for

    values = expression_in(recipient)
    wanted = [resolve(name).symbol for name in genes]
    return {**asdict(stands_for(recipient)), "genes": len(values), "expression": {name: values.get(name) for name in wanted}}


def export_evidence(format_name: str) -> str:
    """The claims in a format of the field: tsv, jsonl, indra, cx2, graphml or sif; ``schema`` is the JSON Schema of jsonl.

    Raises
    ------
    UnknownName
        For another format.
    """
    from vesicle.evidence.export import FORMATS

    if format_name not in FORMATS:
        raise unknown_name("format", format_name, FORMATS)
    return FORMATS[format_name](current())


def resolve_name(name: str) -> dict[str, Any]:
    """The current name and identifier that the name of a miRNA or a gene leads to.

    Raises
    ------
    UnknownName
        For an ambiguous or unknown name, with the candidates.
    """
    from vesicle.evidence import genes, names

    return asdict(genes.resolve(name) if not names.is_mirna(name) else names.resolve(name))


def check_evidence(path: str | Path) -> dict[str, Any]:
    """Validate a user's table of claims, measurements or references.

    Raises
    ------
    InputError
        At the first record that does not hold.
    """
    from vesicle.evidence.library import check_file

    kind, count = check_file(Path(path))
    return {"file": str(path), "kind": kind, "records": count, "status": "ok"}


def add_claim(fields: Mapping[str, str]) -> dict[str, Any]:
    """Add one claim of the user's own; its id is the next free one.

    Raises
    ------
    InputError
        If the claim does not hold; then nothing was added.
    """
    from vesicle.evidence import own

    return {name: cell for name, cell in own.add_claim(fields).items() if cell}


def import_evidence(database: str, path: str | Path, release: str = "", progress: Progress | None = None) -> dict[str, Any]:
    """Import a database table, a retraction table, or (``claims``) a table of own records, whole or not at all.

    Parameters
    ----------
    database : an importer as listed by :func:`evidence_sources`, or ``claims``.
    path : the file, compressed with gzip or not.
    release : the database's version, as the user knows it.

    Raises
    ------
    InputError
        At the first line that does not hold, with its place; then nothing was imported.
    """
    from vesicle.evidence import own
    from vesicle.evidence.imports.store import import_table

    file = Path(path)
    if database == OWN:
        if release:
            raise InputError(f"--release {release}: own records have no release; leave it out.")
        return own.import_records(file)
    size = _size(file)
    watch = (lambda done: progress(min(done, size), size, file.name)) if progress and size else None
    try:
        found = asdict(import_table(database, file, release, watch))
    except KeyboardInterrupt:
        raise Interrupted(f"{file.name}: stopped; nothing of it was imported. Import it again.") from None
    return {name: found[name] for name in ("importer", "makes", "rows", "file", "sha256", "release", "licence_class", "terms", "utc", "folder")}


def _size(file: Path) -> int:
    """Bytes of a file, 0 where there is none to be read."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0


def forget_import(database: str) -> dict[str, Any]:
    """Remove what was imported from a database.

    Raises
    ------
    UnknownName
        For an unknown database.
    """
    from vesicle.evidence.imports.store import forget

    return {"importer": database, "removed": forget(database)}
