"""Cells under free drugs, an anti-miRNA and radiation: small checked networks that the experiment on resensitisation shares.

A miRNA holds a share s of what it drives (the synthesis of a protein, the entry into dormancy). With R guides in AGO and A copies of its anti-miRNA in each cell,
lost at ln 2 / t_A, a share phi = R'/R of the guides is free (:mod:`vesicle.mechanisms.acting.anti_mirna`) and what is driven runs at

    d = 1 - s (1 - phi)

Two states of a cell, proliferating P and dormant D, until there is a mechanism of their own:

    dP/dt = (g - k_in d - h) P + k_out D,      dD/dt = k_in d P - (k_out + h_D) D

with the rules h = kill_rate and h_D = kill_rate_dormant; they begin in the proportion in which they grow without a drug.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import sympy

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.anti_mirna import free_share
from vesicle.mechanisms.drug.given import FreeDrug
from vesicle.mechanisms.drug.kill import KILL, KILL_DORMANT, Kill
from vesicle.mechanisms.drug.resistance import demand_id
from vesicle.model.assembled import Model, identifier, without_unused
from vesicle.model.drugs import doses_of_drug, doses_of_radiation, with_drugs
from vesicle.model.scenario import FreeDrugSpec, RadiationSpec
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Observable, Part, Particle, Reaction, Rule, Species

Array = np.ndarray
AREA, DEPTH = 1e8, 2500.0  # um2, um: one square centimetre under 0.25 mL
PROLIFERATING, DORMANT = "proliferating_cells", "dormant_cells"
CELLS = 1e6


@dataclass(frozen=True)
class AntiMirna:
    """An anti-miRNA in cells: the miRNA, what that drives (a gene, or ``dormancy``), copies per cell at every dose, and the times [h]."""

    mirna: str
    drives: str
    copies: float
    times: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class Treatment:
    """What the cells of one arm get; ``species`` is that of the body, empty in a well."""

    line: str
    drugs: tuple[FreeDrugSpec, ...] = ()
    radiation: tuple[RadiationSpec, ...] = ()
    anti: AntiMirna | None = None
    species: str = ""
    has_states: bool = False
    blocks_transcription: bool = True
    settings: Mapping[str, object] = field(default_factory=dict)


def assemble_treatment(library: Library, treatment: Treatment, follow: Sequence[str] = ()) -> Model:
    """One arm as a checked network; ``follow`` names drugs that are in the network though this arm does not get them.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    routes = dict[str, tuple[str, ...]](dict.fromkeys(follow, ("well",))) | {d.name: (d.route,) for d in treatment.drugs}
    drugs = tuple(FreeDrug(identifier(name), name, ways) for name, ways in routes.items())
    where = {"drug_tissue": "tumour"} if treatment.species else {"area_um2": AREA, "thicknesses": (DEPTH,)}
    driven = (treatment.anti.drives,) if treatment.anti and not treatment.has_states else ()
    site = Site(library, {
        "free_drugs": drugs, "irradiated": bool(treatment.radiation), "cell_line": treatment.line, "cell_species": "human", "demands": driven,
        "blocks_transcription": treatment.blocks_transcription, **where, **treatment.settings,
    }, {"species": treatment.species})  # fmt: skip
    doses: list[Dose] = []
    network = Network("treatment", Arm("treatment"))
    if treatment.anti:
        network = network.with_part(_held(site, treatment.anti))
        doses += [Dose(time, _copies(treatment.anti), site.given("anti_mirna_dose", treatment.anti.copies, "copy/cell"), ()) for time in treatment.anti.times]
    doses += [dose for spec in treatment.drugs for dose in doses_of_drug(site, next(d for d in drugs if d.name == spec.name), spec)]
    doses += [dose for spec in treatment.radiation for dose in doses_of_radiation(site, spec)]
    if treatment.has_states:
        network = network.with_part(_states(site, treatment))
    network = with_drugs(site, network) if drugs or treatment.radiation else network.with_part(Kill().contribute(site, Particle("none", "none")))
    network = replace(network, arm=Arm("treatment", tuple(doses)), parameters=tuple(site.parameters.values()))
    network = without_unused(network)
    return Model("treatment", network, check(network), ())


def _copies(anti: AntiMirna) -> str:
    return f"anti_copies__{identifier(anti.mirna)}"


def _held(site: Site, anti: AntiMirna) -> Part:
    """Copies of an anti-miRNA in every cell, and the demand that its miRNA still makes."""
    name, copies = identifier(anti.mirna), symbol(_copies(anti))
    loss = sympy.log(2) / site.quantity("anti_mirna_half_life", "h", species="human")
    free = free_share(site, name, site.quantity("own_mirna_per_cell", "copy/cell", species="human"))
    share = site.quantity("regulated_share", "1", label=f"{anti.mirna}/{anti.drives}")
    return Part(
        species=(Species(str(copies), name, "", "copy/cell", None, False),),
        rules=(Rule(f"copies_per_reached_cell__{name}", "copy/cell", copies), Rule(demand_id(anti.drives), "1", 1 - share * (1 - free))),
        reactions=(Reaction(f"lose__{name}", {str(copies): -1}, loss * copies),),
        observables=(Observable(f"demand:{anti.drives}", "1", symbol(demand_id(anti.drives))),),
    )


def _states(site: Site, treatment: Treatment) -> Part:
    """Proliferating and dormant cells under ``kill_rate`` and ``kill_rate_dormant``."""
    grow = sympy.log(2) / site.quantity("doubling_time", "h", cell=treatment.line, method="in vivo" if treatment.species else "in vitro")
    enter, leave = site.quantity("quiescence_entry_rate", "1/h"), site.quantity("quiescence_exit_rate", "1/h")
    growth = ((grow - enter - leave) + sympy.sqrt((grow - enter - leave) ** 2 + 4 * grow * leave)) / 2
    per_proliferating = enter / (growth + leave)
    first = site.given("cells", CELLS, "cell") / (1 + per_proliferating)
    driven = symbol(demand_id("dormancy")) if treatment.anti else 1
    p, d = symbol(PROLIFERATING), symbol(DORMANT)
    return Part(
        species=(Species(PROLIFERATING, "cells", "", "cell", first), Species(DORMANT, "cells", "", "cell", first * per_proliferating)),
        reactions=(
            Reaction("grow", {PROLIFERATING: 1}, grow * p),
            Reaction("fall_dormant", {PROLIFERATING: -1, DORMANT: 1}, enter * driven * p),
            Reaction("wake", {DORMANT: -1, PROLIFERATING: 1}, leave * d),
            Reaction("kill_proliferating", {PROLIFERATING: -1}, symbol(KILL) * p),
            Reaction("kill_dormant", {DORMANT: -1}, symbol(KILL_DORMANT) * d),
        ),
        observables=(Observable("proliferating", "cell", p), Observable("dormant", "cell", d), Observable("cells", "cell", p + d)),
    )  # fmt: skip


class Runs:
    """One arm at many values of its parameters: the nominal ones, draws, and changes of single parameters."""

    def __init__(self, model: Model, until: float, every: float):
        self.parameters = model.network.parameters
        self.program, self._lean = compile_model(model, output_times(until, every))
        self._engines = {strict: OdeEngine.at(strict) for strict in (True, False)}

    def at(self, samples: Sequence[int] = (-1,), held: Mapping[str, float] | None = None, seed: int = 1, later: Mapping[str, float] | None = None) -> list[Trajectory]:
        """A trajectory per sample (-1 is nominal); ``held`` fixes parameters by id, ``later`` sets the time [h] of the last dose, by the species it goes to.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        matrix = draw_matrix(self.parameters, seed, list(samples), held)
        engine = self._engines[list(samples) == [-1]]
        program = replace(self.program, doses=tuple((later.get(name, time), name) for time, name in self.program.doses)) if later else self.program
        out = [engine.run(program, values) for values in values_of(self._lean, self.parameters, matrix)]
        for run in out:
            if run.status != OK:
                raise SolverError(f"treatment: {run.status}")
        return out

    def drawn(self, parameter: str, samples: Sequence[int], seed: int = 1) -> Array:
        """(n,) values of one parameter in some samples."""
        return np.array([next(p for p in self.parameters if p.id == parameter).draw(seed, i) for i in samples])
