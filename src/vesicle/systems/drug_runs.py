"""Cells under drugs, radiation and a miRNA or its antagonist: small checked networks that the experiments on dormancy and resensitisation share.

Copies are put into cells by hand, so that what follows is about the cell and not about carry: either at times, in every cell, from which they are lost, or held for
good. What they do to a gene or a phenotype is not written here: the targets, and the wiring from them to what is followed, are compiled from the signed core
(:mod:`vesicle.model.signalling`), and cells sleep and die by :mod:`vesicle.mechanisms.phenotype.tumour_states`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from vesicle.engines.base import OK, Trajectory
from vesicle.engines.ode import OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, recipe
from vesicle.errors import SolverError
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.anti_mirna import AntiMirna as AntiMirnaActs
from vesicle.mechanisms.acting.reach import FULL_REACH, Payload
from vesicle.mechanisms.acting.silencing import Guide, Silencing
from vesicle.mechanisms.base import Mechanism
from vesicle.mechanisms.drug.given import FreeDrug
from vesicle.mechanisms.drug.kill import Kill
from vesicle.mechanisms.phenotype.growth_laws import NONE
from vesicle.mechanisms.phenotype.tumour_growth import Growth
from vesicle.mechanisms.phenotype.tumour_states import TumourStates
from vesicle.mechanisms.signalling.circuit import Signalling
from vesicle.mechanisms.signalling.levels import held
from vesicle.model.assembled import Model, alone, identifier
from vesicle.model.cargo import EVIDENCE, own_guides
from vesicle.model.deaths import with_deaths
from vesicle.model.drugs import doses_of_drug, doses_of_radiation, with_drugs
from vesicle.model.scenario import FreeDrugSpec, OwnMirna, RadiationSpec, Recipient
from vesicle.model.signalling import circuit_of, evidence_targets, own_targets
from vesicle.network.types import Arm, Dose, Network, Observable, Part, Particle

Array = np.ndarray
AREA, DEPTH = 1e8, 2500.0  # um2, um: one square centimetre under 0.25 mL
CELLS = 1e6
NAME = "floor_cells"
NOTHING = Particle("none", "none")


@dataclass(frozen=True)
class InCells:
    """A miRNA, or an anti-miRNA against the cell's own, in every cell.

    Attributes
    ----------
    mirna : its name, or that of the miRNA which it holds.
    copies : per cell.
    is_anti : whether it is an antagonist.
    target : gene, or ``evidence`` for all that strong evidence names.
    times : when copies are put in [h], from which they are lost; none: they are held for good.
    """

    mirna: str
    copies: float
    is_anti: bool = True
    target: str = EVIDENCE
    times: tuple[float, ...] = ()


@dataclass(frozen=True)
class Treatment:
    """What the cells of one arm get.

    Attributes
    ----------
    line : of the cells.
    drugs, radiation : given as such.
    put_in : miRNA or anti-miRNA in them.
    follows : nodes that their signalling is asked for.
    levels : node -> level that is given in its place (1 at rest).
    dormant : share that sleeps at the start; none: cells have no states, and neither divide nor die, so that only the kill counts.
    species : of the body, empty in a well.
    blocks_transcription : whether an inhibitor of transcription does.
    state : of the line, for which its table of expression does not stand.
    """

    line: str
    drugs: tuple[FreeDrugSpec, ...] = ()
    radiation: tuple[RadiationSpec, ...] = ()
    put_in: InCells | None = None
    follows: tuple[str, ...] = ()
    levels: Mapping[str, float] = field(default_factory=dict)
    dormant: float | None = None
    species: str = ""
    blocks_transcription: bool = True
    state: str = ""


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
    settings = {
        "free_drugs": drugs, "irradiated": bool(treatment.radiation), "cell_line": treatment.line, "cell_species": "human", "drugs": {},
        "blocks_transcription": treatment.blocks_transcription, "nodes": tuple(treatment.levels), "guides": (), "payloads": (), **where, **_signalling(library, treatment),
    }  # fmt: skip
    site = Site(library, settings, {"species": treatment.species})
    site.settings = {**settings, **_cells(site, treatment)}
    network = Network("treatment", Arm("treatment"))
    for mechanism in _mechanisms(site, treatment):
        network = network.with_part(mechanism.contribute(site, NOTHING))
    network = network.with_part(_given(site, treatment))
    network = with_drugs(site, network) if drugs or treatment.radiation else network.with_part(Kill().contribute(site, NOTHING))
    network = with_deaths(network, site.settings)
    doses = [*_put(site, treatment)]
    doses += [dose for spec in treatment.drugs for dose in doses_of_drug(site, next(d for d in drugs if d.name == spec.name), spec)]
    doses += [dose for spec in treatment.radiation for dose in doses_of_radiation(site, spec)]
    return alone("treatment", site, replace(network, arm=Arm("treatment", tuple(doses))))


def _cells(site: Site, treatment: Treatment) -> dict[str, Any]:
    """The population: in states that divide, sleep and die, or standing still."""
    return {
        "cells": NAME, "cells_at_start": site.given("cells_at_start", CELLS, "cell"), "growth_law": NONE if treatment.dormant is None else "exponential",
        "growth_method": "in vivo" if treatment.species else "in vitro", "dormant_share": treatment.dormant,
    }  # fmt: skip


def _signalling(library: Library, treatment: Treatment) -> dict[str, Any]:
    """Guides, antagonists and the compiled wiring of what was put in."""
    given = treatment.put_in
    if given is None:
        return {}
    named = (OwnMirna(name=given.mirna, target=given.target),) if given.is_anti else ()
    recipient = Recipient(cell=treatment.line, state=treatment.state, growth="exponential", follows=treatment.follows, mirnas=named)
    payload = Payload("anti_mirna", "anti-miRNA", identifier(given.mirna))
    held: dict[str, Any] = {} if given.times else {"held_copies": given.copies}
    if given.is_anti:
        guides = own_guides(recipient, own_targets(library, recipient))
        held |= {"payloads": (payload,), "antagonists": {payload.target: payload.id}}
    else:
        genes = evidence_targets(library, given.mirna, treatment.follows, recipient.expressed_as) if given.target == EVIDENCE else (given.target,)
        guides = (Guide(identifier(given.mirna), "miRNA", genes[0], True, also=genes[1:]),)
    circuit = circuit_of(library, recipient, guides, (), ())
    if circuit is None:
        return {"guides": guides, "genes": (), **held}
    return {"guides": guides, "genes": (), "circuit": circuit, "engaged": circuit.engaged, "nodes": circuit.speaking, **held}


def _mechanisms(site: Site, treatment: Treatment) -> list[Mechanism]:
    """What the cells do; none where only the kill counts."""
    if treatment.put_in is None and treatment.dormant is None:
        return []
    chosen: list[Mechanism] = [Growth() if treatment.dormant is None else TumourStates()]
    if treatment.put_in is not None:
        chosen += [Silencing(), *([AntiMirnaActs()] if treatment.put_in.is_anti else [])]
        chosen += [Signalling()] if site.settings["nodes"] else []
    return chosen


def _given(site: Site, treatment: Treatment) -> Part:
    """Levels that are given."""
    rules = held(site, treatment.levels)
    return Part(rules=rules, observables=tuple(Observable(f"level:{node}", "1", rule.expression) for node, rule in zip(treatment.levels, rules, strict=True)))


def _put(site: Site, treatment: Treatment) -> list[Dose]:
    """Copies of an anti-miRNA into the cytosol of every cell that is there at the start."""
    given = treatment.put_in
    if given is None or not given.times:
        return []
    cells = site.given("cells_at_start", CELLS, "cell")
    amounts = {"cytosol": site.given("anti_mirna_dose", given.copies, "copy/cell") * cells, "loads": site.given("full_reach", FULL_REACH, "EV/cell") * cells}
    return [Dose(time, f"anti_mirna_{what}", amount, ()) for time in given.times for what, amount in amounts.items()]


def levels_of(library: Library, put_in: InCells, node: str, line: str, draws: Sequence[int], until: float = 240.0) -> Array:
    """(n_draw,) level of a node at a time [h] in cells of a line into which copies were put; 1 at rest, and where no way leads to the node.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    model = assemble_treatment(library, Treatment(line, put_in=put_in, follows=(node,)))
    if f"level:{node}" not in {o.id for o in model.network.observables}:
        return np.ones(len(draws))
    return np.array([run.amount(f"level:{node}")[-1] for run in Runs(model, until, until).at(draws)])


class Runs:
    """One arm at many values of its parameters: the nominal ones, draws, and changes of single parameters."""

    def __init__(self, model: Model, until: float, every: float):
        self.parameters = model.network.parameters
        self._set = model.network.arm.set
        self.program, lean = compile_model(model, output_times(until, every))
        self._recipe = recipe(lean, self.parameters)
        self._engines = {strict: OdeEngine.at(strict) for strict in (True, False)}

    def at(self, samples: Sequence[int] = (-1,), held: Mapping[str, float] | None = None, seed: int = 1, later: Mapping[str, float] | None = None) -> list[Trajectory]:
        """A trajectory per sample (-1 is nominal); ``held`` fixes parameters by id, ``later`` sets the time [h] of the last dose, by the species it goes to.

        Raises
        ------
        SolverError
            If the engine fails.
        """
        matrix = draw_matrix(self.parameters, seed, list(samples), {**self._set, **(held or {})})
        engine = self._engines[list(samples) == [-1]]
        program = replace(self.program, doses=tuple((later.get(name, time), name) for time, name in self.program.doses)) if later else self.program
        out = [engine.run(program, values) for values in self._recipe.values(matrix)]
        for run in out:
            if run.status != OK:
                raise SolverError(f"treatment: {run.status}")
        return out

    def drawn(self, parameter: str, samples: Sequence[int], seed: int = 1) -> Array:
        """(n,) values of one parameter in some samples."""
        return np.array([next(p for p in self.parameters if p.id == parameter).draw(seed, i) for i in samples])
