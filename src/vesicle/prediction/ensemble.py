"""What changed genes do to the nodes of a recipient's circuit, over all that nobody measured: signs with probabilities.

The circuit is the one that scenarios compile (:mod:`vesicle.model.signalling`), its gates are those of :mod:`vesicle.network.gates`, and each draw takes the numbers that a
scenario takes in the same draw, because both ask by the same names. Here a changed gene T is held at the share l_T of what it was, in every cell, and the activities
are those at which all gates are settled,

    y = Y(y),     a_T = min(1, l_T y_T)

found from rest by y <- y + (Y(y) - y)/2, with all draws at once and longer steps where they shrink slowly. These are the steady states of dy/dt = (Y - y)/tau; time
constants play no part. A draw in which the steps do not end has no answer and counts for neither sign. Row 0 is the nominal run (OR gates, medians), the others are draws.

The share of a target that a miRNA with so many copies in AGO leaves is that of :mod:`vesicle.mechanisms.acting.silencing`; of several the losses add up. Whether so many copies
arrive is another question, which a scenario answers.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vesicle.evidence.library import Library
from vesicle.evidence.priors.edges import Edge
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.reach import in_cell
from vesicle.mechanisms.acting.silencing import Guide, affinity, mrna_at_rest_loss, word
from vesicle.mechanisms.signalling.circuit import RIVALS, Circuit, may_need_all, rest
from vesicle.model.signalling import NOTHING, Elsewhere, edges_of_cell, evidence_targets, wired
from vesicle.network.gates import LEAST, MOST_AT_HALF, drive, hill, odds_of, settled
from vesicle.network.spread import Spread

Array = npt.NDArray[np.float64]
SAMPLES, SEED = 200, 1
STILL = 1e-11
"""Largest step [1] at which a draw is settled; the distance left is about twice it."""
STEPS = 2000
LEAP_EVERY = 10
MOST_KEPT = 0.995
ALIGNED = 0.999
"""Every so many steps the rest of a slow approach is taken at once, as far as steps keep no more than this share of their length and point the same way."""
NO_CHANGE = 1e-8
"""Relative change below which a node did not move: far above what is left of the steps."""
SURE = 0.8
"""Least probability of a sign that is called."""


@dataclass(frozen=True)
class Chain:
    """A shortest way through a circuit from a changed gene: which way the gene moved, and the signed edges after it."""

    start: str
    moved: int
    edges: tuple[Edge, ...]

    @property
    def sign(self) -> int:
        """The way in which the end of it moves, by this chain alone."""
        return self.moved * math.prod(e.sign for e in self.edges)

    @property
    def pmids(self) -> tuple[str, ...]:
        """The works that its edges cite."""
        return tuple(dict.fromkeys(number for edge in self.edges for number in edge.pmids))

    @property
    def words(self) -> str:
        """As ``DLL4 falls, DLL4 -> NOTCH1 -| angiogenesis``."""
        start = f"{self.start} {'falls' if self.moved < 0 else 'rises'}"
        return f"{start}, {self.start}" + "".join(f" {'->' if e.sign > 0 else '-|'} {e.target}" for e in self.edges) if self.edges else start


@dataclass(frozen=True)
class Levels:
    """Levels of followed nodes in a cell, relative to rest.

    Attributes
    ----------
    circuit : the wiring.
    moved : changed gene -> +1 or -1, at the nominal values.
    found : node -> (1 + samples,) level, nominal first; nan where a draw did not settle.
    """

    circuit: Circuit
    moved: Mapping[str, int]
    found: Mapping[str, Array]

    def nominal(self, node: str) -> float:
        """Level at the nominal values [1]."""
        return float(self.found[node][0])

    def draws(self, node: str) -> Array:
        """(samples,) level [1]."""
        return self.found[node][1:]

    def sign_probability(self, node: str, least: float = NO_CHANGE) -> tuple[float, float]:
        """Shares of the draws in which a node rises, and falls, by more than ``least`` of its level at rest."""
        change = self.draws(node) - 1
        return float(np.mean(change > least)), float(np.mean(change < -least))

    def sign(self, node: str, sure: float = SURE, least: float = NO_CHANGE) -> int:
        """+1 or -1 where that many draws agree; 0, an abstention, where they do not or nothing leads there."""
        rises, falls = self.sign_probability(node, least)
        return int(rises >= sure) - int(falls >= sure)

    def quantiles(self, node: str, points: Sequence[float] = (0.05, 0.5, 0.95)) -> tuple[float, ...]:
        """Quantiles of a level over the draws that settled."""
        return tuple(float(x) for x in np.nanquantile(self.draws(node), points))

    def chain(self, node: str) -> Chain | None:
        """The shortest way by which a node moves as it does in the median draw, the best cited among equally short ones; none where it stays or none agrees."""
        change = float(np.nanmedian(self.draws(node))) - 1
        if abs(change) <= NO_CHANGE:
            return None
        return _shortest(self.circuit.edges, {gene: way for gene, way in self.moved.items() if gene in self.circuit.engaged}, node, 1 if change > 0 else -1)


class DrawnSite(Site):
    """A site that answers with numbers, nominal first and then in every draw, where another gives a symbol."""

    def __init__(self, library: Library, samples: int = SAMPLES, seed: int = SEED, species: str = "human"):
        super().__init__(library, {"cell_species": species})
        self._drawn = samples, seed

    def quantity(self, name: str, unit: str, **context: str) -> Any:
        """(1 + samples,) values of a measured quantity."""
        return self._values(str(super().quantity(name, unit, **context)))

    def given(self, identity: str, value: float, unit: str) -> Any:
        """A number that is set."""
        return np.float64(value)

    def rival(self, name: str, quantities: tuple[str, str]) -> Any:
        """(1 + samples,) values of a switch between rivals."""
        return self._values(str(super().rival(name, quantities)))

    def _values(self, identity: str) -> Array:
        parameter = self.parameters[identity]
        samples, seed = self._drawn
        if parameter.spread is None or parameter.level != "uncertainty":
            return np.full(samples + 1, parameter.value)
        return np.concatenate([[parameter.value], _draws(parameter.spread, seed, identity, samples)])


@functools.lru_cache(maxsize=20_000)
def _draws(spread: Spread, seed: int, identity: str, samples: int) -> Array:
    return np.array([spread.draw(seed, identity, i) for i in range(samples)])


def levels(
    library: Library, engaged: Mapping[str, float | Array], follows: Iterable[str], cell: str, samples: int = SAMPLES, seed: int = SEED,
    excluded_references: Iterable[str] = (), elsewhere: Elsewhere = NOTHING, dropped: Collection[str] = (), added: Iterable[Edge] = (),
) -> Levels:  # fmt: skip
    """What held genes do to followed nodes of a kind of cell.

    Parameters
    ----------
    engaged : gene -> share of its protein that is left [1], more than 1 where it is added; one number, or (1 + samples,).
    follows : genes and phenotypes of the core.
    cell : recipient, as expression tables know it; one that they do not know has every gene.
    excluded_references : works on which no edge may rest alone, by key.
    elsewhere : edges that others carry.
    dropped : ids of core edges that are not taken.
    added : signed edges that are taken as well; their ends are nodes of the core.

    Raises
    ------
    UnknownName
        For a followed node that the core does not hold.
    """
    for key in excluded_references:
        library = library.without(reference=key)
    edges = [*(e for e in edges_of_cell(library, elsewhere) if e.id not in dropped), *added]
    brought = tuple(gene for gene, share in engaged.items() if np.ravel(share)[0] > 1)
    circuit = wired(library, cell, tuple(engaged), tuple(dict.fromkeys(follows)), edges, brought=brought)
    site = DrawnSite(library, samples, seed)
    left = {gene: np.broadcast_to(np.asarray(engaged[gene], dtype=float), samples + 1) for gene in circuit.engaged}
    found = _relative(circuit, site, left, samples + 1)
    moved = {gene: int(np.sign(np.asarray(share, dtype=float).ravel()[0] - 1)) for gene, share in engaged.items()}
    return Levels(circuit, moved, found)


def silenced(
    library: Library, cargo: Iterable[str], follows: Iterable[str], cell: str, copies: float = math.inf, samples: int = SAMPLES, seed: int = SEED,
    excluded_references: Iterable[str] = (), elsewhere: Elsewhere = NOTHING,
) -> dict[str, Array]:  # fmt: skip
    """Target -> (1 + samples,) share of it that miRNAs leave, with so many copies of each in AGO per cell (inf: every target is held); for :func:`levels`.

    Raises
    ------
    UnknownName
        For a miRNA that nobody knows.
    """
    for key in excluded_references:
        library = library.without(reference=key)
    site = DrawnSite(library, samples, seed)
    lost: dict[str, Array] = {}
    for name in cargo:
        for gene in evidence_targets(library, name, tuple(follows), cell, elsewhere):
            share = _lost(site, gene, copies)
            lost[gene] = lost.get(gene, np.zeros(samples + 1)) + share / (1 - share)
    return {gene: 1 / (1 + hazard) for gene, hazard in lost.items()}


def half_held(library: Library) -> float:
    """Copies of a miRNA in AGO per cell that hold half of the sites of a rare target, at the medians [copy/cell]."""
    site = DrawnSite(library, 0)
    return float(np.asarray(affinity(site, Guide("mirna", "miRNA", "", True)))[0])


def _lost(site: DrawnSite, gene: str, copies: float) -> Array:
    """Share of a target's mRNA, and long after of its protein, that a miRNA takes away."""
    most: Any = in_cell(site, "mirna_max_repression", "1", label=gene)
    if math.isinf(copies):
        return np.asarray(most)
    held_by = affinity(site, Guide("mirna", "miRNA", gene, True))
    mrna: Any = in_cell(site, "mrna_copies_per_cell", "copy/cell", label=gene)
    return mrna_at_rest_loss(np.full_like(most, copies), mrna, held_by, 1 - most, most)


def _relative(circuit: Circuit, site: DrawnSite, left: Mapping[str, Array], rows: int) -> dict[str, Array]:
    """Level of every followed node at which all gates are settled."""
    nodes = list(circuit.nodes)
    row = {node: i for i, node in enumerate(nodes)}
    at_rest = np.array([np.broadcast_to(rest(site, circuit, node), rows) for node in nodes])
    gates = _Gates(circuit, site, row, rows)
    odds = odds_of(gates.driven(at_rest, slice(None)), at_rest[gates.heard])
    own, ended, still = at_rest.copy(), np.zeros(rows, dtype=bool), np.arange(rows)
    before = np.zeros((len(gates.heard), rows))
    for turn in range(STEPS):
        here = np.ix_(np.array(gates.heard, dtype=int), still)
        step = settled(gates.driven(_changed(own[:, still], row, left, still), still), odds[:, still]) - own[here]
        own[here] = np.clip(own[here] + step * (_leap(step, before[:, still]) if turn % LEAP_EVERY == LEAP_EVERY - 1 else 0.5), LEAST, 1)
        before[:, still] = step
        done = np.max(np.abs(step), axis=0, initial=0.0) < STILL
        ended[still[done]] = True
        still = still[~done]
        if not still.size:
            break
    now = np.where(ended, _changed(own, row, left, np.arange(rows)) / at_rest, np.nan)
    return {node: now[row[node]] for node in circuit.follows}


def _leap(step: Array, before: Array) -> Array:
    """How many steps to take at once: 1/(1 - p) halves where steps shrink by the factor p (Aitken), one half where they do not shrink steadily."""
    both, norm = np.sum(step * before, axis=0), np.sum(before**2, axis=0)
    shrinks = both / np.where(norm > 0, norm, 1)
    steady = both**2 > ALIGNED * norm * np.sum(step**2, axis=0)
    return np.where(steady & (shrinks > 0) & (shrinks < 1), 0.5 / (1 - np.clip(shrinks, 0, MOST_KEPT)), 0.5)


def _changed(own: Array, row: Mapping[str, int], left: Mapping[str, Array], draws: Any) -> Array:
    """Activities with those of changed genes held."""
    active = own.copy()
    for gene, share in left.items():
        active[row[gene]] = np.minimum(1, own[row[gene]] * share[draws])
    return active


class _Gates:
    """All gates of a circuit, for all draws at once; those with as many inputs of each sign are computed together."""

    def __init__(self, circuit: Circuit, site: DrawnSite, row: Mapping[str, int], rows: int):
        speaking = sorted({e.source for e in circuit.edges})
        place = {node: i for i, node in enumerate(speaking)}
        self._speaking = [row[node] for node in speaking]
        self._n = _table([site.quantity("gate_hill_coefficient", "1", label=node) for node in speaking], rows)
        self._half = np.minimum(_table([site.quantity("gate_half_activity", "1", label=node) for node in speaking], rows) ** self._n, MOST_AT_HALF)
        alike: dict[tuple[int, int], list[list[Edge]]] = {}
        for node in sorted({e.target for e in circuit.edges}):
            heard = sorted((e for e in circuit.edges if e.target == node), key=lambda e: -e.sign)
            raising = sum(e.sign > 0 for e in heard)
            alike.setdefault((raising, len(heard) - raising), []).append(heard)
        self.heard = [row[heard[0].target] for group in alike.values() for heard in group]
        self._groups = [(counts[0], *self._group(site, place, group, rows)) for counts, group in alike.items()]

    @staticmethod
    def _group(site: DrawnSite, place: Mapping[str, int], group: list[list[Edge]], rows: int) -> tuple[list[tuple[list[int], Array]], Array, Array]:
        """Inputs, one after the other: whom each gate hears and with what weight; the switch between all and any; the background."""
        inputs = [
            ([place[e.source] for e in edges], _table([site.quantity("gate_weight", "1", label=f"{e.source} to {e.target}") for e in edges], rows))
            for edges in zip(*group, strict=True)
        ]
        nodes = [heard[0].target for heard in group]
        together = [site.rival(f"gate_{word(node)}", RIVALS) if may_need_all(heard) else np.zeros(rows) for node, heard in zip(nodes, group, strict=True)]
        return inputs, _table(together, rows), _table([site.quantity("gate_background", "1", label=node) for node in nodes], rows)

    def driven(self, active: Array, draws: Any) -> Array:
        """(gate, draw) drive of every gate under activities of all nodes (node, draw), which are those of some draws."""
        said = hill(np.abs(active[self._speaking]), self._n[:, draws], self._half[:, draws])
        found = []
        for raising, inputs, together, background in self._groups:
            heard = [weight[:, draws] * said[sources] for sources, weight in inputs]
            found.append(drive(heard[:raising], heard[raising:], together[:, draws], background[:, draws]))
        return np.concatenate(found) if found else np.empty((0, active.shape[1]))


def _table(values: Sequence[Array], rows: int) -> Array:
    return np.array(values, dtype=float).reshape(len(values), rows)


def _shortest(edges: Iterable[Edge], starts: Mapping[str, int], node: str, sign: int) -> Chain | None:
    """The shortest chain from any start to a node that moves it in a sense; among equally short ones that with most cited edges."""
    onward: dict[str, list[Edge]] = {}
    for edge in edges:
        onward.setdefault(edge.source, []).append(edge)
    ways = {(gene, moved): Chain(gene, moved, ()) for gene, moved in starts.items() if moved}
    seen = dict(ways)
    while ways:
        if (node, sign) in ways:
            return ways[node, sign]
        longer: dict[tuple[str, int], Chain] = {}
        for (here, moved), way in ways.items():
            for edge in onward.get(here, ()):
                key, chain = (edge.target, moved * edge.sign), Chain(way.start, way.moved, (*way.edges, edge))
                if key not in seen and (key not in longer or _cited(chain) > _cited(longer[key])):
                    longer[key] = chain
        seen |= longer
        ways = longer
    return None


def _cited(chain: Chain) -> int:
    return sum(bool(edge.pmids) for edge in chain.edges)
