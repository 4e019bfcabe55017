"""A COMBINE archive: the models of all arms, the simulation that goes with them, and what they are.

A zip with ``manifest.xml``, one SBML file per arm, ``simulation.sedml`` and ``metadata.rdf``. Entries
carry the earliest time that a zip knows, so that equal scenarios give equal bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import ClassVar
from xml.sax.saxutils import escape, quoteattr

from vesicle.formats import sbml_writer, sedml
from vesicle.formats.base import Subject, Writer

SPECIFICATIONS = "http://identifiers.org/combine.specifications/"
KINDS = {".xml": SPECIFICATIONS + "sbml.level-3.version-2", ".sedml": SPECIFICATIONS + "sed-ml.level-1.version-4", ".rdf": SPECIFICATIONS + "omex-metadata"}
MANIFEST = "http://identifiers.org/combine.specifications/omex-manifest"
EARLIEST = (1980, 1, 1, 0, 0, 0)
MASTER = "simulation.sedml"


class Omex(Writer):
    """See the module."""

    format: ClassVar[str] = "omex"
    suffix: ClassVar[str] = ".omex"

    def files(self, subject: Subject) -> dict[str, bytes]:
        models = {arm: f"{arm}.xml" for arm in subject.models}
        inside = {
            **{models[arm]: sbml_writer.document(subject, model) for arm, model in subject.models.items()},
            MASTER: sedml.document(subject, models),
            "metadata.rdf": _metadata(subject).encode(),
        }
        return {f"{subject.name}.omex": archive({"manifest.xml": _manifest(inside).encode(), **inside}, subject.note)}


def archive(files: Mapping[str, bytes], note: str) -> bytes:
    """A zip of files in their order, the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.comment = note.encode()
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o644 << 16, 3
            bundle.writestr(entry, content)
    return buffer.getvalue()


def _manifest(files: Mapping[str, bytes]) -> str:
    lines = ['  <content location="." format="http://identifiers.org/combine.specifications/omex"/>', f'  <content location="./manifest.xml" format="{MANIFEST}"/>']
    for name in files:
        master = ' master="true"' if name == MASTER else ""
        lines.append(f'  <content location={quoteattr("./" + name)} format="{KINDS["." + name.rpartition(".")[2]]}"{master}/>')
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<omexManifest xmlns="http://identifiers.org/combine.specifications/omex-manifest">\n{body}\n</omexManifest>\n'


def _metadata(subject: Subject) -> str:
    """Title, what it mimics and what made it."""
    mimics = subject.scenario.mimics
    described = f"{subject.scenario.title}. Follows {mimics.experiment} {mimics.reference}. {subject.note}. Research use only; not medical advice."
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcterms="http://purl.org/dc/terms/">\n'
        '  <rdf:Description rdf:about=".">\n'
        f"    <dcterms:title>{escape(subject.scenario.title)}</dcterms:title>\n"
        f"    <dcterms:description>{escape(described)}</dcterms:description>\n"
        "    <dcterms:creator>Vesicle</dcterms:creator>\n"
        "  </rdf:Description>\n"
        "</rdf:RDF>\n"
    )
