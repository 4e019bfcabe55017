"""The public calls: every command of the program is one of these."""

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
    export_evidence,
    forget_import,
    import_evidence,
    resolve_name,
    search_evidence,
    show_evidence,
)
from vesicle.api.models import ModelRun, is_model, run_model
from vesicle.api.runs import Run, default_folder, list_mechanisms, list_scenarios, resume, run
from vesicle.api.systems import list_systems, run_systems

__all__ = [
    "ModelRun", "Run", "add_claim", "check_evidence", "default_folder", "evidence_audit", "evidence_conflicts", "evidence_edges", "evidence_expression", "evidence_retractions",
    "evidence_sources", "evidence_stats", "evidence_targets", "export_evidence", "forget_import", "import_evidence", "is_model", "list_mechanisms", "list_scenarios",
    "list_systems", "resolve_name", "resume", "run", "run_model", "run_systems", "search_evidence", "show_evidence",
]  # fmt: skip
