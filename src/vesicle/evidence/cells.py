"""Names of cells, in whatever style, as the names that the records use.

- **Style.** Case, blanks, hyphens, underscores, full stops and an identifier in brackets do not matter: ``U-87 MG``, ``U87-MG`` and ``u87mg`` are one line.
- **Other names.** ``records/cell_names.tsv`` holds what style does not explain, like ``U87``. A name that may mean several lines stands there once for each of
  them (``B16``), and is refused. Nothing is guessed: a line and its descendant (``HEK293`` and ``HEK293T``) are two.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from vesicle import reading
from vesicle.errors import AmbiguousName, unknown_name
from vesicle.evidence.library import RECORDS

COLUMNS = ("written", "name", "note")
_STYLE = re.compile(r"[\s._\u2010-\u2015\u2212-]+")


@functools.cache
def key(name: str) -> str:
    """The form in which two names of one style are equal."""
    return _STYLE.sub("", unicodedata.normalize("NFKC", name.split(" [")[0]).casefold())


@functools.cache
def other_names() -> dict[str, tuple[str, ...]]:
    """Key of what is written -> what it may mean."""
    found: dict[str, tuple[str, ...]] = {}
    for row in reading.rows(RECORDS / "cell_names.tsv", COLUMNS):
        written = key(row["written"])
        found[written] = (*found.get(written, ()), row["name"])
    return found


def same(one: str, two: str) -> bool:
    """Whether two names are of one cell; a name that may mean several is the same as none of them."""
    return one == two or (bool(one and two) and _plain(one) == _plain(two))


def find(written: str, names: Iterable[str], kind: str = "cell") -> str:
    """The one among ``names`` that is meant.

    Raises
    ------
    AmbiguousName
        If the name may mean several, with all of them.
    UnknownName
        If nobody knows it, with the nearest.
    """
    known = list(dict.fromkeys(names))
    if written in known:
        return written
    meant = other_names().get(key(written), ())
    if len(meant) > 1:
        raise AmbiguousName(f"{kind} '{written}' is ambiguous: it may mean {' or '.join(repr(name) for name in meant)}; write which.")
    found = [name for name in known if same(name, written)]
    if len(found) > 1:
        raise AmbiguousName(f"{kind} '{written}' is ambiguous: it may mean {' or '.join(repr(name) for name in found)}; write one as it stands there.")
    if not found:
        raise unknown_name(kind, written, known)
    return found[0]


@functools.cache
def _plain(name: str) -> str:
    meant = other_names().get(key(name), ())
    return key(meant[0]) if len(meant) == 1 else key(name)
