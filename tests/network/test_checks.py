"""Checks: a network that adds litres to millilitres, or names what nobody declared, is refused."""

from dataclasses import replace

import pytest
import sympy

from vesicle.errors import ModelError, UnitError
from vesicle.network.checks import check
from vesicle.network.expressions import symbol
from vesicle.network.types import Arm, Dose, Network, Observable, Parameter, Particle, Passenger, Reaction, Rule, Species, Transfer, Unpack

k, c, V, CL, t = (symbol(name) for name in ("k", "c", "V", "CL", "t"))
SOUND = Network(
    "n",
    Arm("treated", (Dose(0.0, "ev__blood", symbol("dose")),)),
    particles=(Particle("ev", "product", (Passenger("rna", "cargo", c),)),),
    parameters=(
        Parameter("dose", "EV", 10.0),
        Parameter("k", "1/h", 0.5),
        Parameter("c", "copy/EV", 3.0),
        Parameter("V", "mL", 2.0),
        Parameter("CL", "mL/h", 1.0),
        Parameter("t", "h", 1.0),
    ),
    rules=(Rule("density", "EV/mL", symbol("ev__blood") / V),),
    species=(Species("rna__cell", "rna", "cell", "copy"),),
    transfers=(Transfer("bind", "ev", "blood", "cell", CL / V, step="bound"),),
    unpacks=(Unpack("open", "ev", "cell", {"rna": "rna__cell"}, k, step="released"),),
    reactions=(Reaction("decay", {"rna__cell": -1.0}, k * symbol("rna__cell")),),
    observables=(Observable("copies", "copy", symbol("rna__cell")),),
)


def with_rule(unit: str, expression: sympy.Expr, **more: str) -> Network:
    """The sound network with a rule, and with parameters of these units."""
    extra = tuple(Parameter(name, its, 1.0) for name, its in more.items())
    return replace(SOUND, rules=(*SOUND.rules, Rule("r", unit, expression)), parameters=(*SOUND.parameters, *extra))


def test_sound_network_passes_and_comes_back_flat():
    assert {"ev__blood", "ev__cell", "rna__cell", "n_bound__ev", "out_unpacked__ev"} <= set(check(SOUND).species)


@pytest.mark.parametrize(
    ("unit", "expression"),
    [
        ("mL/h", k * V + CL),
        ("1", sympy.exp(-k * t)),
        ("mL^2", V**2),
        ("cm", sympy.cbrt(V)),
        ("mL", sympy.Max(0, V - CL * t)),
        ("1", (k * t) ** symbol("n")),
        ("1", sympy.exp(-symbol("m"))),
    ],
)
def test_expression_with_matching_units_passes(unit, expression):
    check(with_rule(unit, expression, n="1", m="EV/cell"))


def test_sum_of_two_dimensions_is_refused_with_both_terms():
    with pytest.raises(UnitError, match=r"rule 'r'.*added or compared") as caught:
        check(with_rule("mL", V + t))
    assert "length^3" in str(caught.value)
    assert "time" in str(caught.value)


def test_sum_of_two_scales_is_refused_and_not_converted():
    with pytest.raises(UnitError, match=r"scale 1e\+12.*scale 1e\+15|scale 1e\+15.*scale 1e\+12"):
        check(with_rule("mL/h", CL + symbol("Q"), Q="L/h"))


def test_comparison_of_two_dimensions_is_refused():
    with pytest.raises(UnitError, match="added or compared"):
        check(with_rule("mL", sympy.Max(V, t)))


def test_function_of_a_dimension_is_refused():
    with pytest.raises(UnitError, match="takes a function of time; expected a pure number"):
        check(with_rule("1", sympy.exp(-t)))


@pytest.mark.parametrize("expression", [sympy.exp(-symbol("k_day") * t), 2 ** (symbol("k_day") * t), sympy.exp(-symbol("share"))])
def test_function_of_a_pure_number_with_a_scale_is_refused(expression):
    with pytest.raises(UnitError):
        check(with_rule("1", expression, k_day="1/d", share="%"))


def test_exponent_with_a_unit_is_refused():
    with pytest.raises(UnitError, match="the exponent in .* has a unit"):
        check(with_rule("1", sympy.Integer(2) ** t))


def test_dimension_to_a_variable_power_is_refused():
    with pytest.raises(UnitError, match=r"raises length\^3 to a variable power"):
        check(with_rule("1", V ** symbol("n"), n="1"))


def test_rule_of_another_dimension_is_refused_with_both():
    with pytest.raises(UnitError, match=r"rule 'r' is length\^3, expected time \('h'\)"):
        check(with_rule("h", V))


def test_rule_of_another_scale_is_refused_with_the_factor():
    with pytest.raises(UnitError, match="comes out in units 0.001 times 'L'"):
        check(with_rule("L", V))


def test_hazard_that_is_no_rate_is_refused():
    wrong = replace(SOUND.transfers[0], hazard=CL)
    with pytest.raises(UnitError, match=r"rate of 'bind'.*'EV/h'"):
        check(replace(SOUND, transfers=(wrong,)))


def test_hazard_per_day_is_refused():
    wrong = replace(SOUND.unpacks[0], hazard=symbol("k_day"))
    with pytest.raises(UnitError, match="rate of 'open'"):
        check(replace(SOUND, unpacks=(wrong,), parameters=(*SOUND.parameters, Parameter("k_day", "1/d", 1.0))))


def test_observable_in_the_wrong_unit_is_refused():
    with pytest.raises(UnitError, match="observable 'copies' is copy, expected EV"):
        check(replace(SOUND, observables=(replace(SOUND.observables[0], unit="EV"),)))


def test_initial_amount_in_the_wrong_unit_is_refused():
    with pytest.raises(UnitError, match="initial amount of 'rna__cell'"):
        check(replace(SOUND, species=(replace(SOUND.species[0], initial=V),)))


def test_name_nobody_declares_is_refused():
    with pytest.raises(ModelError, match="rule 'r': 'ghost' is used but nobody declares it"):
        check(with_rule("1", symbol("ghost")))


def test_step_outside_the_chain_is_refused_with_the_chain():
    with pytest.raises(ModelError, match="'bind' counts the step 'flown'; the chain of custody has made, loaded"):
        check(replace(SOUND, transfers=(replace(SOUND.transfers[0], step="flown"),)))


def test_reaction_on_a_species_that_does_not_exist_is_refused():
    ghost = Reaction("r", {"rna__cell": -1.0, "ghost": 1.0}, k * symbol("rna__cell"))
    with pytest.raises(ModelError, match="'r' changes 'ghost', which is no species"):
        check(replace(SOUND, reactions=(ghost,)))


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_parameter_that_is_not_finite_is_refused(value):
    with pytest.raises(ModelError, match="parameter 'k' is .*; expected a finite number"):
        check(replace(SOUND, parameters=(Parameter("k", "1/h", value), *SOUND.parameters[1:])))


DOSE = SOUND.arm.doses[0]


@pytest.mark.parametrize(
    "dose",
    [
        replace(DOSE, species="ghost__blood"),
        replace(DOSE, counts=("flown",)),
        replace(DOSE, amount=V),
        replace(DOSE, amount=symbol("ghost")),
        replace(DOSE, time=float("nan")),
    ],
)
def test_dose_that_does_not_hold_is_refused(dose):
    with pytest.raises((ModelError, UnitError)):
        check(replace(SOUND, arm=Arm("treated", (dose,))))


@pytest.mark.parametrize(
    "twin", [{"rules": (Rule("k", "mL", V),)}, {"species": (Species("k", "e", "cell", "copy"), *SOUND.species)}, {"parameters": (*SOUND.parameters, Parameter("k", "1/h", 9.0))}]
)
def test_one_id_for_two_things_is_refused(twin):
    with pytest.raises(ModelError):
        check(replace(SOUND, observables=(), **twin))


def test_arm_that_sets_an_unknown_parameter_is_refused():
    with pytest.raises(ModelError):
        check(replace(SOUND, arm=Arm("treated", (), {"ghost": 1.0})))
