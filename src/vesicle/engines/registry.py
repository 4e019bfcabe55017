"""Finding engines: every subclass in this room, then the entry points ``vesicle.engines``."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from importlib.metadata import entry_points

from vesicle.engines.base import Engine
from vesicle.errors import unknown_name


def all_engines() -> dict[str, type[Engine]]:
    """Name -> engine class, built in and plugged in; a broken plug-in is one named warning."""
    found: dict[str, type[Engine]] = {}
    room = importlib.import_module("vesicle.engines")
    for module in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
        if module.name != __name__ and not module.ispkg:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, Engine) and "name" in vars(value):
                    found[value.name] = value
    for point in entry_points(group="vesicle.engines"):
        try:
            plugged = point.load()
            found[plugged.name] = plugged
        except Exception as problem:
            warnings.warn(f"the engine plug-in '{point.name}' ({point.value}) cannot be loaded: {problem}", stacklevel=2)
    return dict(sorted(found.items()))


def engine_named(name: str) -> type[Engine]:
    """The class of an engine.

    Raises
    ------
    UnknownName
        With the nearest name there is.
    """
    known = all_engines()
    if name not in known:
        raise unknown_name("engine", name, known)
    return known[name]
