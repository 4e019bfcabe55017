"""Scenario + evidence -> one network per arm: what may enter, what arms share, what acts and what does not."""

import functools
from dataclasses import replace

import pytest
import shipped_models
from shipped_models import EVERY_SCENARIO

from vesicle.errors import InputError, ModelError, UnsupportedFeature
from vesicle.evidence import shipped
from vesicle.mechanisms.acting.silencing import Guide
from vesicle.model.assembly import assemble, identifier
from vesicle.model.scenario import Recipient
from vesicle.model.scenario_file import load
from vesicle.model.signalling import evidence_targets
from vesicle.network.serial import content_hash

SIRNA, LET7, SCRAMBLED = "KRAS_G12D_siRNA", "hsa_let_7a_5p", "scrambled_siRNA"


FORCED = (("products.scrambled_exosome.cargo.0.force_match", "true"),)


def models(name="pancreas-kras", changes=()):
    return changed(name, changes) if changes else shipped_models.models(name)


@functools.cache
def changed(name, changes):
    return assemble(load(name, dict(changes)), shipped())


def guide(arm, name, changes=()) -> Guide:
    return next(g for g in models(changes=changes)[arm].guides if g.id == name)


def silenced(model, gene="KRAS"):
    """Whether anything takes the mRNA of a gene away beside its own decay."""
    return any(flow.id == f"silence__{gene}" for flow in model.flat.flows)


def relabelled(quantity, role):
    """The shipped library with every record of a quantity turned into another role."""
    library = shipped()
    return replace(library, measurements=tuple(replace(m, role=role) if m.quantity == quantity else m for m in library.measurements))


@pytest.mark.parametrize("role", ["outcome", "check"])
@pytest.mark.parametrize("quantity", ["cytosolic_release_fraction", "total_mirna_per_ev", "ev_diameter"])
def test_record_of_a_result_cannot_enter_a_model(quantity, role):
    with pytest.raises(ModelError, match=rf"'{quantity}'.*only records with the role {role} \(M-\d{{4}}\); a result never enters a model"):
        assemble(load("breast-mir100-well"), relabelled(quantity, role))


def test_record_of_a_result_beside_inputs_changes_nothing():
    library = shipped()
    measured = next(m for m in library.of("ev_diameter") if m.role == "input")
    result = replace(measured, id="M-9999", role="outcome", value=measured.value * 2, low=None, high=None)
    scenario = load("breast-mir100-well")
    before, after = assemble(scenario, library), assemble(scenario, replace(library, measurements=(*library.measurements, result)))
    assert [content_hash(m.network) for m in after.values()] == [content_hash(m.network) for m in before.values()]


@EVERY_SCENARIO
def test_no_parameter_of_a_shipped_scenario_rests_on_a_result(name):
    roles = {shipped().by_id[r].role for model in models(name).values() for p in model.network.parameters for r in p.records}
    assert roles == {"input"}


@EVERY_SCENARIO
def test_every_parameter_of_a_shipped_scenario_has_a_record_or_was_set(name):
    bare = {p.id for model in models(name).values() for p in model.network.parameters if not p.records and p.status != "set" and p.quantity != "rival"}
    assert bare == set()


def test_quantity_without_any_record_says_that_the_mechanism_is_unparametrised():
    library = shipped()
    without = replace(library, measurements=tuple(m for m in library.measurements if m.quantity != "unbinding_rate"))
    with pytest.raises(ModelError, match="no measurement of 'unbinding_rate'.*unparametrised"):
        assemble(load("breast-mir100-well"), without)


@pytest.mark.parametrize(
    ("name", "arm"), [("pancreas-kras", "vehicle"), ("pancreas-kras", "wild_type_vehicle"), ("breast-mir100-well", "vehicle"), ("mouse-biodistribution", "untreated")]
)
def test_arm_that_is_given_nothing_holds_cells_and_their_target_only(name, arm):
    model = models(name)[arm]
    assert not model.network.particles
    assert not model.network.arm.doses
    cells = {"floor_cells", "tumour_cells"}
    in_states = {f"{name}_{state}" for name in cells for state in ("cycling", "dormant", "dead", "born", "cleared")}
    assert len(set(model.flat.species) - cells - in_states) == 2


def test_arm_holds_only_the_particles_that_it_is_given():
    assert [p.id for p in models()["kras_liposome"].network.particles] == ["kras_liposome"]
    assert [p.id for p in models()["empty_exosome"].network.particles] == ["empty_exosome"]


@EVERY_SCENARIO
def test_arms_of_a_scenario_give_a_shared_parameter_one_value_and_one_spread(name):
    seen = {}
    for model in models(name).values():
        for parameter in model.network.parameters:
            assert seen.setdefault(parameter.id, parameter) == parameter


def test_arms_ask_for_the_growth_of_the_tumour_under_the_same_ids():
    arms = models()
    of_vehicle = {p.id for p in arms["vehicle"].network.parameters}
    assert len(of_vehicle) >= 8
    assert all(of_vehicle <= {p.id for p in model.network.parameters} for model in arms.values())


def test_wild_type_arm_shares_every_parameter_with_its_mutant_twin():
    arms = models()
    twin = {p.id for p in arms["kras_exosome"].network.parameters}
    assert {p.id for p in arms["wild_type_kras_exosome"].network.parameters} <= twin


def test_no_parameter_is_left_that_nothing_refers_to():
    import sympy

    for name, model in models().items():
        network = model.network
        expressions = [r.expression for r in network.rules] + [t.hazard for t in (*network.transfers, *network.unpacks)] + [r.rate for r in network.reactions]
        expressions += [s.initial for s in network.species if s.initial is not None] + [d.amount for d in network.arm.doses] + [o.value for o in network.observables]
        expressions += [p.copies for particle in network.particles for p in particle.passengers] + [p.size for p in network.places if p.size is not None]
        used = {str(s) for s in set().union(*(sympy.sympify(e).free_symbols for e in expressions))}
        assert {p.id for p in network.parameters} <= used, name


def test_guide_of_a_variant_matches_the_tumour_that_has_it():
    assert guide("kras_exosome", SIRNA) == Guide(SIRNA, "siRNA", "KRAS", True)


def test_guide_of_a_variant_does_not_match_the_wild_type():
    assert not guide("wild_type_kras_exosome", SIRNA).matches


def test_guide_of_a_gene_matches_both_genotypes():
    assert guide("kras_exosome", LET7).matches
    assert guide("wild_type_kras_exosome", LET7).matches


def test_scrambled_guide_matches_nothing():
    assert guide("scrambled_exosome", SCRAMBLED) == Guide(SCRAMBLED, "siRNA", "", False)


def test_force_match_switches_the_site_on():
    forced = guide("scrambled_exosome", SCRAMBLED, FORCED)
    assert forced == Guide(SCRAMBLED, "siRNA", "KRAS", True)


def test_force_match_leaves_other_arms_as_they_were():
    before, after = models(), models(changes=FORCED)
    changed = {arm for arm in before if content_hash(before[arm].network) != content_hash(after[arm].network)}
    assert changed == {"scrambled_exosome"}


def test_guide_with_a_site_takes_its_target_away():
    assert silenced(models()["kras_liposome"])


def test_guide_without_a_site_engages_nothing():
    """Without its native let-7a the scrambled product has no guide with a site: no flow touches the mRNA but its own."""
    scenario = load("pancreas-kras")
    product = scenario.products["scrambled_exosome"]
    bare = scenario.model_copy(update={"products": {**scenario.products, "scrambled_exosome": product.model_copy(update={"cargo": product.cargo[:1]})}})
    model = assemble(bare, shipped())["scrambled_exosome"]
    assert [flow.id for flow in model.flat.flows if "KRAS_mRNA" in flow.changes] == ["transcribe__KRAS", "decay_mrna__KRAS"]
    assert not any(o.id.startswith("in_reached") for o in model.network.observables)


def test_wild_type_tumour_loses_its_target_to_the_native_guide_only():
    model = models()["wild_type_kras_exosome"]
    rate = next(flow.rate for flow in model.flat.flows if flow.id == "silence__KRAS")
    names = {str(s) for s in rate.free_symbols}
    assert f"k_cat__{LET7}" in names
    assert not any(SIRNA in name for name in names)


def test_empty_vesicles_carry_the_native_guide_of_their_donor():
    assert [g.id for g in models()["empty_exosome"].guides] == [LET7]


def test_perfect_sink_takes_no_particles_into_cells():
    model = models("breast-mir100-well")["perfect_sink"]
    assert not any(place.kind == "cells" and place.id != "floor_cells" for place in model.network.places)
    assert not model.network.unpacks


def test_layers_of_a_well_add_up_to_its_depth():
    parameters = {p.id: p.value for p in models("breast-mir100-well")["natural_exosome"].network.parameters}
    layers = [value for name, value in parameters.items() if name.startswith("layer_thickness_")]
    assert len(layers) == 30
    assert sum(layers) == pytest.approx(3000.0, rel=1e-12)
    assert layers[0] == pytest.approx(10.0, rel=1e-9)


def test_override_sets_the_value_and_takes_its_uncertainty_away():
    model = assemble(load("breast-mir100-well", {"parameters.ev_diameter__exosome": "0.08 um"}), shipped())["natural_exosome"]
    parameter = next(p for p in model.network.parameters if p.id == "ev_diameter__exosome")
    assert (parameter.value, parameter.unit, parameter.status) == (pytest.approx(80.0, rel=1e-12), "nm", "set")
    assert [parameter.draw(1, i) for i in range(3)] == [parameter.value] * 3


def test_override_with_another_dimension_is_refused():
    with pytest.raises(InputError, match="ev_diameter__exosome.*expected one that converts to 'nm'"):
        assemble(load("breast-mir100-well", {"parameters.ev_diameter__exosome": "80 mL"}), shipped())


def test_loading_that_a_product_cannot_have_is_refused_with_what_it_can_have():
    with pytest.raises(UnsupportedFeature, match=r"'encapsulation' does not go with a product of kind 'exosome'.*endogenous"):
        assemble(load("breast-mir100-well", {"products.natural_exosome.cargo.0.loading": "encapsulation"}), shipped())


def test_body_without_a_number_of_cells_is_refused():
    scenario = load("pancreas-kras")
    recipients = {name: r.model_copy(update={"cells": None}) for name, r in scenario.recipients.items()}
    with pytest.raises(InputError, match="number of cells is missing"):
        assemble(scenario.model_copy(update={"recipients": recipients}), shipped())


def test_doses_follow_their_interval():
    times = sorted({dose.time for dose in models()["kras_exosome"].network.arm.doses})
    assert times == [48.0 * i for i in range(10)]


def test_well_spreads_a_dose_over_its_layers():
    model = models("breast-mir100-well")["natural_exosome"]
    assert [d.species for d in model.network.arm.doses] == [f"natural_exosome__layer_{i}" for i in range(30)]


def test_same_scenario_gives_the_same_network():
    again = assemble(load("pancreas-kras"), shipped())
    assert {arm: content_hash(m.network) for arm, m in again.items()} == {arm: content_hash(m.network) for arm, m in models().items()}


@pytest.mark.parametrize(("text", "word"), [("KRAS G12D siRNA", "KRAS_G12D_siRNA"), ("hsa-miR-100-5p", "hsa_miR_100_5p"), ("1e9 EV", "x_1e9_EV"), ("5 ug", "x_5_ug")])
def test_name_becomes_an_identifier(text, word):
    assert identifier(text) == word


def test_no_code_reads_the_name_of_an_arm():
    """The same arm under another name is the same network but for the name."""
    scenario = load("pancreas-kras")
    arms = {("control_treatment" if name == "kras_exosome" else name): arm for name, arm in scenario.arms.items()}
    renamed = scenario.model_copy(update={"arms": arms, "question": scenario.question.model_copy(update={"arm": "control_treatment"})})
    one, other = models()["kras_exosome"].network, assemble(renamed, shipped())["control_treatment"].network
    assert replace(other, id=one.id, arm=one.arm) == one
    assert other.arm.doses == one.arm.doses


def test_table_of_a_line_does_not_stand_for_its_cells_in_a_state():
    """The table of U-87 MG holds no ABCB1, so no target of miR-9 leads there; in cells that became resistant every gene counts as there."""
    parent = Recipient(cell="U87-MG", growth="exponential")
    resistant = parent.model_copy(update={"state": "resistant to temozolomide"})
    assert evidence_targets(shipped(), "hsa-miR-9-5p", ("ABCB1",), parent.expressed_as) == ()
    assert "PTCH1" in evidence_targets(shipped(), "hsa-miR-9-5p", ("ABCB1",), resistant.expressed_as)
