"""What the evidence comes from and could come from: shipped files, imported tables, databases that can be imported."""

from __future__ import annotations

from typing import Any

from vesicle.evidence.imports.registry import all_importers
from vesicle.evidence.imports.store import imported
from vesicle.evidence.sources import is_allowed, shipped_sources


def sources() -> list[dict[str, Any]]:
    """Shipped files, what was imported, and what can be imported, each with class, terms, origin and whether it is used now."""
    out: list[dict[str, Any]] = [
        {"name": s.file, "state": "shipped", "licence_class": s.licence_class, "used": is_allowed(s.licence_class), "terms": s.terms, "origin": s.origin, "what": s.what}
        for s in shipped_sources().values()
    ]
    present = imported()
    out += [
        {
            "name": i.importer, "state": "imported", "licence_class": i.licence_class, "used": is_allowed(i.licence_class), "terms": i.terms,
            "origin": f"{i.file} {i.release}".strip(), "what": f"{i.rows:,} rows of {i.makes}", "sha256": i.sha256, "utc": i.utc,
        }
        for i in present
    ]  # fmt: skip
    out += [
        {
            "name": name, "state": "can be imported", "licence_class": importer.licence_class, "used": False, "terms": importer.terms,
            "origin": importer.homepage, "what": f"{importer.title}: {importer.makes}",
        }
        for name, importer in all_importers().items()
        if name not in {i.importer for i in present}
    ]  # fmt: skip
    return out
