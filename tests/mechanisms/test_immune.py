"""Immune cells: what is counted, what is conserved, what stays zero, and who hears whom."""

import numpy as np
import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.engines.settling import Settling
from vesicle.errors import ModelError
from vesicle.evidence import shipped
from vesicle.model.checkpoint import Tumour, assemble_checkpoint
from vesicle.model.immunity import (
    KINDS,
    STIMULI,
    TUMOUR,
    WOULD_BE_THE_ANSWER,
    Culture,
    Infiltrate,
    assemble_culture,
    assemble_infiltrate,
    talk_of,
)
from vesicle.model.vessels import Tissue, assemble_vessels
from vesicle.systems.given_networks import Followed, at_rest

NK = Culture(kinds=("nk_cell",), stimuli=("IL-15",))
PAIR = Culture(kinds=("t_cell", "dendritic_cell"), cargo=TUMOUR, donor="malignant cell")


def settled(culture, draws=8, library=None, **numbers):
    model = assemble_culture(culture, library or shipped())
    return Settling(model).settle(draw_matrix(model.network.parameters, 1, range(draws), numbers))


# a ligand at a distance --------------------------------------------------------------------------


def test_engaged_receptors_rise_with_secretion_and_vanish_without_the_ligand():
    one, half, none = (at_rest(assemble_checkpoint(t, shipped())) for t in (Tumour(), Tumour(release_level=0.5), Tumour(has_ligand=False)))
    assert half["vesicles:tumour"] == pytest.approx(one["vesicles:tumour"] / 2)
    assert 0 < half["engaged:tumour"] < one["engaged:tumour"]
    assert none["engaged:tumour"] == none["held_back:tumour"] == 0


def test_vesicles_for_half_of_the_effect_give_half_of_it():
    """The closed form put back: with that many vesicles held, by more secretion, the law gives one half."""
    rest = at_rest(assemble_checkpoint(Tumour(), shipped()))
    more = at_rest(assemble_checkpoint(Tumour(release_level=rest["half_held"] / rest["held:tumour"]), shipped()))
    assert more["held_back:tumour"] == pytest.approx(0.5, rel=1e-9)


def test_secreted_equals_taken_up_and_drained():
    """At rest in the tumour: density of vesicles times volume of fluid times the rate at which they leave it."""
    model = assemble_checkpoint(Tumour(), shipped())
    known = {p.id: p.value for p in model.network.parameters}
    seen = at_rest(model)
    fluid = known["tumour_interstitial_fraction"] * known["tumour_volume"]
    secreted = known["secretion_rate__exosome"] * known["tumour_cell_density"] * known["tumour_volume"]
    leaving = known["interstitial_loss_rate__tumour"] + (secreted / (seen["vesicles:tumour"] * fluid) - known["interstitial_loss_rate__tumour"])
    assert seen["vesicles:tumour"] * fluid * leaving == pytest.approx(secreted)
    assert leaving > known["interstitial_loss_rate__tumour"]


def test_less_is_left_further_away_and_all_of_it_at_the_rim():
    left = [at_rest(assemble_checkpoint(Tumour(distance=d), shipped()))["at_distance"] for d in (0.0, 10.0, 100.0)]
    assert left[0] == 1
    assert left[0] > left[1] > left[2] > 0


def test_half_of_the_antibody_is_held_by_the_vesicles_said_to_hold_half():
    """n c A/(A + K) = A, at the number that is printed."""
    seen = at_rest(assemble_checkpoint(Tumour(), shipped()))
    fold = seen["half_sink:blood"]
    many = at_rest(assemble_checkpoint(Tumour(release_level=fold), shipped()))
    assert many["antibody_bound:blood"] == pytest.approx(0.5, rel=1e-9)


# counts ------------------------------------------------------------------------------------------

NODES = (
    "T_cell_activity",
    "apoptosis",
    "Treg",
    "NK_activity",
    "nk_apoptosis",
    "M2_polarization",
    "other:M1_polarization",
    "other:T_cell_exhaustion",
    "other:MDSC_accumulation",
)


@pytest.fixture(scope="module")
def infiltrate():
    return Followed(assemble_infiltrate(Infiltrate(dict.fromkeys(NODES, 1.0)), shipped()), 240.0)


@pytest.mark.parametrize("activity", [0.0, 1.0, 2.0])
def test_t_cells_are_those_at_the_start_and_divided_less_died(infiltrate, activity):
    """Within the tolerance of the solver, 1e-8 of what there is."""
    run = infiltrate.run(given_level__T_cell_activity=activity)
    total = sum(run.amount(f"cells:{name}") for name in ("naive", "effector", "exhausted", "memory"))
    gained = run.amount("cells:divided") - run.amount("cells:died")
    np.testing.assert_allclose(total, total[0] + gained, rtol=1e-6)


def test_tumour_cells_without_any_killer_follow_the_logistic_curve():
    """Verhulst's solution; the killers' rates are set to nothing."""
    model = assemble_infiltrate(Infiltrate(dict.fromkeys(NODES, 1.0)), shipped())
    known = {p.id: p.value for p in model.network.parameters}
    run = Followed(model, 240.0).run(t_cell_kill_rate__CD8_T_cell=0.0, nk_kill_rate__NK_cell=0.0)
    most = known["maximal_tumour_volume__murine_colon_tumour"] * known["tumour_cell_density"]
    start, rate = run.amount("cells:tumour")[0], known["tumour_growth_rate__murine_colon_tumour"]
    expected = most / (1 + (most / start - 1) * np.exp(-rate * run.times))
    np.testing.assert_allclose(run.amount("cells:tumour"), expected, rtol=1e-5)


def test_macrophages_at_rest_are_recruited_as_fast_as_they_die(infiltrate):
    run = infiltrate.run()
    total = run.amount("cells:m1") + run.amount("cells:m2")
    np.testing.assert_allclose(total, total[0], rtol=1e-6)


# the conversation --------------------------------------------------------------------------------


def test_nothing_brought_leaves_every_cell_at_rest():
    """Zero stays zero: without a stimulus and without vesicles no gate leaves its rest, to the tolerance of settling."""
    culture = Culture(kinds=PAIR.kinds, cargo=TUMOUR, donor="malignant cell", stimuli=())
    model = assemble_culture(culture, shipped())
    matrix = draw_matrix(model.network.parameters, 1, range(8), {"given": 0.0})
    found = Settling(model).settle(matrix).observables
    empty = settled(Culture(kinds=PAIR.kinds, cargo={}, donor="malignant cell", stimuli=())).observables
    for name in set(found) & set(empty) - {n for n in found if n.startswith("held:")}:
        assert np.all((found[name] > 0) & (found[name] < 1))
    assert all(np.ptp(v) >= 0 for v in empty.values())


def test_vesicles_without_copies_change_nothing():
    found, zero = settled(NK, given=1.0, imposed=0.0, gain=0.0), settled(NK, given=0.0)
    for name, value in found.observables.items():
        np.testing.assert_allclose(value, zero.observables[name], rtol=1e-9)


def test_all_vesicles_taken_are_those_that_cells_hold():
    """Held by all cells = given x the share taken; no more than given."""
    culture = Culture()
    model = assemble_culture(culture, shipped())
    found = Settling(model).settle(draw_matrix(model.network.parameters, 1, range(4))).observables
    numbers = {k: next(p.value for p in model.network.parameters if p.id == f"cells__{k}") for k in culture.kinds}
    held = sum(found[f"held:{k}"] * n for k, n in numbers.items())
    assert np.all(held <= culture.vesicles * (1 + 1e-12))
    assert np.all(held > 0)


def test_a_monocyte_takes_more_than_a_t_cell_beside_it_and_a_purified_t_cell_more_than_both_of_its_kind():
    mixed = settled(Culture(), draws=1).observables
    alone = settled(Culture(kinds=("t_cell",)), draws=1).observables
    assert mixed["held:monocyte"][0] > mixed["held:t_cell"][0]
    assert alone["held:t_cell"][0] > mixed["held:t_cell"][0]


def test_a_t_cell_changes_by_way_of_dendritic_cells_only_where_there_are_any():
    only = Culture(kinds=("t_cell", "dendritic_cell"), only_in=("dendritic_cell",), stimuli=("CD3/CD28", "LPS"))
    talk = talk_of(only, shipped())
    assert [bool(kind.acts) for kind in talk.kinds] == [False, True]
    moved, rest = (settled(only, given=given).observables["T_cell_activity:t_cell"] for given in (1.0, 0.0))
    assert np.all(moved != rest)
    alone = Culture(kinds=("t_cell",), only_in=("dendritic_cell",))
    moved, rest = (settled(alone, given=given).observables["T_cell_activity:t_cell"] for given in (1.0, 0.0))
    np.testing.assert_array_equal(moved, rest)


RAISED = [
    (("t_cell", "dendritic_cell"), ("CD3/CD28",), "IFNG:t_cell"), (("nk_cell",), ("IL-15",), "NK_activity:nk_cell"), (("b_cell",), ("CpG",), "B_cell_activity:b_cell"),
    (("dendritic_cell",), ("LPS",), "DC_maturation:dendritic_cell"), (("monocyte",), ("LPS",), "TNF:monocyte"), (("mast_cell",), ("IgE",), "mast_cell_activity:mast_cell"),
]  # fmt: skip


@pytest.mark.parametrize(("kinds", "stimuli", "read"), RAISED)
def test_a_stimulus_raises_what_it_is_known_to_raise(kinds, stimuli, read):
    """The positive control of the wiring, in at least four draws of five; no vesicle is given."""
    culture = Culture(kinds=kinds, stimuli=stimuli)
    driven, quiet = (settled(culture, draws=20, given=0.0, stimulated=on).observables[read] for on in (1.0, 0.0))
    assert np.mean(driven > quiet) >= 0.8


def test_no_edge_that_was_seen_with_stem_cells_or_vesicles_is_used():
    talk = talk_of(Culture(kinds=tuple(KINDS)), shipped())
    assert not [e for kind in talk.kinds for e in kind.edges if any(word in e.context for word in WOULD_BE_THE_ANSWER)]


def test_left_out_work_takes_its_edges_along():
    """Of any work with a PubMed number on which an edge of a B cell rests alone."""
    library = shipped()
    talk = talk_of(Culture(kinds=("nk_cell",)), library)
    alone = {e.pmids[0] for e in talk.kinds[0].edges if len(e.pmids) == 1}
    known = [r.key for r in library.references if r.pmid in alone]
    for key in known[:1]:
        left = talk_of(Culture(kinds=("nk_cell",)), library.without(reference=key))
        assert {e.id for e in left.kinds[0].edges} < {e.id for e in talk.kinds[0].edges}


def test_every_stimulus_is_of_kinds_that_exist():
    assert {kind for stimulus in STIMULI.values() for kind in stimulus} <= set(KINDS)


# where gates settle ------------------------------------------------------------------------------


def test_where_gates_settle_is_where_the_equations_end():
    """The same network integrated until forty times the slowest time constant: equal to the tolerance of settling."""
    model = assemble_culture(Culture(kinds=("mast_cell",), stimuli=("IgE",)), shipped())
    parameters = model.network.parameters
    slowest = max(p.value for p in parameters if p.quantity == "gate_time_constant")
    program, lean = compile_model(model, output_times(40 * slowest, 40 * slowest))
    run = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
    found = Settling(model).settle(draw_matrix(parameters, 1, [-1])).observables
    for name in program.observables:
        assert float(run.amount(name)[-1]) == pytest.approx(float(found[name][0]), rel=1e-4, abs=1e-6)


def test_network_in_which_cells_divide_is_not_settled():
    with pytest.raises(ModelError, match="more than gates"):
        Settling(assemble_infiltrate(Infiltrate(dict.fromkeys(NODES, 1.0)), shipped()))


def test_settling_refuses_a_tissue_with_vessels():
    with pytest.raises(ModelError, match="integrate it"):
        Settling(assemble_vessels(Tissue(), shipped()))


def test_macrophages_and_suppressors_act_on_no_other_cell():
    """What the docstring says: with twice the way to M2 the counts of every other cell are the same, to the tolerance of the solver."""
    network = Followed(assemble_infiltrate(Infiltrate(dict.fromkeys(("M2_polarization", "other:MDSC_accumulation"), 1.0)), shipped()), 48.0)
    more, rest = network.run(given_level__M2_polarization=2.0, given_level__other_MDSC_accumulation=2.0), network.run()
    assert more.amount("cells:m2")[-1] > rest.amount("cells:m2")[-1]
    for name in ("effector", "exhausted", "memory", "treg", "nk", "tumour", "killed"):
        np.testing.assert_allclose(more.amount(f"cells:{name}"), rest.amount(f"cells:{name}"), rtol=1e-5)


def test_a_mixture_with_a_kind_that_blood_lacks_has_equal_shares():
    culture = Culture(kinds=("t_cell", "macrophage"), stimuli=("CD3/CD28", "LPS"))
    model = assemble_culture(culture, shipped())
    assert [next(p.value for p in model.network.parameters if p.id == f"cells__{kind}") for kind in culture.kinds] == [culture.cells / 2] * 2
