"""What the elements of SBML become, each against a closed form."""

import re

import numpy as np
import pytest

from vesicle.engines.base import OK
from vesicle.engines.ode import STRICT_RTOL, OdeEngine
from vesicle.engines.program import compile_model, draw_matrix, values_of
from vesicle.errors import InputError, UnsupportedFeature
from vesicle.formats.sbml_child import model_data
from vesicle.formats.sbml_features import REFUSED, UNDERSTOOD
from vesicle.formats.sbml_reader import from_data
from vesicle.model import sbml
from vesicle.network.expressions import symbol
from vesicle.network.serial import from_json, to_json

TIMES = (0.0, 1.0, 2.5, 4.0)
CLOSE = {"rel": 1e-6, "abs": 1e-9}
"""A thousand times the relative tolerance of the strict setting."""


def math(text):
    """A formula of infix text as MathML, by libSBML."""
    import libsbml

    return re.sub(r"<\?xml.*?\?>", "", libsbml.writeMathMLToString(libsbml.parseL3Formula(text)))


def parameter(name, value, constant="false"):
    return f'<parameter id="{name}" value="{value}" constant="{constant}"/>'


def species(name, start, **more):
    flags = {"hasOnlySubstanceUnits": "false", "boundaryCondition": "false", "constant": "false", "compartment": "c", "initialAmount": start} | more
    return f'<species id="{name}" ' + " ".join(f'{k}="{v}"' for k, v in flags.items()) + "/>"


def reaction(law, reactants=(), products=(), stoichiometry=1, more=""):
    def side(names, word):
        if not names:
            return ""
        return f"<listOf{word}>" + "".join(f'<speciesReference species="{n}" stoichiometry="{stoichiometry}" constant="true"{more}/>' for n in names) + f"</listOf{word}>"

    return f'<reaction id="r" reversible="false">{side(reactants, "Reactants")}{side(products, "Products")}<kineticLaw>{math(law)}</kineticLaw></reaction>'


def event(when, then, delay="", priority="", persistent="true", initial="true", at_once="true"):
    extra = (f"<delay>{math(delay)}</delay>" if delay else "") + (f"<priority>{math(priority)}</priority>" if priority else "")
    assigned = "".join(f'<eventAssignment variable="{k}">{math(v)}</eventAssignment>' for k, v in then.items())
    trigger = f'<trigger initialValue="{initial}" persistent="{persistent}">{math(when)}</trigger>'
    return f'<event useValuesFromTriggerTime="{at_once}">{trigger}{extra}<listOfEventAssignments>{assigned}</listOfEventAssignments></event>'


def rule(kind, name, text):
    return f'<{kind}Rule variable="{name}">{math(text)}</{kind}Rule>'


def document(parameters="", places='<compartment id="c" spatialDimensions="3" size="2" constant="true"/>', amounts="", starts="", rules="", reactions="", events="", attributes=""):
    lists = (
        ("Compartments", places),
        ("Species", amounts),
        ("Parameters", parameters),
        ("InitialAssignments", starts),
        ("Rules", rules),
        ("Reactions", reactions),
        ("Events", events),
    )
    body = "".join(f"<listOf{name}>{content}</listOf{name}>" for name, content in lists if content)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m"{attributes}>{body}</model></sbml>'
    )


def imported(text, changes=None):
    return from_data(model_data(text.encode()), "f.xml", changes)


def trajectory(found, times=TIMES):
    program, lean = compile_model(found.model, times)
    parameters = found.model.network.parameters
    run = OdeEngine(STRICT_RTOL).run(program, values_of(lean, parameters, draw_matrix(parameters, 1, [-1]))[0])
    assert run.status == OK
    return run


def curve(text, name, times=TIMES, changes=None):
    return trajectory(imported(text, changes), times).amount(name)


t = np.array(TIMES)


def test_symbol_of_a_species_is_its_concentration():
    """Second order in a volume of 2: dA/dt = -k (A/2)^2, A = 8 / (1 + 8 k t / 4)."""
    text = document(parameter("k", 0.5, "true"), amounts=species("A", 8), reactions=reaction("k*A*A", ["A"]))
    assert curve(text, "A") == pytest.approx(8 / (1 + 8 * 0.5 * t / 4), **CLOSE)
    assert curve(text, "concentration:A") == pytest.approx(4 / (1 + 8 * 0.5 * t / 4), **CLOSE)


def test_symbol_of_a_species_in_substance_units_is_its_amount():
    text = document(parameter("k", 0.5, "true"), amounts=species("A", 8, hasOnlySubstanceUnits="true"), reactions=reaction("k*A*A", ["A"]))
    assert curve(text, "A") == pytest.approx(8 / (1 + 8 * 0.5 * t), **CLOSE)


def test_initial_concentration_times_size_is_the_amount():
    text = document(amounts=species("A", 8).replace("initialAmount", "initialConcentration"))
    assert curve(text, "A")[0] == 16


def test_boundary_species_is_not_changed_by_reactions():
    text = document(amounts=species("A", 8, boundaryCondition="true") + species("B", 0), reactions=reaction("A", ["A"], ["B"]))
    assert list(curve(text, "A")) == [8] * 4
    assert curve(text, "B") == pytest.approx(4 * t, **CLOSE)


def test_conversion_factor_scales_what_a_reaction_changes():
    text = document(parameter("f", 3, "true"), amounts=species("A", 0, conversionFactor="f"), reactions=reaction("2", [], ["A"], 5))
    assert curve(text, "A") == pytest.approx(30 * t, **CLOSE)


def test_growing_place_dilutes_and_keeps_the_amount():
    place = '<compartment id="c" spatialDimensions="3" size="2" constant="false"/>'
    text = document(places=place, amounts=species("A", 8), rules=rule("rate", "c", "0.5"))
    assert list(curve(text, "A")) == [8] * 4
    assert curve(text, "concentration:A") == pytest.approx(8 / (2 + 0.5 * t), **CLOSE)


def test_rate_of_a_concentration_in_a_growing_place():
    """dc/dt = 1 and V = 2 + t/2: amount = (c0 + t) V, also though the amount is what is integrated."""
    place = '<compartment id="c" spatialDimensions="3" size="2" constant="false"/>'
    text = document(places=place, amounts=species("A", 8, boundaryCondition="true"), rules=rule("rate", "c", "0.5") + rule("rate", "A", "1"))
    assert curve(text, "A") == pytest.approx((4 + t) * (2 + 0.5 * t), **CLOSE)


def test_assigned_concentration_is_an_amount_in_the_network():
    text = document(amounts=species("A", 0, boundaryCondition="true"), rules=rule("assignment", "A", "3*time"))
    assert curve(text, "A") == pytest.approx(6 * t, **CLOSE)


def test_varying_stoichiometry_is_followed():
    side = '<speciesReference id="n" species="A" constant="false"/>'
    law = f'<reaction id="r" reversible="false"><listOfProducts>{side}</listOfProducts><kineticLaw>{math("1")}</kineticLaw></reaction>'
    text = document(amounts=species("A", 0), rules=rule("assignment", "n", "2*time"), reactions=law)
    assert curve(text, "A") == pytest.approx(t**2, **CLOSE)


def test_initial_assignments_are_put_in_order():
    starts = "".join(f'<initialAssignment symbol="{n}">{math(m)}</initialAssignment>' for n, m in (("a", "2*b"), ("b", "c1+1"), ("c1", "4")))
    text = document("".join(parameter(n, 0) for n in ("a", "b", "c1")), starts=starts)
    assert {p.id: p.value for p in imported(text).model.network.parameters}["a"] == 10


def test_rate_of_a_quantity_is_its_derivative():
    text = document(parameter("x", 1) + parameter("y", 0), rules=rule("rate", "x", "-0.5*x") + rule("assignment", "y", "rateOf(x)"))
    assert curve(text, "y") == pytest.approx(-0.5 * np.exp(-0.5 * t), **CLOSE)


def test_rate_of_a_reaction_can_stand_in_a_formula():
    text = document(parameter("y", 0), amounts=species("A", 8), rules=rule("assignment", "y", "2*r"), reactions=reaction("0.5*A", ["A"]))
    assert curve(text, "y") == pytest.approx(4 * np.exp(-0.25 * t), **CLOSE)


def test_parameter_that_is_called_like_a_word_of_formulas_is_itself():
    text = document(
        parameter("time", 7, "true") + parameter("pi", 3, "true") + parameter("x", 0),
        rules='<rateRule variable="x"><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>time</ci><ci>pi</ci></apply></math></rateRule>',
    )
    assert curve(text, "x") == pytest.approx(21 * t, **CLOSE)


@pytest.mark.parametrize("name", ["c0", "c1", "world", "obs_x", "n_x", "out_x", "reset", "event_0"])
def test_id_that_we_use_inside_can_be_an_id_of_the_model(name):
    text = document(parameter(name, 3, "false") + parameter("k", 2, "true") + parameter("x", 0), rules=rule("rate", name, "k*5") + rule("rate", "x", f"{name}*k*k"))
    assert curve(text, "x") == pytest.approx(4 * (3 * t + 5 * t**2), **CLOSE)


# events ------------------------------------------------------------------------------------------


def test_event_sets_once_and_at_its_time():
    text = document(parameter("x", 0), rules=rule("rate", "x", "1"), events=event("time >= 2", {"x": "10"}))
    assert curve(text, "x") == pytest.approx([0, 1, 10.5, 12], **CLOSE)


def test_event_that_starts_true_does_not_happen_at_time_zero():
    assert list(curve(document(parameter("x", 1), events=event("x > 0", {"x": "x+5"})), "x")) == [1] * 4


def test_event_that_starts_false_happens_once_at_time_zero():
    assert list(curve(document(parameter("x", 1), events=event("x > 0", {"x": "x+5"}, initial="false")), "x")) == [6] * 4


def test_delayed_event_has_the_values_of_its_trigger():
    text = document(parameter("x", 0) + parameter("y", 0), rules=rule("rate", "x", "1"), events=event("time >= 1", {"y": "x"}, delay="1"))
    assert curve(text, "y") == pytest.approx([0, 0, 1, 1], **CLOSE)


def test_delayed_event_has_the_values_of_its_assignment_where_the_file_says_so():
    text = document(parameter("x", 0) + parameter("y", 0), rules=rule("rate", "x", "1"), events=event("time >= 1", {"y": "x"}, delay="1", at_once="false"))
    assert curve(text, "y") == pytest.approx([0, 0, 2, 2], **CLOSE)


def test_event_that_is_not_persistent_is_called_off():
    text = document(parameter("x", 0) + parameter("y", 0), rules=rule("rate", "x", "1"), events=event("x >= 1 && x < 1.5", {"y": "1"}, delay="1", persistent="false"))
    assert list(curve(text, "y")) == [0] * 4


def test_event_of_higher_priority_acts_first():
    pair = event("time >= 1", {"x": "x*2"}, priority="1", at_once="false") + event("time >= 1", {"x": "x+3"}, priority="2", at_once="false")
    assert list(curve(document(parameter("x", 1), events=pair), "x", (0.0, 2.0))) == [1, 8]


def test_two_draws_of_a_model_with_events_do_not_touch():
    text = document(parameter("x", 1), rules=rule("rate", "x", "1"), events=event("x > 2", {"x": "0"}))
    found = imported(text)
    program, lean = compile_model(found.model, TIMES)
    values = values_of(lean, found.model.network.parameters, draw_matrix(found.model.network.parameters, 1, [-1]))[0]
    engine = OdeEngine(STRICT_RTOL)
    assert engine.run(program, values).outputs.tobytes() == engine.run(program, values).outputs.tobytes()


# refusals, changes, what is written --------------------------------------------------------------

REFUSALS = {
    "AlgebraicRule": document(parameter("x", 1), rules=f"<algebraicRule>{math('x-1')}</algebraicRule>"),
    "CSymbolDelay": document(
        parameter("x", 1) + parameter("y", 1), rules=rule("rate", "x", "1") + rule("assignment", "y", "delay(x,1)")
    ),
    "FastReaction": document(amounts=species("A", 1), reactions=reaction("A", ["A"]).replace("<reaction ", '<reaction fast="true" ')).replace("n2/core", "n1/core").replace(
        'version="2"', 'version="1"'
    ),
    "NoValue": document('<parameter id="k" constant="true"/>' + parameter("x", 1), rules=rule("rate", "x", "k")),
    "DerivativeOfStep": document(
        places='<compartment id="c" spatialDimensions="3" size="2" constant="false"/>', amounts=species("A", 8, boundaryCondition="true"),
        rules=rule("assignment", "c", "2+floor(time)") + rule("rate", "A", "1"),
    ),
    "DelayedConcentration": document(
        places='<compartment id="c" spatialDimensions="3" size="2" constant="false"/>', amounts=species("A", 8),
        rules=rule("rate", "c", "0.5"), events=event("time > 1", {"A": "3"}, delay="1"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("tag", REFUSALS)
def test_feature_that_is_not_offered_is_refused_by_name_and_line(tag):
    with pytest.raises(UnsupportedFeature, match=rf"^f\.xml:\d+: .*not offered \({tag}\): "):
        imported(REFUSALS[tag])


def test_required_package_that_is_not_read_is_refused():
    text = document(parameter("x", 1)).replace(' level="3"', ' xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2" fbc:required="false" level="3"').replace(
        "<model ", '<model fbc:strict="false" '
    )  # fmt: skip
    with pytest.raises(UnsupportedFeature, match="fbc"):
        imported(text)


def test_no_feature_is_both_understood_and_refused():
    assert not UNDERSTOOD.keys() & REFUSED.keys()


def test_value_can_be_set_before_reading():
    text = document(parameter("k", 1, "true") + parameter("x", 0), rules=rule("rate", "x", "k"))
    assert curve(text, "x", changes={"k": "3"}) == pytest.approx(3 * t, **CLOSE)


@pytest.mark.parametrize(("changes", "words"), [({"kk": "1"}, "Did you mean 'k'"), ({"k": "many"}, "not a plain finite number"), ({"y": "1"}, "computes 'y'")])
def test_value_that_cannot_be_set_is_refused(changes, words):
    text = document(parameter("k", 1, "true") + parameter("x", 0) + parameter("y", 0), rules=rule("rate", "x", "k") + rule("assignment", "y", "k"))
    with pytest.raises(InputError, match=words):
        imported(text, changes)


RICH = document(
    parameter("k", 0.5, "true") + parameter("y", 0) + parameter("z", 0), amounts=species("A", 8) + species("B", 0), reactions=reaction("k*A", ["A"], ["B"]),
    rules=rule("assignment", "y", "piecewise(A, A > B && time < 3, max(B, 1))"), events=event("A < 3", {"B": "B+k*10", "z": "time"}, delay="0.25"),
)  # fmt: skip


def test_model_that_we_write_back_is_the_same_model():
    once = imported(RICH)
    twice = imported(sbml.write(once.model.network, once.model.flat))
    one, two = trajectory(once), trajectory(twice)
    for name in ("A", "B", "y", "z"):
        assert two.amount(name) == pytest.approx(one.amount(name), **CLOSE)


def test_model_that_we_write_back_is_valid_and_claims_no_units():
    found = imported(RICH)
    text = sbml.write(found.model.network, found.model.flat)
    assert 'units="' not in re.sub(r"sbml:units|dimensionless", "", text).replace("spatialDimensions", "").replace('hasOnlySubstanceUnits="', "")
    assert not model_data(text.encode()).get("problems")


def test_network_with_triggers_survives_json():
    network = imported(RICH).model.network
    assert from_json(to_json(network)) == network


def test_species_of_reactions_are_counts_and_integrated_quantities_are_not():
    text = document(parameter("x", 0), amounts=species("A", 8), rules=rule("rate", "x", "1"), reactions=reaction("A", ["A"]))
    assert {s.id: s.is_count for s in imported(text).model.network.species} == {"A": True, "x": False}
    assert imported(text).values["A"] == symbol("A")
