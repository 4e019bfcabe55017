"""Finding importers: built-in ones over this room, others by entry point."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import warnings
from importlib import metadata

from vesicle.evidence.imports.base import Importer


@functools.cache
def all_importers() -> dict[str, Importer]:
    """Every importer by its name; a broken plug-in is one warning that names it."""
    package = importlib.import_module("vesicle.evidence.imports")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"vesicle.evidence.imports.{module.name}")
    found = {kind.name: kind() for kind in _named(Importer)}  # type: ignore[type-abstract]
    for point in metadata.entry_points(group="vesicle.readers"):
        try:
            kind = point.load()
            if isinstance(kind, type) and issubclass(kind, Importer):
                found.setdefault(kind.name, kind())
        except Exception as problem:  # noqa: BLE001 - a stranger's plug-in may fail in any way
            warnings.warn(f"the reader '{point.name}' ({point.value}) cannot be loaded: {problem}", stacklevel=2)
    return dict(sorted(found.items()))


def _named(kind: type[Importer]) -> list[type[Importer]]:
    """A class and all below it that have a name of their own."""
    below = [found for child in kind.__subclasses__() for found in _named(child)]
    return [kind, *below] if "name" in vars(kind) else below
