"""Flattening: particles move with their labels, unpack into copies, and every way is counted."""

from collections import Counter
from dataclasses import replace

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from vesicle.errors import ModelError
from vesicle.network.expressions import symbol
from vesicle.network.flat import flatten, passenger_species, visited
from vesicle.network.types import Arm, Dose, Network, Particle, Passenger, Reaction, Species, Transfer, Unpack

k, copies = symbol("k"), symbol("copies")
PLACES = ("blood", "tumour", "endosome")
LABELLED = Particle("ev", "product", (Passenger("dye", "label", sympy.Integer(3), tracked=True), Passenger("rna", "cargo", copies)))


def network(*, particle=LABELLED, **parts) -> Network:
    return Network("n", parts.pop("arm", Arm("treated")), particles=(particle,), **parts)


def flows(net: Network) -> dict[str, dict[str, int]]:
    return {flow.id: {name: int(change) for name, change in flow.changes.items()} for flow in flatten(net).flows}


def way(**changes) -> Transfer:
    return replace(Transfer("move", "ev", "blood", "tumour", k), **changes)


def test_transfer_takes_one_particle_from_source_to_target():
    assert flows(network(transfers=(way(),)))["move"] == {"ev__blood": -1, "ev__tumour": 1}


def test_transfer_runs_at_hazard_times_amount():
    flow = flatten(network(transfers=(way(),))).flows[0]
    assert (flow.rate, flow.unit) == (k * symbol("ev__blood"), "EV")


def test_tracked_passenger_moves_with_the_hazard_of_its_particle():
    flow = next(flow for flow in flatten(network(transfers=(way(),))).flows if flow.id == "move__dye")
    assert flow.changes == {"dye_on_ev__blood": -1, "dye_on_ev__tumour": 1}
    assert (flow.rate, flow.unit) == (k * symbol("dye_on_ev__blood"), "copy")


def test_untracked_passenger_gets_no_species():
    assert not any(name.startswith("rna") for name in flatten(network(transfers=(way(),))).species)


def test_step_is_counted_forward():
    flat = flatten(network(transfers=(way(step="bound"),)))
    assert flat.counters == {("bound", "ev"): "n_bound__ev"}
    assert flat.flows[0].changes["n_bound__ev"] == 1


def test_step_is_taken_back_by_a_backward_transfer():
    assert flows(network(transfers=(way(step="bound", backward=True),)))["move"]["n_bound__ev"] == -1


def test_way_out_of_the_world_ends_in_its_named_sink():
    flat = flatten(network(transfers=(way(target=None, sink="urine"),)))
    assert flat.sinks[("urine", "ev")] == "out_urine__ev"
    assert flat.flows[0].changes == {"ev__blood": -1, "out_urine__ev": 1}


def test_way_out_without_a_sink_is_named_after_its_transfer():
    assert ("move", "ev") in flatten(network(transfers=(way(target=None),))).sinks


def test_label_of_a_destroyed_particle_stays_where_the_place_can_hold_it():
    held = Species("dye_free__blood", "dye", "blood", "copy")
    assert flows(network(species=(held,), transfers=(way(target=None),)))["move__dye"] == {"dye_on_ev__blood": -1, "dye_free__blood": 1}


def test_label_of_a_destroyed_particle_leaves_where_the_place_cannot_hold_it():
    assert flows(network(transfers=(way(target=None, sink="urine"),)))["move__dye"] == {"dye_on_ev__blood": -1, "out_urine__dye": 1}


def unpacking(**changes) -> Network:
    cell = Species("rna__cell", "rna", "cell", "copy")
    unpack = replace(Unpack("open", "ev", "tumour", {"rna": "rna__cell"}, k, step="released"), **changes)
    return network(species=(cell,), transfers=(way(),), unpacks=(unpack,))


def test_unpacked_particle_is_gone_and_counted():
    assert flows(unpacking())["open"] == {"ev__tumour": -1, "out_unpacked__ev": 1, "n_released__ev": 1}


def test_unpacking_frees_copies_per_particle():
    flow = next(flow for flow in flatten(unpacking()).flows if flow.id == "open__rna")
    assert flow.changes == {"rna__cell": 1}
    assert (flow.rate, flow.unit) == (k * symbol("ev__tumour") * copies, "copy")


def test_label_of_an_unpacked_particle_leaves_it():
    assert any("dye_on_ev__tumour" in change for name, change in flows(unpacking()).items() if name.startswith("open"))


@pytest.mark.parametrize("into", [{"protein": "rna__cell"}, {"rna": "rna__nowhere"}])
def test_unpacking_into_what_does_not_exist_is_refused(into):
    with pytest.raises(ModelError, match="open"):
        flatten(unpacking(into=into))


def test_reaction_changes_amounts_as_written():
    drug = (Species("a", "a", "cell", "copy"), Species("b", "b", "cell", "copy"))
    flow = flatten(network(species=drug, reactions=(Reaction("r", {"a": -2.0, "b": 1.0}, k * symbol("a")),))).flows[0]
    assert {name: float(change) for name, change in flow.changes.items()} == {"a": -2.0, "b": 1.0}
    assert flow.unit == "copy"


def test_step_of_a_reaction_is_counted_for_its_particle():
    reaction = Reaction("r", {"a": -1.0}, k, step="engaged", step_particle="ev")
    flat = flatten(network(species=(Species("a", "a", "cell", "copy"),), reactions=(reaction,)))
    assert flat.flows[0].changes["n_engaged__ev"] == 1


def test_order_of_a_stoichiometry_does_not_decide_the_unit():
    mixed = (Species("a", "a", "cell", "EV"), Species("b", "b", "cell", "copy"))
    units = {flatten(network(species=mixed, reactions=(Reaction("r", change, k),))).flows[0].unit for change in ({"a": -1.0, "b": 1.0}, {"b": 1.0, "a": -1.0})}
    assert len(units) == 1


def test_reaction_that_changes_nothing_is_refused():
    with pytest.raises(ModelError, match="'r'"):
        flatten(network(reactions=(Reaction("r", {}, k),)))


def test_dose_declares_the_step_it_crosses():
    assert ("given", "ev") in flatten(network(arm=Arm("treated", (Dose(0.0, "ev__blood", sympy.Integer(10)),)))).counters


def test_dose_makes_its_place_one_of_the_particle():
    net = network(arm=Arm("treated", (Dose(0.0, "ev__depot", sympy.Integer(10)),)), transfers=(way(),))
    assert visited(net, "ev") == ["depot", "blood", "tumour"]


def test_declared_initial_amount_is_kept():
    assert flatten(network(species=(Species("a", "a", "cell", "copy", initial=k),))).species["a"] == ("copy", k, "cell")


def test_particle_nobody_declared_is_refused_by_name():
    with pytest.raises(ModelError, match="'move' moves the particle 'nvep', which is not in the network"):
        flatten(network(transfers=(way(particle="nvep"),)))


edges = st.tuples(st.sampled_from(PLACES), st.sampled_from((*PLACES, None)), st.booleans()).filter(lambda edge: edge[0] != edge[1])


@given(st.lists(edges, min_size=1, max_size=8), st.lists(st.sampled_from(PLACES), max_size=2))
def test_every_flow_keeps_the_sum_of_particles_over_places_and_sinks(ways, openings):
    transfers = tuple(Transfer(f"t{i}", "ev", source, target, k, step="bound", backward=back) for i, (source, target, back) in enumerate(ways))
    unpacks = tuple(Unpack(f"u{i}", "ev", place, {}, k) for i, place in enumerate(openings))
    net = network(transfers=transfers, unpacks=unpacks)
    flat = flatten(net)
    kept = {f"ev__{place}" for place in PLACES} | {name for (_, who), name in flat.sinks.items() if who == "ev"}
    for flow in flat.flows:
        assert sum(change for name, change in flow.changes.items() if name in kept) == 0


@given(st.lists(edges, min_size=1, max_size=8))
def test_every_transfer_keeps_the_sum_of_labels(ways):
    flat = flatten(network(transfers=tuple(Transfer(f"t{i}", "ev", source, target, k) for i, (source, target, _) in enumerate(ways))))
    kept = {passenger_species("ev", "dye", place) for place in PLACES} | {name for (_, who), name in flat.sinks.items() if who == "dye"}
    totals = Counter({flow.id: sum(change for name, change in flow.changes.items() if name in kept) for flow in flat.flows})
    assert not any(totals.values())
