"""Sorting of cargo: signals are read from the sequence, each way can be switched off, copies are conserved."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vesicle.errors import ModelError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.matching import parameter
from vesicle.mechanisms.making.budding import ROUTES
from vesicle.mechanisms.making.loading import WAYS
from vesicle.mechanisms.making.sorting import MIRNA_WAYS
from vesicle.model.donor import Donor, assemble_donor
from vesicle.model.donor_profile import donor_composition, folds, profile
from vesicle.products.cargo import Drug, MessengerRNA, MicroRNA, Protein
from vesicle.products.dna import DNA
from vesicle.products.sequences import has_signal
from vesicle.systems.donor_runs import follow

ZIP = "ACCCUGCCGCCUGGACUCCGCCUGU"
EVERY = (
    MicroRNA("hsa-miR-210-3p"), MessengerRNA("reporter", 1000, ZIP), Protein("EGFR", True, ubiquitinated=0.5), Protein("CD63", True, binds_tetraspanin=True),
    Drug("paclitaxel", 1e6), DNA("KRAS G12D"),
)  # fmt: skip
OFF = dict.fromkeys(WAYS, 0.0)


def one(cargo, **donor):
    return profile(Donor(cargo=(cargo,), **donor), shipped())[cargo.name]


def value(quantity, unit, **context):
    return parameter(shipped(), "x", quantity, unit, context).value


def lumen_over_cytosol():
    """V/V_cell by hand: both in aL."""
    d, gsd, wall = value("ev_diameter", "nm", product="exosome"), value("ev_diameter_gsd", "1", product="exosome"), value("bilayer_thickness", "nm")
    litres = math.pi / 6 * (d - 2 * wall) ** 3 * math.exp(4.5 * math.log(gsd) ** 2) * 1e-24
    return litres / (value("cytosol_volume", "pL") * 1e-12)


def test_without_any_way_a_vesicle_holds_its_volume_of_cytosol():
    assert one(MicroRNA("x", "ACGUACGUACGUACGU", per_cell=1e4), ways=OFF).per_vesicle == pytest.approx(1e4 * lumen_over_cytosol(), rel=1e-9)


def test_mean_gain_over_routes_is_the_measured_one():
    """A motif raises the mean over all vesicles at rest by its gain, whatever the affinities."""
    ways = {name: 0.0 for name in WAYS if name != "hnRNP"}
    assert one(MicroRNA("x", "ACGUACGUGGAGACGU", per_cell=1e4), ways=ways).enrichment == pytest.approx(1 + value("sorting_gain", "1", label="EXO motif"), rel=1e-9)


def test_targets_hold_back_what_is_bound_by_tight_binding():
    """b by the quadratic of the law of mass action, solved for the complexes."""
    from numpy import roots

    copies, sites = 1e4, value("competing_target_sites", "copy/cell")
    k = value("mirna_target_dissociation", "nM") * 1e-9 * value("cytosol_volume", "pL") * 1e-12 * 6.02214076e23
    bound = min(roots([1, -(copies + sites + k), copies * sites]).real) / copies
    found = one(MicroRNA("x", "ACGUACGUACGUACGU", per_cell=copies), ways={name: 0.0 for name in WAYS if name != "targets"})
    assert found.enrichment == pytest.approx(1 - value("sorting_hold", "1", label="target-bound") * bound, rel=1e-6)


SEQUENCES = st.text("ACGU", min_size=12, max_size=24).filter(lambda s: len(set(s)) > 2)
MIRNAS = st.builds(MicroRNA, st.just("x"), SEQUENCES, st.sampled_from((None, "", "U", "A", "UU")), st.floats(1, 1e5), st.floats(1e-3, 10))
LEVELS = st.dictionaries(st.sampled_from(("SMPD3", "HNRNPA2B1", "SUMO", "SYNCRIP", "AGO2")), st.floats(0.01, 2))


@settings(max_examples=15, deadline=None)
@given(MIRNAS, LEVELS, st.sampled_from(MIRNA_WAYS))
def test_way_that_is_off_takes_exactly_its_contribution_with_it(rna, levels, way):
    full, without = one(rna, levels=levels), one(rna, levels=levels, ways={way: 0.0})
    assert without.enrichment == pytest.approx(full.enrichment - full.ways[way], rel=1e-9)
    assert without.ways[way] == pytest.approx(0, abs=1e-12)


@settings(max_examples=15, deadline=None)
@given(MIRNAS)
def test_scrambled_miRNA_has_its_nucleotides_and_nothing_of_its_signals(rna):
    control = rna.scrambled()
    assert sorted(control.sequence) == sorted(rna.sequence + (rna.tail or ""))
    assert not has_signal(control.sequence)
    assert one(control).ways["hnRNP"] == 0
    assert one(control).ways["3' end"] == pytest.approx(0, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(MIRNAS, LEVELS)
def test_enrichment_is_positive_in_every_route(rna, levels):
    assert all(one(rna, levels=levels).by_route[route] > 0 for route in ROUTES)


@pytest.mark.parametrize(("component", "rna"), [("HNRNPA2B1", "hsa-miR-1246"), ("SUMO", "hsa-miR-1246"), ("SYNCRIP", "hsa-miR-210-3p")])
def test_motif_needs_its_reader(component, rna):
    assert one(MicroRNA(rna), levels={component: 0.0}).ways["hnRNP"] == 0


def test_reader_of_the_other_motif_does_not_matter():
    rna = MicroRNA("hsa-miR-1246")
    assert one(rna, levels={"SYNCRIP": 0.0}).per_vesicle == one(rna).per_vesicle


def test_motif_inside_the_seed_is_not_read():
    assert one(MicroRNA("hsa-miR-122-5p", per_cell=1e3)).ways["hnRNP"] == 0  # UGGAGUGU...: GGAG stands in the seed


def test_sphingomyelinase_acts_in_its_route_only():
    rna = MicroRNA("hsa-miR-21-5p")
    less = one(rna, ways={"SMPD3": 0.0})
    assert [less.by_route[r] == pytest.approx(one(rna).by_route[r]) for r in ROUTES] == [True, False, True]


def test_mrna_longer_than_a_lumen_holds_is_not_loaded_whole():
    assert one(MessengerRNA("m", 2e4, ZIP)).per_vesicle == 0
    assert one(MessengerRNA("m", 5e3, ZIP)).per_vesicle == pytest.approx(one(MessengerRNA("n", 1e3, ZIP)).per_vesicle * 0.5 / 0.9)


def test_site_for_the_miRNA_of_the_zip_code_adds_to_its_core():
    core, both, none = (one(MessengerRNA("m", 1000, s)).per_vesicle for s in ("AACUGCCAA", ZIP, "AAAACCCC"))
    assert none < core < both


def test_lipid_drug_sits_mostly_in_the_membrane():
    assert one(Drug("paclitaxel", 1e6)).enrichment > 100


@pytest.mark.parametrize("levels", [{}, {"SMPD3": 0.0}, {"escrt_0": 0.0}, {"fusion": 0.0}, {"lysosome": 0.0}, {"AGO2": 0.0, "SYNCRIP": 2.0}], ids=str)
def test_copies_of_every_cargo_are_conserved(levels):
    run = follow(Donor(cells=10.0, cargo=EVERY, levels=levels, states=("hypoxia",)), shipped())
    assert max(run.cargo_balance(cargo) for cargo in EVERY) < 1e-8
    assert run.balance() < 1e-8


def test_network_settles_at_the_closed_form():
    donor = Donor(cargo=EVERY[:4])
    run, closed = follow(donor, shipped()), profile(donor, shipped())
    for cargo in donor.cargo:
        assert run.carried(cargo) == pytest.approx(closed[cargo.name].per_vesicle, rel=0.01)


def test_cargo_knocked_out_in_the_cell_is_in_no_vesicle():
    rna = MicroRNA("hsa-miR-21-5p")
    assert follow(Donor(cargo=(rna,), engineering={rna.name: 0.0}), shipped()).carried(rna) == 0


def test_following_cargo_changes_nothing_about_the_vesicles():
    with_cargo, without = (follow(Donor(cargo=cargo), shipped()).secretion()[-1] for cargo in (EVERY, ()))
    assert with_cargo == pytest.approx(without, rel=1e-6)


def test_engineered_component_is_a_level():
    rna = MicroRNA("hsa-miR-21-5p")
    assert one(rna, engineering={"SMPD3": 0.5}).per_vesicle == one(rna, levels={"SMPD3": 0.5}).per_vesicle


def test_state_of_a_donor_that_was_not_studied_changes_nothing():
    rna = MicroRNA("hsa-miR-135b-5p")
    assert one(rna, cell="mesenchymal stem cell", states=("hypoxia",)).per_vesicle == one(rna, cell="mesenchymal stem cell").per_vesicle


def test_folds_compare_two_profiles():
    rna = MicroRNA("hsa-miR-210-3p")
    before, after = (profile(Donor(cargo=(rna,), states=(s,)), shipped()) for s in ("native", "hypoxia"))
    assert folds(before, after)[rna.name] == pytest.approx(value("state_cargo_fold", "1", label="hypoxia, hsa-miR-210-3p"), rel=1e-3)


def test_stated_copies_go_before_computed_ones_and_unknown_stays_unknown():
    rna = MicroRNA("hsa-miR-21-5p")
    found = {e.name: e for e in donor_composition(Donor(cargo=(rna,)), shipped(), {rna.name: 7.0})}
    assert (found[rna.name].copies, found[rna.name].basis) == (7.0, "stated")
    assert (found["CD81"].copies, found["CD81"].basis) == (None, "unknown")


def test_donor_without_any_route_has_no_profile():
    with pytest.raises(ModelError, match="makes no vesicles"):
        one(MicroRNA("hsa-miR-21-5p"), levels={"SMPD3": 0.0, "tetraspanins": 0.0, "VPS4": 0.0})


def test_miRNA_whose_share_nobody_measured_is_refused():
    with pytest.raises(ModelError, match="mirna_share_of_cell"):
        one(MicroRNA("hsa-miR-601"))


@pytest.mark.parametrize("wrong", [{"states": ("hypoxya",)}, {"ways": {"hnRNPs": 0.0}}, {"engineering": {"SMPD2": 0.0}}, {"levels": {"AGO3": 0.0}}])
def test_unknown_state_way_or_component_is_refused(wrong):
    with pytest.raises(UnknownName, match="Did you mean"):
        assemble_donor(Donor(**wrong), shipped())
