"""What a scenario says about one arm, as plain settings that mechanisms may read: recipient, guides, places, conditions."""

from __future__ import annotations

from typing import Any

import sympy

from vesicle import units
from vesicle.errors import SchemaError
from vesicle.evidence.site import Site
from vesicle.mechanisms.travelling.circulation import TUMOUR
from vesicle.mechanisms.travelling.well import thicknesses
from vesicle.model.cargo import antagonists, guides_of, own_guides, payloads_of
from vesicle.model.carried import carried_settings
from vesicle.model.doses import DEPOTS, ROUTES
from vesicle.model.scenario import ArmSpec, Body, CargoSpec, Recipient, Scenario, Well
from vesicle.network.expressions import symbol


def recipient_of(scenario: Scenario, arm: ArmSpec) -> Recipient:
    """The recipient of an arm: its own, else the first of the scenario."""
    return scenario.recipients[arm.recipient] if arm.recipient else next(iter(scenario.recipients.values()))


def cells_at_start(site: Site, recipient: Recipient) -> sympy.Expr:
    """Number of recipient cells: as set, else (in a well) the measured cells per area times the area."""
    if recipient.cells is not None:
        return site.given("cells_at_start", recipient.cells, "cell")
    if "area_um2" not in site.settings:
        raise SchemaError(f"recipient '{recipient.cell}': the number of cells is missing; add 'cells: 1e8 cell'.")
    area = site.given("well_area", site.settings["area_um2"], "um2")
    return site.quantity("cells_per_area", "cell/um2", cell=recipient.cell, species=recipient.species) * area


def species_of(scenario: Scenario) -> str:
    """Species of the body; empty in a well."""
    return scenario.environment.species if isinstance(scenario.environment, Body) else ""


def settings_of(scenario: Scenario, arm: ArmSpec, recipient: Recipient, cargo: tuple[CargoSpec, ...]) -> dict[str, Any]:
    """The settings of one arm."""
    imposed = arm.assume or scenario.assume
    brought = payloads_of(cargo)
    if imposed.temperature != "37 C" and isinstance(scenario.environment, Body):
        raise SchemaError(f"{scenario.where('assume', 'temperature')}a body is not held at {imposed.temperature}; cold is for a well.")
    settings: dict[str, Any] = {
        "guides": (*guides_of(cargo, recipient), *own_guides(recipient)),
        "payloads": brought,
        "antagonists": antagonists(brought),
        "genes": recipient.genes,
        "cell_line": recipient.cell,
        "cell_species": recipient.species,
        "route_cell": "epithelial tumour cell",
        "tumour_type": recipient.tumour_type,
        "growth_law": recipient.growth,
        "growth_driver": recipient.growth_driver,
        "macrophages": arm.macrophages,
        "held_copies": imposed.cytosolic_copies,
        "acidification": imposed.acidification,
        "inhibitors": imposed.inhibitors,
        "cd47_fold": {name: product.cd47 for name, product in scenario.products.items() if product.cd47 is not None},
        "diameters": {name: product.diameter for name, product in scenario.products.items() if product.diameter is not None},
        "label_methods": {name: product.nuclide for name, product in scenario.products.items() if product.nuclide},
        "ligands": {name: product.targeting for name, product in scenario.products.items() if product.targeting},
        "receptors": dict(recipient.receptors),
        "opsonins": arm.opsonins,
        "depots": tuple(ROUTES[route] for route in DEPOTS if any(dose.route == route for dose in arm.doses)),
        "floor": arm.floor,
        "cold": "" if imposed.temperature == "37 C" else imposed.temperature,
        **carried_settings(scenario, arm, recipient),
    }
    if isinstance(scenario.environment, Body):
        settings |= _body_settings(scenario, arm, recipient)
    elif isinstance(scenario.environment, Well):
        settings |= _well_settings(scenario.environment)
    return settings


def _body_settings(scenario: Scenario, arm: ArmSpec, recipient: Recipient) -> dict[str, Any]:
    body = scenario.environment
    assert isinstance(body, Body)
    where = recipient.tissue
    if (where == TUMOUR) != (recipient.growth == "exponential_linear"):
        raise SchemaError(
            f"recipient '{recipient.cell}': growth '{recipient.growth}' does not go with cells of a {where}; a tumour of a body grows 'exponential_linear', other cells 'none'."
        )
    for i, dose in enumerate(arm.doses):
        if dose.route == "intratumoural" and where != TUMOUR:
            raise SchemaError(f"dose {i + 1} of '{dose.product}': the route 'intratumoural' needs a tumour, and the recipient is in the {where}; give it 'intravenous'.")
    given = [scenario.products[dose.product].drug for dose in arm.doses]
    return {
        "target": where,
        "cells": f"{where}_cells",
        "growth_method": "in vivo",
        "near": f"{where}_pericellular",
        "near_volume": symbol("V_interstitium"),
        "bound": f"{where}_surface",
        "endosome": f"{where}_endosome",
        "tumour_in_peritoneum": body.tumour_in_peritoneum,
        "inflamed_volume": body.inflamed_tissue,
        "body_drugs": tuple(dict.fromkeys(drug.name for drug in given if drug)) if where == TUMOUR else (),
    }


def _well_settings(well: Well) -> dict[str, Any]:
    area_um2 = units.convert(well.area, "cm2", "um2")
    sizes = thicknesses(well.depth, well.floor_layer, well.layers)
    return {
        "cells": "floor_cells",
        "growth_method": "in vitro",
        "near": "layer_0",
        "near_volume": symbol("well_area") * symbol("layer_thickness_0") * symbol("per_um3_mL"),
        "bound": "cell_surface",
        "endosome": "cell_endosome",
        "area_um2": area_um2,
        "thicknesses": sizes,
        "settling": well.settling,
    }
