"""The public calls: every command of the program is one of these. Names are loaded on first use, so that one call does not pay for the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vesicle.api.calibration import Fit, fit, fit_data
    from vesicle.api.evidence import (
        add_claim,
        check_evidence,
        evidence_audit,
        evidence_conflicts,
        evidence_edges,
        evidence_expression,
        evidence_retractions,
        evidence_sources,
        evidence_stats,
        evidence_targets,
        evidence_trials,
        export_evidence,
        forget_import,
        import_evidence,
        resolve_name,
        search_evidence,
        show_evidence,
    )
    from vesicle.api.exchange import export
    from vesicle.api.inference import sensitivity
    from vesicle.api.models import ModelRun, is_model, run_model
    from vesicle.api.runs import Run, default_folder, list_mechanisms, list_scenarios, resume, run
    from vesicle.api.simulation import Simulation, simulate
    from vesicle.api.systems import list_systems, run_systems

_HOMES = {
    "evidence": (
        "add_claim", "check_evidence", "evidence_audit", "evidence_conflicts", "evidence_edges", "evidence_expression", "evidence_retractions",
        "evidence_sources", "evidence_stats", "evidence_targets", "evidence_trials", "export_evidence", "forget_import", "import_evidence", "resolve_name",
        "search_evidence", "show_evidence",
    ),
    "exchange": (
        "export",
    ),
    "calibration": ("Fit", "fit", "fit_data"),
    "inference": ("sensitivity",),
    "models": (
        "ModelRun", "is_model", "run_model",
    ),
    "runs": (
        "Run", "default_folder", "list_mechanisms", "list_scenarios", "resume", "run",
    ),
    "simulation": (
        "Simulation", "simulate",
    ),
    "systems": (
        "list_systems", "run_systems",
    ),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Fit",
    "ModelRun",
    "Run",
    "Simulation",
    "add_claim",
    "check_evidence",
    "default_folder",
    "evidence_audit",
    "evidence_conflicts",
    "evidence_edges",
    "evidence_expression",
    "evidence_retractions",
    "evidence_sources",
    "evidence_stats",
    "evidence_targets",
    "evidence_trials",
    "export",
    "export_evidence",
    "fit",
    "fit_data",
    "forget_import",
    "import_evidence",
    "is_model",
    "list_mechanisms",
    "list_scenarios",
    "list_systems",
    "resolve_name",
    "resume",
    "run",
    "run_model",
    "run_systems",
    "search_evidence",
    "sensitivity",
    "show_evidence",
    "simulate",
]


def __getattr__(name: str) -> Any:
    """Load a public call on first use."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'vesicle.api' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(f"vesicle.api.{_HOME_OF[name]}"), name)
