"""A cell-free vaccine: vesicles of dendritic cells with an antigen, on dendritic cells of a node, to activated T cells.

What a T cell makes of the complexes that it meets is the law of signal 1 (:mod:`vesicle.mechanisms.immune.presentation`), as in a culture.

    vesicles given       D = dose of MHC class II / class II per vesicle
    on a dendritic cell  v = D q / N_DC                          q the share of the dose that gets there
    shown by it          each vesicle brings Poisson(c s) complexes of the antigen, c = (MHC class I per vesicle) (occupied share), s the share passed on
    activation           a = k E[S(K)]                           over the dendritic cells that a naive T cell meets, K complexes, S signal 1
    T cells              dN/dt = - a N,   dE/dt = a N + g E,     N(0) = naive CD8 T cells of the node * share that recognises the antigen, g = divisions - deaths

    E(T) = N(0) a (exp(g T) - exp(-a T)) / (g + a)     after T days of division

Without dendritic cells the same vesicles are shared among the naive T cells of the node, v = D q / N_T, and what lies in the contact counts, s = min(1, h/d). That they
activate less then is the count's doing. Regulation, exhaustion and killing are not in here; nor is signal 2, which counted vesicles hardly give (E2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.evidence.site import Site
from vesicle.mechanisms.entering.competition import receptor_of
from vesicle.mechanisms.immune.presentation import NAIVE, PMHC, TCR, WHO, half_complexes, occupied_share

Array = npt.NDArray[np.float64]
EXOSOME, DC = "exosome", "dendritic cell"


@dataclass(frozen=True)
class Design:
    """Vesicles of dendritic cells.

    Attributes
    ----------
    dose : MHC class II molecules, as trials count; None as in the recorded trial.
    has_antigen : whether the given peptide sits on them.
    meets_dendritic_cells : whether mature dendritic cells are there.
    """

    dose: float | None = None
    has_antigen: bool = True
    meets_dendritic_cells: bool = True


def numbers(site: Site, design: Design) -> dict[str, sympy.Expr]:
    """What the equations of the module need, over the parameters of a site.

    Vesicles per cell, complexes per vesicle, K_half, h, TCR and their constant, k [1/d], g [1/d], T [d], N(0).
    """
    per_vesicle = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product=EXOSOME, cell=DC, label="MHC class II")
    dose = site.condition("mhc_dose", design.dose, "copy") if design.dose is not None else site.quantity("dose_mhc_class_ii", "copy", product=EXOSOME, cell=DC)
    at_node = site.quantity("vesicle_share_on_node_dc", "1", product=EXOSOME, cell=DC)
    complexes = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product=EXOSOME, cell=DC, label="MHC class I") * occupied_share(site)
    naive_cells = site.quantity("node_naive_cd8_number", "cell")
    if design.meets_dendritic_cells:
        reached, counting = at_node / site.quantity("node_dc_number", "cell"), site.quantity("pmhc_passed_share", "1")
    else:
        reached = at_node / naive_cells
        counting = sympy.Min(1, site.quantity("intermembrane_gap", "nm") / site.quantity("ev_diameter", "nm", product=EXOSOME))
    area = sympy.pi * site.quantity("cell_diameter", "um", cell=WHO) ** 2 / site.given("one_cell", 1.0, "cell")
    receptor = receptor_of(site, TCR, PMHC, "resting T cell", area)
    return {
        "vesicles": dose / per_vesicle * reached,
        "complexes": complexes * counting if design.has_antigen else sympy.Integer(0),
        "half": half_complexes(site, NAIVE),
        "steepness": site.quantity("pmhc_response_hill", "1"),
        "receptors": receptor.copies,
        "constant": receptor.constant,
        "rate": site.quantity("naive_cd8_activation_rate", "1/d", cell=WHO),
        "growth": site.quantity("cd8_proliferation_rate", "1/d", cell=WHO) - site.quantity("cd8_death_rate", "1/d", cell=WHO),
        "days": site.quantity("t_cell_expansion_time", "d"),
        "naive": naive_cells * site.quantity("antigen_specific_share", "1"),
    }


def activated(activation: Array, growth: Array, days: Array, naive: Array) -> Array:
    """E(T) of the module; all arguments broadcast.

    Parameters
    ----------
    activation, growth : a and g [1/d].
    days : T.
    naive : N(0) [cell].
    """
    return np.asarray(naive * activation * (np.exp(growth * days) - np.exp(-activation * days)) / (growth + activation))
