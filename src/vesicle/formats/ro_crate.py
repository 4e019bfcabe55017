"""RO-Crate 1.1: a run folder described so that an archive can index it.

``ro-crate-metadata.json`` (JSON-LD) lies in the run folder and names every file with its size and
SHA-256, the software and its versions, when the run was made, and the works that its evidence cites.
The licence is that of the evidence that a report quotes.
"""

from __future__ import annotations

import hashlib
import json
import mimetypes
from pathlib import Path
from typing import Any, ClassVar

from vesicle import reading
from vesicle.errors import SchemaError, VesicleError
from vesicle.formats.base import MARK, RunWriter
from vesicle.runs import folder

NAME = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"
LICENCE = {"@id": "https://creativecommons.org/licenses/by/4.0/", "@type": "CreativeWork", "name": "Creative Commons Attribution 4.0 International"}
SOFTWARE_LICENCE = {"@id": "https://www.apache.org/licenses/LICENSE-2.0", "@type": "CreativeWork", "name": "Apache License 2.0"}
KINDS = {".parquet": "application/vnd.apache.parquet", ".tsv": "text/tab-separated-values", ".xml": "application/sbml+xml", ".json": "application/json", ".html": "text/html"}
WORDS = {
    "summary.json": "verdict, custody and readouts with intervals",
    "custody.tsv": "chain of custody, every draw",
    "trajectories.parquet": "readouts over time with quantiles over draws",
    "model.xml": "the network of the question's arm as SBML",
    "run.json": "what made the run",
    "report.html": "the report",
    "sensitivity.json": "sensitivity of the readout to each parameter",
}


class RoCrate(RunWriter):
    """See the module."""

    format: ClassVar[str] = "ro-crate"
    suffix: ClassVar[str] = ".json"

    def file(self, run: Path) -> tuple[str, bytes]:
        return NAME, json.dumps(crate(run), indent=1, ensure_ascii=False).encode() + b"\n"


def crate(run: Path) -> dict[str, Any]:
    """The JSON-LD document of a run folder.

    Raises
    ------
    SchemaError
        If ``run.json`` or ``summary.json`` is not what a run writes.
    """
    made, summary = _document(run / folder.NAME), _document(run / "summary.json")
    try:
        return _graph(run, made, summary)
    except (KeyError, TypeError, AttributeError):
        raise SchemaError(f"{run}: its run.json or summary.json lacks what a run writes; export a folder that `vesicle run` made.") from None


def _graph(run: Path, made: dict[str, Any], summary: dict[str, Any]) -> dict[str, Any]:
    found = [_file(run, path) for path in sorted(run.rglob("*")) if path.is_file() and path.name != NAME]
    works = [{"@id": f"https://doi.org/{e['doi']}", "@type": "ScholarlyArticle", "name": e["citation"]} for e in summary["evidence"] if e.get("doi") and e.get("is_work")]
    software = [
        {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "version": version, **({"license": {"@id": SOFTWARE_LICENCE["@id"]}} if name == "vesicle" else {})}
        for name, version in made["versions"].items()
    ]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": summary["title"],
        "description": f"Run of the scenario {made['scenario']} with {made['samples']} parameter draws, seed {made['seed']}; {summary['notice']}",
        "datePublished": made["made"]["utc"],
        "license": {"@id": LICENCE["@id"]},
        "identifier": made["identity"],
        "hasPart": [{"@id": item["@id"]} for item in found],
        "citation": [{"@id": item["@id"]} for item in works],
        "mentions": [{"@id": "#run"}],
    }
    action = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"vesicle run {made['source']}",
        "description": f"evidence {made['evidence_version']}, scenario {made['scenario_hash']}, changes {json.dumps(made['changes'], sort_keys=True)}",
        "endTime": made["made"]["utc"],
        "instrument": [{"@id": item["@id"]} for item in software],
        "result": [{"@id": item["@id"]} for item in found],
    }
    descriptor = {"@id": NAME, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}, "description": f"Metadata {MARK}"}
    return {"@context": CONTEXT, "@graph": [descriptor, root, action, *found, *software, *works, LICENCE, SOFTWARE_LICENCE]}


def _file(run: Path, path: Path) -> dict[str, Any]:
    name = path.relative_to(run).as_posix()
    content = reading.read_bytes(path)
    kind = KINDS.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    words = {"description": WORDS[name]} if name in WORDS else {}
    return {"@id": name, "@type": "File", "name": name, "contentSize": str(len(content)), "sha256": hashlib.sha256(content).hexdigest(), "encodingFormat": kind, **words}


def _document(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(reading.read_text(path))
    except (VesicleError, ValueError) as problem:
        raise SchemaError(f"{path}: cannot be read as what a run writes ({problem}).") from None
    if not isinstance(found, dict):
        raise SchemaError(f"{path}: expected a JSON object.")
    return found
