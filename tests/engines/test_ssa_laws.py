"""The stochastic engine against laws that are known exactly."""

import numpy as np
import pytest
import sympy
from paths import bound, compiled, counts, fits, mean_course, paths, worst_mean, worst_variance
from scipy import stats
from scipy.linalg import expm

from vesicle.engines.ssa import SsaEngine
from vesicle.network.expressions import read, symbol
from vesicle.network.types import Arm, Dose, Observable, Particle, Passenger, Rule, Species, Transfer, Unpack

TIMES = (0.0, 0.5, 1.0, 2.0, 8.0)


def test_immigration_and_death_is_poisson_at_every_time():
    """From nothing, the number at t is Poisson with mean k/g (1 - e^-gt); at 8 h it is stationary."""
    runs = paths(counts({"x": 0}, [({"x": 1}, "k*one"), ({"x": -1}, "g*x")], {"k": 12, "g": 1.5, "one": 1}), TIMES, 8000)
    for i, t in enumerate(TIMES[1:], 1):
        assert fits(runs[:, i, 0], stats.poisson.pmf(range(40), 8 * -np.expm1(-1.5 * t)))


def test_a_wrong_law_would_be_seen():
    """The same numbers against a mean that is 5 % off."""
    runs = paths(counts({"x": 0}, [({"x": 1}, "k*one"), ({"x": -1}, "g*x")], {"k": 12, "g": 1.5, "one": 1}), TIMES, 8000)
    assert not fits(runs[:, 4, 0], stats.poisson.pmf(range(40), 8.4))


def test_birth_and_death_have_the_mean_and_variance_of_the_branching_process():
    """n e^ct and n (b + d)/c e^ct (e^ct - 1) with c = b - d."""
    b, d, n, t = 0.7, 0.3, 20, np.array([0.5, 1.0, 2.0])
    runs = paths(counts({"x": n}, [({"x": 1}, "b*x"), ({"x": -1}, "d*x")], {"b": b, "d": d}), (0.0, *t), 2000)[:, 1:, 0]
    growth = np.exp((b - d) * t)
    assert worst_mean(runs, n * growth) < bound(6)
    assert worst_variance(runs, n * (b + d) / (b - d) * growth * (growth - 1)) < bound(6)


def test_first_order_conversion_is_binomial():
    runs = paths(counts({"a": 30, "b": 0}, [({"a": -1, "b": 1}, "k*a")], {"k": 0.8}), TIMES, 2000)
    for i, t in enumerate(TIMES[1:], 1):
        assert fits(runs[:, i, 1], stats.binom.pmf(range(31), 30, -np.expm1(-0.8 * t)))
    assert np.all(runs.sum(axis=2) == 30)


@pytest.mark.parametrize("n", [2, 7, 12])
def test_dimerisation_follows_its_master_equation(n):
    """2 A <-> D from n A: the rate k a^2 of the network stands for k a (a - 1) ordered pairs."""
    k, back = 0.1, 0.4
    generator = np.zeros((n // 2 + 1, n // 2 + 1))
    for d in range(n // 2 + 1):
        a = n - 2 * d
        if d < n // 2:
            generator[d, d + 1] = k * a * (a - 1)
        if d:
            generator[d, d - 1] = back * d
        generator[d, d] = -generator[d].sum()
    runs = paths(counts({"a": n, "d": 0}, [({"a": -2, "d": 1}, "k*a^2"), ({"d": -1, "a": 2}, "back*d")], {"k": k, "back": back}), TIMES, 2000)
    for i, t in enumerate(TIMES[1:], 1):
        assert fits(runs[:, i, 1], expm(generator * t)[0])
    assert np.all(runs[..., 0] + 2 * runs[..., 1] == n)


def linear():
    """A chain with a branch, a source, copies that come in bursts, and a time integral: every rate is of first order."""
    particle = Particle("ev", "ev", (Passenger("guide", "guide", symbol("copies")),))
    return counts(
        {"guide": 0, "cell": 3},
        [({"guide": -1}, "loss*guide"), ({"cell": 1}, "grow*cell"), ({"area": 1}, "ev__blood")],
        {"loss": 0.7, "grow": 0.3, "k": 0.9, "out": 0.2, "open": 0.5, "given": 41.3, "copies": 2.6},
        particles=(particle,),
        species=(Species("guide", "guide", "", "copy", read("start_guide")), Species("cell", "cell", "", "copy", read("start_cell")), Species("area", "ev", "", "EV*h")),
        transfers=(Transfer("take", "ev", "blood", "liver", symbol("k"), step="bound"), Transfer("lose", "ev", "blood", None, symbol("out"), sink="lost")),
        unpacks=(Unpack("open", "ev", "liver", {"guide": "guide"}, symbol("open"), step="released"),),
        arm=Arm("treated", (Dose(0.0, "ev__blood", symbol("given")), Dose(2.0, "ev__blood", symbol("given")))),
        observables=tuple(Observable(name, "1", symbol(name)) for name in ("ev__blood", "ev__liver", "guide", "cell", "area", "n_bound__ev", "out_lost__ev")),
    )


def test_means_of_a_linear_network_are_the_deterministic_ones():
    """A thousand runs; doses of 41.3 vesicles become 41 or 42."""
    times = tuple(np.arange(0, 6.5, 0.5))
    runs, mean = paths(linear(), times, 1000), mean_course(linear(), times)
    assert worst_mean(runs, mean) < bound(mean.size)


def test_bias_of_a_non_linear_network_falls_as_one_over_its_volume():
    """2 A -> nothing at k/V a^2 from 4 V: mean/V less the deterministic one goes as V^-1 (slope on logarithms, least squares)."""
    copies, volumes = 50, np.array([1, 2, 4])
    logs, errors = [], []
    for volume in volumes:
        names = [f"a{i}" for i in range(copies)]
        one = counts(dict.fromkeys(names, 4 * volume), [({name: -2}, f"k*{name}^2") for name in names], {"k": 0.1 / volume})
        found = paths(one, (0.0, 1.5), 800)[:, 1, :].ravel() / volume
        bias = np.mean(found) - mean_course(one, (0.0, 1.5))[1, 0] / volume
        logs.append(np.log(bias))
        errors.append(np.std(found) / np.sqrt(len(found)) / bias)
    centred = np.log(volumes) - np.mean(np.log(volumes))
    weights = centred / np.sum(centred**2)
    slope, error = weights @ np.array(logs), np.sqrt(np.sum((weights * np.array(errors)) ** 2))
    assert error < 0.1
    assert slope == pytest.approx(-1.0, abs=1.96 * error + exact_curvature())


def exact_curvature():
    """How far the slope over these volumes is from -1 by the exact law, terms of 1/V^2 included."""
    biases = []
    volumes = np.array([1, 2, 4])
    for volume in volumes:
        n, k = 4 * volume, 0.1 / volume
        generator = np.zeros((n + 1, n + 1))
        for a in range(2, n + 1):
            generator[a, a - 2], generator[a, a] = k * a * (a - 1), -k * a * (a - 1)
        biases.append(expm(generator * 1.5)[n] @ np.arange(n + 1) / volume - 4 / (1 + 2 * 0.1 * 4 * 1.5))
    return abs(np.polyfit(np.log(volumes), np.log(biases), 1)[0] + 1)


# within one event --------------------------------------------------------------------------------


def unpacking(passenger: Passenger, vesicles: float = 40.0, **parts):
    """Vesicles in a cell that all open within the time."""
    loads = Passenger("guide_loads", "load", 1 - sympy.exp(-symbol("copies")))
    return counts(
        {"guide": 0, "guide_loads": 0}, [], {"copies": 0.7, "size": 5.0, "open": 20.0, "given": vesicles},
        particles=(Particle("ev", "ev", (passenger, loads)),), unpacks=(Unpack("open", "ev", "cell", {"guide": "guide", "guide_loads": "guide_loads"}, symbol("open")),),
        transfers=(Transfer("leave", "ev", "cell", None, 0 * symbol("open")),), arm=Arm("treated", (Dose(0.0, "ev__cell", symbol("given")),)), **parts,
    )  # fmt: skip


def test_vesicles_bring_poisson_numbers_of_copies():
    """All of 40 vesicles open: copies are Poisson(40 m), vesicles with any are binomial(40, 1 - e^-m)."""
    runs = paths(unpacking(Passenger("guide", "guide", symbol("copies"))), (0.0, 2.0), 2000)[:, 1]
    assert fits(runs[:, 0], stats.poisson.pmf(range(80), 28.0))
    assert fits(runs[:, 1], stats.binom.pmf(range(41), 40, -np.expm1(-0.7)))
    assert np.all(runs[:, 0] >= runs[:, 1])


def test_copies_in_few_vesicles_come_in_jackpots():
    """Five copies in a share 0.7/5 of the vesicles: five times a binomial number, the same mean."""
    runs = paths(unpacking(Passenger("guide", "guide", symbol("copies"), distribution="jackpot", copies_if_loaded=symbol("size"))), (0.0, 2.0), 2000)[:, 1]
    assert fits(runs[:, 0] / 5, stats.binom.pmf(range(41), 40, 0.14))
    assert np.array_equal(runs[:, 0], 5 * runs[:, 1])


def test_a_fixed_number_of_copies_has_the_least_spread():
    runs = paths(unpacking(Passenger("guide", "guide", 2 + 0 * symbol("copies"), distribution="fixed")), (0.0, 2.0), 50)[:, 1]
    assert set(runs[:, 0]) == {80.0}


def test_labels_move_with_their_vesicles():
    """Three labels on one vesicle leave with it together, or not at all."""
    label = Passenger("label", "label", symbol("three"), tracked=True)
    one = counts(
        {}, [], {"k": 0.5, "one": 1.0, "three": 3.0},
        particles=(Particle("ev", "ev", (label,)),), transfers=(Transfer("go", "ev", "blood", "liver", symbol("k")),),
        arm=Arm("treated", (Dose(0.0, "ev__blood", symbol("one")), Dose(0.0, "label_on_ev__blood", symbol("three"), ()))),
        observables=(Observable("here", "1", symbol("ev__blood")), Observable("labels", "1", symbol("label_on_ev__blood"))),
    )  # fmt: skip
    runs = paths(one, (0.0, 1.0), 400)[:, 1]
    assert np.array_equal(runs[:, 1], 3 * runs[:, 0])
    assert fits(runs[:, 0], [-np.expm1(-0.5), np.exp(-0.5)])


# what is no count --------------------------------------------------------------------------------


def test_what_is_no_count_follows_its_linear_equation_between_events():
    """dy/dt = x - 2 y with x = 5 held: y = 2.5 (1 - e^-2t), exactly."""
    one = counts(
        {"x": 5, "y": 0}, [({"y": 1}, "x"), ({"y": -1}, "two*y")], {"two": 2.0},
        species=(Species("x", "x", "", "copy", read("start_x")), Species("y", "y", "", "copy", is_count=False)),
    )  # fmt: skip
    assert paths(one, TIMES, 1)[0, :, 1] == pytest.approx(2.5 * -np.expm1(-2 * np.array(TIMES)), rel=1e-12)


def test_rate_that_follows_the_time_has_the_right_waiting_times():
    """Loss at c t per molecule: survivors are binomial with e^(-c t^2 / 2)."""
    runs = paths(counts({"x": 30}, [({"x": -1}, "c*time*x")], {"c": 0.8}), (0.0, 1.0, 2.0), 2000)
    for i, t in ((1, 1.0), (2, 2.0)):
        assert fits(runs[:, i, 0], stats.binom.pmf(range(31), 30, np.exp(-0.4 * t**2)))


def test_rate_that_follows_what_moves_has_the_right_waiting_times():
    """y rises as t from nothing and takes x away at c y: the same law."""
    one = counts(
        {"x": 30, "y": 0}, [({"x": -1}, "c*y*x"), ({"y": 1}, "one")], {"c": 0.8, "one": 1.0},
        species=(Species("x", "x", "", "copy", read("start_x")), Species("y", "y", "", "copy", is_count=False)),
    )  # fmt: skip
    runs = paths(one, (0.0, 1.0, 2.0), 2000)
    for i, t in ((1, 1.0), (2, 2.0)):
        assert fits(runs[:, i, 0], stats.binom.pmf(range(31), 30, np.exp(-0.4 * t**2)))


def test_amount_that_is_not_whole_keeps_its_mean():
    runs = paths(counts({"x": 2.3}, []), (0.0,), 2000)[:, 0, 0]
    assert set(runs) == {2.0, 3.0}
    assert fits(runs - 2, [0.7, 0.3])


def test_dose_and_its_custody_counter_are_the_same_whole_number():
    program, values = compiled(linear(), (0.0, 1.0, 3.0))
    run = SsaEngine().run(program, values)
    assert run.extent("given", "ev")[0] == run.amount("ev__blood")[0]
    here = sum(v for name, v in run.final.items() if name.startswith("ev__"))
    assert here + sum(v for name, v in run.final.items() if name.startswith("out_")) == run.final["n_given__ev"]


# rules and functions -----------------------------------------------------------------------------


def test_rate_through_a_rule_and_functions_has_the_exact_law():
    """A Hill-type source at a held input: Poisson with the mean of the formula."""
    one = counts(
        {"x": 0, "s": 3}, [({"x": 1}, "level"), ({"x": -1}, "g*x")], {"g": 1.0, "top": 9.0, "half": 2.0},
        rules=(Rule("level", "1/h", read("top*s^2.5/(half^2.5 + s^2.5)*max(0, min(1, exp(-g*0)))")),),
    )  # fmt: skip
    mean = 9 * 3**2.5 / (2**2.5 + 3**2.5) * -np.expm1(-2.0)
    assert fits(paths(one, (0.0, 2.0), 2000)[:, 1, 0], stats.poisson.pmf(range(40), mean))


def test_event_without_enough_reactants_cannot_happen():
    """A loss at a constant rate stops at nothing instead of going below."""
    runs = paths(counts({"x": 3}, [({"x": -2}, "k*one")], {"k": 50.0, "one": 1.0}), (0.0, 2.0), 20)
    assert set(runs[:, 1, 0]) == {1.0}


def test_five_at_a_time_are_one_event():
    one = counts({"x": 0}, [({"x": 5}, "k*one")], {"k": 2.0, "one": 1.0})
    assert fits(paths(one, (0.0, 1.0), 2000)[:, 1, 0] / 5, stats.poisson.pmf(range(20), 2.0))


def test_network_from_elsewhere_is_taken_as_it_is_written():
    """Units unknown, pairs written out: k x (x - 1) / 2 from 7 is the same master equation as above."""
    species = (Species("x", "x", "", "item", read("start_x")), Species("d", "d", "", "item"))
    one = counts({"x": 7, "d": 0}, [({"x": -2, "d": 1}, "k*x*(x - 1)/2")], {"k": 0.2}, species=species, has_units=False)
    generator = np.zeros((4, 4))
    for d in range(3):
        generator[d, d + 1] = 0.1 * (7 - 2 * d) * (6 - 2 * d)
        generator[d, d] = -generator[d, d + 1]
    runs = paths(one, (0.0, 1.0), 2000)
    assert fits(runs[:, 1, 1], expm(generator)[0])
    assert np.all(runs[..., 0] + 2 * runs[..., 1] == 7)
