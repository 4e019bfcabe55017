"""How large a network becomes when it is compiled, counted on its text; and that nobody sees a compiler die of it."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle.engines.ode import _compile
from vesicle.engines.size import MOST_LEVELS, MOST_TERMS, WrittenOut, written_out
from vesicle.errors import LimitError

CHAIN = 3000
"""Rules in a row that kill libRoadRunner with a stack of 8 MB: three levels each."""


def sbml(rules):
    """SBML of an amount S that leaves at the last of some rules, each (name, MathML)."""
    named = "".join(f'<parameter id="{name}" constant="false"/>' for name, _ in rules)
    assigned = "".join(f'<assignmentRule variable="{name}"><math xmlns="http://www.w3.org/1998/Math/MathML">{math}</math></assignmentRule>' for name, math in rules)
    return (
        '<?xml version="1.0"?><sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">'
        '<listOfCompartments><compartment id="c" size="1" constant="true" spatialDimensions="3"/></listOfCompartments>'
        '<listOfSpecies><species id="S" compartment="c" initialAmount="1" hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"/></listOfSpecies>'
        f"<listOfParameters>{named}</listOfParameters><listOfRules>{assigned}</listOfRules>"
        '<listOfReactions><reaction id="J" reversible="false"><listOfReactants><speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>'
        f'<kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><ci>{rules[-1][0]}</ci></math></kineticLaw></reaction></listOfReactions></model></sbml>'
    )


def half(name):
    return f"<apply><times/><cn>0.5</cn><ci>{name}</ci></apply>"


def chain(count):
    """Every rule is one more than half of the last."""
    return sbml([("r0", "<ci>S</ci>"), *((f"r{i}", f"<apply><plus/>{half(f'r{i - 1}')}<cn>1</cn></apply>") for i in range(1, count + 1))])


def doubling(count):
    """Every rule names the last one twice."""
    return sbml([("r0", "<ci>S</ci>"), *((f"r{i}", f"<apply><plus/><ci>r{i - 1}</ci><ci>r{i - 1}</ci></apply>") for i in range(1, count + 1))])


@given(st.integers(1, 40))
def test_rules_that_name_the_last_one_twice_double_with_every_step(count):
    """N_k = 3 + 2 (N_{k-1} - 1) and N_0 = 1, so N_k = 2^{k+1} - 1; the rate names the last one and has as many. Each step nests two levels."""
    sizes = [2 ** (k + 1) - 1 for k in range(count + 1)]
    assert written_out(doubling(count)) == WrittenOut(sum(sizes) + sizes[-1], 2 * count + 2)


@given(st.integers(1, 300))
def test_a_chain_nests_three_levels_with_every_step(count):
    """A sum of a product of the last rule: 4 terms more and 3 levels more than that."""
    sizes = [1 + 4 * k for k in range(count + 1)]
    assert written_out(chain(count)) == WrittenOut(sum(sizes) + sizes[-1], 3 * count + 2)


def test_rules_in_any_order_have_the_same_size():
    rules = [("b", half("a")), ("c", f"<apply><plus/>{half('b')}<ci>a</ci></apply>"), ("a", "<ci>S</ci>")]
    assert written_out(sbml([*rules[::-1], ("z", "<ci>c</ci>")])) == written_out(sbml([*rules, ("z", "<ci>c</ci>")]))


def test_rules_in_a_circle_are_counted_to_an_end():
    assert written_out(sbml([("a", half("b")), ("b", half("a"))])).terms > 0


@pytest.mark.parametrize(("text", "what"), [(doubling(30), "terms"), (chain(CHAIN), "levels of nesting")], ids=["wide", "deep"])
def test_what_the_compiler_would_die_of_is_refused_with_its_size(text, what):
    with pytest.raises(LimitError, match=rf"network has [\d,]+ {what} .*at most [\d,]+ can be compiled; follow fewer nodes"):
        _compile(text)


def test_a_process_that_asks_for_too_deep_a_network_lives_on():
    """In a child, so that a compiler that dies takes no test with it."""
    code = (
        f"import sys; sys.path.insert(0, {str(__file__).rpartition('/')[0]!r})\n"
        "from test_size import CHAIN, LimitError, _compile, chain\n"
        "try:\n    _compile(chain(CHAIN))\nexcept LimitError:\n    print('lives')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "lives"), done.stderr


def test_what_is_let_through_is_a_quarter_of_what_a_stack_holds():
    """5704 levels died, 3604 did not; the largest arm that was measured has 49 levels and 1e5 terms."""
    assert 10 * 49 < MOST_LEVELS < 3604 / 3
    assert MOST_TERMS > 10 * 108_418
