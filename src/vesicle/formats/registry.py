"""Finding writers: every class in the room that names its format."""

from __future__ import annotations

from vesicle.errors import unknown_name
from vesicle.formats.base import Format
from vesicle.plugins import built_in


def all_writers() -> dict[str, type[Format]]:
    """Format -> writer."""
    return dict(sorted(built_in("vesicle.formats", Format, "format").items()))  # type: ignore[type-abstract]


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
