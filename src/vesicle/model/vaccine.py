"""A cell-free vaccine: vesicles of dendritic cells with an antigen, on dendritic cells of a node, to activated T cells.

A first form that stands by itself; the immune mechanisms are to replace it.

    vesicles given       D = dose of MHC class II / class II per vesicle
    on a dendritic cell  v = D q / N_DC                          q the share of the dose that gets there
    shown by it          each vesicle brings Poisson(c s) complexes of the antigen, c = (MHC class I per vesicle) (occupied share), s the share passed on
    activation           a = k E[K^h / (K_half^h + K^h)]         over the dendritic cells that a naive T cell meets, K complexes
    T cells              dN/dt = - a N,   dE/dt = a N + g E,     N(0) = naive CD8 T cells of the node * share that recognises the antigen, g = divisions - deaths

    E(T) = N(0) a (exp(g T) - exp(-a T)) / (g + a)     after T days of division

Without dendritic cells vesicles meet T cells themselves, and a complex counts for a share d of one on a dendritic cell. Regulation, exhaustion, affinity and killing are
not in here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import sympy

from vesicle.evidence.site import Site

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
    """What the equations of the module need, over the parameters of a site: vesicles per cell, complexes per vesicle, K_half, h, k [1/d], g [1/d], T [d], N(0)."""
    per_vesicle = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product=EXOSOME, cell=DC, label="MHC class II")
    dose = site.condition("mhc_dose", design.dose, "copy") if design.dose is not None else site.quantity("dose_mhc_class_ii", "copy", product=EXOSOME, cell=DC)
    reached = site.quantity("vesicle_share_on_node_dc", "1", product=EXOSOME, cell=DC) / site.quantity("node_dc_number", "cell")
    complexes = site.quantity("surface_ligand_copies_per_ev", "copy/EV", product=EXOSOME, cell=DC, label="MHC class I") * site.quantity(
        "peptide_occupied_share", "1", product=EXOSOME, cell=DC
    )
    passed = site.quantity("pmhc_passed_share", "1")
    if not design.meets_dendritic_cells:
        passed = passed * site.quantity("direct_presentation_share", "1")
    naive = site.quantity("node_naive_cd8_number", "cell") * site.quantity("antigen_specific_share", "1")
    return {
        "vesicles": dose / per_vesicle * reached,
        "complexes": complexes * passed if design.has_antigen else sympy.Integer(0),
        "half": site.quantity("pmhc_for_half_response", "copy/cell", cell="CD8 T cell", label="naive"),
        "steepness": site.quantity("pmhc_response_hill", "1"),
        "rate": site.quantity("naive_cd8_activation_rate", "1/d", cell="CD8 T cell"),
        "growth": site.quantity("cd8_proliferation_rate", "1/d", cell="CD8 T cell") - site.quantity("cd8_death_rate", "1/d", cell="CD8 T cell"),
        "days": site.quantity("t_cell_expansion_time", "d"),
        "naive": naive,
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
