"""Names of miRNAs: any style and version leads to one current name, or the error says what it may mean."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vesicle import reading
from vesicle.errors import UnknownName
from vesicle.evidence import shipped
from vesicle.evidence.library import RECORDS
from vesicle.evidence.names import COLUMNS, candidates, resolve

TABLE = RECORDS / "copyleft" / "mirna_names.tsv"
ROWS = reading.rows(TABLE, COLUMNS)
MATURES = [row for row in ROWS if row["kind"] == "mature"]
CURRENT = {row["accession"]: row["name"] for row in MATURES if row["last_version"] == "22"}
NOT_HUMAN = {"miR-540-3p"}


def claimed() -> set[str]:
    """Every miRNA that a shipped claim names by number."""
    names = {name.strip() for claim in shipped().claims if claim.cargo_type == "miRNA" for name in claim.cargo.split(";")}
    return {name for name in names if re.search(r"\d", name)}


def candidate_names(text: str) -> list[str]:
    return [found.name for found in candidates(text)]


@pytest.mark.parametrize(
    ("written", "name", "status"),
    [
        ("miR-21", "hsa-miR-21-5p", "name of versions 6-17"),
        ("hsa-miR-21-5p", "hsa-miR-21-5p", "current name"),
        ("miRNA-21", "hsa-miR-21-5p", "name of versions 6-17"),
        ("let-7a", "hsa-let-7a-5p", "name of versions 6-17"),
        ("microRNA-155", "hsa-miR-155-5p", "name of versions 6-17"),
        ("miR-21*", "hsa-miR-21-3p", "name of versions 10-17"),
        ("let-7a*", "hsa-let-7a-3p", "name of versions 10-17"),
        ("hsa-miR-24-1*", "hsa-miR-24-1-5p", "name of versions 10-17"),
        ("miR-451a", "hsa-miR-451a", "current name"),
        ("miR-199a", "hsa-miR-199a-5p", "name of versions 6-9.2"),
        ("miR-122", "hsa-miR-122-5p", "name of versions 10-17"),
        ("miR-103-as", "hsa-miR-103b", "name of versions 12-16"),
        ("MIMAT0000076", "hsa-miR-21-5p", "current accession"),
        ("hsa-mir-21", "hsa-miR-21-5p", "name of versions 6-17; as 'hsa-mir-21' also the name of a precursor"),
        ("miR-499a-5p", "hsa-miR-499a-5p", "current name; version 17 used it for hsa-miR-499b-5p"),
        ("miR-3190-3p", "hsa-miR-3190-3p", "current name; version 15 used it for MIMAT0015074 (withdrawn)"),
        ("hsa-mir-3119-1", "hsa-miR-3119", "mature of the precursor hsa-mir-3119-1"),
    ],
)
def test_a_name_leads_to_its_current_name_and_says_why(written, name, status):
    found = resolve(written)
    assert (found.name, found.status, found.asked) == (name, status, written)
    assert CURRENT[found.accession] == name


@pytest.mark.parametrize("written", ["MIR-21-5P", "mir21-5p", "miR 21 5p", "hsa_miR_21_5p", "microRNA-21-5p", "miR\u201121\u20135p", " miRNA-21-5p ", "mimat0000076"])
def test_the_style_of_a_name_does_not_matter(written):
    assert resolve(written).name == "hsa-miR-21-5p"


def test_a_name_that_became_a_family_is_ambiguous_and_its_former_holder_comes_first():
    assert candidate_names("miR-146")[0] == "hsa-miR-146a-5p"
    assert set(candidate_names("miR-146")) == {"hsa-miR-146a-5p", "hsa-miR-146a-3p", "hsa-miR-146b-5p", "hsa-miR-146b-3p"}
    with pytest.raises(UnknownName, match=r"ambiguous.*hsa-miR-146a-5p \(MIMAT0000449, name of version 6\).*hsa-miR-146b-5p"):
        resolve("miR-146")


@pytest.mark.parametrize("written", ["let-7", "miR-let7", "miRNA-let-7"])
def test_let_7_is_ambiguous_among_all_its_members(written):
    members = {name for name in CURRENT.values() if re.match(r"hsa-let-7[a-z]", name)}
    assert set(candidate_names(written)) == members
    with pytest.raises(UnknownName, match="ambiguous") as error:
        resolve(written)
    assert all(member in str(error.value) for member in members)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("miR-34b", {"hsa-miR-34b-3p", "hsa-miR-34b-5p"}),  # two versions gave it to two arms
        ("miR-142", {"hsa-miR-142-3p", "hsa-miR-142-5p"}),  # no version gave it to a mature
        ("miR-24-5p", {"hsa-miR-24-1-5p", "hsa-miR-24-2-5p"}),
        ("hsa-mir-9-1", {"hsa-miR-9-3p", "hsa-miR-9-5p"}),
        ("MI0000466", {"hsa-miR-9-3p", "hsa-miR-9-5p"}),
        ("hsa-let-7a-2", {"hsa-let-7a-5p", "hsa-let-7a-2-3p"}),
        ("miR-451", {"hsa-miR-451a", "hsa-miR-451b"}),
    ],
)
def test_a_name_with_several_meanings_lists_them(written, meant):
    assert set(candidate_names(written)) == meant
    with pytest.raises(UnknownName, match="ambiguous"):
        resolve(written)


@pytest.mark.parametrize(
    "written",
    [
        "miR-99999",
        "caspase-3",
        "",
        "21",
        "7a",
        "miR-",
        "let-",
        "hsa",
        "mmu-miR-21",
        "miR-107-3p",
        "miR-146*",
        "miR-9-4",
        "MIMAT9999999",
        "miR-" + 10**5 * "9",
        "miR-21" + 99 * " " + "x",
    ],
)
def test_an_unknown_name_has_no_candidates_and_is_refused(written):
    assert candidates(written) == []
    with pytest.raises(UnknownName, match="unknown miRNA name"):
        resolve(written)


def test_an_unknown_name_comes_with_the_nearest():
    with pytest.raises(UnknownName, match=r"'miR-99999'\. Nearest: hsa-miR-\d+.*write it like 'hsa-miR-21-5p'"):
        resolve("miR-99999")
    with pytest.raises(UnknownName, match="Nearest: hsa-miR-107\\."):
        resolve("miR-107-3p")
    with pytest.raises(UnknownName) as error:
        resolve("caspase-3")
    assert "Nearest" not in str(error.value)


@pytest.mark.parametrize(("written", "last"), [("miR-128b", "10"), ("MIMAT0000277", "15")])
def test_a_withdrawn_name_says_until_when_it_was_valid(written, last):
    with pytest.raises(UnknownName, match=f"miRBase withdrew it; version {last} had it last"):
        resolve(written)


def test_every_current_name_and_accession_leads_to_itself():
    assert len(CURRENT) == 2656
    for accession, name in CURRENT.items():
        assert resolve(name).accession == resolve(name.removeprefix("hsa-").upper()).accession == resolve(accession).accession == accession
        assert resolve(name).name == resolve(accession).name == name


def test_no_old_name_leads_to_an_accession_that_never_had_it_unless_it_is_current():
    living = [row for row in MATURES if row["accession"] in CURRENT]
    current = set(CURRENT.values())
    for row in living:
        assert row["accession"] in {found.accession for found in candidates(row["name"])} or row["name"] in current


def test_withdrawn_names_lead_nowhere():
    kept = {row["name"] for row in MATURES if row["accession"] in CURRENT}
    withdrawn = {row["name"] for row in MATURES} - kept
    assert withdrawn
    assert [name for name in withdrawn if candidates(name)] == []


@given(st.text(max_size=80) | st.from_regex(r"(hsa-)?(miR|let)-?[0-9]{1,3}[a-c]?(-[1-3])?(-[35]p)?\*?", fullmatch=True))
def test_candidates_never_fail_and_agree_with_resolve(text):
    found = candidates(text)
    assert len({miRNA.accession for miRNA in found}) == len(found)
    assert all(CURRENT[miRNA.accession] == miRNA.name and miRNA.status for miRNA in found)
    if len(found) == 1:
        assert resolve(text) == found[0]
    else:
        with pytest.raises(UnknownName, match="ambiguous" if found else "unknown"):
            resolve(text)


def test_every_miRNA_of_the_shipped_claims_is_known_but_those_of_the_mouse():
    assert len(claimed()) > 30
    assert {name for name in claimed() if not candidates(name)} == NOT_HUMAN


def test_the_table_is_small_and_its_precursors_exist():
    assert TABLE.stat().st_size < 500_000
    precursors = {row["accession"] for row in ROWS if row["kind"] == "precursor" and row["last_version"] == "22"}
    assert {row["kind"] for row in ROWS} == {"mature", "precursor"}
    assert all(set(row["precursors"].split(";")) <= precursors for row in MATURES if row["accession"] in CURRENT)
