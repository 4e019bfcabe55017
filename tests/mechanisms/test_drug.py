"""A small-molecule drug in vesicles, in medium, in cells with and without a pump."""

import functools

import pytest

from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, output_times, values_of
from vesicle.errors import ModelError, SchemaError
from vesicle.evidence import shipped
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load

WELL = "paclitaxel-mdr-well"
DEPTH = "parameters.transporter_interception_depth__ABCB1"
RESISTANCE = 30.0


@functools.cache
def run(arm, changes=(), hours="48 h"):
    scenario = load(WELL, {"duration": hours, "question.at": hours, "environment.layers": "5", **dict(changes)})
    kept = {name: spec for name, spec in scenario.arms.items() if name in (arm, "resistant_sonicated", "resistant_free")}
    model = assemble(scenario.model_copy(update={"arms": kept, "parameters": {}}), shipped())[arm]
    parameters = tuple(_set(p, scenario.parameters) for p in model.network.parameters)
    program, lean = compile_model(model, output_times(scenario.duration, scenario.duration / 4))
    found = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
    assert found.status == "ok"
    return found, {p.id: p.value for p in parameters}


def _set(parameter, changes):
    from dataclasses import replace

    return replace(parameter, value=float(changes[parameter.id])) if parameter.id in changes else parameter


def last(arm, name, changes=()):
    found, _ = run(arm, changes)
    return found.outputs[-1, found.program.observables.index(name)]


@pytest.mark.parametrize("arm", ["free", "sonicated", "resistant_sonicated"])
def test_drug_is_neither_made_nor_lost(arm):
    """Dissolved at the start or on vesicles given: all of it is in medium, on vesicles or in cells at the end."""
    found, p = run(arm)
    end = sum(v for n, v in found.final.items() if n.startswith("paclitaxel_") or n.startswith("out_") and n.endswith("__paclitaxel"))
    dissolved = sum(value for name, value in p.items() if name.startswith("solute__paclitaxel")) * p["well_area"] * p["depth"] * p["per_um3_mL"]
    given = p.get("dose__sonicated__x_0_96_pmol", 0.0) * p.get("handling_recovery__exosome", 0.0)
    assert end == pytest.approx(dissolved + given, rel=1e-6)


def test_pump_holds_free_drug_down_by_the_measured_resistance():
    """At rest u / c is 1 in the parent and 1 / (1 + e) in the line with the pump; growth moves both from rest by its share of the exit rate."""
    ratio = {arm: last(arm, "effective:paclitaxel") / _medium(arm) for arm in ("free", "resistant_free")}
    assert ratio["free"] == pytest.approx(1.0, abs=0.2)
    assert ratio["resistant_free"] * RESISTANCE == pytest.approx(1.0, abs=0.1)


def _medium(arm):
    found, p = run(arm)
    return found.final["paclitaxel_free__medium"] / (p["well_area"] * p["depth"] * p["per_um3_mL"])


def test_vesicles_pass_the_pump_only_as_deep_as_it_takes_from_outside():
    """Vesicles that do not leak outside: their gain in the resistant line over its parent is 1 + e s, or 1 where pump and cytosol see one pool."""
    quick = (("parameters.drug_leak_rate__exosome__paclitaxel", "0"),)

    def gain(depth):
        changes = (*quick, (DEPTH, depth))
        vesicles = last("resistant_sonicated", "drug_exposure:paclitaxel", changes) / last("sonicated", "drug_exposure:paclitaxel", changes)
        return vesicles * last("free", "drug_exposure:paclitaxel", changes) / last("resistant_free", "drug_exposure:paclitaxel", changes)

    assert gain("0") < 1.5
    assert gain("0.3") > 2
    assert gain("0.9") > gain("0.3") > gain("0")


def test_empty_vesicles_bring_no_drug_and_slow_no_growth():
    assert last("empty", "cells") == pytest.approx(last("medium", "cells"), rel=1e-6)
    assert "effective:paclitaxel" not in run("empty")[0].program.observables


def test_capacity_of_another_way_of_loading_is_refused():
    with pytest.raises(ModelError, match=r"'loading_capacity' for paclitaxel by sonication"):
        assemble(load(WELL), shipped().without(experiment="D04"))


def test_dose_in_moles_needs_a_drug():
    with pytest.raises(SchemaError, match="is an amount of drug, and there is none in it"):
        assemble(load(WELL, {"arms.empty.doses.0.amount": "1 pmol"}), shipped())
