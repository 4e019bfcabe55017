"""What vesicles carry beside guides (surface ligands, a drug) and what is dissolved around them, as a scenario says it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy

from vesicle.errors import ModelError, SchemaError, nearest
from vesicle.evidence.site import Site
from vesicle.mechanisms.acting.drug import copies_loaded
from vesicle.mechanisms.entering.decoy import Binder
from vesicle.mechanisms.entering.surface import Ligand, symbol_of
from vesicle.model.scenario import ArmSpec, DrugSpec, ProductSpec, Recipient, Scenario, Well
from vesicle.network.types import Passenger
from vesicle.products.carriers import CARRIERS
from vesicle.products.composition import Component
from vesicle.products.location import TREATMENTS

VESICLES = "exosome"
BOTH = "/"
"""Pairs are written receptor/ligand, and binder/ligand."""


def carried_settings(scenario: Scenario, arm: ArmSpec, recipient: Recipient) -> dict[str, Any]:
    """Ligands on the given vesicles, dissolved binders, drugs, and the recipient's receptors and pumps."""
    products = {dose.product: scenario.products[dose.product] for dose in arm.doses}
    drugs = {spec.drug.name: 0.0 for spec in products.values() if spec.drug} | {s.name: s.concentration for s in arm.solutes if not s.binds}
    in_well = isinstance(scenario.environment, Well)
    if arm.solutes and not in_well:
        raise SchemaError(f"{scenario.where('environment')}molecules dissolved around vesicles need a well; set 'kind: well'.")
    ligands = tuple(
        Ligand(name, s.ligand, spec.donor.cell if spec.donor else "", s.copies, spec.donor.state if spec.donor else "native")
        for name, spec in products.items()
        for s in spec.surface
    )
    return {
        "surface_ligands": ligands,
        "protease_treated": tuple(name for name, spec in products.items() if any(TREATMENTS[word].protease for word in spec.treatments)),
        "binders": tuple(Binder(symbol_of(s.name), s.name, s.binds, s.concentration) for s in arm.solutes if s.binds),
        "drugs": drugs if in_well else {},
        "signal_receptors": recipient.signal_receptors,
        "receptor_cell": recipient.cell,
        "transporters": recipient.transporters,
    }


def pairs_of(site: Site) -> dict[str, tuple[Ligand, ...]]:
    """Receptor of the recipient -> ligands of the given vesicles that it binds, by the measured pairs.

    Raises
    ------
    ModelError
        For a ligand or receptor that no measured pair has, or two ligands of one receptor.
    """
    known = {tuple(m.label.split(BOTH)) for m in site.library.of("dissociation_constant") if m.label.count(BOTH) == 1}
    members = {word for pair in known for word in pair}
    for word in (*site.settings["signal_receptors"], *(ligand.name for ligand in site.settings["surface_ligands"])):
        if word not in members:
            raise ModelError(f"'{word}' is in no pair with a measured 'dissociation_constant' (label receptor/ligand).{nearest(word, members)} Add a record to the evidence base.")
    pairs = {r: tuple(ligand for ligand in site.settings["surface_ligands"] if (r, ligand.name) in known) for r in site.settings["signal_receptors"]}
    for receptor, ligands in pairs.items():
        if len({ligand.name for ligand in ligands}) > 1:
            raise ModelError(f"'{receptor}' meets {' and '.join(sorted({x.name for x in ligands}))} in one arm; expected one ligand of a receptor. Give them in arms of their own.")
    return pairs


def sized_cell(site: Site, recipient: Recipient) -> str:
    """The recipient's cell where its own diameter was measured, else empty (a tumour cell's serves)."""
    return recipient.cell if any(m.cell == recipient.cell for m in site.library.of("cell_diameter")) else ""


def with_carried(site: Site, components: list[Component], scenario: Scenario, product: str) -> list[Component]:
    """The components of a product with the drug in its vesicles, and room for binders on them."""
    spec = scenario.products[product]
    extra: list[Passenger] = []
    if spec.drug:
        extra.append(Passenger(spec.drug.name, "drug", _copies(site, product, spec, spec.drug), tracked=True))
    shown = {ligand.name for ligand in site.settings["surface_ligands"] if ligand.product == product}
    extra += [Passenger(b.id, "binder", site.given("none_yet", 0.0, "copy/EV"), tracked=True) for b in site.settings["binders"] if b.binds in shown]
    return [_with(component, tuple(extra)) if component.particle.id == product else component for component in components]


def _copies(site: Site, product: str, spec: ProductSpec, drug: DrugSpec) -> sympy.Expr:
    """Copies of a drug per particle: as measured for its way of loading, as stated, or one of a free drug."""
    if CARRIERS[spec.kind].is_molecule:
        return site.given("one_copy_per_molecule", 1.0, "copy/EV")
    if drug.loading == "stated":
        return site.given(f"drug_copies__{product}", drug.copies, "copy/EV")
    if spec.kind != VESICLES or drug.loading == "none":
        raise SchemaError(f"product '{product}': a drug in a {spec.kind} by '{drug.loading}' was not measured; expected 'loading: stated' with its copies.")
    return copies_loaded(site, drug.name, drug.loading, spec.donor.cell if spec.donor else "")


def _with(component: Component, extra: tuple[Passenger, ...]) -> Component:
    particle = component.particle
    return replace(component, particle=replace(particle, passengers=(*particle.passengers, *extra)))
