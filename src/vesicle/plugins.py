"""Classes that are found instead of listed: all of a kind in a room's modules, and those that other packages plug in."""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from importlib.metadata import entry_points
from typing import Any, TypeVar

T = TypeVar("T")


def built_in(room: str, base: type[T], key: str = "name", *, is_deep: bool = False) -> dict[str, type[T]]:
    """Name -> class below ``base`` that gives itself a name.

    Parameters
    ----------
    room : dotted name of the package whose modules are read.
    key : the class attribute that holds the name.
    is_deep : whether packages inside the room are read too.
    """
    found: dict[str, type[T]] = {}
    package = importlib.import_module(room)
    modules = (pkgutil.walk_packages if is_deep else pkgutil.iter_modules)(package.__path__, room + ".")
    for module in modules:
        if is_deep or not module.ispkg:
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and issubclass(value, base) and key in vars(value):
                    found[getattr(value, key)] = value
    return found


def plugged_in(group: str, what: str) -> dict[str, Any]:
    """Name -> class of every entry point of a group that can be loaded; one that is broken is a warning with its name. ``what`` says what is plugged in."""
    found: dict[str, Any] = {}
    for point in entry_points(group=group):
        try:
            plugged = point.load()
            found[plugged.name] = plugged
        except Exception as problem:
            warnings.warn(f"the {what} plug-in '{point.name}' ({point.value}) cannot be loaded: {problem}", stacklevel=3)
    return found
