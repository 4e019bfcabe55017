"""What a cancer cell of a body sees of a drug.

    c = phi X / V_I,     phi = V_I / (V_I + kappa V_c N)

X is all drug around and in the cancer cells that is on no carrier: in the fluid around them, in them, and left in them by vesicles. Exchange
between cells and the fluid is faster than with vessels, so c is one number; kappa as in a well.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.travelling.drug_ways import share_free
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species


class TumourDrug(Mechanism):
    """The free concentration of a drug at the cancer cells of a tumour."""

    name: ClassVar[str] = "tumour_drug"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "F3"
    conserves: ClassVar[str] = "drug: read, not used up"
    claims: ClassVar[tuple[str, ...]] = ("C-0249",)
    quantities: ClassVar[tuple[str, ...]] = ("drug_cell_to_medium_ratio", "cytosol_volume")
    absent: ClassVar[str] = "a drug in a body does not reach cancer cells"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """``site.settings['drug_pools']`` names the amounts that make up X, drug by drug; the particle is not asked for."""
        rules, species, reactions, observables = [], [], [], []
        for drug, pools in site.settings["drug_pools"].items():
            seen = symbol(f"effective__{drug}")
            total = sum((symbol(name) * one for name, one in pools), sympy.Integer(0))
            rules.append(Rule(str(seen), "copy/mL", sympy.Max(0, total) * share_free(site, drug) / symbol("V_interstitium")))
            species.append(Species(f"exposure__{drug}", drug, "", "copy*h/mL"))
            reactions.append(Reaction(f"expose_cells__{drug}", {f"exposure__{drug}": 1}, seen))
            observables += [
                Observable(f"effective:{drug}", "copy/mL", seen, "", f"free {drug} at cancer cells"),
                Observable(f"drug_exposure:{drug}", "copy*h/mL", symbol(f"exposure__{drug}"), "", f"time integral of free {drug} at cancer cells"),
                Observable(f"drug_around_cells:{drug}", "copy", total, "", f"{drug} around and in cancer cells, on no carrier"),
            ]
        return Part(rules=tuple(rules), species=tuple(species), reactions=tuple(reactions), observables=tuple(observables))
