"""Own records: added whole or not at all, under ids of their own, and used like the shipped ones."""

import pytest
from tables import write_rows

from vesicle import api
from vesicle.errors import InputError, SchemaError, UnknownName
from vesicle.evidence import matching, shipped
from vesicle.evidence.claim import COLUMNS, REFERENCE_COLUMNS
from vesicle.evidence.library import RECORDS
from vesicle.evidence.measurement import COLUMNS as MEASUREMENT_COLUMNS
from vesicle.evidence.own import current

CLAIM = {
    "source": "Nobody 2030", "locator": "Fig. 2", "quote": "zorgly vesicles of stem cells slow the tumour", "as_written": "Zorgly vesicles slow tumour growth.",
    "donor": "mesenchymal stem cell", "cargo": "miR-21", "recipient": "malignant cell", "targets": "PTEN:-", "phenotypes": "tumor_growth:-", "setting": "in_vivo",
    "mismatch_kind": "none", "checked_how": "full text", "system": "D1",
}  # fmt: skip
MEASUREMENT = {
    "id": "U-0001", "quantity": "zorgly_rate", "value": "2", "unit": "1/h", "distribution": "lognormal", "reference": "Nobody2030", "status": "found",
    "level": "uncertainty", "role": "input",
}  # fmt: skip
REFERENCE = {"key": "Nobody2030", "citation": "Nobody A. A title. 2030.", "checked_how": "not_checked"}


def put(folder, columns, *records):
    """Import a table of own records."""
    return api.import_evidence("claims", write_rows(folder / "mine.tsv", columns, *(tuple(record.get(column, "") for column in columns) for record in records)))


def claims(*changes):
    """Claims U-0001, U-0002 ... that differ from the plain one as given."""
    return [{**CLAIM, "id": f"U-{number:04d}", **change} for number, change in enumerate(changes, start=1)]


def own_ids():
    return [claim.id for claim in current().claims[len(shipped().claims) :]]


def test_without_own_records_the_library_is_the_shipped_one(home):
    assert current() is shipped()


def test_added_claims_are_numbered_on(home):
    assert [api.add_claim(CLAIM)["id"] for _ in range(2)] == ["U-0001", "U-0002"]
    assert own_ids() == ["U-0001", "U-0002"]


def test_next_id_is_above_the_largest(home):
    api.add_claim({**CLAIM, "id": "U-0041"})
    assert api.add_claim(CLAIM)["id"] == "U-0042"


@pytest.mark.parametrize(
    ("change", "problem", "says"),
    [
        ({"quote": ""}, SchemaError, "column 'quote' is empty"),
        ({"targets": "PTEN"}, SchemaError, "is no signed list"),
        ({"setting": "in_vito"}, UnknownName, "Did you mean 'in_vitro'"),
        ({"recipiant": "HUVEC"}, UnknownName, "Did you mean 'recipient'"),
        ({"note": "one\ttwo"}, SchemaError, "without tabs"),
        ({"note": "=1+1"}, SchemaError, "formula"),
    ],
)
def test_claim_that_does_not_hold_is_refused_and_nothing_is_added(home, change, problem, says):
    with pytest.raises(problem, match=says):
        api.add_claim({**CLAIM, **change})
    assert current() is shipped()


def test_table_of_claims_is_added_whole(home, tmp_path):
    found = put(tmp_path, COLUMNS, *claims({}, {"cargo": "miR-9"}))
    assert (found["kind"], found["added"], found["already_there"]) == ("claims", 2, 0)
    assert own_ids() == ["U-0001", "U-0002"]


def test_table_with_one_bad_row_adds_nothing(home, tmp_path):
    with pytest.raises(SchemaError, match=r"^mine\.tsv:3: .*column 'quote' is empty"):
        put(tmp_path, COLUMNS, *claims({}, {"quote": ""}))
    assert current() is shipped()


def test_same_rows_twice_add_nothing(home, tmp_path):
    put(tmp_path, COLUMNS, *claims({}, {}))
    before = current()
    again = put(tmp_path, COLUMNS, *claims({}, {}, {}))
    assert (again["added"], again["already_there"]) == (1, 2)
    assert current().claims[:-1] == before.claims


def test_same_id_with_another_content_is_refused(home, tmp_path):
    put(tmp_path, COLUMNS, *claims({}))
    with pytest.raises(SchemaError, match="the id 'U-0001' stands for another record of yours"):
        put(tmp_path, COLUMNS, *claims({"cargo": "miR-9"}, {}))
    assert [claim.cargo for claim in current().claims[len(shipped().claims) :]] == ["miR-21"]


@pytest.mark.parametrize(
    ("columns", "record", "name"),
    [
        (COLUMNS, {**CLAIM, "id": "C-0001"}, "C-0001"),
        (COLUMNS, {**CLAIM, "id": "C-9999"}, "C-9999"),
        (COLUMNS, {**CLAIM, "id": "E-0001"}, "E-0001"),
        (MEASUREMENT_COLUMNS, {**MEASUREMENT, "id": "M-0001"}, "M-0001"),
        (REFERENCE_COLUMNS, {**REFERENCE, "key": "nafar2022"}, "nafar2022"),
    ],
)
def test_id_of_the_shipped_records_is_refused(home, tmp_path, columns, record, name):
    with pytest.raises(SchemaError, match=f"the id '{name}' belongs to the shipped records"):
        put(tmp_path, columns, record)
    assert current() is shipped()


def test_shipped_table_cannot_be_imported_as_ones_own(home):
    with pytest.raises(InputError, match="belongs to the shipped records"):
        api.import_evidence("claims", RECORDS / "claims.tsv")


@pytest.mark.parametrize(
    "face",
    [
        pytest.param(lambda: [row["id"] for row in api.search_evidence("zorgly")], id="search"),
        pytest.param(lambda: [row["id"] for row in api.search_evidence("", fields={"source": "Nobody 2030"})], id="search by field"),
        pytest.param(lambda: [api.show_evidence("U-0001")["id"]], id="show"),
        pytest.param(lambda: [name for found in api.evidence_conflicts("tumour growth") for side in found["sides"].values() for name in side["claims"]], id="conflicts"),
        *(pytest.param(lambda name=name: api.export_evidence(name), id=name) for name in ("tsv", "jsonl", "indra", "cx2", "graphml")),
    ],
)
def test_own_claim_is_found(home, face):
    api.add_claim(CLAIM)
    assert "U-0001" in face()


def test_own_measurement_answers(home, tmp_path):
    put(tmp_path, MEASUREMENT_COLUMNS, MEASUREMENT)
    assert [record.id for record in matching.match(current(), "zorgly_rate", {}).records] == ["U-0001"]


def test_own_measurement_that_fits_better_goes_before_the_shipped(home, tmp_path):
    context = {"product": "exosome", "species": "zebrafish"}
    assert "U-0001" not in {record.id for record in matching.match(current(), "ev_diameter", context).records}
    put(tmp_path, MEASUREMENT_COLUMNS, {**MEASUREMENT, **context, "quantity": "ev_diameter", "unit": "nm"})
    assert [record.id for record in matching.match(current(), "ev_diameter", context).records] == ["U-0001"]


def test_own_claim_shows_the_own_work_that_it_cites(home, tmp_path):
    put(tmp_path, REFERENCE_COLUMNS, REFERENCE)
    api.add_claim({**CLAIM, "reference": "Nobody2030"})
    assert api.show_evidence("U-0001")["cited"][0].startswith("Nobody2030: Nobody A. A title. 2030.")


@pytest.mark.parametrize(("columns", "record"), [(COLUMNS, {**CLAIM, "id": "U-0001"}), (MEASUREMENT_COLUMNS, MEASUREMENT), (REFERENCE_COLUMNS, REFERENCE)])
def test_own_record_changes_the_content_hash(home, tmp_path, columns, record):
    put(tmp_path, columns, record)
    assert current().content != shipped().content


def test_own_records_have_no_release(home, tmp_path):
    path = write_rows(tmp_path / "mine.tsv", COLUMNS)
    with pytest.raises(InputError, match="own records have no release"):
        api.import_evidence("claims", path, "v1")
