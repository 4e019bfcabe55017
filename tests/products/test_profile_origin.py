"""Origin of a panel: ranks against SciPy, abstention, and real profiles with one study left out."""

import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from vesicle.errors import InputError
from vesicle.products.profile_origin import UNDETERMINED, rank_origins

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "ev_mirna"
NAMES = [f"m{i}" for i in range(40)]
ORIGINS = {
    "mesenchymal stem cell": "esenchymal",
    "endothelium": "ndothelial",
    "breast line": "Breast|Cell line",
    "stomach line": "Stomach",
    "colon line": "Colorectum",
    "lung line": "A549",
}
KNOWN = 100
"""miRNAs compared: the most abundant on average."""


def profile(seed, noise_of=None):
    rng = np.random.default_rng(seed)
    base = np.zeros(40) if noise_of is None else np.array(list(noise_of.values()))
    return dict(zip(NAMES, base + rng.normal(size=40) * (1 if noise_of is None else 0.2), strict=True))


def test_likeness_is_spearmans_correlation_with_ties():
    rng = np.random.default_rng(3)
    one, other = rng.integers(0, 5, 40), rng.integers(0, 5, 40)
    found = rank_origins(dict(zip(NAMES, one, strict=True)), {"a": {"s": dict(zip(NAMES, other, strict=True))}})
    assert found.ranked["a"].median == pytest.approx(spearmanr(one, other).statistic, rel=1e-12)


def test_units_and_depth_play_no_part():
    a, b = profile(1), profile(2)
    refs = {"a": {"s": a, "t": profile(4, a)}, "b": {"s": b, "t": profile(5, b)}}
    panel = profile(6, a)
    assert rank_origins(panel, refs) == rank_origins({name: np.exp(3 * value) for name, value in panel.items()}, refs)


def test_panel_near_one_origin_is_called_unless_a_study_of_another_is_as_near():
    a, b = profile(1), profile(2)
    refs = {"a": {"s": profile(3, a), "t": profile(4, a)}, "b": {"s": profile(5, b), "t": profile(6, b)}}
    assert rank_origins(profile(7, a), refs).call == "a"
    disputed = {"a": refs["a"], "b": {**refs["b"], "u": profile(7, a)}}
    assert rank_origins(profile(7, a), disputed).call == UNDETERMINED


def test_origin_of_a_single_study_is_never_called():
    a, b = profile(1), profile(2)
    found = rank_origins(profile(7, a), {"a": {"s": a}, "b": {"s": b, "t": profile(6, b)}})
    assert (found.call, "one study" in found.reason) == (UNDETERMINED, True)


def test_too_few_shared_molecules_are_refused():
    with pytest.raises(InputError, match="shares 5 molecules with 'a, s'"):
        rank_origins(dict.fromkeys(NAMES[:5], 1.0), {"a": {"s": profile(1)}})


@pytest.mark.skipif(not DATA.exists(), reason="profiles of vesicles (../shared/data/ev_mirna) are not here: no real panel is ranked")
def test_real_profiles_of_a_study_left_out_are_hardly_ever_called_though_the_nearest_is_right_more_often_than_chance():
    """80 profiles of six origins, the commonest of which has 21: laboratories differ more than origins, and a rule that calls must not hide it. That the nearest is
    right more often than naming the commonest each time is all that is claimed."""
    calls = list(left_out())
    silent = sum(outcome.call == UNDETERMINED for _, outcome in calls)
    nearest = sum(next(iter(outcome.ranked)) == origin for origin, outcome in calls)
    commonest = max(sum(origin == one for origin, _ in calls) for one in ORIGINS)
    assert silent > 0.9 * len(calls)
    assert nearest > commonest


def left_out():
    """(origin, outcome) of every profile against the other studies."""
    groups, profiles = known_profiles()
    for name, (origin, study) in groups.items():
        references = {}
        for other, (its, from_) in groups.items():
            if from_ != study:
                references.setdefault(its, {})[f"{from_} {other}"] = profiles[other]
        yield origin, rank_origins(profiles[name], references)


def known_profiles():
    groups = {}
    with (DATA / "cell_source_groups.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            for origin, word in ORIGINS.items():
                if word in row["source"] and float(row["median_mirna_reads"]) >= 5000:
                    groups[row["group"]] = (origin, row["bioproject"])
    with gzip.open(DATA / "cell_source_mean_cpm.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(row["mirna"], {g: float(row[g] or 0) for g in groups}) for row in csv.DictReader(file)]
    rows.sort(key=lambda item: -sum(item[1].values()))
    return groups, {g: {name: values[g] for name, values in rows[:KNOWN]} for g in groups}
