"""RNA sequences and the signals in them that sorting reads.

A signal is a short motif beyond the seed (the first eight nucleotides sit in AGO2), read by one protein:

    EXO motif     GGAG or CCCU   sumoylated HNRNPA2B1
    hEXO motif    GGCU           SYNCRIP

and for mRNA the zip-code: the core CUGCC with a site for the seed (nucleotides 2 to 8) of miR-1289. A non-templated tail is what an isoform has beyond its
templated 3' end. A scrambled sequence has the same nucleotides in another order, no signal, and no tail.
"""

from __future__ import annotations

import functools

from vesicle import reading, streams
from vesicle.errors import InputError, unknown_name
from vesicle.evidence.library import RECORDS

SEED = 8
MOTIFS = {"EXO motif": ("GGAG", "CCCU"), "hEXO motif": ("GGCU",)}
ZIP_CORE, ZIP_MIRNA = "CUGCC", "hsa-miR-1289"
COLUMNS = ("name", "accession", "sequence")
ATTEMPTS = 1000
_PAIRS = str.maketrans("ACGU", "UGCA")


@functools.cache
def known() -> dict[str, str]:
    """Name -> sequence of the mature miRNAs that are shipped."""
    return {row["name"]: row["sequence"] for row in reading.rows(RECORDS / "rna_sequences.tsv", COLUMNS)}


def sequence_of(name: str) -> str:
    """The sequence of a miRNA by name.

    Raises
    ------
    UnknownName
        If it is not among those shipped; a sequence can be given instead.
    """
    if name not in known():
        raise unknown_name("miRNA sequence", name, known(), advice="Give the sequence with the RNA.")
    return known()[name]


def as_rna(sequence: str) -> str:
    """A sequence in the letters A, C, G, U.

    Raises
    ------
    InputError
        For any other letter.
    """
    text = sequence.upper().replace("T", "U")
    wrong = sorted(set(text) - set("ACGU"))
    if wrong:
        raise InputError(f"the sequence '{sequence[:40]}' has the letters {', '.join(wrong)}; expected A, C, G, U (or T).")
    return text


def has_motif(sequence: str, motif: str) -> bool:
    """Whether a motif of :data:`MOTIFS` stands beyond the seed."""
    return any(word in sequence[SEED:] for word in MOTIFS[motif])


def has_zip_core(sequence: str) -> bool:
    """Whether a mRNA has the core of the zip-code."""
    return ZIP_CORE in sequence


def has_site(sequence: str, mirna: str) -> bool:
    """Whether a mRNA has a site for nucleotides 2 to 8 of a miRNA."""
    return sequence_of(mirna)[1:SEED].translate(_PAIRS)[::-1] in sequence


def has_signal(sequence: str) -> bool:
    """Whether any signal of this module stands in a sequence."""
    return any(has_motif(sequence, motif) for motif in MOTIFS) or has_zip_core(sequence)


def scrambled(sequence: str) -> str:
    """The same nucleotides in another order, without a signal; always the same for one sequence.

    Raises
    ------
    InputError
        If no order without a signal is found (a sequence of one letter).
    """
    for attempt in range(ATTEMPTS):
        order = sorted(range(len(sequence)), key=lambda place: streams.uniform(attempt, f"scramble|{sequence}|{place}", 0))
        mixed = "".join(sequence[place] for place in order)
        if mixed != sequence and not has_signal(mixed):
            return mixed
    raise InputError(f"no order of the nucleotides of '{sequence[:40]}' is without a signal; give a scrambled control of your own.")
