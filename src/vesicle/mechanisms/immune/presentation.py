"""Signal 1: complexes of MHC and peptide that a T cell meets, and the TCR that they engage.

A vesicle has n molecules of MHC class I, a share q of them with the peptide. What one specific T cell can meet, K complexes, are

    K = v n q min(1, h/d)      on v vesicles that the T cell itself holds: those in the contact
    K = v n q s                on a dendritic cell that took v vesicles and shows a share s of what they brought

With R TCR per T cell and the constant K_D h A in the contact, as for any receptor (:mod:`vesicle.mechanisms.entering.competition`),

    engaged      E(K) = tight binding of R and K
    signal 1     S = x^m / (1 + x^m),     x = E(K) / E(K_half)

K_half are the complexes at which half of the contacts were seen to activate, counted for CD8 T cells of mice; of CD4 T cells and class II no record has them. A T cell that
does not recognise the peptide has K = 0, whatever MHC it meets. Dwell times and proofreading are in K_half only.
"""

from __future__ import annotations

from typing import Any

import sympy

from vesicle.evidence.site import Site

TCR, PMHC = "TCR", "peptide-MHC"
NAIVE, EFFECTOR = "naive", "effector"
WHO = "CD8 T cell"
"""The cell that complexes for half of the response were counted for."""


def occupied_share(site: Site) -> sympy.Symbol:
    """q: MHC molecules of a vesicle that hold the peptide [1]."""
    return site.quantity("peptide_occupied_share", "1", product="exosome", cell="dendritic cell")


def half_complexes(site: Site, experience: str) -> sympy.Symbol:
    """K_half [copy/cell] of naive or effector cells."""
    return site.quantity("pmhc_for_half_response", "copy/cell", cell=WHO, label=experience)


def paired(receptors: Any, complexes: Any, constant: Any) -> Any:
    """Pairs when neither partner is in excess; for numbers, arrays and expressions alike."""
    b = receptors + complexes + constant
    return 2 * receptors * complexes / (b + (b * b - 4 * receptors * complexes) ** 0.5)


def signal_one(engaged: Any, engaged_at_half: Any, steepness: Any) -> Any:
    """S from the engaged TCR and those at which it is one half; for numbers, arrays and expressions alike."""
    power = (engaged / engaged_at_half) ** steepness
    return power / (1 + power)
