"""Free drugs and radiotherapy of an arm: what a scenario says, as settings, doses and parts of the network.

A drug is checked against the records: one without an IC50 is unknown. Doses in a body are mass or mass per body weight and become amounts with the molar mass,

    amount = dose W / M,      W the body weight, M the molar mass

in a well concentrations times the volume of the medium. An infusion is a rate that one dose starts and another ends; so are the beam of a fraction and a change of medium.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import sympy

from vesicle import units
from vesicle.errors import SchemaError, UnitError, nearest, unknown_name
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.base import Mechanism
from vesicle.mechanisms.drug.given import CENTRAL, DEPOTS, MEDIUM, FreeDrug, dosed, drugs_met, infusion, washing
from vesicle.mechanisms.drug.kill import BEAM, Kill, Radiation
from vesicle.mechanisms.drug.pharmacokinetics import FreeDrugInBody, FreeDrugInWell
from vesicle.mechanisms.drug.resistance import ProteinTurnover, Thresholds, blocking, resisting
from vesicle.mechanisms.entering.decoy import medium_volume
from vesicle.mechanisms.phenotype.resistance.product import by_vesicles
from vesicle.model.assembled import identifier
from vesicle.model.scenario import ArmSpec, FreeDrugSpec, RadiationSpec, Recipient, Scenario
from vesicle.network.types import Dose, Network, Particle

BODY_ROUTES = ("intravenous", *DEPOTS)
MAX_TIMES = 1000


def known_drugs(library: Library) -> list[str]:
    """Drugs with an IC50 that may enter a model."""
    return sorted({record.label for record in library.of("ic50") if record.role == "input" and record.label})


def check_drugs(scenario: Scenario) -> None:
    """Amounts, routes and times of all free drugs and fractions, as far as they need no records.

    Raises
    ------
    InputError
        One located sentence.
    """
    for name, arm in scenario.arms.items():
        for key, given in (("drugs", arm.drugs), ("radiation", arm.radiation)):
            if given and scenario.environment.kind == "culture":
                raise SchemaError(
                    f"{scenario.where('arms', name, key)}the arm '{name}' of a culture has '{key}'; donor cells are not killed in this version. Use a well or a body."
                )
        for i, drug in enumerate(arm.drugs):
            _check_drug(scenario, drug, ("arms", name, "drugs", i))
        for i, fraction in enumerate(arm.radiation):
            _check_fraction(scenario, fraction, ("arms", name, "radiation", i))


def _check_drug(scenario: Scenario, drug: FreeDrugSpec, path: tuple[str | int, ...]) -> None:
    in_well = scenario.environment.kind == "well"
    routes = ("well",) if in_well else BODY_ROUTES
    if drug.route not in routes:
        raise SchemaError(f"{scenario.where(*path, 'route')}the route '{drug.route}' does not exist in a {scenario.environment.kind}.{nearest(drug.route, routes)}")
    wanted, other = ("concentration", "dose") if in_well else ("dose", "concentration")
    like = "200 uM" if in_well else "50 mg/kg"
    if getattr(drug, other):
        raise SchemaError(f"{scenario.where(*path, other)}'{drug.name}' has a {other} in a {scenario.environment.kind}; expected '{wanted}: {like}'.")
    if not getattr(drug, wanted):
        raise SchemaError(f"{scenario.where(*path)}the key '{wanted}' is missing for '{drug.name}'; add '{wanted}: {like}'.")
    if _amount(drug, in_well, scenario.where(*path, wanted)) < 0:
        raise UnitError(f"{scenario.where(*path, wanted)}'{getattr(drug, wanted)}' is below zero; expected a positive amount like '{like}'.")
    if drug.duration and drug.route in DEPOTS:
        raise SchemaError(f"{scenario.where(*path, 'duration')}a dose by the route '{drug.route}' has no duration; leave it out, or give it as an intravenous infusion.")
    _check_times(scenario, drug, path)


def _check_fraction(scenario: Scenario, fraction: RadiationSpec, path: tuple[str | int, ...]) -> None:
    where = scenario.where(*path, "dose")
    if units.quantity(fraction.dose, "Gy", where).to("Gy") <= 0:
        raise UnitError(f"{where}'{fraction.dose}' is not above zero; expected a dose like '2 Gy'.")
    _check_times(scenario, fraction, path)


def _check_times(scenario: Scenario, given: FreeDrugSpec | RadiationSpec, path: tuple[str | int, ...]) -> None:
    where = scenario.where(*path, "count")
    if not 1 <= given.count <= MAX_TIMES:
        raise SchemaError(f"{where}{given.count} times, expected 1 to {MAX_TIMES}.")
    if given.count > 1 and not given.every:
        raise SchemaError(f"{where}{given.count} times need an interval; add 'every: 24 h'.")
    if given.start >= scenario.duration and not scenario.is_shortened:
        place = scenario.where(*path, "start")
        raise SchemaError(f"{place}given first at {given.start:g} h, expected before the end at {scenario.duration:g} h; start earlier or run longer.")


def _amount(drug: FreeDrugSpec, in_well: bool, where: str = "") -> float:
    """nmol/mL in a well; ug per g of body in a body, or ug where it is no share of it."""
    if in_well:
        return units.quantity(drug.concentration, "nmol/mL", where).to("nmol/mL")
    if _is_per_weight(drug):
        return units.quantity(drug.dose, "ug/g", where).to("ug/g")
    try:
        return units.quantity(drug.dose, "ug", where).to("ug")
    except UnitError as problem:
        raise UnitError(f"{problem} A dose per body weight is written like '50 mg/kg'.") from None


def _is_per_weight(drug: FreeDrugSpec) -> bool:
    try:
        units.quantity(drug.dose, "ug/g")
    except UnitError:
        return False
    return "/" in drug.dose


def drug_settings(scenario: Scenario, arm: ArmSpec) -> dict[str, Any]:
    """The free drugs of an arm, each once with all its routes, and whether it is irradiated."""
    routes: dict[str, list[str]] = {}
    for drug in arm.drugs:
        routes.setdefault(drug.name, []).append(drug.route)
    carried = any(scenario.products[dose.product].drug for a in scenario.arms.values() for dose in a.doses)
    dissolved = any(not solute.binds for a in scenario.arms.values() for solute in a.solutes)
    return {
        "free_drugs": tuple(FreeDrug(identifier(name), name, tuple(dict.fromkeys(ways))) for name, ways in routes.items()),
        "irradiated": bool(arm.radiation),
        "cells_may_be_killed": carried or dissolved or any(a.drugs or a.radiation for a in scenario.arms.values()),
    }


def crossing(scenario: Scenario, library: Library, recipient: Recipient, free: Iterable[FreeDrug], carried: Collection[str]) -> list[str]:
    """Ids of free drugs of a well that cross the cells' membrane as their own step: some arm has them on vesicles or around them, or the recipient pumps them.

    All arms of a scenario treat a drug alike, so that their comparison is one of what is given.
    """
    if scenario.environment.kind != "well":
        return []
    elsewhere = {drug.name for arm in scenario.arms.values() for dose in arm.doses if (drug := scenario.products[dose.product].drug)}
    elsewhere |= {solute.name for arm in scenario.arms.values() for solute in arm.solutes if not solute.binds}
    pumped = {record.label for record in library.of("transporter_resistance") if record.role == "input"}

    def pumps(drug: FreeDrug) -> bool:
        return any(level and f"{pump}/{drug.name}" in pumped for pump, level in recipient.transporters.items())

    return [drug.id for drug in free if drug.id not in carried and (drug.name in elsewhere or pumps(drug))]


def drug_doses(site: Site, scenario: Scenario, name: str, arm: ArmSpec) -> tuple[Dose, ...]:
    """Every dose of free drug and radiation of an arm.

    Raises
    ------
    UnknownName
        For a drug without an IC50, with the nearest.
    """
    known = known_drugs(site.library)
    by_name = {drug.name: drug for drug in site.settings["free_drugs"]}
    out: list[Dose] = []
    for i, spec in enumerate(arm.drugs):
        where = scenario.where("arms", name, "drugs", i, "name").removesuffix(": ")
        if spec.name not in known:
            raise unknown_name("drug", spec.name, known, where, advice="A drug needs at least a record of 'ic50'.")
        out += doses_of_drug(site, by_name[spec.name], spec)
    return (*out, *(dose for fraction in arm.radiation for dose in doses_of_radiation(site, fraction)))


def doses_of_drug(site: Site, drug: FreeDrug, spec: FreeDrugSpec) -> list[Dose]:
    """Every dose of one line of an arm's ``drugs``."""
    return [dose for k in range(spec.count) for dose in _given(site, drug, spec, spec.start + k * (spec.every or 0.0))]


def doses_of_radiation(site: Site, fraction: RadiationSpec) -> list[Dose]:
    """The beam of every fraction of one line of an arm's ``radiation``."""
    beam = Radiation()
    hazard, length = beam.hazard(site, units.quantity(fraction.dose, "Gy").to("Gy")), beam.length(site)
    return [dose for k in range(fraction.count) for dose in _pulse(BEAM, hazard, fraction.start + k * (fraction.every or 0.0), length)]


def _given(site: Site, drug: FreeDrug, spec: FreeDrugSpec, time: float) -> list[Dose]:
    amount = _nmol(site, drug, spec)
    if spec.route == "well":
        doses = [Dose(time, dosed(drug, MEDIUM), amount, ())]
        well = FreeDrugInWell()
        return doses if spec.duration is None else doses + _pulse(washing(drug), well.hazard(site), time + spec.duration, well.length(site))
    if spec.duration is not None:
        return _pulse(infusion(drug), amount / site.given(f"infusion_time__{identifier(f'{spec.duration:g}')}", spec.duration, "h"), time, spec.duration)
    return [Dose(time, dosed(drug, DEPOTS.get(spec.route, CENTRAL)), amount, ())]


def _pulse(species: str, height: sympy.Expr, time: float, length: float) -> list[Dose]:
    """Something that is on for a while: one dose switches it on, a negative one off."""
    return [Dose(time, species, height, ()), Dose(time + length, species, -height, ())]


def _nmol(site: Site, drug: FreeDrug, spec: FreeDrugSpec) -> sympy.Expr:
    in_well = spec.route == "well"
    word = identifier(f"{spec.concentration or spec.dose}")
    given = site.given(f"free_dose__{drug.id}__{word}", _amount(spec, in_well), "nmol/mL" if in_well else "ug/g" if _is_per_weight(spec) else "ug")
    if in_well:
        return given * medium_volume(site)
    mass = given * site.quantity("body_weight", "g") if _is_per_weight(spec) else given
    return mass / site.quantity("drug_molar_mass", "ug/copy", label=drug.name) * site.conversion("nmol", "copy")


def with_drugs(site: Site, network: Network) -> Network:
    """What drugs, given as such or on vesicles, and radiation bring to an arm: concentrations, thresholds, kill rates."""
    drugs = drugs_met(site)
    if not drugs and not site.settings["irradiated"]:
        return network
    moved = _moved_proteins(site)
    shifted = tuple(drug.id for drug in drugs if resisting(site, drug) or by_vesicles(site, drug.id) != 1)
    site.settings = {**site.settings, "turnover": moved, "ic50_shifts": shifted}
    chosen: list[type[Mechanism]] = []
    if "area_um2" in site.settings:
        chosen += [FreeDrugInWell] if drugs and not site.settings.get("shares_medium") else []
    else:
        chosen += [FreeDrugInBody] if site.settings["free_drugs"] else []
    chosen += [Radiation] if site.settings["irradiated"] else []
    chosen += [ProteinTurnover, Thresholds, Kill]
    for kind in chosen:
        network = network.with_part(kind().contribute(site, Particle("none", "none")))
    return network


def _moved_proteins(site: Site) -> tuple[str, ...]:
    """Proteins that set a threshold of a given drug and lag behind what moves them: their gene is a node of the arm, or a drug blocks transcription.

    The level of a gene that cargo engages lags by itself, because it is that of its protein.
    """
    nodes = set(site.settings.get("nodes", ())) - set(site.settings.get("engaged", ()))
    genes = {gene for drug in drugs_met(site) for gene in resisting(site, drug)}
    return tuple(sorted(gene for gene in genes if blocking(site) or gene in nodes))
