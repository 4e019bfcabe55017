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
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species

Array = npt.NDArray[np.float64]
FULL_REACH = 50.0
"""Releases per cell beyond which 1 - exp(-L) is 1 in double precision; keeps exp from overflowing."""


@dataclass(frozen=True)
class Guide:
    """An RNA guide: its kind (siRNA or miRNA), its target gene, whether the cell has the site, and whether it is native."""

    id: str
    kind: str
    target: str
    matches: bool
    native: bool = False


def in_cell(site: Site, quantity: str, unit: str, label: str = "") -> sympy.Symbol:
    """A quantity of the recipient cell: asked for in the cell's own species."""
    return site.quantity(quantity, unit, label=label, species=site.settings["cell_species"])


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
        "mirna_half_life",
    )  # fmt: skip
    absent: ClassVar[str] = "copies in the cytosol do nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Guides come from ``site.settings['guides']``; the particle is not asked for."""
        part = Part()
        for guide in site.settings["guides"]:
            part = _join(part, self._guide(site, guide))
        for target in sorted({g.target for g in site.settings["guides"] if g.target} | set(site.settings["genes"])):
            part = _join(part, self._target(site, target))
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
            Rule(f"reached__{guide.id}", "1", self._reached(site, symbol(loads.id), cells)),
            Rule(f"risc_per_reached_cell__{guide.id}", "copy/cell", sympy.Max(0, symbol(loaded.id) / cells) / (share + site.quantity("cell_floor", "cell") / cells)),
        ]
        used: dict[str, float] = {cytosol.id: -1}
        if held is not None:
            free, used = site.given(f"held__{guide.id}", held, "copy/cell") * cells, {}
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

    def _reached(self, site: Site, loads: sympy.Expr, cells: sympy.Expr) -> sympy.Expr:
        """1 - exp(-L), written so that a tiny L keeps its digits: 2 exp(-L/2) sinh(L/2)."""
        mean = sympy.Min(sympy.Max(0, loads / cells), site.given("full_reach", FULL_REACH, "EV/cell"))
        return sympy.Min(1, 2 * sympy.exp(-mean / 2) * sympy.sinh(mean / 2))

    def _target(self, site: Site, gene: str) -> Part:
        cells, growth = symbol(site.settings["cells"]), symbol("growth_rate")
        rest = in_cell(site, "mrna_copies_per_cell", "copy/cell", label=gene)
        decay = sympy.log(2) / in_cell(site, "mrna_half_life", "h", label=gene)
        slow = sympy.log(2) / in_cell(site, "protein_half_life", "h", label=gene)
        mrna = Species(f"{gene}_mRNA", gene, site.settings["cells"], "copy", rest * cells)
        protein = Species(f"{gene}_protein", gene, site.settings["cells"], "cell", cells, is_count=False)
        part = Part()
        hazards: list[sympy.Expr] = []
        for guide in (g for g in site.settings["guides"] if g.target == gene and g.matches):
            rules, hazard = self._engagement(site, guide, rest, decay + growth)
            part = _join(
                part,
                Part(
                    rules=rules,
                    observables=(
                        Observable(
                            f"in_reached:{gene}:{guide.id}", "1", 1 - symbol(f"mrna_reached__{guide.id}") / rest, "cell", f"{gene} mRNA lost in a cell reached by {guide.id}"
                        ),
                    ),
                ),
            )
            hazards.append(hazard)
        loss = sum(hazards, sympy.Integer(0))
        made = rest * (decay + growth) * cells
        reactions = [
            Reaction(f"transcribe__{gene}", {mrna.id: 1}, made),
            Reaction(f"decay_mrna__{gene}", {mrna.id: -1}, decay * symbol(mrna.id)),
            Reaction(f"translate__{gene}", {protein.id: 1}, (slow + growth) * symbol(mrna.id) / rest),
            Reaction(f"decay_protein__{gene}", {protein.id: -1}, slow * symbol(protein.id)),
        ]
        if loss != 0:
            reactions.append(Reaction(f"silence__{gene}", {mrna.id: -1}, loss * symbol(mrna.id)))
        observables = (
            Observable(f"mRNA:{gene}", "1", symbol(mrna.id) / (rest * cells), "cell", f"{gene} mRNA per cell, 1 at rest"),
            Observable(f"protein:{gene}", "1", symbol(protein.id) / cells, "cell", f"{gene} protein per cell, 1 at rest"),
        )
        return _join(part, Part(species=(mrna, protein), reactions=tuple(reactions), observables=observables))

    def _engagement(self, site: Site, guide: Guide, rest: sympy.Expr, turnover: sympy.Expr) -> tuple[tuple[Rule, ...], sympy.Expr]:
        constant, loss = affinity(site, guide), self._loss(site, guide, turnover)
        share, per_reached = symbol(f"reached__{guide.id}"), symbol(f"risc_per_reached_cell__{guide.id}")
        rules = (
            Rule(f"K_site__{guide.kind}", "copy/cell", constant),
            Rule(f"k_cat__{guide.id}", "1/h", loss),
            Rule(f"mrna_reached__{guide.id}", "copy/cell", steady_target(per_reached, rest, symbol(f"K_site__{guide.kind}"), turnover, symbol(f"k_cat__{guide.id}"))),
        )
        inside = symbol(f"mrna_reached__{guide.id}")
        bound = tight_binding(per_reached, inside, symbol(f"K_site__{guide.kind}"))
        return rules, share * symbol(f"k_cat__{guide.id}") * bound / ((1 - share) * rest + share * inside)

    def _loss(self, site: Site, guide: Guide, turnover: sympy.Expr) -> sympy.Expr:
        if guide.kind == "siRNA":
            return in_cell(site, "cleavage_rate", "1/h")
        most = in_cell(site, "mirna_max_repression", "1")
        return turnover * most / (1 - most)


def affinity(site: Site, guide: Guide) -> sympy.Expr:
    """K' of a guide at its target [copy/cell]."""
    volume = in_cell(site, "cytosol_volume", "pL") / site.given("one_cell", 1.0, "cell")
    if guide.kind == "siRNA":
        rates = (in_cell(site, "risc_target_off_rate", "1/h") + in_cell(site, "cleavage_rate", "1/h")) / site.quantity("risc_target_on_rate", "pL/(copy*h)")
        rival = site.rival("sirna_affinity", ("risc_target_on_rate", "risc_michaelis_constant"))
        return ((1 - rival) * rates + rival * in_cell(site, "risc_michaelis_constant", "copy/pL")) * volume
    return in_cell(site, "mirna_target_dissociation", "copy/pL") * volume + in_cell(site, "competing_target_sites", "copy/cell")


def _join(a: Part, b: Part) -> Part:
    from dataclasses import fields

    merged = {}
    for item in fields(Part):
        old, new = getattr(a, item.name), getattr(b, item.name)
        merged[item.name] = old + tuple(x for x in new if x not in old)
    return Part(**merged)


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
