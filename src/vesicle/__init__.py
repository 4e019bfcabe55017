"""Vesicle makes the exosome executable: cited evidence, mechanisms with units, custody, verdicts.

    import vesicle as vs
    run = vs.run("breast-mir100-well", samples=50, workers=1)
    print(run)
    print(run.citations())

Everything public is listed in ``__all__``; names are loaded on first use, so that importing the
package costs nothing. Research use only.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from vesicle._version import VERSION as __version__

os.environ.setdefault("SYMPY_CACHE_SIZE", "20000")
"""What sympy remembers, read once when it is imported: its own 1,000 are fewer than the terms of one network, and assembly takes a quarter longer."""

if TYPE_CHECKING:
    from vesicle.api import (
        Run,
        Simulation,
        evidence_conflicts,
        export,
        import_evidence,
        list_mechanisms,
        list_scenarios,
        resume,
        run,
        search_evidence,
        sensitivity,
        show_evidence,
        simulate,
    )
    from vesicle.errors import InputError, ModelError, SolverError, StoreError, VesicleError
    from vesicle.evidence import Library, shipped
    from vesicle.evidence.own import current

__all__ = [
    "InputError",
    "Library",
    "ModelError",
    "Run",
    "Simulation",
    "SolverError",
    "StoreError",
    "VesicleError",
    "__version__",
    "current",
    "evidence_conflicts",
    "export",
    "import_evidence",
    "list_mechanisms",
    "list_scenarios",
    "resume",
    "run",
    "search_evidence",
    "sensitivity",
    "shipped",
    "show_evidence",
    "simulate",
]

_HOMES = {
    **dict.fromkeys(
        (
            "Run",
            "Simulation",
            "run",
            "resume",
            "simulate",
            "export",
            "sensitivity",
            "list_scenarios",
            "list_mechanisms",
            "search_evidence",
            "show_evidence",
            "evidence_conflicts",
            "import_evidence",
        ),
        "vesicle.api",
    ),  # fmt: skip
    "current": "vesicle.evidence.own",
    **dict.fromkeys(("Library", "shipped"), "vesicle.evidence"),
    **dict.fromkeys(("InputError", "ModelError", "SolverError", "StoreError", "VesicleError"), "vesicle.errors"),
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vesicle' has no attribute '{name}'; public names: {', '.join(__all__)}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
