"""Sequenced vesicles against the tissue of their parent: how far they mirror it, and how far they select. Facts about the data that the model is compared with."""

import csv
import gzip
import math
import statistics
from pathlib import Path

import pytest
from scipy.stats import spearmanr

from vesicle.evidence import shipped

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
VESICLES, TISSUES = DATA / "ev_mirna" / "cell_source_mean_cpm.csv.gz", DATA / "expression" / "mirna_tissue_atlas2_counts.csv.gz"
PAIRS = {"PRJNA1008693_1": "adipocyte", "PRJNA1094435_1": "adipocyte", "PRJNA393458_1": "bone", "PRJNA1097273_1": "vein", "PRJNA577933_1": "pancreas"}
LEAST_READS = 10.0  # per million in the tissue

pytestmark = pytest.mark.skipif(not (VESICLES.exists() and TISSUES.exists()), reason="the tables of sequenced vesicles (../shared/data) are not here: mirroring is NOT compared")


def table(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        head, *rows = csv.reader(lines)
    return head[1:], {row[0]: [float(x or 0) for x in row[1:]] for row in rows}


@pytest.fixture(scope="module")
def pairs():
    """Pair -> (vesicle, tissue) per million, of the miRNAs seen in both."""
    groups, vesicles = table(VESICLES)
    samples, tissues = table(TISSUES)
    totals = [sum(column) for column in zip(*tissues.values(), strict=True)]
    out = {}
    for group, tissue in PAIRS.items():
        mine = [i for i, name in enumerate(samples) if name.split("__")[0] == tissue]
        mean = {name: statistics.fmean(1e6 * row[i] / totals[i] for i in mine) for name, row in tissues.items()}
        column = groups.index(group)
        out[group] = [(row[column], mean[name]) for name, row in vesicles.items() if row[column] > 0 and mean.get(name, 0) > LEAST_READS]
    return out


@pytest.mark.parametrize("group", PAIRS)
def test_vesicles_follow_the_tissue_of_their_parent_only_in_part(pairs, group):
    rho = spearmanr(*zip(*pairs[group], strict=True)).statistic
    assert 0.3 < rho < 0.8


@pytest.mark.parametrize("group", PAIRS)
def test_spread_of_the_enrichment_is_within_the_recorded_range(pairs, group):
    (record,) = shipped().of("mirna_enrichment_log_sd")
    assert record.low * 0.99 <= statistics.pstdev(math.log10(a / b) for a, b in pairs[group]) <= record.high * 1.01


@pytest.mark.parametrize("group", PAIRS)
def test_a_third_of_the_top_of_the_tissue_is_at_the_top_of_the_vesicles(pairs, group):
    """Of the 50 most frequent miRNAs; by chance 50/n of them would be."""
    top = [set(sorted(range(len(pairs[group])), key=lambda i: pairs[group][i][side])[-50:]) for side in (0, 1)]
    assert len(top[0] & top[1]) > 50 / 3 > 50 * 50 / len(pairs[group])
