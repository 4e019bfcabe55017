"""The contract of an engine, and what goes in and comes out.

    state = engine.init(program, values)      one draw
    state = engine.advance(state, until)      may be called again; the end of one is the start of the next
    trajectory = engine.result(state)

``program`` is the part of a model that all draws share; ``values`` are the numbers of one
draw. Both are plain and picklable, so that worker processes need no evidence and no sympy. A
run that fails ends with a status, never with a lost draw.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from vesicle.engines.jumps.table import Counted

OK = "ok"
FAILED = "failed"


@dataclass(frozen=True)
class Program:
    """What all draws of one arm share.

    Attributes
    ----------
    arm : name of the arm.
    sbml : the lean network as SBML, without doses.
    constants : ids of the constants that a draw sets.
    initials : ids of species with an initial amount.
    doses : (time [h], species id) in order of time; the amount comes with the draw.
    times : (n_time,) output times [h]; a time at which a dose is given is read before it (after it at 0).
    observables : names of the outputs, in order.
    observable_ids : their ids in the SBML text.
    counters : ids of crossing counters and sinks, in order.
    amounts : ids of all amounts, for mass balance.
    scales : species id -> the scale of its amount per dose, as (dose index or -1, factor).
    absolute : species id -> absolute tolerance, in place of what the scales give (a network from elsewhere).
    has_triggers : whether something may happen at time 0 that only the integration sees.
    counted : the same network as a table of events, for engines that count; None where none was asked for.
    rate_sum : id of the sum of all event rates in the SBML text, or empty.
    """

    arm: str
    sbml: str
    constants: tuple[str, ...]
    initials: tuple[str, ...]
    doses: tuple[tuple[float, str], ...]
    times: tuple[float, ...]
    observables: tuple[str, ...]
    observable_ids: tuple[str, ...]
    counters: tuple[str, ...]
    amounts: tuple[str, ...]
    scales: Mapping[str, float]
    absolute: Mapping[str, float] = field(default_factory=dict)
    has_triggers: bool = False
    counted: Counted | None = None
    rate_sum: str = ""


@dataclass(frozen=True)
class Values:
    """The numbers of one draw: constants, initial amounts and dose amounts, in the program's order.

    ``key`` is (seed, sample); a stochastic path is keyed by it and by nothing else.
    """

    constants: np.ndarray
    initials: np.ndarray
    doses: np.ndarray
    key: tuple[int, int] = (0, 0)


@dataclass
class Trajectory:
    """What happened in one draw.

    Attributes
    ----------
    times : (n_time,) [h].
    outputs : (n_time, n_observable).
    crossings : (n_time, n_counter) cumulative extents of custody steps and sinks.
    final : id -> amount at the end, for mass balance.
    status : ``ok`` or ``failed: reason``.
    """

    program: Program
    times: np.ndarray
    outputs: np.ndarray
    crossings: np.ndarray
    final: Mapping[str, float] = field(default_factory=dict)
    status: str = OK

    def amount(self, observable: str) -> np.ndarray:
        """(n_time,) values of an observable."""
        return np.asarray(self.outputs[:, self.program.observables.index(observable)])

    def extent(self, step: str, product: str) -> np.ndarray:
        """(n_time,) cumulative crossings of a custody step by one kind of particle."""
        return np.asarray(self.crossings[:, self.program.counters.index(f"n_{step}__{product}")])


class Engine(ABC):
    """One way to integrate a program; ``counts`` says that it counts events and needs the table of them."""

    name: ClassVar[str]
    counts: ClassVar[bool] = False

    @abstractmethod
    def init(self, program: Program, values: Values, amounts: Mapping[str, float] | None = None) -> Any:
        """A state at time 0 with the doses of time 0 given; ``amounts`` stand in place of initial ones, as where another run ended."""

    @abstractmethod
    def advance(self, state: Any, until: float) -> Any:
        """The state at ``until`` [h], doses on the way given, outputs recorded."""

    @abstractmethod
    def result(self, state: Any) -> Trajectory:
        """The trajectory up to the state's time."""

    @classmethod
    def at(cls, strict: bool) -> Engine:
        """An engine for the nominal run (``strict``) or for draws; one that is exact has one setting."""
        return cls()

    def given(self, program: Program, values: Values) -> Values:
        """The initial amounts and doses as this engine gives them (whole numbers, where it counts)."""
        return values

    def foresee(self, program: Program, values: Values) -> float:
        """How many events a run will have (0 where none are counted); UnsupportedFeature if it cannot be afforded."""
        return 0.0

    def run(self, program: Program, values: Values) -> Trajectory:
        """All of it: init, advance to the last output time, result."""
        return self.result(self.advance(self.init(program, values), program.times[-1]))
