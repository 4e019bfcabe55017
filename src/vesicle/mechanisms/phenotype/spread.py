"""Spread of tumour cells: how fast they move, how far they invade, how many leave blood, how many foci they found.

Four outputs, each with levels of its own:

    speed          u = u_0 l_migration
    invasion       i = l_invasion
    into blood     J = N k_sh l_invasion l_EMT D
    out of blood   e' = f e/(1 - e + f e),      f = permeability of the wall relative to rest
    foci           dC/dt = J - k C,      dF/dt = k S' e' g' C

N tumour cells shed into blood at k_sh each, as far as they leave their neighbours (EMT), break through (invasion) and find vessels (density D). In blood C of them live for
1/k on average; the share S' is alive when they come to rest (odds multiplied by what thrombin does), e' of these leave the vessel, and g' found a focus (odds multiplied by
the level of metastasis). Shedding is a Poisson process and each cell has its own fate, so the number of foci is a Poisson number with the mean F, and none is found with
exp(-F). Migration is not counted again in the others: a cell that only moves faster does not found more foci here. Foci do not grow or shed, and cells that left the vessel and
founded nothing are dead or dormant.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.phenotype.vessels.cells import ENDOTHELIUM, TUMOUR, heard, scaled_share
from vesicle.mechanisms.phenotype.vessels.coagulation import by_thrombin
from vesicle.mechanisms.phenotype.vessels.steps import DENSITY, PERMEABILITY
from vesicle.mechanisms.phenotype.vessels.vegf import cells_of
from vesicle.mechanisms.signalling.levels import level
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Place, Reaction, Rule, Species

CIRCULATING, FOCI, BLOOD = "circulating_tumour_cells", "foci", "blood_of_spread"


def moving(site: Site) -> Part:
    """Readouts ``migration`` and ``invasion`` of a recipient that follows them, relative to untreated."""
    asked = [node for node in ("migration", "invasion") if node in site.settings["follows"]]
    return Part(observables=tuple(Observable(node, "1", sympy.sympify(level(site, node)), "cell", f"{node} of the recipient relative to untreated") for node in asked))


class Spread(Mechanism):
    """Migration, invasion, passage through blood and founding of foci by tumour cells."""

    name: ClassVar[str] = "spread"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D5"
    conserves: ClassVar[str] = "shed cells: circulating + died in blood + left without a focus + foci = all"
    claims: ClassVar[tuple[str, ...]] = ("C-0230",)
    quantities: ClassVar[tuple[str, ...]] = (
        "tumour_migration_speed", "tumour_shedding_rate", "tumour_cell_density", "tissue_density", "circulating_cell_half_life",
        "circulating_survival_share", "extravasation_share", "metastatic_seeding_share", "thrombin_fold",
    )  # fmt: skip
    absent: ClassVar[str] = "tumour cells stay where they are"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Tumour cells are ``site.settings['tumour_cells']``; vessels are taken from their rules where ``site.settings['vessels']``; the particle is not asked for."""
        vessels = bool(site.settings.get("vessels"))
        wall = symbol(PERMEABILITY) if vessels else heard(site, ENDOTHELIUM, "vascular_permeability")
        density = symbol(DENSITY) if vessels else sympy.Integer(1)
        invasion, speed = heard(site, TUMOUR, "invasion"), heard(site, TUMOUR, "migration")
        shed = self._shedding(site) * invasion * heard(site, TUMOUR, "EMT") * density
        gone = sympy.log(2) / site.quantity("circulating_cell_half_life", "h") * symbol(CIRCULATING)
        alive = scaled_share(site.quantity("circulating_survival_share", "1"), by_thrombin(site, "survival in blood"))
        out = scaled_share(site.quantity("extravasation_share", "1"), wall)
        grow = scaled_share(site.quantity("metastatic_seeding_share", "1"), heard(site, TUMOUR, "metastasis"))
        ends = (("die_in_blood", "died_in_blood", 1 - alive * out), ("leave_blood", "left_without_focus", alive * out * (1 - grow)), ("found", FOCI, alive * out * grow))
        counted = [Species(s, "tumour cells", "", "cell") for s in ("shed_cells", "died_in_blood", "left_without_focus", FOCI)]
        left = symbol("left_without_focus") + symbol(FOCI)
        return Part(
            places=(Place(BLOOD, "site", None),),
            species=(Species(CIRCULATING, "tumour cells", BLOOD, "cell"), *counted),
            rules=(Rule("extravasation", "1", out),),
            reactions=(
                Reaction("shed", {CIRCULATING: 1, "shed_cells": 1}, shed),
                *(Reaction(name, {CIRCULATING: -1, where: 1}, gone * share) for name, where, share in ends),
            ),
            observables=(
                Observable("migration_speed", "um/h", site.quantity("tumour_migration_speed", "um/h") * speed, "", "speed of tumour cells"),
                Observable("migration", "1", speed, "", "migration of tumour cells relative to untreated"),
                Observable("invasion", "1", invasion, "", "invasion of tumour cells relative to untreated"),
                Observable("EMT", "1", heard(site, TUMOUR, "EMT"), "", "EMT of tumour cells relative to untreated"),
                Observable("extravasation", "1", symbol("extravasation"), "", "share of living cells at rest in a vessel that leave it"),
                Observable("shed", "cell", symbol("shed_cells"), "", "tumour cells shed into blood"),
                Observable("circulating", "cell", symbol(CIRCULATING), "", "tumour cells in blood"),
                Observable("extravasated", "cell", left, "", "tumour cells that left blood alive"),
                Observable("died_in_blood", "cell", symbol("died_in_blood"), "", "tumour cells that died in blood"),
                Observable("foci", "cell", symbol(FOCI), "", "expected number of foci, by the cell that founded them"),
                Observable("no_foci", "1", sympy.exp(-symbol(FOCI)), "", "probability of no focus"),
            ),
        )  # fmt: skip

    def _shedding(self, site: Site) -> sympy.Expr:
        """Cells shed per hour at rest [cell/h]."""
        per_cell = site.quantity("tumour_shedding_rate", "cell/(g*h)") * site.quantity("tissue_density", "g/mL") / site.quantity("tumour_cell_density", "cell/mL")
        return per_cell * cells_of(site, TUMOUR)
