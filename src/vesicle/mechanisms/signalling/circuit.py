"""Signalling from what vesicles changed to the phenotypes that are asked for.

The wiring is not written here. It is the part of the signed core that leads from the targets of the delivered cargo, and from receptors that vesicles
occupy, to the nodes that the scenario follows (:mod:`vesicle.model.signalling`). Every node with an input is a gate (:mod:`vesicle.network.gates`). Steepness and half
effect of a node that speaks (all who hear it hear the same), time constant and background of one that hears, and the weight of every edge are drawn anew in every draw,
because nobody measured them; so is OR or AND where all that raises a node forms a complex, and it is OR elsewhere. What then has the same sign in most draws follows
from the wiring and not from a choice of numbers.

Activity at rest. A gene that the recipient's table of expression holds with e units is active to r = e / (e + e_50), e_50 drawn per gene; anything else is drawn
around one half.

What vesicles do to a node. In a cell that was reached, a target T of the cargo has its protein changed by the factor

    l_T = max(0, 1 + (G_T - D_T / N) / F),        a_T = min(1, l_T y_T)

D_T / N the mean over all cells of the protein lost (:mod:`vesicle.mechanisms.acting.silencing`), G_T what was delivered or made from delivered templates, as a share
of the cell's own, and F the share of cells that any cargo reached, F = 1 - prod(1 - F_i) (N F + 1 in code stands for N F, as for copies). A receptor R whose signal
is s has a_R = y_R + (1 - y_R) s, in every cell, because surfaces are met by vesicles that never get in. A node that an inhibitor blocks has a = 0 in every cell
from the start. Vesicles that reach few cells change few cells:

    level = 1 + (1 - F) (a_outside / r - 1) + F (a_inside / r - 1)

with a_inside in a reached cell and a_outside in one that was not; so by vesicles no level can move further than the share of cells reached allows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

import sympy

from vesicle.evidence.priors.edges import Edge
from vesicle.mechanisms.acting.silencing import protein_lost, word
from vesicle.mechanisms.acting.translation import gain_of
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.signalling.levels import level_id
from vesicle.network.expressions import symbol
from vesicle.network.gates import drive, half_power, hill, odds_of, settled
from vesicle.network.types import Gate, Observable, Part, Particle, Rule, join

REACHED, ANY_CELL = "in", "out"
"""Two classes of cells: reached by cargo, and not."""
SLOW, SETTLED = ("transcription", "production", "translation", "secretion", "degradation", "ubiquitination"), ("phenotype",)


@dataclass(frozen=True)
class Circuit:
    """The wiring of one arm.

    Attributes
    ----------
    edges : signed edges, of the core.
    follows : nodes that are asked for.
    engaged : genes whose protein the cargo changes.
    receptors : gene -> rule that holds the signal of vesicles at it.
    expression : gene -> expression in the recipient, where a table holds it.
    blocked : nodes that an inhibitor holds at nothing.
    """

    edges: tuple[Edge, ...]
    follows: tuple[str, ...]
    engaged: tuple[str, ...] = ()
    receptors: Mapping[str, str] = field(default_factory=dict)
    expression: Mapping[str, float] = field(default_factory=dict)
    blocked: tuple[str, ...] = ()

    @property
    def reaches_all(self) -> bool:
        """Whether cells that no cargo reached change too."""
        return bool(self.receptors or self.blocked)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node, sorted."""
        return tuple(sorted({*(e.source for e in self.edges), *(e.target for e in self.edges), *self.follows}))

    @property
    def speaking(self) -> tuple[str, ...]:
        """Nodes that are followed and hear anything."""
        heard = {e.target for e in self.edges} | set(self.engaged) | set(self.receptors) | set(self.blocked)
        return tuple(node for node in self.follows if node in heard)


RIVALS = ("any_input_enough", "all_inputs_needed")
COMPLEX = "complex"


def may_need_all(heard: Iterable[Edge]) -> bool:
    """Whether a node may need all of its raising inputs: where the evidence says that they form a complex. Elsewhere any of them is enough."""
    kinds = [e.kind for e in heard if e.sign > 0]
    return len(kinds) > 1 and set(kinds) == {COMPLEX}


def time_class(kinds: set[str]) -> str:
    """Which time constant a node has, by the kinds of its inputs: signalling, transcription or phenotype."""
    if kinds & set(SETTLED):
        return "phenotype"
    return "transcription" if kinds & set(SLOW) else "signalling"


class Signalling(Mechanism):
    """Normalised-Hill gates from changed targets and occupied receptors to what is followed."""

    name: ClassVar[str] = "signalling"
    chapter: ClassVar[str] = "signalling"
    system: ClassVar[str] = "D1"
    conserves: ClassVar[str] = "activity: between 0 and 1 always, and at rest where nothing was changed"
    claims: ClassVar[tuple[str, ...]] = ("C-0018", "C-0306")
    quantities: ClassVar[tuple[str, ...]] = (
        "gate_hill_coefficient", "gate_half_activity", "gate_weight", "gate_background", "gate_time_constant", "resting_activity", "expression_half_activity", "cell_floor",
        "mrna_half_life", "protein_half_life", "proteins_per_mrna_lifetime", "mrna_copies_per_cell",
    )  # fmt: skip
    absent: ClassVar[str] = "changed targets change nothing else"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The wiring is ``site.settings['circuit']``; the particle is not asked for."""
        circuit: Circuit = site.settings["circuit"]
        classes = [REACHED, *([ANY_CELL] if circuit.reaches_all else [])]
        cells = [self._cell(site, circuit, which) for which in classes]
        return join(self._reach(site), *cells, *(self._level(site, circuit, node) for node in circuit.speaking))

    def _reach(self, site: Site) -> Part:
        """The share of cells that any cargo reached."""
        missed = sympy.prod([1 - symbol(f"reached__{name}") for name in arrived(site)])
        return Part(rules=(Rule("reached__any", "1", sympy.Integer(1) - missed),))

    def _cell(self, site: Site, circuit: Circuit, which: str) -> Part:
        """The gates of one class of cells, and what its changed nodes are worth."""
        rules = [Rule(_active(node, which), "1", self._activity(site, circuit, node, which)) for node in changed(circuit, which)]
        if which == REACHED:
            rules += [Rule(f"left__{word(gene)}", "1", self._left(site, gene)) for gene in circuit.engaged]
        rules += self._said(site, circuit, which)
        parts = [self._gate(site, circuit, node, which) for node in circuit.nodes if any(e.target == node for e in circuit.edges)]
        return join(Part(rules=tuple(rules)), *parts)

    def _said(self, site: Site, circuit: Circuit, which: str) -> list[Rule]:
        """What every speaking node says to those that hear it, now and at rest."""
        rules = []
        for node in sorted({e.source for e in circuit.edges}):
            n, half = site.quantity("gate_hill_coefficient", "1", label=node), symbol(f"half__{word(node)}")
            rules += [
                Rule(str(half), "1", half_power(n, site.quantity("gate_half_activity", "1", label=node))),
                Rule(f"says_at_rest__{word(node)}", "1", hill(rest(site, circuit, node), n, half)),
                Rule(_says(node, which), "1", hill(sympy.Abs(now(site, circuit, node, which)), n, half)),
            ]
        return rules

    def _gate(self, site: Site, circuit: Circuit, node: str, which: str) -> Part:
        heard = [e for e in circuit.edges if e.target == node]
        weight = {e: site.quantity("gate_weight", "1", label=f"{e.source} to {e.target}") for e in heard}
        together = site.rival(f"gate_{word(node)}", RIVALS) if may_need_all(heard) else sympy.Integer(0)

        background = site.quantity("gate_background", "1", label=node)

        def driven(said: Callable[[str], str]) -> sympy.Expr:
            raising, lowering = ([weight[e] * symbol(said(e.source)) for e in heard if e.sign == sign] for sign in (1, -1))
            return sympy.sympify(drive(raising, lowering, together, background))

        resting, tau = rest(site, circuit, node), site.quantity("gate_time_constant", "h", label=time_class({e.kind for e in heard}))
        at_rest, hears, aim, odds = (symbol(f"{what}__{word(node)}") for what in ("drive_at_rest", f"drive_{which}", f"aim_{which}", "odds"))
        rules = (
            Rule(str(at_rest), "1", driven(lambda source: f"says_at_rest__{word(source)}")),
            Rule(str(odds), "1", odds_of(at_rest, resting)),
            Rule(str(hears), "1", driven(lambda source: _says(source, which))),
            Rule(str(aim), "1", settled(hears, odds)),
        )
        return Part(rules=rules, gates=(Gate(_species(node, which), node, tuple((e.source, e.sign) for e in heard), aim, resting, tau),))

    def _activity(self, site: Site, circuit: Circuit, node: str, which: str) -> sympy.Expr:
        if node in circuit.blocked:
            return sympy.Integer(0)
        own = _own(site, circuit, node, which)
        if node in circuit.engaged and which == REACHED:
            own = sympy.Min(1, own * symbol(f"left__{word(node)}"))
        if node in circuit.receptors:
            own = own + (1 - own) * symbol(circuit.receptors[node])
        return own

    def _left(self, site: Site, gene: str) -> sympy.Expr:
        cells = symbol(site.settings["cells"])
        change = gain_of(site, gene) - protein_lost(site, gene) / cells
        share = symbol("reached__any") + site.quantity("cell_floor", "cell") / cells
        return sympy.Max(0, 1 + change / share)

    def _level(self, site: Site, circuit: Circuit, node: str) -> Part:
        resting, share = rest(site, circuit, node), symbol("reached__any")
        inside = now(site, circuit, node, REACHED) / resting - 1
        outside = now(site, circuit, node, ANY_CELL) / resting - 1 if circuit.reaches_all else sympy.Integer(0)
        name = level_id(node)
        return Part(
            rules=(Rule(name, "1", 1 + (1 - share) * outside + share * inside),),
            observables=(
                Observable(f"level:{node}", "1", symbol(name), "cell", f"{node} per cell, 1 at rest"),
                Observable(f"in_reached_level:{node}", "1", 1 + inside, "cell", f"{node} in a reached cell, 1 at rest"),
            ),
        )


def arrived(site: Site) -> list[str]:
    """Everything with a share of cells reached: delivered guides and payloads."""
    return [*(g.id for g in site.settings["guides"] if g.own is None), *(p.id for p in site.settings["payloads"])]


def changed(circuit: Circuit, which: str) -> list[str]:
    """Nodes whose activity is not their gate's alone."""
    return sorted({*(circuit.engaged if which == REACHED else ()), *circuit.receptors, *circuit.blocked})


def now(site: Site, circuit: Circuit, node: str, which: str) -> sympy.Expr:
    """Activity of a node in a class of cells."""
    return symbol(_active(node, which)) if node in changed(circuit, which) else _own(site, circuit, node, which)


def rest(site: Site, circuit: Circuit, node: str) -> sympy.Expr:
    """Activity of a node before anything is given."""
    if node in circuit.expression and circuit.expression[node] > 0:
        held = site.condition(f"expression__{word(node)}", circuit.expression[node], "1")
        return held / (held + site.quantity("expression_half_activity", "1", label=node))
    return site.quantity("resting_activity", "1", label=node)


def _own(site: Site, circuit: Circuit, node: str, which: str) -> sympy.Expr:
    """Activity that a node's inputs give it; at rest where it has none."""
    return symbol(_species(node, which)) if any(e.target == node for e in circuit.edges) else rest(site, circuit, node)


def _species(node: str, which: str) -> str:
    return f"y_{which}__{word(node)}"


def _says(node: str, which: str) -> str:
    return f"says_{which}__{word(node)}"


def _active(node: str, which: str) -> str:
    return f"active_{which}__{word(node)}"
