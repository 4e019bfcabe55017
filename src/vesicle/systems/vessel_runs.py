"""Tissues of tumour cells and endothelium, run at the nominal values or over draws."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import numpy.typing as npt

from vesicle.engines.base import OK, Program, Trajectory
from vesicle.engines.lean import Lean
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.evidence.claim import Claim
from vesicle.evidence.library import Library
from vesicle.model.cargo_levels import levels_from_cargo
from vesicle.model.vessels import Tissue, assemble_vessels
from vesicle.network.types import Parameter

LONG = 2000.0
"""Hours after which everything is settled: eight times the slowest time constant at the nominal values, the life of a vessel."""
SEED = 1
NOMINAL = -1
NO_DIFFERENCE = 0.05
DRAWS = 40
RELATIVE = (
    "vegf:relative", "vegfr2_activity", "tips", "membrane_breakdown", "endothelial_proliferation", "endothelial_migration", "tube_formation", "maturation",
    "sprouts", "permeability", "vessel_density", "migration", "invasion", "EMT",
)  # fmt: skip
"""Outputs that are 1 where nothing was done."""


class Tissues:
    """Tissues, each run when asked for; those that differ in numbers alone share a compiled network."""

    def __init__(self, library: Library):
        self._library = library
        self._compiled: dict[Hashable, tuple[Program, Lean, tuple[Parameter, ...]]] = {}

    def follow(self, tissue: Tissue, hours: float = LONG, samples: Iterable[int] = (NOMINAL,)) -> list[Trajectory]:
        """One trajectory for each sample; -1 is the nominal values.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        program, lean, parameters = self._program(tissue, hours)
        matrix = draw_matrix(parameters, SEED, list(samples), tissue.values())
        runs = [OdeEngine(STRICT_RTOL).run(program, values) for values in values_of(lean, parameters, matrix)]
        if failed := [run.status for run in runs if run.status != OK]:
            raise SolverError(f"vessels: {failed[0]}")
        return runs

    def settled(self, tissue: Tissue) -> dict[str, float]:
        """Every output after a long time, at the nominal values."""
        (run,) = self.follow(tissue)
        return {name: float(run.amount(name)[-1]) for name in run.program.observables}

    def interval(self, tissue: Tissue, output: str) -> tuple[float, float, float]:
        """5, 50 and 95 per cent of an output over draws of all parameters."""
        low, middle, high = (float(x) for x in np.quantile(self.over_draws(tissue, output, DRAWS), (0.05, 0.5, 0.95)))
        return low, middle, high

    def over_draws(self, tissue: Tissue, output: str, draws: int) -> npt.NDArray[np.float64]:
        """An output after a long time, one number for each draw."""
        return np.array([float(run.amount(output)[-1]) for run in self.follow(tissue, samples=range(draws))])

    def _program(self, tissue: Tissue, hours: float) -> tuple[Program, Lean, tuple[Parameter, ...]]:
        sizes = (tissue.tumour_cells, tissue.endothelium_cells, tissue.fluid_volume)
        key = (hours, sizes, frozenset(tissue.levels), frozenset(tissue.influences.items()))
        if key not in self._compiled:
            model = assemble_vessels(tissue, self._library)
            self._compiled[key] = (*compile_model(model, output_times(hours, hours / 40)), model.network.parameters)
        return self._compiled[key]


def in_words(interval: tuple[float, float, float]) -> str:
    """``q05 0.4, q50 0.8, q95 0.98``."""
    return ", ".join(f"{name} {value:.2g}" for name, value in zip(("q05", "q50", "q95"), interval, strict=True))


def said(claim: Claim, phenotype: str) -> int:
    """The sign that a claim gives a phenotype."""
    return {"+": 1, "-": -1, "0": 0}[claim.signed("phenotypes")[phenotype]]


def own_pmids(library: Library, claim: Claim) -> frozenset[str]:
    """PubMed numbers of the works that a claim cites, as far as they are known."""
    return frozenset(one.pmid for one in library.references if one.key in claim.references and one.pmid.isdigit())


def found_sign(library: Library, claim: Claim, cargo: Iterable[str], recipient: str, phenotype: str) -> tuple[int, str]:
    """Sign of the shortest way from a claim's cargo to a phenotype without edges that rest on the cited works alone, and the way in words; 0 where there is none."""
    one = levels_from_cargo(library, cargo, recipient, [phenotype], own_pmids(library, claim)).get(phenotype)
    return (one.sign, one.words) if one else (0, "no way")


def sign_of(fold: float) -> int:
    """+1, -1, or 0 for a change below 5 %."""
    return 0 if abs(fold - 1) < NO_DIFFERENCE else (1 if fold > 1 else -1)
