"""A donor followed in time: what the experiments on making vesicles share."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.evidence.library import Library
from vesicle.mechanisms.making.budding import MVB_PLACE, ROUTES
from vesicle.mechanisms.making.release import OUTSIDE
from vesicle.model.donor import Donor, assemble_donor
from vesicle.products.cargo import Cargo, identity

NO_VESICLE = 1e-9
"""Fewer vesicles in bodies than this are none: what a numerical solution leaves of a lost route."""
STEADY = 48.0
"""Hours after which every pool of a donor has settled; its slowest time constant is that of bodies, a few hours at most."""


@dataclass(frozen=True)
class DonorRun:
    """A donor over time, at the nominal values."""

    trajectory: Trajectory

    @property
    def times(self) -> np.ndarray:
        """(n_time,) [h]."""
        return self.trajectory.times

    def secretion(self, route: str = "") -> np.ndarray:
        """(n_time,) vesicles that leave per hour, of one route or all [EV/h]."""
        chosen = (route,) if route else ROUTES
        return np.asarray(np.sum([self.trajectory.amount(f"secretion:exosome_{name}") for name in chosen], axis=0))

    def pool(self, name: str) -> np.ndarray:
        """(n_time,) a pool of endosomes or ESCRT sets."""
        return self.trajectory.amount(f"pool:{name}")

    def made(self, route: str) -> np.ndarray:
        """(n_time,) vesicles of a route made so far [EV]."""
        return self.trajectory.extent("made", f"exosome_{route}")

    def shares(self) -> dict[str, float]:
        """Share of each route in what leaves at the end; zeros when nothing does."""
        total = float(self.secretion()[-1])
        return {route: float(self.secretion(route)[-1]) / total if total else 0.0 for route in ROUTES}

    def carried(self, cargo: Cargo, route: str = "") -> float:
        """Copies of a cargo per vesicle about to leave, of one route or all, at the end; nan without vesicles [copy/EV]."""
        chosen = (route,) if route else ROUTES
        copies = sum(float(self.trajectory.amount(f"cargo:{identity(cargo)}:{MVB_PLACE}:exosome_{name}")[-1]) for name in chosen)
        vesicles = sum(float(self.trajectory.amount(f"in_bodies:exosome_{name}")[-1]) for name in chosen)
        return copies / vesicles if vesicles > NO_VESICLE else math.nan

    def in_cell(self, cargo: Cargo) -> np.ndarray:
        """(n_time,) copies of a cargo in the cytosol of all cells."""
        return self.trajectory.amount(f"cargo:{identity(cargo)}:in_cytosol")

    def cargo_balance(self, cargo: Cargo) -> float:
        """Largest relative error of at the start + made anew = cytosol + in vesicles + with those lost + lost, over time."""
        name, amount = identity(cargo), self.trajectory.amount
        kept = amount(f"cargo:{name}:in_cytosol") + amount(f"cargo:{name}:lost")
        for route in ROUTES:
            kept = kept + amount(f"cargo:{name}:{MVB_PLACE}:exosome_{route}") + amount(f"cargo:{name}:{OUTSIDE}:exosome_{route}")
        counters = self.trajectory.program.counters
        for sink in ("tethered", "degraded"):
            kept = kept + self.trajectory.crossings[:, counters.index(f"out_{sink}__{name}")]
        had = kept[0] + amount(f"cargo:{name}:made_anew")
        return float(np.max(np.abs(kept - had) / np.maximum(had, had.max() * NO_VESICLE)))

    def balance(self) -> float:
        """Largest relative error of made = in bodies + released + tethered + degraded, over routes."""
        worst = 0.0
        for route in ROUTES:
            name = f"exosome_{route}"
            made = float(self.made(route)[-1])
            counters = self.trajectory.program.counters
            lost = sum(float(self.trajectory.crossings[-1, counters.index(f"out_{sink}__{name}")]) for sink in ("tethered", "degraded"))
            kept = float(self.trajectory.amount(f"in_bodies:{name}")[-1]) + float(self.trajectory.extent("released_by_donor", name)[-1]) + lost
            worst = max(worst, abs(made - kept) / made) if made else worst
        return worst


def follow(donor: Donor, library: Library, duration: float = STEADY, every: float = 0.5, start: DonorRun | None = None) -> DonorRun:
    """Integrate a donor, from nothing or from where another run of the same species ended.

    Raises
    ------
    SolverError
        If the engine fails.
    """
    model = assemble_donor(donor, library)
    program, lean = compile_model(model, output_times(duration, every))
    parameters = model.network.parameters
    values = values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0]
    engine = OdeEngine(STRICT_RTOL)
    if start is None:
        found = engine.run(program, values)
    else:
        left = {name: amount for name, amount in start.trajectory.final.items() if not name.startswith(("n_", "out_"))}
        found = engine.result(engine.advance(engine.init(program, values, left), program.times[-1]))
    if found.status != OK:
        raise SolverError(f"donor {dict(donor.levels)}: {found.status}")
    return DonorRun(found)
