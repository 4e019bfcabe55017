"""C4: native spread over organs and cells, what a ligand adds, what inflammation adds, and who takes up in blood."""

from __future__ import annotations

import numpy as np

from vesicle.evidence.library import Library
from vesicle.evidence.matching import match
from vesicle.mechanisms.travelling.clearance import PHAGOCYTIC_ORGANS
from vesicle.readouts.ensemble import Array
from vesicle.readouts.exposure import Stay
from vesicle.systems.base import Check, Experiment, above, below, between
from vesicle.systems.body_runs import Stays, bodies, stays

SCENARIO = "mouse-tropism"
CELLS = {
    **{f"macrophages of the {organ}": f"{organ}_phagocytes" for organ in PHAGOCYTIC_ORGANS},
    "liver endothelium": "liver_endothelium",
    "tumour macrophages and fibroblasts": "tumour_stroma",
    "cancer cells": "tumour_endosome",
    "phagocytes of inflamed tissue": "inflamed_phagocytes",
    "phagocytes of healthy tissue": "healthy_phagocytes",
}
"""Cells -> the place that holds what they took up."""
EXACT = 1e-9
PBMC = ("monocyte", "T cell", "B cell")
"""Cell of blood -> whose diameter it has."""


class Tropism(Experiment):
    """Exosomes with and without GE11 in mice whose tumour has EGFR or not, beside an inflamed and a healthy piece of tissue."""

    system = "C4"
    asks = "Where do exosomes go by themselves, how much does a ligand add, and is any of it exclusive?"
    takes_away = "the receptor from the tumour and the inflammation from the tissue"
    used = ("C-0426",)
    predicts = ("C-0025", "C-0276", "C-0427", "C-0675", "C-0746")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Native shares, ligand gain on the cell and in the body, exclusiveness, inflammation, PBMC."""
        found = stays(bodies(library, SCENARIO))
        ligand, native = ("ge11_egfr_none", "native_egfr_none") if knocked_out else ("ge11", "native")
        return [
            *_spread(found.arms["native"]),
            *_ligand(library, found, ligand, native),
            *_exclusive(found.arms[ligand]),
            *_inflammation(found.arms["native"], "healthy" if knocked_out else "inflamed"),
            *_pbmc(library),
        ]


def _quantiles(values: Array) -> str:
    """Median with 5 and 95 % over draws; draws in which nothing enters at all have no ratio and are left out."""
    finite = values[1:][np.isfinite(values[1:])]
    low, middle, high = np.quantile(finite, [0.05, 0.5, 0.95], method="inverted_cdf")
    return f"{middle:.3g} ({low:.3g} to {high:.3g})"


def _ratio(a: Array, b: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(a / b)


def _taken(found: Stay) -> dict[str, Array]:
    return {name: found.entering(place) for name, place in CELLS.items()}


def _spread(found: Stay) -> list[Check]:
    """Share of the dose that each kind of cell takes up; every particle ends somewhere."""
    out = [Check(f"native, share of the dose taken up by {name}, q50 (q05 to q95)", _quantiles(share), "reported, whatever it is", True) for name, share in _taken(found).items()]
    ends = {target for _, target in found.ways.values() if target not in found.places}
    every = np.sum([found.entering(end) for end in ends], axis=0)
    out.append(between("particles that end somewhere, share of the dose", float(every[0]), 1 - EXACT, 1 + EXACT))
    liver = float(_taken(found)["macrophages of the liver"][0])
    out.append(above("liver macrophages over cancer cells, native", liver / float(_taken(found)["cancer cells"][0]), 1))
    return out


def _tumour_hours(found: Stay) -> Array:
    return found.time_in([place for place in found.places if place.startswith("tumour_") and place != "tumour_vessels"])


def _ligand(library: Library, found: Stays, ligand: str, native: str) -> list[Check]:
    """The gain on the cell, bounded by receptors and diffusion; in cancer cells of the body; in the tumour as a whole."""
    with_it, without = found.arms[ligand], found.arms[native]
    on_cell = with_it.hazards[f"bind__{ligand.partition('_')[0]}"] / without.hazards[f"bind__{native.partition('_')[0]}"]
    in_cells = _ratio(with_it.entering("tumour_endosome"), without.entering("tumour_endosome"))
    in_tumour = _ratio(_tumour_hours(with_it), _tumour_hours(without))
    stick = match(library, "sticking_probability", {"product": "exosome"}).records[0].value
    absent = found.arms["ge11_egfr_none"].hazards["bind__ge11"] / found.arms["native_egfr_none"].hazards["bind__native"]
    return [
        above("gain of binding per cancer cell by GE11", float(on_cell[0]), 1 + EXACT),
        below("the same against the bound by diffusion, one over the native sticking probability", float(on_cell[0]) * stick, 1),
        Check("gain of binding per cancer cell, q50 (q05 to q95)", _quantiles(on_cell), "reported, whatever it is", True),
        Check("gain of what cancer cells take in, in the body", _quantiles(in_cells), "reported, whatever it is", True),
        below("gain in the body over gain on the cell: delivery limits it", float(in_cells[0] / on_cell[0]), 1),
        Check("gain of hours spent in the tumour as a whole", _quantiles(in_tumour), "reported, whatever it is", True),
        between("gain of binding without the receptor", float(absent[0]), 1 - EXACT, 1 + EXACT),
    ]


def _exclusive(found: Stay) -> list[Check]:
    """Exclusive would be no uptake by any other cell; the ratio is printed and the bound tested."""
    taken = _taken(found)
    others = np.sum([share for name, share in taken.items() if name != "cancer cells"], axis=0)
    ratio = _ratio(taken["cancer cells"], others)
    return [
        Check("taken in by cancer cells over all other cells (exclusive: without bound), with GE11", _quantiles(ratio), "reported, whatever it is", True),
        Check("'exclusively cancer cells'", "held" if ratio[0] > 1 / EXACT else "not held", "not held", bool(ratio[0] <= 1 / EXACT)),
    ]


def _inflammation(found: Stay, name: str) -> list[Check]:
    """Permeability and phagocytes are separate terms; their product is what looks like homing."""
    entry = _ratio(found.entering(f"{name}_interstitium"), found.entering("healthy_interstitium"))
    kept = _ratio(found.entering(f"{name}_phagocytes"), found.entering("healthy_phagocytes"))
    tumour = _ratio(found.entering("inflamed_phagocytes"), found.entering("liver_phagocytes"))
    return [
        above("inflamed over healthy tissue, entry (its permeability)", float(entry[0]), 1 + EXACT),
        above("inflamed over healthy tissue, taken up by phagocytes", float(kept[0]), 1 + EXACT),
        above("of which phagocytes, beyond entry", float(kept[0] / entry[0]), 1 + EXACT),
        Check("inflamed over healthy, taken up, q50 (q05 to q95)", _quantiles(kept), "reported, whatever it is", True),
        below("0.1 mL of inflamed tissue over the liver: preference is not destination", float(tumour[0]), 1),
    ]


def _pbmc(library: Library) -> list[Check]:
    """Uptake in a mixture: share of cells, times the advantage per cell of a phagocyte over an ordinary one."""
    advantage = match(library, "phagocyte_relative_uptake", {"product": "exosome"}).records[0]
    share = {cell: match(library, "blood_cell_share", {"cell": cell, "label": "PBMC", "species": "human"}).records[0].value for cell in PBMC}
    weight = {cell: value * (advantage.value if cell == "monocyte" else 1.0) for cell, value in share.items()}
    total = sum(weight.values())
    return [
        above(f"share of vesicles in a mixture of blood cells that monocytes take up, over their share of the cells (advantage from {advantage.id}, {advantage.status})",
              weight["monocyte"] / total / share["monocyte"], 1),
        Check("share of the vesicles taken up that monocytes take", f"{weight['monocyte'] / total:.2f}", "reported, whatever it is", True),
        Check("without the advantage of phagocytes the same share would be", f"{_alone(weight, advantage.value):.2f}", "reported, whatever it is", True),
    ]  # fmt: skip


def _alone(weight: dict[str, float], advantage: float) -> float:
    monocytes = weight["monocyte"] / advantage
    return monocytes / (monocytes + weight["T cell"] + weight["B cell"])
