"""A culture of immune cells in which every kind has the part of the signed core that holds in it, as one checked network.

What decides which edges a kind has: its cells must be named in the edge's context, or the edge must hold anywhere; its genes must be expressed (what comes from other
cells or on vesicles need not be); edges that were seen with stem cells or with vesicles are never used, because they would be the answer; nor are edges that rest on
works that were left out.

A ligand meets a receptor by count where the records have the constant of the pair and the copies of the receptor on that cell, resting or driven; then an edge between two
receptors that share it is left out, because it stands for the competition that is counted. Elsewhere it acts by its half effect and the edges of the core."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.evidence.priors.circuits import between, signalling, stands
from vesicle.evidence.priors.edges import BETWEEN_CELLS, Edge, can_have, core, shown_by_works
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.entering.competition import BOTH
from vesicle.mechanisms.immune.cells import ImmuneCells
from vesicle.mechanisms.immune.conversation import ImmuneConversation
from vesicle.mechanisms.immune.kinds import CONTACT, LUMEN, SURFACE, Act, Carried, Kind, Talk
from vesicle.mechanisms.immune.presentation import EFFECTOR, NAIVE, PMHC
from vesicle.mechanisms.signalling.levels import held
from vesicle.model.assembled import Model, alone
from vesicle.model.signalling import evidence_targets, known_of
from vesicle.network.types import Arm, Network, Part, Particle

GIVEN = Particle("exosome", "exosome", label="vesicles that are given")
ANY_CELL = ("cytosol", "extracellular", "cell surface", "endosome", "of the dying cell itself")
"""Contexts that are a place in a cell, whichever cell it is."""
WOULD_BE_THE_ANSWER = ("MSC", "xosome", "vesicle")
"""Contexts of edges that were seen with stem cells or vesicles."""


@dataclass(frozen=True)
class Cells:
    """A kind of immune cell.

    As the records, and as the tables of expression name it; words of contexts that are about it; what is read from it; how the records of receptors name it at rest and
    under a stimulus.
    """

    cell: str
    expressed_as: str
    contexts: tuple[str, ...]
    reads: tuple[str, ...]
    resting: str = ""
    driven: str = ""


KINDS: Mapping[str, Cells] = {
    "t_cell": Cells("T cell", "T cell", ("T cell", "T helper", "Treg", "cytotoxic lymphocyte"),
                    ("T_cell_activity", "Treg", "other:Th17", "other:Th1", "apoptosis", "other:T_cell_exhaustion", "IFNG", "IL17A", "IL10", "IL2"),
                    "resting T cell", "activated T cell"),
    "nk_cell": Cells("NK cell", "natural killer cell", ("NK cell", "cytotoxic lymphocyte"), ("NK_activity", "apoptosis", "IFNG")),
    "b_cell": Cells("B cell", "B cell", ("B cell",), ("B_cell_activity", "other:Breg", "apoptosis", "IL10")),
    "monocyte": Cells("monocyte", "monocyte", ("monocyte", "macrophage", "myeloid cell"),
                      ("M2_polarization", "other:M1_polarization", "other:DC_differentiation", "other:myeloid_differentiation", "other:MDSC_accumulation",
                      "IL10", "TGFB1", "TNF", "IL6", "IL12B")),
    "macrophage": Cells("macrophage", "macrophage", ("macrophage", "myeloid cell"), ("M2_polarization", "other:M1_polarization", "IL10", "TNF", "IL6", "IL23A", "IL22")),
    "dendritic_cell": Cells("dendritic cell", "monocyte-derived dendritic cell", ("dendritic cell",),
                            ("DC_maturation", "other:antigen_presentation", "other:DC_differentiation", "IL10", "IL12B", "IL6", "TGFB1", "CCR7")),
    "mast_cell": Cells("mast cell", "mast cell", ("mast cell",), ("mast_cell_activity", "TNF")),
}  # fmt: skip
SOLUBLE = (
    "IL10", "TGFB1", "PGE2", "IFNG", "IL12A", "IL12B", "TNF", "IL6", "IL1B", "IL2", "IL4", "IL17A", "IL23A", "IFNB1", "CCL2", "VEGFA", "adenosine", "kynurenine", "L-tryptophan",
)  # fmt: skip
"""What immune cells secrete or use up for all: cytokines, and small molecules whose enzyme one cell has for all."""
STIMULI: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "CD3/CD28": {"t_cell": ("CD3E", "CD28", "ZAP70", "NFATC1", "NFATC2", "RELA")},
    "CD3": {"t_cell": ("CD3E", "ZAP70", "NFATC1", "NFATC2")},
    "LPS": dict.fromkeys(("monocyte", "macrophage", "dendritic_cell"), ("TLR4", "RELA", "NFKB1")),
    "CpG": {"b_cell": ("TLR9", "CD40", "BTK", "SYK"), "dendritic_cell": ("TLR9", "RELA", "NFKB1")},
    "IL-15": {"nk_cell": ("IL15", "STAT5A")},
    "IgE": {"mast_cell": ("FCER1A", "SYK", "RELA")},
}
"""What a stimulus drives, by kind of cell: receptors, and the factors at the end of their chains, which are longer than the steps that are followed.

CpG stands for a mixture with anti-Ig and CD40L.
"""


RECEPTORS: Mapping[str, str] = {"PD-1": "PDCD1", "Fas": "FAS", "CD28": "CD28", "CTLA4": "CTLA4", "TCR": "CD3E"}
"""How the records of copies and constants spell a receptor of immune cells -> its node in the core."""


PRESENTING = ("dendritic_cell",)
"""Kinds that show T cells what they took up."""
TOGETHER: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "t_cell": tuple((source, "T_cell_activity", "CD3E") for source in ("CD28", "ICOS", "TNFRSF9", "ITGAL")),
}
"""Raising edges that count only together with another node: what helps signal 1 does nothing without it."""


@dataclass(frozen=True)
class Cargo:
    """A cargo of vesicles: its record, its place, the node it works on (none: targets by evidence), and whether it acts only with a peptide that the cell recognises."""

    quantity: str
    place: str
    node: str = ""
    sign: int = 1
    half: str = ""
    peptide: bool = False


SHOWN, INSIDE, MIRNA = "surface_ligand_copies_per_ev", "cargo_copies_per_ev", "mirna_share_of_ev"
STEM_CELL: Mapping[str, Cargo] = {
    "TGFB1": Cargo(SHOWN, SURFACE, "TGFB1"),
    "HLA-G": Cargo(SHOWN, CONTACT, "HLA-G"),
    "NT5E": Cargo(SHOWN, SURFACE, "NT5E"),
    "PD-L1": Cargo(SHOWN, CONTACT, "CD274"),
    "CCR2": Cargo(SHOWN, SURFACE, "CCL2", -1),
    "LGALS1": Cargo(INSIDE, SURFACE, "LGALS1"),
    "PGE2": Cargo(INSIDE, SURFACE, "PGE2"),
    "TNFAIP6": Cargo(INSIDE, SURFACE, "TNFAIP6"),
    "IL6": Cargo(INSIDE, SURFACE, "IL6"),
    "IDO1": Cargo(INSIDE, LUMEN, "IDO1"),
    "hsa-let-7b-5p": Cargo(MIRNA, LUMEN, half="miRNA"),
    "hsa-let-7a-5p": Cargo(MIRNA, LUMEN, half="miRNA"),
    "hsa-miR-21-5p": Cargo(MIRNA, LUMEN, half="miRNA"),
    "hsa-miR-125b-5p": Cargo(MIRNA, LUMEN, half="miRNA"),
    "hsa-miR-146a-5p": Cargo(MIRNA, LUMEN, half="miRNA"),
}
"""What vesicles of mesenchymal stem cells are known to carry and the records count or guess."""
TUMOUR: Mapping[str, Cargo] = {
    "PD-L1": Cargo(SHOWN, CONTACT, "CD274"),
    "FasL": Cargo(SHOWN, CONTACT, "FASLG"),
    "TRAIL": Cargo(SHOWN, CONTACT, "TNFSF10"),
    "TGFB1": Cargo(INSIDE, SURFACE, "TGFB1"),
    "PGE2": Cargo(INSIDE, SURFACE, "PGE2"),
}
"""What vesicles of tumour cells are known to show."""
TUMOUR_WITH_DNA: Mapping[str, Cargo] = {**TUMOUR, "dsDNA": Cargo(INSIDE, LUMEN, "dsDNA")}
"""The same, with pieces of DNA inside."""
MATURE_DENDRITIC: Mapping[str, Cargo] = {
    "MHC class I": Cargo(SHOWN, CONTACT, "HLA-A", peptide=True),
    "CD86": Cargo(SHOWN, CONTACT, "CD86"),
    "ICAM1": Cargo(SHOWN, CONTACT, "ICAM1"),
}
"""What vesicles of mature dendritic cells show; the peptide lies on MHC class I, because complexes for half of a response were counted for CD8 T cells only."""
PURIFIED, BLOOD = ("t_cell",), ("t_cell", "nk_cell", "b_cell", "monocyte", "dendritic_cell")


@dataclass(frozen=True)
class Culture:
    """Immune cells, what drives them, and the vesicles that they get.

    Attributes
    ----------
    kinds : which cells are there, by the names of ``KINDS``.
    cells : all cells together; shares are those of blood where ``kinds`` is a mixture, equal where blood has none.
    cargo : what the vesicles carry.
    donor : cell that made them.
    state : of the donor (TLR4, interferon gamma, topotecan ...); it changes the cargo for which a record says so.
    stimuli : what drives the cells.
    reads : (kind, node) that are asked for beside the usual.
    vesicles, volume, hours : given, in how many mL, for how long.
    imposed : whether delivery is set, so that the strongest cargo has ``imposed_level`` times its half effect; else it is as counted.
    gain : factor on every x where delivery is not set; 1 is what was counted.
    given : whether anything is given.
    only_in : kinds in which the vesicles act; empty for all. What then changes elsewhere came by way of these.
    specific : whether the T cells recognise the peptide that the vesicles present; if not, MHC with it engages nothing.
    """

    kinds: tuple[str, ...] = BLOOD
    cells: float = 1e5
    cargo: Mapping[str, Cargo] = field(default_factory=lambda: STEM_CELL)
    donor: str = "bone marrow mesenchymal stem cell"
    state: str = ""
    stimuli: tuple[str, ...] = ("CD3/CD28",)
    reads: tuple[tuple[str, str], ...] = ()
    vesicles: float = 3e7
    volume: float = 0.1
    hours: float = 96.0
    imposed: bool = True
    imposed_level: float = 10.0
    gain: float = 1.0
    given: bool = True
    only_in: tuple[str, ...] = ()
    specific: bool = False


def holds_in(edge: Edge, cells: Cells) -> bool:
    """Whether an edge may be used inside this kind of cell."""
    if any(word in edge.context for word in WOULD_BE_THE_ANSWER) or edge.context == BETWEEN_CELLS:
        return False
    if not (can_have(cells.expressed_as, edge.target) and can_have(cells.expressed_as, edge.source)):
        return False
    return not edge.context or edge.context in ANY_CELL or any(word in edge.context for word in cells.contexts)


def talk_of(culture: Culture, library: Library) -> Talk:
    """Who is there, what each hears, and what the vesicles bring to each."""
    left_out = shown_by_works(library)
    edges = signalling(library.pmids_left_out, left_out)
    across = between_cells(library.pmids_left_out, left_out)
    carried = tuple(
        Carried(name, c.quantity, c.place, culture.donor, c.half or name, culture.state if _changes(library, culture.state, name) else "", c.peptide)
        for name, c in culture.cargo.items()
    )
    kinds = tuple(_kind(culture, library, name, edges, across) for name in culture.kinds)
    heard = {e.source for kind in kinds for e in kind.edges}
    told = {*SOLUBLE, *(e.source for e in across)}
    shared = tuple(sorted(node for node in told & heard if any(node in kind.nodes for kind in kinds)))
    return Talk(tuple(_known(kind, culture) for kind in kinds), shared, tuple(c for c in carried if any(a.cargo == c.name for k in kinds for a in k.acts)))


def between_cells(pmids: frozenset[str], left_out: Collection[str]) -> list[Edge]:
    """Signed edges of the core from one cell to another, without those that rest on left-out works alone."""
    return [e for e in core() if e.context == BETWEEN_CELLS and e.sign and stands(e, pmids, left_out)]


def _kind(culture: Culture, library: Library, name: str, edges: list[Edge], across: list[Edge]) -> Kind:
    cells = KINDS[name]
    known = known_of(library, cells.expressed_as)
    reads = (*cells.reads, *(node for kind, node in culture.reads if kind == name))
    inside = [e for e in edges if holds_in(e, cells)]
    sources = [s for other in culture.kinds for s in _phenotypes(KINDS[other], [*edges, *across])]
    inside += [e for e in across if can_have(cells.expressed_as, e.target) and e.target in reads and e.source in sources]
    stimuli = tuple(node for stimulus in culture.stimuli for node in STIMULI[stimulus].get(name, ()))
    surface = cells.driven if stimuli else cells.resting
    acts = [act for cargo, what in culture.cargo.items() for act in _acts(library, cargo, what, (*reads, *SOLUBLE), cells, surface)]
    if culture.only_in and name not in culture.only_in:
        acts = []
    acts += _presented(culture, library, name, surface)
    inside = _without_counted_competition(inside, acts)
    starts = {*(a.node for a in acts), *stimuli, *SOLUBLE, *(e.source for e in across if e in inside)}
    made = {node for node in SOLUBLE if known.present.get(node, True)}
    ends = {*reads, *made, *(e.source for e in across if can_have(cells.expressed_as, e.source))}
    steps = int(match(library, "immune_path_steps", {}).records[0].value)
    present = {gene: is_there or gene in starts for gene, is_there in known.present.items()}
    wiring = between(sorted(starts), sorted(ends), steps, inside, present)
    here = {e.source for e in wiring} | {e.target for e in wiring} | set(reads)
    least = match(library, "expression_threshold", {}).records[0].value
    shown = {gene: max(value, least) for gene, value in known.expression.items() if gene in here}
    return Kind(
        name,
        cells.cell,
        0.0,
        wiring,
        tuple(a for a in acts if a.node in here),
        shown,
        tuple(s for s in stimuli if s in here),
        reads,
        surface,
        EFFECTOR if stimuli else NAIVE,
        TOGETHER.get(name, ()),
    )


def _changes(library: Library, state: str, cargo: str) -> bool:
    """Whether a record says what a state of the donor does to a cargo."""
    return bool(state) and any(m.label == f"{state}, {cargo}" for m in library.of("state_cargo_fold"))


def _phenotypes(cells: Cells, edges: list[Edge]) -> set[str]:
    """Phenotypes that this kind can have."""
    return {e.target for e in edges if e.kind == "phenotype" and can_have(cells.expressed_as, e.target)}


def _presented(culture: Culture, library: Library, name: str, surface: str) -> list[Act]:
    """What complexes of MHC and peptide do in a kind: on its own vesicles, and on the kinds that present."""
    if not culture.specific:
        return []
    allowed = culture.only_in or culture.kinds
    by = tuple(kind for kind in PRESENTING if kind in culture.kinds and kind in allowed)
    direct = name in allowed
    return [
        Act(cargo, RECEPTORS[receptor], 1, receptor, direct, by)
        for cargo, what in culture.cargo.items()
        if what.peptide and (direct or by)
        for receptor in receptors_met(library, PMHC, surface)
    ]


def _acts(library: Library, cargo: str, what: Cargo, follows: tuple[str, ...], cells: Cells, surface: str) -> list[Act]:
    if what.peptide:
        return []
    met = receptors_met(library, cargo, surface) if what.place == CONTACT else ()
    if met:
        return [Act(cargo, RECEPTORS[receptor], 1, receptor) for receptor in met]
    if what.node:
        return [Act(cargo, what.node, what.sign)]
    return [Act(cargo, gene, -1) for gene in evidence_targets(library, cargo, follows, cells.expressed_as)]


def receptors_met(library: Library, ligand: str, surface: str) -> tuple[str, ...]:
    """Receptors that a ligand meets by count on a cell: those of which the records have the constant of the pair and the copies on that cell; by name."""
    bound = {m.label.split(BOTH)[0] for m in library.of("dissociation_constant") if m.role == "input" and m.label.count(BOTH) == 1 and m.label.split(BOTH)[1] == ligand}
    counted = {m.label for m in library.of("receptor_copies_per_cell") if m.role == "input" and m.cell and m.cell == surface}
    return tuple(sorted(bound & counted & RECEPTORS.keys()))


def _without_counted_competition(edges: list[Edge], acts: list[Act]) -> list[Edge]:
    """Edges without those between two receptors that share a counted ligand."""
    rivals = [{a.node for a in acts if a.cargo == cargo and a.receptor} for cargo in {a.cargo for a in acts}]
    return [e for e in edges if not any(e.source in nodes and e.target in nodes for nodes in rivals)]


def _known(kind: Kind, culture: Culture) -> Kind:
    return replace(kind, number=culture.cells / len(culture.kinds))


def assemble_culture(culture: Culture, library: Library, talk: Talk | None = None) -> Model:
    """The network of a culture; ``talk`` is its own, where it is known already.

    Raises
    ------
    ModelError
        If a measurement is missing or units do not hold.
    """
    talk = _shared_out(talk or talk_of(culture, library), culture, library)
    settings = {
        "talk": talk, "vesicles": culture.vesicles, "volume": culture.volume, "hours": culture.hours, "imposed": culture.imposed, "imposed_level": culture.imposed_level,
        "gain": culture.gain, "given": culture.given,
        "stimulated": bool(culture.stimuli),
    }  # fmt: skip
    site = Site(library, settings, {"species": "human"})
    network = Network("immune_culture", Arm("culture"), particles=(GIVEN,)).with_part(ImmuneConversation().contribute(site, GIVEN))
    return alone("culture", site, network)


def _shared_out(talk: Talk, culture: Culture, library: Library) -> Talk:
    """Cells of each kind: by their shares in blood among those that are there, equal where blood lacks one of them; one kind alone has all."""
    if len(talk.kinds) == 1:
        return replace(talk, kinds=(replace(talk.kinds[0], number=culture.cells),))
    known = {m.cell for m in library.of("blood_cell_share")}
    if not all(k.cell in known for k in talk.kinds):
        return replace(talk, kinds=tuple(replace(k, number=culture.cells / len(talk.kinds)) for k in talk.kinds))
    shares = {k.name: match(library, "blood_cell_share", {"species": "human", "cell": k.cell, "label": "PBMC"}).records[0].value for k in talk.kinds}
    whole = sum(shares.values())
    return replace(talk, kinds=tuple(replace(k, number=culture.cells * shares[k.name] / whole) for k in talk.kinds))


@dataclass(frozen=True)
class Infiltrate:
    """Immune cells in a growing tumour, with levels of their signalling that are held.

    Attributes
    ----------
    levels : node -> level (1 at rest), as :class:`Culture` gives them.
    death_signal : of engaged Fas in T cells, as :class:`Culture` counts it.
    tumour_volume : at the start [mL].
    """

    levels: Mapping[str, float] = field(default_factory=dict)
    tumour_volume: float = 0.1
    death_signal: float = 0.0


def assemble_infiltrate(infiltrate: Infiltrate, library: Library) -> Model:
    """The network of counts.

    Raises
    ------
    ModelError
        If a measurement is missing or units do not hold.
    """
    site = Site(library, {"nodes": tuple(infiltrate.levels), "tumour_volume": infiltrate.tumour_volume, "death_signal": infiltrate.death_signal}, {"species": "mouse"})
    network = Network("infiltrate", Arm("infiltrate")).with_part(ImmuneCells().contribute(site, GIVEN))
    return alone("infiltrate", site, network.with_part(Part(rules=held(site, infiltrate.levels))))
