"""What a guide RNA does in the cytosol: loading into AGO, target engagement, loss of mRNA.

Release is per vesicle and, below about one vesicle per cell, random: the number of live
releases per cell is Poisson with mean L = loads / N, because releases are independent, are
lost independently, and are split binomially at division. So the share of cells reached is

    F = 1 - exp(-L)        (never above 1 - exp(-vesicles internalised per cell))

and the copies sit in those cells only. With s cytosolic copies and R guides in AGO (totals),
R_F = R / (N F) in a reached cell (N F + 1 in code: fewer than one reached cell is none). Guides load, are lost and are diluted by growth mu:

    ds/dt = released copies - k_load A s - k_s s,     A = free AGO per cell - R_F
    dR/dt = k_load A s - k_R R

The AGO pool is a rival structure: (a) the free RISC count of a fitted siRNA model, (b) the
measured AGO2 count less the part that endogenous miRNA holds, A^2 / (A + e).

Engagement in a reached cell is the tight-binding law with m mRNA and R_F guides,

    c = ((R_F + m + K') - sqrt((R_F + m + K')^2 - 4 R_F m)) / 2

For siRNA, K' is a rival: the in-cell rates (k_off + k_cat) / k_on, which contain all
competition, or the biochemical Michaelis constant. For miRNA, K' = K (1 + S / K_S) with S other
target sites at the same affinity, K' = K + S. siRNA cleaves at k_cat (measured); miRNA does
not slice and loses at most R_max of the mRNA: k_cat = a R_max / (1 - R_max), a = d + mu.

With m0 copies at rest, the quasi-steady mRNA m_F of a reached cell solves
a (m0 - m_F) = k_cat c(R_F, m_F), a quadratic. The loss that the population's mRNA M sees is

    w = F k_cat c(R_F, m_F) / ((1 - F) m0 + F m_F),      dM/dt = a m0 N - d M - w M - (dilution)

whose steady state is exactly M / N = (1 - F) m0 + F m_F. As c <= m_F, w <= k_cat always, and
the mean can never fall by more than F. A guide without a matching site engages nothing.

A miRNA of the cell's own sits in every cell with E copies in AGO, and the measured mRNA m0 is what it leaves: without it there would be
m_u = m0 + sum k_cat c(E, m0) / a. Its constant loss counts as turnover for every other guide of that mRNA.

Where signalling asks what a reached cell has lost, the gaps m0 N - M = d - s and N - P = D - S are followed as amounts of their own, d what delivered guides take
with w and s what antagonists spare of the cell's own miRNAs, e their hazard less; h is the hazard of the cell's own miRNAs at rest:

    dd/dt = w M - (d_m + h) d,      dD/dt = (d_p + mu) d / m0 - d_p D,      and with e for w the same for s and S

An anti-miRNA leaves the free guides R' of its miRNA in the share G of cells that it reached (:mod:`vesicle.mechanisms.acting.anti_mirna`), independent of
the cells that the miRNA reached. With m' the mRNA at R', in place of the two terms above

    w = F k_cat ((1 - G) c + G c') / ((1 - F) m0 + F ((1 - G) m_F + G m'))

and for the cell's own miRNA the same with F = 1: the mRNA rises towards m_u. No other miRNA's guides change.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.mechanisms.acting.anti_mirna import free_share
from vesicle.mechanisms.acting.reach import FULL_REACH as FULL_REACH
from vesicle.mechanisms.acting.reach import in_cell, in_reached_cell, share_reached
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species, join
from vesicle.products.origin import Origin, state_fold

Array = npt.NDArray[np.float64]
MISSING, SPARED = "missing", "spared"
"""What a gene lacks against rest, and what it has beyond."""
OWN = "_own"
"""Ending of the id of a miRNA that the recipient makes itself."""


@dataclass(frozen=True)
class Guide:
    """An RNA guide: its kind (siRNA or miRNA), its target gene, whether the cell has the site, and whether it is native.

    ``own`` is the number of copies in AGO per cell of a miRNA that the recipient makes itself (nan: as measured for an abundant one),
    ``also`` are further targets of a miRNA.
    """

    id: str
    kind: str
    target: str
    matches: bool
    native: bool = False
    own: float | None = None
    also: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        """Every gene that it has a site in, the first one first."""
        return tuple(dict.fromkeys(gene for gene in (self.target, *self.also) if gene))

    def at(self, gene: str) -> str:
        """Id of this guide at one target: its own id at the first, with the gene at the others."""
        return self.id if gene == self.target else f"{self.id}__{word(gene)}"


def word(gene: str) -> str:
    """A gene as part of an id: ``HLA-G`` -> ``HLA_G``."""
    return "".join(c if c.isalnum() else "_" for c in gene)


def tight_binding(guides: sympy.Expr, targets: sympy.Expr, constant: sympy.Expr) -> sympy.Expr:
    """Complexes formed when neither partner is in excess (Morrison's law).

    Written as 2 R m / (b + sqrt(b^2 - 4 R m)) with b = R + m + K, which does not cancel.
    """
    b = guides + targets + constant
    return 2 * guides * targets / (b + sympy.sqrt(b**2 - 4 * guides * targets))


def steady_target(guides: sympy.Expr, rest: sympy.Expr, constant: sympy.Expr, turnover: sympy.Expr, loss: sympy.Expr) -> sympy.Expr:
    """m_F: the mRNA per cell at which synthesis a m0 balances a m + k_cat c(R, m).

    Putting c = p - q m (q = a / k_cat, p = q m0) into the tight-binding quadratic and multiplying
    by k_cat^2 gives A m^2 + B m + C = 0 with C < 0; the positive root is
    -2 C / (B + sqrt(B^2 - 4 A C)), which does not cancel while K' exceeds m0.
    """
    a = turnover
    total = guides + constant
    quadratic = a**2 + a * loss
    linear = -2 * a**2 * rest - a * rest * loss + a * loss * total + loss**2 * guides
    free = a**2 * rest**2 - a * rest * loss * total
    return _positive_root(quadratic, linear, free)


def steady_complexes(guides: sympy.Expr, rest: sympy.Expr, constant: sympy.Expr, ratio: sympy.Expr) -> sympy.Expr:
    """c(R, m_F) where the mRNA is steady, m_F = m0 - g c with g = k_cat / a: 2 R m0 / (B + sqrt(B^2 - 4 (1 + g) R m0)), B = (1 + g) R + m0 + K'."""
    b = (1 + ratio) * guides + rest + constant
    return 2 * guides * rest / (b + sympy.sqrt(b**2 - 4 * (1 + ratio) * guides * rest))


def _positive_root(quadratic: sympy.Expr, linear: sympy.Expr, free: sympy.Expr) -> sympy.Expr:
    return -2 * free / (linear + sympy.sqrt(linear**2 - 4 * quadratic * free))


class Silencing(Mechanism):
    """AGO loading and target loss for every guide that a particle can bring."""

    name: ClassVar[str] = "silencing"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "C3"
    conserves: ClassVar[str] = "guide copies: released = cytosolic + in AGO + lost"
    claims: ClassVar[tuple[str, ...]] = ("C-0023", "C-0037", "C-0054")
    quantities: ClassVar[tuple[str, ...]] = (
        "cell_floor", "risc_available_per_cell", "ago_per_cell", "endogenous_mirna_per_cell", "risc_loading_rate", "risc_target_on_rate",
        "risc_target_off_rate", "cleavage_rate", "risc_loss_rate", "cytosolic_rna_loss_rate", "cytosol_volume", "risc_michaelis_constant",
        "mirna_max_repression", "mirna_target_dissociation", "competing_target_sites", "mrna_half_life", "mrna_copies_per_cell", "protein_half_life",
        "mirna_half_life", "anti_mirna_dissociation", "own_mirna_per_cell",
    )  # fmt: skip
    absent: ClassVar[str] = "copies in the cytosol do nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Guides come from ``site.settings['guides']``; the particle is not asked for."""
        part = Part()
        for guide in (g for g in site.settings["guides"] if g.own is None):
            part = join(part, self._guide(site, guide))
        for target in sorted({gene for g in site.settings["guides"] for gene in g.targets} | set(site.settings["genes"])):
            part = join(part, self._target(site, target))
        return part

    def _guide(self, site: Site, guide: Guide) -> Part:
        cells = symbol(site.settings["cells"])
        cytosol, loaded, loads = (
            Species(f"{guide.id}_{where}", guide.id, site.settings["cells"], unit) for where, unit in (("cytosol", "copy"), ("risc", "copy"), ("loads", "EV"))
        )
        held = None if guide.native else site.settings.get("held_copies")
        free = symbol(cytosol.id)
        share, per_reached = symbol(f"reached__{guide.id}"), symbol(f"risc_per_reached_cell__{guide.id}")
        free_loss = in_cell(site, "cytosolic_rna_loss_rate", "1/h") if guide.kind == "siRNA" else sympy.log(2) / in_cell(site, "mirna_half_life", "h")
        risc_loss = in_cell(site, "risc_loss_rate", "1/h") if guide.kind == "siRNA" else free_loss
        load = site.quantity("risc_loading_rate", "pL/(copy*h)") / in_cell(site, "cytosol_volume", "pL") * site.given("one_cell", 1.0, "cell")
        pool = symbol("ago_free_per_cell")
        hazard = load * sympy.Max(0, pool - per_reached)
        rules = [
            self._pool(site),
            Rule(f"reached__{guide.id}", "1", share_reached(site, symbol(loads.id), cells)),
            Rule(f"risc_per_reached_cell__{guide.id}", "copy/cell", in_reached_cell(site, symbol(loaded.id), share, cells)),
        ]
        used: dict[str, float] = {cytosol.id: -1}
        if held is not None:
            free, used = site.condition(f"held__{guide.id}", held, "copy/cell") * _fold(site, guide) * cells, {}
            rules[1] = Rule(rules[1].id, "1", site.given("reached_all", 1.0, "1"))
        reactions = (
            Reaction(f"load__{guide.id}", {loaded.id: 1, **used}, hazard * free, step="engaged", step_particle=guide.id),
            Reaction(f"lose_cytosolic__{guide.id}", {cytosol.id: -1}, free_loss * symbol(cytosol.id)),
            Reaction(f"lose_risc__{guide.id}", {loaded.id: -1}, risc_loss * symbol(loaded.id)),
            Reaction(f"lose_load__{guide.id}", {loads.id: -1}, sympy.Min(free_loss, risc_loss) * symbol(loads.id)),
        )
        observables = (
            Observable(f"reached_cells:{guide.id}", "1", share, "cell", f"share of cells reached by {guide.id}"),
            Observable(f"engaged:{guide.id}", "copy/cell", symbol(loaded.id) / cells, "cell", f"{guide.id} in AGO per cell"),
            Observable(f"cytosolic:{guide.id}", "copy/cell", free / cells, "cell", f"{guide.id} in the cytosol per cell"),
            Observable(f"ago_taken:{guide.id}", "1", per_reached * share / pool, "", f"share of free AGO taken by {guide.id}"),
        )
        return Part(rules=tuple(rules), species=(cytosol, loaded, loads), reactions=reactions, observables=observables)

    def _pool(self, site: Site) -> Rule:
        rival = site.rival("ago_pool", ("risc_available_per_cell", "ago_per_cell"))
        total, endogenous = in_cell(site, "ago_per_cell", "copy/cell"), in_cell(site, "endogenous_mirna_per_cell", "copy/cell")
        available = in_cell(site, "risc_available_per_cell", "copy/cell")
        return Rule("ago_free_per_cell", "copy/cell", (1 - rival) * available + rival * total**2 / (total + endogenous))

    def _target(self, site: Site, gene: str) -> Part:
        cells, growth = symbol(site.settings["cells"]), symbol("growth_rate")
        rest = in_cell(site, "mrna_copies_per_cell", "copy/cell", label=gene)
        decay = sympy.log(2) / in_cell(site, "mrna_half_life", "h", label=gene)
        slow = sympy.log(2) / in_cell(site, "protein_half_life", "h", label=gene)
        mrna = Species(f"{word(gene)}_mRNA", gene, site.settings["cells"], "copy", rest * cells)
        protein = Species(f"{word(gene)}_protein", gene, site.settings["cells"], "cell", cells, is_count=False)
        acting = [g for g in site.settings["guides"] if gene in g.targets and g.matches]
        part, hazards, held, spared = self._own(site, gene, [g for g in acting if g.own is not None], rest, decay + growth)
        delivered: list[sympy.Expr] = []
        for guide in (g for g in acting if g.own is None):
            rules, hazard = self._engagement(site, guide, gene, rest, decay + growth, held)
            part = join(
                part,
                Part(
                    rules=rules,
                    observables=(
                        Observable(
                            f"in_reached:{gene}:{guide.id}",
                            "1",
                            symbol(f"g_cat__{guide.at(gene)}") * symbol(f"bound_reached__{guide.at(gene)}") / rest,
                            "cell",
                            f"{gene} mRNA lost in a cell reached by {guide.id}",
                        ),
                    ),
                ),
            )
            delivered.append(hazard)
        taken = sum(delivered, sympy.Integer(0))
        loss = sum(hazards, taken)
        made = rest * (decay + growth + held) * cells
        reactions = [
            Reaction(f"transcribe__{word(gene)}", {mrna.id: 1}, made),
            Reaction(f"decay_mrna__{word(gene)}", {mrna.id: -1}, decay * symbol(mrna.id)),
            Reaction(f"translate__{word(gene)}", {protein.id: 1}, (slow + growth) * symbol(mrna.id) / rest),
            Reaction(f"decay_protein__{word(gene)}", {protein.id: -1}, slow * symbol(protein.id)),
        ]
        if loss != 0:
            reactions.append(Reaction(f"silence__{word(gene)}", {mrna.id: -1}, loss * symbol(mrna.id)))
        observables = (
            Observable(f"mRNA:{gene}", "1", symbol(mrna.id) / (rest * cells), "cell", f"{gene} mRNA per cell, 1 at rest"),
            Observable(f"protein:{gene}", "1", symbol(protein.id) / cells, "cell", f"{gene} protein per cell, 1 at rest"),
        )
        lost = Part()
        if gene in site.settings.get("engaged", ()):
            for side, hazard in ((MISSING, taken), (SPARED, spared)):
                if side in sides(site, gene):
                    lost = join(lost, _gap(site, gene, side, hazard, rest, decay + held, slow + growth, slow))
        return join(part, Part(species=(mrna, protein), reactions=tuple(reactions), observables=observables), lost)

    def _own(self, site: Site, gene: str, guides: list[Guide], rest: sympy.Expr, turnover: sympy.Expr) -> tuple[Part, list[sympy.Expr], sympy.Expr, sympy.Expr]:
        """The cell's own miRNAs: rules, what each takes from an mRNA now, what all take at rest, and what antagonists spare of that [1/h]."""
        takes = {guide: symbol(f"own_takes__{guide.at(gene)}") for guide in guides}
        held = sum(takes.values(), sympy.Integer(0))
        rules, hazards, seen, spared = [], [], [], sympy.Integer(0)
        for guide, mine in takes.items():
            copies, loss, constant = own_copies(site, guide), self._loss(site, guide, gene, turnover), affinity(site, guide)
            rules.append(Rule(str(mine), "1/h", loss * tight_binding(copies, rest, constant) / rest))
            anti = site.settings.get("antagonists", {}).get(mirna_of(guide.id))
            if anti is None:
                hazards.append(mine)
                continue
            free, ratio, alone, freed = (symbol(f"own_{what}__{guide.id if what == 'left_free' else guide.at(gene)}") for what in ("left_free", "ratio", "without", "bound_freed"))
            others = turnover + held - mine
            rules += [
                Rule(str(free), "copy/cell", copies * free_share(site, anti, copies + self._delivered(site, guide))),
                Rule(str(ratio), "1", loss / others),
                Rule(str(alone), "copy/cell", rest * (turnover + held) / others),
                Rule(str(freed), "copy/cell", steady_complexes(free, alone, constant, ratio)),
            ]
            share = symbol(f"reached__{anti}")
            seen.append(Observable(f"own_held:{guide.id}", "1", share * (1 - free / copies), "cell", f"share of the cells' own {mirna_of(guide.id)} that {anti} holds"))
            inside = alone - ratio * freed
            spared += share * (mine * inside - loss * freed) / ((1 - share) * rest + share * inside)
            taken = (1 - share) * mine * rest + share * loss * freed
            hazards.append(taken / ((1 - share) * rest + share * inside))
        return Part(rules=tuple(rules), observables=tuple(seen)), hazards, held, spared

    def _delivered(self, site: Site, guide: Guide) -> sympy.Expr:
        """Delivered guides of the same miRNA in AGO, mean over cells [copy/cell]."""
        same = [g for g in site.settings["guides"] if g.own is None and mirna_of(g.id) == mirna_of(guide.id)]
        return sum((sympy.Max(0, symbol(f"{g.id}_risc") / symbol(site.settings["cells"])) for g in same), sympy.Integer(0))

    def _engagement(self, site: Site, guide: Guide, gene: str, rest: sympy.Expr, turnover: sympy.Expr, held: sympy.Expr) -> tuple[tuple[Rule, ...], sympy.Expr]:
        at, constant, loss = guide.at(gene), affinity(site, guide), self._loss(site, guide, gene, turnover)
        share, per_reached = symbol(f"reached__{guide.id}"), symbol(f"risc_per_reached_cell__{guide.id}")
        affine, ratio = symbol(f"K_site__{guide.kind}"), symbol(f"g_cat__{at}")
        rules = [
            Rule(f"K_site__{guide.kind}", "copy/cell", constant),
            Rule(f"k_cat__{at}", "1/h", loss),
            Rule(str(ratio), "1", loss / (turnover + held)),
            Rule(f"bound_reached__{at}", "copy/cell", steady_complexes(per_reached, rest, affine, ratio)),
        ]
        bound = symbol(f"bound_reached__{at}")
        anti = site.settings.get("antagonists", {}).get(guide.id)
        if anti is not None:
            same = [g for g in site.settings["guides"] if g.own is not None and mirna_of(g.id) == guide.id]
            held_too = sum((own_copies(site, g) for g in same), sympy.Integer(0))
            free, freed, held_share = symbol(f"risc_left_free__{guide.id}"), symbol(f"bound_freed__{at}"), symbol(f"reached__{anti}")
            rules += [
                Rule(str(free), "copy/cell", per_reached * free_share(site, anti, per_reached + held_too)),
                Rule(str(freed), "copy/cell", steady_complexes(free, rest, affine, ratio)),
            ]
            bound = (1 - held_share) * bound + held_share * freed
        return tuple(rules), share * symbol(f"k_cat__{at}") * bound / (rest - share * ratio * bound)

    def _loss(self, site: Site, guide: Guide, gene: str, turnover: sympy.Expr) -> sympy.Expr:
        if guide.kind == "siRNA":
            return in_cell(site, "cleavage_rate", "1/h")
        most = in_cell(site, "mirna_max_repression", "1", label=gene)
        return turnover * most / (1 - most)


def _fold(site: Site, guide: Guide) -> sympy.Expr:
    """Imposed copies are those of a native donor; one in another state brings its fold of them."""
    name, origin = site.settings.get("origins", {}).get(guide.id, (guide.id, Origin()))
    return state_fold(site, name, origin)


def _gap(site: Site, gene: str, which: str, hazard: sympy.Expr, rest: sympy.Expr, back: sympy.Expr, made: sympy.Expr, slow: sympy.Expr) -> Part:
    """One side of m0 N - M and of N - P as amounts of their own: as differences they would lose the digits that a few reached cells are made of."""
    cells = site.settings["cells"]
    mrna = Species(f"{word(gene)}_mRNA_{which}", gene, cells, "copy", is_count=False)
    protein = Species(f"{word(gene)}_protein_{which}", gene, cells, "cell", is_count=False)
    return Part(
        species=(mrna, protein),
        reactions=(
            Reaction(f"open__{mrna.id}", {mrna.id: 1}, hazard * symbol(f"{word(gene)}_mRNA")),
            Reaction(f"close__{mrna.id}", {mrna.id: -1}, back * symbol(mrna.id)),
            Reaction(f"open__{protein.id}", {protein.id: 1}, made * symbol(mrna.id) / rest),
            Reaction(f"close__{protein.id}", {protein.id: -1}, slow * symbol(protein.id)),
        ),
    )


def sides(site: Site, gene: str) -> tuple[str, ...]:
    """Which gaps of a gene can open in an arm: delivered guides make it lack, antagonists of the cell's own miRNAs spare it."""
    acting = [g for g in site.settings["guides"] if gene in g.targets and g.matches]
    antagonists = site.settings.get("antagonists", {})
    lacks = (MISSING,) if any(g.own is None for g in acting) else ()
    return (*lacks, SPARED) if any(g.own is not None and mirna_of(g.id) in antagonists for g in acting) else lacks


def protein_lost(site: Site, gene: str) -> sympy.Expr:
    """Protein of a gene that an arm's guides took, less what antagonists of the cell's own gave, over all cells [cell]; 0 where nothing silences it."""
    sign = {MISSING: 1, SPARED: -1}
    return sum((sign[side] * symbol(f"{word(gene)}_protein_{side}") for side in sides(site, gene)), sympy.Integer(0))


def affinity(site: Site, guide: Guide) -> sympy.Expr:
    """K' of a guide at its target [copy/cell]."""
    volume = in_cell(site, "cytosol_volume", "pL") / site.given("one_cell", 1.0, "cell")
    if guide.kind == "siRNA":
        rates = (in_cell(site, "risc_target_off_rate", "1/h") + in_cell(site, "cleavage_rate", "1/h")) / site.quantity("risc_target_on_rate", "pL/(copy*h)")
        rival = site.rival("sirna_affinity", ("risc_target_on_rate", "risc_michaelis_constant"))
        return ((1 - rival) * rates + rival * in_cell(site, "risc_michaelis_constant", "copy/pL")) * volume
    return in_cell(site, "mirna_target_dissociation", "copy/pL") * volume + in_cell(site, "competing_target_sites", "copy/cell")


def mrna_at_rest_loss(guides: Array, rest: float, constant: float, turnover: float, loss: float) -> Array:
    """1 - m(R) / m0 of cells that hold R guides each: :func:`steady_target` on numbers; exactly 0 without guides.

    With m = m0 - c k_cat / a the tight-binding law is a quadratic in the complexes c, c = 2 R m0 / (B + sqrt(B^2 - 4 (1 + g) R m0)),
    B = (1 + g) R + m0 + K', g = k_cat / a; the loss is g c / m0. This form loses no digits at few guides.
    """
    ratio = loss / turnover
    b = (1 + ratio) * guides + rest + constant
    complexes = 2 * guides * rest / (b + np.sqrt(np.maximum(0.0, b**2 - 4 * (1 + ratio) * guides * rest)))
    return np.asarray(ratio * complexes / rest)


def mirna_of(guide: str) -> str:
    """The miRNA of a guide's id: the cell's own copies go by another id than delivered ones."""
    return guide.removesuffix(OWN)


def own_copies(site: Site, guide: Guide) -> sympy.Expr:
    """Copies in AGO per cell of a miRNA that the cell makes [copy/cell]: as the scenario says, else as measured for an abundant one."""
    if guide.own is None or math.isnan(guide.own):
        return in_cell(site, "own_mirna_per_cell", "copy/cell")
    return site.given(f"own__{guide.id}", guide.own, "copy/cell")


def guides_needed(rest: Array, constant: Array, turnover: Array, loss: Array, change: float) -> Array:
    """Guides in AGO per cell, the same in every cell, that hold the mRNA at ``rest * (1 + change)``.

    At that level m the cleavage must be c = a (m0 - m) / k_cat; the tight-binding law gives
    R = c (m + K' - c) / (m - c). Infinite where c >= m: no number of guides is enough.

    Parameters
    ----------
    rest : (n_draw,) mRNA copies per cell at rest, m0.
    constant : (n_draw,) K' [copy/cell].
    turnover : (n_draw,) a = decay + growth [1/h].
    loss : (n_draw,) k_cat [1/h].
    change : asked relative change of the mRNA, negative.

    Returns
    -------
    (n_draw,) [copy/cell].
    """
    m = rest * (1 + change)
    complexes = turnover * (rest - m) / loss
    with np.errstate(divide="ignore", invalid="ignore"):
        guides = complexes * (m + constant - complexes) / (m - complexes)
    return np.where(complexes < m, guides, np.inf)
