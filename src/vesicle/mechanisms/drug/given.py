"""What is given beside vesicles: a free drug, where its amounts stand in a network, and what cells meet of a drug by all its ways.

Amounts of free drugs are in nmol and concentrations in nmol/mL, which is uM: c = A / V. A drug on vesicles is counted in copies. One and the same drug may
come both ways; every step between is linear in its amount, so what cells meet is the sum

    c = c_carried + c_free

c_carried the concentration that drug off vesicles, or dissolved around them, has in the cell, as the medium that would give it (rule ``effective__DRUG``;
:mod:`vesicle.mechanisms.acting.drug`, :mod:`vesicle.mechanisms.acting.tumour_drug`), c_free that of a drug given as such (rule ``drug_at_cells__DRUG``). Where the
free drug of a well has to pass the membrane and its pumps too, it is in the former (``site.settings['drugs']``).
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy

from vesicle.mechanisms.base import Site
from vesicle.network.expressions import symbol

DEPOTS = {"oral": "gut", "intraperitoneal": "cavity", "subcutaneous": "skin"}
"""Route -> where a dose waits; an intravenous one is in the central compartment at once."""
CENTRAL, MEDIUM, IN_CELLS = "central", "medium", "cells"


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


def effective(drug: str) -> str:
    """Id of the concentration of a drug (by id) in cells as the medium that would give it, by all that crosses the membrane [copy/mL]."""
    return f"effective__{drug}"


def drugs_met(site: Site) -> tuple[FreeDrug, ...]:
    """Every drug that the cells of a site meet, by whatever way, each once."""
    free: tuple[FreeDrug, ...] = site.settings.get("free_drugs", ())
    known = {drug.id for drug in free}
    return (*free, *(FreeDrug(name, name, ()) for name in dict.fromkeys(carried(site)) if name not in known))


def carried(site: Site) -> tuple[str, ...]:
    """Ids of drugs with a rule :func:`effective`."""
    return (*site.settings.get("drugs", ()), *site.settings.get("body_drugs", ()))


def crosses(site: Site, drug: FreeDrug) -> bool:
    """Whether a free drug of a well has to cross the membrane of the cells, with drug that comes on vesicles."""
    return drug.id in site.settings.get("drugs", ())


def met_id(drug: FreeDrug) -> str:
    """Id of the concentration that kills, by all ways together [nmol/mL]."""
    return f"met__{drug.id}"


def met(site: Site, drug: FreeDrug) -> sympy.Expr:
    """c [nmol/mL]."""
    total = sympy.Integer(0)
    if drug.id in carried(site):
        total += symbol(effective(drug.id)) * site.conversion("nmol", "copy")
    if drug in site.settings.get("free_drugs", ()) and not crosses(site, drug):
        total += symbol(at_cells(drug))
    return total


def decays(site: Site, drug: FreeDrug) -> bool:
    """Whether the half-life of a drug in water was recorded; one without such a record is taken to last as long as its assay."""
    return any(record.label == drug.name for record in site.library.of("drug_water_half_life"))


def halts(site: Site, drug: FreeDrug) -> bool:
    """Whether it was recorded how much of a drug's effect is division that halts; one without such a record only kills."""
    return any(record.label == drug.name and record.role == "input" for record in site.library.of("cytostatic_share"))
