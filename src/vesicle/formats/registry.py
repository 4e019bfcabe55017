"""Finding writers: every class in the room that names its format."""

from __future__ import annotations

import importlib
import pkgutil

from vesicle.errors import unknown_name
from vesicle.formats.base import Format


def all_writers() -> dict[str, type[Format]]:
    """Format -> writer."""
    room = importlib.import_module("vesicle.formats")
    found: dict[str, type[Format]] = {}
    for module in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, Format) and "format" in vars(value):
                found[value.format] = value
    return dict(sorted(found.items()))


def writer(name: str) -> Format:
    """The writer of a format.

    Raises
    ------
    UnknownName
        With the nearest format.
    """
    known = all_writers()
    if name not in known:
        raise unknown_name("format", name, known, "--format")
    return known[name]()
