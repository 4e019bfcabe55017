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

What vesicles bring, s in

    raised:   a = y + (1 - y) s            a ligand or an enzyme that comes
    lowered:  a = y (1 - s)                a target of a miRNA, or a factor that a decoy holds

is counted in :mod:`vesicle.mechanisms.immune.brought`; a stimulus t of the culture (CD3/CD28, LPS, CpG) does a = y + (1 - y) t before. What it drives is nearly silent without
it, as is what no cell has before vesicles bring it (DNA in the cytosol).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.evidence.priors.edges import Edge
from vesicle.mechanisms.acting.silencing import word
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.immune.brought import brought, brought_id, number, seen, uptake
from vesicle.mechanisms.immune.kinds import Kind, Talk
from vesicle.mechanisms.signalling.circuit import time_class
from vesicle.network.expressions import symbol
from vesicle.network.gates import half_power, hill
from vesicle.network.types import Gate, Observable, Part, Particle, Rule


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
        rules = [*uptake(site, talk, particle), *brought(site, talk, particle), *self._spoken(site, talk), *self._shared(site, talk)]
        gates: list[Gate] = []
        observables = [Observable(f"held:{kind.name}", "EV/cell", symbol(f"held__{kind.name}"), "cell", f"vesicles per {kind.cell}") for kind in talk.kinds]
        for kind in talk.kinds:
            for node in kind.gated:
                made, gate = self._gate(site, talk, kind, node)
                rules += made
                gates.append(gate)
            observables += [Observable(f"{node}:{kind.name}", "1", now(talk, kind, node), "cell", f"activity of {node} in {kind.cell}") for node in kind.follows]
            observables += [each for act in kind.counted for each in seen(kind, act)]
        return Part(rules=tuple(rules), gates=tuple(gates), observables=tuple(observables))

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
                s = symbol(brought_id(kind, act)) * site.given("given", float(site.settings["given"]), "1")
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
