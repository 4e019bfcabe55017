"""Surface signals: receptors occupied by what is bound, by nothing else."""

import functools
import math

import numpy as np
import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import ModelError, SchemaError
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load

WELL = "surface-signal-well"


@functools.cache
def run(arm, changes=()):
    """(trajectory, network, parameter values) of one arm at the nominal values, hourly for six hours."""
    scenario = load(WELL, {"duration": "6 h", "question.at": "6 h", "environment.layers": "6", **dict(changes)})
    kept = {name: spec for name, spec in scenario.arms.items() if name in (arm, "vehicle", "fasl_exosome")}
    model = assemble(scenario.model_copy(update={"arms": kept}), shipped())[arm]
    program, lean = compile_model(model, output_times(6.0, 1.0))
    parameters = model.network.parameters
    found = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
    assert found.status == "ok"
    return found, model.network, {p.id: p.value for p in parameters}


def seen(arm, name, changes=()):
    found, _, _ = run(arm, changes)
    return found.outputs[:, found.program.observables.index(name)]


def test_occupied_receptors_are_those_of_the_tight_binding_law():
    """L = n (h / d) B / N and K = K_D h A, solved here as the quadratic that the law is the root of."""
    _, _, p = run("fasl_exosome")
    bound = seen("fasl_exosome", "on_cell:fasl_exosome")
    gap, receptors = p["intermembrane_gap"], p["receptor_copies_per_cell__Fas__activated_T_cell"]
    ligands = p["surface_ligand_copies_per_ev__exosome__FasL__malignant_cell"] * gap / p["ev_diameter__exosome"] * bound
    area = math.pi * p["cell_diameter__activated_T_cell"] ** 2
    constant = p["dissociation_constant__Fas_FasL"] * gap * 1e-3 * area
    c = seen("fasl_exosome", "occupied:Fas")
    np.testing.assert_allclose((receptors - c) * (ligands - c), constant * c, rtol=1e-6, atol=1e-6 * receptors)
    assert np.all(np.diff(c) >= 0)
    assert 0 < c[-1] < min(ligands[-1], receptors)


def test_vesicles_without_the_ligand_occupy_nothing_and_enter_the_same():
    assert not seen("bare_exosome", "occupied:Fas").any()
    assert not seen("bare_exosome", "signal:Fas").any()
    np.testing.assert_allclose(seen("bare_exosome", "in_cell:bare_exosome"), seen("fasl_exosome", "in_cell:fasl_exosome"), rtol=1e-6)


def test_receptor_without_its_ligand_in_the_product_is_silent():
    changes = (("recipients.t_cell.signal_receptors", ("PD-1",)), ("recipients.t_cell.cell", "CD8 T cell"), ("question.readout", "signal:PD-1"))
    assert not seen("fasl_exosome", "signal:PD-1", changes).any()


def test_signal_saturates_at_the_number_of_receptors():
    few = {p.id: p for p in run("fasl_exosome")[1].parameters}["receptor_copies_per_cell__Fas__activated_T_cell"].id
    changes = ((f"parameters.{few}", "10 copy/cell"), ("products.fasl_exosome.surface.0.copies", "2000 copy/EV"))
    assert seen("fasl_exosome", "occupied:Fas", changes)[-1] == pytest.approx(10, rel=0.01)


def test_ligand_of_no_measured_pair_is_refused_with_the_nearest():
    with pytest.raises(ModelError, match=r"'FasLL' is in no pair.*Did you mean 'FasL'"):
        assemble(load(WELL, {"products.fasl_exosome.surface.0.ligand": "FasLL"}), shipped())


def test_cold_is_for_wells():
    with pytest.raises(SchemaError, match="cold is for a well"):
        assemble(load("pancreas-kras", {"assume.temperature": "4 C"}), shipped())


def test_cells_do_not_grow_in_the_cold_and_binding_goes_on():
    cells, bound = seen("in_the_cold", "cells"), seen("in_the_cold", "on_cell:fasl_exosome")
    assert np.ptp(cells) == 0
    assert bound[-1] > seen("in_the_cold", "in_cell:fasl_exosome")[-1]


# decoys -------------------------------------------------------------------------------------------


def the(values, prefix):
    """The one number whose id begins so; what follows tells its value."""
    (found,) = (value for name, value in values.items() if name.startswith(prefix))
    return found


def test_binder_is_neither_made_nor_lost_with_cells_that_take_it_in():
    changes = (("arms.decoy.floor", "cells"),)
    found, _, p = run("decoy", changes)
    total = sum(value for name, value in found.final.items() if name == "rituximab_free__medium" or name.startswith(("rituximab_on_", "out_")) and "rituximab" in name)
    volume = p["well_area"] * p["depth"] * p["per_um3_mL"]
    assert total == pytest.approx(the(p, "solute__rituximab") * volume, rel=1e-6)
    assert seen("decoy", "in_cell:cd20_exosome", changes)[-1] > 0


def test_decoy_reaches_the_equilibrium_of_the_quadratic_without_any_cell():
    """x of T binders on S sites: (T - x) (S - x) = K V x; a day is some forty times 1 / k_off."""
    changes = (("duration", "24 h"), ("question.at", "24 h"))
    found, _, p = run("decoy", changes)
    volume = p["well_area"] * p["depth"] * p["per_um3_mL"]
    total = the(p, "solute__rituximab") * volume
    sites = sum(v for n, v in found.final.items() if n.startswith("cd20_exosome__")) * p["surface_ligand_copies_per_ev__exosome__CD20__chronic_lymphocytic_leukemia_cell"]
    b = total + sites + p["dissociation_constant__rituximab_CD20"] * volume
    x = (b - math.sqrt(b * b - 4 * total * sites)) / 2
    assert seen("decoy", "bound:rituximab", changes)[6] == pytest.approx(x / total, rel=1e-3)
    assert not any(name.startswith("n_bound") for name in found.program.counters)


def test_vesicles_without_the_antigen_hold_no_binder():
    assert np.abs(seen("no_decoy", "bound:rituximab")).max() < 1e-9
