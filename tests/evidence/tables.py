"""Tiny tables as databases publish them, read by their importer or imported into the data folder of the test."""

import csv
import gzip
import io
from pathlib import Path
from typing import Any

from vesicle import api
from vesicle.evidence.imports import KINDS
from vesicle.evidence.imports.store import Imported, find_importer, import_table
from vesicle.reading import open_table

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def write(folder: Path, header: str, *lines: str, file: str = "table.tsv") -> Path:
    """A table whose cells stand between `` | `` here; commas in a file named .csv, else tabs; compressed if it is named .gz."""
    cells = [line.split(" | ") for line in (header, *lines)]
    if ".csv" in file:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(cells)
        content = text.getvalue().encode()
    else:
        content = "".join("\t".join(row) + "\n" for row in cells).encode()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file
    path.write_bytes(gzip.compress(content) if file.endswith(".gz") else content)
    return path


def read(folder: Path, importer: str, header: str, *lines: str, file: str = "table.tsv") -> list[dict[str, Any]]:
    """The normalised rows of a table, by column."""
    found = find_importer(importer)
    rows = found.rows(open_table(write(folder, header, *lines, file=file), found.layout))
    return [dict(zip(KINDS[found.makes].columns, cells, strict=True)) for cells in rows]


def targets(folder: Path, *pairs: str, file: str = "targets.tsv", release: str = "") -> Imported:
    """Imported pairs of miRNA and target, like ``hsa-miR-21-5p PTEN``."""
    lines = (f"{pair.replace(' ', ' | ')} | 1" for pair in pairs)
    return import_table("targetscan", write(folder, "mirna | target_symbol | n_sites", *lines, file=file), release)


def write_rows(path: Path, *lines: tuple[str, ...]) -> Path:
    """A tab-separated table of rows; the first is the header."""
    return write(path.parent, *(" | ".join(line) for line in lines), file=path.name)


def put(database: str, path: Path, *lines: tuple[str, ...]) -> dict[str, Any]:
    """Import a table of rows by the public call."""
    return api.import_evidence(database, write_rows(path, *lines))
