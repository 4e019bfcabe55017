"""Are the quotes really in the texts? Checked without the texts, by hashes of their word runs.

A text is cut into words (letters and digits, case folded). Every run of two to five words is
hashed to 32 bits (BLAKE2b); the sorted hashes of both reviews are shipped in
``records/text_runs.npz``, the texts are not. A quote holds when each of its five-word runs (or the
whole quote, when it is shorter) is among the hashes of its source. A wrong run passes by chance with
a probability of about 15,000 / 2^32.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from vesicle.evidence.claim import Claim
from vesicle.evidence.library import RECORDS, Library

LONGEST_RUN, SHORTEST_RUN = 5, 2
_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text: letters and digits, case folded; signs and spaces do not count."""
    return _WORD.findall(text.casefold())


def run_hashes(text_words: list[str], length: int) -> npt.NDArray[np.uint32]:
    """Sorted distinct hashes of all runs of a length."""
    runs = (" ".join(text_words[i : i + length]) for i in range(len(text_words) - length + 1))
    return np.array(sorted({_hash(run) for run in runs}), dtype=np.uint32)


def _hash(run: str) -> int:
    return int.from_bytes(hashlib.blake2b(run.encode(), digest_size=4).digest(), "big")


def write_runs(texts: dict[str, str], path: str) -> None:
    """Write the hashes of texts (source key -> text); used by curators who hold the texts."""
    arrays = {f"{source}_{n}": run_hashes(words(text), n) for source, text in texts.items() for n in range(SHORTEST_RUN, LONGEST_RUN + 1)}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


@functools.cache
def _shipped_runs() -> dict[str, npt.NDArray[np.uint32]]:
    with np.load(RECORDS / "text_runs.npz") as file:
        return {name: file[name] for name in file.files}


def holds(claim: Claim) -> bool:
    """Whether the quote of a claim stands in the text of its source."""
    quoted = words(claim.quote)
    length = min(LONGEST_RUN, len(quoted))
    known = _shipped_runs().get(f"{claim.source}_{max(length, SHORTEST_RUN)}")
    if known is None or length < SHORTEST_RUN:
        return False
    asked = run_hashes(quoted, length)
    return bool(np.isin(asked, known).all())


def unfound(library: Library) -> list[str]:
    """Ids of claims whose quote is not in the text they cite; claims of other sources are left out."""
    sources = {name.rsplit("_", 1)[0] for name in _shipped_runs()}
    return [claim.id for claim in _of(library.claims, sources) if not holds(claim)]


def _of(claims: Iterable[Claim], sources: set[str]) -> Iterable[Claim]:
    return (claim for claim in claims if claim.source in sources)
