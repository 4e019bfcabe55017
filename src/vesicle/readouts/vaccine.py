"""Activated T cells after a vaccine of vesicles, averaged over dendritic cells that got different numbers of them (see model.vaccine)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.immune.presentation import paired, signal_one
from vesicle.model.vaccine import Design, activated, numbers
from vesicle.products.copies import POISSON, probabilities
from vesicle.readouts.compound import Source, over_cells
from vesicle.readouts.drawn import columns, drawn
from vesicle.readouts.ensemble import Array


@dataclass(frozen=True)
class Response:
    """(1 + n,) per draw, nominal first.

    Attributes
    ----------
    vesicles : on a dendritic cell.
    shown : complexes that it shows, mean.
    contact : chance that a contact activates, averaged over dendritic cells.
    mean_field : the same for the cell that shows the mean.
    cells : activated T cells after the days of division.
    naive : T cells that recognise the antigen at the start.
    parameters : draws of every parameter, without row 0.
    """

    vesicles: Array
    shown: Array
    contact: Array
    mean_field: Array
    cells: Array
    naive: Array
    parameters: dict[str, Array]


def respond(library: Library, design: Design, draws: int) -> Response:
    """The response to one dose."""
    site = Site(library, {})
    n = drawn(site, numbers(site, design), draws)
    contact, mean_field = np.empty(draws + 1), np.empty(draws + 1)
    for i in range(draws + 1):
        contact[i], mean_field[i] = _contact({name: float(values[i]) for name, values in n.items()})
    cells = activated(n["rate"] * contact, n["growth"], n["days"], n["naive"])
    return Response(n["vesicles"], n["vesicles"] * n["complexes"], contact, mean_field, cells, n["naive"], columns(site, draws))


def _contact(n: dict[str, float]) -> tuple[float, float]:
    """Signal 1 averaged over cells, and of the cell that shows the mean."""
    if not n["complexes"] > 0:
        return 0.0, 0.0
    at_half = paired(n["receptors"], n["half"], n["constant"])

    def response(shown: Array) -> Array:
        return np.asarray(signal_one(paired(n["receptors"], shown, n["constant"]), at_half, n["steepness"]))

    found = over_cells([Source(n["vesicles"], probabilities(POISSON, n["complexes"]))], response)
    return found.mean, found.mean_field
