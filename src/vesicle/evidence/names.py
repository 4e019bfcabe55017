"""Names of human miRNAs, in whatever style and of whatever miRBase version, as names of miRBase v22.

The table ``records/copyleft/mirna_names.tsv`` holds every name that an accession ever had (versions 6
to 22). A name is first brought to one form, then looked up, and never guessed:

- **Style.** Case, the prefix ``hsa-``, the words ``miR``, ``miRNA`` and ``microRNA``, and the
  sign between the parts (hyphen, dash, blank, underscore, or none before the number) do not
  matter; ``miR-let-7a`` is ``let-7a``. A name of another species is unknown here.
- **Current names** (``hsa-miR-21-5p``) and accessions (``MIMAT0000076``) lead to themselves.
  Where an older version used a current name for something else, the status says so.
- **Old names**, star names among them (``miR-21*``), lead to the accession that carried them,
  and the status says when (``name of versions 6-17``): so ``miR-21`` is the 5p arm.
- **Names without a letter** that got one since (``miR-146`` became ``miR-146a`` beside
  ``miR-146b``) may mean any member: ambiguous, even where one alone carried the name (it comes
  first). ``miR-122`` kept its name, so it stays clear although there is a ``miR-122b``.
- **Names that no mature ever had** lead to what they cover: a precursor (``mir-9-1``,
  ``MI0000466``) to its arms, a family (``let-7``) to its members, ``miR-142`` to both arms. If
  that is one mature miRNA it is the answer, with a status that says why; if more, ambiguous.
- **Withdrawn names** are unknown, with the version that had them last. A star name that
  no version had is unknown: a star tells no arm by itself.

``hsa-mir-21``, written as miRBase writes the precursor, is read as ``hsa-miR-21`` with a note.
"""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

from vesicle import reading
from vesicle.errors import UnknownName, UnsupportedFeature
from vesicle.evidence.library import RECORDS
from vesicle.evidence.sources import shipped_file

COLUMNS = ("accession", "name", "first_version", "last_version", "kind", "precursors")
CURRENT = "22"
TABLE = "copyleft/mirna_names.tsv"
_DASH = re.compile(r"[\s_\u2010-\u2015\u2212-]+")
_STYLE = re.compile(r"(?:hsa-?)?(?:(?:mirna|micro-?rna|mir)(?P<word>-?))?(?P<let>let-?)?(?P<rest>[0-9]+[a-z]*(?:-[0-9]+)?(?:-[35]p)?(?:\*|-as)?)")
_PARTS = re.compile(r"(?P<family>(?:mir|let)-[0-9]+)(?P<letter>[a-z]*)(?:-(?P<copy>[0-9]+))?(?:-(?P<arm>[35]p))?(?P<star>\*|-as)?")
_LONGEST = 60


@dataclass(frozen=True)
class MiRNA:
    """A mature human miRNA, and how a name led to it.

    Attributes
    ----------
    name : its name in miRBase v22, like ``hsa-miR-21-5p``.
    accession : its accession, like ``MIMAT0000076``.
    asked : the name as it was written.
    status : why the name leads here, like ``current name`` or ``name of versions 6-17``.
    """

    name: str
    accession: str
    asked: str
    status: str


@dataclass(frozen=True)
class _Names:
    """The table, by what is looked up in it; keys are names in one form (see ``_key``)."""

    current: dict[str, str]  # accession -> name
    carriers: dict[str, dict[str, str]]  # key -> accession of a mature -> the versions
    withdrawn: dict[str, str]  # key or accession -> the version that had it last
    precursors: dict[str, dict[str, str]]  # key or accession -> accession of a precursor -> its name as asked
    products: dict[str, list[str]]  # accession of a precursor -> accessions of its matures
    families: dict[str, list[str]]  # mir-146 -> accessions of its matures


@functools.cache
def _names() -> _Names:
    out = _Names({}, defaultdict(dict), {}, defaultdict(dict), defaultdict(list), defaultdict(list))
    table = reading.rows(RECORDS / TABLE, COLUMNS)
    for row in table:
        if row["kind"] == "mature" and row["last_version"] == CURRENT:
            out.current[row["accession"]] = row["name"]
            out.families[_parts(_key(row["name"]))["family"]].append(row["accession"])
            for precursor in row["precursors"].split(";"):
                out.products[precursor].append(row["accession"])
    for row in table:
        accession, key, first, last = row["accession"], _key(row["name"]), row["first_version"], row["last_version"]
        if row["kind"] == "precursor":
            out.precursors[key][accession] = row["name"]
            out.precursors[accession][accession] = row["name"]
        else:
            out.carriers[key][accession] = f"versions {first}-{last}" if first != last else f"version {first}"
            if accession not in out.current:
                out.withdrawn[key] = last
                out.withdrawn[accession] = max(last, out.withdrawn.get(accession, last), key=float)
    return out


def _key(text: str) -> str:
    """A name in one form, like ``mir-21-5p``, ``let-7a`` or ``MIMAT0000076``; empty if it is no name of a miRNA."""
    plain = _DASH.sub("-", unicodedata.normalize("NFKC", text).strip()).lower().replace("-*", "*")
    if re.fullmatch(r"mi(mat)?[0-9]{7}", plain):
        return plain.upper()
    found = _STYLE.fullmatch(plain)
    if found is None or (found["word"] is None and not found["let"]):
        return ""
    return ("let-" if found["let"] else "mir-") + found["rest"]


@functools.lru_cache(maxsize=1 << 14)
def is_mirna(text: str) -> bool:
    """Whether a text is written like the name or accession of a miRNA, known or not."""
    return bool(_key(text))


def _parts(key: str) -> dict[str, str]:
    """Family, letter, copy, arm and star of a key; all empty for an accession."""
    found = _PARTS.fullmatch(key)
    return found.groupdict("") if found else dict.fromkeys(_PARTS.groupindex, "")


def _order(accession: str) -> tuple[int, str, str]:
    name = _names().current[accession]
    parts = _parts(_key(name))
    return len(parts["letter"]), name, accession


def candidates(text: str) -> list[MiRNA]:
    """Every mature miRNA that a name may mean: one if it is clear, several if it is ambiguous, none if it is unknown.

    >>> [found.name for found in candidates("miR-146-5p")]
    ['hsa-miR-146a-5p', 'hsa-miR-146b-5p']
    """
    if shipped_file(TABLE) is None:
        return []
    names, key = _names(), _key(text)
    note = f"; as '{text.strip()}' also the name of a precursor" if text.strip().startswith("hsa-mir-") and key in names.precursors and key in names.carriers else ""
    return [MiRNA(names.current[accession], accession, text, status + note) for accession, status in _leads(key).items()]


def _leads(key: str) -> dict[str, str]:
    """Accessions that a key may mean, the best founded first, with the reason."""
    names = _names()
    if key in names.current:
        return {key: "current accession"}
    carriers = names.carriers.get(key, {})
    for accession in carriers:
        if _key(names.current.get(accession, "")) == key:
            return {accession: "current name" + _used_otherwise(carriers, accession)}
    found = {a: f"name of {carriers[a]}" for a in sorted(carriers.keys() & names.current.keys(), key=_order)}
    if not found and key in names.withdrawn:
        return {}
    if not found:
        found = {a: f"mature of the precursor {name}" for mother, name in names.precursors.get(key, {}).items() for a in sorted(names.products.get(mother, ()), key=_order)}
    asked = _parts(key)
    if not asked["family"] or asked["star"] or asked["copy"]:
        return found
    members = {a: f"covered by '{key.replace('mir', 'miR')}'" for a in sorted(names.families.get(asked["family"], ()), key=_order) if _covers(asked, a)}
    is_split = any(_parts(_key(names.current[a]))["letter"] != asked["letter"] for a in found)
    return found if found and not is_split else found | {a: why for a, why in members.items() if a not in found}


def _covers(asked: dict[str, str], accession: str) -> bool:
    """Whether a mature has what was asked for: the letter and the arm, each if given."""
    has = _parts(_key(_names().current[accession]))
    return asked["letter"] in ("", has["letter"]) and asked["arm"] in ("", has["arm"])


def _used_otherwise(carriers: dict[str, str], accession: str) -> str:
    others = [f"; {versions} used it for {_names().current.get(other, other + ' (withdrawn)')}" for other, versions in carriers.items() if other != accession]
    return "".join(others)


def resolve(text: str) -> MiRNA:
    """The one mature miRNA that a name means, with its name in miRBase v22.

    Parameters
    ----------
    text : a name in any style and of any miRBase version from 6, or an accession.

    Raises
    ------
    UnknownName
        If the name is ambiguous (the message lists all candidates) or unknown (it lists the nearest names).

    Examples
    --------
    >>> resolve("miRNA-21")
    MiRNA(name='hsa-miR-21-5p', accession='MIMAT0000076', asked='miRNA-21', status='name of versions 6-17')
    """
    if shipped_file(TABLE) is None:
        reason = "the table of miRNA names came through a GPL package and only permissive tables are wanted"
        raise UnsupportedFeature(f"the name '{text[:_LONGEST]}' cannot be looked up: {reason}. Allow copyleft tables.")
    found = candidates(text)
    if len(found) == 1:
        return found[0]
    shown = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    if found:
        listed = ", ".join(f"{m.name} ({m.accession}, {m.status})" for m in found)
        raise UnknownName(f"miRNA name '{shown}' is ambiguous: it may mean {listed}. Write one of them.")
    key = _key(text)
    last = _names().withdrawn.get(key)
    reason = f" miRBase withdrew it; version {last} had it last." if last else ""
    near = _nearest(key, text)
    hint = f" Nearest: {', '.join(near)}." if near else ""
    raise UnknownName(f"unknown miRNA name '{shown}'.{reason}{hint} Only human names of miRBase 6 to {CURRENT} are known here; write it like 'hsa-miR-21-5p'.")


def _nearest(key: str, text: str) -> list[str]:
    """Up to five current names: of the same number if there are any, else of the nearest spelling."""
    names = _names()
    same = [names.current[a] for a in sorted(names.families.get(_parts(key)["family"], ()), key=_order)]
    if same:
        return same[:5]
    lowered = {name.lower(): name for name in names.current.values()}
    return [lowered[near] for near in difflib.get_close_matches((f"hsa-{key}" if key else text.lower())[:_LONGEST], lowered, n=3, cutoff=0.6)]
