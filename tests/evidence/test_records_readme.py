"""The records' README lists what mechanisms ask for, and every contradiction that the notes name."""

import re

import pytest

from vesicle.evidence import shipped
from vesicle.evidence.library import RECORDS
from vesicle.mechanisms import all_mechanisms

ROOMS = ("mechanisms", "products", "model")
README = (RECORDS / "README.md").read_text(encoding="utf-8")
CONTRADICTIONS = README.partition("## Records that contradict each other")[2].partition("\n## ")[0]


def asked_in_code():
    """Names of quantities that the source asks for, read as text."""
    found = set()
    for room in ROOMS:
        for path in (RECORDS.parents[1] / room).rglob("*.py"):
            found |= set(re.findall(r'(?:\.quantity\(|in_cell\(site, )"(\w+)"', path.read_text(encoding="utf-8")))
    return found


def contradicting():
    """Pairs of ids from the notes."""
    for record in shipped().measurements:
        for part in record.note.split(";"):
            _, said, others = part.partition("contradicts")
            if said:
                yield from ((record.id, other) for other in re.findall(r"M-\d{4}", others) if other != record.id)


@pytest.mark.parametrize("quantity", sorted(asked_in_code() | {q for kind in all_mechanisms().values() for q in kind.quantities}))
def test_quantity_that_is_asked_for_is_listed(quantity):
    assert f"| `{quantity}` |" in README


def test_every_contradiction_in_the_notes_is_explained():
    pairs = sorted(set(contradicting()))
    assert pairs
    assert [(a, b) for a, b in pairs if not any(a in line and b in line for line in items())] == []


def items():
    """The list items of the section on contradictions, continuation lines joined."""
    return re.split(r"\n- ", CONTRADICTIONS)


def test_contradictions_name_only_records_that_exist():
    assert set(re.findall(r"M-\d{4}", README)) <= shipped().by_id.keys() | {"M-0123"}


@pytest.mark.parametrize("name", ["claims.tsv", "measurements.tsv", "references.tsv", "dropped.tsv"])
def test_every_shipped_file_has_a_source(name):
    assert f"| `{name}` |" in (RECORDS / "SOURCES.md").read_text(encoding="utf-8")
