"""Death by ligands on vesicles: receptors occupied, caspase-8, dead cells.

Each death receptor r (DR4, DR5) that bound vesicles occupy gives a signal s_r by the law of the surface (tight binding in the contact, then a
Hill function of the density of complexes; receptors must meet in groups of three or more, which is what its steepness stands for). Either
receptor starts the same chain, so

    caspase-8   a = 1 - prod_r (1 - s_r),       k = k_d a

with k_d the hazard of a cell whose caspase-8 is fully active. Cells die by it in every state (:mod:`vesicle.mechanisms.phenotype.tumour_states`), and what is in
them goes with them (:mod:`vesicle.model.deaths`). Nothing here needs uptake, acid or release into the cytosol; a vesicle without the ligand does nothing.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.entering.surface import signal_id
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

DEATH_RECEPTORS = ("DR4", "DR5")
"""Death receptors of TRAIL; the one of FasL on lymphocytes is left to the immune chapter."""
CASPASE, DEATH_BY_RECEPTORS = "caspase_8", "death_by_receptors"


def death_receptors(site: Site) -> tuple[str, ...]:
    """Death receptors that the recipient has."""
    return tuple(name for name in site.settings.get("signal_receptors", ()) if name in DEATH_RECEPTORS)


class DeathLigand(Mechanism):
    """Recipient cells killed through their death receptors."""

    name: ClassVar[str] = "death_ligand"
    chapter: ClassVar[str] = "phenotype"
    system: ClassVar[str] = "D1"
    conserves: ClassVar[str] = "nothing is moved: a hazard, which cells in states follow"
    claims: ClassVar[tuple[str, ...]] = ("C-0766", "C-0767")
    quantities: ClassVar[tuple[str, ...]] = ("death_receptor_kill_rate",)
    absent: ClassVar[str] = "death ligands bind and kill nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Receptors come from ``site.settings['signal_receptors']``, the particle is not asked for."""
        signals = [symbol(signal_id(name)) for name in death_receptors(site)]
        quiet: sympy.Expr = sympy.Integer(1)
        for signal in signals:
            quiet = quiet * (1 - signal)
        die = symbol(DEATH_BY_RECEPTORS)
        return Part(
            rules=(Rule(CASPASE, "1", 1 - quiet), Rule(str(die), "1/h", site.quantity("death_receptor_kill_rate", "1/h") * symbol(CASPASE))),
            observables=(
                Observable("caspase-8", "1", symbol(CASPASE), "cell", "active caspase-8, share of the most"),
                Observable("death_rate", "1/h", die, "cell", "hazard of death by death receptors"),
            ),
        )
