"""What a recipient expresses at rest, and how well the table's sample stands for it.

``records/expression_samples.tsv`` says which sample stands for a cell that the reviews name: ``exact``, ``proxy`` (with the difference), or ``absent``. For an absent one
nothing is made up: the caller gets no values and the reason. The style of a name does not matter (:mod:`vesicle.evidence.cells`).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from vesicle import reading
from vesicle.errors import AmbiguousName, UnknownName, UnsupportedFeature
from vesicle.evidence import cells
from vesicle.evidence.imports.store import imported, tables
from vesicle.evidence.library import RECORDS
from vesicle.evidence.sources import is_allowed, shipped_file

COLUMNS = ("name", "curie", "sample", "table", "match", "note")
SHIPPED = "copyleft/expression.parquet"


@dataclass(frozen=True)
class Recipient:
    """A cell or tissue and the sample that stands for it: ``match`` is exact, proxy or absent, ``note`` says why."""

    name: str
    curie: str
    sample: str
    table: str
    match: str
    note: str


@functools.cache
def recipients() -> dict[str, Recipient]:
    """Every cell, line and tissue with its sample, by name."""
    return {row["name"]: Recipient(**row.cells) for row in reading.rows(RECORDS / "expression_samples.tsv", COLUMNS)}


def recipient(name: str) -> Recipient:
    """The sample that stands for a cell.

    Raises
    ------
    AmbiguousName
        If the name may mean several cells.
    UnknownName
        With the nearest name.
    """
    known = recipients()
    return known[cells.find(name, known, "recipient")]


def expression_in(name: str) -> dict[str, float]:
    """Gene -> expression (NX) of a recipient; empty when no sample stands for it.

    Raises
    ------
    UnknownName
        For a name that is neither a recipient nor a sample.
    UnsupportedFeature
        If the table that has it is not wanted (permissive only) and no import has it.
    """
    sample = stands_for(name).sample
    if not sample:
        return {}
    shipped = shipped_file(SHIPPED)
    paths = [str(one.parquet) for one in imported("expression") if is_allowed(one.licence_class)] + ([str(shipped)] if shipped else [])
    for path in paths:
        rows = tables().execute("SELECT gene, max(value) FROM read_parquet(?) WHERE sample = ? AND gene <> '' GROUP BY gene ORDER BY gene", [path, sample]).fetchall()
        if rows:
            return dict(rows)
    raise UnsupportedFeature(
        f"expression of '{name}' (sample '{sample}') is in no table that may be used now; allow copyleft tables or import one with `vesicle evidence import hpa FILE`."
    )


def stands_for(name: str) -> Recipient:
    """The sample that stands for a recipient; a sample's own name stands for itself.

    Raises
    ------
    AmbiguousName
        If the name may mean several cells.
    UnknownName
        With the nearest name.
    """
    samples = {r.sample: r for r in recipients().values() if r.sample}
    if name in samples:
        return _by_its_sample(name, name, samples)
    try:
        return recipient(name)
    except AmbiguousName:
        raise
    except UnknownName:
        own = [sample for sample in samples if cells.same(sample, name)]
        if len(own) != 1:
            raise
        return _by_its_sample(name, own[0], samples)


def _by_its_sample(name: str, sample: str, samples: dict[str, Recipient]) -> Recipient:
    return Recipient(name, "", sample, samples[sample].table, "exact", "named by its sample")
