"""Signals from the surface, decoys, 4 C: what binding does alone."""

import functools

import numpy as np
import pytest
import sympy

from vesicle.evidence import shipped
from vesicle.mechanisms.entering.decoy import fraction_bound, vesicles_for_half
from vesicle.systems.well_runs import Wells

SIGNAL = "surface_signal:ligand_exosome"


@functools.cache
def wells(changes=()):
    return Wells("surface-well", shipped(), dict(changes))


@pytest.mark.parametrize(("antibody", "constant"), [(1e13, 3e12), (6e13, 6e10), (1e9, 3e12)])
def test_printed_number_of_vesicles_binds_half_of_the_sites(antibody, constant):
    volume, copies = 0.57, 20.0
    numbers = [sympy.Float(v, 30) for v in (antibody, constant, volume, copies)]
    vesicles = vesicles_for_half(*numbers)
    assert float(fraction_bound(numbers[0], vesicles * numbers[3] / numbers[2], numbers[1])) == pytest.approx(0.5, rel=1e-12)


def test_antibody_at_therapeutic_trough_is_hardly_touched_by_vesicles_of_blood():
    """25 ug/mL of a 150 kDa antibody are 1e14 per mL; 1e10 vesicles with 20 antigens are 2e11: at most that over twice 1e14."""
    found = float(fraction_bound(sympy.Float(1e14), sympy.Float(2e11), sympy.Float(3e12)))
    assert 0 < found <= 1e-3


def test_decoy_needs_no_cell_and_its_antibody_no_dose_of_cells():
    assert wells().end("decoy", "antibody_bound:cd20_exosome") > 0
    assert wells().count("decoy", "bound") == 0


def test_vesicles_without_the_antigen_leave_the_antibody():
    other = wells((("arms.decoy.antibody.antigen", "CD52"),))
    assert not [o for o in other.run("decoy").program.observables if o.startswith("antibody_bound")]


def test_signal_is_bounded_by_its_receptors():
    flooded = wells((("products.ligand_exosome.ligand.copies", "1e6 copy/EV"),))
    assert 0.99 < flooded.end("ligand", "receptors_engaged:ligand_exosome") <= 1


def test_signal_rises_with_ligand_copies_and_is_absent_without():
    few, many = (wells((("products.ligand_exosome.ligand.copies", f"{n} copy/EV"),)).end("ligand", SIGNAL) for n in (1, 10))
    assert 0 < few < many < 10 * few
    assert wells().end("bare", "surface_signal:bare_exosome") == 0


def test_below_one_bound_vesicle_per_cell_the_signal_is_that_of_the_cells_touched():
    few = wells((("arms.ligand.doses.0.amount", "0.1 EV"),))
    touched, signal = few.end("ligand", "touched_cells:ligand_exosome"), few.end("ligand", SIGNAL)
    assert 0 < signal < touched < 0.01


def test_cold_keeps_vesicles_on_the_surface():
    cold, warm = wells().run("ligand_cold"), wells().run("ligand")
    assert wells().count("ligand_cold", "internalised") < 0.05 * wells().count("ligand", "internalised")
    assert wells().count("ligand_cold", "released") < 0.05 * wells().count("ligand", "released")
    assert cold.amount(SIGNAL)[-1] > warm.amount(SIGNAL)[-1]


def test_medium_at_4_c_is_more_viscous_so_fewer_vesicles_arrive():
    assert wells().count("ligand_cold", "in_reach") < wells().count("ligand", "in_reach")


def test_blocked_acidification_leaves_the_signal_and_takes_the_release():
    assert wells().end("ligand_no_acid", SIGNAL) == pytest.approx(wells().end("ligand", SIGNAL), rel=0.01)
    assert wells().count("ligand_no_acid", "released") < wells().count("ligand", "released") / 2


@pytest.mark.parametrize("arm", ["ligand", "ligand_cold", "ligand_no_uptake"])
def test_signal_never_leaves_zero_to_one(arm):
    assert np.all((wells().run(arm).amount(SIGNAL) >= 0) & (wells().run(arm).amount(SIGNAL) <= 1))
