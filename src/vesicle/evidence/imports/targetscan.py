"""TargetScan: predicted conserved sites.

Two shapes are read: counts of sites per miRNA and gene, and the published ``Summary_Counts`` table (human rows, with the representative miRNA of a family). A
prediction is no experiment: every row says ``predicted`` and ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import HUMAN, Cells, Importer, Watch, gene, mirna, place
from vesicle.reading import Table
from vesicle.units import number

WANTED = {
    "mirna": ("mirna", "Representative miRNA"),
    "target": ("target_symbol", "Gene Symbol"),
    "sites": ("n_sites", "Total num conserved sites"),
    "species": ("Species ID",),
}


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
        for line, (name, target, sites, species) in table.chosen(WANTED, ("species",), watch):
            if species.casefold() not in HUMAN:
                continue
            count = int(number(sites, place(table, line, "sites")))
            current, accession = mirna(name)
            if count:
                yield current, accession, gene(target), "predicted", "unknown", "", count, "", f"{name} {target}"
