"""The typed network: what every engine, writer and readout reads. No biology lives here.

Names are loaded on first use, so that a room that needs the spread of one number does not pay for symbolic algebra.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vesicle.network.flat import Flat, Flow, flatten
    from vesicle.network.spread import Component, Spread
    from vesicle.network.types import (
        STEPS,
        Arm,
        Dose,
        Gate,
        Network,
        Observable,
        Parameter,
        Part,
        Particle,
        Passenger,
        Place,
        Reaction,
        Rule,
        Species,
        Transfer,
        Trigger,
        Unpack,
    )

__all__ = [
    "STEPS",
    "Arm",
    "Component",
    "Dose",
    "Flat",
    "Flow",
    "Gate",
    "Network",
    "Observable",
    "Parameter",
    "Part",
    "Particle",
    "Passenger",
    "Place",
    "Reaction",
    "Rule",
    "Species",
    "Spread",
    "Transfer",
    "Trigger",
    "Unpack",
    "flatten",
]

_HOMES = {
    **dict.fromkeys(__all__, "vesicle.network.types"),
    **dict.fromkeys(("Flat", "Flow", "flatten"), "vesicle.network.flat"),
    **dict.fromkeys(("Component", "Spread"), "vesicle.network.spread"),
}


def __getattr__(name: str) -> Any:
    """Load a name on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'vesicle.network' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
