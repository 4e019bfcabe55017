"""Finding mechanisms: every subclass in the chapters, then entry points."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from importlib.metadata import entry_points

from vesicle.mechanisms.base import Mechanism


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Name -> mechanism class, built in and plugged in; a broken plug-in is one named warning."""
    found: dict[str, type[Mechanism]] = {}
    room = importlib.import_module("vesicle.mechanisms")
    for module in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        loaded = importlib.import_module(module.name)
        for value in vars(loaded).values():
            if isinstance(value, type) and issubclass(value, Mechanism) and "name" in vars(value):
                found[value.name] = value
    for point in entry_points(group="vesicle.mechanisms"):
        try:
            plugged = point.load()
            found[plugged.name] = plugged
        except Exception as problem:
            warnings.warn(f"the mechanism plug-in '{point.name}' ({point.value}) cannot be loaded: {problem}", stacklevel=2)
    return dict(sorted(found.items()))
