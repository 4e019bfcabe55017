"""Quotes are checked against hashes of the texts' word runs, without the texts."""

from dataclasses import replace

import numpy as np
import pytest

from vesicle.evidence import quotes, shipped

LIBRARY = shipped()
LONG = next(c for c in LIBRARY.claims if len(quotes.words(c.quote)) > 8)


def test_every_shipped_quote_stands_in_the_text_it_cites():
    assert quotes.unfound(LIBRARY) == []


def test_every_source_of_a_shipped_claim_has_hashes():
    assert {c.source for c in LIBRARY.claims} == {"nafar2022", "xunian2020"}


@pytest.mark.parametrize("change", [lambda w: [*w[:4], "pancake", *w[5:]], lambda w: w[::-1], lambda w: [*w[3:], *w[:3]]])
def test_quote_with_other_words_or_another_order_does_not_hold(change):
    assert not quotes.holds(replace(LONG, quote=" ".join(change(quotes.words(LONG.quote)))))


def test_quote_of_the_other_review_does_not_hold():
    other = next(source for source in ("nafar2022", "xunian2020") if source != LONG.source)
    assert not quotes.holds(replace(LONG, source=other))


def test_quote_of_one_word_does_not_hold():
    assert not quotes.holds(replace(LONG, quote="exosomes"))


def test_written_runs_are_found_again(tmp_path):
    quotes.write_runs({"mine": "one two three four five six"}, str(tmp_path / "runs.npz"))
    with np.load(tmp_path / "runs.npz") as file:
        assert [len(file[f"mine_{n}"]) for n in range(2, 6)] == [5, 4, 3, 2]
