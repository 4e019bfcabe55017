"""Guides, targets and complexes: the closed forms of silencing against mass action solved by brute force.

Mass action: (R - c)(m - c) = K c for guides R, targets m and complexes c. Steady target:
a (m0 - m) = k_cat c(R, m). The oracle bisects both with 50 digits.
"""

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from vesicle.engines.program import draw_matrix, parameter_values
from vesicle.evidence import shipped
from vesicle.mechanisms.acting.silencing import guides_needed, steady_target, tight_binding
from vesicle.model.assembly import assemble
from vesicle.model.scenario_file import load
from vesicle.network.expressions import symbol

R, M, M0, K, A, LOSS = sympy.symbols("R m m0 K a k", real=True)
COMPLEXES = sympy.lambdify((R, M, K), tight_binding(R, M, K), "math")
TARGET = sympy.lambdify((R, M0, K, A, LOSS), steady_target(R, M0, K, A, LOSS), "math")


def between(low, high):
    """Numbers spread evenly over their orders of magnitude."""
    return st.floats(np.log10(low), np.log10(high)).map(lambda x: 10.0**x)


GUIDES = st.one_of(st.just(0.0), between(1e-12, 1e6))
TARGETS = between(1e-2, 1e5)
CONSTANTS = between(1e-2, 1e9)
RATES = between(1e-4, 1e2)


def bisected(function, low, high):
    """The root of a function that falls from positive to negative, to 50 digits."""
    with mpmath.workdps(60):
        low, high = mpmath.mpf(low), mpmath.mpf(high)
        for _ in range(220):
            middle = (low + high) / 2
            low, high = (middle, high) if function(middle) > 0 else (low, middle)
        return (low + high) / 2


def equilibrium(guides, targets, constant):
    """c of mass action: (R - c)(m - c) - K c falls with c on [0, min(R, m)]."""
    r, m, k = (mpmath.mpf(float(x)) for x in (guides, targets, constant))
    return bisected(lambda c: (r - c) * (m - c) - k * c, 0, min(r, m))


def steady(guides, rest, constant, turnover, loss):
    """m of a (m0 - m) = k_cat c(R, m), which falls with m, with c itself bisected away: c = a (m0 - m) / k_cat."""
    r, m0, k, a, cat = (mpmath.mpf(float(x)) for x in (guides, rest, constant, turnover, loss))

    def surplus(m):
        """Positive below the root: more is made than guides can take away."""
        c = a * (m0 - m) / cat
        return 1 if c > min(r, m) else k * c - (r - c) * (m - c)

    return bisected(surplus, 0, m0)


@given(GUIDES, TARGETS, CONSTANTS)
def test_complexes_are_those_of_mass_action(guides, targets, constant):
    """b^2 - 4 R m is at least 2 K b, so rounding (4 eps b^2) reaches c with at most 4 eps sqrt(b / K) <= 1e-11 of it."""
    assert COMPLEXES(guides, targets, constant) == pytest.approx(float(equilibrium(guides, targets, constant)), rel=1e-11, abs=0)


@given(GUIDES, TARGETS, CONSTANTS)
def test_complexes_are_never_more_than_either_partner(guides, targets, constant):
    assert 0 <= COMPLEXES(guides, targets, constant) <= min(guides, targets) * (1 + 1e-11)


@given(GUIDES, TARGETS, CONSTANTS)
def test_guides_and_targets_are_interchangeable(guides, targets, constant):
    assert COMPLEXES(guides, targets, constant) == pytest.approx(COMPLEXES(targets, guides, constant), rel=1e-11, abs=0)


@given(between(1e-6, 1e6), TARGETS)
def test_infinitely_tight_binding_uses_up_the_scarcer_partner(guides, targets):
    """In exact numbers: min - c is below sqrt(K min), so K = 1e-60 leaves nothing of a double's digits."""
    with mpmath.workdps(80):
        exact = tight_binding(sympy.Float(guides, 80), sympy.Float(targets, 80), sympy.Float("1e-60", 80))
        assert float(exact) == pytest.approx(min(guides, targets), rel=1e-15)


@given(GUIDES, TARGETS, between(1e3, 1e12))
def test_weak_binding_is_linear(guides, targets, excess):
    """c (R + m + K - c) = R m, so R m / K is too large by (R + m - c) / K, which is below 1 / excess."""
    constant = excess * (guides + targets)
    assert COMPLEXES(guides, targets, constant) == pytest.approx(guides * targets / constant, rel=1.01 / excess + 1e-14, abs=0)


@st.composite
def chemistry(draw):
    """(m0, K', a, k_cat) where the closed form keeps its digits, K' >= m0 (1 + 2 a / k_cat); every shipped draw is there."""
    rest, turnover, loss = draw(TARGETS), draw(RATES), draw(RATES)
    return rest, rest * (1 + 2 * turnover / loss) * draw(between(1.0, 1e8)), turnover, loss


@given(GUIDES, chemistry())
def test_steady_target_balances_synthesis_and_cleavage(guides, law):
    """All terms of B are then one sign but for a part that another outweighs: some ten roundings, 1e-14; 1e-12 leaves room."""
    assert TARGET(guides, *law) == pytest.approx(float(steady(guides, *law)), rel=1e-12, abs=0)


@given(GUIDES, chemistry())
def test_steady_target_is_between_nothing_and_rest(guides, law):
    assert 0 < TARGET(guides, *law) <= law[0] * (1 + 1e-12)


@given(chemistry())
def test_target_without_guides_is_at_rest(law):
    assert TARGET(0.0, *law) == pytest.approx(law[0], rel=1e-12)


@given(between(1e-6, 1e6), chemistry())
def test_more_guides_leave_less_target(guides, law):
    assert TARGET(2 * guides, *law) <= TARGET(guides, *law) * (1 + 1e-12)


@st.composite
def mirna(draw):
    """(m0, K', a, k_cat) of a miRNA and its R_max, in the same region."""
    rest, turnover, most = draw(TARGETS), draw(RATES), draw(st.floats(0.01, 0.99))
    loss = turnover * most / (1 - most)
    return (rest, rest * (1 + 2 * turnover / loss) * draw(between(1.0, 1e6)), turnover, loss), most


@given(between(1e-6, 1e12), mirna())
def test_mirna_loss_never_exceeds_its_maximum(guides, law):
    """k_cat = a R_max / (1 - R_max) and c <= m give m >= m0 (1 - R_max), however many guides there are."""
    assert TARGET(guides, *law[0]) >= law[0][0] * (1 - law[1]) * (1 - 1e-12)


@given(mirna())
def test_mirna_in_plenty_reaches_its_maximum(law):
    """With R in excess, 1 - c/m is below K / (R - m), here 1e-6, and moves m by no more than that share."""
    rest, constant, _, _ = law[0]
    assert TARGET(1e6 * constant + rest, *law[0]) == pytest.approx(rest * (1 - law[1]), rel=2e-6)


@pytest.mark.parametrize(("name", "arm", "gene", "guide"), [
    ("pancreas-kras", "kras_exosome", "KRAS", "KRAS_G12D_siRNA"), ("pancreas-kras", "kras_exosome", "KRAS", "hsa_let_7a_5p"),
    ("breast-mir100-well", "natural_exosome", "MTOR", "hsa_miR_100_5p"),
])  # fmt: skip
def test_shipped_draws_are_where_the_closed_form_keeps_its_digits(name, arm, gene, guide):
    """Growth only adds to the turnover: 0.05/h is faster than any doubling in 14 h."""
    model = assemble(load(name), shipped())[arm]
    kind = next(g.kind for g in model.guides if g.id == guide)
    rules = {rule.id: rule.expression for rule in model.network.rules}
    matrix = draw_matrix(model.network.parameters, 1, [-1, *range(500)])

    def values(text):
        expression = put_in(text, rules | {"growth_rate": sympy.Float(0.05)})
        return parameter_values(expression, model.network.parameters, matrix)

    rest, turnover = values(symbol(f"mrna_copies_per_cell__{gene}")), values(sympy.log(2) / symbol(f"mrna_half_life__{gene}")) + 0.05
    assert np.all(values(symbol(f"K_site__{kind}")) > rest * (1 + 2 * turnover / values(symbol(f"k_cat__{guide}"))))


@given(TARGETS, CONSTANTS, RATES, RATES, st.floats(-0.95, -0.01))
def test_guides_needed_invert_the_steady_target(rest, constant, turnover, loss, change):
    """Where the change can be reached; within 1 % of what cleavage can do at all, m - c has lost its digits."""
    enough = turnover * -change / (loss * (1 + change))
    needed = float(guides_needed(np.array(rest), np.array(constant), np.array(turnover), np.array(loss), change))
    if enough >= 1:
        assert needed == np.inf
    elif enough < 0.99:
        assert float(steady(needed, rest, constant, turnover, loss)) == pytest.approx(rest * (1 + change), rel=1e-9)


def test_change_that_cleavage_cannot_reach_needs_infinitely_many_guides():
    """A miRNA with R_max = 0.6 takes 60 %: 59 % can be had, 61 % cannot."""
    needed = [float(guides_needed(np.array(100.0), np.array(50.0), np.array(0.1), np.array(0.1 * 0.6 / 0.4), change)) for change in (-0.59, -0.61)]
    assert np.isfinite(needed[0])
    assert needed[1] == np.inf


# the assembled arm -------------------------------------------------------------------------------


def put_in(expression, rules):
    """An expression over parameters and species alone."""
    while inside := {s: rules[str(s)] for s in expression.free_symbols if str(s) in rules}:
        expression = expression.xreplace(inside)
    return expression


def assembled(arm, gene, guide):
    """Functions of (loads, guides in AGO, cells): loss per mRNA w, share reached F, k_cat, turnover a."""
    model = assemble(load("pancreas-kras"), shipped())[arm]
    rules = {rule.id: rule.expression for rule in model.network.rules}
    nominal = {symbol(p.id): p.value for p in model.network.parameters}
    rate = next(flow.rate for flow in model.flat.flows if flow.id == f"silence__{gene}") / symbol(f"{gene}_mRNA")
    decay = next(flow.rate for flow in model.flat.flows if flow.id == f"decay_mrna__{gene}") / symbol(f"{gene}_mRNA")
    wanted = [rate, symbol(f"reached__{guide}"), symbol(f"k_cat__{guide}"), decay + symbol("growth_rate")]
    state = [symbol(f"{guide}_loads"), symbol(f"{guide}_risc"), symbol("tumour_cells"), symbol(f"{gene}_protein")]
    return sympy.lambdify(state, [put_in(e, rules).xreplace(nominal) for e in wanted], "math")


SIRNA_ARM = assembled("kras_liposome", "KRAS", "KRAS_G12D_siRNA")
MIRNA_ARM = assembled("empty_exosome", "KRAS", "hsa_let_7a_5p")
PER_CELL = st.one_of(st.just(0.0), between(1e-12, 1e3))
ARMS = pytest.mark.parametrize("arm", [SIRNA_ARM, MIRNA_ARM], ids=["siRNA", "miRNA"])


@ARMS
@given(loads=PER_CELL, in_ago=PER_CELL, cells=between(1e3, 1e10))
def test_loss_of_mrna_is_never_faster_than_cleavage(arm, loads, in_ago, cells):
    """So the mRNA never decays faster than d + mu + k_cat."""
    loss, _, cleavage, _ = arm(loads * cells, in_ago * cells, cells, cells)
    assert 0 <= loss <= cleavage * (1 + 1e-9)


@ARMS
@given(loads=PER_CELL, in_ago=PER_CELL, cells=between(1e3, 1e10))
def test_mean_mrna_never_falls_by_more_than_the_share_of_cells_reached(arm, loads, in_ago, cells):
    """At the steady state of dM/dt = a m0 N - a M - w M the mean is a / (a + w) of rest."""
    loss, share, _, turnover = arm(loads * cells, in_ago * cells, cells, cells)
    assert loss / (turnover + loss) <= share * (1 + 1e-9)


@ARMS
@given(loads=PER_CELL, in_ago=PER_CELL, cells=between(1e3, 1e10))
def test_share_of_cells_reached_is_that_of_poisson(arm, loads, in_ago, cells):
    share = arm(loads * cells, in_ago * cells, cells, cells)[1]
    assert share == pytest.approx(-np.expm1(-loads), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("loads_per_cell", [1.5e3, 1e5, 1e7])
def test_share_of_cells_reached_is_one_when_each_is_reached_thousands_of_times(loads_per_cell):
    assert SIRNA_ARM(loads_per_cell * 1e8, 1e8, 1e8, 1e8)[1] == 1.0
