"""Expression baselines: Human Protein Atlas, wide (a column per tissue or cell line) or long (one value per line).

Values are kept as published (NX, nTPM); a gene that is missing for a sample is unknown, a zero is a measured zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch, gene, place
from vesicle.reading import Table
from vesicle.units import number

ENSEMBL = ("GeneID", "Gene", "Ensembl")
SYMBOL = ("symbol", "Gene name")
SAMPLE = ("Tissue", "Cell line", "Cell type", "Sample", "Immune cell", "Blood cell", "Brain region")
VALUES = ("nTPM", "NX", "pTPM", "TPM")


class ProteinAtlas(Importer):
    """RNA per gene and tissue, blood cell or cell line."""

    name = "hpa"
    title = "Human Protein Atlas, RNA"
    homepage = "https://www.proteinatlas.org"
    terms = "CC-BY-SA 3.0 or 4.0, by release"
    licence_class = "copyleft"
    makes = "expression"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row per gene and sample."""
        if table.column(SAMPLE) >= 0:
            yield from self._long(table, watch)
        else:
            yield from self._wide(table, watch)

    def _long(self, table: Table, watch: Watch | None) -> Iterator[Cells]:
        unit = next((name for name in VALUES if table.column((name,)) >= 0), VALUES[0])
        wanted = {"ensembl": ENSEMBL, "symbol": SYMBOL, "sample": SAMPLE, "value": (unit,)}
        for line, (ensembl, symbol, sample, text) in table.chosen(wanted, watch=watch):
            yield gene(symbol) or ensembl, ensembl, sample, number(text, place(table, line, unit)), unit, symbol

    def _wide(self, table: Table, watch: Watch | None) -> Iterator[Cells]:
        ensembl, symbol = table.column(ENSEMBL), table.column(SYMBOL)
        samples = [(place_, name) for place_, name in enumerate(table.header) if place_ not in (ensembl, symbol)]
        for _ in table.chosen({"ensembl": ENSEMBL, "symbol": SYMBOL}):
            break  # the check of the two columns
        for line in table.lines(watch):
            number_, word = table.cell(line, ensembl), table.cell(line, symbol)
            approved = gene(word) or number_
            for column, name in samples:
                if text := line.cells[column]:
                    yield approved, number_, name, number(text, place(table, line.number, name)), "NX", word
