"""A label is a passenger with a life of its own: on the vesicle, freed, held in cells.

On a vesicle in fluid it comes off at k_free and joins the freed label of that fluid, which is
eliminated at k_elim; in the medium of a well nothing takes it away. Inside cells it goes wherever its vesicle goes; when the vesicle is
digested the label stays in the cell and its signal fades with half-life t_cell. An instrument
reads the sum of the three states; the vesicle count is another number. A radiolabel whose nuclide is
named has the t_cell of that nuclide: iodine leaves cells within hours, zirconium stays for days.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.circulation import VASCULAR
from vesicle.mechanisms.travelling.well import is_layer
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species, released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Species

FLUIDS = (
    *VASCULAR,
    "vessel_wall",
    "peritoneum",
    "subcutis",
    "gut",
    "healthy_interstitium",
    "inflamed_interstitium",
    "tumour_interstitium",
    "tumour_pericellular",
    "brain_vessels",
    "brain_interstitium",
    "brain_pericellular",
)
ORGAN_PLACES = {
    "blood": (*VASCULAR, "brain_vessels"),
    "liver": ("liver", "liver_phagocytes", "liver_endothelium"),
    "spleen": ("spleen", "spleen_phagocytes"),
    "lung": ("lung", "lung_phagocytes"),
    "kidney": ("kidney",),
    "tumour": ("tumour_vessels", "tumour_interstitium", "tumour_pericellular", "tumour_stroma", "tumour_surface", "tumour_endosome", "tumour_endothelium", "tumour_bolus"),
    "brain": ("brain_vessels", "brain_interstitium", "brain_pericellular", "brain_stroma", "brain_surface", "brain_endosome", "brain_endothelium"),
    "gut": ("gut", "faeces"),
    "peritoneum": ("peritoneum", "peritoneum_phagocytes"),
    "subcutis": ("subcutis", "subcutis_phagocytes"),
    "rest": ("rest", "vessel_wall", "drug_tissue"),
    "healthy_site": ("healthy_interstitium", "healthy_phagocytes"),
    "inflamed_site": ("inflamed_interstitium", "inflamed_phagocytes"),
}
"""Places that an organ's measured signal contains; the blood in an organ counts for both."""


class Label(Mechanism):
    """Loss, elimination and retention of a vesicle label."""

    name: ClassVar[str] = "label"
    chapter: ClassVar[str] = "travelling"
    system: ClassVar[str] = "C5"
    conserves: ClassVar[str] = "label: dosed = on vesicles + freed + held + eliminated"
    claims: ClassVar[tuple[str, ...]] = ("C-0053",)
    quantities: ClassVar[tuple[str, ...]] = ("label_free_rate", "label_cell_half_life", "freed_label_elimination_rate")
    absent: ClassVar[str] = "vesicles are counted, not a signal"

    def contribute(self, site: Site, particle: Particle) -> Part:
        label = site.settings["label"]
        kind = site.settings["label_kind"]
        visited = site.settings["visited"]
        method = site.settings.get("label_methods", {}).get(particle.id, "")
        off = site.quantity("label_free_rate", "1/h", label=kind)
        fade = sympy.log(2) / site.quantity("label_cell_half_life", "h", label=kind, method=method)
        gone = site.quantity("freed_label_elimination_rate", "1/h", label=kind, method=method)
        eliminated = Species(f"out_eliminated__{label}", label, "", "copy")
        species, reactions = [eliminated], []
        for place in visited:
            on, freed = passenger_species(particle.id, label, place), released_passenger(label, place)
            species.append(Species(freed, label, place, "copy"))
            if not is_layer(place):
                leave = gone if place in FLUIDS else fade
                reactions.append(Reaction(f"eliminate_{place}__{label}", {freed: -1, eliminated.id: 1}, leave * symbol(freed)))
            if place in FLUIDS or is_layer(place):
                reactions.append(Reaction(f"come_off_{place}__{label}", {on: -1, freed: 1}, off * symbol(on)))
            else:
                reactions.append(Reaction(f"fade_{place}__{label}", {on: -1, eliminated.id: 1}, fade * symbol(on)))
        return Part(species=tuple(species), reactions=tuple(reactions), observables=self._signals(particle, label, visited))

    def _signals(self, particle: Particle, label: str, visited: tuple[str, ...]) -> tuple[Observable, ...]:
        out = []
        for organ, places in ORGAN_PLACES.items():
            here = [p for p in places if p in visited]
            states = {
                "on_vesicles": sum((symbol(passenger_species(particle.id, label, p)) for p in here if p in FLUIDS), sympy.Integer(0)),
                "freed": sum((symbol(released_passenger(label, p)) for p in here if p in FLUIDS), sympy.Integer(0)),
                "in_cells": sum((symbol(passenger_species(particle.id, label, p)) + symbol(released_passenger(label, p)) for p in here if p not in FLUIDS), sympy.Integer(0)),
            }
            total = sum(states.values(), sympy.Integer(0))
            if total == 0:
                continue
            out.append(Observable(f"signal:{organ}", "copy", total, "", f"label signal in {organ}"))
            out += [Observable(f"signal:{organ}:{state}", "copy", value, "", f"label {state.replace('_', ' ')} in {organ}") for state, value in states.items() if value != 0]
        return tuple(out)
