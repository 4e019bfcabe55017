"""What an importer is, and what kinds of rows importers make.

Names are normalised on the way in and the source's own word is kept beside them (``as_written``): genes to
approved HGNC symbols, human miRNAs to miRBase 22. A name that leads to nothing, or to several things, stays as it is
written and its identifier stays empty; it is never guessed.
"""

from __future__ import annotations

import functools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from vesicle.errors import SchemaError
from vesicle.evidence import genes, names
from vesicle.reading import Layout, Table
from vesicle.units import number

Watch = Callable[[int], None]
Cells = tuple[str | int | float | None, ...]
HUMAN = frozenset({"homo sapiens", "hsa", "human", "9606", ""})


@dataclass(frozen=True)
class Kind:
    """One kind of normalised rows.

    Attributes
    ----------
    name : what a row is about.
    columns : name -> ``text``, ``integer`` or ``number``.
    indexed : columns whose words are found by text search; none for tables of numbers.
    """

    name: str
    columns: Mapping[str, str]
    indexed: tuple[str, ...] = ()


TEXT, INTEGER, NUMBER = "text", "integer", "number"
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "mirna_target",
            {"mirna": TEXT, "accession": TEXT, "target": TEXT, "evidence": TEXT, "functional": TEXT, "experiments": TEXT, "sites": INTEGER, "pmids": TEXT, "as_written": TEXT},
            ("mirna", "target", "evidence", "experiments", "as_written"),
        ),
        Kind(
            "signed_edge",
            {"source": TEXT, "target": TEXT, "sign": INTEGER, "kind": TEXT, "confidence": TEXT, "pmids": TEXT, "as_written": TEXT},
            ("source", "target", "kind", "as_written"),
        ),
        Kind(
            "vesicle_cargo",
            {"cargo": TEXT, "cargo_type": TEXT, "identifier": TEXT, "species": TEXT, "experiment": TEXT, "methods": TEXT, "as_written": TEXT},
            ("cargo", "cargo_type", "species", "methods", "as_written"),
        ),
        Kind(
            "vesicle_study",
            {"study": TEXT, "sample": TEXT, "species": TEXT, "source": TEXT, "disease": TEXT, "state": TEXT, "vesicle_type": TEXT, "isolation": TEXT, "pmid": TEXT, "title": TEXT},
            ("study", "sample", "species", "source", "disease", "vesicle_type", "isolation", "title"),
        ),
        Kind("vesicle_profile", {"mirna": TEXT, "accession": TEXT, "sample": TEXT, "value": NUMBER, "unit": TEXT, "as_written": TEXT}),
        Kind("expression", {"gene": TEXT, "identifier": TEXT, "sample": TEXT, "value": NUMBER, "unit": TEXT, "as_written": TEXT}),
        Kind(
            "mirna_disease",
            {"mirna": TEXT, "accession": TEXT, "disease": TEXT, "category": TEXT, "causal": TEXT, "pmids": TEXT, "as_written": TEXT},
            ("mirna", "disease", "category", "as_written"),
        ),
        Kind(
            "gene_name",
            {"symbol": TEXT, "hgnc": TEXT, "name": TEXT, "aliases": TEXT, "previous": TEXT, "entrez": TEXT, "uniprot": TEXT, "ensembl": TEXT, "locus": TEXT},
            ("symbol", "name", "aliases", "previous"),
        ),
        Kind("mirna_name", {"accession": TEXT, "name": TEXT, "first_version": TEXT, "last_version": TEXT}, ("accession", "name")),
        Kind(
            "retraction",
            {"title": TEXT, "doi": TEXT, "pmid": TEXT, "nature": TEXT, "date": TEXT, "notice_doi": TEXT, "notice_pmid": TEXT, "reason": TEXT},
            ("title", "nature", "reason"),
        ),
    )
}


class Importer(ABC):
    """One published format.

    Class attributes
    ----------------
    name : the word on the command line.
    title, homepage : the database.
    terms : its terms as it states them; ``licence_class`` is their class (permissive, copyleft, restricted).
    makes : the kind of row, a key of :data:`KINDS`.
    layout : what its files look like beside plain cells.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    homepage: ClassVar[str] = ""
    terms: ClassVar[str]
    licence_class: ClassVar[str]
    makes: ClassVar[str]
    layout: ClassVar[Layout] = Layout()

    @abstractmethod
    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """Normalised rows, with the columns of the kind in their order.

        Raises
        ------
        InputError
            At the first line that does not hold, with its place.
        """


@functools.lru_cache(maxsize=100_000)
def mirna(text: str) -> tuple[str, str]:
    """Name and accession of a human miRNA; as written and empty where the name is ambiguous or unknown."""
    found = names.candidates(text)
    return (found[0].name, found[0].accession) if len(found) == 1 else (text, "")


@functools.lru_cache(maxsize=100_000)
def stem(text: str) -> tuple[str, str]:
    """As :func:`mirna`, of a name that never tells the arm (a precursor, a stem): with two arms it stays as written."""
    arms = {found.accession for arm in ("-5p", "-3p") for found in names.candidates(text + arm)}
    return mirna(text) if len(arms) < 2 else (text, "")


@functools.lru_cache(maxsize=200_000)
def gene(text: str) -> str:
    """The approved symbol of a human gene; as written where it is ambiguous or unknown."""
    return genes.approved(text) or text


@functools.lru_cache(maxsize=200_000)
def node(text: str) -> str:
    """A gene or a miRNA, whichever the name is."""
    if text[:4].lower() in ("hsa-", "mir-", "let-") or text.startswith("MIMAT"):
        return mirna(text)[0]
    return gene(text)


def pmids(text: str) -> str:
    """PubMed numbers of a cell, joined by ``;``; whatever else stands there is left out."""
    words = text.replace(",", ";").replace("|", ";").replace(" ", ";").split(";")
    numbers = (word.rsplit(":", 1)[-1] for word in words)
    return ";".join(dict.fromkeys(word for word in numbers if word.isdigit() and word != "0"))


def sign(text: str, where: str) -> int:
    """+1, -1 or 0 (no sign known) of a cell.

    Raises
    ------
    SchemaError
        For anything else.
    """
    if text in ("1", "1.0", "+1", "+"):
        return 1
    if text in ("-1", "-1.0", "-"):
        return -1
    if text in ("0", "0.0", "", "NA"):
        return 0
    value = number(text, where)  # some tables give a weight
    if not -1 <= value <= 1:
        raise SchemaError(f"{where}'{text}' is no sign; expected 1, -1, 0, or a weight between -1 and 1.")
    return (value > 0) - (value < 0)


def place(table: Table, line: int, column: str) -> str:
    """``file:line: column 'x': `` for the start of a message."""
    return f"{table.path.name}:{line}: column '{column}': "
