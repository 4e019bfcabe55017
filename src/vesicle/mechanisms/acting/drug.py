"""A small-molecule drug: in vesicles, in medium, in cells that pump it out.

On vesicles the drug leaks at k_leak into the medium, or, once taken in, into the cell; a digested or fused
vesicle leaves its drug in the cell as well, because a small molecule passes the endosome's
membrane. So a vesicle's drug enters the cell behind the plasma membrane. A free dose of the same drug passes the
same membrane and pump from outside; as every step is linear, its amount A (in nmol) is followed beside X (in copies).

The plasma membrane holds P A of passive permeability. A pump (ABCB1) takes drug out of it, from a depth: the share
s of the resistance lies between the pump and the cytosol, 1 - s between the pump and the medium.
With the layer that the pump sees at quasi-steady state, k_p the pumping and e = k_p (1 - s) / (P A),

    into the cell    g c          g = P A / (1 + e s)
    out of the cell  g (1 + e) u

c in the medium and u the cell's drug as the medium that would give it, u = (X + A) / (kappa V_c N). Free drug ends at
u = c / (1 + e): 1 + e is the resistance that is measured. Drug set free inside at J per cell ends at

    u = J (1 + e s) / (P A (1 + e))

so a vesicle gains on free drug by (1 + e s) in a resistant line over its parent: nothing where the pump and the
cytosol see one pool (s = 0), all where the pump takes what comes from outside only (s = 1).
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.errors import ModelError
from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import IN_CELLS, MEDIUM, FreeDrug, dosed, drugs_met, effective
from vesicle.mechanisms.entering.decoy import dissolved, medium_volume
from vesicle.network.expressions import symbol
from vesicle.network.flat import passenger_species, released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species


def copies_loaded(site: Site, drug: str, loading: str, donor: str = "") -> sympy.Expr:
    """Copies of a drug per vesicle [copy/EV]: mass of drug per mass of vesicle protein, by the way of loading.

    Raises
    ------
    ModelError
        Where only another way of loading was measured: it is another number.
    """
    capacity = site.quantity("loading_capacity", "1", product="exosome", label=drug, method=loading, cell=donor)
    if "method" in site.parameters[str(capacity)].borrowed:
        raise ModelError(f"no measurement of 'loading_capacity' for {drug} by {loading}: {site.parameters[str(capacity)].borrowed} is another way of loading. Add a record.")
    return capacity / site.quantity("particles_per_protein", "EV/ug", product="exosome") / site.quantity("drug_molar_mass", "ug/copy", label=drug)


class DrugInCells(Mechanism):
    """Entry of a drug through the membrane, binding inside, and efflux by a transporter."""

    name: ClassVar[str] = "drug_in_cells"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "F3"
    conserves: ClassVar[str] = "drug: at the start = in medium + on vesicles + in cells"
    claims: ClassVar[tuple[str, ...]] = ("C-0249", "C-0769")
    quantities: ClassVar[tuple[str, ...]] = (
        "drug_permeability", "cell_diameter", "transporter_resistance", "transporter_interception_depth", "drug_cell_to_medium_ratio", "cytosol_volume",
    )  # fmt: skip
    absent: ClassVar[str] = "drug stays in the medium"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Drugs come from ``site.settings['drugs']`` (id -> dissolved [copy/mL]), free doses of them from ``free_drugs``; the particle is not asked for."""
        species, rules, reactions, observables = [], [], [], []
        given = {drug.id: drug for drug in drugs_met(site)}
        for drug, concentration in site.settings["drugs"].items():
            name = given[drug].name
            medium, pools = dissolved(site, drug, concentration), self._pools(site, drug)
            cell = sum((symbol(pool.id) for pool in pools), sympy.Integer(0))
            species += [medium, *pools, Species(f"exposure__{drug}", drug, "", "copy*h/mL")]
            efflux = self._efflux(site, name)
            gate = self._permeability(site, name) / (1 + efflux * site.quantity("transporter_interception_depth", "1", label="ABCB1"))
            seen, inside = symbol(effective(drug)), in_cell_volume(site, name)
            reactions += [
                Reaction(f"enter__{drug}", {medium.id: -1, pools[0].id: 1}, gate * symbol(site.settings["cells"]) * symbol(medium.id) / medium_volume(site)),
                *(Reaction(f"leave_{pool.place}__{drug}", {pool.id: -1, medium.id: 1}, gate * (1 + efflux) * symbol(pool.id) / inside) for pool in pools),
                Reaction(f"expose__{drug}", {f"exposure__{drug}": 1}, seen),
            ]
            if given[drug] in site.settings.get("free_drugs", ()):
                part = self._free(site, given[drug], gate, gate * (1 + efflux) / inside)
                species += part.species
                reactions += part.reactions
                cell = cell + symbol(part.species[0].id) * site.conversion("copy", "nmol")
            rules.append(Rule(str(seen), "copy/mL", cell / (inside * symbol(site.settings["cells"]))))
            observables += [
                Observable(f"effective:{drug}", "copy/mL", seen, "", f"{drug} in cells, as the medium that gives it without a pump"),
                Observable(f"drug_exposure:{drug}", "copy*h/mL", symbol(f"exposure__{drug}"), "", f"time integral of {drug} in cells"),
                Observable(f"in_cells:{drug}", "copy", cell, "", f"{drug} in cells"),
            ]
        return Part(species=tuple(species), rules=tuple(rules), reactions=tuple(reactions), observables=tuple(observables))

    def _free(self, site: Site, drug: FreeDrug, gate: sympy.Expr, leaves: sympy.Expr) -> Part:
        """A free dose of a drug on its way into cells and out of them, in nmol."""
        medium, cells = dosed(drug, MEDIUM), dosed(drug, IN_CELLS)
        return Part(
            species=(Species(cells, drug.id, site.settings["cells"], "nmol", None, False),),
            reactions=(
                Reaction(f"enter_free__{drug.id}", {medium: -1, cells: 1}, gate * symbol(site.settings["cells"]) * symbol(medium) / medium_volume(site)),
                Reaction(f"leave_free__{drug.id}", {cells: -1, medium: 1}, leaves * symbol(cells)),
            ),
        )

    def _pools(self, site: Site, drug: str) -> tuple[Species, ...]:
        """Drug in cells: entered or left by a vesicle in an endosome, and left by a vesicle that fused."""
        return tuple(Species(released_passenger(drug, place), drug, place, "copy") for place in (site.settings["endosome"], site.settings["bound"]))

    def _permeability(self, site: Site, drug: str) -> sympy.Expr:
        """P A of one cell [mL/(cell*h)]."""
        area = sympy.pi * site.quantity("cell_diameter", "um", cell=site.settings.get("sized_cell", "")) ** 2 / site.given("one_cell", 1.0, "cell")
        return site.quantity("drug_permeability", "um/h", label=drug) * area * site.conversion("mL", "um3")

    def leaving(self, site: Site, drug: str) -> sympy.Expr:
        """Rate at which a molecule of the drug leaves a cell, g (1 + e) / (kappa V_c) [1/h]."""
        efflux = self._efflux(site, drug)
        gate = self._permeability(site, drug) / (1 + efflux * site.quantity("transporter_interception_depth", "1", label="ABCB1"))
        return gate * (1 + efflux) / in_cell_volume(site, drug)

    def _efflux(self, site: Site, drug: str) -> sympy.Expr:
        """e: the resistance that a line selected for the pump shows, less one, times the level of the pump relative to it."""
        level = site.settings["transporters"].get("ABCB1", 0.0)
        if not level:
            return sympy.Integer(0)
        return site.given("level__ABCB1", level, "1") * sympy.Max(0, site.quantity("transporter_resistance", "1", label=f"ABCB1/{drug}") - 1)


def in_cell_volume(site: Site, drug: str) -> sympy.Expr:
    """Volume of medium that holds as much drug as one cell, kappa V_c [mL/cell]."""
    volume = site.quantity("cytosol_volume", "pL", species=site.settings["cell_species"]) * site.conversion("mL", "pL") / site.given("one_cell", 1.0, "cell")
    return site.quantity("drug_cell_to_medium_ratio", "1", label=drug) * volume


class DrugLeak(Mechanism):
    """Leak of a drug from vesicles, into the medium outside of cells and into the cell inside of them."""

    name: ClassVar[str] = "drug_leak"
    chapter: ClassVar[str] = "acting"
    system: ClassVar[str] = "F3"
    conserves: ClassVar[str] = "drug: on vesicles + free = what was loaded and dissolved"
    claims: ClassVar[tuple[str, ...]] = ("C-0249",)
    quantities: ClassVar[tuple[str, ...]] = ("drug_leak_rate",)
    absent: ClassVar[str] = "drug stays on its vesicle"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """The drug is ``site.settings['passenger']``; places are ``site.settings['visited']``."""
        drug, endosome = site.settings["passenger"], site.settings["endosome"]
        leak = site.quantity("drug_leak_rate", "1/h", product="exosome", label=drug)
        reactions = []
        for place in site.settings["visited"]:
            on = passenger_species(particle.id, drug, place)
            free = released_passenger(drug, endosome if place == endosome else "medium")
            reactions.append(Reaction(f"leak_{place}__{drug}__{particle.id}", {on: -1, free: 1}, leak * symbol(on)))
        return Part(reactions=tuple(reactions))
