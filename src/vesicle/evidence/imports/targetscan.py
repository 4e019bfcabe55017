"""TargetScan: predicted conserved sites.

Two shapes are read: counts of sites per miRNA and gene, and the published ``Summary_Counts`` table (human rows, with the representative miRNA of a family). A
prediction is no experiment: every row says ``predicted`` and ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.errors import SchemaError
from vesicle.evidence.imports.base import HUMAN, Cells, Importer, Watch, gene, mirna, place
from vesicle.reading import Table
from vesicle.units import number

WANTED = {
    "mirna": ("mirna", "Representative miRNA"),
    "target": ("target_symbol", "Gene Symbol"),
    "sites": ("n_sites", "Total num conserved sites"),
    "species": ("Species ID",),
}
MOST = 100_000  # sites in one transcript


class Targetscan(Importer):
    """miRNA -> target by conserved seed matches."""

    name = "targetscan"
    title = "TargetScan"
    homepage = "https://www.targetscan.org"
    terms = "none stated in the tables"
    licence_class = "restricted"
    makes = "mirna_target"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a pair with at least one site."""
        column = table.header[table.column(WANTED["sites"])]
        for line, (name, target, sites, species) in table.chosen(WANTED, ("species",), watch):
            if species.casefold() not in HUMAN:
                continue
            count = number(sites, place(table, line, column))
            if not 0 <= count <= MOST or count % 1:
                raise SchemaError(f"{place(table, line, column)}'{sites}' is no number of sites; expected a whole number like 2.")
            current, accession = mirna(name)
            if count:
                yield current, accession, gene(target), "predicted", "unknown", "", int(count), "", f"{name} {target}"
