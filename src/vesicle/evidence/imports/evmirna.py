"""EVmiRNA: miRNA profiles of vesicles, a matrix per study, and the table of its sequencing runs.

Values stay what the matrix holds (counts or reads per million); they are relative, never copies per vesicle.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.errors import SchemaError
from vesicle.evidence.imports.base import Cells, Importer, Watch, mirna, place
from vesicle.reading import Table
from vesicle.units import number

TERMS = "free for academic use; none stated in the files"
UNITS = {"count": "counts", "rpm": "rpm", "cpm": "cpm"}  # by a word of the file's name


class Evmirna(Importer):
    """One matrix: a row per mature miRNA, a column per run or group."""

    name = "evmirna"
    title = "EVmiRNA, profiles"
    homepage = "http://bioinfo.life.hust.edu.cn/EVmiRNA"
    terms = TERMS
    licence_class = "restricted"
    makes = "vesicle_profile"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row per value above zero; the unit follows from the file's name, else it is ``as in the table``."""
        if table.column(("mirna", "")) != 0 or len(table.header) < 2:
            raise SchemaError(f"{table.path.name}:1: the first column is '{table.header[0]}', expected 'mirna' and a column per sample after it.")
        unit = next((unit for word, unit in UNITS.items() if word in table.path.name.casefold()), "as in the table")
        for line in table.lines(watch):
            name = table.cell(line, 0)
            current, accession = mirna(name)
            for sample, text in zip(table.header[1:], line.cells[1:], strict=True):
                value = number(text, place(table, line.number, sample)) if text not in ("0", "0.0", "") else 0.0
                if value < 0:
                    raise SchemaError(f"{place(table, line.number, sample)}'{text}' is below zero; expected counts or reads per million, not logarithms.")
                if value:
                    yield current, accession, sample, value, unit, name


class EvmirnaRuns(Importer):
    """Source, disease and vesicle type of each run."""

    name = "evmirna-runs"
    title = "EVmiRNA, runs"
    homepage = Evmirna.homepage
    terms = TERMS
    licence_class = "restricted"
    makes = "vesicle_study"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a run or group."""
        wanted = {
            "study": ("bioproject",),
            "sample": ("run", "group"),
            "source": ("source",),
            "disease": ("disease",),
            "state": ("disease_stage_or_treatment", "Disease_stage/treatment", "treatment"),
            "type": ("ev_type",),
        }
        for _, (study, sample, source, disease, state, kind) in table.chosen(wanted, ("type",), watch):
            yield study, sample, "Homo sapiens", source, disease, state, kind, "", "", ""
