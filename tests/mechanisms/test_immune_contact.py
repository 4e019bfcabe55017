"""Ligands of vesicles in a contact with immune cells: sharing, signal 1, death by Fas."""

from dataclasses import replace

import numpy as np
import pytest
import sympy
from scipy.optimize import brentq

from vesicle.engines.program import draw_matrix
from vesicle.engines.settling import Settling
from vesicle.evidence import shipped
from vesicle.mechanisms.entering.competition import Receptor, shared
from vesicle.mechanisms.immune.presentation import paired, signal_one
from vesicle.model.immunity import MATURE_DENDRITIC, RECEPTORS, TUMOUR, Cargo, Culture, Infiltrate, assemble_culture, assemble_infiltrate, receptors_met, talk_of
from vesicle.network.expressions import symbol
from vesicle.systems.given_networks import Followed

RESTING = Culture(kinds=("t_cell",), stimuli=(), cargo=MATURE_DENDRITIC, donor="dendritic cell", imposed=False, specific=True)
DRIVEN = Culture(kinds=("t_cell",), stimuli=("CD3",), cargo=MATURE_DENDRITIC, donor="dendritic cell", imposed=False)


def settled(culture, draws=8, **numbers):
    model = assemble_culture(culture, shipped())
    return Settling(model).settle(draw_matrix(model.network.parameters, 1, range(draws), numbers)).observables


def complexes(ligands, receptors):
    """The law as it stands in the network, evaluated step by step."""
    rules, formed = shared("x", symbol("L"), [Receptor(str(i), sympy.Float(r), sympy.Float(k)) for i, (r, k) in enumerate(receptors)])
    known = {symbol("L"): ligands}
    for rule in rules:
        known[symbol(rule.id)] = float(rule.expression.subs(known))
    left = known[symbol(rules[-1].id)] if rules else None
    return left, [float(c.subs(known)) for c in formed]


@pytest.mark.parametrize("seed", range(20))
def test_ligands_are_free_or_on_one_receptor_and_each_pair_is_at_equilibrium(seed):
    """Conservation to 1e-9 of the ligands, from copies far above to far below the constants; the root is that of Brent's method."""
    draw = np.random.default_rng(seed)
    ligands, receptors = 10 ** draw.uniform(-2, 6), [(10 ** draw.uniform(0, 5.5), 10 ** draw.uniform(-1, 5)) for _ in range(draw.integers(2, 5))]
    left, formed = complexes(ligands, receptors)
    assert left + sum(formed) == pytest.approx(ligands, rel=1e-9)
    root = brentq(lambda free: free + sum(r * free / (k + free) for r, k in receptors) - ligands, 0, ligands, xtol=1e-15 * ligands, rtol=1e-14)
    np.testing.assert_allclose(formed, [r * root / (k + root) for r, k in receptors], rtol=1e-6)


def test_scarce_ligands_go_to_receptors_by_copies_over_constants():
    """The limit of few ligands: C_1 / C_2 = (R_1/K_1)/(R_2/K_2); what is left out is of the order L/K, below 1e-6."""
    _, (one, two) = complexes(1e-3, [(4e4, 2.6e4), (1.8e3, 3.4e3)])
    assert one / two == pytest.approx((4e4 / 2.6e4) / (1.8e3 / 3.4e3), rel=1e-6)


def test_a_rival_that_binds_tightly_takes_the_ligand():
    _, (alone,) = complexes(100.0, [(4e4, 2.6e4)])
    _, (beside, rival) = complexes(100.0, [(4e4, 2.6e4), (1e4, 1.0)])
    assert beside < alone / 10
    assert rival > 90


def test_no_ligand_engages_no_receptor():
    left, formed = complexes(0.0, [(4e4, 2.6e4), (1.8e3, 3.4e3)])
    assert left == 0
    assert formed == [0, 0]


def test_signal_one_is_half_at_the_counted_complexes_and_nothing_without():
    at_half = paired(3e4, 100.0, 1.2e4)
    assert signal_one(paired(3e4, 100.0, 1.2e4), at_half, 2.0) == 0.5
    assert signal_one(paired(3e4, 0.0, 1.2e4), at_half, 2.0) == 0
    assert signal_one(paired(3e4, 1e6, 1.2e4), at_half, 2.0) > 0.99


def test_naive_t_cells_give_cd86_to_cd28_and_driven_ones_share_it_with_ctla4():
    naive, driven = settled(RESTING), settled(DRIVEN)
    share = [found["engaged:CTLA4:t_cell"] / (found["engaged:CD28:t_cell"] + found["engaged:CTLA4:t_cell"]) for found in (naive, driven)]
    assert np.median(share[0]) < 0.1 < np.median(share[1])


def test_mhc_engages_only_t_cells_that_recognise_its_peptide():
    assert [a.receptor for a in talk_of(RESTING, shipped()).kinds[0].counted if a.cargo == "MHC class I"] == ["TCR"]
    assert not [a for a in talk_of(DRIVEN, shipped()).kinds[0].acts if a.cargo == "MHC class I"]


def test_t_cells_without_vesicles_stay_where_they_were():
    given, none = settled(RESTING, given=1.0, gain=0.0), settled(RESTING, given=0.0)
    assert np.all(given["engaged:TCR:t_cell"] == 0)
    np.testing.assert_allclose(given["T_cell_activity:t_cell"], none["T_cell_activity:t_cell"], rtol=1e-9)


def test_competition_that_is_counted_is_no_edge_as_well():
    edges = {(e.source, e.target) for e in talk_of(DRIVEN, shipped()).kinds[0].edges}
    assert ("CTLA4", "CD28") not in edges


def test_vesicles_for_half_of_a_signal_give_half_of_it():
    """The closed form put back by gain, for a ligand with one receptor."""
    culture = Culture(kinds=("t_cell",), stimuli=("CD3",), cargo={"FasL": TUMOUR["FasL"]}, donor="malignant cell", imposed=False)
    once = settled(culture, draws=1)
    gain = float(once["half_held:Fas:t_cell"][0] / once["held:t_cell"][0])
    assert settled(culture, draws=1, gain=gain)["signal:Fas:t_cell"][0] == pytest.approx(0.5, rel=1e-9)


def test_a_ligand_of_which_nothing_was_counted_keeps_its_half_effect():
    assert receptors_met(shipped(), "HLA-G", "activated T cell") == ()
    culture = Culture(kinds=("t_cell",), cargo={"HLA-G": Cargo("surface_ligand_copies_per_ev", "contact", "HLA-G")}, stimuli=("CD3",))
    assert not talk_of(culture, shipped()).kinds[0].counted


def test_receptors_of_a_ligand_are_those_with_copies_on_that_cell():
    assert receptors_met(shipped(), "CD86", "resting T cell") == ("CD28", "CTLA4")
    assert receptors_met(shipped(), "CD86", "") == ()
    assert set(receptors_met(shipped(), "PD-L1", "activated T cell")) <= set(RECEPTORS)


NODES = ("T_cell_activity", "apoptosis", "Treg", "NK_activity", "nk_apoptosis", "M2_polarization", "other:M1_polarization", "other:T_cell_exhaustion", "other:MDSC_accumulation")


@pytest.fixture(scope="module")
def cells():
    return assemble_infiltrate(Infiltrate(dict.fromkeys(NODES, 1.0)), shipped())


@pytest.fixture(scope="module")
def infiltrate(cells):
    return Followed(cells, 48.0)


def test_t_cells_held_still_die_by_engaged_fas_at_its_hazard(cells, infiltrate):
    """E(t) with everything else off: exp(-k_F a_F t), to the tolerance of the solver."""
    levels = ("T_cell_activity", "other_T_cell_exhaustion", "apoptosis")
    off = dict.fromkeys((*(f"given_level__{n}" for n in levels), "memory_formation_rate__CD8_T_cell", "treg_suppression_rate__Treg"), 0.0)
    run = infiltrate.run(death_signal=0.4, **off)
    rate = next(p.value for p in cells.network.parameters if p.id == "death_receptor_kill_rate")
    effector = run.amount("cells:effector")
    np.testing.assert_allclose(effector, effector[0] * np.exp(-rate * 0.4 * run.times), rtol=1e-5)


def test_without_engaged_fas_nobody_dies_by_it(infiltrate):
    """Same end as where the signal is not given at all."""
    zero, unset = infiltrate.run(death_signal=0.0), infiltrate.run()
    np.testing.assert_array_equal(zero.amount("cells:effector"), unset.amount("cells:effector"))


def test_suppressors_follow_their_accumulation(infiltrate):
    more, rest = infiltrate.run(given_level__other_MDSC_accumulation=2.0), infiltrate.run()
    assert more.amount("cells:mdsc")[-1] > rest.amount("cells:mdsc")[-1] == pytest.approx(rest.amount("cells:mdsc")[0])


PAIR = Culture(kinds=("t_cell", "dendritic_cell"), stimuli=(), cargo=MATURE_DENDRITIC, donor="dendritic cell", imposed=False, specific=True)


def test_complexes_on_dendritic_cells_reach_t_cells_that_hold_no_vesicle():
    around = replace(PAIR, only_in=("dendritic_cell",))
    acts = {a.cargo: a for a in talk_of(around, shipped()).kinds[0].counted}
    assert not acts["MHC class I"].direct
    found = settled(around)
    assert np.all(found["engaged:TCR:t_cell"] == 0)
    assert np.all(found["signal:TCR:t_cell"] > 0)


def test_two_ways_to_signal_one_join_as_independent_chances():
    """1 - s = (1 - s of the cell's own vesicles)(1 - s by dendritic cells), exactly, in the same draws."""
    both, own, around = (settled(c)["signal:TCR:t_cell"] for c in (PAIR, replace(PAIR, only_in=("t_cell",)), replace(PAIR, only_in=("dendritic_cell",))))
    np.testing.assert_allclose(1 - both, (1 - own) * (1 - around), rtol=1e-9)


def test_adhesion_and_costimulation_do_nothing_without_signal_one():
    """ICAM1 alone, on T cells that nothing drives and on driven ones; what is left is below the tolerance of settling."""
    alone = replace(PAIR, kinds=("t_cell",), cargo={"ICAM1": MATURE_DENDRITIC["ICAM1"]}, gain=100.0)
    driven = replace(alone, stimuli=("CD3",))
    quiet, helped = (settled(c)["T_cell_activity:t_cell"] / settled(c, given=0.0)["T_cell_activity:t_cell"] - 1 for c in (alone, driven))
    assert np.all(np.abs(quiet) < 1e-6)
    assert np.median(helped) > 1e-4
