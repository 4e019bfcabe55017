"""Targets of a miRNA, with the strength of the evidence; tested negatives stay negatives.

A pair that one work confirms and another denies is in both lists, each with its works: neither hides the other. Predicted sites are never counted as
experiments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vesicle.evidence.imports.store import imported, tables
from vesicle.evidence.names import resolve
from vesicle.evidence.priors.edges import CORE, core, gone
from vesicle.evidence.sources import is_allowed

STRENGTHS = ("strong", "weak", "unspecified", "predicted")


@dataclass(frozen=True)
class Target:
    """One target of a miRNA in one table.

    Attributes
    ----------
    mirna, target : miRBase name, HGNC symbol.
    evidence : ``strong`` (reporter assay, western blot or PCR, or curated), ``weak``, ``unspecified`` or ``predicted``.
    functional : ``yes``, ``no`` (tested, without effect) or ``unknown``.
    pmids : PubMed numbers.
    sites : number of predicted sites, if that is the evidence.
    origin : ``core`` or the table.
    """

    mirna: str
    target: str
    evidence: str
    functional: str
    pmids: tuple[str, ...]
    sites: int | None
    origin: str


def targets_of(mirna: str) -> dict[str, list[Target]]:
    """``targets`` (strongest first), ``tested_negatives`` and ``contradicted`` (pairs in both) of a miRNA.

    Raises
    ------
    UnknownName
        For an ambiguous or unknown name.
    """
    name = resolve(mirna).name
    withdrawn = gone()
    standing = [(t, tuple(number for number in t.pmids if number not in withdrawn)) for t in (*_core(name), *_tables(name))]
    found = [replace(t, pmids=kept) for t, kept in standing if kept or not t.pmids]
    positive = sorted((t for t in found if t.functional != "no"), key=lambda t: (STRENGTHS.index(t.evidence), t.target, t.origin))
    negative = sorted((t for t in found if t.functional == "no"), key=lambda t: (t.target, t.origin))
    both = {t.target for t in negative} & {t.target for t in positive if t.functional == "yes"}
    return {"targets": positive, "tested_negatives": negative, "contradicted": [t for t in found if t.target in both]}


def _core(name: str) -> list[Target]:
    edges = [e for e in core() if e.source == name and e.kind in ("mirna_target", "not_functional")]
    return [Target(name, e.target, "strong" if e.pmids else "weak", "no" if e.kind == "not_functional" else "yes", e.pmids, None, CORE) for e in edges]


def _tables(name: str) -> list[Target]:
    out = []
    for one in imported("mirna_target"):
        if is_allowed(one.licence_class):
            rows = tables().execute("SELECT mirna, target, evidence, functional, pmids, sites FROM read_parquet(?) WHERE mirna = ?", [str(one.parquet), name])
            out += [Target(m, t, e, f, tuple(p.split(";")) if p else (), s, one.importer) for m, t, e, f, p, s in rows.fetchall()]
    return out
