"""What made a result: versions, machine kind, times. The only place where a clock enters."""

from __future__ import annotations

import platform
import sys
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from vesicle._version import VERSION

PACKAGES = ("numpy", "scipy", "sympy", "libroadrunner", "python-libsbml", "pint", "pydantic", "pyarrow")


def versions() -> dict[str, str]:
    """Versions of Vesicle, Python and the packages that compute."""
    out = {"vesicle": VERSION, "python": sys.version.split()[0]}
    for name in PACKAGES:
        try:
            out[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            out[name] = "not installed"
    return out


def stamp() -> dict[str, Any]:
    """Now, and on what kind of machine."""
    return {"utc": datetime.now(UTC).isoformat(timespec="seconds"), "system": platform.system(), "machine": platform.machine()}
