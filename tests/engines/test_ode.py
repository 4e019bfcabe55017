"""The deterministic engine: the contract, the balance of every shipped arm, and two other programs as oracles."""

import functools
from dataclasses import replace

import pytest
import shipped_models
from contract import EngineContract, model, prepared
from oracles import copasi, error, roadrunner, tight_engine, watched
from shipped_models import EVERY_SCENARIO

from vesicle.engines.base import OK
from vesicle.engines.ode import ENSEMBLE_RTOL, STRICT_ABSOLUTE, STRICT_RTOL, OdeEngine
from vesicle.engines.program import BODY, compile_model, draw_matrix, output_times, values_of
from vesicle.errors import SolverError
from vesicle.evidence import shipped
from vesicle.model import sbml
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load

AGREEMENT = 1e-6
SHORT = {"pancreas-kras": (("duration", "96 h"), ("question.at", "96 h")), "mouse-biodistribution": (("duration", "4 h"), ("question.at", "4 h"), ("observe_every", "1 h"))}
ARMS = [(name, arm) for name in SHORT for arm in load(name).arms]
EVERY_ARM = pytest.mark.parametrize(("name", "arm"), ARMS, ids=[f"{name}-{arm}" for name, arm in ARMS])


class TestOdeEngine(EngineContract):
    """libRoadRunner under the contract, at the strict setting."""

    @pytest.fixture
    def engine(self):
        return OdeEngine(STRICT_RTOL)

    @pytest.fixture
    def accuracy(self):
        """A hundred steps that each err by the absolute tolerance, BODY * STRICT_ABSOLUTE of a dose."""
        return 100 * BODY * STRICT_ABSOLUTE

    @pytest.fixture
    def balance(self):
        """What the issue asks of the nominal run."""
        return 1e-9

    def settings(self, engine):
        return {"rtol": engine.rtol}


class TestOdeEngineOfEnsembles(EngineContract):
    """The same at the setting for draws, where an amount counts from 1e-5 of a dose on."""

    @pytest.fixture
    def engine(self):
        return OdeEngine(ENSEMBLE_RTOL)

    @pytest.fixture
    def accuracy(self):
        """Thirty steps that each err by the absolute tolerance; 1.4e-4 is seen where a place fills up."""
        return 30 * BODY

    @pytest.fixture
    def balance(self):
        """One absolute tolerance of a dose; 6e-6 is seen."""
        return BODY


# shipped arms ------------------------------------------------------------------------------------


@functools.cache
def models(name, changes=()):
    return assemble(load(name, dict(SHORT.get(name, ())) | dict(changes)), shipped())


@functools.cache
def nominal(name, arm):
    """Program, values and nominal trajectory of a shortened shipped arm."""
    scenario, one = load(name, dict(SHORT[name])), models(name)[arm]
    program, lean = compile_model(one, output_times(scenario.duration, scenario.observe_every))
    values = values_of(lean, one.network.parameters, draw_matrix(one.network.parameters, 1, [-1]))[0]
    return program, values, OdeEngine(STRICT_RTOL).run(program, values)


@EVERY_ARM
def test_shipped_arm_runs_to_the_end(name, arm):
    assert nominal(name, arm)[2].status == OK


@EVERY_ARM
def test_every_particle_given_by_the_end_is_in_a_place_or_a_sink(name, arm):
    """Doses at or before the end, which the engine has given, against what is there and what has left."""
    program, values, run = nominal(name, arm)
    for particle in models(name)[arm].network.particles:
        given = sum(amount for (time, species), amount in zip(program.doses, values.doses, strict=True) if species.startswith(f"{particle.id}__") and time <= program.times[-1])
        here = sum(amount for species, amount in run.final.items() if species.startswith(f"{particle.id}__"))
        gone = sum(amount for species, amount in run.final.items() if species.startswith("out_") and species.endswith(f"__{particle.id}"))
        assert here + gone == pytest.approx(given, rel=1e-9)


@pytest.mark.parametrize("arm", [arm for arm in load("mouse-biodistribution").arms if arm != "untreated"])
def test_every_label_given_is_on_a_vesicle_or_freed_or_eliminated(arm):
    _, _, run = nominal("mouse-biodistribution", arm)
    particle = models("mouse-biodistribution")[arm].network.particles[0]
    label = next(p.entity for p in particle.passengers if p.tracked)
    here = sum(amount for species, amount in run.final.items() if species.startswith((f"{label}_on_{particle.id}__", f"{label}_free__")))
    gone = sum(amount for species, amount in run.final.items() if species.startswith("out_") and species.endswith(f"__{label}"))
    assert here + gone == pytest.approx(run.extent("given", particle.id)[-1], rel=1e-9)


@EVERY_ARM
def test_nothing_of_a_shipped_arm_falls_below_zero(name, arm):
    """To the noise of the strict setting: up to eight places of a sum, ten absolute tolerances of a dose each."""
    _, values, run = nominal(name, arm)
    dose = max(values.doses, default=1.0)
    assert min(run.outputs.min(), run.crossings.min(initial=0.0)) >= -8 * 10 * BODY * STRICT_ABSOLUTE * dose


def test_given_steps_up_after_each_dose_time():
    """Outputs at 0 (after the dose), 48 (before the second) and 60 h."""
    program, _, run = nominal("pancreas-kras", "kras_exosome_iv")
    given = run.extent("given", "kras_exosome")
    at = {time: given[program.times.index(time)] for time in (0.0, 36.0, 48.0, 60.0, 96.0)}
    one = at[0.0]
    assert [at[time] / one for time in (36.0, 48.0, 60.0, 96.0)] == pytest.approx([1.0, 1.0, 2.0, 2.0], rel=1e-12)


# other programs ----------------------------------------------------------------------------------

OFF_DOSES = tuple(float(t) for t in (0, 0.5, 2, 6, 12, 24, 36, 47, 49, 54, 60, 72, 84, 95))
TWO_DOSES = (("duration", "96 h"), ("question.at", "96 h"), ("arms.kras_exosome_iv.doses.0.count", "2"))


@functools.cache
def lean_trajectory(sample=-1):
    """(values by parameter id, (n_time, n_species) amounts) of the lean network at tight tolerances."""
    one, names = watched(models("pancreas-kras", TWO_DOSES)["kras_exosome_iv"])
    program, lean = compile_model(one, OFF_DOSES)
    matrix = draw_matrix(one.network.parameters, 1, [sample])
    values = values_of(lean, one.network.parameters, matrix)[0]
    run = tight_engine().run(program, values)
    assert run.status == OK
    return dict(zip((p.id for p in one.network.parameters), matrix[0], strict=True)), run.outputs


def exported(sample=-1):
    """The whole network of the same draw as SBML with its doses as events."""
    one = models("pancreas-kras", TWO_DOSES)["kras_exosome_iv"]
    return sbml.write(one.network, one.flat, values=lean_trajectory(sample)[0]), tuple(one.flat.species)


@pytest.mark.parametrize("sample", [-1, 3])
def test_lean_network_is_the_whole_network(sample):
    """Nominal and one draw: the exported SBML with events in libRoadRunner against the reduced network with doses."""
    text, names = exported(sample)
    whole = roadrunner(text, names, OFF_DOSES)
    assert error(lean_trajectory(sample)[1], whole) < AGREEMENT


def test_copasi_gives_the_same_trajectory():
    text, names = exported()
    assert error(lean_trajectory()[1], copasi(text, names, OFF_DOSES)) < AGREEMENT


@EVERY_SCENARIO
def test_libsbml_finds_no_problem_in_the_export(name):
    """The arm with most flows and rules; every arm of unlike structure is asked in verification."""
    one = max(shipped_models.models(name).values(), key=lambda model: len(model.flat.flows) + len(model.network.rules))
    assert sbml.problems(sbml.write(one.network, one.flat)) == []


def test_libsbml_would_find_a_problem():
    """A rule in the wrong unit, to see the check fail."""
    one = models("pancreas-kras")["vehicle"]
    rules = tuple(replace(rule, unit="mL") if rule.id == "growth_rate" else rule for rule in one.network.rules)
    assert sbml.problems(sbml.write(replace(one.network, rules=rules), one.flat))


def test_exported_model_has_the_name_of_its_network():
    import libsbml

    one = models("pancreas-kras")["kras_exosome"]
    document = libsbml.readSBMLFromString(sbml.write(one.network, one.flat))
    assert document.getModel().getId()


def test_dose_moves_the_absolute_tolerance_with_it():
    """A dose a million times smaller is integrated to the same share."""
    program, draws = prepared(model(), rows=[[0.5, 0.2, 1e9], [0.5, 0.2, 1e3]])
    large, small = (OdeEngine(STRICT_RTOL).run(program, values).outputs for values in draws)
    assert small / 1e3 == pytest.approx(large / 1e9, rel=0, abs=200 * BODY * STRICT_ABSOLUTE)


def test_state_that_was_left_for_another_is_refused():
    """Guards against a second init on one engine changing what the first state returns."""
    one = models("pancreas-kras")["vehicle"]
    program, lean = compile_model(one, (0.0, 1.0))
    values = values_of(lean, one.network.parameters, draw_matrix(one.network.parameters, 1, [-1, 0]))
    engine = OdeEngine()
    left = engine.init(program, values[0])
    engine.init(program, values[1])
    with pytest.raises(SolverError, match="finish one before the next"):
        engine.advance(left, 1.0)
