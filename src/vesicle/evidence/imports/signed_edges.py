"""Signed, directed interactions as OmniPath, KEGG (as edges), CollecTRI, DoRothEA and TransmiR give them.

Each is a format of its own only in the names of its columns and in its terms. A sign is kept as the table has it; known
wrong signs are corrected when the network is asked (:mod:`vesicle.evidence.priors`), with a note, so that a correction also reaches
tables that were imported before it was known. Interactions without a sign are kept with 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from vesicle.errors import SchemaError
from vesicle.evidence.imports.base import Cells, Importer, Watch, node, place, pmids, sign
from vesicle.reading import Table

SOURCE = ("source_genesymbol", "tf", "source")
TARGET = ("target_genesymbol", "target")
SIGN = ("mor", "sign", "weight", "interaction")
STIMULATES, INHIBITS = ("consensus_stimulation", "is_stimulation"), ("consensus_inhibition", "is_inhibition")
YES, NO = ("1", "1.0", "true"), ("0", "0.0", "false", "na", "")
WANTED = {
    "source": SOURCE,
    "target": TARGET,
    "sign": SIGN,
    "plus": STIMULATES,
    "minus": INHIBITS,
    "confidence": ("confidence",),
    "pmids": ("pubmed_id", "PMID", "references"),
    "relation": ("relation",),
}
OPTIONAL = ("sign", "plus", "minus", "confidence", "pmids", "relation")


class SignedEdges(Importer):
    """OmniPath or any table of source, target and sign."""

    name = "omnipath"
    title = "OmniPath, or any table with source, target and sign"
    homepage = "https://omnipathdb.org"
    terms = "each resource its own; some academic only"
    licence_class = "restricted"
    makes = "signed_edge"
    kind: ClassVar[str] = "signalling"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row an interaction; both signs given at once are two rows."""
        for line, (source, target, mark, plus, minus, confidence, numbers, relation) in table.chosen(WANTED, OPTIONAL, watch):
            for value in _signs(table, line, mark, plus, minus):
                yield node(source), node(target), value, relation or self.kind, confidence, pmids(numbers), f"{source} {target}"


def _signs(table: Table, line: int, mark: str, plus: str, minus: str) -> list[int]:
    if mark or not (plus or minus):
        return [sign(mark, place(table, line, table.header[table.column(SIGN)] if mark else ""))]
    return [+1] * _is_true(table, line, STIMULATES, plus) + [-1] * _is_true(table, line, INHIBITS, minus) or [0]


def _is_true(table: Table, line: int, names: Sequence[str], text: str) -> bool:
    if text.casefold() not in (*YES, *NO):
        raise SchemaError(f"{place(table, line, table.header[table.column(names)])}'{text}' is neither true nor false; expected 1, 0, True or False.")
    return text.casefold() in YES


class Kegg(SignedEdges):
    """KEGG pathways as signed edges."""

    name = "kegg"
    title = "KEGG pathways as edges"
    homepage = "https://www.kegg.jp"
    terms = "academic use; no bulk redistribution without a licence"


class Collectri(SignedEdges):
    """Transcription factor -> gene, collected from the literature."""

    name = "collectri"
    title = "CollecTRI"
    homepage = "https://github.com/saezlab/CollecTRI"
    terms = "GPL-3.0; copies may come without a statement"
    kind = "transcription"


class Dorothea(SignedEdges):
    """Transcription factor -> gene with a confidence from A to E."""

    name = "dorothea"
    title = "DoRothEA"
    homepage = "https://saezlab.github.io/dorothea"
    terms = "GPL-3.0"
    licence_class = "copyleft"
    kind = "transcription"


class Transmir(SignedEdges):
    """Transcription factor -> miRNA."""

    name = "transmir"
    title = "TransmiR"
    homepage = "http://www.cuilab.cn/transmir"
    terms = "none stated"
    kind = "transcription"
