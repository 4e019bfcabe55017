"""Finding mechanisms: every subclass in the chapters, then entry points."""

from __future__ import annotations

from vesicle.mechanisms.base import Mechanism
from vesicle.plugins import built_in, plugged_in


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Name -> mechanism class, built in and plugged in; a broken plug-in is one named warning."""
    found = built_in("vesicle.mechanisms", Mechanism, is_deep=True)  # type: ignore[type-abstract]
    return dict(sorted({**found, **plugged_in("vesicle.mechanisms", "mechanism")}.items()))
