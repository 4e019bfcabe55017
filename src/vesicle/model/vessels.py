"""Tumour cells, endothelium and the fluid between them, with blood, as one checked network.

A tissue by itself, in which levels of signalling nodes are given: one for all draws, or one for each, as cargo gives them. In a scenario a recipient that says what it is to
vessels (``recipients.X.vessels``) gets the same mechanisms, with the levels of its own circuit:

    endothelium in a well      oxygen, the VEGF that it makes itself, sprouting, the five steps
    tumour cells in a well     oxygen, the VEGF that they make
    tumour cells in a body     both, with endothelium at rest; the density of vessels is heard by a growth that vessels limit

The other kind of cell is at rest, and the numbers of cells near vessels are those at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vesicle.errors import SchemaError
from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.spread import Spread
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.mechanisms.phenotype.vessels.coagulation import Coagulation
from vesicle.mechanisms.phenotype.vessels.hypoxia import HifActivity
from vesicle.mechanisms.phenotype.vessels.sprouting import Sprouting
from vesicle.mechanisms.phenotype.vessels.steps import VesselSteps
from vesicle.mechanisms.phenotype.vessels.vegf import VegfSecretion
from vesicle.mechanisms.signalling.levels import held, level_id
from vesicle.model.assembled import Model, alone
from vesicle.model.scenario import Body, Recipient, Scenario, Well
from vesicle.model.signalling import LISTENED
from vesicle.network.types import Arm, Network, Part, Particle

MECHANISMS: tuple[type[Mechanism], ...] = (HifActivity, VegfSecretion, Sprouting, VesselSteps, Coagulation, Spread)
AIR = 21.0
NODES = {TUMOUR: (*LISTENED[TUMOUR], "invasion", "migration", "EMT", "metastasis"), ENDOTHELIUM: LISTENED[ENDOTHELIUM]}
"""The nodes that the mechanisms listen to, by kind of recipient, those of spread among them."""


@dataclass(frozen=True)
class Tissue:
    """What a tissue is and what is done to it; all that is not set is at rest.

    Attributes
    ----------
    tumour_cells, endothelium_cells, fluid_volume : numbers, and volume [mL] of the fluid that they share.
    oxygen, rest_oxygen : per cent of the gas now, and before the start.
    vegf, rest_vegf : free VEGF [ng/mL] that medium or blood holds at any time, now and before the start.
    tissue_factor_vesicles : vesicles with tissue factor per mL of blood.
    levels : level of a node, by ``kind:NODE`` such as ``endothelium:DLL4``.
    drawn : levels that differ between draws, the nominal one first; they count where ``levels`` says nothing.
    """

    tumour_cells: float = 1e6
    endothelium_cells: float = 1e5
    fluid_volume: float = 1.0
    oxygen: float = AIR
    rest_oxygen: float = AIR
    vegf: float = 0.0
    rest_vegf: float = 0.0
    tissue_factor_vesicles: float = 0.0
    levels: Mapping[str, float] = field(default_factory=dict)
    drawn: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def settings(self) -> dict[str, object]:
        """As mechanisms read them."""
        own = {name: getattr(self, name) for name in ("tumour_cells", "endothelium_cells", "fluid_volume", "oxygen", "rest_oxygen", "vegf", "rest_vegf", "tissue_factor_vesicles")}
        return {**own, "recipient": "", "vessels": True, "blood": True, "nodes": tuple(self.of_draw(-1))}

    def of_draw(self, sample: int) -> dict[str, float]:
        """Level of every node that has one, in a draw; -1 is the nominal one."""
        return {**{node: values[sample + 1] for node, values in self.drawn.items()}, **self.levels}

    def values(self, sample: int = -1) -> dict[str, float]:
        """Parameter -> value in a draw, of all that may differ between two tissues with the same network."""
        levels = {f"given_{level_id(node)}": value for node, value in self.of_draw(sample).items()}
        gas = {"oxygen_now": self.oxygen / 100, "oxygen_before": self.rest_oxygen / 100}
        return {**levels, **gas, "vegf_held_now": self.vegf, "vegf_held_before": self.rest_vegf, "tissue_factor_vesicles": self.tissue_factor_vesicles}


def vessel_settings(scenario: Scenario, recipient: Recipient) -> dict[str, Any]:
    """What mechanisms of vessels read of an arm; nothing where the recipient has no part in them.

    Raises
    ------
    SchemaError
        For endothelium in a body, or a share of oxygen that no gas has.
    """
    where, kind = scenario.environment, recipient.vessels
    oxygen = (where.oxygen if isinstance(where, Well) else None) or AIR
    if isinstance(where, Well) and where.oxygen is not None:
        if not 0 <= where.oxygen <= 100:
            raise SchemaError(f"{scenario.where('environment', 'oxygen')}'oxygen' is {where.oxygen:g} % of the gas; expected 0 % to 100 %, such as 1 %.")
        oxygen = where.oxygen
    if kind == ENDOTHELIUM and isinstance(where, Body):
        raise SchemaError(f"recipient '{recipient.cell}': 'vessels: endothelium' is for a well; in a body vesicles reach a 'vessels: tumour', whose vessels answer to its VEGF.")
    if not kind:
        return {}
    sprouts = kind == ENDOTHELIUM or isinstance(where, Body)
    return {"recipient": kind, "vessels": sprouts, "oxygen": oxygen, "rest_oxygen": oxygen}


def with_vessels(site: Site, network: Network) -> Network:
    """The network of an arm with what its recipient does to vessels, or as it is."""
    kind = site.settings.get("recipient")
    if not kind:
        return network
    cells = site.settings["cells_at_start"]
    near = {"tumour_cells": cells if kind == TUMOUR else 0.0, "endothelium_cells": cells if kind == ENDOTHELIUM else 0.0}
    if site.settings["growth_method"] == "in vivo":
        near["endothelium_cells"] = cells * site.quantity("endothelial_cells_per_tumour_cell", "1")
        fluid = cells / site.quantity("tumour_cell_density", "cell/mL") * site.quantity("tumour_interstitial_fraction", "1")
    else:
        fluid = site.given("well_area", site.settings["area_um2"], "um2") * site.given("well_fluid_depth", sum(site.settings["thicknesses"]), "um") * site.conversion("mL", "um3")
    site.settings = {**site.settings, **near, "fluid_volume": fluid}
    for mechanism in (HifActivity, VegfSecretion, *((Sprouting, VesselSteps) if site.settings["vessels"] else ())):
        network = network.with_part(mechanism().contribute(site, Particle("none", "none")))
    return network


def assemble_vessels(tissue: Tissue, library: Library, mechanisms: tuple[type[Mechanism], ...] = MECHANISMS) -> Model:
    """The network of a tissue.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    site = Site(library, tissue.settings())
    network = Network("vessels", Arm("vessels")).with_part(Part(rules=held(site, tissue.of_draw(-1))))
    for mechanism in mechanisms:
        network = network.with_part(mechanism().contribute(site, Particle("none", "none")))
    return alone("vessels", site, network)
