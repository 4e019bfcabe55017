"""Signalling from the surface: a bound vesicle's ligands engage receptors; nothing has to enter the cell.

With B vesicles bound per cell, n ligand copies on each and the share q of them that faces the cell, L = q n B ligands meet R receptors; in contact the
complexes follow the tight-binding law

    c = ((L + R + K) - sqrt((L + R + K)^2 - 4 L R)) / 2,      activity = c / (c + c_50)

So the signal is limited by binding, bounded by the receptors, and lives as long as the vesicle stays on the surface: blocked acidification and inhibitors of
uptake leave it (or raise it), and so does 4 C, where bound vesicles stay. Below one bound vesicle per cell the mean hides the cells: the share touched is
T = 1 - exp(-B), and the activity in a touched cell comes from B / T vesicles.
"""

from __future__ import annotations

from typing import ClassVar

from vesicle.mechanisms.acting.reach import in_cell, share_reached
from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Rule

ROLE = "ligand"


class SurfaceSignal(Mechanism):
    """Receptor occupancy and signal by bound vesicles."""

    name: ClassVar[str] = "surface_signal"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C1"
    conserves: ClassVar[str] = "receptors: all = free + engaged; no vesicle is used up"
    claims: ClassVar[tuple[str, ...]] = ("C-0199", "C-0200")
    quantities: ClassVar[tuple[str, ...]] = ("cell_floor", "ligand_share_in_contact", "surface_receptors_per_cell", "surface_dissociation", "receptors_for_half_signal")
    absent: ClassVar[str] = "bound vesicles tell the cell nothing"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Ligands are the particle's passengers with the role ``ligand``; without one nothing is signalled."""
        ligands = [p for p in particle.passengers if p.role == ROLE]
        if not ligands or not site.settings.get("bound"):
            return Part()
        ligand = ligands[0]
        cells = symbol(site.settings["cells"])
        on = amount(particle, site.settings["bound"])
        touched, engaged = symbol(f"touched__{particle.id}"), symbol(f"receptors_engaged__{particle.id}")
        in_touched = on / cells / (touched + site.quantity("cell_floor", "cell") / cells)
        facing = site.quantity("ligand_share_in_contact", "1") * ligand.copies * in_touched
        receptors = in_cell(site, "surface_receptors_per_cell", "copy/cell", label=ligand.entity)
        constant = in_cell(site, "surface_dissociation", "copy/cell", label=ligand.entity)
        half = in_cell(site, "receptors_for_half_signal", "copy/cell", label=ligand.entity)
        rules = (
            Rule(str(touched), "1", share_reached(site, on, cells)),
            Rule(str(engaged), "copy/cell", tight_binding(facing, receptors, constant)),
        )
        seen = (
            Observable(f"touched_cells:{particle.id}", "1", touched, "cell", f"share of cells with a bound vesicle of {particle.label}"),
            Observable(f"receptors_engaged:{particle.id}", "1", touched * engaged / receptors, "cell", f"share of receptors engaged by {ligand.entity}, all cells"),
            Observable(f"surface_signal:{particle.id}", "1", touched * engaged / (engaged + half), "cell", f"surface signal by {ligand.entity}, all cells"),
        )
        return Part(rules=rules, observables=seen)
