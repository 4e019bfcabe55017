"""Tumour cells, endothelium and the fluid between them, with blood, as one checked network.

A tissue by itself, in which levels of signalling nodes are given: one for all draws, or one for each, as cargo gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from vesicle.evidence.library import Library
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.spread import Spread
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR
from vesicle.mechanisms.phenotype.vessels.coagulation import Coagulation
from vesicle.mechanisms.phenotype.vessels.hypoxia import HifActivity
from vesicle.mechanisms.phenotype.vessels.sprouting import Sprouting
from vesicle.mechanisms.phenotype.vessels.steps import STEPS, VesselSteps
from vesicle.mechanisms.phenotype.vessels.vegf import VegfSecretion
from vesicle.mechanisms.signalling.levels import level_id
from vesicle.model.assembled import Model, without_unused
from vesicle.network.checks import check
from vesicle.network.types import Arm, Network, Part, Particle, Rule

MECHANISMS: tuple[type[Mechanism], ...] = (HifActivity, VegfSecretion, Sprouting, VesselSteps, Coagulation, Spread)
AIR = 21.0
_OXYGEN = ("HIF1A", "HIF1AN", "EGLN1", "VHL")
NODES = {
    TUMOUR: ("VEGFA", *_OXYGEN, "F3", "invasion", "migration", "EMT", "metastasis"),
    ENDOTHELIUM: ("VEGFA", *_OXYGEN, "F3", "KDR", "DLL4", "NOTCH1", *(step.node for step in STEPS), "vascular_permeability"),
}
"""The nodes that the mechanisms listen to, by kind of recipient."""


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


def assemble_vessels(tissue: Tissue, library: Library, mechanisms: tuple[type[Mechanism], ...] = MECHANISMS) -> Model:
    """The network of a tissue.

    Raises
    ------
    ModelError
        If a measurement is missing.
    """
    site = Site(library, tissue.settings())
    given = (Rule(level_id(node), "1", site.given(f"given_{level_id(node)}", value, "1")) for node, value in tissue.of_draw(-1).items())
    network = Network("vessels", Arm("vessels")).with_part(Part(rules=tuple(given)))
    for mechanism in mechanisms:
        network = network.with_part(mechanism().contribute(site, Particle("none", "none")))
    network = without_unused(replace(network, parameters=tuple(site.parameters.values())))
    return Model("vessels", network, check(network), ())
