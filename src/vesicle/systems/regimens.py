"""Two agents on one tumour of a mouse by their schedules: cells, survival of the host, and whether they do more together than independence gives.

Every combination is four arms on the same draws: nothing, each agent, both. With N the cells at the time of reading and e = 1 - N / N_nothing of an arm,

    excess = e_12 - (e_1 + e_2 - e_1 e_2)          above 0: more than Bliss
    volume = N / density,    survival = the first time at which volume reaches the end point, growth being followed until then

Cells without states of their own grow at their doubling time, N = N_0 exp(g t - H), H the kill in natural logarithms (see drug_runs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vesicle.engines.base import Trajectory
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.drug.interaction import bliss_excess
from vesicle.model.scenario import FreeDrugSpec, RadiationSpec
from vesicle.readouts.drawn import drawn
from vesicle.readouts.ensemble import Array
from vesicle.systems.drug_runs import CELLS, InCells, Runs, Treatment, assemble_treatment

NOTHING, FIRST, SECOND, BOTH = "nothing", "first", "second", "both"
EVERY = 12.0
"""Hours between outputs; survival is read between them on a logarithmic scale."""


@dataclass(frozen=True)
class Agent:
    """What is given: a drug by its schedule, fractions of radiation, or an anti-miRNA in the cells; an empty agent is none."""

    drugs: tuple[FreeDrugSpec, ...] = ()
    radiation: tuple[RadiationSpec, ...] = ()
    anti: InCells | None = None


@dataclass(frozen=True)
class Combination:
    """Two agents on a line.

    Attributes
    ----------
    line : of the tumour.
    first, second : the agents.
    days : that are followed.
    read : day on which cells are compared.
    follows : what the signalling of an anti-miRNA is asked for.
    dormant : share of the cells that sleeps at the start; none: cells have no states of their own.
    blocks_transcription : whether an inhibitor of CDK9 does.
    state : of the line, for which its table of expression does not stand.
    """

    line: str
    first: Agent
    second: Agent
    days: float
    read: float
    follows: tuple[str, ...] = ()
    dormant: float | None = None
    blocks_transcription: bool = True
    state: str = ""


@dataclass(frozen=True)
class Outcome:
    """(1 + n,) per draw, nominal first: effect of each arm, excess over Bliss, days that the host lives by arm (infinite where the end point is not reached)."""

    effect: Mapping[str, Array]
    excess: Array
    survival: Mapping[str, Array]


def drug(name: str, route: str, dose: str, start: float, every: float = 24.0, count: int = 1) -> FreeDrugSpec:
    """A drug by its schedule; times in hours."""
    return FreeDrugSpec.model_validate({"name": name, "route": route, "dose": dose, "start": f"{start:g} h", "every": f"{every:g} h", "count": str(count)})


def fractions(dose: str, start: float, count: int) -> RadiationSpec:
    """Daily fractions of radiation."""
    return RadiationSpec.model_validate({"dose": dose, "start": f"{start:g} h", "every": "24 h", "count": str(count)})


def outcome(library: Library, combination: Combination, samples: Sequence[int]) -> Outcome:
    """Four arms of a combination.

    Raises
    ------
    ModelError, SolverError
        If a measurement is missing or the engine fails.
    """
    first, second = combination.first, combination.second
    arms = {NOTHING: Agent(), FIRST: first, SECOND: second, BOTH: Agent(first.drugs + second.drugs, first.radiation + second.radiation, first.anti or second.anti)}
    cells = {name: _cells(library, combination, agent, samples) for name, agent in arms.items()}
    at = int(round(combination.read * 24 / EVERY))
    effect = {name: 1 - cells[name][:, at] / cells[NOTHING][:, at] for name in (FIRST, SECOND, BOTH)}
    ends = _end_point(library, len(samples))
    survival = {name: np.array([_survival(row, end) for row, end in zip(values, ends, strict=True)]) for name, values in cells.items()}
    return Outcome(effect, bliss_excess(effect[BOTH], effect[FIRST], effect[SECOND]), survival)


def _cells(library: Library, combination: Combination, agent: Agent, samples: Sequence[int]) -> Array:
    """(1 + n, n_time) cells of one arm."""
    treatment = Treatment(
        combination.line, agent.drugs, agent.radiation, agent.anti, combination.follows if agent.anti else (), dormant=combination.dormant, species="mouse",
        blocks_transcription=combination.blocks_transcription, state=combination.state,
    )  # fmt: skip
    hours = combination.days * 24
    if not (agent.drugs or agent.radiation or agent.anti or combination.dormant is not None):
        times = np.arange(0, hours + EVERY / 2, EVERY)
        return np.asarray(CELLS * np.exp(_growth(library, combination.line, len(samples))[:, None] * times))
    runs = Runs(assemble_treatment(library, treatment), hours, EVERY)
    found = runs.at([-1]) + (runs.at(list(samples)) if samples else [])
    if combination.dormant is not None:
        return np.array([run.amount("cells") for run in found])
    growth = _growth(library, combination.line, len(samples))
    return np.array([_without_states(run, rate) for run, rate in zip(found, growth, strict=True)])


def _without_states(run: Trajectory, rate: float) -> Array:
    return np.asarray(CELLS * np.exp(rate * np.asarray(run.times) - run.amount("log_kill")))


def _growth(library: Library, line: str, draws: int) -> Array:
    """(1 + n,) growth of a line in a mouse [1/h]."""
    site = Site(library, {}, {"species": "mouse"})
    return np.asarray(np.log(2) / drawn(site, {"doubling": site.quantity("doubling_time", "h", cell=line, method="in vivo")}, draws)["doubling"])


def _end_point(library: Library, draws: int) -> Array:
    """(1 + n,) cells at which the host is lost."""
    site = Site(library, {}, {"species": "mouse"})
    return drawn(site, {"cells": site.quantity("endpoint_tumour_volume", "mL", tissue="tumour") * site.quantity("tumour_cell_density", "cell/mL")}, draws)["cells"]


def _survival(cells: Array, end: float) -> float:
    """Days until cells reach a number for the first time; infinite if never."""
    beyond = np.flatnonzero(cells >= end)
    if not len(beyond):
        return float("inf")
    k = int(beyond[0])
    if k == 0:
        return 0.0
    low, high = np.log(cells[k - 1]), np.log(cells[k])
    return float((k - 1 + (np.log(end) - low) / (high - low)) * EVERY / 24)
