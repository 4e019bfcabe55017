"""A tumour of cycling, dormant and dead cells alone, with signals and a kill that are given, as one checked network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import sympy

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.drug.kill import KILL, KILL_DORMANT
from vesicle.mechanisms.phenotype.tumour_states import TumourStates
from vesicle.mechanisms.signalling.levels import held
from vesicle.model.assembled import Model, with_overrides, without_unused
from vesicle.network.checks import check
from vesicle.network.expressions import TIME, symbol
from vesicle.network.types import Arm, Network, Part, Particle, Rule


@dataclass(frozen=True)
class Tumour:
    """A tumour in a mouse.

    Attributes
    ----------
    cells : at the start.
    dormant : share of them that is dormant then; none: no cell sleeps.
    levels : node -> level (1 at rest), held; what a signalling network would give.
    kill : rate at which one dose of a drug kills cycling cells when it is given [1/h]; it falls with ``kill_half_life`` [h]. Dormant cells die at the recorded share of it.
    law : of growth.
    cell_line : whose doubling time is taken.
    parameters : other numbers that are set.
    """

    cells: float = 1e7
    dormant: float | None = 0.05
    levels: Mapping[str, float] = field(default_factory=dict)
    kill: float = 0.0
    kill_half_life: float = 48.0
    law: str = "exponential"
    cell_line: str = "MDA-MB-231"
    parameters: Mapping[str, str] = field(default_factory=dict)


def assemble_tumour(tumour: Tumour, library: Library) -> Model:
    """The network of a tumour alone.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    settings = {
        "cells": "tumour_cells", "cell_line": tumour.cell_line, "growth_method": "in vivo", "growth_law": tumour.law, "dormant_share": tumour.dormant,
        "nodes": tuple(tumour.levels), "kills": True,
    }  # fmt: skip
    site = Site(library, settings, {"species": "mouse"})
    site.settings = {**settings, "cells_at_start": site.given("cells_at_start", tumour.cells, "cell")}
    network = Network("tumour", Arm("tumour")).with_part(TumourStates().contribute(site, Particle("none", "none"))).with_part(_given(site, tumour))
    network = without_unused(replace(network, parameters=with_overrides(site, tumour.parameters)))
    return Model("tumour", network, check(network), ())


def _given(site: Site, tumour: Tumour) -> Part:
    """Levels that are held, and a kill that wears off."""
    rules = [*held(site, tumour.levels)]
    fading = sympy.exp(-sympy.log(2) * TIME / site.given("kill_half_life", tumour.kill_half_life, "h"))
    rules.append(Rule(KILL, "1/h", site.given("kill_at_start", tumour.kill, "1/h") * fading))
    rules.append(Rule(KILL_DORMANT, "1/h", site.quantity("dormant_kill_share", "1") * symbol(KILL)))
    return Part(rules=tuple(rules))
