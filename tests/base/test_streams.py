"""Named random streams: the key decides the number, and nothing else does."""

import hashlib
import math
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import streams
from vesicle.errors import InputError

keys = st.tuples(st.integers(0, 2**63), st.text(max_size=20), st.integers(0, 10**9))
SAMPLES = 10_000


def test_same_key_gives_the_same_number_in_another_process():
    # another hash seed, so that a use of hash() would show
    code = "from vesicle import streams; print(repr(streams.uniform(1, 'k_on', 7)))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
    assert float(printed) == streams.uniform(1, "k_on", 7)


def test_number_of_a_key_never_changes_between_versions():
    digest = hashlib.blake2b(b"1|k_on|7", digest_size=8).digest()
    assert streams.uniform(1, "k_on", 7) == ((int.from_bytes(digest, "big") >> 12) + 0.5) / 2**52


@given(keys)
def test_uniform_lies_strictly_between_0_and_1(key):
    assert 0.0 < streams.uniform(*key) < 1.0


def test_largest_hash_stays_below_1(monkeypatch):
    largest = type("Hash", (), {"digest": lambda self: b"\xff" * 8})()
    monkeypatch.setattr(streams.hashlib, "blake2b", lambda *args, **kwargs: largest)
    assert streams.uniform(0, "", 0) < 1.0


@pytest.mark.parametrize(("one", "other"), [((1, "k", 0), (2, "k", 0)), ((1, "k", 0), (1, "q", 0)), ((1, "k", 0), (1, "k", 1)), ((1, "k", 11), (11, "k", 1))])
def test_each_part_of_the_key_changes_the_number(one, other):
    assert streams.uniform(*one) != streams.uniform(*other)


def test_uniform_has_the_mean_and_the_variance_of_a_uniform_law():
    draws = [streams.uniform(0, "k", i) for i in range(SAMPLES)]
    mean = sum(draws) / SAMPLES
    variance = sum((u - mean) ** 2 for u in draws) / SAMPLES
    # five standard errors: a wrong alarm in 1 of 1e6 seeds; Var(u) = 1/12, Var((u - 1/2)^2) = 1/180
    assert abs(mean - 1 / 2) < 5 * math.sqrt(1 / 12 / SAMPLES)
    assert abs(variance - 1 / 12) < 5 * math.sqrt(1 / 180 / SAMPLES)


def test_streams_of_two_names_are_not_correlated():
    pairs = [(streams.uniform(0, "k_on", i) - 0.5, streams.uniform(0, "k_off", i) - 0.5) for i in range(SAMPLES)]
    correlation = 12 * sum(u * v for u, v in pairs) / SAMPLES
    assert abs(correlation) < 5 / math.sqrt(SAMPLES)  # five standard errors


def test_normal_has_the_mean_and_the_variance_of_a_standard_normal_law():
    draws = [streams.normal(0, "k", i) for i in range(SAMPLES)]
    # five standard errors; Var(w) = 1, Var(w^2) = 2
    assert abs(sum(draws) / SAMPLES) < 5 / math.sqrt(SAMPLES)
    assert abs(sum(w * w for w in draws) / SAMPLES - 1) < 5 * math.sqrt(2 / SAMPLES)


@given(keys, st.integers(1, 50))
def test_choice_is_an_index_below_the_options(key, options):
    assert 0 <= streams.choice(*key, options) < options


def test_choice_takes_each_option_equally_often():
    options, counts = 4, [0] * 4
    for i in range(SAMPLES):
        counts[streams.choice(0, "arm", i, options)] += 1
    error = math.sqrt(SAMPLES / options * (1 - 1 / options))
    assert all(abs(count - SAMPLES / options) < 5 * error for count in counts)  # five standard errors each


@pytest.mark.parametrize("seed", [-1, 1.5, True, "1"])
def test_seed_is_a_whole_number_of_0_or_more(seed):
    with pytest.raises(InputError, match=f"--seed {seed}: expected a whole number of 0 or more"):
        streams.check_seed(seed)
    streams.check_seed(0)
