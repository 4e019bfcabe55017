"""Immune cells that vesicles speak to and that speak to each other.

Kinds of cells k (T, NK and B cells, monocytes, dendritic cells, mast cells ...) each have the part of the signed core that holds in them. Every node with an input is a
gate of activity y_kv. What an input says, s = w f(y), is that of :mod:`vesicle.network.gates`, with the same weights, steepness, backgrounds and time constants in every
kind. How inputs join is a law of its own, because a phenotype of an immune cell has up to a dozen inputs of each sign, and all of them half active at rest would leave no
room for any to speak: each counts relative to rest. With the raising inputs a and the lowering ones h, and b the share of the drive at rest that comes from inputs that
no model holds,

    rho = b + (1 - b) A prod((1 - h)/(1 - h_0)),     A = sum(a)/sum(a_0) where any is enough, prod(a/a_0) where all are needed
    tau dy/dt = Y - y,     Y/(1 - Y) = rho r/(1 - r),     y(0) = r

A raising input that counts only together with another (costimulation with signal 1) is heard by how far the other is above its rest z_0,

    a -> a_0 + g (a - a_0),     g = max(0, z - z_0)/(1 - z_0)

Rest is a fixed point, signs are kept, nothing leaves [0, 1]. That stimuli of a culture raise what they are known to raise was the test of this law; no effect of a
vesicle was. A gene that the table does not find in a cell is active to what is least counted as there.

What is dissolved is heard by all alike, by how many cells there are of each kind and how much of it they express (e, 1 where no table says):

    S_u = sum_k N_k e_ku y_ku / sum_k N_k e_ku

A phenotype of one kind that another hears (dendritic cells that mature, regulatory T cells) is the same sum over the kinds that can have it, with e = 1. So a T cell may
change because a monocyte did, and purified T cells cannot.

What vesicles bring. A cell of kind k holds or takes in v_k of them, cargo c comes in n_c copies on each, and K_c copies per cell have half the effect:

    x_kc = g n_c v_k / K_c                 outside, free to act on what is around the cell (an enzyme, a cytokine, a decoy)
    x_kc = g n_c v_k min(1, h/d) / K_c     in contact: only what lies in the gap h meets a receptor of the cell, as in :mod:`vesicle.mechanisms.entering.surface`
    x_kc = g n_c v_k f / K_c               in the lumen, f the share that is released into the cytosol
    s_kc = R x / (R + x)                   R the share of cells reached: 1 from outside, 1 - exp(-g f v_k) in the lumen

Where the receptors of a ligand were counted on the cell, and its constants with them, no half effect is asked for. The ligands in the contact are shared among the receptors
by copies and affinity, and each receptor moves by its own signal (:mod:`vesicle.mechanisms.entering.competition`; complexes of MHC with a peptide that the cell recognises:
:mod:`vesicle.mechanisms.immune.presentation`):

    L_kc = g n_c v_k min(1, h/d),     C_j from L_kc and all R_i, K_i,     s_kj = x^m / (1 + x^m),  x = C_j / (A x_50,j)

Complexes of MHC with the peptide reach a T cell in two ways: on the vesicles that it holds, and on the presenting cells that took some and that every T cell comes to meet,
each way with its own signal 1; s = 1 - (1 - S)(1 - S_by). Such a receptor is nearly silent before vesicles come, however much of it is expressed.

    raised:   a = y + (1 - y) s            a ligand or an enzyme that comes
    lowered:  a = y (1 - s)                a target of a miRNA, or a factor that a decoy holds

and a stimulus t of the culture (CD3/CD28, LPS, CpG) does a = y + (1 - y) t before; what it drives is nearly silent without it,
as is what no cell has before vesicles bring it (DNA in the cytosol). Competition for P vesicles in a volume V over a time t_0, with u_k cleared per cell:

    v_k = P u_k / U (1 - exp(-U t_0 / V)),     U = sum_k N_k u_k

The gain g is 1 at the counted copies. To ask what the wiring would do *if delivery were effective*, g is set once for all that acts from outside and once for the lumen
so that the strongest cargo there, in the kind that takes up most, has a stated x (for a shared ligand x = L over the least L that gives half of a signal); within each, what
is measured keeps its proportions: who takes up more, and which cargo is plentiful. The state of the donor (priming, treatment, engineering) multiplies copies by the fold
that a record gives, at the same g."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from vesicle.evidence.priors.edges import Edge
from vesicle.mechanisms.acting.silencing import word
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.attachment import encounter_clearance
from vesicle.mechanisms.entering.competition import Receptor, half_pairs, needed, receptor_of, shared, steep
from vesicle.mechanisms.immune.presentation import PMHC, half_complexes, occupied_share, paired, signal_one
from vesicle.mechanisms.signalling.circuit import time_class
from vesicle.mechanisms.travelling.diffusion import particle_diameter
from vesicle.network.expressions import symbol
from vesicle.network.gates import LEAST, half_power, hill
from vesicle.network.types import Gate, Observable, Part, Particle, Rule

SURFACE, CONTACT, LUMEN = "surface", "contact", "lumen"
COMPARED_WITH = "T cell"
"""The cell that relative uptake was compared with."""


@dataclass(frozen=True)
class Act:
    """What one cargo does to one node: +1 brings it or works as it, -1 takes it away.

    ``receptor`` is the counted receptor by which it does so, as the records spell it; empty where the half effect of the cargo is asked for. ``direct`` says whether the
    vesicles that the cell holds do it; ``by`` which other kinds take vesicles and show the cargo to it.
    """

    cargo: str
    node: str
    sign: int
    receptor: str = ""
    direct: bool = True
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carried:
    """A cargo of the vesicles.

    Attributes
    ----------
    name : as the records spell it.
    quantity : which quantity has its copies.
    place : surface, contact or lumen.
    donor : cell that made the vesicles.
    half : label of its half effect.
    state : of the donor, where a record says how it changes the copies.
    peptide : whether only the share of it that holds the peptide acts.
    """

    name: str
    quantity: str
    place: str
    donor: str
    half: str
    state: str = ""
    peptide: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of cell in a culture.

    Attributes
    ----------
    name, cell : an identifier, and the cell as the records name it.
    number : cells.
    edges : signed edges that hold in it.
    acts : what the cargo does in it.
    expression : gene -> expression, where a table holds it; at least what counts as there.
    stimuli : nodes that the culture's stimulus drives in it.
    follows : nodes that are asked for.
    surface : the cell whose receptors it has, as the records name it.
    experience : naive or effector, for how many complexes of MHC and peptide it takes.
    together : (source, target, other): a raising edge that counts only together with another node.
    """

    name: str
    cell: str
    number: float
    edges: tuple[Edge, ...]
    acts: tuple[Act, ...] = ()
    expression: Mapping[str, float] = field(default_factory=dict)
    stimuli: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    surface: str = ""
    experience: str = ""
    together: tuple[tuple[str, str, str], ...] = ()

    @property
    def gated(self) -> tuple[str, ...]:
        """Nodes with an input, sorted."""
        return tuple(sorted({e.target for e in self.edges}))

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node, sorted."""
        return tuple(sorted({e.source for e in self.edges} | {e.target for e in self.edges} | set(self.follows)))

    @property
    def counted(self) -> tuple[Act, ...]:
        """Acts by a receptor that was counted."""
        return tuple(act for act in self.acts if act.receptor)


@dataclass(frozen=True)
class Talk:
    """A culture: its kinds of cells, what is heard by all, and what the vesicles carry."""

    kinds: tuple[Kind, ...]
    shared: tuple[str, ...]
    carried: tuple[Carried, ...]


class ImmuneConversation(Mechanism):
    """Gates of several kinds of immune cells, joined by what they secrete and by what vesicles bring to each."""

    name: ClassVar[str] = "immune_conversation"
    chapter: ClassVar[str] = "immune"
    system: ClassVar[str] = "E3"
    conserves: ClassVar[str] = "vesicles: given = held by the kinds of cells + left; activity: between 0 and 1, and at rest where nothing was brought"
    claims: ClassVar[tuple[str, ...]] = ("C-0016", "C-0018")
    quantities: ClassVar[tuple[str, ...]] = (
        "gate_hill_coefficient", "gate_half_activity", "gate_weight", "gate_background", "gate_time_constant", "resting_activity", "expression_half_activity",
        "surface_ligand_copies_per_ev", "cargo_copies_per_ev", "mirna_share_of_ev", "total_mirna_per_ev", "cargo_half_effect", "state_cargo_fold",
        "cytosolic_release_fraction", "stimulus_activity", "unstimulated_activity", "sticking_probability", "relative_uptake", "cell_diameter", "ev_diameter",
        "intermembrane_gap", "thermal_energy", "medium_viscosity", "ligand_association_rate", "ligand_free_of_corona", "receptors_per_cell",
        "receptor_copies_per_cell", "dissociation_constant", "signal_half_density", "signal_hill", "peptide_occupied_share", "pmhc_passed_share",
        "pmhc_for_half_response", "pmhc_response_hill",
    )  # fmt: skip
    absent: ClassVar[str] = "every kind of cell is alone"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """``site.settings``: ``talk`` is the culture; ``vesicles``, ``volume`` [mL], ``hours``, ``imposed`` (0 or 1), ``imposed_level``, ``gain``, ``given``, ``stimulated``."""
        talk: Talk = site.settings["talk"]
        rules = [*self._uptake(site, talk, particle), *self._brought(site, talk, particle), *self._spoken(site, talk), *self._shared(site, talk)]
        gates: list[Gate] = []
        observables = [Observable(f"held:{kind.name}", "EV/cell", symbol(f"held__{kind.name}"), "cell", f"vesicles per {kind.cell}") for kind in talk.kinds]
        for kind in talk.kinds:
            for node in kind.gated:
                made, gate = self._gate(site, talk, kind, node)
                rules += made
                gates.append(gate)
            observables += [Observable(f"{node}:{kind.name}", "1", now(talk, kind, node), "cell", f"activity of {node} in {kind.cell}") for node in kind.follows]
            observables += [seen for act in kind.counted for seen in _seen(kind, act)]
        return Part(rules=tuple(rules), gates=tuple(gates), observables=tuple(observables))

    def _uptake(self, site: Site, talk: Talk, particle: Particle) -> list[Rule]:
        """Vesicles per cell of each kind, all kinds competing for the same."""
        rules = []
        for kind in talk.kinds:
            own = Site(site.library, {**site.settings, **about(kind)}, site.context, site.parameters)
            rules.append(Rule(f"cleared__{kind.name}", "mL/(cell*h)", encounter_clearance(own, particle)))
        all_together = sum((symbol(f"cleared__{k.name}") * number(site, k) for k in talk.kinds), sympy.Integer(0))
        given, volume = site.given("vesicles", site.settings["vesicles"], "EV"), site.given("volume", site.settings["volume"], "mL")
        rules.append(Rule("cleared", "mL/h", all_together))
        rules.append(Rule("taken_share", "1", 1 - sympy.exp(-symbol("cleared") * site.given("hours", site.settings["hours"], "h") / volume)))
        rules += [Rule(f"held__{k.name}", "EV/cell", given * symbol("taken_share") * symbol(f"cleared__{k.name}") / symbol("cleared")) for k in talk.kinds]
        return rules

    def _brought(self, site: Site, talk: Talk, particle: Particle) -> list[Rule]:
        """s of every cargo in every kind in which it acts."""
        imposed = site.given("imposed", float(site.settings["imposed"]), "1")
        one = site.given("one_particle_per_cell", 1.0, "EV/cell")
        released = site.quantity("cytosolic_release_fraction", "1", product="exosome")
        by_name = {c.name: c for c in talk.carried}
        acting = [(kind, by_name[name]) for kind in talk.kinds for name in dict.fromkeys(act.cargo for act in kind.acts)]
        rules = []
        touching = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / particle_diameter(site, particle))
        gain = site.given("gain", site.settings["gain"], "1")
        for kind, cargo in acting:
            if _is_counted(kind, cargo):
                rules += self._met(site, kind, cargo, touching)
                continue
            acting_share = {LUMEN: released, CONTACT: touching, SURFACE: sympy.Integer(1)}[cargo.place]
            half = site.quantity("cargo_half_effect", "copy/cell", label=cargo.half)
            rules.append(Rule(str(_dose(kind, cargo)), "1", copies(site, cargo) * symbol(f"held__{kind.name}") * acting_share / half))
        for place in (SURFACE, LUMEN):
            raw = [_dose(kind, cargo) for kind, cargo in acting if _side(cargo) == place]
            if raw:
                rules.append(Rule(f"strongest__{place}", "1", sympy.Max(*raw, site.given("least_dose", LEAST, "1"), evaluate=False)))
        level = site.given("imposed_level", site.settings["imposed_level"], "1")
        for kind, cargo in acting:
            gained = state_fold(site, cargo) * ((1 - imposed) * gain + imposed * level / symbol(f"strongest__{_side(cargo)}"))
            if _is_counted(kind, cargo):
                rules += self._engaged(site, kind, cargo, gained)
                continue
            share = sympy.Integer(1) if _side(cargo) == SURFACE else imposed + (1 - imposed) * (1 - sympy.exp(-gain * released * symbol(f"held__{kind.name}") / one))
            x = gained * _dose(kind, cargo)
            rules.append(Rule(f"brought__{word(cargo.name)}__{kind.name}", "1", share * x / (share + x + symbol("least_dose"))))
        return rules

    def _met(self, site: Site, kind: Kind, cargo: Carried, touching: sympy.Expr) -> list[Rule]:
        """Ligands of a cargo that meet the receptors of a kind at the counted copies, and how many give half of a signal."""
        own = occupied_share(site) if cargo.peptide else sympy.Integer(1)
        met, half = symbol(f"met__{word(cargo.name)}__{kind.name}"), symbol(f"half_met__{word(cargo.name)}__{kind.name}")
        per_vesicle = copies(site, cargo) * touching * own
        needs = [_needed(site, kind, cargo, act.receptor) for act in kind.counted if act.cargo == cargo.name]
        return [
            Rule(str(met), "copy/cell", per_vesicle * symbol(f"held__{kind.name}") * float(all(act.direct for act in kind.counted if act.cargo == cargo.name))),
            Rule(str(half), "copy/cell", sympy.Min(*needs, evaluate=False) if len(needs) > 1 else needs[0]),
            Rule(str(_dose(kind, cargo)), "1", met / half),
            *(
                Rule(_half_held(kind, act), "EV/cell", need / (per_vesicle * state_fold(site, cargo)))
                for act, need in zip((a for a in kind.counted if a.cargo == cargo.name), needs, strict=True)
            ),
        ]

    def _engaged(self, site: Site, kind: Kind, cargo: Carried, gained: sympy.Expr) -> list[Rule]:
        """Receptors that a cargo engages, and their signals; ``gained`` multiplies what was counted."""
        ligands = symbol(f"shown__{word(cargo.name)}__{kind.name}")
        rules = [Rule(str(ligands), "copy/cell", gained * symbol(f"met__{word(cargo.name)}__{kind.name}"))]
        acts = [act for act in kind.counted if act.cargo == cargo.name]
        receptors = [_receptor(site, kind, cargo, act.receptor) for act in acts]
        further, engaged = shared(f"{word(cargo.name)}__{kind.name}", ligands, receptors)
        rules += further
        for act, receptor, formed in zip(acts, receptors, engaged, strict=True):
            silent = 1 - _signal(site, kind, cargo, receptor, symbol(_engaged_id(kind, act)))
            for other in act.by:
                shown, pairs = (symbol(f"{what}_by_{other}__{word(cargo.name)}__{kind.name}") for what in ("shown", "engaged"))
                passed = copies(site, cargo) * occupied_share(site) * site.quantity("pmhc_passed_share", "1") * symbol(f"held__{other}")
                rules += [Rule(str(shown), "copy/cell", gained * passed), Rule(str(pairs), "copy/cell", paired(receptor.copies, shown, receptor.constant))]
                silent = silent * (1 - _signal(site, kind, cargo, receptor, pairs))
            rules += [Rule(_engaged_id(kind, act), "copy/cell", formed), Rule(_brought_id(kind, act), "1", 1 - silent)]
        return rules

    def _spoken(self, site: Site, talk: Talk) -> list[Rule]:
        """What every node of every kind says, now and at rest."""
        rules: list[Rule] = []
        speaking = sorted({e.source for kind in talk.kinds for e in kind.edges})
        steep = {node: site.quantity("gate_hill_coefficient", "1", label=node) for node in speaking}
        rules += [Rule(f"half__{word(node)}", "1", half_power(steep[node], site.quantity("gate_half_activity", "1", label=node))) for node in speaking]
        for kind in talk.kinds:
            for node in kind.nodes:
                if is_changed(kind, node):
                    rules.append(Rule(active(kind, node), "1", self._changed(site, talk, kind, node)))
            for node in sorted({other for _, _, other in kind.together} & set(kind.nodes)):
                rest = heard_at_rest(site, talk, kind, node)
                rules.append(Rule(f"beyond_rest__{kind.name}__{word(node)}", "1", sympy.Max(0, now(talk, kind, node) - rest) / (1 - rest)))
            for node in sorted({e.source for e in kind.edges}):
                n, half = steep[node], symbol(f"half__{word(node)}")
                rules += [
                    Rule(f"at_rest__{kind.name}__{word(node)}", "1", hill(heard_at_rest(site, talk, kind, node), n, half)),
                    Rule(f"says__{kind.name}__{word(node)}", "1", hill(now(talk, kind, node), n, half)),
                ]
        return rules

    def _changed(self, site: Site, talk: Talk, kind: Kind, node: str) -> sympy.Expr:
        """Activity of a node that the stimulus or a cargo moves."""
        value = base(talk, kind, node)
        if node in kind.stimuli:
            value = value + (1 - value) * site.quantity("stimulus_activity", "1") * site.given("stimulated", float(site.settings["stimulated"]), "1")
        for act in kind.acts:
            if act.node == node:
                s = symbol(_brought_id(kind, act)) * site.given("given", float(site.settings["given"]), "1")
                value = value + (1 - value) * s if act.sign > 0 else value * (1 - s)
        return value

    def _shared(self, site: Site, talk: Talk) -> list[Rule]:
        """What is dissolved, and phenotypes that other cells hear."""
        rules = []
        for kind in talk.kinds:
            rules += [Rule(f"rest__{kind.name}__{word(node)}", "1", own_rest(site, kind, node)) for node in kind.nodes]
        for node in talk.shared:
            having = speakers(talk, node)
            for identity, value in ((f"all__{word(node)}", own), (f"all_at_rest__{word(node)}", lambda k, n: symbol(f"rest__{k.name}__{word(n)}"))):
                weighted = sum((weight(site, k, node) * value(k, node) for k in having), sympy.Integer(0))
                rules.append(Rule(identity, "1", weighted / sum((weight(site, k, node) for k in having), sympy.Integer(0))))
        return rules

    def _heard(self, talk: Talk, kind: Kind, edge: Edge) -> sympy.Expr:
        """What a gate hears along an edge."""
        says, at_rest = symbol(f"says__{kind.name}__{word(edge.source)}"), symbol(f"at_rest__{kind.name}__{word(edge.source)}")
        other = next((z for source, target, z in kind.together if (source, target) == (edge.source, edge.target)), "")
        if not other or edge.sign < 0:
            return says
        if other not in kind.nodes:
            return at_rest
        return at_rest + symbol(f"beyond_rest__{kind.name}__{word(other)}") * (says - at_rest)

    def _gate(self, site: Site, talk: Talk, kind: Kind, node: str) -> tuple[list[Rule], Gate]:
        heard = [e for e in kind.edges if e.target == node]
        weights = {e: site.quantity("gate_weight", "1", label=f"{e.source} to {e.target}") for e in heard}
        several = sum(e.sign > 0 for e in heard) > 1
        together = site.rival(f"gate_{word(node)}", ("any_input_enough", "all_inputs_needed")) if several else sympy.Integer(0)
        background = site.quantity("gate_background", "1", label=node)
        says = {e: weights[e] * self._heard(talk, kind, e) for e in heard}
        said = {e: weights[e] * symbol(f"at_rest__{kind.name}__{word(e.source)}") for e in heard}
        raising, lowering = ([e for e in heard if e.sign == sign] for sign in (1, -1))
        left = sympy.prod([(1 - says[e]) / (1 - said[e]) for e in lowering])
        any_of_them = sum(says[e] for e in raising) / sum(said[e] for e in raising) if raising else sympy.Integer(1)
        all_of_them = sympy.prod([says[e] / said[e] for e in raising])
        resting, tau = own_rest(site, kind, node), site.quantity("gate_time_constant", "h", label=time_class({e.kind for e in heard}))
        hears, aim = symbol(f"drive__{kind.name}__{word(node)}"), symbol(f"aim__{kind.name}__{word(node)}")
        rules = [
            Rule(str(hears), "1", background + (1 - background) * ((1 - together) * any_of_them + together * all_of_them) * left),
            Rule(str(aim), "1", hears * resting / (1 - resting + hears * resting)),
        ]
        return rules, Gate(species(kind, node), node, tuple((e.source, e.sign) for e in heard), aim, resting, tau)


def _is_counted(kind: Kind, cargo: Carried) -> bool:
    """Whether a cargo acts by receptors that were counted on a kind."""
    return any(act.cargo == cargo.name for act in kind.counted)


def _brought_id(kind: Kind, act: Act) -> str:
    """s of an act."""
    return "__".join(filter(None, ("brought", word(act.cargo), word(act.receptor) if act.receptor else "", kind.name)))


def _engaged_id(kind: Kind, act: Act) -> str:
    return f"engaged__{word(act.cargo)}__{word(act.receptor)}__{kind.name}"


def _half_held(kind: Kind, act: Act) -> str:
    return f"half_held__{word(act.cargo)}__{word(act.receptor)}__{kind.name}"


def _seen(kind: Kind, act: Act) -> tuple[Observable, ...]:
    """What is told of a counted receptor."""
    return (
        Observable(f"engaged:{act.receptor}:{kind.name}", "copy/cell", symbol(_engaged_id(kind, act)), "cell", f"{act.receptor} of {kind.cell} engaged by {act.cargo}"),
        Observable(f"signal:{act.receptor}:{kind.name}", "1", symbol(_brought_id(kind, act)), "cell", f"signal of {act.receptor} in {kind.cell} by {act.cargo} of vesicles"),
        Observable(f"half_held:{act.receptor}:{kind.name}", "EV/cell", symbol(_half_held(kind, act)), "cell", f"vesicles per {kind.cell} for half of it alone"),
    )


def _area(site: Site, kind: Kind) -> sympy.Expr:
    """Surface of a smooth cell [um2/cell]."""
    return sympy.pi * site.quantity("cell_diameter", "um", cell=kind.cell) ** 2 / site.given("one_cell", 1.0, "cell")


def _receptor(site: Site, kind: Kind, cargo: Carried, name: str) -> Receptor:
    return receptor_of(site, name, PMHC if cargo.peptide else cargo.name, kind.surface, _area(site, kind))


def _needed(site: Site, kind: Kind, cargo: Carried, receptor: str) -> sympy.Expr:
    """Ligands in contact for half of the signal of a receptor when nothing competes [copy/cell]."""
    if cargo.peptide:
        return half_complexes(site, kind.experience)
    return needed(site, _receptor(site, kind, cargo, receptor), half_pairs(site, receptor, kind.surface, _area(site, kind)))


def _signal(site: Site, kind: Kind, cargo: Carried, receptor: Receptor, engaged: sympy.Expr) -> sympy.Expr:
    """The signal of a receptor from how many are engaged."""
    if cargo.peptide:
        at_half = paired(receptor.copies, half_complexes(site, kind.experience), receptor.constant)
        return sympy.sympify(signal_one(sympy.Max(0, engaged), at_half, site.quantity("pmhc_response_hill", "1")))
    share = engaged / half_pairs(site, receptor.name, kind.surface, _area(site, kind))
    return steep(share, site.quantity("signal_hill", "1", label=receptor.name, cell=kind.surface))


def _dose(kind: Kind, cargo: Carried) -> sympy.Symbol:
    """x of a cargo in a kind at the counted copies."""
    return symbol(f"dose__{word(cargo.name)}__{kind.name}")


def _side(cargo: Carried) -> str:
    """From outside, or from the lumen."""
    return LUMEN if cargo.place == LUMEN else SURFACE


def about(kind: Kind) -> dict[str, str]:
    """Settings under which the attachment of a kind is asked for."""
    return {"sized_cell": kind.cell, "cell_line": kind.cell, "compared_with": "" if kind.cell == COMPARED_WITH else COMPARED_WITH}


def number(site: Site, kind: Kind) -> sympy.Expr:
    """Cells of a kind."""
    return site.given(f"cells__{kind.name}", kind.number, "cell")


def copies(site: Site, cargo: Carried) -> sympy.Expr:
    """Copies of a cargo per vesicle [copy/EV]."""
    if cargo.quantity == "mirna_share_of_ev":
        return site.quantity("mirna_share_of_ev", "1", product="exosome", label=cargo.name, cell=cargo.donor) * site.quantity("total_mirna_per_ev", "copy/EV", product="exosome")
    if cargo.quantity == "surface_ligand_copies_per_ev":
        return site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome", label=cargo.name, cell=cargo.donor)
    return site.quantity("cargo_copies_per_ev", "copy/EV", product="exosome", label=cargo.name, cell=cargo.donor)


def state_fold(site: Site, cargo: Carried) -> sympy.Expr:
    """What the state of the donor multiplies the copies by; 1 at rest."""
    return site.quantity("state_cargo_fold", "1", label=f"{cargo.state}, {cargo.name}", cell=cargo.donor) if cargo.state else sympy.Integer(1)


def weight(site: Site, kind: Kind, node: str) -> sympy.Expr:
    """N e of what a kind says to all."""
    return number(site, kind) * site.given(f"expression__{kind.name}__{word(node)}", float(kind.expression.get(node, 1.0)), "1")


def speakers(talk: Talk, node: str) -> list[Kind]:
    """Kinds that make what is heard by all: those in which it has inputs or is expressed; all that hear it where there are none."""
    hearing = [kind for kind in talk.kinds if node in kind.nodes]
    return [kind for kind in hearing if node in kind.gated or node in kind.expression] or hearing


def species(kind: Kind, node: str) -> str:
    """The activity of a gate."""
    return f"y__{kind.name}__{word(node)}"


def active(kind: Kind, node: str) -> str:
    """The activity of a node that a stimulus or a cargo moves."""
    return f"active__{kind.name}__{word(node)}"


def is_changed(kind: Kind, node: str) -> bool:
    """Whether a stimulus or a cargo moves a node."""
    return node in kind.stimuli or any(act.node == node for act in kind.acts)


def is_foreign(kind: Kind, node: str) -> bool:
    """Whether a node is there only when vesicles bring it: in no table of expression, and nothing in the cell raises it (DNA in the cytosol)."""
    brought = any(act.node == node and act.sign > 0 for act in kind.acts)
    return brought and node not in kind.expression and not any(e.target == node and e.sign > 0 for e in kind.edges)


def own(kind: Kind, node: str) -> sympy.Expr:
    """Activity of a node in a kind by its own inputs."""
    return symbol(species(kind, node)) if node in kind.gated else symbol(f"rest__{kind.name}__{word(node)}")


def base(talk: Talk, kind: Kind, node: str) -> sympy.Expr:
    """The same, or what all say where a node is heard by all."""
    return symbol(f"all__{word(node)}") if node in talk.shared else own(kind, node)


def now(talk: Talk, kind: Kind, node: str) -> sympy.Expr:
    """Activity of a node as a cell of a kind has it."""
    return symbol(active(kind, node)) if is_changed(kind, node) else base(talk, kind, node)


def own_rest(site: Site, kind: Kind, node: str) -> sympy.Expr:
    """Activity of a node in a kind before anything is given."""
    if node in kind.stimuli or is_foreign(kind, node) or any(act.node == node for act in kind.counted):
        return site.quantity("unstimulated_activity", "1")
    if node in kind.expression:
        held = site.given(f"expression__{kind.name}__{word(node)}", kind.expression[node], "1")
        return held / (held + site.quantity("expression_half_activity", "1", label=node))
    return site.quantity("resting_activity", "1", label=node)


def heard_at_rest(site: Site, talk: Talk, kind: Kind, node: str) -> sympy.Expr:
    """Activity of a node as a cell of a kind has it before anything is given."""
    return symbol(f"all_at_rest__{word(node)}") if node in talk.shared else symbol(f"rest__{kind.name}__{word(node)}")


def followed(talk: Sequence[Kind]) -> list[tuple[str, str]]:
    """(node, kind) of everything asked for."""
    return [(node, kind.name) for kind in talk for node in kind.follows]
