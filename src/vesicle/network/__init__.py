"""The typed network: what every engine, writer and readout reads. No biology lives here."""

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
