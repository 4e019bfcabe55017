"""F4: antigen density, affinity and copies of a ligand give the ratio of tumour to other uptake; without the antigen nothing is gained."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import sympy

from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.model.targeting import Targeting, most, receptors_of, uptake
from vesicle.readouts.drawn import columns, drawn, told
from vesicle.readouts.ensemble import Array, rank_shares
from vesicle.systems.base import Check, Experiment, above, below, between

DRAWS = 500
LIVER = "hepatocyte"
CASES = {"GE11": "HCC70", "EGF": "MDA-MB-468", "HER2 affibody": "SK-BR-3"}
"""Ligand -> a line with much of its receptor."""
DENSITIES = (0.0, 1e3, 1e4, 1e5, 1e6)
COPIES = (1.0, 10.0, 100.0, 1000.0)
EXACT = 1e-9
REPORTED = "M-0422"


class Targets(Experiment):
    """Three ligands on cells with much antigen, on liver cells, and on cells without; densities and copies one at a time."""

    system = "F4"
    asks = "Does a ligand raise uptake by cells with its antigen over others, does it do nothing without the antigen, and is the gain bounded?"
    takes_away = "the antigen from the tumour cell"
    used = ("C-0043",)
    predicts = ("C-0040", "C-0261", "C-0262", "C-0777")

    def checks(self, library: Library, knocked_out: bool) -> list[Check]:
        """Gains and selectivity by ligand, by density, by copies, bound and what decides."""
        out = []
        for ligand, cell in CASES.items():
            out += _case(library, ligand, cell, knocked_out)
        return [*out, *_densities(library, knocked_out), *_copies(library), *_bare(library)]


def _case(library: Library, ligand: str, cell: str, without: bool) -> list[Check]:
    """Gain and selectivity of one ligand on its cell, by the records."""
    site, targeting = Site(library, {}), Targeting(ligand)
    here = receptors_of(site, targeting, cell, stated=0.0 if without else None)
    with_, liver = uptake(site, targeting, here), uptake(site, targeting, receptors_of(site, targeting, LIVER))
    found = drawn(site, {"gain": with_ / _without_ligand(site, ligand, here), "selectivity": with_ / liver, "most": most(site)}, DRAWS)
    shares = rank_shares(columns(site, DRAWS), np.log(found["gain"][1:]))
    words = f"{told(found['gain'])}; {told(found['selectivity'])}; {float(np.mean(found['selectivity'][1:] > 1)):.0%}"
    decider = next(iter(shares.items()), ("nothing", (0.0, 0.0)))
    return [
        above(f"{ligand} on {cell}: uptake over vesicles without ligand, median of draws", float(np.median(found["gain"][1:])), 1 + EXACT),
        Check(f"{ligand} on {cell}: gain and selectivity over liver cells, q50 (q05 to q95); share of draws that select", words, "told", True),
        below(f"{ligand}: gain over what no ligand can exceed, largest of draws", float(np.max(found["gain"] / found["most"])), 1 + EXACT),
        Check(f"{ligand}: what decides the gain", f"{decider[0]} ({decider[1][0]:.0%})", "told, not judged", True),
    ]  # fmt: skip


def _densities(library: Library, without: bool) -> list[Check]:
    """GE11 against EGFR per cell, nominal; and against the gain that is reported."""
    site, targeting = Site(library, {}), Targeting("GE11")
    cells = {f"{n:g}": receptors_of(site, targeting, stated=0.0 if without else n) for n in DENSITIES}
    found = drawn(site, {n: uptake(site, targeting, cell) / _without_ligand(site, "GE11", cell) for n, cell in cells.items()}, DRAWS)
    gains = list(found.values())
    rising = min(float(np.min(b / a)) for a, b in pairwise(gains))
    record = library.of("targeting_gain")[0]
    return [
        between("gain on vesicles without ligand on cells without EGFR, less one, largest of draws", float(np.max(np.abs(gains[0] - 1))), 0, EXACT),
        above("gain at 1e6 EGFR over that at 1e3, nominal", float(gains[-1][0] / gains[1][0]), 1 + EXACT),
        above("gain at a density over that at the one before, smallest of all draws", rising, 1 - EXACT),
        Check("gain by EGFR per cell, nominal", ", ".join(f"{n:g}: {g[0]:.3g}" for n, g in zip(DENSITIES, gains, strict=True)), "told, not judged", True),
        Check(
            f"{record.id}: gain reported in a mouse, {record.value:g} ({record.low:g} to {record.high:g}), against the cells' at 5e5 EGFR or so",
            told(_at(library, 5e5)),
            "told, not judged",
            True,
        ),
    ]


def _at(library: Library, receptors: float) -> Array:
    site, targeting = Site(library, {}), Targeting("GE11")
    cell = receptors_of(site, targeting, stated=receptors)
    return drawn(site, {"gain": uptake(site, targeting, cell) / _without_ligand(site, "GE11", cell)}, DRAWS)["gain"]


def _without_ligand(site: Site, ligand: str, receptors: sympy.Expr) -> sympy.Expr:
    """Uptake of the same vesicles with no copy of the ligand by the same cell: what every gain is over."""
    return uptake(site, Targeting(ligand, 0.0), receptors)


def _copies(library: Library) -> list[Check]:
    """More copies, then more affinity."""
    found = []
    for n in COPIES:
        site, targeting = Site(library, {}), Targeting("EGF", n)
        cell = receptors_of(site, targeting, stated=1e6)
        found.append(float(drawn(site, {"gain": uptake(site, targeting, cell) / _without_ligand(site, "EGF", cell)}, 1)["gain"][0]))
    return [
        above("gain by ten times the copies, first step", found[1] / found[0], 1),
        below("the same at the last step over the first: it saturates", (found[3] / found[2]) / (found[1] / found[0]), 1),
        Check("gain of EGF by copies per vesicle, nominal", ", ".join(f"{n:g}: {g:.3g}" for n, g in zip(COPIES, found, strict=True)), "told, not judged", True),
    ]


def _bare(library: Library) -> list[Check]:
    """C-0777 says preference for HER2+ cells and drops the ligand; without one nothing prefers them."""
    site, none = Site(library, {}), Targeting("HER2 affibody", 0.0)
    ratio = uptake(site, none, receptors_of(site, none, "SK-BR-3")) / uptake(site, none, receptors_of(site, none, LIVER))
    found = drawn(site, {"ratio": ratio}, DRAWS)["ratio"]
    return [between("vesicles without a ligand on HER2+ over other cells, in every draw: C-0777 needs the ligand that it leaves out", float(np.max(np.abs(found - 1))), 0, EXACT)]
