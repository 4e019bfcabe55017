"""Diagnosis: Bayes' rule against counting persons, and when nothing is called."""

import numpy as np
import pytest

from vesicle.errors import InputError, UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.site import Site
from vesicle.products.diagnosis import NONE, SURE, UNDETERMINED, Panel, chances, hypotheses, positives, prior, rank, share
from vesicle.readouts.drawn import drawn

KRAS, TP53, GPC1 = "KRAS G12D DNA", "TP53 R273H DNA", "glypican-1 on vesicles"
CANCER, ADULTS, CLINIC = "pancreatic cancer", "general adults", "referred with a pancreatic mass or symptoms"


def evaluate(make, draws=100):
    site = Site(shipped(), {})
    return drawn(site, make(site), draws)


@pytest.mark.parametrize("markers", [{KRAS: True}, {KRAS: False}, {KRAS: True, TP53: False}])
@pytest.mark.parametrize("setting", [ADULTS, CLINIC])
def test_chances_sum_to_one(markers, setting):
    found = evaluate(lambda site: chances(site, Panel(markers, setting)))
    np.testing.assert_allclose(sum(found.values()), 1, rtol=1e-12)


def test_chance_of_one_found_marker_is_the_share_of_the_positives_who_have_it():
    """A million simulated persons at the nominal values; the tolerance is four standard errors of a share."""
    site = Site(shipped(), {})
    names, _ = hypotheses(shipped(), Panel({KRAS: True}, CLINIC))
    n = drawn(
        site, {**{f"pi {h}": prior(site, h, CLINIC) for h in names}, **{f"s {h}": share(site, KRAS, h) for h in names}, "p": chances(site, Panel({KRAS: True}, CLINIC))[CANCER]}, 0
    )
    rng = np.random.default_rng(1)
    shares = np.array([n[f"pi {h}"][0] for h in names])
    who = rng.choice(len(names), size=1_000_000, p=shares / shares.sum())
    positive = rng.random(who.size) < np.array([n[f"s {h}"][0] for h in names])[who]
    seen = np.mean(who[positive] == names.index(CANCER))
    assert n["p"][0] == pytest.approx(seen, abs=4 * np.sqrt(seen * (1 - seen) / positive.sum()))


def test_predictive_value_is_the_chance_with_the_marker():
    site = Site(shipped(), {})
    true, false = positives(site, KRAS, ADULTS, CANCER)
    found = drawn(site, {"ppv": true / (true + false), "chance": chances(site, Panel({KRAS: True}, ADULTS))[CANCER]}, 50)
    np.testing.assert_allclose(found["ppv"], found["chance"], rtol=1e-12)


def test_found_marker_raises_and_absent_marker_lowers_the_chance():
    found, absent = (evaluate(lambda site, x=x: chances(site, Panel({KRAS: x}, CLINIC)))[CANCER][0] for x in (True, False))
    before = evaluate(lambda site: {"pi": prior(site, CANCER, CLINIC)})["pi"][0]
    assert absent < before < found


def test_hypothesis_without_a_record_of_the_marker_is_not_judged():
    assert hypotheses(shipped(), Panel({KRAS: True, TP53: True}, CLINIC))[1] == ("chronic pancreatitis",)
    assert NONE in hypotheses(shipped(), Panel({GPC1: True}, ADULTS))[1]


def test_nothing_is_called_while_a_hypothesis_is_not_judged():
    sure = {"a": np.full(101, 0.99), "b": np.full(101, 0.01)}
    assert rank(sure, ()).call == "a"
    assert rank(sure, ("c",)).call == UNDETERMINED


def test_nothing_is_called_where_some_draws_doubt():
    chance = np.full(101, 0.99)
    chance[1:11] = SURE - 0.1  # a tenth of the draws
    assert rank({"a": chance, "b": 1 - chance}, ()).call == UNDETERMINED


def test_empty_panel_and_unknown_marker_are_refused():
    with pytest.raises(InputError, match="no marker"):
        Panel({}, ADULTS)
    with pytest.raises(UnknownName, match="KRAS G12D DNA"):
        hypotheses(shipped(), Panel({"KRAS G12V DNA": True}, ADULTS))
    with pytest.raises(UnknownName, match="general adults"):
        hypotheses(shipped(), Panel({KRAS: True}, "general adult"))
