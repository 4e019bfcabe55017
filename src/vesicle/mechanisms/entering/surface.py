"""Signals at the cell surface, which need no uptake.

A bound vesicle of diameter d touches a cell with the cap of its membrane that lies within the gap
h of two membranes held by their receptors, a share h / d of its surface (of a sphere, exactly).
With n ligands per vesicle and B / N vesicles bound per cell, the ligands that can meet a receptor are

    L = sum over products of  min(1, h / d) (n B - x) / N

x being copies that a dissolved binder (a decoy's drug, a blocking antibody) holds. Ligand and
receptor are confined to the gap, so a constant in solution K_D becomes K = K_D h A per cell (A = pi d_c^2,
a smooth sphere). Receptors diffuse and bind within minutes, vesicles come within hours; so the
complexes C are at equilibrium with what is bound, by the tight-binding law with R receptors:

    C = ((R + L + K) - sqrt((R + L + K)^2 - 4 R L)) / 2,     a = x^m / (1 + x^m),  x = C / (A x_50)

Where L is imposed to see what would follow (``assume.surface_copies``), a donor in a state brings its fold of it.
C cannot exceed the ligands in contact: the signal is limited by binding. Nothing here asks for
internalisation, acid or release. At 4 C the occupancy stays; what the cell would make of it in
the cold is not in the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species
from vesicle.network.types import Observable, Part, Particle, Rule
from vesicle.products.origin import Origin, donor_in_records, has_record, state_fold


@dataclass(frozen=True)
class Ligand:
    """A ligand on the vesicles of one product.

    Attributes
    ----------
    product : name of the product, which is the id of its particle.
    name : the ligand, as the records spell it (FasL, PD-L1, CD20).
    donor : cell that made the vesicles, for records of its own.
    state : the state of that cell, for folds over the native one.
    copies : per vesicle; None for the measured number.
    """

    product: str
    name: str
    donor: str = ""
    copies: float | None = None
    state: str = "native"


def copies_of(site: Site, ligand: Ligand) -> sympy.Expr:
    """Copies of a surface ligand per vesicle [copy/EV], by donor and state; a protease leaves a share of them, and of a latent one the active share counts."""
    kept = site.quantity("surface_protein_left_by_protease", "1") if ligand.product in site.settings.get("protease_treated", ()) else sympy.Integer(1)
    if ligand.copies is not None:
        return kept * site.given(f"surface__{ligand.product}__{symbol_of(ligand.name)}", ligand.copies, "copy/EV")
    if has_record(site, "active_ligand_share", ligand.name, ligand.donor):
        kept = kept * site.quantity("active_ligand_share", "1", label=ligand.name)
    cell = donor_in_records(site, "surface_ligand_copies_per_ev", ligand.name, ligand.donor)
    native = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product="exosome", label=ligand.name, cell=cell, species="")
    return kept * native * state_fold(site, ligand.name, Origin(ligand.donor, ligand.state))


def symbol_of(name: str) -> str:
    """A ligand or receptor as an identifier: ``PD-L1`` -> ``PD_L1``."""
    return "".join(c if c.isalnum() else "_" for c in name)


def signal_id(receptor: str) -> str:
    """Id of the rule that holds the signal of a receptor."""
    return f"signal__{symbol_of(receptor)}"


class SurfaceSignal(Mechanism):
    """Receptors of the recipient occupied by ligands of bound vesicles, and the signal that this gives."""

    name: ClassVar[str] = "surface_signal"
    chapter: ClassVar[str] = "entering"
    system: ClassVar[str] = "C1"
    conserves: ClassVar[str] = "receptors: total = free + occupied; no vesicle is used up"
    claims: ClassVar[tuple[str, ...]] = ("C-0016", "C-0122")
    quantities: ClassVar[tuple[str, ...]] = (
        "surface_ligand_copies_per_ev", "active_ligand_share", "surface_protein_left_by_protease", "receptor_copies_per_cell", "dissociation_constant",
        "intermembrane_gap", "ev_diameter", "cell_diameter", "signal_half_density", "signal_hill",
    )  # fmt: skip
    absent: ClassVar[str] = "bound vesicles say nothing to the cell"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Pairs come from ``site.settings['pairs']``, carriers from ``site.settings['particles']``; the particle is not asked for."""
        rules: list[Rule] = []
        observables: list[Observable] = []
        for receptor, ligands in site.settings["pairs"].items():
            held, seen = self._receptor(site, receptor, ligands)
            rules += held
            observables += seen
        return Part(rules=tuple(rules), observables=tuple(observables))

    def _receptor(self, site: Site, receptor: str, ligands: Sequence[Ligand]) -> tuple[tuple[Rule, ...], tuple[Observable, ...]]:
        one = site.given("one_cell", 1.0, "cell")
        area = sympy.pi * site.quantity("cell_diameter", "um", cell=site.settings.get("sized_cell", "")) ** 2 / one
        touching = sum((self._contact(site, ligand) for ligand in ligands), sympy.Integer(0))
        occupied = symbol(f"occupied__{symbol_of(receptor)}")
        formed: sympy.Expr = sympy.Integer(0)
        if touching != 0:
            total = site.quantity("receptor_copies_per_cell", "copy/cell", label=receptor, cell=site.settings["receptor_cell"])
            solution = site.quantity("dissociation_constant", "copy/um3", label=f"{receptor}/{ligands[0].name}")
            formed = tight_binding(total, touching, solution * site.quantity("intermembrane_gap", "nm") * site.conversion("um", "nm") * area)
        half = site.quantity("signal_half_density", "copy/um2", label=receptor, cell=site.settings["receptor_cell"])
        steep = (sympy.Max(0, occupied) / area / half) ** site.quantity("signal_hill", "1", label=receptor, cell=site.settings["receptor_cell"])
        signal = symbol(signal_id(receptor))
        return (Rule(str(occupied), "copy/cell", formed), Rule(str(signal), "1", steep / (1 + steep))), (
            Observable(f"occupied:{receptor}", "copy/cell", occupied, "cell", f"{receptor} occupied by vesicles"),
            Observable(f"signal:{receptor}", "1", signal, "cell", f"signal of {receptor}"),
        )

    def _contact(self, site: Site, ligand: Ligand) -> sympy.Expr:
        """Ligands of one product that can meet a receptor, per cell."""
        carrier = next((p for p in site.settings["particles"] if p.id == ligand.product), None)
        if carrier is None:
            return sympy.Integer(0)
        if site.settings.get("held_ligands") is not None:
            held = site.condition("held_ligands", site.settings["held_ligands"], "copy/cell")
            return held * state_fold(site, ligand.name, Origin(ligand.donor, ligand.state))
        bound = site.settings["bound"]
        share = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / site.quantity("ev_diameter", "nm", product=carrier.product))
        taken = sum((symbol(passenger_species(carrier.id, s.id, bound)) for s in site.settings["binders"] if s.binds == ligand.name), sympy.Integer(0))
        return share * sympy.Max(0, copies_of(site, ligand) * amount(carrier, bound) - taken) / symbol(site.settings["cells"])
