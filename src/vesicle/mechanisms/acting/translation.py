"""mRNA brought by vesicles is translated and decays; its protein turns over.

    dm/dt = released copies - d m,       dP/dt = k_tl i m - d_P P,       k_tl = n d

with d = ln 2 / half-life of the mRNA, n proteins made from one mRNA over its lifetime, i the share of delivered molecules that are whole (RNA in vesicles
is mostly fragments), d_P = ln 2 / half-life of the protein. Amounts are totals, so division dilutes by itself. Where the recipient makes the
same protein, it holds P_0 = m_0 n d / (d_P + mu) at rest (growth mu); the gain is P / (N P_0).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import Payload, arrival, cytosolic, in_cell, payloads
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Species, join

KINDS = ("mRNA",)


def decay_of(site: Site, gene: str) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """(d, d_P, k_tl) of a gene's mRNA and protein [1/h]."""
    mrna = sympy.log(2) / in_cell(site, "mrna_half_life", "h", label=gene)
    protein = sympy.log(2) / in_cell(site, "protein_half_life", "h", label=gene)
    return mrna, protein, in_cell(site, "proteins_per_mrna_lifetime", "1") * mrna


def own_protein(site: Site, gene: str) -> sympy.Expr:
    """P_0: copies of a protein that the recipient makes itself, at rest [copy/cell]."""
    _, protein, translation = decay_of(site, gene)
    return in_cell(site, "mrna_copies_per_cell", "copy/cell", label=gene) * translation / (protein + symbol("growth_rate"))


def made_protein(site: Site, payload: Payload, template: sympy.Expr) -> Part:
    """Protein from a template amount [copy] of a payload, and its gain over the recipient's own."""
    cells = symbol(site.settings["cells"])
    _, loss, translation = decay_of(site, payload.target)
    protein = Species(f"{payload.id}_protein", payload.id, site.settings["cells"], "copy")
    observables = [Observable(f"made_protein:{payload.id}", "copy/cell", symbol(protein.id) / cells, "cell", f"protein made from {payload.id} per cell")]
    if payload.target:
        gain = symbol(protein.id) / (cells * own_protein(site, payload.target))
        observables.append(Observable(f"protein_gain:{payload.id}", "1", gain, "cell", f"{payload.target} protein added by {payload.id}, relative to the cell's own"))
    reactions = (
        Reaction(f"translate__{payload.id}", {protein.id: 1}, translation * template),
        Reaction(f"decay_protein__{payload.id}", {protein.id: -1}, loss * symbol(protein.id)),
    )
    return Part(species=(protein,), reactions=reactions, observables=tuple(observables))


def gain_of(site: Site, gene: str) -> sympy.Expr:
    """Protein of a gene that delivered payloads brought or were the template of, mean over cells, as a share of the cell's own [1]."""
    brought = [p for p in site.settings.get("payloads", ()) if p.target == gene and p.kind in ("protein", "mRNA", "DNA")]
    whole = symbol(site.settings["cells"]) * own_protein(site, gene)
    return sum(((cytosolic(site, p) if p.kind == "protein" else symbol(f"{p.id}_protein")) / whole for p in brought), sympy.Integer(0))


class Translation(Mechanism):
    """Delivered mRNA: translation until it is gone."""

    name: ClassVar[str] = "translation"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "C3"
    conserves: ClassVar[str] = "mRNA copies: released = cytosolic + lost; protein made = protein here + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0017",)
    quantities: ClassVar[tuple[str, ...]] = ("cell_floor", "mrna_half_life", "protein_half_life", "proteins_per_mrna_lifetime", "mrna_copies_per_cell", "whole_mrna_share")
    absent: ClassVar[str] = "mRNA in the cytosol is not translated"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """mRNAs come from ``site.settings['payloads']``; the particle is not asked for."""
        parts = []
        for payload in payloads(site, KINDS):
            decay, _, _ = decay_of(site, payload.target)
            whole = cytosolic(site, payload) * site.quantity("whole_mrna_share", "1", product="exosome")
            parts += [arrival(site, payload, decay), made_protein(site, payload, whole)]
        return join(*parts)
