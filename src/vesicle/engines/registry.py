"""Finding engines: every subclass in this room, then the entry points ``vesicle.engines``."""

from __future__ import annotations

from vesicle.engines.base import Engine
from vesicle.errors import unknown_name
from vesicle.plugins import built_in, plugged_in


def all_engines() -> dict[str, type[Engine]]:
    """Name -> engine class, built in and plugged in; a broken plug-in is one named warning."""
    found = built_in("vesicle.engines", Engine)  # type: ignore[type-abstract]
    return dict(sorted({**found, **plugged_in("vesicle.engines", "engine")}.items()))


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
