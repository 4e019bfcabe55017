"""What is in cells is lost with them.

Where living cells N die at ``death_rate`` k per living cell, everything that is in them or on them leaves the living population at the same rate,

    dX/dt = ... - k X,      so that X / N does not change by a death

Vesicles in and on dying cells are out of reach and counted as such; a drug that is on no carrier goes back to the medium, or to the fluid around the cells.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vesicle.mechanisms.drug.given import MEDIUM
from vesicle.mechanisms.phenotype.tumour_states import DEATHS, STATE
from vesicle.network.expressions import symbol
from vesicle.network.flat import released_passenger, visited
from vesicle.network.types import Network, Reaction, Species, Transfer

SINK = "dead_cells"


def with_deaths(network: Network, settings: Mapping[str, Any]) -> Network:
    """The network with all that dying cells take with them; itself where no cell dies."""
    if DEATHS not in {rule.id for rule in network.rules}:
        return network
    inside = {settings[key] for key in ("cells", "bound", "endosome") if key in settings}
    rate = symbol(DEATHS)
    around = (MEDIUM, settings["near"]) if "near" in settings else (MEDIUM,)
    fluid = {(s.entity, s.unit): s.id for s in network.species if s.id in {released_passenger(s.entity, place) for place in around} or s.place == MEDIUM}
    lost = tuple(_lost(species, fluid.get((species.entity, species.unit), "")) for species in network.species if species.place in inside and species.entity != STATE)
    gone = tuple(
        Transfer(f"die_with_cell_{place}__{particle.id}", particle.id, place, None, rate, sink=SINK)
        for particle in network.particles
        for place in visited(network, particle.id)
        if place in inside
    )
    return replace(network, reactions=(*network.reactions, *lost), transfers=(*network.transfers, *gone))


def _lost(species: Species, back: str) -> Reaction:
    """What one species in cells loses with them; ``back`` is where it goes, empty where it is gone."""
    changes: dict[str, float] = {species.id: -1}
    if back and species.id != back:
        changes[back] = 1
    return Reaction(f"die_with_cell__{species.id}", changes, symbol(DEATHS) * symbol(species.id))
