"""Names of human genes, as approved HGNC symbols.

A name that is an approved symbol is that gene, whatever else it once meant. Else a symbol that exactly one gene had before
leads to it, else an alias of exactly one gene; capitals do not count where a name is written in another species' style.
A name of several genes leads to none.
"""

from __future__ import annotations

import difflib
import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from vesicle.errors import UnknownName

TABLE = Path(__file__).parent / "records" / "gene_names.parquet"


@dataclass(frozen=True)
class Gene:
    """An approved human gene, and how a name led to it."""

    symbol: str
    hgnc: str
    asked: str
    status: str


@dataclass(frozen=True)
class _Names:
    hgnc: dict[str, str]  # approved symbol -> HGNC:1234
    upper: dict[str, str]  # approved symbol in capitals -> approved symbol
    previous: dict[str, frozenset[str]]
    alias: dict[str, frozenset[str]]
    entrez: dict[str, str]
    ensembl: dict[str, str]


@functools.cache
def _names() -> _Names:
    import pyarrow.parquet as parquet

    columns = parquet.read_table(TABLE).to_pydict()
    symbols = columns["symbol"]
    return _Names(
        dict(zip(symbols, columns["hgnc"], strict=True)),
        {symbol.upper(): symbol for symbol in symbols},
        _reverse(symbols, columns["previous"]),
        _reverse(symbols, columns["aliases"]),
        {number: symbol for number, symbol in zip(columns["entrez"], symbols, strict=True) if number},
        {number: symbol for number, symbol in zip(columns["ensembl"], symbols, strict=True) if number},
    )


def _reverse(symbols: Iterable[str], lists: Iterable[str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for symbol, text in zip(symbols, lists, strict=True):
        for word in text.split(";"):
            if word:
                found[word.upper()].add(symbol)
    return {word: frozenset(genes) for word, genes in found.items()}


def approved(text: str) -> str:
    """The approved symbol that a name means, or an empty text where it means none or several."""
    found = candidates(text)
    return found[0].symbol if len(found) == 1 else ""


def candidates(text: str) -> list[Gene]:
    """Every gene that a name may mean; see the module for what goes first."""
    names, word = _names(), text.strip()
    upper = word.upper()
    if word in names.hgnc:
        return [Gene(word, names.hgnc[word], text, "approved symbol")]
    if upper in names.upper:
        symbol = names.upper[upper]
        return [Gene(symbol, names.hgnc[symbol], text, "approved symbol in other capitals")]
    for table, status in ((names.previous, "previous symbol"), (names.alias, "alias")):
        if upper in table:
            return [Gene(symbol, names.hgnc[symbol], text, status) for symbol in sorted(table[upper])]
    return []


def by_number(number: str) -> str:
    """The approved symbol of an Entrez or Ensembl gene number, or an empty text."""
    return _names().entrez.get(number, "") or _names().ensembl.get(number.split(".")[0], "")


def hgnc(symbol: str) -> str:
    """The HGNC identifier of an approved symbol, or an empty text."""
    return _names().hgnc.get(symbol, "")


def resolve(text: str) -> Gene:
    """The one gene that a name means.

    Raises
    ------
    UnknownName
        If it means several (all are listed) or none (with the nearest symbols).

    Examples
    --------
    >>> resolve("PD-L1").symbol
    'CD274'
    """
    found = candidates(text)
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"{g.symbol} ({g.hgnc})" for g in found)
        status = {"alias": "an alias"}.get(found[0].status, f"a {found[0].status}")
        raise UnknownName(f"gene name '{text}' is ambiguous: it is {status} of {listed}. Write one of them.")
    near = difflib.get_close_matches(text.upper()[:30], _names().upper, n=3, cutoff=0.6)
    hint = f" Nearest: {', '.join(_names().upper[n] for n in near)}." if near else ""
    raise UnknownName(f"unknown gene name '{text[:60]}'.{hint} Only human genes of HGNC are known here; write the approved symbol, like TP53.")
