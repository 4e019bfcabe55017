"""Several populations of cells share one arm's vesicles: what each has of its own, what all share, and what stays exactly as it was alone."""

import functools
import string
from dataclasses import replace

import numpy as np
import pytest
import sympy
from hypothesis import assume, given
from hypothesis import strategies as st

from vesicle import reading
from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, parameter_values, values_of
from vesicle.errors import InputError
from vesicle.evidence import shipped
from vesicle.mechanisms.base import Site
from vesicle.mechanisms.entering.attachment import diffusion_limit, encounter_clearance
from vesicle.model import populations, sbml
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import find, parse
from vesicle.network.serial import to_json
from vesicle.network.types import Arm, Network, Particle

NEAR = 1e-7
"""Strict runs hold each amount to 1e-9; sums over a day of a few hundred steps are good to about a hundred times that."""
BALANCE = 1e-10
"""Flows cancel exactly in a linear invariant; what is left is the rounding of sums over a day's steps."""
FEW = "1e-9 cell"
"""So few cells that they take nothing."""


def altered(name, change):
    """A shipped scenario after ``change`` of its plain content."""
    tree = reading.yaml_tree(find(name))
    data = tree.plain()
    change(data)
    return parse(Changed(tree, data), {})


class Changed:
    """A located tree with other content: what a test writes has no lines."""

    def __init__(self, tree, data):
        self.tree, self.data = tree, data

    def plain(self):
        return self.data

    def __getattr__(self, name):
        return getattr(self.tree, name)


def breast(cells="2e5 cell", beside=None, other="1e5 cell", **keys):
    """The miR-100 well with cells in number, and others beside them."""

    def change(data):
        recipient = data["recipients"]["breast_cancer"]
        recipient |= {"cells": cells, **keys}
        data["recipients"]["other"] = recipient | {"cells": other} | (beside or {})
        data["arms"] = {"vehicle": {}, "natural_exosome": {"doses": [{"product": "natural_exosome", "route": "well", "amount": "2e9 EV"}]}}
        if beside is not None:
            data["arms"]["natural_exosome"]["beside"] = ["other"]
        data["environment"] |= {"layers": "6"}
        data["parameters"] = {"cell_floor": "1e-9 cell"}
        data["reports"] = []

    return altered("breast-mir100-well", change)


def drug(transporters=None, cells="5e3 cell", other="2e3 cell", beside=("other",)):
    """Paclitaxel exosomes on one population, or on it and another with pumps of its own."""

    def change(data):
        one = data["recipients"]["wild_type"]
        data["recipients"] = {"wild_type": one | {"cells": cells}, "other": one | {"cells": other, "transporters": transporters or {}}}
        data["arms"] = {"sonicated": data["arms"]["sonicated"] | {"recipient": "wild_type", "beside": list(beside), "control": ""}}
        data["environment"] |= {"layers": "6"}
        data["question"] |= {"arm": "sonicated", "control": "sonicated"}
        data["reports"] = []

    return altered("paclitaxel-mdr-well", change)


def tumour(beside=True):
    """A mouse whose tumour holds stem cells beside the cancer cells."""

    def change(data):
        data["recipients"]["stem"] = {"cell": "mesenchymal stem cell", "cells": "3e7 cell", "growth": "none"}
        data["arms"] = {"dye": data["arms"]["lipid_dye"] | ({"beside": ["stem"]} if beside else {})}
        data["question"] = {"arm": "dye", "control": "dye", "readout": "tumour_volume", "change": "5 %", "at": "1 h"}
        data["reports"] = []

    return altered("mouse-biodistribution", change)


def last(scenario):
    """The only arm with doses."""
    return next(name for name, arm in scenario.arms.items() if arm.doses)


@functools.cache
def followed(scenario_of, *arguments):
    """(model, final amounts and readouts by name) of a scenario's arm."""
    scenario = scenario_of(*arguments)
    model = assemble(scenario, shipped())[last(scenario)]
    return model, final(model, scenario)


def final(model, scenario):
    """Readouts and counters at the end, nominal."""
    program, lean = compile_model(model, output_times(scenario.duration, scenario.duration))
    run = OdeEngine(STRICT_RTOL).run(program, values_of(lean, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0])
    assert run.status == OK
    return dict(zip(program.observables, run.outputs[-1], strict=True)) | dict(zip(program.counters, run.crossings[-1], strict=True))


def whole():
    return breast("2e5 cell")


def halves():
    return breast("1e5 cell", {})


def with_few():
    return breast("2e5 cell", {"cells": FEW})


def in_suspension():
    return breast("2e5 cell", suspended="true")


def suspended_halves():
    return breast("1e5 cell", {}, suspended="true")


OF_OTHER = populations.ending("other")


@pytest.mark.parametrize(("one", "two"), [(whole, halves), (in_suspension, suspended_halves)], ids=["on the floor", "in suspension"])
def test_two_identical_halves_are_one_whole(one, two):
    _, alone = followed(one)
    _, both = followed(two)
    assert both["in_medium"] == pytest.approx(alone["in_medium"], rel=NEAR)
    assert both["cells"] + both["cells" + OF_OTHER] == pytest.approx(alone["cells"], rel=NEAR)
    for name in ("in_cell:natural_exosome", "on_cell:natural_exosome", "cytosolic:hsa_miR_100_5p", "engaged:hsa_miR_100_5p", "reached_cells:hsa_miR_100_5p", "mRNA:MTOR"):
        assert both[name] == pytest.approx(alone[name], rel=NEAR), name
        assert both[name + OF_OTHER] == pytest.approx(alone[name], rel=NEAR), name
    for step in ("bound", "internalised", "released"):
        assert both[f"n_{step}__natural_exosome"] + both[f"n_{step}_of_other__natural_exosome"] == pytest.approx(alone[f"n_{step}__natural_exosome"], rel=NEAR), step
    assert both["out_digested__natural_exosome"] == pytest.approx(alone["out_digested__natural_exosome"], rel=NEAR)


def drug_alone():
    return drug(beside=())


def drug_halves():
    return drug(cells="2.5e3 cell", other="2.5e3 cell")


def test_two_halves_share_the_drug_in_their_medium():
    _, alone = followed(drug_alone)
    _, both = followed(drug_halves)
    for name in ("effective:paclitaxel", "drug_exposure:paclitaxel"):
        assert both[name] == pytest.approx(alone[name], rel=NEAR), name
        assert both[name + OF_OTHER] == pytest.approx(alone[name], rel=NEAR), name
    assert both["in_cells:paclitaxel"] + both["in_cells:paclitaxel" + OF_OTHER] == pytest.approx(alone["in_cells:paclitaxel"], rel=NEAR)


def test_the_first_recipient_does_not_notice_cells_that_take_nothing():
    _, alone = followed(whole)
    _, both = followed(with_few)
    assert alone.keys() <= both.keys()
    for name, value in alone.items():
        assert both[name] == pytest.approx(value, rel=NEAR, abs=1e-12), name


@pytest.mark.parametrize(("one", "two"), [(whole, halves), (lambda: tumour(False), tumour)], ids=["well", "body"])
def test_what_the_first_recipient_is_made_of_stays_as_it_was(one, two):
    """Ids, places, transfers, reactions: all of the arm alone is in the arm with others; only readouts of a whole organ see more."""
    alone, both = (assemble(s, shipped())[last(s)].network for s in (one(), two()))
    for kind in ("particles", "rules", "places", "transfers", "unpacks", "reactions"):
        assert set(map(str, getattr(alone, kind))) <= set(map(str, getattr(both, kind))), kind
    started = {"suspended_cells", "floor_cells"}
    assert {s for s in alone.species if s.id not in started} <= {s for s in both.species if s.id not in started}
    changed = {o.id for o in alone.observables} - {o.id for o in both.observables if o in alone.observables}
    assert {name.split(":")[1] for name in changed} <= {"tumour"}


def test_an_organs_readouts_hold_every_population_in_it():
    body = network("label in a body").network
    of_stem = populations.ending("stem")
    for name in ("in:tumour:dye_exosome", "signal:tumour"):
        inside = {str(s) for s in next(o for o in body.observables if o.id == name).value.free_symbols}
        plain = {s for s in inside if "tumour_endosome" in s or "tumour_surface" in s}
        mine = {s for s in plain if s.endswith(of_stem)}
        assert mine
        assert {s.removesuffix(of_stem) for s in mine} == plain - mine


CASES = {
    "miRNA in a well": (halves,),
    "suspended": (suspended_halves,),
    "drug in a well": (drug,),
    "drug and pump": (lambda: drug({"ABCB1": "1 fold"}),),
    "label in a body": (tumour,),
}
EVERY = pytest.mark.parametrize("case", CASES)


@functools.cache
def network(case):
    scenario = CASES[case][0]()
    return assemble(scenario, shipped())[last(scenario)]


@EVERY
def test_every_flow_keeps_the_particles_of_all_populations(case):
    """dosed = amounts + sinks is a linear invariant: no event makes or loses a particle, wherever it is."""
    model = network(case)
    for particle in model.network.particles:
        mine = {name for name in model.flat.species if name.startswith(f"{particle.id}__") or (name.startswith("out_") and name.endswith(f"__{particle.id}"))}
        assert any("_of_" in name for name in mine)
        for flow in model.flat.flows:
            assert sum(change for name, change in flow.changes.items() if name in mine) == 0, flow.id


@EVERY
def test_drugs_and_labels_are_kept_over_all_populations(case):
    model = network(case)
    entities = {p.entity for particle in model.network.particles for p in particle.passengers if p.tracked}
    for entity in entities:
        mine = {n for n in model.flat.species if n.startswith((f"{entity}_on_", f"{entity}_free__")) or (n.startswith("out_") and n.endswith(f"__{entity}"))}
        for flow in model.flat.flows:
            assert sum(change for name, change in flow.changes.items() if name in mine) == 0, flow.id


@EVERY
def test_sbml_of_an_arm_with_others_has_no_problem_of_units_or_names(case):
    model = network(case)
    assert sbml.problems(sbml.write(model.network, model.flat)) == []


@pytest.mark.parametrize("scenario", [halves, suspended_halves], ids=["floor", "suspended"])
def test_given_vesicles_are_in_the_medium_on_cells_in_them_or_gone(scenario):
    _, end = followed(scenario)
    held = end["in_medium"]
    for of in ("", OF_OTHER):
        held += (end[f"on_cell:natural_exosome{of}"] + end[f"in_cell:natural_exosome{of}"]) * end[f"cells{of}"]
    gone = sum(value for name, value in end.items() if name.startswith("out_") and name.endswith("natural_exosome"))
    assert held + gone == pytest.approx(end["n_given__natural_exosome"], rel=BALANCE)


def test_suspended_cells_leave_an_even_suspension_even():
    """Every layer loses the same share per hour and gets its share back, so nothing diffuses: amounts stay as the thicknesses."""

    def change(data):
        data["environment"] |= {"layers": "6", "settling": "false"}
        data["recipients"]["breast_cancer"] |= {"suspended": "true", "cells": "2e5 cell"}
        data["arms"] = {"vehicle": {}, "natural_exosome": data["arms"]["natural_exosome"]}
        data["reports"] = []

    scenario = altered("breast-mir100-well", change)
    model = assemble(scenario, shipped())["natural_exosome"]
    binding = [t for t in model.network.transfers if t.step == "bound" and not t.backward]
    letting_go = [t for t in model.network.transfers if t.step == "bound" and t.backward]
    assert [t.source for t in binding] == [t.target for t in letting_go] == [f"layer_{i}" for i in range(6)]
    assert len({t.hazard for t in binding}) == 1
    sizes = {p.id: p.value for p in model.network.parameters}
    shares = [parameter_values(t.hazard, model.network.parameters, draw_matrix(model.network.parameters, 1, [-1]))[0] / sizes["unbinding_rate"] for t in letting_go]
    assert shares == pytest.approx([sizes[f"layer_thickness_{i}"] / sizes["depth"] for i in range(6)], rel=1e-12)
    assert sum(shares) == pytest.approx(1, rel=1e-12)


def test_particles_are_in_reach_of_suspended_cells_when_given():
    _, end = followed(in_suspension)
    assert end["n_in_reach__natural_exosome"] == pytest.approx(end["n_given__natural_exosome"], rel=BALANCE)


def test_parameters_are_shared_where_the_same_records_answer_and_apart_where_others_do():
    model = network("drug and pump")
    names = {p.id for p in model.network.parameters}
    assert any(n.startswith("doubling_time") for n in names)
    assert not any(n.startswith(("doubling_time", "cell_diameter", "drug_permeability")) and n.endswith(OF_OTHER) for n in names)
    assert {"cells_at_start", "cells_at_start" + OF_OTHER} <= names


def test_a_pump_of_the_other_population_is_its_own():
    _, end = followed(drug_and_pump)
    assert end["effective:paclitaxel" + OF_OTHER] < end["effective:paclitaxel"]


def drug_and_pump():
    return drug({"ABCB1": "1 fold"})


@given(st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=12).filter(lambda s: s[0].isalpha()))
def test_renaming_is_one_to_one_and_can_be_undone(name):
    part, ids = own(), populations.renaming(own(), name)
    assert len(set(ids.values())) == len(ids)
    assert not set(ids) & set(ids.values())
    assume(f"{populations.OTHER}{name}" not in to_json(part))  # else a name of the network's own would be cut below
    there = populations.renamed(part, name)
    text = to_json(Network("x", Arm("x"), part.particles).with_part(there))
    back = text.replace(populations.ending(name), "").replace(f"{populations.OTHER}{name}", "").replace(f" ({name})", "")
    assert back == to_json(replace(part, id="x", arm=Arm("x"), parameters=()))


@functools.cache
def own():
    """A population's own network: that of the well without the medium, as the first recipient has it."""
    scenario = whole()
    found = assemble(scenario, shipped())[last(scenario)].network
    kept = {kind: tuple(x for x in getattr(found, kind) if not populations.is_shared(x.id)) for kind in ("species", "rules", "transfers", "unpacks", "reactions")}
    places = tuple(p for p in found.places if p.kind == "cells")
    inside = {p.id for p in places}
    kept["transfers"] = tuple(t for t in kept["transfers"] if {t.source, t.target} & inside)
    kept["rules"] = tuple(r for r in kept["rules"] if not r.id.startswith(("D__", "v_settle")))
    return Network("own", Arm("own"), found.particles, places=places, observables=tuple(o for o in found.observables if o.id.startswith(("cells", "in_cell"))), **kept)


def relative(fold):
    """Clearance of a monocyte whose uptake is ``fold`` that of a T cell, over its diffusion limit, and the T cell's own clearance."""
    library = shipped()
    measured = next(m for m in library.of("relative_uptake") if m.cell == "monocyte")
    library = replace(library, measurements=tuple(replace(m, value=fold, low=None, high=None) if m.id == measured.id else m for m in library.measurements))
    site = Site(library, {"cell_line": "monocyte", "sized_cell": "monocyte", "compared_with": "T cell"})
    plain = Site(library, {"sized_cell": "T cell"}, parameters=site.parameters)
    exosome = Particle("exosome", "exosome")
    terms = (encounter_clearance(site, exosome), diffusion_limit(site, exosome), encounter_clearance(plain, exosome))
    parameters = tuple(site.parameters.values())
    return [float(parameter_values(sympy.sympify(t), parameters, draw_matrix(parameters, 1, [-1]))[0]) for t in terms]


def test_relative_uptake_is_the_measured_fold_while_far_from_the_diffusion_limit():
    clearance, limit, of_t_cell = relative(2.0)
    assert clearance / of_t_cell == pytest.approx(2, rel=2 * clearance / limit)


def test_no_fold_lets_a_cell_take_more_than_meets_it():
    clearance, limit, _ = relative(1e6)
    assert 0.99 * limit < clearance < limit


@functools.cache
def pbmc(*changes):
    def change(data):
        data["parameters"] = dict(changes)

    scenario = altered("pbmc-uptake-well", change)
    models = assemble(scenario, shipped())
    return {arm: final(models[arm], scenario) for arm in ("t_cells_alone", "pbmc", "equal_uptake")}


EQUAL = tuple((f"relative_uptake__T_cell__{cell}", "1") for cell in ("monocyte", "B_cell", "NK_cell"))
DIAMETERS = tuple((f"cell_diameter__{cell}", "7 um") for cell in ("T_cell", "monocyte", "B_cell", "NK_cell"))


def test_a_t_cell_gets_less_beside_monocytes_than_alone():
    found = pbmc()
    assert found["pbmc"]["in_cell:exosome"] < found["t_cells_alone"]["in_cell:exosome"]
    assert found["pbmc"]["in_cell:exosome__of_monocyte"] > found["pbmc"]["in_cell:exosome"]


def test_equal_uptake_makes_no_difference_to_a_t_cell():
    found = pbmc()
    assert found["equal_uptake"]["in_cell:exosome"] == pytest.approx(found["t_cells_alone"]["in_cell:exosome"], rel=NEAR)
    twin = pbmc(*EQUAL, *DIAMETERS)
    assert twin["pbmc"]["in_cell:exosome"] == pytest.approx(twin["t_cells_alone"]["in_cell:exosome"], rel=NEAR)


def test_shares_of_a_preparation_sum_to_its_cells():
    found = pbmc()["pbmc"]
    cells = [value for name, value in found.items() if name == "cells" or name.startswith("cells__of_")]
    assert len(cells) == 4
    assert sum(cells) == pytest.approx(1e5, rel=1e-12)
    assert sum(value for name, value in found.items() if name.startswith("taken_share:")) == pytest.approx(1, rel=1e-5)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["arms"]["pbmc"].update(beside=["monocytes"]), "unknown recipient 'monocytes'"),
        (lambda d: d["arms"]["pbmc"].update(beside=["t_cell"]), "has the recipient 't_cell' twice"),
        (lambda d: d["arms"]["pbmc"].update(floor="bare"), "'floor: bare', which is without cells"),
        (lambda d: d["recipients"]["t_cell"].pop("cells"), "needs the cells of the whole preparation"),
        (lambda d: d["recipients"]["monocyte"].update(cells="2e5 cell"), "state different 'cells'"),
    ],
)
def test_recipients_that_do_not_fit_together_are_refused_with_a_reason(change, message):
    with pytest.raises(InputError, match=message):
        assemble(altered("pbmc-uptake-well", change), shipped())


def test_suspension_in_a_body_is_refused():
    with pytest.raises(InputError, match="is suspended in a medium; that needs a well"):
        altered("mouse-tropism", lambda d: d["recipients"]["egfr_high"].update(suspended="true"))


def test_cells_that_rest_stay_as_many():
    assert np.isclose(pbmc()["t_cells_alone"]["cells"], 1e5, rtol=1e-12)
