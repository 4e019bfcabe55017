"""Free drugs in a body and in a well.

In a body, with amounts A_1 in the central compartment, A_2 and A_3 in peripheral ones and G in a depot:

    dA_1/dt = R(t) + k_in G - (CL + Q_2 + Q_3) A_1 / V_1 + Q_2 A_2 / V_2 + Q_3 A_3 / V_3
    dA_2/dt = Q_2 (A_1 / V_1 - A_2 / V_2),       dA_3/dt alike
    dG/dt = - (k_in + k_lost) G

R is an infusion. From the gut k_in = k_a F and k_lost = k_a (1 - F), as absorption is measured after oral doses; from the peritoneal cavity and the skin
k_in = k_a and k_lost = k_a (1 - F) / F, as for particles. A drug whose peripheral volume nobody measured has one compartment.

A number measured in man alone is taken to the animal of body weight W by CL = CL_man (W / W_man)^b, V = V_man W / W_man, each drug with an error of its
own around it. What cells of the tumour meet is c = K_p A_1 / V_1, K_p the ratio to total plasma as the medium that acts alike (binding and penetration together).

In a well of volume V_m the drug is what was added, decays where its half-life in water is known, and leaves with a change of medium:

    dA/dt = - (ln 2 / t_water + w(t)) A,      c = A / V_m

w is a hazard that lasts as long as the change of medium, with the integral ln(1 / rest): a wash leaves its rest. A drug that comes on vesicles too, or that cells
pump, crosses their membrane (:mod:`vesicle.mechanisms.acting.drug`) and what vesicles let go into the medium decays and is washed with it; else uptake by cells is not
subtracted. A change of medium takes this drug only. Bolus doses, infusions and washes are doses to A_1, G, R and w; so the engine stops where they change.
"""

from __future__ import annotations

from typing import ClassVar

import sympy

from vesicle.mechanisms.base import Mechanism, Site
from vesicle.mechanisms.drug.given import CENTRAL, DEPOTS, MEDIUM, FreeDrug, at_cells, crosses, decays, dosed, drugs_met, infusion, washing
from vesicle.mechanisms.entering.decoy import medium_volume
from vesicle.network.expressions import symbol
from vesicle.network.flat import released_passenger
from vesicle.network.types import Observable, Part, Particle, Reaction, Rule, Species, join

FREE = "free_drug"
MAN = "species human"


class FreeDrugInBody(Mechanism):
    """Absorption, distribution and elimination of drugs that are given as such."""

    name: ClassVar[str] = "free_drug_in_body"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "F5"
    conserves: ClassVar[str] = "drug: given = in depots + central + peripheral + eliminated + not absorbed"
    quantities: ClassVar[tuple[str, ...]] = (
        "drug_clearance", "drug_central_volume", "drug_intercompartment_clearance", "drug_peripheral_volume", "drug_second_intercompartment_clearance",
        "drug_second_peripheral_volume", "drug_absorption_rate", "oral_bioavailability", "peritoneal_absorption_rate", "peritoneal_bioavailability",
        "subcutaneous_absorption_rate", "subcutaneous_bioavailability", "drug_tumour_plasma_ratio", "body_weight_ratio", "allometric_exponent", "interspecies_residual",
    )  # fmt: skip
    absent: ClassVar[str] = "no free drug is given"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Drugs come from ``site.settings['free_drugs']``; the particle is not asked for."""
        return join(*(self._drug(site, drug) for drug in site.settings["free_drugs"]))

    def _drug(self, site: Site, drug: FreeDrug) -> Part:
        central, gone, auc, running = (dosed(drug, CENTRAL), dosed(drug, "eliminated"), f"auc__{drug.id}", infusion(drug))
        volume = scaled(site, site.quantity("drug_central_volume", "mL", product=FREE, label=drug.name), "volume", drug)
        clearance = scaled(site, site.quantity("drug_clearance", "mL/h", product=FREE, label=drug.name), "clearance", drug)
        plasma = symbol(central) / volume
        species = [_amount(drug, CENTRAL), _amount(drug, "eliminated"), Species(auc, drug.id, "", "nmol*h/mL", None, False), Species(running, drug.id, "", "nmol/h", None, False)]
        reactions = [
            Reaction(f"infuse__{drug.id}", {central: 1}, sympy.Max(0, symbol(running))),
            Reaction(f"eliminate__{drug.id}", {central: -1, gone: 1}, clearance * plasma),
            Reaction(f"expose__{drug.id}", {auc: 1}, plasma),
        ]
        for place, exchange, room in self._peripheral(site, drug):
            species.append(_amount(drug, place))
            reactions.append(Reaction(f"to_{place}__{drug.id}", {central: -1, dosed(drug, place): 1}, exchange * plasma))
            reactions.append(Reaction(f"from_{place}__{drug.id}", {dosed(drug, place): -1, central: 1}, exchange * symbol(dosed(drug, place)) / room))
        for route in sorted(set(drug.routes) & set(DEPOTS)):
            into, lost = self._absorbed(site, drug, route)
            depot = dosed(drug, DEPOTS[route])
            species.append(_amount(drug, DEPOTS[route]))
            reactions.append(Reaction(f"absorb_{route}__{drug.id}", {depot: -1, central: 1}, into * symbol(depot)))
            reactions.append(Reaction(f"not_absorbed_{route}__{drug.id}", {depot: -1, gone: 1}, lost * symbol(depot)))
        met = site.quantity("drug_tumour_plasma_ratio", "1", product=FREE, label=drug.name, tissue=site.settings.get("drug_tissue", "tumour")) * plasma
        return Part(
            species=tuple(species), reactions=tuple(reactions), rules=(Rule(at_cells(drug), "nmol/mL", met),),
            observables=(
                Observable(f"drug_plasma:{drug.id}", "nmol/mL", plasma, "", f"free {drug.name} in plasma"),
                Observable(f"drug_auc:{drug.id}", "nmol*h/mL", symbol(auc), "", f"exposure of plasma to free {drug.name}"),
                Observable(f"drug_at_cells:{drug.id}", "nmol/mL", symbol(at_cells(drug)), "", f"{drug.name} that tumour cells meet, as medium"),
            ),
        )  # fmt: skip

    def _peripheral(self, site: Site, drug: FreeDrug) -> list[tuple[str, sympy.Expr, sympy.Expr]]:
        """(compartment, exchange [mL/h], volume [mL]) as far as measured for this drug."""
        out = []
        if _measured(site, "drug_peripheral_volume", drug):
            exchange = scaled(site, site.quantity("drug_intercompartment_clearance", "mL/h", product=FREE, label=drug.name), "clearance", drug)
            out.append(("peripheral", exchange, scaled(site, site.quantity("drug_peripheral_volume", "mL", product=FREE, label=drug.name), "volume", drug)))
        if _measured(site, "drug_second_peripheral_volume", drug):
            exchange = scaled(site, site.quantity("drug_second_intercompartment_clearance", "mL/h", product=FREE, label=drug.name), "clearance", drug)
            out.append(("second_peripheral", exchange, scaled(site, site.quantity("drug_second_peripheral_volume", "mL", product=FREE, label=drug.name), "volume", drug)))
        return out

    def _absorbed(self, site: Site, drug: FreeDrug, route: str) -> tuple[sympy.Expr, sympy.Expr]:
        """Rates into blood and beside it out of a depot [1/h]."""
        if route == "oral":
            rate, share = site.quantity("drug_absorption_rate", "1/h", product=FREE, label=drug.name), site.quantity("oral_bioavailability", "1", product=FREE, label=drug.name)
            return rate * share, rate * (1 - share)
        if route == "intraperitoneal":
            rate, share = site.quantity("peritoneal_absorption_rate", "1/h", product=FREE), site.quantity("peritoneal_bioavailability", "1", product=FREE, label=drug.name)
        else:
            rate, share = site.quantity("subcutaneous_absorption_rate", "1/h", product=FREE), site.quantity("subcutaneous_bioavailability", "1", product=FREE)
        return rate, rate * (1 - share) / share


class FreeDrugInWell(Mechanism):
    """Dissolved drug that is added to a well, decays and is washed out."""

    name: ClassVar[str] = "free_drug_in_well"
    chapter: ClassVar[str] = "drug"
    system: ClassVar[str] = "F5"
    conserves: ClassVar[str] = "drug: added = in medium + decayed + washed out"
    quantities: ClassVar[tuple[str, ...]] = ("drug_water_half_life", "medium_carry_over", "handling_time")
    absent: ClassVar[str] = "no free drug is added"

    def contribute(self, site: Site, particle: Particle) -> Part:
        """Drugs come from ``site.settings['free_drugs']``, those dissolved around vesicles from ``drugs``; the particle is not asked for."""
        dissolved = [self._dissolved(site, drug) for drug in drugs_met(site) if crosses(site, drug)]
        species, reactions = [s for part in dissolved for s in part.species], [r for part in dissolved for r in part.reactions]
        rules, observables = [], []
        for drug in site.settings["free_drugs"]:
            here, gone, wash = dosed(drug, MEDIUM), dosed(drug, "gone"), symbol(washing(drug))
            species += [_amount(drug, MEDIUM), _amount(drug, "gone"), Species(washing(drug), drug.id, "", "1/h", None, False)]
            if decays(site, drug):
                decay = sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug.name)
                reactions.append(Reaction(f"decay__{drug.id}", {here: -1, gone: 1}, decay * symbol(here)))
            reactions.append(Reaction(f"wash__{drug.id}", {here: -1, gone: 1}, sympy.Max(0, wash) * symbol(here)))
            rules.append(Rule(at_cells(drug), "nmol/mL", symbol(here) / medium_volume(site)))
            observables.append(Observable(f"drug_at_cells:{drug.id}", "nmol/mL", symbol(at_cells(drug)), "", f"{drug.name} in the medium"))
        return Part(species=tuple(species), rules=tuple(rules), reactions=tuple(reactions), observables=tuple(observables))

    def _dissolved(self, site: Site, drug: FreeDrug) -> Part:
        """Decay and washing of what came off vesicles, or was dissolved around them, in copies."""
        here, gone = released_passenger(drug.id, MEDIUM), f"out_gone__{drug.id}"
        hazard = sympy.log(2) / site.quantity("drug_water_half_life", "h", label=drug.name) if decays(site, drug) else sympy.Integer(0)
        if drug in site.settings.get("free_drugs", ()):
            hazard = hazard + sympy.Max(0, symbol(washing(drug)))
        if hazard == 0:
            return Part()
        return Part(species=(Species(gone, drug.id, "", "copy"),), reactions=(Reaction(f"lose_dissolved__{drug.id}", {here: -1, gone: 1}, hazard * symbol(here)),))

    def hazard(self, site: Site) -> sympy.Expr:
        """w while the medium is changed [1/h]."""
        return sympy.log(1 / site.quantity("medium_carry_over", "1")) / site.given("medium_change_time", self.length(site), "h")

    def length(self, site: Site) -> float:
        """How long a change of medium takes [h]; it begins and ends at fixed times, so it is not drawn."""
        return site.parameters[str(site.quantity("handling_time", "h", label="medium change"))].value


def scaled(site: Site, value: sympy.Symbol, way: str, drug: FreeDrug) -> sympy.Expr:
    """A clearance or volume of man taken to the species of the site; a number of that species as it stands."""
    if MAN not in site.parameters[str(value)].borrowed:
        return value
    shrink = site.quantity("body_weight_ratio", "1") ** -site.quantity("allometric_exponent", "1", label=way)
    return value * shrink * site.quantity("interspecies_residual", "1", product=FREE, label=drug.name)


def _amount(drug: FreeDrug, place: str) -> Species:
    return Species(dosed(drug, place), drug.id, place, "nmol", None, False)


def _measured(site: Site, quantity: str, drug: FreeDrug) -> bool:
    return any(record.label == drug.name and record.role == "input" for record in site.library.of(quantity))
