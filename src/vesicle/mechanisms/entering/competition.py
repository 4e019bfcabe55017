"""One ligand in a contact, shared among the receptors that bind it.

L ligands of a kind per cell lie in the gap h between vesicles and the cell (see :mod:`vesicle.mechanisms.entering.surface`). The cell has R_j receptors of kind j over its
area A; a constant in solution K_D,j becomes K_j = K_D,j h A per cell. With l of the ligands free, at equilibrium

    l + sum_j C_j = L,     C_j = R_j l / (K_j + l)

so a ligand that is scarce goes to its receptors by their copies over their constants, C_j = L (R_j/K_j) / (1 + sum_i R_i/K_i). With one receptor this is the tight-binding
law. With several, g(l) = l + sum_j C_j(l) - L rises and is concave, so Newton's steps

    l <- l - g(l) / g'(l),     g'(l) = 1 + sum_j R_j K_j / (K_j + l)^2,     from max(0, L - sum_j R_j), where g <= 0

rise to the only root and never pass it. The signal of a receptor, and how many ligands it needs for half of it when nothing competes (C = A x_50), are

    a_j = x^m / (1 + x^m),     x = C_j / (A x_50,j),            L_half,j = C + K_j C / (R_j - C)

L_half is out of all reach where a cell has fewer receptors than half of the signal takes. Two ligands of one receptor are each taken as alone: right while they leave most
of the receptors free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy

from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Site
from vesicle.network.expressions import symbol
from vesicle.network.types import Rule

STEPS = 10
"""Newton's steps: from any start the error is below 1e-9 of L (tested)."""
BOTH = "/"


@dataclass(frozen=True)
class Receptor:
    """A receptor of a cell, for one ligand.

    Attributes
    ----------
    name : as the records spell it.
    copies : R per cell.
    constant : K per cell, in the gap.
    """

    name: str
    copies: sympy.Expr
    constant: sympy.Expr


def receptor_of(site: Site, name: str, ligand: str, cell: str, area: sympy.Expr) -> Receptor:
    """A receptor by the records: copies on ``cell``, and the constant of the pair in the gap over ``area`` [um2/cell]."""
    solution = site.quantity("dissociation_constant", "copy/um3", label=f"{name}{BOTH}{ligand}")
    constant = solution * site.quantity("intermembrane_gap", "nm") * site.conversion("um", "nm") * area
    return Receptor(name, site.quantity("receptor_copies_per_cell", "copy/cell", label=name, cell=cell), constant)


def shared(identity: str, ligands: sympy.Expr, receptors: Sequence[Receptor]) -> tuple[list[Rule], list[sympy.Expr]]:
    """Complexes of each receptor [copy/cell] from ``ligands`` in contact, and the rules that they need.

    ``identity`` makes the ids of the rules; ``ligands`` should be a symbol.
    """
    if len(receptors) == 1:
        return [], [tight_binding(receptors[0].copies, ligands, receptors[0].constant)]
    rules = [Rule(f"free_0__{identity}", "copy/cell", sympy.Max(0, ligands - sum((r.copies for r in receptors), sympy.Integer(0))))]
    for step in range(STEPS):
        free = symbol(f"free_{step}__{identity}")
        above = free + sum((r.copies * free / (r.constant + free) for r in receptors), sympy.Integer(0)) - ligands
        slope = 1 + sum((r.copies * r.constant / (r.constant + free) ** 2 for r in receptors), sympy.Integer(0))
        rules.append(Rule(f"free_{step + 1}__{identity}", "copy/cell", free - above / slope))
    left = symbol(f"free_{STEPS}__{identity}")
    return rules, [r.copies * left / (r.constant + left) for r in receptors]


def needed(site: Site, receptor: Receptor, pairs: sympy.Expr) -> sympy.Expr:
    """Ligands in contact that make so many pairs with a receptor when nothing competes [copy/cell]."""
    return pairs + receptor.constant * pairs / sympy.Max(receptor.copies - pairs, site.given("one_copy", 1.0, "copy/cell"))


def half_pairs(site: Site, receptor: str, cell: str, area: sympy.Expr) -> sympy.Expr:
    """Engaged receptors for half of the signal [copy/cell]."""
    return site.quantity("signal_half_density", "copy/um2", label=receptor, cell=cell) * area


def steep(share: sympy.Expr, hill: sympy.Expr) -> sympy.Expr:
    """x^m / (1 + x^m)."""
    power = sympy.Max(0, share) ** hill
    return power / (1 + power)
