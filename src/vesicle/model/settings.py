"""What a scenario says about one arm, as plain settings that mechanisms may read: recipient, guides, places, conditions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy

from vesicle import units
from vesicle.errors import SchemaError
from vesicle.evidence.library import Library
from vesicle.evidence.site import Site
from vesicle.mechanisms.phenotype.growth_laws import NONE, WITH_DEATHS
from vesicle.mechanisms.travelling.circulation import TUMOUR
from vesicle.mechanisms.travelling.well import thicknesses
from vesicle.model.assembled import identifier
from vesicle.model.cargo import AGAINST_MIRNA, antagonists, guides_of, own_guides, payloads_of
from vesicle.model.carried import carried_settings
from vesicle.model.doses import DEPOTS, ROUTES, origin_of
from vesicle.model.drugs import crossing, drug_settings
from vesicle.model.scenario import ArmSpec, Body, CargoSpec, Recipient, Scenario, Well
from vesicle.model.signalling import circuit_of, followed_by, own_targets, targets_by_evidence
from vesicle.model.vessels import vessel_settings
from vesicle.network.expressions import symbol

PER_CENT = 100.0


def recipient_of(scenario: Scenario, arm: ArmSpec) -> Recipient:
    """The recipient of an arm: its own, else the first of the scenario."""
    return scenario.recipients[arm.recipient] if arm.recipient else next(iter(scenario.recipients.values()))


def recipients_in(scenario: Scenario, arm: ArmSpec) -> dict[str, Recipient]:
    """All recipients of an arm by name, the one that custody is about first."""
    first = arm.recipient or next(iter(scenario.recipients))
    return {name: scenario.recipients[name] for name in (first, *arm.beside)}


def cells_at_start(site: Site, recipient: Recipient, together: Iterable[Recipient] = (), ending: str = "") -> sympy.Expr:
    """Number of recipient cells: as set, as its share of a preparation that it came with, else (in a well) the measured cells per area times the area.

    ``together`` are all recipients of the arm, ``ending`` tells a further population's number from the first's.
    """
    if recipient.share_of:
        return _shared_out(site, recipient, together)
    if recipient.cells is not None:
        return site.given(f"cells_at_start{ending}", recipient.cells, "cell")
    if "area_um2" not in site.settings:
        raise SchemaError(f"recipient '{recipient.cell}': the number of cells is missing; add 'cells: 1e8 cell'.")
    area = site.given("well_area", site.settings["area_um2"], "um2")
    return site.quantity("cells_per_area", "cell/um2", cell=recipient.cell, species=recipient.species) * area


def _shared_out(site: Site, recipient: Recipient, together: Iterable[Recipient]) -> sympy.Expr:
    """Cells of a preparation times the share of this kind among the kinds that are there; the shares sum to one."""
    source = recipient.share_of
    if recipient.cells is None:
        raise SchemaError(f"recipient '{recipient.cell}': 'share_of: {source}' needs the cells of the whole preparation; add 'cells: 2e5 cell'.")
    kinds = [other for other in together if other.share_of == source]
    if any(other.cells != recipient.cells for other in kinds):
        raise SchemaError(f"the recipients that come from one preparation of {source} state different 'cells'; give each the cells of the whole preparation.")

    def share(of: Recipient) -> sympy.Symbol:
        return site.quantity("blood_cell_share", "1", cell=of.cell, label=source, species=of.species)

    return site.condition(f"cells_of__{source}", recipient.cells, "cell") * share(recipient) / sum((share(other) for other in kinds), sympy.Integer(0))


def compared_with(site: Site, recipient: Recipient) -> str:
    """The kind of cell that the uptake of this recipient's cells was measured against; empty where it was not."""
    return next((m.label for m in site.library.of("relative_uptake") if m.cell == recipient.cell), "")


def species_of(scenario: Scenario) -> str:
    """Species of the body; empty in a well."""
    return scenario.environment.species if isinstance(scenario.environment, Body) else ""


def _dormant_share(scenario: Scenario, recipient: Recipient) -> float | None:
    """Share of the recipient's cells that is dormant at the start; none where its cells have no states.

    Raises
    ------
    SchemaError
        For a share above all cells, or a law of vessels in a well.
    """
    name = next(key for key, cell in scenario.recipients.items() if cell == recipient)
    if recipient.growth in WITH_DEATHS and isinstance(scenario.environment, Well):
        raise SchemaError(f"{scenario.where('recipients', name, 'growth')}a well has no vessels, so nothing in it grows '{recipient.growth}'; expected 'growth: exponential'.")
    if recipient.states is None:
        return None
    share = recipient.states.dormant / PER_CENT
    if not 0 <= share <= 1:
        raise SchemaError(f"{scenario.where('recipients', name, 'states', 'dormant')}'dormant' is {share * PER_CENT:g} % of the cells; expected 0 % to 100 %.")
    return share


def _further(scenario: Scenario, library: Library, recipient: Recipient) -> tuple[str, ...]:
    """Where an arm of a scenario blocks a node: all that any arm blocks or any product changes, for one wiring in all arms; else nothing."""
    blocked = [node for arm in scenario.arms.values() for node in arm.blocked]
    if not blocked or not followed_by(recipient):
        return ()
    cargo = [item for product in scenario.products.values() for item in product.cargo]
    guides = guides_of(cargo, recipient, targets_by_evidence(library, cargo, recipient))
    genes = [gene for guide in guides for gene in guide.targets] + [p.target for p in payloads_of(cargo) if p.kind not in AGAINST_MIRNA]
    return tuple(dict.fromkeys([*blocked, *genes]))


def settings_of(scenario: Scenario, library: Library, arm: ArmSpec, recipient: Recipient, cargo: tuple[CargoSpec, ...]) -> dict[str, Any]:
    """The settings of one arm."""
    imposed = arm.assume or scenario.assume
    brought = payloads_of(cargo)
    guides = (*guides_of(cargo, recipient, targets_by_evidence(library, cargo, recipient)), *own_guides(recipient, own_targets(library, recipient)))
    changed = tuple(p.target for p in brought if p.kind not in AGAINST_MIRNA)
    circuit = circuit_of(library, recipient, guides, changed, recipient.signal_receptors, arm.blocked, _further(scenario, library, recipient))
    if imposed.temperature != "37 C" and isinstance(scenario.environment, Body):
        raise SchemaError(f"{scenario.where('assume', 'temperature')}a body is not held at {imposed.temperature}; cold is for a well.")
    settings: dict[str, Any] = {
        "guides": guides,
        "circuit": circuit,
        "engaged": circuit.engaged if circuit else (),
        "nodes": circuit.speaking if circuit else (),
        "follows": followed_by(recipient),
        "payloads": brought,
        "antagonists": antagonists(brought),
        "genes": recipient.genes,
        "cell_line": recipient.cell,
        "cell_species": recipient.species,
        "route_cell": "epithelial tumour cell",
        "tumour_type": recipient.tumour_type,
        "growth_law": recipient.growth,
        "growth_driver": recipient.growth_driver,
        "dormant_share": _dormant_share(scenario, recipient),
        "resistance": recipient.resistance,
        "macrophages": arm.macrophages,
        "held_copies": imposed.cytosolic_copies,
        "held_ligands": imposed.surface_copies,
        "origins": {identifier(c.name): (c.name, origin_of(p)) for d in arm.doses for p in (scenario.products[d.product],) for c in p.cargo},
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
        **drug_settings(scenario, arm),
    }
    settings["drugs"] = settings["drugs"] | dict.fromkeys(crossing(scenario, library, recipient, settings["free_drugs"], settings["drugs"]), 0.0)
    settings |= vessel_settings(scenario, recipient)
    if isinstance(scenario.environment, Body):
        settings |= _body_settings(scenario, arm, recipient)
    elif isinstance(scenario.environment, Well):
        settings |= _well_settings(scenario.environment, recipient.suspended)
    return settings


def _body_settings(scenario: Scenario, arm: ArmSpec, recipient: Recipient) -> dict[str, Any]:
    body = scenario.environment
    assert isinstance(body, Body)
    where = recipient.tissue
    if where != TUMOUR and recipient.growth != NONE:
        raise SchemaError(f"recipient '{recipient.cell}': growth '{recipient.growth}' does not go with cells of a {where}; expected 'growth: none'.")
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


def _well_settings(well: Well, suspended: bool) -> dict[str, Any]:
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
        **(_in_suspension(len(sizes)) if suspended else {}),
    }


def _in_suspension(layers: int) -> dict[str, Any]:
    """Cells spread over all layers: each layer takes the share of its thickness."""
    depth = symbol("depth")
    return {
        "cells": "suspended_cells",
        "suspended": True,
        "around": tuple((f"layer_{i}", symbol(f"layer_thickness_{i}") / depth) for i in range(layers)),
        "near_volume": symbol("well_area") * depth * symbol("per_um3_mL"),
    }
