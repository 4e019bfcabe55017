"""miRBase names: ``aliases.txt`` (accession, names; no header) or a table of names with first and last version."""

from __future__ import annotations

from collections.abc import Iterator

from vesicle.evidence.imports.base import Cells, Importer, Watch
from vesicle.reading import Layout, Table


class MirbaseHistory(Importer):
    """Every name that an accession had, with the versions of miRBase that used it."""

    name = "mirbase-history"
    title = "miRBase, names by version"
    homepage = "https://mirbase.org"
    terms = "public domain"
    licence_class = "permissive"
    makes = "mirna_name"

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a name."""
        wanted = {name: (name,) for name in ("accession", "name", "first_version", "last_version")}
        for _, cells in table.chosen(wanted, watch=watch):
            yield tuple(cells)


class MirbaseAliases(Importer):
    """All names of an accession, in no version order, as in ``aliases.txt``."""

    name = "mirbase-aliases"
    title = "miRBase aliases.txt"
    homepage = "https://mirbase.org"
    terms = "public domain"
    licence_class = "permissive"
    makes = "mirna_name"
    layout = Layout(header=("accession", "names"))

    def rows(self, table: Table, watch: Watch | None = None) -> Iterator[Cells]:
        """One row a name; the versions are not in this file."""
        for _, (accession, names) in table.chosen({"accession": ("accession",), "names": ("names",)}, watch=watch):
            for name in names.split(";"):
                if name:
                    yield accession, name, "", ""
