"""A small-molecule drug leaves its vesicle in the endosome or the cytosol, binds its target and is pumped out.

    gain    copies of vesicles that release or fuse, and the share l of copies of vesicles that are digested: a drug that passes membranes leaves the endosome
    loss    (k_p + a k_pump) f x            f = 1 - b / x free share, b drug on its target (tight binding, capacity T, constant K_D)

with k_p the passive exit, k_pump that by an active transporter (ABCB1) and a its level in the recipient (0 absent, 1 a line selected for it). A
drug from outside enters through the membrane, where the transporter takes its share first; at rest the free drug in the cell is

    f_in / f_out = k_p / (k_p + a k_pump)

so a vesicle's drug keeps its way in, and is pumped out like any other.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.acting.reach import Payload, arrival, in_cell, join, payloads
from vesicle.mechanisms.acting.silencing import tight_binding
from vesicle.mechanisms.base import Mechanism, Site, amount
from vesicle.network.expressions import symbol
from vesicle.network.types import Observable, Part, Particle, Reaction

KINDS = ("small_molecule",)
TRANSPORTER = "ABCB1"


class DrugRelease(Mechanism):
    """A drug's release from vesicles inside the cell, target binding, passive exit and efflux."""

    name: ClassVar[str] = "drug_release"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "C3"
    conserves: ClassVar[str] = "drug copies: released + freed by digestion = free + on the target + gone out"
    claims: ClassVar[tuple[str, ...]] = ("C-0249", "C-0769")
    quantities: ClassVar[tuple[str, ...]] = ("cell_floor", "drug_exit_rate", "efflux_pump_rate", "drug_surviving_digestion", "drug_binding_capacity", "drug_target_dissociation")
    absent: ClassVar[str] = "drug stays in its vesicle and is digested with it"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Drugs come from ``site.settings['payloads']``, their carriers from ``site.settings['particles']``."""
        return join(*(self._drug(site, payload) for payload in payloads(site, KINDS)))

    def _drug(self, site: Site, payload: Payload) -> Part:
        cells = symbol(site.settings["cells"])
        here = symbol(f"{payload.id}_cytosol")
        capacity = in_cell(site, "drug_binding_capacity", "copy/cell", label=payload.target)
        constant = in_cell(site, "drug_target_dissociation", "copy/cell", label=payload.target)
        per_cell = sympy.Max(0, here / cells)
        bound = tight_binding(per_cell, capacity, constant)
        out = (in_cell(site, "drug_exit_rate", "1/h") + self._pumped(site)) * self._free(per_cell, capacity, constant)
        reactions = [self._freed(site, payload, carrier) for carrier in site.settings.get("particles", ()) if any(p.entity == payload.id for p in carrier.passengers)]
        seen = (
            Observable(f"free:{payload.id}", "copy/cell", per_cell - bound, "cell", f"free {payload.id} per cell"),
            Observable(f"on_target:{payload.id}", "1", bound / capacity, "cell", f"share of the target that {payload.id} holds"),
        )
        return join(arrival(site, payload, out), Part(reactions=tuple(reactions), observables=seen))

    def _pumped(self, site: Site) -> sympy.Expr:
        """a k_pump [1/h]; the level is named by its value, so that arms with another recipient share every other parameter."""
        level = site.settings.get("transporters", {}).get(TRANSPORTER, 0.0)
        if not level:
            return sympy.Integer(0)
        word = f"{level:g}".replace(".", "_").replace("-", "m").replace("+", "")
        return site.given(f"level_{TRANSPORTER}__{word}", level, "1") * in_cell(site, "efflux_pump_rate", "1/h", label=TRANSPORTER)

    def _free(self, drug: sympy.Expr, target: sympy.Expr, constant: sympy.Expr) -> sympy.Expr:
        """f: 1 - 2 T / (b + sqrt(b^2 - 4 x T)), finite where there is no drug."""
        b = drug + target + constant
        return sympy.Max(0, 1 - 2 * target / (b + sympy.sqrt(b**2 - 4 * drug * target)))

    def _freed(self, site: Site, payload: Payload, carrier: Particle) -> Reaction:
        """Copies of digested vesicles that pass the membrane of the endosome."""
        copies = next(p.copies for p in carrier.passengers if p.entity == payload.id)
        rate = symbol(f"k_digest__{carrier.product}") * amount(carrier, site.settings["endosome"]) * copies * site.quantity("drug_surviving_digestion", "1")
        return Reaction(f"free_by_digestion__{payload.id}__{carrier.id}", {f"{payload.id}_cytosol": 1}, rate)
