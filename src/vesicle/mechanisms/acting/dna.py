"""DNA brought by vesicles acts for a time: cut in the cytosol, rarely in the nucleus, never kept.

    dc/dt = released copies - (k_c + k_n) c         cytosol: nucleases k_c, entry into the nucleus k_n
    dn/dt = k_n c - k_l n                            nucleus: lost at k_l, diluted by division, not integrated
    dm/dt = k_t x n - d m,   dP/dt = n_p d m - d_P P     expression; x the share of fragments that carry a whole gene with its promoter

Every arrow leads out, so whatever it does ends after the last release. Mitochondrial DNA has another code and no nuclear promoter: x = 0 and it only
lies in the cytosol, where it may be sensed (cGAS takes it from ``cytosolic:``).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import Payload, arrival, in_cell, payloads
from vesicle.mechanisms.acting.translation import decay_of, made_protein
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Species, join

GENOMIC, MITOCHONDRIAL = "DNA", "mtDNA"
KINDS = (GENOMIC, MITOCHONDRIAL)


class TransientExpression(Mechanism):
    """Delivered DNA: cytosolic decay, nuclear entry, expression that ends."""

    name: ClassVar[str] = "transient_expression"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "B4"
    conserves: ClassVar[str] = "DNA copies: released = cytosolic + nuclear + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0017",)
    quantities: ClassVar[tuple[str, ...]] = (
        "cell_floor", "cytosolic_dna_half_life", "dna_nuclear_entry_rate", "nuclear_dna_half_life", "expressible_dna_share", "transcripts_per_template",
        "mrna_half_life", "protein_half_life", "proteins_per_mrna_lifetime", "mrna_copies_per_cell",
    )  # fmt: skip
    absent: ClassVar[str] = "DNA in the cytosol does nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """DNA comes from ``site.settings['payloads']``; the particle is not asked for."""
        loss = sympy.log(2) / in_cell(site, "cytosolic_dna_half_life", "h")
        parts = []
        for payload in payloads(site, KINDS):
            parts.append(arrival(site, payload, loss))
            if payload.kind == GENOMIC:
                parts.append(self._expression(site, payload))
        return join(*parts)

    def _expression(self, site: Site, payload: Payload) -> Part:
        cells = symbol(site.settings["cells"])
        nucleus, transcript = (Species(f"{payload.id}_{where}", payload.id, site.settings["cells"], "copy") for where in ("nucleus", "transcript"))
        decay, _, _ = decay_of(site, payload.target)
        lost = sympy.log(2) / in_cell(site, "nuclear_dna_half_life", "h")
        making = in_cell(site, "transcripts_per_template", "1/h") * site.quantity("expressible_dna_share", "1", product="exosome")
        reactions = (
            Reaction(
                f"enter_nucleus__{payload.id}", {f"{payload.id}_cytosol": -1, nucleus.id: 1}, in_cell(site, "dna_nuclear_entry_rate", "1/h") * symbol(f"{payload.id}_cytosol")
            ),
            Reaction(f"lose_nuclear__{payload.id}", {nucleus.id: -1}, lost * symbol(nucleus.id)),
            Reaction(f"transcribe__{payload.id}", {transcript.id: 1}, making * symbol(nucleus.id)),
            Reaction(f"decay_transcript__{payload.id}", {transcript.id: -1}, decay * symbol(transcript.id)),
        )
        seen = Observable(f"nuclear:{payload.id}", "copy/cell", symbol(nucleus.id) / cells, "cell", f"{payload.id} in the nucleus per cell")
        return join(Part(species=(nucleus, transcript), reactions=reactions, observables=(seen,)), made_protein(site, payload, symbol(transcript.id)))
