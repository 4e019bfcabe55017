"""Proteins that set the threshold of a drug, and how long they stay when their synthesis stops.

A protein that pumps a drug out, or that competes for its target, raises the IC50 in proportion to its level P (relative to rest). With s the share of the
IC50 that goes when the protein goes, 1 - 1/R for a fold R of resistance,

    shift = f product over proteins of (1 - s (1 - P))

f is what other ways of resistance make of it (:mod:`vesicle.mechanisms.phenotype.resistance`), 1 without. P follows its messenger, both with their own half-lives:

    dm/dt = (ln 2 / t_m) (d - m),      dP/dt = (ln 2 / t_P) (L m - P)

d is the share of transcription that an inhibitor of CDK9 leaves, 1 / (1 + c / K), and L the level of the gene's node in the signalling network. L enters behind the
messenger because a gate that hears a transcription factor lags already, as a messenger does (:mod:`vesicle.mechanisms.signalling.circuit`); it would otherwise lag
twice. The level of a gene that a guide or a payload engages is that of its protein, with its half-lives in it, and is P as it stands.

So a protein of short half-life is gone within hours of an inhibitor of transcription, and one of long half-life is
there for days after its synthesis stopped: the pump decides when the drug should come.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import FreeDrug, drugs_met, met_id
from vesicle.mechanisms.drug.kill import shift_id
from vesicle.mechanisms.phenotype.resistance.product import by_vesicles
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

BOTH = "/"
"""Records of ``resistance_share`` are labelled protein/drug."""
TRANSCRIPTION = "transcription"


def protein_id(gene: str) -> str:
    """Id of the level of a protein relative to rest [1]."""
    return f"protein__{gene}"


def resisting(site: Site, drug: FreeDrug) -> tuple[str, ...]:
    """Proteins with a record of the share of a drug's IC50 that they set."""
    labels = sorted({record.label for record in site.library.of("resistance_share") if record.role == "input"})
    return tuple(gene for gene, _, other in (label.partition(BOTH) for label in labels) if other == drug.name)


def blocking(site: Site) -> tuple[FreeDrug, ...]:
    """The drugs that cells meet and that block transcription; none where ``site.settings['blocks_transcription']`` is false."""
    if not site.settings.get("blocks_transcription", True):
        return ()
    known = {record.label for record in site.library.of("transcription_half_block")}
    return tuple(drug for drug in drugs_met(site) if drug.name in known)


class ProteinTurnover(Mechanism):
    """Messenger and protein of genes that set thresholds of drugs, following the demand for them."""

    name: ClassVar[str] = "protein_turnover"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "protein: change = made - lost, 1 at rest"
    claims: ClassVar[tuple[str, ...]] = ("C-0305",)
    quantities: ClassVar[tuple[str, ...]] = ("mrna_half_life", "protein_half_life", "transcription_half_block")
    absent: ClassVar[str] = "proteins that set thresholds stay at rest"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Genes come from ``site.settings['turnover']``; the particle is not asked for."""
        blockers = blocking(site)
        left = sympy.Integer(1)
        for drug in blockers:
            left = left / (1 + symbol(met_id(drug)) / site.quantity("transcription_half_block", "nmol/mL", label=drug.name))
        rules = (Rule(TRANSCRIPTION, "1", left),) if blockers else ()
        species, reactions, observables = [], [], []
        for gene in site.settings.get("turnover", ()):
            demand = symbol(TRANSCRIPTION) if blockers else sympy.Integer(1)
            messenger, protein = f"messenger__{gene}", protein_id(gene)
            one = site.given("level_at_rest", 1.0, "1")
            species += [Species(messenger, gene, "", "1", one, False), Species(protein, gene, "", "1", one, False)]
            fast = sympy.log(2) / site.quantity("mrna_half_life", "h", label=gene)
            slow = sympy.log(2) / site.quantity("protein_half_life", "h", label=gene)
            reactions += [
                Reaction(f"make_messenger__{gene}", {messenger: 1}, fast * demand),
                Reaction(f"lose_messenger__{gene}", {messenger: -1}, fast * symbol(messenger)),
                Reaction(f"make_threshold__{gene}", {protein: 1}, slow * level(site, gene) * symbol(messenger)),
                Reaction(f"lose_threshold__{gene}", {protein: -1}, slow * symbol(protein)),
            ]
            observables.append(Observable(f"threshold_protein:{gene}", "1", symbol(protein), "", f"{gene} relative to rest"))
        return Part(rules=rules, species=tuple(species), reactions=tuple(reactions), observables=tuple(observables))


class Thresholds(Mechanism):
    """How proteins that resist a drug shift its IC50."""

    name: ClassVar[str] = "thresholds"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "D7"
    conserves: ClassVar[str] = "shift: 1 at rest"
    claims: ClassVar[tuple[str, ...]] = ("C-0305",)
    quantities: ClassVar[tuple[str, ...]] = ("resistance_share",)
    absent: ClassVar[str] = "the IC50 of a drug stays as measured"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """All drugs that cells meet; those in ``ic50_shifts`` get a rule."""
        rules = []
        for drug in drugs_met(site):
            if drug.id in site.settings.get("ic50_shifts", ()):
                shift = by_vesicles(site, drug.id)
                for gene in resisting(site, drug):
                    here = symbol(protein_id(gene)) if gene in site.settings.get("turnover", ()) else level(site, gene)
                    shift = shift * (1 - site.quantity("resistance_share", "1", label=f"{gene}/{drug.name}") * (1 - here))
                rules.append(Rule(shift_id(drug), "1", shift))
        return Part(rules=tuple(rules), observables=tuple(Observable(f"ic50_shift:{r.id.removeprefix('ic50_shift__')}", "1", symbol(r.id)) for r in rules))
