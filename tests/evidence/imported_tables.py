"""Tables for tests as databases publish them, imported into the data folder of the test."""

from pathlib import Path
from typing import Any

from vesicle import api

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def write(path: Path, *lines: tuple[str, ...]) -> Path:
    """A tab-separated table; the first line is the header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


def put(database: str, path: Path, *lines: tuple[str, ...]) -> dict[str, Any]:
    """Import such a table."""
    return api.import_evidence(database, write(path, *lines))
