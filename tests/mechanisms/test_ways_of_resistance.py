"""Four ways of resistance: each against an independent solution, its null, and their product; spread of a transporter against SciPy and by its counts."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from vesicle.evidence import shipped
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.phenotype.resistance.product import Resistance, by_vesicles, shifted
from vesicle.mechanisms.phenotype.tumour_growth import net_growth
from vesicle.model.assembly import assemble
from vesicle.model.resistant import Mixture, Resisting, assemble_mixture, assemble_resisting
from vesicle.model.scenario_file import load
from vesicle.network.expressions import symbol
from vesicle.network.types import Particle
from vesicle.systems.d7_resistance import BARE
from vesicle.systems.given_networks import Followed, at_rest

DRUG = "doxorubicin"
SOLVER = 1e-6
"""The engine's relative tolerance is 1e-9 a step; some hundreds of steps stay below this."""


def resisting(**given):
    return at_rest(assemble_resisting(Resisting(**given), shipped()))


def values(model):
    return {p.id: p.value for p in model.network.parameters}


# export -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("medium_per_cell", [1e-8, 1e-6], ids=["held little", "held much"])
@pytest.mark.parametrize("drug", [DRUG, "paclitaxel"])
def test_export_lowers_the_drug_inside_by_its_factor(drug, medium_per_cell):
    """A cell in medium, written out and integrated until it rests: uptake, leaving, and vesicles that take what they hold; however much medium [mL] a cell's drug would fill."""
    model = assemble_resisting(Resisting(drug=drug, ways=("export",)), shipped())
    v, found = values(model), at_rest(model)
    permeability = v[f"drug_permeability__{drug}"] * math.pi * v["cell_diameter"] ** 2 * 1e-12
    sizes = math.exp(4.5 * math.log(v["ev_diameter_gsd__exosome"]) ** 2) * math.pi / 6 * 1e-21
    lumen = sizes * (v["ev_diameter__exosome"] - 2 * v["bilayer_thickness"]) ** 3
    vesicle = lumen + v[f"drug_membrane_partition__{drug}"] * (sizes * v["ev_diameter__exosome"] ** 3 - lumen)

    def inside(vesicles):
        slope = lambda _, x: permeability - (permeability + vesicles * vesicle) * x / medium_per_cell  # noqa: E731
        return solve_ivp(slope, (0, 100 * medium_per_cell / permeability), [0.0], method="LSODA", rtol=1e-11, atol=1e-20).y[0, -1]

    assert inside(0.0) / inside(v["secretion_rate__exosome"]) == pytest.approx(found[f"ic50_shift_by:export:{drug}"], rel=1e-8)
    assert inside(found[f"vesicles_to_halve:{drug}"]) / inside(0.0) == pytest.approx(0.5, rel=1e-8)


def test_no_vesicle_exports_no_drug():
    assert resisting(ways=("export",), vesicles_leave=False)[f"ic50_shift_by:export:{DRUG}"] == 1


def test_export_at_measured_rates_is_negligible():
    """A figure that the documentation names: below one in a thousand at the nominal values."""
    assert 0 < resisting(ways=("export",))[f"ic50_shift_by:export:{DRUG}"] - 1 < 1e-3


def test_secretion_falls_with_abca3_by_the_share_that_needs_it():
    gained = {level: resisting(ways=("export",), levels={"ABCA3": level})[f"ic50_shift_by:export:{DRUG}"] - 1 for level in (0.0, 1.0)}
    (needs,) = {m.value for m in shipped().of("abca3_secretion_share")}
    assert gained[0.0] / gained[1.0] == pytest.approx(1 - needs, rel=1e-9)


# survival and transporter -------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.25, 1.0, 3.0])
def test_threshold_of_apoptosis_sets_the_ic50_by_the_recorded_power(level):
    (power,) = {m.value for m in shipped().of("survival_ic50_power")}
    assert resisting(ways=("survival",), levels={"apoptosis": level})[f"resistance:{DRUG}"] == pytest.approx(level**-power, rel=1e-12)


def test_survival_nodes_count_together_where_apoptosis_is_no_node():
    assert resisting(ways=("survival",), levels={"BCL2": 4.0, "MCL1": 1.0, "VEGFA": 9.0})[f"resistance:{DRUG}"] == pytest.approx(2.0, rel=1e-12)


def test_transporter_at_the_copies_of_a_resistant_line_gives_its_resistance():
    """n_R/n_0 times the synthesis of rest is what the line has; less what the parent's own copies do already."""
    v = values(assemble_mixture(Mixture(), shipped()))
    parent, line = v["transporter_copies_sensitive__ABCB1"], v["transporter_copies_resistant__ABCB1"]
    fold = v["transporter_resistance__ABCB1_doxorubicin"]
    own = 1 + (fold - 1) * parent / line
    assert resisting(ways=("transporter",), levels={"ABCB1": line / parent})[f"resistance:{DRUG}"] == pytest.approx(fold / own, rel=1e-12)


@pytest.mark.parametrize("ways", [("survival",), ("transporter",), ("survival", "transporter"), ()])
def test_nothing_shifts_at_rest(ways):
    assert resisting(ways=ways, levels={"apoptosis": 1.0, "ABCB1": 1.0, "BCL2": 1.0}).get(f"resistance:{DRUG}", 1.0) == 1


def test_ways_multiply():
    levels = {"apoptosis": 0.5, "ABCB1": 30.0}
    each = [resisting(ways=(way,), levels=levels)[f"resistance:{DRUG}"] for way in ("export", "survival", "transporter")]
    assert resisting(levels=levels)[f"resistance:{DRUG}"] == pytest.approx(math.prod(each), rel=1e-12)


# who meets what -----------------------------------------------------------------------------------


def met_by(**settings):
    site = Site(shipped(), {"resistance": ("export", "decoy", "survival", "transporter"), "cell_species": "human", "transporters": {}, "nodes": (), **settings})
    return site, {rule.id for rule in Resistance().contribute(site, Particle("none", "none")).rules}


def test_free_drug_gets_a_factor_and_leaves_its_shift_to_its_own_thresholds():
    site, rules = met_by(free_drugs=(SimpleNamespace(id="dox", name=DRUG),))
    assert "resistance__dox" in rules
    assert "ic50_shift__dox" not in rules
    assert shifted(site) == ()
    assert (by_vesicles(site, "dox"), by_vesicles(site, "other")) == (symbol("resistance__dox"), 1)


def test_dissolved_drug_has_its_shift_here():
    site, rules = met_by(drugs={DRUG: 1.0})
    assert f"ic50_shift__{DRUG}" in rules
    assert shifted(site) == (DRUG,)


def test_shift_halves_what_a_concentration_does():
    """At IC50 times the shift, growth is halved."""
    site = Site(shipped(), {"growth_law": "exponential", "cell_line": "MDA-MB-231", "growth_method": "in vitro", "drugs": {DRUG: 1.0}, "ic50_shifts": (DRUG,)})
    rate = net_growth(site, symbol("cells"))
    known = {symbol(p.id): p.value for p in site.parameters.values()}
    ic50 = known[symbol("ic50__free_drug__doxorubicin__in_vitro")]
    half, none = (float(rate.xreplace({**known, symbol(f"effective__{DRUG}"): c, symbol(f"ic50_shift__{DRUG}"): 7.0})) for c in (7 * ic50, 0.0))
    assert half / none == pytest.approx(0.5, rel=1e-12)


# decoy --------------------------------------------------------------------------------------------


def antibody(product=""):
    scenario = load("surface-signal-well", {"arms.decoy.doses.0.product": product} if product else {})
    recipients = {name: cell.model_copy(update={"resistance": ("decoy",)}) for name, cell in scenario.recipients.items()}
    question = scenario.question.model_copy(update={"arm": "decoy", "control": "decoy", "readout": "cells"})
    arms = {"decoy": scenario.arms["decoy"].model_copy(update={"control": ""})}
    model = assemble(scenario.model_copy(update={"recipients": recipients, "question": question, "arms": arms, "reports": ()}), shipped())["decoy"]
    return Followed(model, scenario.duration).run()


def test_antibody_on_vesicles_raises_what_must_be_given_by_what_they_hold():
    run = antibody()
    assert run.amount("resistance:rituximab") * (1 - run.amount("bound:rituximab")) == pytest.approx(np.ones(len(run.times)), rel=SOLVER)
    assert run.amount("resistance:rituximab")[-1] > 1.01


def test_vesicles_without_the_antigen_are_no_decoy():
    assert antibody(BARE).amount("resistance:rituximab") == pytest.approx(1.0, rel=1e-12)


# spread -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def culture():
    return Followed(assemble_mixture(Mixture(), shipped()), 168.0)


def test_every_copy_of_the_pump_is_somewhere(culture):
    run = culture.run()
    came = run.amount("pump_sent") + run.amount("pump_translated")
    assert sum(run.amount(name) for name in ("pump_on_vesicles", "pump_brought", "pump_digested", "pump_degraded")) == pytest.approx(came, rel=SOLVER, abs=1.0)


def test_without_vesicles_nothing_shifts_at_any_time(culture):
    run = culture.run(vesicles_leave=0.0, induction=50.0)
    assert run.amount("ic50_shift") == pytest.approx(1.0, rel=1e-9)
    assert np.all(run.amount("pump_brought") == 0)


def test_sensitive_cells_alone_do_not_shift(culture):
    assert culture.run(resistant_at_start=0.0).amount("ic50_shift") == pytest.approx(1.0, rel=1e-9)


def test_resistance_of_sensitive_cells_grows_with_resistant_ones(culture):
    ends = [culture.run(resistant_at_start=n).amount("ic50_shift")[-1] for n in (1e4, 1e5, 1e6)]
    assert ends == sorted(ends)
    assert ends[0] > 1


def test_copies_on_a_vesicle_are_its_share_of_the_membrane(culture):
    """Area of vesicles of a log-normal size over that of a sphere of the cell, times the recorded enrichment."""
    v = values(assemble_mixture(Mixture(), shipped()))
    area = (v["ev_diameter__exosome"] / 1e3) ** 2 * math.exp(2 * math.log(v["ev_diameter_gsd__exosome"]) ** 2)
    expected = v["transporter_ev_enrichment__ABCB1"] * area / v["cell_diameter"] ** 2 * v["transporter_copies_resistant__ABCB1"]
    assert culture.run().amount("copies_per_vesicle")[-1] == pytest.approx(expected, rel=1e-9)


def test_transfer_follows_the_equations_solved_elsewhere(culture):
    """Vesicles, copies on them and copies brought, without mRNA, against SciPy; loss by growth is in the division by cells."""
    v = values(assemble_mixture(Mixture(), shipped()))
    mu, loss, fuses = (math.log(2) / v["doubling_time__in_vitro__MDA_MB_231"], math.log(2) / v["protein_half_life__ABCB1"], v["cytosolic_release_fraction__exosome"])
    run = culture.run(cargo_copies_per_ev__exosome__mRNA=0.0)
    taken = run.amount("taken_per_cell_and_day")[-1] / 24
    send, copies = v["secretion_rate__exosome"], run.amount("copies_per_vesicle")[-1]
    own = v["transporter_copies_resistant__ABCB1"]

    def slope(clears):
        def of(t, y):
            cells = 5e5 * math.exp(mu * t)
            vesicles, on, brought = y
            passed = send * copies * brought / own
            return [send * cells - 2 * clears * cells * vesicles, send * copies * cells + passed - 2 * clears * cells * on, fuses * clears * cells * on - loss * brought - passed]

        return of

    def follow(clears):
        return solve_ivp(slope(clears), (0, 168.0), [0.0, 0.0, 0.0], method="LSODA", rtol=1e-10, atol=1e-3).y[:, -1]

    from scipy.optimize import brentq

    clears = brentq(lambda h: h * follow(h)[0] - taken, 1e-12, 1e-8)
    cells = 5e5 * math.exp(mu * 168.0)
    assert run.amount("brought_per_cell")[-1] == pytest.approx(follow(clears)[2] / cells, rel=1e-4)


def test_mixed_culture_in_its_ic50_grows_at_half_the_rate(culture):
    """Resistant cells at their own IC50: half as many doublings."""
    v = values(assemble_mixture(Mixture(concentration=1.0), shipped()))
    shift = culture.run().amount("ic50_shift_resistant")[0]
    followed = Followed(assemble_mixture(Mixture(concentration=v["ic50__free_drug__doxorubicin__in_vitro"] * shift), shipped()), 168.0)
    doublings = [math.log2(run.amount("resistant_cells")[-1] / 5e5) for run in (followed.run(), followed.run(concentration=0.0))]
    assert doublings[0] / doublings[1] == pytest.approx(0.5, rel=SOLVER)


def test_induction_reaches_only_cells_that_a_vesicle_reached(culture):
    """Own copies stay between rest and the fold of rest, and below what all cells induced would have."""
    run = culture.run(induction=10.0)
    rest = values(assemble_mixture(Mixture(), shipped()))["transporter_copies_sensitive__ABCB1"]
    assert np.all(run.amount("own_per_cell") >= rest * (1 - SOLVER))
    assert np.all(run.amount("own_per_cell") <= rest * (1 + 9 * np.max(run.amount("reached_cells"))) * (1 + SOLVER))
