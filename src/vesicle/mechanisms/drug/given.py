"""What is given beside vesicles: a free drug, and where its amounts stand in a network.

Amounts of free drugs are in nmol and concentrations in nmol/mL, which is uM: c = A / V.
"""

from __future__ import annotations

from dataclasses import dataclass

from vesicle.mechanisms.base import Site

DEPOTS = {"oral": "gut", "intraperitoneal": "cavity", "subcutaneous": "skin"}
"""Route -> where a dose waits; an intravenous one is in the central compartment at once."""
CENTRAL, MEDIUM = "central", "medium"


@dataclass(frozen=True)
class FreeDrug:
    """A drug given as such: an id for the network, its name in the records, and its routes."""

    id: str
    name: str
    routes: tuple[str, ...] = ("well",)


def dosed(drug: FreeDrug, place: str) -> str:
    """Id of the amount of a free drug in a place [nmol]."""
    return f"dosed__{drug.id}__{place}"


def infusion(drug: FreeDrug) -> str:
    """Id of the rate at which a free drug runs in [nmol/h]; a dose starts it, a negative one ends it."""
    return f"infusion__{drug.id}"


def washing(drug: FreeDrug) -> str:
    """Id of the hazard by which a change of medium takes a drug out of a well [1/h]."""
    return f"washing__{drug.id}"


def at_cells(drug: FreeDrug) -> str:
    """Id of the concentration that a drug's target cells meet, as the medium that acts alike [nmol/mL]."""
    return f"drug_at_cells__{drug.id}"


def decays(site: Site, drug: FreeDrug) -> bool:
    """Whether the half-life of a drug in water was recorded; one without such a record is taken to last as long as its assay."""
    return any(record.label == drug.name for record in site.library.of("drug_water_half_life"))
