"""Tissues of tumour cells and endothelium, run at the nominal values or over draws."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vesicle.engines.base import OK, Program, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, recipe
from vesicle.engines.recipe import Recipe
from vesicle.errors import SolverError
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.model.signalling import VESSELS
from vesicle.model.vessels import NODES, Tissue, assemble_vessels
from vesicle.network.types import Parameter
from vesicle.prediction.ensemble import SURE, Levels, levels, silenced

LONG = 2000.0
"""Hours after which everything is settled: eight times the slowest time constant at the nominal values, the life of a vessel."""
SEED = 1
NOMINAL = -1
EXACT = 1e-7
"""A fold this close to 1 is no change: ten times the relative tolerance of the engine."""
NO_DIFFERENCE = 0.05
DRAWS = 40
NO_ANSWER = "no draw answered"
EVERY_NODE = tuple(f"{kind}:{node}" for kind, nodes in NODES.items() for node in nodes)
CELLS = {TUMOUR: "breast cancer cell", ENDOTHELIUM: "endothelial cell"}
"""Whose expression stands for a kind of cell where no report names another."""
RELATIVE = (
    "vegf:relative", "vegfr2_activity", "tips", "membrane_breakdown", "endothelial_proliferation", "endothelial_migration", "tube_formation", "maturation",
    "sprouts", "permeability", "vessel_density", "migration", "invasion", "EMT",
)  # fmt: skip
"""Outputs that are 1 where nothing was done."""
CALLS = {1: "right", -1: "wrong", 0: "not called"}


class Tissues:
    """Tissues, each run when asked for; those that differ in numbers alone share a compiled network."""

    def __init__(self, library: Library):
        self._library, self._engine = library, OdeEngine(STRICT_RTOL)
        self._compiled: dict[Hashable, tuple[Program, Recipe, tuple[Parameter, ...]]] = {}

    def follow(self, tissue: Tissue, hours: float = LONG, samples: Sequence[int] = (NOMINAL,)) -> list[Trajectory]:
        """One trajectory for each sample, none for none; -1 is the nominal values. Nodes without a level are given that of rest, so that tissues share a network.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        tissue = replace(tissue, drawn={**dict.fromkeys(EVERY_NODE, (1.0,) * (1 + max((0, *samples)) + 1)), **tissue.drawn})
        if not samples:
            return []
        program, how, parameters = self._program(tissue, hours)
        matrix = np.concatenate([draw_matrix(parameters, SEED, [i], tissue.values(i)) for i in samples])
        runs = [self._engine.run(program, values) for values in how.values(matrix)]
        if failed := [run.status for run in runs if run.status != OK]:
            raise SolverError(f"vessels: {failed[0]}")
        return runs

    def settled(self, tissue: Tissue) -> dict[str, float]:
        """Every output after a long time, at the nominal values."""
        (run,) = self.follow(tissue)
        return {name: float(run.amount(name)[-1]) for name in run.program.observables}

    def interval(self, tissue: Tissue, output: str) -> tuple[float, float, float]:
        """5, 50 and 95 per cent of an output over draws of all parameters; nan where no draw answered."""
        drawn = self.over_draws(tissue, output, DRAWS)
        low, middle, high = (float(x) for x in np.quantile(drawn, (0.05, 0.5, 0.95))) if drawn.size else (math.nan,) * 3
        return low, middle, high

    def over_draws(self, tissue: Tissue, output: str, draws: int) -> npt.NDArray[np.float64]:
        """An output after a long time, one number for each draw that has all its levels; empty where none has."""
        answered = [i for i in range(draws) if not any(np.isnan(value) for value in tissue.of_draw(i).values())]
        return np.array([float(run.amount(output)[-1]) for run in self.follow(tissue, samples=answered)])

    def folds(self, treated: Tissue, control: Tissue, output: str, draws: int) -> npt.NDArray[np.float64]:
        """An output of one tissue over that of another, draw against draw; draws without an answer are left out, and none may be left."""
        answered = [i for i in range(draws) if not any(np.isnan(value) for value in treated.of_draw(i).values())]
        one, other = (np.array([float(run.amount(output)[-1]) for run in self.follow(tissue, samples=answered)]) for tissue in (treated, control))
        return np.asarray(one / other)

    def _program(self, tissue: Tissue, hours: float) -> tuple[Program, Recipe, tuple[Parameter, ...]]:
        sizes = (tissue.tumour_cells, tissue.endothelium_cells, tissue.fluid_volume)
        key = (hours, sizes)
        if key not in self._compiled:
            model = assemble_vessels(tissue, self._library)
            program, lean = compile_model(model, output_times(hours, hours / 40))
            self._compiled[key] = program, recipe(lean, model.network.parameters), model.network.parameters
        return self._compiled[key]


def probability_words(drawn: npt.NDArray[np.float64]) -> str:
    """``1.02 (5 to 95 % 0.9 to 1.3, P(+) 0.61)`` of folds over draws."""
    if not drawn.size:
        return NO_ANSWER
    low, middle, high = np.quantile(drawn, (0.05, 0.5, 0.95))
    return f"{middle:.2f} (5 to 95 % {low:.2f} to {high:.2f}, P(+) {np.mean(drawn > 1):.2f})"


def called(drawn: npt.NDArray[np.float64]) -> int:
    """The sign of folds over draws, where enough agree; 0 is an abstention, and what no draw answers."""
    if not drawn.size:
        return 0
    return int(np.mean(drawn > 1 + EXACT) >= SURE) - int(np.mean(drawn < 1 - EXACT) >= SURE)


@dataclass(frozen=True)
class Reports:
    """Vessel density under the cargo of reports against the sign that they give angiogenesis.

    Attributes
    ----------
    right, wrong, silent : numbers of reports by what was called.
    words : each report in words.
    falls : how many report a fall, which a habit would always say.
    """

    right: int
    wrong: int
    silent: int
    words: tuple[str, ...]
    falls: int

    @property
    def counted(self) -> str:
        """In one line."""
        asked = len(self.words)
        return (
            f"{self.right} called as reported, {self.wrong} the other way, {self.silent} not called (from P {SURE:g} on); "
            f"always saying + would be right in {asked - self.falls} of {asked}, always - in {self.falls}"
        )


def density_reports(tissues: Tissues, library: Library, reports: Mapping[str, tuple[str, str, Tissue]], copies: float = math.inf) -> Reports:
    """Vessel density with all targets held, over draws, against the sign that each report (claim -> cargo, recipient, control) gives angiogenesis, without its own works."""
    words, calls = [], []
    for name, (cargo, kind, control) in reports.items():
        claim = library.by_id[name]
        assert isinstance(claim, Claim)
        drawn = tissues.folds(receiving(control, levels_by(library, [cargo], kind, copies=copies, claim=claim), kind), control, "vessel_density", DRAWS)
        calls.append(called(drawn) * said(claim, "angiogenesis"))
        words.append(f"{name} {cargo} in {kind}: x {probability_words(drawn)}, {CALLS[calls[-1]]}")
    falls = sum(said(claim, "angiogenesis") < 0 for name in reports if isinstance(claim := library.by_id[name], Claim))
    return Reports(calls.count(1), calls.count(-1), calls.count(0), tuple(words), falls)


def in_words(interval: tuple[float, float, float]) -> str:
    """``q05 0.4, q50 0.8, q95 0.98``."""
    if any(np.isnan(interval)):
        return NO_ANSWER
    return ", ".join(f"{name} {value:.2g}" for name, value in zip(("q05", "q50", "q95"), interval, strict=True))


def said(claim: Claim, phenotype: str) -> int:
    """The sign that a claim gives a phenotype."""
    return {"+": 1, "-": -1, "0": 0}[claim.signed("phenotypes")[phenotype]]


def levels_by(
    library: Library, cargo: Iterable[str], kind: str, cell: str = "", copies: float = math.inf, claim: Claim | None = None, samples: int = DRAWS, only: str = ""
) -> Levels:
    """Levels that miRNAs with so many copies in AGO per cell give the nodes which the chapter listens to, in a kind of cell.

    With a claim, without what only its own works show; ``cell`` names the recipient for its expression, ``only`` a single target to be taken.
    """
    for key in claim.references if claim else ():
        library = library.without(reference=key)
    follows, cell = NODES[kind], cell or CELLS[kind]
    left = silenced(library, cargo, follows, cell, copies, samples, SEED, elsewhere=VESSELS)
    taken = {only: left[only]} if only else left
    return levels(library, taken, follows, cell, samples, SEED, elsewhere=VESSELS)


def receiving(tissue: Tissue, found: Levels, kind: str) -> Tissue:
    """A tissue whose cells of one kind (``tumour`` or ``endothelium``) have these levels; a second call adds the other kind. A draw without an answer is nan."""
    return replace(tissue, drawn={**tissue.drawn, **{f"{kind}:{node}": tuple(found.found[node]) for node in NODES[kind]}})


def as_reported(claim: Claim) -> str:
    """The recipient of a claim, as expression tables know it."""
    return claim.recipient.split(" [")[0]
